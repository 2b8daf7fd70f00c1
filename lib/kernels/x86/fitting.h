/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fitting.h - which values of a block a kernel can load whole, and copies of the block without the
 * others.
 */
#ifndef SIMDINET_X86_FITTING_H
#define SIMDINET_X86_FITTING_H

#include "kernels/generic/simd.h"
#include "kernels/kernel.h"
#include "lengths128.h"

/* Copies of the offsets of a block, in which a value that fits replaces the others. */
typedef struct IMPL(fitting_values) {
    int32_t begin[SIMDINET_BLOCK], end[SIMDINET_BLOCK];
} IMPL(fitting_values);

/* Returns a bit for each value whose window can be loaded, and one for each of those that must be
 * parsed by themselves, since their window would leave a page. All others are invalid. */
static ALWAYS_INLINE uint64_t IMPL(find_fitting)(const char *base, const int32_t *begin,
                                                 const int32_t *end, size_t n,
                                                 const value_window *w, uint64_t *alone) {
    const uint32_t page = (uint32_t)((uintptr_t)base & 4095);
    uint64_t fits = 0, near = 0;
    size_t i = 0;
    for (; i + VEC(lengths) <= n; i += VEC(lengths)) {
        uint32_t near_page_end;
        fits |= (uint64_t)VEC(fits)(begin + i, end + i, page, w, &near_page_end) << i;
        near |= (uint64_t)near_page_end << i;
    }
    for (; i < n; i++) {
        const size_t excess = value_length(begin[i], end[i]) - w->least[0];
        const bool crosses = ((page + (uint32_t)begin[i]) & 4095) > w->last[0];
        fits |= (uint64_t)(excess <= w->range[0] && !crosses) << i;
        near |= (uint64_t)(excess <= w->range[0] && crosses) << i;
    }
#if defined(SIMDINET_EXACT_LOADS)
    near |= fits;
    fits = 0;
#endif
    *alone = near;
    return fits;
}

/* Copies n values; fits has a bit for each that is kept, one at least. */
static ALWAYS_INLINE void IMPL(replace_misfits)(const int32_t *begin, const int32_t *end, size_t n,
                                                uint64_t fits, IMPL(fitting_values) * copy) {
    const unsigned fit = lowest_one(fits);
    size_t i = 0;
    for (; i + VEC(lengths) <= n; i += VEC(lengths)) {
        VEC(replace_offsets)(begin + i, fits >> i, begin[fit], copy->begin + i);
        VEC(replace_offsets)(end + i, fits >> i, end[fit], copy->end + i);
    }
    for (; i < n; i++) {
        copy->begin[i] = begin[fits >> i & 1 ? i : fit];
        copy->end[i] = end[fits >> i & 1 ? i : fit];
    }
}

#endif
