/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv4_lengths128.h - the lengths of the values of an IPv4 column, four at a time.
 */
#ifndef SIMDINET_X86_IPV4_LENGTHS128_H
#define SIMDINET_X86_IPV4_LENGTHS128_H

#include "simd128.h"

enum { v128_lengths = 4 };

/* Stores the first slot of each length from 8 to 15, or IPV4_NO_SLOT. Returns a bit for each value
 * that fits in two loads of eight bytes. */
static ALWAYS_INLINE uint32_t v128_ipv4_slots(const int32_t *begin, const int32_t *end,
                                              uint32_t *slot) {
    const __m128i begins = v128_load(begin), ends = v128_load(end);
    const __m128i excess =
        _mm_sub_epi32(_mm_sub_epi32(ends, begins), v128_load_aligned(simdinet_ipv4_lengths.eight));
    const __m128i within = _mm_cmpeq_epi32(
        _mm_min_epu32(excess, v128_load_aligned(simdinet_ipv4_lengths.seven)), excess);
    /* A difference that does not fit 32 bits is wrong in its top bit. */
    const __m128i fits = _mm_andnot_si128(_mm_cmpgt_epi32(begins, ends), within);
    v128_store(slot, _mm_or_si128(
                         _mm_and_si128(_mm_slli_epi32(excess, 6), fits),
                         _mm_andnot_si128(fits, v128_load_aligned(simdinet_ipv4_lengths.no_slot))));
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(fits));
}

/* Copies the offsets of values, and those of a value that fits for all others. Returns a bit for
 * each value of seven bytes. */
static ALWAYS_INLINE uint32_t v128_replace_misfits(const int32_t *begin, const int32_t *end,
                                                   const uint32_t *slot, int32_t begin_fit,
                                                   int32_t end_fit, int32_t *new_begin,
                                                   int32_t *new_end) {
    const __m128i begins = v128_load(begin), ends = v128_load(end);
    const __m128i misfits =
        _mm_cmpeq_epi32(v128_load(slot), v128_load_aligned(simdinet_ipv4_lengths.no_slot));
    const __m128i sevens = _mm_cmpeq_epi32(_mm_sub_epi32(ends, begins),
                                           v128_load_aligned(simdinet_ipv4_lengths.seven));
    v128_store(new_begin, _mm_blendv_epi8(begins, _mm_set1_epi32(begin_fit), misfits));
    v128_store(new_end, _mm_blendv_epi8(ends, _mm_set1_epi32(end_fit), misfits));
    return (uint32_t)_mm_movemask_ps(
        _mm_castsi128_ps(_mm_andnot_si128(_mm_cmpgt_epi32(begins, ends), sevens)));
}

#endif
