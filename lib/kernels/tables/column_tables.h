/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * column_tables.h - the constants of the AVX-512 kernels for columns and lines. They are defined in
 * another file than the code, because gcc 12 would otherwise rebuild some in every turn of a loop.
 */
#ifndef SIMDINET_COLUMN_TABLES_H
#define SIMDINET_COLUMN_TABLES_H

#include <stdint.h>

#include "parse_tables.h"

/* Of avx512_parse_ipv4_block.h: four values of 16 bytes, or sixteen octets of 4. */
typedef struct column_constants {
    _Alignas(64) uint8_t positions[64];
    uint8_t positions_in_value[64];
    uint8_t value_of[64]; /* the byte that has its length */
    uint8_t octet_of[64];
    uint8_t back[64]; /* from a delimiter to the digits before it; out of reach for no digit */
    uint8_t weights[64];
    uint8_t zero[64]; /* '0' */
    uint8_t nine[64];
    uint8_t dot[64];
    uint32_t least[16];    /* lane, by the bytes from delimiter to delimiter */
    uint32_t greatest[16]; /* 255 */
    uint8_t before[16];    /* the position before the first octet of each value */
    uint8_t previous[16];  /* the delimiter before */
} column_constants;

HIDDEN extern const column_constants simdinet_column_constants;

/* Of avx512_lines.h; the first two by the low half of a character: digits, LF, CR, '.'. */
typedef struct line_constants {
    _Alignas(64) uint8_t tens[64]; /* ten times the digit, less the '0' of what is added to it */
    uint8_t hundreds[64];          /* odd: a digit that no octet of three digits begins with */
    uint8_t positions[64];
    uint8_t zero[64]; /* '0' */
    uint8_t lf[64];
    uint8_t cr[64];
    uint8_t dot[64];
} line_constants;

HIDDEN extern const line_constants simdinet_line_constants;

#endif
