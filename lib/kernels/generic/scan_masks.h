/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_masks.h - candidates by arithmetic on bit masks. An IPv4 address has three dots between digits,
 * with one to three bytes from dot to dot; an IPv6 address has "::", or four colons with one to four
 * bytes from colon to colon. Both are ANDs of shifted masks.
 *
 * Each step is a loop over the words of the chunk, without a branch and without a value carried from
 * one word to the next, so compilers vectorize it for any instruction set.
 */
#ifndef SIMDINET_SCAN_MASKS_H
#define SIMDINET_SCAN_MASKS_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "impl.h"
#include "kernels/kernel.h"
#include "scan_candidate.h"

/*
 * A step takes a mask and its neighbouring words as separate arrays, and is out of line: a compiler
 * that sees that one array is the other shifted by a word carries words from one iteration to the
 * next, and does not vectorize the loop (clang 14).
 */

/* The dots between digits. */
static OUT_OF_LINE void IMPL(dots_between_digits)(const uint64_t *dots, const uint64_t *before,
                                                  const uint64_t *digits, const uint64_t *after,
                                                  size_t n, uint64_t *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = dots[i] & shift_up(before[i], digits[i], 1) & shift_down(digits[i], after[i], 1);
}

/* Those of marks that have one of next two to four bytes after them. */
static OUT_OF_LINE void IMPL(followed_within_2_4)(const uint64_t *marks, const uint64_t *next,
                                                  const uint64_t *after, size_t n,
                                                  uint64_t *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = marks[i] & (shift_down(next[i], after[i], 2) | shift_down(next[i], after[i], 3) |
                             shift_down(next[i], after[i], 4));
}

/* The same, two to five bytes: two and three, and both again two bytes on. */
static OUT_OF_LINE void IMPL(followed_within_2_5)(const uint64_t *marks, const uint64_t *next,
                                                  const uint64_t *after, size_t n,
                                                  uint64_t *restrict out) {
    for (size_t i = 0; i < n; i++) {
        const uint64_t low = next[i] >> 2 | next[i] >> 3;
        const uint64_t high = after[i] << 59 | after[i] << 60;
        out[i] = marks[i] & (low | low >> 2 | high | high << 2);
    }
}

/* Drops dots that follow a number and its dot: the later chunk of a longer chain, such as an OID. */
static OUT_OF_LINE void IMPL(drop_later_dots)(const uint64_t *dots, const uint64_t *dots_before,
                                              const uint64_t *digits, const uint64_t *digits_before,
                                              size_t n, uint64_t *restrict chains) {
    for (size_t i = 0; i < n; i++)
        chains[i] &=
            ~(shift_up(dots_before[i], dots[i], 2) | shift_up(dots_before[i], dots[i], 3) |
              (shift_up(dots_before[i], dots[i], 4) & shift_up(digits_before[i], digits[i], 2)));
}

/*
 * Of chains and of "::", the first in each run, and in each word that the run reaches into: the sum
 * clears the first candidate of a run, because its carry goes on to the end of the run; a further one
 * stays, because it is added to a bit that the carry has cleared.
 */
static OUT_OF_LINE void IMPL(first_of_each_run)(const uint64_t *chains, const uint64_t *colons,
                                                const uint64_t *after, const uint64_t *runs,
                                                size_t n, uint64_t *restrict out) {
    for (size_t i = 0; i < n; i++) {
        const uint64_t candidates = chains[i] | (colons[i] & shift_down(colons[i], after[i], 1));
        out[i] |= candidates & ~(runs[i] + candidates);
    }
}

static inline void IMPL(prepare_masks)(simdinet_scan_chunk *chunk, size_t words) {
    (void)chunk;
    (void)words;
}

/* The dots between digits that begin a chain of three, two to four bytes from one to the next. */
static inline void IMPL(find_dot_chains)(const simdinet_scan_chunk *chunk, size_t words,
                                         uint64_t *chains) {
    uint64_t between[SIMDINET_SCAN_MASK_WORDS], pairs[SIMDINET_SCAN_MASK_WORDS];
    const uint64_t *digits = chunk->digits, *dots = chunk->dots;
    const size_t n = words - 1;
    between[0] = between[words] = pairs[words] = 0;
    IMPL(dots_between_digits)(dots + 1, digits, digits + 1, digits + 2, n, between + 1);
    IMPL(followed_within_2_4)(between + 1, between + 1, between + 2, n, pairs + 1);
    IMPL(followed_within_2_4)(between + 1, pairs + 1, pairs + 2, n, chains + 1);
    IMPL(drop_later_dots)(between + 1, between, digits + 1, digits, n, chains + 1);
}

/*
 * Adds "::", and chains of four colons. An address without "::" has at least six colons and a clock
 * time has two; four keep the mask arithmetic short and are rare elsewhere.
 */
static inline void IMPL(find_colon_chains)(const simdinet_scan_chunk *chunk, size_t words,
                                           uint64_t *candidates) {
    uint64_t two[SIMDINET_SCAN_MASK_WORDS], three[SIMDINET_SCAN_MASK_WORDS];
    const uint64_t *colons = chunk->colons;
    const size_t n = words - 1;
    two[words] = three[words] = 0;
    IMPL(followed_within_2_5)(colons + 1, colons + 1, colons + 2, n, two + 1);
    IMPL(followed_within_2_5)(colons + 1, two + 1, two + 2, n, three + 1);
    IMPL(followed_within_2_5)(colons + 1, three + 1, three + 2, n, two + 1);
    IMPL(first_of_each_run)(two + 1, colons + 1, colons + 2, chunk->runs + 1, n, candidates + 1);
}

/* Without a branch on the words, which are random to a branch predictor. */
static inline size_t IMPL(list_full_words)(simdinet_scan_chunk *chunk, size_t words) {
    size_t n = 0;
    for (size_t i = 1; i < words; i++) {
        chunk->full[n] = (uint8_t)i;
        n += chunk->candidates[i] != 0;
    }
    return n;
}

#endif
