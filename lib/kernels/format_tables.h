/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_tables.h - the constant tables behind the kernels that turn addresses into text.
 *
 * tools/format_tables.py writes them. Every row file shares the one copy.
 */
#ifndef SIMDINET_FORMAT_TABLES_H
#define SIMDINET_FORMAT_TABLES_H

#include <stdint.h>

#if defined(__GNUC__)
#    define SIMDINET_FORMAT_TABLE extern __attribute__((visibility("hidden")))
#else
#    define SIMDINET_FORMAT_TABLE extern
#endif

/* What one byte of an address adds to the text. */
typedef struct simdinet_format_piece {
    char text[4];   /* up to three digits, then the separator if there is one, then NULs */
    uint8_t length; /* how many of them count */
    uint8_t unused;
    char end[2]; /* the last digit and a NUL */
} simdinet_format_piece;

/* Which piece belongs to a byte: one of these plus its value. */
enum {
    SIMDINET_FORMAT_NOTHING = 0,
    SIMDINET_FORMAT_COLON = 1,
    SIMDINET_FORMAT_LOW = 2,        /* low byte of a group whose high byte is 0: "0:" to "ff:" */
    SIMDINET_FORMAT_LOW_FULL = 258, /* any other low byte: "00:" to "ff:" */
    SIMDINET_FORMAT_HIGH = 514,     /* high byte of a group: "", "1" to "ff" */
    SIMDINET_FORMAT_OCTET = 770,    /* "0." to "255." */
    SIMDINET_FORMAT_PIECES = 770 + 256
};

SIMDINET_FORMAT_TABLE const simdinet_format_piece simdinet_format_pieces[SIMDINET_FORMAT_PIECES];

/*
 * For each set of zero groups (bit i: group i is zero), what becomes of the eight groups: 0 the
 * group is written, 1 it is a lone colon of the gap, 2 it is inside the gap and leaves nothing.
 * Subtracted from SIMDINET_FORMAT_LOW this names the piece of a zero group. Row MAPPED stands for
 * ::ffff:0:0/96, where the gap ends at group 5 whatever follows.
 */
#define SIMDINET_FORMAT_MAPPED 256
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_gap_codes[257][8];

#endif
