/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv4_lengths256.h - the lengths of the values of an IPv4 column, eight at a time.
 */
#ifndef SIMDINET_X86_IPV4_LENGTHS256_H
#define SIMDINET_X86_IPV4_LENGTHS256_H

#include "simd256.h"

enum { v256_lengths = 8 };

/* Stores the first slot of each length from 8 to 15, or IPV4_NO_SLOT. Returns a bit for each value
 * that fits in two loads of eight bytes. */
static ALWAYS_INLINE uint32_t v256_ipv4_slots(const int32_t *begin, const int32_t *end,
                                              uint32_t *slot) {
    const __m256i begins = v256_load(begin), ends = v256_load(end);
    const __m256i excess = _mm256_sub_epi32(_mm256_sub_epi32(ends, begins),
                                            v256_load_aligned(simdinet_ipv4_lengths.eight));
    const __m256i within = _mm256_cmpeq_epi32(
        _mm256_min_epu32(excess, v256_load_aligned(simdinet_ipv4_lengths.seven)), excess);
    /* A difference that does not fit 32 bits is wrong in its top bit. */
    const __m256i fits = _mm256_andnot_si256(_mm256_cmpgt_epi32(begins, ends), within);
    v256_store(slot, _mm256_or_si256(_mm256_and_si256(_mm256_slli_epi32(excess, 6), fits),
                                     _mm256_andnot_si256(
                                         fits, v256_load_aligned(simdinet_ipv4_lengths.no_slot))));
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(fits));
}

/* Copies the offsets of values, and those of a value that fits for all others. Returns a bit for
 * each value of seven bytes. */
static ALWAYS_INLINE uint32_t v256_replace_misfits(const int32_t *begin, const int32_t *end,
                                                   const uint32_t *slot, int32_t begin_fit,
                                                   int32_t end_fit, int32_t *new_begin,
                                                   int32_t *new_end) {
    const __m256i begins = v256_load(begin), ends = v256_load(end);
    const __m256i misfits =
        _mm256_cmpeq_epi32(v256_load(slot), v256_load_aligned(simdinet_ipv4_lengths.no_slot));
    const __m256i sevens = _mm256_cmpeq_epi32(_mm256_sub_epi32(ends, begins),
                                              v256_load_aligned(simdinet_ipv4_lengths.seven));
    v256_store(new_begin, _mm256_blendv_epi8(begins, _mm256_set1_epi32(begin_fit), misfits));
    v256_store(new_end, _mm256_blendv_epi8(ends, _mm256_set1_epi32(end_fit), misfits));
    return (uint32_t)_mm256_movemask_ps(
        _mm256_castsi256_ps(_mm256_andnot_si256(_mm256_cmpgt_epi32(begins, ends), sevens)));
}

#endif
