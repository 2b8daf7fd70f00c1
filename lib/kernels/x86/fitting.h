/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fitting.h - which values of a block a kernel can load whole, and copies of the values without the
 * others.
 */
#ifndef SIMDINET_X86_FITTING_H
#define SIMDINET_X86_FITTING_H

#include "kernels/generic/simd.h"
#include "kernels/kernel.h"
#include "lengths.h"

/* Returns a bit for each value whose window can be loaded, and one for each of those that must be
 * parsed by themselves, since their window would leave a page. All others are invalid. */
static ALWAYS_INLINE uint64_t IMPL(find_fitting)(const char *base, const int32_t *begin,
                                                 const int32_t *end, size_t n,
                                                 const value_window *w, uint64_t *alone) {
    const uint32_t page = (uint32_t)((uintptr_t)base & 4095);
    uint64_t fits = 0, near = 0;
    size_t i = 0;
    for (; i + IMPL(lengths) <= n; i += IMPL(lengths)) {
        uint32_t near_page_end;
        fits |= (uint64_t)IMPL(window_fits)(begin + i, end + i, page, w, &near_page_end) << i;
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

/* The values of a part: with 16, a block of which half is invalid took 8 % more time
 * (AVX2, Zen 3). */
#define FITTING_VALUES 32

/* Copies of the offsets of a part of a block, in which a value that fits replaces the others. */
typedef struct IMPL(fitting_values) {
    int32_t begin[FITTING_VALUES], end[FITTING_VALUES];
} IMPL(fitting_values);

/* Copies FITTING_VALUES values from first on, or up to n, and returns how many; fits has a bit for each value of
 * the block that is kept, one at least. The copy is filled to a multiple of what a vector of lengths
 * has. */
static ALWAYS_INLINE size_t IMPL(replace_misfits)(const int32_t *begin, const int32_t *end,
                                                  size_t n, size_t first, uint64_t fits,
                                                  IMPL(fitting_values) * copy) {
    const int32_t fit_begin = begin[lowest_one(fits)], fit_end = end[lowest_one(fits)];
    const size_t size = n - first < FITTING_VALUES ? n - first : FITTING_VALUES;
    size_t i = 0;
    begin += first;
    end += first;
    fits >>= first;
    for (; i + IMPL(lengths) <= size; i += IMPL(lengths)) {
        IMPL(replace_offsets)(begin + i, fits >> i, fit_begin, copy->begin + i);
        IMPL(replace_offsets)(end + i, fits >> i, fit_end, copy->end + i);
    }
    for (; i < size; i++) {
        copy->begin[i] = fits >> i & 1 ? begin[i] : fit_begin;
        copy->end[i] = fits >> i & 1 ? end[i] : fit_end;
    }
    for (; i % IMPL(lengths); i++) {
        copy->begin[i] = fit_begin;
        copy->end[i] = fit_end;
    }
    return size;
}

#endif
