/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar_parse.h - text to addresses in plain C, on any machine of either byte order.
 */
#ifndef SIMDINET_SCALAR_PARSE_H
#define SIMDINET_SCALAR_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* The high bit of every byte that is no decimal digit, of text that was combined with '0' by XOR:
 * digits have become 0 to 9, and everything else lies above. */
static inline uint64_t nondigits(uint64_t x) {
    const uint64_t high = 0x8080808080808080u;
    return (((x & ~high) + 0x7676767676767676u) | x) & high;
}

/* The number of zero bits above the highest set bit of x, which is not 0. */
static inline unsigned leading_zeros(uint64_t x) {
#if defined(__GNUC__)
    return (unsigned)__builtin_clzll(x);
#else
    unsigned n = 0;
    while (!(x >> 63)) {
        x <<= 1;
        n++;
    }
    return n;
#endif
}

/*
 * Decides and converts without a branch that depends on how many digits an octet has: such branches
 * mispredict on real addresses, and cost more than all the arithmetic here.
 *
 * high and low are the text as one 16-byte number, first character on top, digits as 0 to 9 and
 * everything else above. An octet's digits, moved to the bottom of a word, read 0x00hhttoo: the
 * hundreds, tens and ones in a byte each, and such words compare as the octets do. So one unsigned
 * comparison against the least word of that width, the other end being 255, refuses leading zeros
 * and values out of range.
 */
static inline bool parse_ipv4_scalar(const char *text, size_t len, uint8_t *out) {
    static const uint32_t least[5] = {0, 0, 0x000100, 0x010000, 0};
    const uint64_t zeros = 0x3030303030303030u;
    uint64_t high, low;
    if (len < 7 || len > 15)
        return false;
    if (len >= 8) {
        high = load_be64(text) ^ zeros;
        /* The last eight bytes without those that high has; the rest becomes a non-digit. */
        unsigned seen = 8 * (16 - (unsigned)len);
        low = load_be64(text + len - 8) ^ zeros;
        low = (low << (seen - 1) << 1) | (~(uint64_t)0 >> (63 - (seen - 1)));
    } else {
        high = ((uint64_t)load_be32(text) << 32 | load_be32(text + 3) << 8) ^ (zeros << 8);
        high |= 0xff;
        low = ~(uint64_t)0;
    }
    uint64_t high_marks = nondigits(high), low_marks = nondigits(low);

    uint32_t values[4];
    uint32_t bad = 0;
    unsigned used = 0;
    for (unsigned i = 0; i < 4; i++) {
        /* The bit below the fourth character ends the search for the delimiter. */
        unsigned digits = leading_zeros(high_marks | (uint64_t)1 << 31) / 8;
        uint32_t word = (uint32_t)(high >> 32 >> (8 * (4 - digits)));
        bad |= digits - 1 > 2;
        bad |= word - least[digits] > 0x20505u - least[digits];
        values[i] = word;
        unsigned delimiter = (unsigned)(high >> (56 - 8 * digits)) & 0xff;
        if (i < 3)
            bad |= delimiter ^ ('.' ^ '0');
        unsigned step = 8 * (digits + 1);
        used += step;
        high = high << step | low >> (64 - step);
        low <<= step;
        high_marks = high_marks << step | low_marks >> (64 - step);
        low_marks <<= step;
    }
    if (bad | (used ^ (unsigned)(8 * (len + 1))))
        return false;
    for (unsigned i = 0; i < 4; i++) {
        uint32_t w = values[i];
        out[i] = (uint8_t)(100 * (w >> 16) + 10 * (w >> 8 & 15) + (w & 15));
    }
    return true;
}

/* The value of a hexadecimal digit, 0x10 or more for every other byte. */
static inline unsigned hex_value(char c) {
    static const uint8_t values[256] = {
        ['0'] = 0x20, ['1'] = 0x21, ['2'] = 0x22, ['3'] = 0x23, ['4'] = 0x24, ['5'] = 0x25,
        ['6'] = 0x26, ['7'] = 0x27, ['8'] = 0x28, ['9'] = 0x29, ['a'] = 0x2a, ['b'] = 0x2b,
        ['c'] = 0x2c, ['d'] = 0x2d, ['e'] = 0x2e, ['f'] = 0x2f, ['A'] = 0x2a, ['B'] = 0x2b,
        ['C'] = 0x2c, ['D'] = 0x2d, ['E'] = 0x2e, ['F'] = 0x2f,
    };
    /* What the table leaves out reads 0, which the XOR turns into 0x20. */
    return values[(uint8_t)c] ^ 0x20u;
}

/*
 * Group by group. The gap is opened at the end: the groups that were read behind "::" move to the
 * last places.
 */
static inline bool parse_ipv6_scalar(const char *text, size_t len, uint8_t *out) {
    uint8_t bytes[16];
    unsigned groups = 0;
    unsigned gap = 9; /* how many groups stand before "::"; 9: none was seen */
    size_t i = 0;

    if (len < 2 || len > 45)
        return false;
    if (text[0] == ':') {
        if (text[1] != ':')
            return false;
        gap = 0;
        i = 2;
    }
    while (i < len) {
        size_t start = i;
        unsigned value = 0, digit;
        while (i < len && (digit = hex_value(text[i])) < 16) {
            value = value << 4 | digit;
            i++;
        }
        size_t width = i - start;
        if (i < len && text[i] == '.') {
            if (groups > 6 || !parse_ipv4_scalar(text + start, len - start, bytes + 2 * groups))
                return false;
            groups += 2;
            break;
        }
        if (width - 1 > 3 || groups == 8)
            return false;
        bytes[2 * groups] = (uint8_t)(value >> 8);
        bytes[2 * groups + 1] = (uint8_t)value;
        groups++;
        if (i == len)
            break;
        if (text[i] != ':' || ++i == len)
            return false;
        if (text[i] == ':') {
            if (gap != 9)
                return false;
            gap = groups;
            i++;
        }
    }
    if (gap == 9) {
        if (groups != 8)
            return false;
        memcpy(out, bytes, 16);
        return true;
    }
    if (groups == 8)
        return false;
    size_t head = 2 * gap, tail = 2 * (groups - gap);
    memcpy(out, bytes, head);
    memset(out + head, 0, 16 - head - tail);
    memcpy(out + 16 - tail, bytes + head, tail);
    return true;
}

#endif
