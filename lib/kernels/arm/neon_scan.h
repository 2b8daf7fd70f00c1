/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon_scan.h - four registers of 16 bytes, and masks made by adding neighbours.
 */
#ifndef SIMDINET_NEON_SCAN_H
#define SIMDINET_NEON_SCAN_H

#include <arm_neon.h>

#include "kernels/generic/parse_ipv6.h"
#include "kernels/generic/scan_candidate.h"
#include "kernels/tables/scan_tables.h"
#include "simd128.h"

/* One bit a byte of four compare results: each keeps its own bit, and three times neighbours add. */
static inline uint64_t join_masks_neon(const uint8x16_t wide[4]) {
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
    const uint8x16_t low = vpaddq_u8(vandq_u8(wide[0], bits), vandq_u8(wide[1], bits));
    const uint8x16_t high = vpaddq_u8(vandq_u8(wide[2], bits), vandq_u8(wide[3], bits));
    const uint8x16_t sums = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

static ALWAYS_INLINE scan_classes IMPL(classify)(const char *block, bool ipv6) {
    uint8x16_t digits[4], letters[4], dots[4], colons[4];
    for (int i = 0; i < 4; i++) {
        const uint8x16_t bytes = vld1q_u8((const uint8_t *)block + 16 * i);
        const uint8x16_t lower = vorrq_u8(bytes, vdupq_n_u8(0x20));
        digits[i] = vcltq_u8(vsubq_u8(bytes, vdupq_n_u8('0')), vdupq_n_u8(10));
        letters[i] = vcltq_u8(vsubq_u8(lower, vdupq_n_u8('a')), vdupq_n_u8(6));
        dots[i] = vceqq_u8(bytes, vdupq_n_u8('.'));
        colons[i] = vceqq_u8(bytes, vdupq_n_u8(':'));
    }
    scan_classes classes = {.digits = join_masks_neon(digits), .dots = join_masks_neon(dots)};
    if (ipv6) {
        classes.colons = join_masks_neon(colons);
        classes.runs = classes.digits | classes.colons | join_masks_neon(letters);
    }
    return classes;
}

/* The position of the fourth non-digit comes from a mask of four bits a byte. */
static inline size_t IMPL(read_octets)(const char *text, uint8_t *out, bool *valid) {
    const uint8x16_t bytes = vld1q_u8((const uint8_t *)text);
    const uint8x16_t wrong = vcgtq_u8(vsubq_u8(bytes, vdupq_n_u8('0')), vdupq_n_u8(9));
    const uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(wrong), 4);
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(nibbles), 0) & 0x1111111111111111;
    mask &= mask - 1;
    mask &= mask - 1;
    mask &= mask - 1;
    const size_t len = mask ? (size_t)__builtin_ctzll(mask) / 4 : 0;
    memset(out + 4, 0, 12);
    *valid = IMPL(parse_ipv4)(text, len, out);
    return len;
}

static inline uint32_t IMPL(find_set)(const char *text, const scan_set *set) {
    const uint8x16_t bytes = vld1q_u8((const uint8_t *)text);
    const uint8x16_t low =
        vqtbl1q_u8(vld1q_u8(set->by_low_nibble), vandq_u8(bytes, vdupq_n_u8(15)));
    const uint8x16_t high =
        vqtbl1q_u8(vld1q_u8(simdinet_scan_constants.bit_of_high_nibble), vshrq_n_u8(bytes, 4));
    const uint8x16_t found = vtstq_u8(low, high), none = vdupq_n_u8(0);
    const uint8x16_t wide[4] = {found, none, none, none};
    return (uint32_t)join_masks_neon(wide) & 0xffff;
}

#endif
