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

/*
 * First a list of the words that have bits, then two positions for each of them, since few have more.
 * Neither step branches on the bits, which are random to a branch predictor. For machines that count
 * bits and find the lowest one in an instruction.
 */
static inline size_t IMPL(flatten)(const uint64_t *candidates, size_t words, uint16_t *out) {
    const uint16_t *const begin = out;
    uint16_t full[SIMDINET_SCAN_MASK_WORDS + 1];
    size_t count = 0;
    for (size_t i = 1; i < words; i++) {
        full[count] = (uint16_t)i;
        count += candidates[i] != 0;
    }
    for (size_t k = 0; k < count; k++) {
        const size_t i = full[k];
        const uint64_t first = candidates[i], second = first & (first - 1);
        out[0] = position_of_lowest_bit(first, i);
        out[1] = position_of_lowest_bit(second | UINT64_C(1) << 63, i); /* 0 has no lowest bit */
        uint16_t *more = out + 2;
        for (uint64_t rest = second & (second - 1); UNLIKELY(rest != 0); rest &= rest - 1)
            *more++ = position_of_lowest_bit(rest, i);
        out += __builtin_popcountll(first);
    }
    return (size_t)(out - begin);
}

#endif
