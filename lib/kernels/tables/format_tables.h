/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_tables.h - the tables of the kernels that format addresses. format_tables.py generates
 * format_tables.c, and all implementations share them.
 */
#ifndef SIMDINET_FORMAT_TABLES_H
#define SIMDINET_FORMAT_TABLES_H

#include <stdint.h>

/* Aligned to cache lines, so that no entry crosses one; weak as the tables of parse_tables.h. */
#if defined(SIMDINET_ONE_FILE)
#    define SIMDINET_FORMAT_TABLE extern __attribute__((visibility("hidden"), aligned(64), weak))
#else
#    define SIMDINET_FORMAT_TABLE extern __attribute__((visibility("hidden"), aligned(64)))
#endif

/* The text of one byte of an address. */
typedef struct simdinet_format_fragment {
    char text[4];   /* up to three digits, then the separator if there is one, then NULs */
    uint8_t length; /* of the digits and the separator */
    uint8_t unused;
    char end[2]; /* the last digit and a NUL */
} simdinet_format_fragment;

/* The index of a fragment: one of these plus the value of the byte. */
enum {
    SIMDINET_FORMAT_NOTHING = 0,
    SIMDINET_FORMAT_COLON = 1,
    SIMDINET_FORMAT_LOW = 2,        /* low byte of a group whose high byte is 0: "0:" to "ff:" */
    SIMDINET_FORMAT_LOW_FULL = 258, /* any other low byte: "00:" to "ff:" */
    SIMDINET_FORMAT_HIGH = 514,     /* high byte of a group: "", "1" to "ff" */
    SIMDINET_FORMAT_OCTET = 770,    /* "0." to "255." */
    SIMDINET_FORMAT_FRAGMENTS = 770 + 256
};

SIMDINET_FORMAT_TABLE const simdinet_format_fragment
    simdinet_format_fragments[SIMDINET_FORMAT_FRAGMENTS];

/*
 * For each set of zero groups (bits 0 to 7, and bit 8: group 5 is ffff), the form of the eight
 * groups: 0 the group is written, 1 it is a single colon of the "::", 2 it is inside the "::" and
 * leaves nothing. Subtracted from SIMDINET_FORMAT_LOW this is the fragment of a zero group. DOTTED
 * marks groups 6 and 7 if they are written as octets.
 */
#define SIMDINET_FORMAT_DOTTED 3
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_zero_codes[512][8];

/*
 * One shuffle for each set of widths of an IPv4 address (bit 2i: octet i is 10 or more, bit 2i + 1:
 * 100 or more). It takes 32-bit lanes of ones, tens, hundreds and dot. Its low half has the first 8
 * bytes of the text with its NUL, its high half the last 8, so that two stores of 8 bytes write
 * every length from 8 to 16 exactly.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_octet_shuffles[256][16];

/*
 * The same for many addresses: the text is at the start of the register, and ends in the last byte
 * of the fourth lane, a separator, instead of a NUL: 8 to 16 bytes.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_octet_heads[256][16];

/*
 * One shuffle for each form of two neighbouring groups. It takes their eight digits in the order 0
 * 2 4 6 1 3 5 7 (the high halves of four bytes, then the low halves) and, at 8 and 9, the
 * separators after the first and the second group. The bits of the index are the digits in that
 * same order: 1 if a digit is not zero, and always 1 for the last digit of a group that is written.
 * If that bit is 0, the bit of the group's first digit selects a separator alone or nothing. The
 * bytes past the text become 0.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_pair_shuffles[256][16];
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_pair_lengths[256];

/*
 * Shuffles that move the same texts to the end of a register, with zeros before them: 0 to 255 for
 * two groups (0 is empty), 256 to 511 for the four octets of an IPv4 address.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_ends[512][16];

/*
 * 16 of these bytes, n before (after) the middle, shift a text by n bytes to the right (left);
 * zeros are shifted in. The last byte of a register always becomes 0: it never holds more than a
 * NUL. Loads that begin 16 before the middle to 32 after it touch one cache line only.
 */
#define SIMDINET_FORMAT_WINDOWS_MIDDLE 80
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_windows[128];

/*
 * For each set of zero groups (bits 0 to 7, and bit 8: group 5 is ffff), four indices as above: the
 * bits of the groups that are written, and the bits of separators alone. Groups 6 and 7 leave
 * nothing only if the text ends in an embedded IPv4 address.
 */
typedef struct simdinet_format_run {
    uint16_t groups[2];
    uint16_t separators[2];
} simdinet_format_run;

SIMDINET_FORMAT_TABLE const simdinet_format_run simdinet_format_runs[512];

/*
 * The 64 positions of the AVX-512 kernel: eight groups of four nibbles and a colon, then four
 * octets of three digits and a dot, then eight that are never used.
 */
typedef struct simdinet_format_wide_frame {
    uint8_t source[64];     /* address bytes for the eight positions of each 64-bit word */
    uint8_t shift[64];      /* the first bit of the value of a position in that word */
    uint8_t value[64];      /* the mask of the value */
    uint8_t constant[64];   /* index of the separators among the characters */
    uint8_t threshold[64];  /* the least value that is written, zero run aside */
    uint8_t digit[64];      /* the source of an octet's digit */
    uint8_t hole[64];       /* 0 at an octet's digits */
    uint8_t characters[64]; /* index to character */
} simdinet_format_wide_frame;

SIMDINET_FORMAT_TABLE const simdinet_format_wide_frame simdinet_format_wide;

/*
 * For each set of zero groups (bits 0 to 7, and bit 8: group 5 is ffff), the positions that may be
 * written: all of the groups outside the zero run, the colons of the "::", and either groups 6 and
 * 7 or the octets. Position 56 always may: it is the separator of many addresses.
 */
SIMDINET_FORMAT_TABLE const uint64_t simdinet_format_wide_runs[512];

#endif
