/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse.h - parses addresses in plain C, in either byte order.
 */
#ifndef SIMDINET_SCALAR_PARSE_H
#define SIMDINET_SCALAR_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/kernel.h"

/* The eight bytes at p as a number whose most significant byte is the first: compilers turn this
 * into one load, and a byte swap where needed. */
static inline uint64_t load_be64(const void *p) {
    const uint8_t *b = p;
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
           (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
           (uint64_t)b[6] << 8 | (uint64_t)b[7];
}

static inline uint32_t load_be32(const void *p) {
    const uint8_t *b = p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

/* The high bit of every byte that is not a decimal digit, of text XOR '0': digits are then 0 to 9,
 * all other bytes above. */
static inline uint64_t nondigits(uint64_t x) {
    /* mutant survives: callers drop the lowest bit of a byte */
    const uint64_t high = 0x8080808080808080u;
    return (((x & ~high) + 0x7676767676767676u) | x) & high;
}

/* The number of zero bits above the highest set bit of x, which is not 0. */
static inline unsigned leading_zeros(uint64_t x) {
    return (unsigned)__builtin_clzll(x);
}

/* The number of zero bits below the lowest set bit of x, which is not 0. */
static inline unsigned trailing_zeros(uint64_t x) {
    return (unsigned)__builtin_ctzll(x);
}

/* Bit i for the top bit of byte i, the first byte being the most significant one. */
static inline uint64_t gather_top_bits(uint64_t marks) {
    return (marks >> 7 & 0x0101010101010101u) * 0x8040201008040201u >> 56;
}

/* The octet of width digits that ends in the lowest byte of word; see below. */
static inline uint32_t octet_word(uint64_t word, unsigned width, uint32_t *wrong) {
    /* mutant survives: no octet of that many digits is between */
    static const uint32_t least[4] = {1, 0, 0x000100, 0x010000};
    /* mutant survives: the bit of a dot is 0, a digit needs four */
    uint32_t octet = (uint32_t)word & (((uint32_t)1 << 8 * width) - 1);
    *wrong |= octet - least[width] > 0x20505u - least[width];
    return octet;
}

static inline uint8_t octet_value(uint32_t word) {
    return (uint8_t)(100 * (word >> 16) + 10 * (word >> 8 & 15) + (word & 15));
}

/*
 * Checks and converts without a branch on the number of digits of an octet: such branches
 * mispredict on real addresses, and cost more than all the arithmetic here.
 *
 * The first eight bytes hold the first two octets, the last eight the other two. An octet's digits,
 * moved to the bottom of a word, read 0x00hhttoo: the hundreds, tens and ones in a byte each, and
 * such words compare as the octets do. So one unsigned comparison against the least word of that
 * width, the other end being 255, rejects leading zeros and values out of range. An empty octet is
 * below its least word, and rejected, too.
 */
static inline bool parse_ipv4_scalar(const char *text, size_t len, uint8_t *out) {
    const uint64_t zeros = 0x3030303030303030u;
    const uint64_t dot = '.' ^ '0';
    uint64_t front, back;
    unsigned skipped = (unsigned)len - 8; /* the bytes before back; -1 for the shortest text */
    /* mutant survives: a longer text has an octet of four digits */
    if (len - 7 > 8)
        return false;
    if (len >= 8) {
        front = load_be64(text) ^ zeros;
        back = load_be64(text + len - 8) ^ zeros;
    } else {
        back = ((uint64_t)load_be32(text) << 24 | load_be32(text + 3)) ^ zeros >> 8;
        front = back << 8;
    }
    /* The digits end at the dots and at len; back of the shortest text begins before the text. */
    uint64_t ends = gather_top_bits(nondigits(front)) | (uint64_t)1 << len;
    /* cppcheck-suppress shiftTooManyBits ; skipped + 1 is 0 for a length of 7 */
    ends |= gather_top_bits(nondigits(back)) << (skipped + 1) >> 1;
    unsigned first = trailing_zeros(ends);
    ends &= ends - 1;
    /* mutant survives: undefined for 0 only: a sanitizer detects it */
    unsigned second = trailing_zeros(ends | (uint64_t)1 << 63);
    /* mutant survives: the bit cleared is never the lowest */
    ends &= ends - 1;
    /* mutant survives: undefined for 0 only: a sanitizer detects it */
    unsigned third = trailing_zeros(ends | (uint64_t)1 << 63);
    /* mutant survives: the bit cleared is never the lowest */
    ends &= ends - 1;
    if (ends != (uint64_t)1 << len || first > 3 || second - first > 4 || third - second > 4 ||
        len - third > 4)
        return false;

    uint32_t wrong = 0;
    unsigned from_end = (unsigned)len - third;
    uint32_t a = octet_word(front >> 1 >> (63 - 8 * first), first, &wrong);
    uint32_t b = octet_word(front >> (64 - 8 * second), second - first - 1, &wrong);
    uint32_t c = octet_word(back >> 8 * from_end, third - second - 1, &wrong);
    uint32_t d = octet_word(back, from_end - 1, &wrong);
    uint64_t delimiters = (front >> (56 - 8 * first) ^ dot) | (front >> (56 - 8 * second) ^ dot) |
                          (back >> 8 * (from_end - 1) ^ dot);
    if (wrong | (delimiters & 0xff))
        return false;
    out[0] = octet_value(a);
    out[1] = octet_value(b);
    out[2] = octet_value(c);
    out[3] = octet_value(d);
    return true;
}

/* ---- IPv6 ------------------------------------------------------------------------------------ */

/*
 * Classifies eight bytes: returns a bit for each colon, and sets a top bit in others for each byte
 * that is neither a colon nor a hexadecimal digit. Each sum carries a byte out of range into its
 * top bit.
 */
static inline uint64_t classify_hex(uint64_t text, uint64_t *others) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t ascii = text & 0x7f * ones;
    uint64_t letter = (ascii | 0x20 * ones) ^ 0x60 * ones; /* 'a' to 'f' are 1 to 6 */
    uint64_t not_letter = (letter + 0x79 * ones) | ~(letter + 0x7f * ones);
    uint64_t not_colon = (ascii ^ 0x3a * ones) + 0x7f * ones;
    /* mutant survives: XOR with 1 maps digits to digits */
    uint64_t not_digit = nondigits(ascii ^ 0x30 * ones);
    *others |= ((not_digit & not_letter & not_colon) | text) & 0x80 * ones;
    return gather_top_bits(~not_colon & ~text);
}

static inline unsigned count_bits_scalar(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555u;
    /* mutant survives: no field ends at the topmost bits */
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    /* mutant survives: no field ends at the topmost bits */
    return (unsigned)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
}

/*
 * Converts [0, len) of a text of digits and colons with at least 4 readable bytes. fields has a bit
 * for the end of each field, each colon and len; of a "::" at either end, the bit that bounds no
 * group is cleared, so that "::" is always exactly one empty field.
 */
static inline bool parse_ipv6_fields(const char *text, uint64_t colons, size_t len, uint8_t *out) {
    /* mutant survives: fields of five digits are rejected */
    static const uint32_t masks[8] = {0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0, 0, 0};
    const uint64_t end = (uint64_t)1 << len;
    const uint64_t doubles = colons & colons >> 1; /* the first colon of "::" */
    const uint64_t first = 1, last = end >> 1;
    const uint64_t bounds = colons & (first | last);
    if ((doubles & (doubles - 1)) | (bounds & ~(doubles | doubles << 1)))
        return false;
    uint64_t fields = (colons | end) & ~(doubles & first) & ~((doubles & last >> 1) << 2);
    size_t begin = (size_t)(doubles & first);
    const unsigned count = count_bits_scalar(fields);
    if ((count > 8) | ((doubles == 0) & (count != 8)))
        return false;

    /* Groups before the "::" keep their index; after it, field count - k is group 8 - k. */
    /* mutant survives: the first group is always written */
    uint8_t groups[2 * 9] = {0};
    unsigned index = 0;
    size_t too_long = 0;
    /* mutant survives: no field ends at the first byte */
    for (; fields; fields &= fields - 1) {
        const size_t stop = trailing_zeros(fields);
        const size_t width = stop - begin;
        uint32_t word =
            stop < 4 ? load_be32(text) >> 1 >> (31 - 8 * stop) : load_be32(text + stop - 4);
        word = (word & 0x0f0f0f0f) + 9 * (word >> 6 & 0x01010101);
        word &= masks[width & 7];
        word = (word | word >> 4) & 0x00ff00ff;
        groups[2 * index] = (uint8_t)(word >> 16);
        groups[2 * index + 1] = (uint8_t)word;
        too_long |= width > 4;
        index += width == 0 ? 9 - count : 1;
        begin = stop + 1;
    }
    if (too_long)
        return false;
    memcpy(out, groups, 16);
    return true;
}

/* Parses the embedded IPv4 address (RFC 4291 2.2.3) by itself. Its first three bytes count as two
 * groups, as if the second byte were a colon. */
static bool parse_ipv6_embedded_scalar(const char *text, size_t len, uint64_t colons,
                                       uint8_t *out) {
    uint8_t address[16], ipv4[4];
    /* mutant survives: undefined for 0 only: a sanitizer detects it */
    if (colons == 0)
        return false;
    const size_t start = 64 - leading_zeros(colons);
    if (!parse_ipv4_scalar(text + start, len - start, ipv4))
        return false;
    /* mutant survives: the next byte is a digit */
    for (size_t i = 0; i < start; i++) {
        uint64_t others = 0;
        classify_hex((uint64_t)(uint8_t)text[i] << 56 | 0x30303030303030, &others);
        if (others)
            return false;
    }
    /* mutant survives: the value of the placeholder is unused */
    if (!parse_ipv6_fields(text, colons | (uint64_t)2 << start, start + 3, address))
        return false;
    memcpy(out, address, 12);
    memcpy(out + 12, ipv4, 4);
    return true;
}

/*
 * Finds the colons eight bytes at a time, and splits the text at them. No branch depends on the
 * number of digits of a group: such branches make parsers that go digit by digit slow on real
 * addresses.
 */
static inline bool parse_ipv6_scalar(const char *text, size_t len, uint8_t *out) {
    char window[8];
    uint64_t others = 0, colons = 0;
    if (len < 2 || len > SIMDINET_MAX_IPV6_TEXT)
        return false;
    /* mutant survives: eight bytes can be read from either */
    if (len < 8) {
        /* mutant survives: any digit may follow the text */
        memset(window, '0', sizeof window);
        memcpy(window, text, len);
        text = window;
        colons = classify_hex(load_be64(window), &others);
    } else {
        /* mutant survives: bytes are tested twice */
        for (size_t i = 0; i + 8 < len; i += 8)
            colons |= classify_hex(load_be64(text + i), &others) << i;
        colons |= classify_hex(load_be64(text + len - 8), &others) << (len - 8);
    }
    if (others)
        return parse_ipv6_embedded_scalar(text, len, colons, out);
    return parse_ipv6_fields(text, colons, len, out);
}

#endif
