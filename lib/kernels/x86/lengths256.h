/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lengths256.h - the lengths of the values of a block, eight at a time.
 */
#ifndef SIMDINET_X86_LENGTHS256_H
#define SIMDINET_X86_LENGTHS256_H

#include "simd256.h"

enum { v256_lengths = 8 };

/* Of end - begin - least, all ones where it is at most range and the value does not end before it
 * begins: the difference of such offsets may be anything. */
static ALWAYS_INLINE __m256i v256_within(__m256i begins, __m256i ends, __m256i excess,
                                         const uint32_t *range) {
    const __m256i least = _mm256_min_epu32(excess, v256_load_aligned(range));
    return _mm256_andnot_si256(_mm256_cmpgt_epi32(begins, ends), _mm256_cmpeq_epi32(least, excess));
}

static ALWAYS_INLINE uint32_t v256_bits32(__m256i lanes) {
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(lanes));
}

/* Stores the first slot of each length from 8 to 15, or IPV4_NO_SLOT. Returns a bit for each value
 * of such a length. */
static ALWAYS_INLINE uint32_t v256_ipv4_slots(const int32_t *begin, const int32_t *end,
                                              uint32_t *slot) {
    const block_lengths *c = &simdinet_block_lengths;
    const __m256i begins = v256_load(begin), ends = v256_load(end);
    const __m256i excess =
        _mm256_sub_epi32(_mm256_sub_epi32(ends, begins), v256_load_aligned(c->ipv4_least));
    const __m256i fits = v256_within(begins, ends, excess, c->ipv4_range);
    const __m256i none = _mm256_andnot_si256(fits, v256_load_aligned(c->no_slot));
    v256_store(slot, _mm256_or_si256(_mm256_and_si256(_mm256_slli_epi32(excess, 6), fits), none));
    return v256_bits32(fits);
}

/* Returns a bit for each value of a length of w whose window lies in its page, and another for those
 * whose window does not; page is the position of the base in its page. */
static ALWAYS_INLINE uint32_t v256_fits(const int32_t *begin, const int32_t *end, uint32_t page,
                                        const value_window *w, uint32_t *near_page_end) {
    const __m256i begins = v256_load(begin), ends = v256_load(end);
    const __m256i excess =
        _mm256_sub_epi32(_mm256_sub_epi32(ends, begins), v256_load_aligned(w->least));
    const __m256i within = v256_within(begins, ends, excess, w->range);
    const __m256i in_page = _mm256_and_si256(_mm256_add_epi32(begins, _mm256_set1_epi32((int)page)),
                                             v256_load_aligned(simdinet_block_lengths.page_mask));
    const __m256i crosses = _mm256_cmpgt_epi32(in_page, v256_load_aligned(w->last));
    *near_page_end = v256_bits32(_mm256_and_si256(crosses, within));
    return v256_bits32(_mm256_andnot_si256(crosses, within));
}

/* Returns a bit for each value of seven bytes. */
static ALWAYS_INLINE uint32_t v256_seven_bytes(const int32_t *begin, const int32_t *end) {
    const __m256i begins = v256_load(begin), ends = v256_load(end);
    const __m256i sevens = _mm256_cmpeq_epi32(_mm256_sub_epi32(ends, begins),
                                              v256_load_aligned(simdinet_block_lengths.ipv4_range));
    return v256_bits32(_mm256_andnot_si256(_mm256_cmpgt_epi32(begins, ends), sevens));
}

/* Copies offsets; those of values whose bit is not set in kept are replaced. */
static ALWAYS_INLINE void v256_replace_offsets(const int32_t *from, uint64_t kept,
                                               int32_t replacement, int32_t *to) {
    const __m256i bit = v256_load_aligned(simdinet_block_lengths.bit);
    const __m256i keep =
        _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)(uint32_t)kept), bit), bit);
    v256_store(to, _mm256_blendv_epi8(_mm256_set1_epi32(replacement), v256_load(from), keep));
}

#endif
