/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_tables.h - what the judges of places look up and load. All of it stands in memory, in another
 * file than the code, because gcc 12 would otherwise rebuild constants within the loops.
 */
#ifndef SIMDINET_SCAN_TABLES_H
#define SIMDINET_SCAN_TABLES_H

#include <stdint.h>

#include "parse_tables.h"

/* What a byte next to an address is. */
enum {
    NEXT_WORD = 1, /* an ASCII letter, digit or _ */
    NEXT_LETTER = 2,
    NEXT_DIGIT = 4,
    NEXT_HEX = 8, /* a hexadecimal digit */
    NEXT_DOT = 16,
    NEXT_COLON = 32,
    NEXT_SLASH = 64,
    NEXT_BLANK = 128, /* a blank, a quote or a line end */
};

HIDDEN extern const uint8_t simdinet_scan_neighbours[256];

/* The bytes that classify compares with, each 64 times. */
typedef struct scan_constants {
    _Alignas(64) uint8_t dot[64];
    uint8_t colon[64];
    uint8_t zero[64];        /* '0' */
    uint8_t ten[64];         /* behind the digits, counted from zero */
    uint8_t lower[64];       /* what makes letters lower case */
    uint8_t a[64];           /* 'a' */
    uint8_t six[64];         /* behind the letters, counted from a */
    uint8_t signed_zero[64]; /* the same for signed compares: biased by 128 */
    uint8_t signed_ten[64];
    uint8_t signed_a[64];
    uint8_t signed_six[64];
    /*
     * RFC 3986's unreserved characters by the halves of a byte: a byte is one when the bit that its
     * high half has is set in what its low half has.
     */
    uint8_t unreserved_low[16];
    uint8_t unreserved_high[16];
    uint8_t half[16]; /* 15 */
    /* Makes the byte behind an IPv4 address the NUL that the layouts of whole texts want. */
    uint8_t terminator_clear[16];
    uint8_t terminator_set[16];
    uint8_t pack[16]; /* the first byte of each 32-bit lane, then zeros */
} scan_constants;

HIDDEN extern const scan_constants simdinet_scan_constants;

#endif
