/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_chains.h - where addresses may stand, by arithmetic on bit masks of bytes: an IPv4 address
 * shows as three dots between digits with one to three bytes from dot to dot; an IPv6 address as
 * "::", or as four colons with one to four bytes from colon to colon. Both are ANDs of shifted
 * masks, so a byte that is part of nothing costs next to nothing.
 *
 * Each step is a loop of its own over the words of the part, without a branch or a value that one
 * word hands to the next: compilers make vector code of them, for any instruction set.
 */
#ifndef SIMDINET_SCAN_CHAINS_H
#define SIMDINET_SCAN_CHAINS_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "kernels/kernel.h"

/* Two neighbouring words as one, shifted so that bit k comes to bit 0 of the lower one. */
static inline uint64_t shift_down(uint64_t low, uint64_t high, unsigned k) {
    return low >> k | high << (64 - k);
}

static inline uint64_t shift_up(uint64_t low, uint64_t high, unsigned k) {
    return high << k | low >> (64 - k);
}

/*
 * The steps take a mask and its neighbouring words as arrays of their own, and stand out of line: a
 * compiler that sees that the one is the other moved by a word carries words from turn to turn, and
 * then makes no vector code of the loop (clang 14).
 */

/* The dots between digits. */
static OUT_OF_LINE void step_between(const uint64_t *dots, const uint64_t *before,
                                     const uint64_t *digits, const uint64_t *behind, size_t count,
                                     uint64_t *restrict out) {
    for (size_t i = 0; i < count; i++)
        out[i] = dots[i] & shift_up(before[i], digits[i], 1) & shift_down(digits[i], behind[i], 1);
}

/* Those of marks that have one of next two to four bytes behind them. */
static OUT_OF_LINE void step_four(const uint64_t *marks, const uint64_t *next,
                                  const uint64_t *behind, size_t count, uint64_t *restrict out) {
    for (size_t i = 0; i < count; i++)
        out[i] = marks[i] & (shift_down(next[i], behind[i], 2) | shift_down(next[i], behind[i], 3) |
                             shift_down(next[i], behind[i], 4));
}

/* The same, two to five bytes. */
static OUT_OF_LINE void step_five(const uint64_t *marks, const uint64_t *next,
                                  const uint64_t *behind, size_t count, uint64_t *restrict out) {
    for (size_t i = 0; i < count; i++)
        out[i] = marks[i] & (shift_down(next[i], behind[i], 2) | shift_down(next[i], behind[i], 3) |
                             shift_down(next[i], behind[i], 4) | shift_down(next[i], behind[i], 5));
}

/* Leaves out what follows a number and its dot: a later piece of a longer chain, an OID perhaps. */
static OUT_OF_LINE void step_first(const uint64_t *dots, const uint64_t *dots_before,
                                   const uint64_t *digits, const uint64_t *digits_before,
                                   size_t count, uint64_t *restrict chains) {
    for (size_t i = 0; i < count; i++)
        chains[i] &=
            ~(shift_up(dots_before[i], dots[i], 2) | shift_up(dots_before[i], dots[i], 3) |
              (shift_up(dots_before[i], dots[i], 4) & shift_up(digits_before[i], digits[i], 2)));
}

/*
 * Of chains and of "::", the first in each run and in each word that the run reaches into: the sum
 * clears the first place of a run, for its carry goes on to the end of the run; a further place
 * stays, since it meets a bit that the carry cleared.
 */
static OUT_OF_LINE void step_runs(const uint64_t *chains, const uint64_t *colons,
                                  const uint64_t *behind, const uint64_t *runs, size_t count,
                                  uint64_t *restrict out) {
    for (size_t i = 0; i < count; i++) {
        const uint64_t places = chains[i] | (colons[i] & shift_down(colons[i], behind[i], 1));
        out[i] |= places & ~(runs[i] + places);
    }
}

/* The dots between digits that begin a chain of three, two to four bytes from one to the next. */
static inline void find_chains_of_dots(const simdinet_scan_chunk *part, size_t words,
                                       uint64_t *chains) {
    uint64_t between[SIMDINET_SCAN_MASK_WORDS], pairs[SIMDINET_SCAN_MASK_WORDS];
    const uint64_t *digits = part->digits, *dots = part->dots;
    const size_t count = words - 1;
    between[0] = between[words] = pairs[words] = 0;
    step_between(dots + 1, digits, digits + 1, digits + 2, count, between + 1);
    step_four(between + 1, between + 1, between + 2, count, pairs + 1);
    step_four(between + 1, pairs + 1, pairs + 2, count, chains + 1);
    step_first(between + 1, between, digits + 1, digits, count, chains + 1);
}

/*
 * Adds the places of colons: "::", and chains of four. An address without "::" has six, but a clock
 * time has two: four are few enough to be rare.
 */
static inline void find_chains_of_colons(const simdinet_scan_chunk *part, size_t words,
                                         uint64_t *places) {
    uint64_t two[SIMDINET_SCAN_MASK_WORDS], three[SIMDINET_SCAN_MASK_WORDS];
    const uint64_t *colons = part->colons;
    const size_t count = words - 1;
    two[words] = three[words] = 0;
    step_five(colons + 1, colons + 1, colons + 2, count, two + 1);
    step_five(colons + 1, two + 1, two + 2, count, three + 1);
    step_five(colons + 1, three + 1, three + 2, count, two + 1);
    step_runs(two + 1, colons + 1, colons + 2, part->runs + 1, count, places + 1);
}

#endif
