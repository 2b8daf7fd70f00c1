/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_tables.h - vector constants of the scan. They are loaded from memory, and defined in another
 * file than the code, because gcc 12 otherwise rebuilds constants within the loops.
 */
#ifndef SIMDINET_SCAN_TABLES_H
#define SIMDINET_SCAN_TABLES_H

#include <stdint.h>

#include "parse_tables.h"

/*
 * A set of ASCII bytes, for two 16-byte shuffles: a byte is in it when the bit that its high nibble
 * selects is set in the entry that its low nibble selects. Each set is a class of scan.h once more;
 * a test compares the two.
 */
typedef struct scan_set {
    uint8_t by_low_nibble[16];
} scan_set;

/* The bytes that classify compares with, each 64 times. */
typedef struct scan_constants {
    _Alignas(64) uint8_t dot[64];
    uint8_t colon[64];
    uint8_t zero[64];        /* '0' */
    uint8_t ten[64];         /* one past the digits, counted from zero */
    uint8_t lower[64];       /* the bit that makes letters lower case */
    uint8_t a[64];           /* 'a' */
    uint8_t six[64];         /* one past the letters, counted from a */
    uint8_t signed_zero[64]; /* the same for signed compares: biased by 128 */
    uint8_t signed_ten[64];
    uint8_t signed_a[64];
    uint8_t signed_six[64];
    scan_set unreserved;  /* CLASS_UNRESERVED */
    scan_set key_gap;     /* CLASS_KEY_GAP */
    scan_set service;     /* CLASS_LOWER, CLASS_DIGIT and "-": of a service's name */
    scan_set decimal;     /* CLASS_DIGIT */
    scan_set word;        /* CLASS_WORD */
    scan_set parentheses; /* "(", ")" and CLASS_LINE_END */
    scan_set semicolon;
    scan_set parameter; /* CLASS_CSI */
    scan_set dotted;    /* CLASS_DIGIT and "." */
    /* What may stand before and after "::" that is reported (rule 11): the last byte of an escape, too. */
    scan_set before_unspecified;
    scan_set after_unspecified;     /* or a dot */
    uint8_t bit_of_high_nibble[16]; /* of a scan_set; none for bytes that are not ASCII */
    uint8_t low_nibble[16];         /* 15 */
    /* Replace the byte after an IPv4 address by the NUL that the layouts of whole texts expect. */
    uint8_t terminator_clear[16];
    uint8_t terminator_set[16];
    uint8_t lanes[16]; /* x86/scan_lanes.h: two lanes of eight bytes, the second from byte 6 on */
    uint32_t list[16]; /* the indices of the bits of a number, a byte each, the lowest first */
    int32_t octet_range[4]; /* of a scan_layout, biased as its low is */
    uint8_t pack[16];       /* the first byte of each 32-bit lane, then zeros */
} scan_constants;

HIDDEN extern const scan_constants simdinet_scan_constants;

#endif
