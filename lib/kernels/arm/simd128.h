/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd128.h - Advanced SIMD of AArch64, little-endian. generic/simd.h describes the operations.
 *
 * A mask of bytes takes pairwise additions instead of a PMOVMSKB. The digits of an octet are
 * multiplied and summed in bytes: a valid octet fits, and an invalid one may wrap.
 */
#ifndef SIMDINET_ARM_SIMD128_H
#define SIMDINET_ARM_SIMD128_H

#include <arm_neon.h>

#include "kernels/generic/bytes.h"
#include "kernels/scalar/swap.h"
#include "kernels/tables/format_tables.h"
#include "kernels/tables/parse_tables.h"

typedef uint8x16_t v128_t;

static ALWAYS_INLINE v128_t v128_load(const void *from) {
    return vld1q_u8(from);
}

static ALWAYS_INLINE v128_t v128_load_aligned(const void *from) {
    return vld1q_u8(from);
}

static ALWAYS_INLINE v128_t v128_load_halves(const void *low, const void *high) {
    return vcombine_u8(vld1_u8(low), vld1_u8(high));
}

static ALWAYS_INLINE void v128_store(void *to, v128_t x) {
    vst1q_u8(to, x);
}

static ALWAYS_INLINE v128_t v128_shuffle(v128_t x, v128_t index) {
    return vqtbl1q_u8(x, index);
}

static ALWAYS_INLINE void v128_store_low(void *to, v128_t x) {
    vst1_u8(to, vget_low_u8(x));
}

static ALWAYS_INLINE void v128_store_high(void *to, v128_t x) {
    vst1_u8(to, vget_high_u8(x));
}

static ALWAYS_INLINE v128_t v128_splat(char byte) {
    return vdupq_n_u8((uint8_t)byte);
}

static ALWAYS_INLINE v128_t v128_splat16(uint16_t word) {
    return vreinterpretq_u8_u16(vdupq_n_u16(word));
}

static ALWAYS_INLINE v128_t v128_or(v128_t a, v128_t b) {
    return vorrq_u8(a, b);
}

static ALWAYS_INLINE v128_t v128_zip_low32(v128_t a, v128_t b) {
    return vreinterpretq_u8_u32(vzip1q_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
}

static ALWAYS_INLINE v128_t v128_zip_high32(v128_t a, v128_t b) {
    return vreinterpretq_u8_u32(vzip2q_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
}

static ALWAYS_INLINE v128_t v128_zip_low64(v128_t a, v128_t b) {
    return vreinterpretq_u8_u64(vzip1q_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b)));
}

static ALWAYS_INLINE v128_t v128_zip_high64(v128_t a, v128_t b) {
    return vreinterpretq_u8_u64(vzip2q_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b)));
}

static ALWAYS_INLINE uint32_t v128_first_u32(v128_t x) {
    return vgetq_lane_u32(vreinterpretq_u32_u8(x), 0);
}

static ALWAYS_INLINE uint32_t v128_last_u32(v128_t x) {
    return vgetq_lane_u32(vreinterpretq_u32_u8(x), 3);
}

static ALWAYS_INLINE v128_t v128_sub32(v128_t a, v128_t b) {
    return vreinterpretq_u8_s32(vsubq_s32(vreinterpretq_s32_u8(a), vreinterpretq_s32_u8(b)));
}

static ALWAYS_INLINE v128_t v128_gt32(v128_t a, v128_t b) {
    return vreinterpretq_u8_u32(vcgtq_s32(vreinterpretq_s32_u8(a), vreinterpretq_s32_u8(b)));
}

static ALWAYS_INLINE bool v128_any(v128_t x) {
    return vmaxvq_u32(vreinterpretq_u32_u8(x)) != 0;
}

/* Bit i % 8 of byte i if the byte is all ones. */
static ALWAYS_INLINE v128_t v128_bit_of_eight(v128_t bytes) {
    return vandq_u8(bytes, vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201))));
}

/* ---- IPv4 text ------------------------------------------------------------------------------- */

static ALWAYS_INLINE v128_t v128_to_digits(v128_t text) {
    return veorq_u8(text, vdupq_n_u8('0'));
}

static ALWAYS_INLINE uint32_t v128_nondigits(v128_t digits) {
    v128_t bits = v128_bit_of_eight(vcgtq_u8(digits, vdupq_n_u8(9)));
    bits = vpaddq_u8(bits, bits);
    bits = vpaddq_u8(bits, bits);
    bits = vpaddq_u8(bits, bits);
    return vgetq_lane_u16(vreinterpretq_u16_u8(bits), 0);
}

/* Four non-digits end four octets; whether the last is the NUL is checked in its lane. */
static ALWAYS_INLINE uint32_t v128_string_key(v128_t text, uint32_t nondigits) {
    (void)text;
    return nondigits ^ (uint32_t)clear_lowest(clear_lowest(clear_lowest(clear_lowest(nondigits))));
}

static ALWAYS_INLINE uint32_t v128_join_octets(v128_t lanes) {
    v128_t octets = vmulq_u8(lanes, vld1q_u8(simdinet_ipv4_constants.weights));
    octets = vpaddq_u8(octets, octets);
    octets = vpaddq_u8(octets, octets);
    return vgetq_lane_u32(vreinterpretq_u32_u8(octets), 0);
}

/* ---- IPv6 text ------------------------------------------------------------------------------- */

/* Bits 0 to 47; above them are copies. */
static ALWAYS_INLINE uint64_t v128_find48(const char *text, v128_t byte) {
    const v128_t low = v128_bit_of_eight(vceqq_u8(v128_load(text), byte));
    const v128_t middle = v128_bit_of_eight(vceqq_u8(v128_load(text + 16), byte));
    const v128_t high = v128_bit_of_eight(vceqq_u8(v128_load(text + 32), byte));
    const v128_t pairs = vpaddq_u8(vpaddq_u8(low, middle), vpaddq_u8(high, high));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}

static ALWAYS_INLINE uint64_t v128_find_colons(const char *text) {
    return v128_find48(text, vdupq_n_u8(':'));
}

static ALWAYS_INLINE uint64_t v128_find_nuls(const char *text) {
    return v128_find48(text, vdupq_n_u8(0));
}

static ALWAYS_INLINE v128_t v128_lane3_from_0(v128_t x, v128_t from) {
    return vreinterpretq_u8_u32(
        vcopyq_laneq_u32(vreinterpretq_u32_u8(x), 3, vreinterpretq_u32_u8(from), 0));
}

static ALWAYS_INLINE v128_t v128_lane3_from_1(v128_t x, v128_t from) {
    return vreinterpretq_u8_u32(
        vcopyq_laneq_u32(vreinterpretq_u32_u8(x), 3, vreinterpretq_u32_u8(from), 1));
}

static ALWAYS_INLINE v128_t v128_set_lane3(v128_t x, uint32_t lane) {
    return vreinterpretq_u8_u32(vsetq_lane_u32(lane, vreinterpretq_u32_u8(x), 3));
}

/* The values of hexadecimal digits XOR '0'; *wrong is 0 where the byte is one. */
static ALWAYS_INLINE v128_t v128_hex_values(v128_t digits, v128_t *wrong) {
    const v128_t letters =
        vsubq_u8(vandq_u8(digits, vdupq_n_u8(0xdf)), vdupq_n_u8('A' ^ '0' ^ 0x20));
    *wrong = vminq_u8(vqsubq_u8(digits, vdupq_n_u8(9)), vqsubq_u8(letters, vdupq_n_u8(5)));
    return vminq_u8(digits, vaddq_u8(letters, vdupq_n_u8(10)));
}

static ALWAYS_INLINE bool v128_join_digits(v128_t even, v128_t odd, v128_t *bytes) {
    v128_t wrong_even, wrong_odd;
    const v128_t values_even = v128_hex_values(even, &wrong_even);
    const v128_t values_odd = v128_hex_values(odd, &wrong_odd);
    *bytes = vsliq_n_u8(vuzp2q_u8(values_even, values_odd), vuzp1q_u8(values_even, values_odd), 4);
    return !v128_any(vorrq_u8(wrong_even, wrong_odd));
}

/* ---- lines ----------------------------------------------------------------------------------- */

static ALWAYS_INLINE uint64_t v128_find64(const char *block, v128_t bytes) {
    const v128_t first = v128_bit_of_eight(vceqq_u8(v128_load(block), bytes));
    const v128_t second = v128_bit_of_eight(vceqq_u8(v128_load(block + 16), bytes));
    const v128_t third = v128_bit_of_eight(vceqq_u8(v128_load(block + 32), bytes));
    const v128_t fourth = v128_bit_of_eight(vceqq_u8(v128_load(block + 48), bytes));
    const v128_t pairs = vpaddq_u8(vpaddq_u8(first, second), vpaddq_u8(third, fourth));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}

static ALWAYS_INLINE bool v128_contains64(const char *block, v128_t bytes) {
    const v128_t low =
        vorrq_u8(vceqq_u8(v128_load(block), bytes), vceqq_u8(v128_load(block + 16), bytes));
    const v128_t high =
        vorrq_u8(vceqq_u8(v128_load(block + 32), bytes), vceqq_u8(v128_load(block + 48), bytes));
    return v128_any(vorrq_u8(low, high));
}

static ALWAYS_INLINE int32_t v128_lowest_one(uint64_t bits) {
    return bits ? __builtin_ctzll(bits) : 64;
}

/* ---- byte order ------------------------------------------------------------------------------ */

enum { v128_swap_min = 16, v128_swap_align = 0, v128_swap_stream = 0, v128_swap_unroll = 1 };

typedef size_t v128_order_t; /* the width itself */

static ALWAYS_INLINE v128_order_t v128_byte_order(size_t width) {
    return width;
}

static ALWAYS_INLINE v128_t v128_reverse_bytes(v128_t x, v128_order_t width) {
    return width == 2 ? vrev16q_u8(x) : width == 4 ? vrev32q_u8(x) : vrev64q_u8(x);
}

static ALWAYS_INLINE void v128_stream(void *to, v128_t x) {
    v128_store(to, x); /* no instruction bypasses the caches */
}

static ALWAYS_INLINE void v128_stream_end(void) {}

static ALWAYS_INLINE void v128_swap_short(char *dst, const char *src, size_t size, size_t width) {
    if (width == 2)
        swap16_scalar(dst, src, size / 2);
    else if (width == 4)
        swap32_scalar(dst, src, size / 4);
    else
        swap64_scalar(dst, src, size / 8);
}

/* ---- addresses to text ----------------------------------------------------------------------- */

/* Octets are formatted in 32-bit lanes. */
static ALWAYS_INLINE v128_t v128_load_octets(const uint8_t *address) {
    const uint16x8_t words = vmovl_u8(vcreate_u8(load_u32(address)));
    return vreinterpretq_u8_u32(vmovl_u16(vget_low_u16(words)));
}

static ALWAYS_INLINE v128_t v128_last_octets(v128_t x) {
    static const uint8_t index[16] = {12, 16, 16, 16, 13, 16, 16, 16,
                                      14, 16, 16, 16, 15, 16, 16, 16};
    return vqtbl1q_u8(x, vld1q_u8(index));
}

/* 16-bit lanes: each octet twice, set where it is above 9 and where it is above 99. */
static ALWAYS_INLINE uint16x8_t v128_wide_octets(v128_t lanes) {
    const uint32x4_t octets = vreinterpretq_u32_u8(lanes);
    return vcgtq_u16(vreinterpretq_u16_u32(vsliq_n_u32(octets, octets, 16)),
                     vreinterpretq_u16_u32(vdupq_n_u32(99 << 16 | 9)));
}

static ALWAYS_INLINE unsigned v128_octet_widths(v128_t lanes, size_t *digits) {
    const uint8x8_t wide = vmovn_u16(v128_wide_octets(lanes));
    *digits = vaddv_u8(vshr_n_u8(wide, 7));
    return vaddv_u8(vand_u8(wide, vcreate_u8(UINT64_C(0x8040201008040201))));
}

static ALWAYS_INLINE v128_t v128_separators(char last) {
    return vsetq_lane_u8((uint8_t)last, vreinterpretq_u8_u32(vdupq_n_u32(0x2e303030)), 15);
}

/*
 * Lanes of an octet x become its text: ones, tens, hundreds, separator. x * 205 >> 11 and x * 41 >>
 * 12 are x / 10 and x / 100 for x up to 255; then x + 246 * (x / 10) + 62976 * (x / 100) = ones +
 * 256 * tens + 65536 * hundreds.
 */
static ALWAYS_INLINE v128_t v128_octet_text(v128_t lanes, v128_t separators) {
    const uint32x4_t octets = vreinterpretq_u32_u8(lanes);
    const uint32x4_t tens = vshrq_n_u32(vmulq_n_u32(octets, 205), 11);
    const uint32x4_t hundreds = vshrq_n_u32(vmulq_n_u32(octets, 41), 12);
    const uint32x4_t digits = vmlaq_n_u32(vmlaq_n_u32(octets, tens, 246), hundreds, 62976);
    return vorrq_u8(vreinterpretq_u8_u32(digits), separators);
}

static ALWAYS_INLINE v128_t v128_high_nibbles(v128_t x) {
    return vshrq_n_u8(x, 4);
}

static ALWAYS_INLINE v128_t v128_low_nibbles(v128_t x) {
    return vandq_u8(x, vdupq_n_u8(15));
}

static ALWAYS_INLINE v128_t v128_hex_text(v128_t nibbles) {
    static const uint8_t alphabet[16] = {'0', '1', '2', '3', '4', '5', '6', '7',
                                         '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    return vqtbl1q_u8(vld1q_u8(alphabet), nibbles);
}

/* Each byte keeps its bit among eight where a digit is not 0, a group is 0 or an octet is wide;
 * three pairwise additions join them. */
static ALWAYS_INLINE void v128_format_masks(v128_t x, v128_t ab, v128_t cd, v128_t lanes,
                                            unsigned zero_digits[2], unsigned *zero_groups,
                                            unsigned *widths) {
    const uint16x8_t zero = vceqzq_u16(vreinterpretq_u16_u8(x));
    const v128_t groups = v128_bit_of_eight(
        vuzp1q_u8(vreinterpretq_u8_u16(zero), vreinterpretq_u8_u16(v128_wide_octets(lanes))));
    const v128_t digits =
        vpaddq_u8(v128_bit_of_eight(vtstq_u8(ab, ab)), v128_bit_of_eight(vtstq_u8(cd, cd)));
    const v128_t sums = vpaddq_u8(digits, vpaddq_u8(groups, groups));
    const uint64_t bits = vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
    zero_digits[0] = ~(unsigned)bits & 0xffff;
    zero_digits[1] = ~(unsigned)bits >> 16;
    *zero_groups = (unsigned)(bits >> 32) & 0xff;
    *widths = (unsigned)(bits >> 40) & 0xff;
}

static ALWAYS_INLINE v128_t v128_last_separators(char separator) {
    return vsetq_lane_u8((uint8_t)separator, vdupq_n_u8(':'), 9);
}

enum { v128_ipv4_step = 1, v128_ipv6_step = 1 };

/* The end of the text with its separator, less drop bytes. */
static ALWAYS_INLINE void v128_ipv4_texts(const uint8_t *address, v128_t separators, unsigned drop,
                                          v128_t text[1], uint32_t ends[1]) {
    const v128_t lanes = v128_load_octets(address);
    size_t digits;
    const unsigned widths = v128_octet_widths(lanes, &digits);
    text[0] = vqtbl1q_u8(v128_octet_text(lanes, separators),
                         vld1q_u8(simdinet_format_octet_heads[widths]));
    ends[0] = (uint32_t)digits + 8 - drop;
}

#endif
