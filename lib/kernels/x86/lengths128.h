/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lengths128.h - the lengths of the values of a block, four at a time.
 */
#ifndef SIMDINET_X86_LENGTHS128_H
#define SIMDINET_X86_LENGTHS128_H

#include "simd128.h"

enum { v128_lengths = 4 };

/* Of end - begin - least, all ones where it is at most range and the value does not end before it
 * begins: the difference of such offsets may be anything. */
static ALWAYS_INLINE __m128i v128_within(__m128i begins, __m128i ends, __m128i excess,
                                         const uint32_t *range) {
    const __m128i least = _mm_min_epu32(excess, v128_load_aligned(range));
    return _mm_andnot_si128(_mm_cmpgt_epi32(begins, ends), _mm_cmpeq_epi32(least, excess));
}

static ALWAYS_INLINE uint32_t v128_bits32(__m128i lanes) {
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(lanes));
}

/* Stores the first slot of each length from 8 to 15, or IPV4_NO_SLOT. Returns a bit for each value
 * of such a length. */
static ALWAYS_INLINE uint32_t v128_ipv4_slots(const int32_t *begin, const int32_t *end,
                                              uint32_t *slot) {
    const block_lengths *c = &simdinet_block_lengths;
    const __m128i begins = v128_load(begin), ends = v128_load(end);
    const __m128i excess =
        _mm_sub_epi32(_mm_sub_epi32(ends, begins), v128_load_aligned(c->ipv4_least));
    const __m128i fits = v128_within(begins, ends, excess, c->ipv4_range);
    const __m128i none = _mm_andnot_si128(fits, v128_load_aligned(c->no_slot));
    v128_store(slot, _mm_or_si128(_mm_and_si128(_mm_slli_epi32(excess, 6), fits), none));
    return v128_bits32(fits);
}

/* Returns a bit for each value of a length of w whose window lies in its page, and another for those
 * whose window does not; page is the position of the base in its page. */
static ALWAYS_INLINE uint32_t v128_fits(const int32_t *begin, const int32_t *end, uint32_t page,
                                        const value_window *w, uint32_t *near_page_end) {
    const __m128i begins = v128_load(begin), ends = v128_load(end);
    const __m128i excess = _mm_sub_epi32(_mm_sub_epi32(ends, begins), v128_load_aligned(w->least));
    const __m128i within = v128_within(begins, ends, excess, w->range);
    const __m128i in_page = _mm_and_si128(_mm_add_epi32(begins, _mm_set1_epi32((int)page)),
                                          v128_load_aligned(simdinet_block_lengths.page_mask));
    const __m128i crosses = _mm_cmpgt_epi32(in_page, v128_load_aligned(w->last));
    *near_page_end = v128_bits32(_mm_and_si128(crosses, within));
    return v128_bits32(_mm_andnot_si128(crosses, within));
}

/* Returns a bit for each value of seven bytes. */
static ALWAYS_INLINE uint32_t v128_seven_bytes(const int32_t *begin, const int32_t *end) {
    const __m128i begins = v128_load(begin), ends = v128_load(end);
    const __m128i sevens = _mm_cmpeq_epi32(_mm_sub_epi32(ends, begins),
                                           v128_load_aligned(simdinet_block_lengths.ipv4_range));
    return v128_bits32(_mm_andnot_si128(_mm_cmpgt_epi32(begins, ends), sevens));
}

/* Copies offsets; those of values whose bit is not set in kept are replaced. */
static ALWAYS_INLINE void v128_replace_offsets(const int32_t *from, uint64_t kept,
                                               int32_t replacement, int32_t *to) {
    const __m128i bit = v128_load_aligned(simdinet_block_lengths.bit);
    const __m128i keep =
        _mm_cmpeq_epi32(_mm_and_si128(_mm_set1_epi32((int)(uint32_t)kept), bit), bit);
    v128_store(to, _mm_blendv_epi8(_mm_set1_epi32(replacement), v128_load(from), keep));
}

#endif
