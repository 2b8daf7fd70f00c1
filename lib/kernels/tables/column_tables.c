/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * column_tables.c - see column_tables.h.
 */
#include "column_tables.h"

#define REPEAT_4(x)  x, x, x, x
#define REPEAT_16(x) REPEAT_4(x), REPEAT_4(x), REPEAT_4(x), REPEAT_4(x)
#define REPEAT_64(x) REPEAT_16(x), REPEAT_16(x), REPEAT_16(x), REPEAT_16(x)

#define FOUR_FROM(n)    (n), (n) + 1, (n) + 2, (n) + 3
#define SIXTEEN_FROM(n) FOUR_FROM(n), FOUR_FROM((n) + 4), FOUR_FROM((n) + 8), FOUR_FROM((n) + 12)
#define ALL_POSITIONS   SIXTEEN_FROM(0), SIXTEEN_FROM(16), SIXTEEN_FROM(32), SIXTEEN_FROM(48)

#define EACH_FOUR_TIMES(n) REPEAT_4(n), REPEAT_4((n) + 1), REPEAT_4((n) + 2), REPEAT_4((n) + 3)

/* Above any lane, by less than half of all numbers. */
#define NEVER 0x7fffffff

#define BACK_16    1, 2, 3, 64, 1, 2, 3, 64, 1, 2, 3, 64, 1, 2, 3, 64
#define WEIGHTS_16 1, 10, 100, 0, 1, 10, 100, 0, 1, 10, 100, 0, 1, 10, 100, 0

#define TENS     208, 218, 228, 238, 248, 2, 12, 22, 32, 42, 208, 208, 208, 208, 208, 208
#define HUNDREDS 1, 100, 200, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0

const column_constants simdinet_column_constants = {
    .positions = {ALL_POSITIONS},
    .positions_in_value = {SIXTEEN_FROM(0), SIXTEEN_FROM(0), SIXTEEN_FROM(0), SIXTEEN_FROM(0)},
    .value_of = {REPEAT_16(0), REPEAT_16(4), REPEAT_16(8), REPEAT_16(12)},
    .octet_of = {EACH_FOUR_TIMES(0), EACH_FOUR_TIMES(4), EACH_FOUR_TIMES(8), EACH_FOUR_TIMES(12)},
    .back = {BACK_16, BACK_16, BACK_16, BACK_16},
    .weights = {WEIGHTS_16, WEIGHTS_16, WEIGHTS_16, WEIGHTS_16},
    .zero = {REPEAT_64('0')},
    .nine = {REPEAT_64(9)},
    .dot = {REPEAT_64('.')},
    .least = {NEVER, NEVER, 0, 0x100, 0x10000, NEVER, NEVER, NEVER, REPEAT_4(NEVER),
              REPEAT_4(NEVER)},
    .greatest = {REPEAT_16(0x20505)},
    .before = {255, 0, 0, 0, 15, 0, 0, 0, 31, 0, 0, 0, 47, 0, 0, 0},
    .previous = {128, 0, 1, 2, 128, 4, 5, 6, 128, 8, 9, 10, 128, 12, 13, 14},
};

const line_constants simdinet_line_constants = {
    .tens = {TENS, TENS, TENS, TENS},
    .hundreds = {HUNDREDS, HUNDREDS, HUNDREDS, HUNDREDS},
    .positions = {ALL_POSITIONS},
    .zero = {REPEAT_64('0')},
    .lf = {REPEAT_64('\n')},
    .cr = {REPEAT_64('\r')},
    .dot = {REPEAT_64('.')},
};
