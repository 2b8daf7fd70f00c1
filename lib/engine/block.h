/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * block.h - what the files of columns and lines share: address families, bitmaps, and the call that
 * parses a block of up to SIMDINET_BLOCK values.
 */
#ifndef SIMDINET_BLOCK_H
#define SIMDINET_BLOCK_H

#include "kernels/kernel.h"

typedef enum { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MIXED } address_family;

static inline size_t address_size(address_family family) {
    return family == FAMILY_IPV4 ? 4 : 16;
}

/* ---- bitmaps, least significant bit first ---------------------------------------------------- */

static inline bool bitmap_test(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

static inline uint64_t bitmap_load(const uint8_t *bitmap, size_t n) {
    uint64_t bits = 0;
    for (size_t i = 0; i < (n + 7) / 8; i++)
        bits |= (uint64_t)bitmap[i] << (8 * i);
    return bits;
}

static inline void bitmap_store(uint8_t *bitmap, uint64_t bits, size_t n) {
    for (size_t i = 0; i < (n + 7) / 8; i++)
        bitmap[i] = (uint8_t)(bits >> (8 * i));
}

static inline size_t count_bits(uint64_t bits) {
    return (size_t)__builtin_popcountll(bits);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* The number of values in the next block, of those that are left. */
static inline size_t block_length(size_t left) {
    return left < SIMDINET_BLOCK ? left : SIMDINET_BLOCK;
}

/* Calls the kernel of the family. *families is written only for FAMILY_MIXED. */
static inline uint64_t parse_values(const simdinet_implementation *impl, address_family family,
                                    const char *base, const int32_t *begin, const int32_t *end,
                                    size_t n, uint8_t *out, uint64_t *families) {
    if (family == FAMILY_IPV4)
        return impl->parse_ipv4_block(base, begin, end, n, out);
    if (family == FAMILY_IPV6)
        return impl->parse_ipv6_block(base, begin, end, n, out);
    return impl->parse_mixed_block(base, begin, end, n, out, families);
}

#endif
