/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd256.h - 256-bit registers: AVX2, BMI1 and BMI2. generic/simd.h describes the operations.
 */
#ifndef SIMDINET_X86_SIMD256_H
#define SIMDINET_X86_SIMD256_H

#include "simd128.h"

typedef __m256i v256_t;

static ALWAYS_INLINE v256_t v256_load(const void *from) {
    return _mm256_loadu_si256((const __m256i *)from);
}

static ALWAYS_INLINE v256_t v256_load_aligned(const void *from) {
    return _mm256_load_si256((const __m256i *)from);
}

static ALWAYS_INLINE void v256_store(void *to, v256_t x) {
    _mm256_storeu_si256((__m256i *)to, x);
}

static ALWAYS_INLINE v256_t v256_or(v256_t a, v256_t b) {
    return _mm256_or_si256(a, b);
}

static ALWAYS_INLINE v256_t v256_and(v256_t a, v256_t b) {
    return _mm256_and_si256(a, b);
}

static ALWAYS_INLINE v256_t v256_andnot(v256_t a, v256_t b) {
    return _mm256_andnot_si256(a, b);
}

static ALWAYS_INLINE v256_t v256_splat32(uint32_t lane) {
    return _mm256_set1_epi32((int)lane);
}

static ALWAYS_INLINE v256_t v256_add32(v256_t a, v256_t b) {
    return _mm256_add_epi32(a, b);
}

static ALWAYS_INLINE v256_t v256_sub32(v256_t a, v256_t b) {
    return _mm256_sub_epi32(a, b);
}

static ALWAYS_INLINE v256_t v256_shift_left32(v256_t x, int bits) {
    return _mm256_slli_epi32(x, bits);
}

static ALWAYS_INLINE v256_t v256_min_u32(v256_t a, v256_t b) {
    return _mm256_min_epu32(a, b);
}

static ALWAYS_INLINE v256_t v256_gt32(v256_t a, v256_t b) {
    return _mm256_cmpgt_epi32(a, b);
}

static ALWAYS_INLINE v256_t v256_eq32(v256_t a, v256_t b) {
    return _mm256_cmpeq_epi32(a, b);
}

static ALWAYS_INLINE v256_t v256_blend(v256_t a, v256_t b, v256_t mask) {
    return _mm256_blendv_epi8(a, b, mask);
}

static ALWAYS_INLINE uint32_t v256_bits32(v256_t x) {
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(x));
}

static ALWAYS_INLINE bool v256_any(v256_t x) {
    return !_mm256_testz_si256(x, x);
}

static ALWAYS_INLINE uint32_t v256_mask(v256_t x) {
    return (uint32_t)_mm256_movemask_epi8(x);
}

/* ---- IPv4 text ------------------------------------------------------------------------------- */

static ALWAYS_INLINE uint32_t v256_string_key(v128_t text, uint32_t nondigits) {
    return v128_string_key(text, nondigits);
}

static ALWAYS_INLINE uint32_t v256_lowest_four(uint32_t bits) {
    return v128_lowest_four(bits);
}

/* ---- IPv6 text ------------------------------------------------------------------------------- */

static ALWAYS_INLINE uint64_t v256_find48(const char *text, v256_t byte) {
    const __m256i low = _mm256_cmpeq_epi8(v256_load(text), byte);
    const __m128i high = _mm_cmpeq_epi8(v128_load(text + 32), _mm256_castsi256_si128(byte));
    return v256_mask(low) | (uint64_t)v128_mask(high) << 32;
}

static ALWAYS_INLINE uint64_t v256_find_colons(const char *text) {
    return v256_find48(text, v256_load_aligned(simdinet_ipv6_hex.colon));
}

static ALWAYS_INLINE uint64_t v256_find_nuls(const char *text) {
    return v256_find48(text, _mm256_setzero_si256());
}

static ALWAYS_INLINE bool v256_join_digits(v128_t even, v128_t odd, v128_t *bytes) {
    const ipv6_hex *hex = &simdinet_ipv6_hex;
    const __m256i digits = _mm256_inserti128_si256(_mm256_castsi128_si256(even), odd, 1);
    const __m256i letters = _mm256_add_epi8(_mm256_and_si256(digits, v256_load_aligned(hex->fold)),
                                            v256_load_aligned(hex->letter));
    const __m256i values =
        _mm256_min_epu8(digits, _mm256_add_epi8(letters, v256_load_aligned(hex->ten)));
    const __m256i wrong =
        _mm256_min_epu8(_mm256_subs_epu8(digits, v256_load_aligned(hex->last_decimal)),
                        _mm256_subs_epu8(letters, v256_load_aligned(hex->last_letter)));
    const __m256i joined = _mm256_maddubs_epi16(values, v256_load_aligned(hex->join));
    *bytes = _mm_packus_epi16(_mm256_castsi256_si128(joined), _mm256_extracti128_si256(joined, 1));
    return !v256_any(wrong);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static ALWAYS_INLINE v256_t v256_splat(char byte) {
    return _mm256_set1_epi8(byte);
}

static ALWAYS_INLINE v256_t v256_eq_at(const char *from, v256_t bytes) {
    return _mm256_cmpeq_epi8(v256_load(from), bytes);
}

static ALWAYS_INLINE uint64_t v256_find64(const char *block, v256_t bytes) {
    return v256_mask(v256_eq_at(block, bytes)) | (uint64_t)v256_mask(v256_eq_at(block + 32, bytes))
                                                     << 32;
}

static ALWAYS_INLINE bool v256_contains64(const char *block, v256_t bytes) {
    return v256_any(_mm256_or_si256(v256_eq_at(block, bytes), v256_eq_at(block + 32, bytes)));
}

static ALWAYS_INLINE int32_t v256_lowest_one(uint64_t bits) {
#if defined(__x86_64__)
    return (int32_t)_tzcnt_u64(bits);
#else
    return v128_lowest_one(bits);
#endif
}

/* ---- byte order ------------------------------------------------------------------------------ */

enum { v256_swap_min = 32, v256_swap_align = 1, v256_swap_stream = 1, v256_swap_unroll = 1 };

typedef v256_t v256_order_t;

static ALWAYS_INLINE v256_order_t v256_byte_order(size_t width) {
    return _mm256_broadcastsi128_si256(v128_byte_order(width));
}

static ALWAYS_INLINE v256_t v256_reverse_bytes(v256_t x, v256_order_t order) {
    return _mm256_shuffle_epi8(x, order);
}

static ALWAYS_INLINE void v256_stream(void *to, v256_t x) {
    _mm256_stream_si256((__m256i *)to, x);
}

static ALWAYS_INLINE void v256_stream_end(void) {
    _mm_sfence();
}

static ALWAYS_INLINE void v256_swap_short(char *dst, const char *src, size_t size, size_t width) {
    v128_swap_short(dst, src, size, width);
}

#endif
