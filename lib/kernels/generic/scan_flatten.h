/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_flatten.h - the bits of a mask to a list of positions, for machines that count bits and find the
 * lowest one in an instruction.
 */
#ifndef SIMDINET_SCAN_FLATTEN_H
#define SIMDINET_SCAN_FLATTEN_H

#include "impl.h"
#include "kernels/kernel.h"
#include "scan_candidate.h"
#include "scan_thin.h"

/* The position of the first bit of a word of candidates. */
REQUIRES size_t IMPL(position_of_word)(size_t word);

/* Two positions for each word that has candidates, since few have more: without a branch on the bits,
 * which are random to a branch predictor. */
static ALWAYS_INLINE size_t IMPL(flatten)(simdinet_scan_chunk *chunk, uint16_t *positions) {
    const uint16_t *const last = positions + (SIMDINET_SCAN_BATCH - 32);
    uint16_t *out = positions;
    size_t k = chunk->next_full;
    for (; k < chunk->n_full && out <= last; k++) {
        const size_t word = IMPL(position_of_word)(chunk->full[k]);
        uint64_t first = chunk->candidates[chunk->full[k]], second = clear_lowest(first);
        uint64_t rest = clear_lowest(second);
        if (UNLIKELY(rest != 0) && count_ones(first) >= DENSE_WORD) {
            first = IMPL(thin)(chunk, word, first);
            if (first == 0)
                continue;
            second = clear_lowest(first);
            rest = clear_lowest(second);
        }
        out[0] = position_of_lowest_bit(first, word);
        out[1] = position_of_lowest_bit(second | UINT64_C(1) << 63, word); /* 0 has none */
        uint16_t *more = out + 2;
        for (; UNLIKELY(rest != 0); rest = clear_lowest(rest))
            *more++ = position_of_lowest_bit(rest, word);
        out += count_ones(first);
    }
    chunk->next_full = k;
    return (size_t)(out - positions);
}

#endif
