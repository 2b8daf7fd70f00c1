/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_lanes.h - candidates by words of 48 bytes.
 *
 * A lane is 64 bits of a mask, from every 48th on. Bits 1 to 48 of it are decided: what decides them is
 * at most one byte before and 15 bytes after, in the same lane. So a shift is one instruction, where
 * words of 64 bytes take three, and all steps are done in registers.
 */
#ifndef SIMDINET_X86_SCAN_LANES_H
#define SIMDINET_X86_SCAN_LANES_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/generic/impl.h"
#include "kernels/generic/simd.h"
#include "kernels/kernel.h"
#include "kernels/tables/scan_tables.h"
#include "scan_lanes128.h"

/* gcc 12's -fanalyzer takes the number of lanes for the bits of one. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wanalyzer-shift-count-overflow"
#endif

/* The dots between digits that begin a chain of three, two to four bytes from one to the next, and do
 * not follow a number and its dot within the chunk: see scan_masks.h. */
static ALWAYS_INLINE void IMPL(dot_chains_in_lanes)(VEC(lanes) digits, VEC(lanes) dots,
                                                    VEC(lanes) chunk, VEC(lanes) * out) {
    const VEC(lanes) between = dots & digits << 1 & digits >> 1;
    const VEC(lanes) pairs = between & (between >> 2 | between >> 3 | between >> 4);
    const VEC(lanes) chains = between & (pairs >> 2 | pairs >> 3 | pairs >> 4);
    const VEC(lanes) before = between & chunk;
    *out = chains & ~(before << 2 | before << 3 | (before << 4 & digits << 2));
}

/* "::" and the colons that begin a chain of four, two to five bytes from one to the next: the first in
 * each run within the chunk, and in each lane that the run reaches into. */
static ALWAYS_INLINE void IMPL(colon_chains_in_lanes)(VEC(lanes) colons, VEC(lanes) runs,
                                                      VEC(lanes) chunk, VEC(lanes) * out) {
    VEC(lanes) chains = colons;
    for (int i = 0; i < 3; i++) {
        const VEC(lanes) near = chains >> 2 | chains >> 3;
        chains = colons & (near | near >> 2);
    }
    const VEC(lanes) all = (chains | (colons & colons >> 1)) & chunk;
    *out = all & ~(runs + all);
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic pop
#endif

static ALWAYS_INLINE void IMPL(find_in_lanes)(simdinet_scan_chunk *chunk, bool ipv4, bool ipv6) {
    enum { FIRST = 64 / LANE_BYTES, LANES = sizeof(VEC(lanes)) / sizeof(uint64_t) };
    uint64_t *const candidates = chunk->candidates;
    const size_t end = 64 + (chunk->end - chunk->begin); /* of the positions in the chunk */
    const size_t last = (end - 2) / LANE_BYTES;
    VEC(lanes) inside = ~(VEC(lanes)){0}; /* the chunk; the lanes end after it */
    size_t n = 0;
    inside[0] <<= 64 - LANE_BYTES * FIRST;
    for (size_t i = FIRST; i <= last; i += LANES) {
        const size_t byte = LANE_BYTES / 8 * i;
        VEC(lanes) found = {0}, colons = {0};
        if (ipv4)
            IMPL(dot_chains_in_lanes)
        (VEC(load_lanes)(chunk->digits, byte), VEC(load_lanes)(chunk->dots, byte), inside, &found);
        if (ipv6)
            IMPL(colon_chains_in_lanes)
        (VEC(load_lanes)(chunk->colons, byte), VEC(load_lanes)(chunk->runs, byte), inside, &colons);
        found |= colons;
        found &= inside & LANE_DECIDED;
        inside = ~(VEC(lanes)){0};
        if (i + LANES > last)
            DEFINED(found);
        memcpy(candidates + i, &found, sizeof found);
        n += VEC(list_lanes)(found, i, chunk->full + n);
    }
    candidates[last] &= (UINT64_C(1) << (end - LANE_BYTES * last)) - 1;
    while (n > 0 && (chunk->full[n - 1] > last || candidates[chunk->full[n - 1]] == 0))
        n--;
    chunk->n_full = n;
}

static void IMPL(find_in_masks)(simdinet_scan_chunk *chunk, size_t words) {
    (void)words;
    if (chunk->families == SIMDINET_SCAN_FIND_IPV4)
        IMPL(find_in_lanes)(chunk, true, false);
    else if (chunk->families == SIMDINET_SCAN_FIND_IPV6)
        IMPL(find_in_lanes)(chunk, false, true);
    else
        IMPL(find_in_lanes)(chunk, true, true);
}

static inline void IMPL(prepare_masks)(simdinet_scan_chunk *chunk, size_t words) {
    (void)chunk;
    (void)words;
}

static inline size_t IMPL(position_of_word)(size_t word) {
    return LANE_BYTES * word;
}

#endif
