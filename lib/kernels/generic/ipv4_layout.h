/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv4_layout.h - one IPv4 address in one 128-bit register.
 *
 * The positions of the non-digits select one of 81 layouts, a cache line each (parse_tables.h). Its
 * shuffle moves every octet to a 32-bit lane of its own, where one compare checks the range, the
 * leading zero and the delimiter.
 */
#ifndef SIMDINET_IPV4_LAYOUT_H
#define SIMDINET_IPV4_LAYOUT_H

#include "simd.h"

/* "d.d.d.d": too short for two loads of eight bytes. */
static ALWAYS_INLINE bool parse_ipv4_shortest(const char *text, uint8_t *out) {
    const uint64_t value = load_u32(text) | (uint64_t)load_u32(text + 3) << 24;
    const uint64_t digits = value ^ UINT64_C(0x00302e302e302e30);
    /* A digit is now 0 to 9 and a dot 0, so these sums leave every top bit alone. */
    if (((digits + UINT64_C(0x00767f767f767f76)) | digits) & UINT64_C(0x0080808080808080)) {
        return false;
    }
    out[0] = (uint8_t)digits;
    out[1] = (uint8_t)(digits >> 16);
    out[2] = (uint8_t)(digits >> 32);
    out[3] = (uint8_t)(digits >> 48);
    return true;
}

/* The layout of 16 bytes from the start of the text. */
static ALWAYS_INLINE const ipv4_layout *ipv4_whole_layout(uint32_t key) {
    return &simdinet_ipv4_whole[key * WHOLE_MULTIPLIER >> 24];
}

/* The layout of the first eight bytes and the last eight. */
static ALWAYS_INLINE const ipv4_layout *ipv4_split_layout(uint32_t key) {
    return &simdinet_ipv4_split[key * SPLIT_MULTIPLIER >> 24];
}

/* Checks and converts a text; key has a bit for each of its delimiters. */
static ALWAYS_INLINE bool parse_ipv4_layout(v128_t digits, uint32_t key, const ipv4_layout *layout,
                                            uint8_t *out) {
    const v128_t lanes = v128_shuffle(digits, v128_load_aligned(layout->shuffle));
    const v128_t distance = v128_sub32(lanes, v128_load_aligned(layout->low));
    const v128_t wrong = v128_gt32(distance, v128_load_aligned(layout->range));
    if (UNLIKELY(layout->key != key) || UNLIKELY(v128_any(wrong))) {
        return false;
    }
    store_u32(out, v128_join_octets(lanes));
    return true;
}

#endif
