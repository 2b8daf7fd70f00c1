/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_scan.h - what the scans of the x86 implementations share.
 */
#ifndef SIMDINET_X86_SCAN_H
#define SIMDINET_X86_SCAN_H

#include "kernels/generic/parse_ipv4.h"
#include "kernels/generic/scan_candidate.h"
#include "kernels/tables/scan_tables.h"

/* Stores four octets, of which each lane has the digits, and twelve bytes after them. */
static ALWAYS_INLINE void IMPL(store_octets)(__m128i lanes, uint8_t *out) {
    const __m128i pairs =
        _mm_maddubs_epi16(lanes, v128_load_aligned(simdinet_ipv4_constants.weights));
    const __m128i octets = _mm_madd_epi16(pairs, v128_load_aligned(simdinet_ipv4_constants.ones));
    const __m128i packed =
        _mm_shuffle_epi8(octets, v128_load_aligned(simdinet_scan_constants.pack));
    _mm_storeu_si128((__m128i *)out, packed);
}

/* The fourth byte that is not a digit ends the text, and is taken for its NUL whatever it is. */
static ALWAYS_INLINE size_t IMPL(read_octets)(const char *text, uint8_t *out, bool *valid) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    const __m128i digits = _mm_xor_si128(bytes, v128_load_aligned(simdinet_ipv4_constants.zero));
    const uint32_t key = VEC(lowest_four)(v128_nondigits(digits));
    const ipv4_layout *layout = &simdinet_ipv4_whole[key * WHOLE_MULTIPLIER >> 24];
    const __m128i shuffled = _mm_shuffle_epi8(digits, v128_load_aligned(layout->shuffle));
    const __m128i lanes = _mm_or_si128(
        _mm_and_si128(shuffled, v128_load_aligned(simdinet_scan_constants.terminator_clear)),
        v128_load_aligned(simdinet_scan_constants.terminator_set));
    const __m128i distance = _mm_sub_epi32(lanes, v128_load_aligned(layout->low));
    const __m128i wrong = _mm_cmpgt_epi32(distance, v128_load_aligned(layout->range));
    IMPL(store_octets)(lanes, out);
    *valid = (layout->key == key) & (bool)_mm_testz_si128(wrong, wrong);
    return layout->length;
}

/* The 16 bytes from three before a dot on. */
static ALWAYS_INLINE __m128i IMPL(digits_around)(const char *dot) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(dot - 3));
    return _mm_xor_si128(bytes, v128_load_aligned(simdinet_ipv4_constants.zero));
}

/* The non-digits up to the fourth from the first dot on, which is byte 3, times SCAN_MULTIPLIER. */
static ALWAYS_INLINE uint32_t IMPL(key_of_quad)(const char *dot) {
    const uint32_t nondigits = v128_nondigits(IMPL(digits_around)(dot));
    uint32_t last = nondigits & ~15u;
    last &= last - 1;
    last &= last - 1;
    return (nondigits & (last ^ (last - 1))) * SCAN_MULTIPLIER;
}

static ALWAYS_INLINE scan_quad IMPL(read_quad)(const char *dot, uint32_t key, uint8_t *out) {
    /* The lowest two bits of the key are those of the non-digits. */
    const unsigned width = (unsigned)__builtin_clz((key & 3) << 1 | 1) - 28;
    const scan_layout *layout = &simdinet_scan_layouts[key >> 24];
    const __m128i lanes =
        _mm_shuffle_epi8(IMPL(digits_around)(dot), v128_load_aligned(layout->shuffle));
    const __m128i distance = _mm_sub_epi32(lanes, v128_load_aligned(layout->low));
    const __m128i wrong =
        _mm_cmpgt_epi32(distance, v128_load_aligned(simdinet_scan_constants.octet_range));
    IMPL(store_octets)(lanes, out);
    const uint32_t invalid =
        (layout->key ^ key) | (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(wrong));
    const uint32_t head = invalid ? (uint32_t)4 << 16 : layout->head;
    return (scan_quad){dot - width, head & 0xffff, head};
}

static inline uint32_t IMPL(find_set)(const char *text, const scan_set *set) {
    const __m128i half = v128_load_aligned(simdinet_scan_constants.low_nibble);
    const __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), half);
    const __m128i low = _mm_and_si128(bytes, half);
    const __m128i bits = _mm_and_si128(
        _mm_shuffle_epi8(v128_load_aligned(set->by_low_nibble), low),
        _mm_shuffle_epi8(v128_load_aligned(simdinet_scan_constants.bit_of_high_nibble), high));
    const __m128i others = _mm_cmpeq_epi8(bits, _mm_setzero_si128());
    return ~(uint32_t)_mm_movemask_epi8(others) & 0xffff;
}

#endif
