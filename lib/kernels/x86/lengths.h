/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lengths.h - the lengths of the values of a block, as 32-bit lanes.
 */
#ifndef SIMDINET_X86_LENGTHS_H
#define SIMDINET_X86_LENGTHS_H

#include "kernels/generic/simd.h"

/* The values of a register. */
enum { IMPL(lengths) = sizeof(LANES(t)) / sizeof(int32_t) };

/* Of end - begin - least, all ones where it is at most range and the value does not end before it
 * begins: the difference of such offsets may be anything. */
static ALWAYS_INLINE LANES(t)
    IMPL(length_within)(LANES(t) begins, LANES(t) ends, LANES(t) excess, const uint32_t *range) {
    const LANES(t) least = LANES(min_u32)(excess, LANES(load_aligned)(range));
    return LANES(andnot)(LANES(gt32)(begins, ends), LANES(eq32)(least, excess));
}

/* All ones for each bit that is set. */
static ALWAYS_INLINE LANES(t) IMPL(lanes_of_bits)(uint64_t bits) {
    const LANES(t) bit = LANES(load_aligned)(simdinet_block_lengths.bit);
    return LANES(eq32)(LANES(and)(LANES(splat32)((uint32_t)bits), bit), bit);
}

/* Stores the first slot of each length from 8 to 15, or IPV4_NO_SLOT. Returns a bit for each value
 * of such a length. */
static ALWAYS_INLINE uint32_t IMPL(ipv4_slots)(const int32_t *begin, const int32_t *end,
                                               uint32_t *slot) {
    const value_window *w = &simdinet_block_lengths.ipv4_halves;
    const LANES(t) begins = LANES(load)(begin), ends = LANES(load)(end);
    const LANES(t) excess = LANES(sub32)(LANES(sub32)(ends, begins), LANES(load_aligned)(w->least));
    const LANES(t) fits = IMPL(length_within)(begins, ends, excess, w->range);
    const LANES(t) none = LANES(andnot)(fits, LANES(load_aligned)(simdinet_block_lengths.no_slot));
    LANES(store)(slot, LANES(or)(LANES(and)(LANES(shift_left32)(excess, 6), fits), none));
    return LANES(bits32)(fits);
}

/* Returns a bit for each value of a length of w whose window lies in its page, and another for those
 * whose window does not; page is the position of the base in its page. */
static ALWAYS_INLINE uint32_t IMPL(window_fits)(const int32_t *begin, const int32_t *end,
                                                uint32_t page, const value_window *w,
                                                uint32_t *near_page_end) {
    const LANES(t) begins = LANES(load)(begin), ends = LANES(load)(end);
    const LANES(t) excess = LANES(sub32)(LANES(sub32)(ends, begins), LANES(load_aligned)(w->least));
    const LANES(t) within = IMPL(length_within)(begins, ends, excess, w->range);
    const LANES(t) in_page = LANES(and)(LANES(add32)(begins, LANES(splat32)(page)),
                                        LANES(load_aligned)(simdinet_block_lengths.page_mask));
    const LANES(t) crosses = LANES(gt32)(in_page, LANES(load_aligned)(w->last));
    *near_page_end = LANES(bits32)(LANES(and)(crosses, within));
    return LANES(bits32)(LANES(andnot)(crosses, within));
}

/* Returns a bit for each value of seven bytes. */
static ALWAYS_INLINE uint32_t IMPL(seven_bytes)(const int32_t *begin, const int32_t *end) {
    const LANES(t) begins = LANES(load)(begin), ends = LANES(load)(end);
    const LANES(t) seven = LANES(load_aligned)(simdinet_block_lengths.ipv4.least);
    const LANES(t) sevens = LANES(eq32)(LANES(sub32)(ends, begins), seven);
    return LANES(bits32)(LANES(andnot)(LANES(gt32)(begins, ends), sevens));
}

/* Copies offsets; those of values whose bit is not set in kept are replaced. */
static ALWAYS_INLINE void IMPL(replace_offsets)(const int32_t *from, uint64_t kept,
                                                int32_t replacement, int32_t *to) {
    LANES(store)
    (to, LANES(blend)(LANES(splat32)((uint32_t)replacement), LANES(load)(from),
                      IMPL(lanes_of_bits)(kept)));
}

#endif
