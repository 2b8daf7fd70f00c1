/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_sides.h - what stands on both sides of a run of hexadecimal digits and colons, where one byte of it
 * does not tell: control sequences, keys, and ports after a dot.
 */
#ifndef SIMDINET_SCAN_SIDES_H
#define SIMDINET_SCAN_SIDES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "impl.h"
#include "kernels/kernel.h"
#include "kernels/tables/scan_tables.h"
#include "scan_run.h"

REQUIRES uint32_t IMPL(find_set)(const char *text, const scan_set *set);

/*
 * Whether a run after ";" or "?" may be in a control sequence (rule 1): "[" stands before the parameters,
 * which are of CLASS_CSI, and ESC before it. 42 bytes before the run are readable.
 */
static inline bool IMPL(may_be_in_sequence)(const char *start) {
    const scan_set *set = &simdinet_scan_constants.parameter;
    const uint64_t near = IMPL(find_set)(start - 16, set), far = IMPL(find_set)(start - 32, set);
    const uint64_t rest = IMPL(find_set)(start - 42, set) & 0x3ff;
    const uint64_t others = ~(near << 26 | far << 10 | rest) & ((UINT64_C(1) << 42) - 1);
    if (others == 0)
        return false; /* it has too many parameters */
    return opens_sequence(start - 42 + highest_one(others));
}

/*
 * How many bytes of a run belong to a key before an address (rule 10), and its colon, as in
 * "ip6:2001:db8::1"; 0 where there is none, or more is to be looked at. The run has one or two digits of
 * the key, or none. A word stands before it; what follows it is plain; 16 bytes before it are readable.
 */
static inline unsigned IMPL(width_of_key)(const char *start, uint64_t colons, size_t length) {
    const unsigned width = (unsigned)__builtin_ctzll(colons | UINT64_C(1) << 63);
    const uint32_t others = ~IMPL(find_set)(start - 16, &simdinet_scan_constants.word) & 0xffff;
    const unsigned word = (unsigned)__builtin_clz(others << 16 | 0x8000);
    const char *const edge = start - word - 1;
    /* What may be a part of an escape before the key, and what speaks against it. */
    const bool odd = ((class_of(edge) & (CLASS_ODD_BEFORE_WORD | CLASS_DOT)) != 0) |
                     (*edge == '>') | (*edge == '*');
    const bool key = (word > 0) & (word < 16) & (word + width >= 2) & (width <= 2) & !odd;
    const bool single = (colons >> width & 3) == 1;
    return (key & single & (length > width + 3) & !may_be_escaped(start)) * (width + 1);
}

/*
 * Whether rule 9 may find a port in the numbers, or the word, from the dot after a run on: " > " stands on
 * one side, the number has three digits or more, or the run has a group of as many.
 */
static inline bool IMPL(may_have_port)(const char *start, const char *dot, uint64_t colons) {
    const bool digit = is_decimal(dot + 1);
    const scan_set *set =
        digit ? &simdinet_scan_constants.dotted : &simdinet_scan_constants.service;
    const uint32_t found = IMPL(find_set)(dot + 1, set);
    const unsigned width = (unsigned)__builtin_ctz(~found);
    const uint32_t decimal =
        IMPL(find_set)(dot + 1, &simdinet_scan_constants.decimal) & ((UINT32_C(1) << width) - 1);
    const bool wide = digit & (((decimal & decimal >> 1 & decimal >> 2) != 0) |
                               has_three_digits(colons, (size_t)(dot - start)));
    const bool before = is_arrow(start - 3), after = is_arrow(dot + 1 + width);
    return before | after | wide | (width == 16);
}

#endif
