/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_tables.h - the tables of the vector parsers. parse_tables.py generates parse_tables.c, and
 * all implementations share them.
 *
 * Every shuffle index is one that gives a zero byte with its top bit set (PSHUFB, TBL).
 */
#ifndef SIMDINET_PARSE_TABLES_H
#define SIMDINET_PARSE_TABLES_H

#include <stdint.h>

#if defined(SIMDINET_ONE_FILE)
/* In the amalgamation a compiler propagates the values of a definition, unless it may be
 * replaced. */
#    define HIDDEN __attribute__((visibility("hidden"), weak))
#else
#    define HIDDEN __attribute__((visibility("hidden")))
#endif

/*
 * One of the 81 ways to cut an IPv4 text into four octets of one to three digits, on a cache line
 * of its own. The text has been XORed with '0'. The shuffle gives each octet a 32-bit lane: ones,
 * tens, hundreds, and on top the delimiter after it. So reversed, octets compare as their digits
 * do: a lane of three digits is valid from 0x10000 ("001" reversed is 100) to 0x20505 (255), and
 * the lower bound rejects a leading zero. A lane is valid if lane - low, as a signed number, is not
 * greater than range: both have the bias of 2^31 that turns an unsigned compare into a signed one.
 */
typedef struct ipv4_layout {
    _Alignas(64) uint8_t shuffle[16];
    int32_t low[4];
    int32_t range[4];
    uint32_t key;
    uint32_t length; /* of the text; 0 in an unused slot */
} ipv4_layout;

/*
 * The constants of the conversion. They are defined in another file than the code, because gcc 12
 * would otherwise rebuild each of them in every call with MOV and VPBROADCAST.
 */
typedef struct ipv4_constants {
    _Alignas(16) uint8_t zero[16]; /* '0' */
    uint8_t carry[16];             /* carries a byte over 9 into its top bit */
    uint8_t weights[16];           /* 1, 10, 100, and nothing for the delimiter */
    uint16_t ones[8];
    uint8_t pack[16]; /* the first byte of each lane */
} ipv4_constants;

HIDDEN extern const ipv4_constants simdinet_ipv4_constants;

/* The first sixteen bytes of the text; the key has a bit for each '.' and for the terminator. */
#define WHOLE_MULTIPLIER 0xd6af10d1u
HIDDEN extern const ipv4_layout simdinet_ipv4_whole[256];

/*
 * The first eight bytes of the text and then its last eight, which overlap (length 8 to 15); the
 * key has a bit for each '.' among the sixteen. No two layouts share a key, but a key does
 * not determine the length, which must be compared, too.
 */
#define SPLIT_MULTIPLIER 0x5b57f813u
HIDDEN extern const ipv4_layout simdinet_ipv4_split[256];

/*
 * The same texts for columns, 64 entries for each length. The bytes of a lane are checked one by
 * one: byte - low must not be above range. No text of an entry's length passes that has another
 * layout, so neither its key nor its length is compared; only an octet from 256 to 299 passes.
 */
typedef struct ipv4_fields {
    _Alignas(64) uint8_t shuffle[16];
    uint8_t low[16];
    uint8_t range[16];
} ipv4_fields;

#define COLUMN_MULTIPLIER 0xa42398dfu
HIDDEN extern const ipv4_fields simdinet_ipv4_column[512];

/* ORed with any slot of a length, an entry that rejects every text. */
#define IPV4_NO_SLOT 63u

/* The lengths of the values that a kernel loads as a window of so many bytes. */
typedef struct value_window {
    _Alignas(32) uint32_t least[8];
    uint32_t range[8]; /* the greatest length less the least */
    uint32_t last[8];  /* the last position of a window in a page */
} value_window;

/* The constants of the checks of the lengths of a block. */
typedef struct block_lengths {
    value_window ipv4_halves;   /* two loads of eight bytes, in any page */
    value_window ipv4;          /* 16 bytes: AVX-512 */
    value_window ipv6;          /* 48 bytes */
    value_window ipv6_register; /* 64 bytes: AVX-512 */
    uint32_t no_slot[8];        /* IPV4_NO_SLOT */
    uint32_t page_mask[8];
    uint32_t bit[8]; /* 1, 2, 4, ... */
} block_lengths;

HIDDEN extern const block_lengths simdinet_block_lengths;

/*
 * The layout of an address in a text, which is loaded from three bytes before its first dot. The
 * key is SCAN_MULTIPLIER times a mask of the non-digits up to the byte after the address; of the
 * three bytes before the first dot, those that belong to another number or word make no difference.
 * Every octet has the same range, because the key says which bytes are digits. head is that of a
 * simdinet_candidate without flags.
 */
typedef struct scan_layout {
    _Alignas(64) uint8_t shuffle[16];
    int32_t low[4];
    uint32_t key;
    uint32_t head;
} scan_layout;

#define SCAN_MULTIPLIER 0x3ff5a765u
HIDDEN extern const scan_layout simdinet_scan_layouts[256];

/*
 * Three tokens of an IPv6 text, each of 0 to 4 digits and ended by a delimiter: right-aligned in a
 * 32-bit lane each, the fourth lane undefined. The key has a bit for each of the three delimiters,
 * bit i + 1 for the one at byte i.
 */
typedef struct ipv6_tokens {
    _Alignas(16) uint8_t index[12];
    uint32_t key;
} ipv6_tokens;

#define TOKEN_MULTIPLIER 0xd2ca3542u
HIDDEN extern const ipv6_tokens simdinet_ipv6_tokens[512];

/*
 * From eight 16-bit tokens in the order 0, 1, 2, 6, 3, 4, 5, 7 to an address: entry [head][count]
 * is for a text of count groups, head of them before the "::" (count + 1 if there is none).
 *
 * A valid text has exactly this number of colons: one between two groups, two at the "::". Any
 * other colon, of a second "::" or a single one at the start or the end, makes one too many.
 */
typedef struct ipv6_order {
    _Alignas(16) uint8_t index[16];
    uint8_t colons; /* 255 in an entry that no address has */
} ipv6_order;

HIDDEN extern const ipv6_order simdinet_ipv6_order[10][9];

/* The constants of the conversion of hexadecimal digits that have been XORed with '0'. */
typedef struct ipv6_hex {
    _Alignas(32) uint8_t colon[32];
    uint8_t fold[32];         /* what makes letters upper case */
    uint8_t letter[32];       /* minus 'A' */
    uint8_t last_decimal[32]; /* 9 */
    uint8_t last_letter[32];  /* 'F' - 'A' */
    uint8_t ten[32];
    uint8_t join[32]; /* 16, 1 */
} ipv6_hex;

HIDDEN extern const ipv6_hex simdinet_ipv6_hex;

/*
 * For a kernel with the positions of the colons: entry [head][colons] is for a text of this number
 * of colons, head of them before the "::". For each of the four digits of each group it has the
 * colon that ends the group and the colon before it, counted from 0 (colon 31: the position -1).
 * Digit k, 0 to 3, of a group is 4 - k bytes before its end; that position minus the position of
 * the colon before, as an unsigned byte, must not be above range. For digit 2 it is the group's
 * width less one, so 3 admits the widths 1 to 4; for digit 3 it is the width, which may be 0 next
 * to the "::", where the text may begin or end; 255 is no limit.
 */
typedef struct ipv6_spread {
    _Alignas(64) uint8_t end[32];
    uint8_t begin[32];
    uint8_t range[32];
} ipv6_spread;

HIDDEN extern const ipv6_spread simdinet_ipv6_spread[9][9];

typedef struct ipv6_constants {
    _Alignas(64) uint8_t values[128]; /* of a hexadecimal digit; 0 of ':', 0x80 of all else */
    uint8_t positions[64];            /* 0, 1, 2, ... */
    uint8_t colon[64];                /* ':' */
    uint8_t zero[64];                 /* '0' */
    uint8_t back[32];                 /* 4, 3, 2, 1: from the end of a group to its digits */
    uint8_t join[32];                 /* 16, 1 */
    uint8_t even[32];                 /* 0, 2, 4, ... */
} ipv6_constants;

HIDDEN extern const ipv6_constants simdinet_ipv6_constants;

#endif
