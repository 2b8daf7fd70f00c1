/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_tables.h - the constant tables behind the kernels that turn addresses into text.
 *
 * lib/kernels/tables/format_tables.py writes them. Every row file shares the one copy.
 */
#ifndef SIMDINET_FORMAT_TABLES_H
#define SIMDINET_FORMAT_TABLES_H

#include <stdint.h>

/* One cache line, so that no row of a table lies across two; weak as those of parse_tables.h. */
#if defined(SIMDINET_ONE_FILE)
#    define SIMDINET_FORMAT_TABLE extern __attribute__((visibility("hidden"), aligned(64), weak))
#else
#    define SIMDINET_FORMAT_TABLE extern __attribute__((visibility("hidden"), aligned(64)))
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
 * For each set of zero groups (bits 0 to 7, and bit 8: group 5 is ffff), what becomes of the eight
 * groups: 0 the group is written, 1 it is a lone colon of the gap, 2 it is inside the gap and
 * leaves nothing. Subtracted from SIMDINET_FORMAT_LOW this names the piece of a zero group.
 * DOTTED stands for groups 6 and 7 where they are written as octets.
 */
#define SIMDINET_FORMAT_DOTTED 3
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_gap_codes[512][8];

/*
 * One shuffle for each set of decisions of an IPv4 address (bit 2i: octet i is 10 or more, bit
 * 2i + 1: 100 or more). It takes 32-bit lanes of ones, tens, hundreds and dot. Its low half gives
 * the first 8 bytes of the text with its NUL, its high half the last 8, so that two stores of
 * 8 bytes write every length from 8 to 16 exactly.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_octet_shuffles[256][16];

/*
 * The same for many addresses: the text begins the register, and what stands in the fourth lane
 * where the others have their dots follows it instead of a NUL: 8 to 16 bytes.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_octet_heads[256][16];

/*
 * One shuffle for each way in which two neighbouring groups are written. It takes their eight
 * digits in the order 0 2 4 6 1 3 5 7 (the high halves of four bytes, then the low halves) and, at
 * 8 and 9, the separators behind the first and the second group. The bits of the index stand for
 * the digits in that same order: 1 where a digit is not zero, and always 1 for the last digit of a
 * group that is written. Where that one is 0, the bit of the group's first digit says that the
 * separator is written alone, and otherwise the group leaves nothing. The bytes behind the text
 * become 0.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_pair_shuffles[256][16];
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_pair_lengths[256];

/*
 * Shuffles that put the same texts at the end of a register and zeros before them: rows 0 to 255
 * for two groups (row 0 is empty), rows 256 to 511 for the four octets of an IPv4 address.
 */
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_tails[512][16];

/*
 * 16 of these bytes, read n before (after) the middle, shuffle a text n bytes to the right (left);
 * what is moved in is 0. The last byte of a register always becomes 0: it never holds more than a
 * NUL. Reads that begin 16 before the middle to 32 after it touch one cache line only.
 */
#define SIMDINET_FORMAT_WINDOWS_MIDDLE 80
SIMDINET_FORMAT_TABLE const uint8_t simdinet_format_windows[128];

/*
 * For each set of zero groups (bits 0 to 7, and bit 8: group 5 is ffff), four indices as above: the
 * bits of the groups that are written, and the bits that stand for lone separators. Groups 6 and 7
 * leave nothing where the text ends as an IPv4 address, and only there.
 */
typedef struct simdinet_format_run {
    uint16_t groups[2];
    uint16_t separators[2];
} simdinet_format_run;

SIMDINET_FORMAT_TABLE const simdinet_format_run simdinet_format_runs[512];

/*
 * The 64 places of the AVX-512 kernel: eight groups of four nibbles and a colon, then four octets
 * of three digits and a dot, then eight that are never used.
 */
typedef struct simdinet_format_wide_places {
    uint8_t source[64];     /* address bytes for the eight places of each 64-bit word */
    uint8_t shift[64];      /* where in that word the value of a place begins */
    uint8_t value[64];      /* which of its bits count */
    uint8_t constant[64];   /* index of the separators among the characters */
    uint8_t threshold[64];  /* the value from which a place is written, zero run aside */
    uint8_t digit[64];      /* where an octet's digits come from */
    uint8_t hole[64];       /* 0 where they go */
    uint8_t characters[64]; /* index to character */
} simdinet_format_wide_places;

SIMDINET_FORMAT_TABLE const simdinet_format_wide_places simdinet_format_wide;

/*
 * For each set of zero groups (bits 0 to 7, and bit 8: group 5 is ffff), which of the 64 places may
 * be written: all of the groups outside the zero run, the colons of the gap, and either groups 6
 * and 7 or the octets. Place 56 may be, always; where many addresses are written it is a separator.
 */
SIMDINET_FORMAT_TABLE const uint64_t simdinet_format_wide_runs[512];

#endif
