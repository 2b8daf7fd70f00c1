/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * block.h - what the readers and writers of many values share: families, bitmaps, and the active implementation's
 * way from a block of texts to addresses.
 */
#ifndef SIMDINET_BLOCK_H
#define SIMDINET_BLOCK_H

#include "kernels/kernel.h"

typedef enum { IPV4, IPV6, MIXED } family;

static inline size_t address_size(family f) {
    return f == IPV4 ? 4 : 16;
}

/* ---- bits, least significant first -------------------------------------------------------------- */

static inline bool bit_at(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

static inline uint64_t load_bits(const uint8_t *bitmap, size_t count) {
    uint64_t bits = 0;
    for (size_t i = 0; i < (count + 7) / 8; i++)
        bits |= (uint64_t)bitmap[i] << (8 * i);
    return bits;
}

static inline void store_bits(uint8_t *bitmap, uint64_t bits, size_t count) {
    for (size_t i = 0; i < (count + 7) / 8; i++)
        bitmap[i] = (uint8_t)(bits >> (8 * i));
}

static inline size_t count_bits(uint64_t bits) {
    return (size_t)__builtin_popcountll(bits);
}

/* ---- a block of texts --------------------------------------------------------------------------- */

/* The implementation's parser of this family. *families is written for MIXED alone. */
static inline uint64_t parse_texts(const simdinet_implementation *impl, family f, const char *base,
                                   const int32_t *begin, const int32_t *end, size_t count,
                                   uint8_t *out, uint64_t *families) {
    if (f == IPV4)
        return impl->parse_ipv4_block(base, begin, end, count, out);
    if (f == IPV6)
        return impl->parse_ipv6_block(base, begin, end, count, out);
    return impl->parse_mixed_block(base, begin, end, count, out, families);
}

#endif
