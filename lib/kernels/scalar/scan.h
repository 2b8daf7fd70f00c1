/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar_scan.h - eight bytes at a time as a number, on any machine of either byte order.
 */
#ifndef SIMDINET_SCALAR_SCAN_H
#define SIMDINET_SCALAR_SCAN_H

#include "kernels/generic/impl.h"
#include "kernels/generic/scan_candidate.h"
#include "kernels/tables/scan_tables.h"
#include "parse.h"

/* A byte eight times. */
static inline uint64_t eight(uint8_t byte) {
    return byte * UINT64_C(0x0101010101010101);
}

/* The eight bytes at p as a number whose least significant byte is the first. */
static inline uint64_t load_le64(const void *p) {
    const uint8_t *b = p;
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

/* The high bits of the bytes, as the eight lowest of a number: each product is a bit of its own. */
static inline uint64_t high_bits(uint64_t x) {
    return (x >> 7 & eight(1)) * UINT64_C(0x0102040810204080) >> 56;
}

/* The high bit of every byte that is not zero. */
static inline uint64_t nonzero(uint64_t x) {
    return ((x & eight(0x7f)) + eight(0x7f)) | x;
}

/* The high bit of every byte that is no letter a to f. */
static inline uint64_t nonletters(uint64_t x) {
    const uint64_t low = (x | eight(0x20)) & eight(0x7f);
    return ~(low + eight(0x80 - 'a')) | (low + eight(0x80 - 'g')) | x;
}

static ALWAYS_INLINE scan_classes IMPL(classify)(const char *block, bool ipv6) {
    uint64_t digits = 0, dots = 0, colons = 0, letters = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        const uint64_t x = load_le64(block + i);
        digits |= high_bits(nondigits(x ^ eight('0'))) << i;
        dots |= high_bits(nonzero(x ^ eight('.'))) << i;
        if (ipv6) {
            colons |= high_bits(nonzero(x ^ eight(':'))) << i;
            letters |= high_bits(nonletters(x)) << i;
        }
    }
    return (scan_classes){~digits, ~dots, ~colons, ~(digits & colons & letters)};
}

static inline bool IMPL(parse_run)(const char *text, uint64_t colons, size_t len, uint8_t *out) {
    (void)colons;
    return parse_ipv6_scalar(text, len, out);
}

static inline bool IMPL(parse_embedded_run)(const char *text, uint64_t colons,
                                            const uint8_t *octets, size_t len, uint8_t *out) {
    (void)colons;
    (void)octets;
    return parse_ipv6_scalar(text, len, out);
}

static inline size_t IMPL(read_octets)(const char *text, uint8_t *out, bool *valid) {
    const uint64_t zeros = eight('0');
    uint64_t marks = high_bits(nondigits(load_le64(text) ^ zeros)) |
                     high_bits(nondigits(load_le64(text + 8) ^ zeros)) << 8;
    marks &= marks - 1;
    marks &= marks - 1;
    marks &= marks - 1;
    const size_t len = marks ? (size_t)__builtin_ctzll(marks) : 0;
    memset(out + 4, 0, 12);
    *valid = parse_ipv4_scalar(text, len, out);
    return len;
}

static inline uint32_t IMPL(find_set)(const char *text, const scan_set *set) {
    uint32_t bits = 0;
    for (unsigned i = 0; i < 16; i++) {
        const uint8_t c = (uint8_t)text[i];
        bits |= (uint32_t)(set->by_low_nibble[c & 15] >> (c >> 4 & 7) & 1 & ~(c >> 7)) << i;
    }
    return bits;
}

/* Of scan_thin.h. */
REQUIRES uint64_t IMPL(thin)(const simdinet_scan_chunk *chunk, size_t begin, uint64_t candidates);

static inline size_t IMPL(flatten)(simdinet_scan_chunk *chunk, uint16_t *positions) {
    size_t n = 0;
    while (chunk->next_full < chunk->n_full && n <= SIMDINET_SCAN_BATCH - 32) {
        const size_t i = chunk->full[chunk->next_full++];
        uint64_t rest = chunk->candidates[i];
        if (UNLIKELY(count_ones(rest) >= DENSE_WORD))
            rest = IMPL(thin)(chunk, 64 * i, rest);
        for (; rest != 0; rest &= rest - 1)
            positions[n++] = position_of_lowest_bit(rest, 64 * i);
    }
    return n;
}

#endif
