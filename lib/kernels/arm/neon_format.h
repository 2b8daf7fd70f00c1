/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon_format.h - addresses to text with NEON on little-endian aarch64. The construction is that of
 * sse42_format.h; only masks are made otherwise.
 */
#ifndef SIMDINET_NEON_FORMAT_H
#define SIMDINET_NEON_FORMAT_H

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/tables/format_tables.h"

/*
 * 32-bit lanes of one octet x become its digits as text: ones, tens, hundreds, dot. x * 205 >> 11
 * and x * 41 >> 12 are x / 10 and x / 100 for x up to 255; then
 * x + 246 * (x / 10) + 62976 * (x / 100) = ones + 256 * tens + 65536 * hundreds.
 */
static inline uint8x16_t format_octets_digits(uint32x4_t octets) {
    uint32x4_t tens = vshrq_n_u32(vmulq_n_u32(octets, 205), 11);
    uint32x4_t hundreds = vshrq_n_u32(vmulq_n_u32(octets, 41), 12);
    uint32x4_t digits = vmlaq_n_u32(octets, tens, 246);
    digits = vmlaq_n_u32(digits, hundreds, 62976);
    return vreinterpretq_u8_u32(vorrq_u32(digits, vdupq_n_u32(0x2e303030)));
}

/* 16-bit lanes: each octet twice, set where it is above 9 and where it is above 99. */
static inline uint16x8_t format_octets_wide(uint32x4_t octets) {
    uint32x4_t twice = vsliq_n_u32(octets, octets, 16);
    return vcgtq_u16(vreinterpretq_u16_u32(twice),
                     vreinterpretq_u16_u32(vdupq_n_u32(99 << 16 | 9)));
}

static inline uint8x16_t format_bit_weights(void) {
    return vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
}

static inline size_t format_ipv4_neon(const uint8_t *address, char *out) {
    uint32_t octets;
    memcpy(&octets, address, 4);
    uint16x8_t words = vmovl_u8(vcreate_u8(octets));
    uint32x4_t lanes = vmovl_u16(vget_low_u16(words));
    uint8x8_t wide = vmovn_u16(format_octets_wide(lanes));
    uint8_t decisions = vaddv_u8(vand_u8(wide, vget_low_u8(format_bit_weights())));
    size_t len = 7 + (size_t)vaddv_u8(vshr_n_u8(wide, 7));
    uint8x16_t text = vqtbl1q_u8(format_octets_digits(lanes),
                                 vld1q_u8(simdinet_format_octet_shuffles[decisions]));
    vst1_u8((uint8_t *)out, vget_low_u8(text));
    vst1_u8((uint8_t *)out + len - 7, vget_high_u8(text));
    return len;
}

static inline size_t format_ipv6_neon(const uint8_t *address, char *out) {
    static const uint8_t alphabet_bytes[16] = {'0', '1', '2', '3', '4', '5', '6', '7',
                                               '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    static const uint8_t spread_bytes[16] = {12, 16, 16, 16, 13, 16, 16, 16,
                                             14, 16, 16, 16, 15, 16, 16, 16};
    const uint8x16_t alphabet = vld1q_u8(alphabet_bytes);
    const uint8x16_t weights = format_bit_weights();
    const uint64x2_t colons = vreinterpretq_u64_u8(vdupq_n_u8(':'));
    const uint64x2_t colon_nul = vreinterpretq_u64_u16(vdupq_n_u16(':'));

    uint8x16_t x = vld1q_u8(address);
    uint32x4_t high = vreinterpretq_u32_u8(vshrq_n_u8(x, 4));
    uint32x4_t low = vreinterpretq_u32_u8(vandq_u8(x, vdupq_n_u8(15)));
    uint8x16_t ab = vreinterpretq_u8_u32(vzip1q_u32(high, low));
    uint8x16_t cd = vreinterpretq_u8_u32(vzip2q_u32(high, low));
    uint32x4_t lanes = vreinterpretq_u32_u8(vqtbl1q_u8(x, vld1q_u8(spread_bytes)));
    uint16x8_t zero = vceqzq_u16(vreinterpretq_u16_u8(x));
    uint8x16_t groups =
        vuzp1q_u8(vreinterpretq_u8_u16(zero), vreinterpretq_u8_u16(format_octets_wide(lanes)));

    /* One bit of weight for every digit that is not 0, zero group and decision; then their sums. */
    uint8x16_t ab_bits = vandq_u8(vtstq_u8(ab, ab), weights);
    uint8x16_t cd_bits = vandq_u8(vtstq_u8(cd, cd), weights);
    uint8x16_t group_bits = vandq_u8(groups, weights);
    uint8x16_t sums = vpaddq_u8(vpaddq_u8(ab_bits, cd_bits), vpaddq_u8(group_bits, group_bits));
    uint64_t bits = vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);

    uint32_t nonzero = (uint32_t)bits;
    uint16_t group5;
    memcpy(&group5, address + 10, 2);
    unsigned zero_groups = (unsigned)(bits >> 32 & 0xff) | ((group5 + 1u) >> 8 & 0x100);
    if (zero_groups == 0xff) {
        memcpy(out, "::", 3);
        return 2;
    }
    const simdinet_format_run *run = &simdinet_format_runs[zero_groups];
    uint32_t run_groups = run->groups[0] | (uint32_t)run->groups[1] << 16;
    uint32_t run_separators = run->separators[0] | (uint32_t)run->separators[1] << 16;
    uint32_t keep = ((nonzero | 0xa0a0a0a0) & run_groups) | run_separators;
    unsigned a_pair = keep & 0xff;
    unsigned b_pair = keep >> 8 & 0xff;
    unsigned c_pair = keep >> 16 & 0xff;
    unsigned d_pair = keep >> 24;

    uint64x2_t ab_text = vreinterpretq_u64_u8(vqtbl1q_u8(alphabet, ab));
    uint64x2_t cd_text = vreinterpretq_u64_u8(vqtbl1q_u8(alphabet, cd));
    uint8x16_t a = vqtbl1q_u8(vreinterpretq_u8_u64(vzip1q_u64(ab_text, colons)),
                              vld1q_u8(simdinet_format_pair_shuffles[a_pair]));
    uint8x16_t b = vqtbl1q_u8(vreinterpretq_u8_u64(vzip2q_u64(ab_text, colons)),
                              vld1q_u8(simdinet_format_pair_shuffles[b_pair]));
    uint8x16_t c = vqtbl1q_u8(vreinterpretq_u8_u64(vzip1q_u64(cd_text, colons)),
                              vld1q_u8(simdinet_format_pair_shuffles[c_pair]));
    uint8x16_t d = vqtbl1q_u8(vreinterpretq_u8_u64(vzip2q_u64(cd_text, colon_nul)),
                              vld1q_u8(simdinet_format_tails[d_pair]));

    unsigned dotted = 0 - (unsigned)(d_pair == 0);
    unsigned decisions = (unsigned)(bits >> 40 & 0xff);
    unsigned octets_size = (8 + (unsigned)__builtin_popcount(decisions)) & dotted;
    uint8x16_t octets = vqtbl1q_u8(format_octets_digits(lanes),
                                   vld1q_u8(simdinet_format_tails[(decisions | 0x100) & dotted]));

    size_t a_length = simdinet_format_pair_lengths[a_pair];
    size_t b_length = simdinet_format_pair_lengths[b_pair];
    size_t c_length = simdinet_format_pair_lengths[c_pair];
    size_t from_d = simdinet_format_pair_lengths[d_pair] + octets_size;
    size_t from_c = c_length + from_d;
    size_t from_b = b_length + c_length + from_d;
    size_t size = a_length + b_length + c_length + from_d;

    const uint8_t *window = simdinet_format_windows + SIMDINET_FORMAT_WINDOWS_MIDDLE - 16;
    uint8x16_t end = vorrq_u8(vorrq_u8(d, octets), vqtbl1q_u8(c, vld1q_u8(window + from_c)));
    end = vorrq_u8(end, vorrq_u8(vqtbl1q_u8(b, vld1q_u8(window + from_b)),
                                 vqtbl1q_u8(a, vld1q_u8(window + size))));
    uint8x16_t start = vqtbl1q_u8(end, vld1q_u8(window + 32 - size));

    uint8_t spare[64];
    uint8_t *text = (uint8_t *)out;
    uint8_t *wide = size & 0x30 ? text : spare + 16;
    uint8_t *middle = size & 0x38 ? text : spare + 16;
    ptrdiff_t last = (ptrdiff_t)size - 16;
    ptrdiff_t b_at = (ptrdiff_t)a_length;
    ptrdiff_t c_at = b_at + (ptrdiff_t)b_length;
    uint32_t first4 = vgetq_lane_u32(vreinterpretq_u32_u8(start), 0);
    uint32_t last4 = vgetq_lane_u32(vreinterpretq_u32_u8(end), 3);
    memcpy(text, &first4, 4);
    memcpy(text + size - 4, &last4, 4);
    vst1_u8(middle, vget_low_u8(start));
    vst1_u8(middle + size - 8, vget_high_u8(end));
    vst1q_u8(wide, a);
    vst1q_u8(wide + (b_at < last ? b_at : last), b);
    vst1q_u8(wide + (c_at < last ? c_at : last), c);
    vst1q_u8(wide + last, end);
    return size - 1;
}

#endif
