/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_words.h - candidates by words of 64 bytes, one for each word of the masks.
 */
#ifndef SIMDINET_SCAN_WORDS_H
#define SIMDINET_SCAN_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "impl.h"
#include "kernels/kernel.h"
#include "scan_candidate.h"

/* Classifies 64 bytes. Without ipv6, colons and runs are unspecified. */
REQUIRES scan_classes IMPL(classify)(const char *block, bool ipv6);

/* Sets the candidates in words [1, words) of the masks: the dots that begin a chain of three; and adds
 * "::" and the colons that begin a chain of four. See scan_masks.h. */
REQUIRES void IMPL(find_dot_chains)(const simdinet_scan_chunk *chunk, size_t words,
                                    uint64_t *candidates);
REQUIRES void IMPL(find_colon_chains)(const simdinet_scan_chunk *chunk, size_t words,
                                      uint64_t *candidates);

/* Sets chunk->full to the indices of the words of candidates[1, words) that have bits, and returns how
 * many; the rest of it may be overwritten. */
REQUIRES size_t IMPL(list_full_words)(simdinet_scan_chunk *chunk, size_t words);

static ALWAYS_INLINE void IMPL(classify_into)(simdinet_scan_chunk *chunk, size_t i,
                                              const char *block, bool ipv6) {
    store_classes(chunk, i, IMPL(classify)(block, ipv6), ipv6);
}

static inline void IMPL(find_in_masks)(simdinet_scan_chunk *chunk, size_t words) {
    const size_t size = chunk->end - chunk->begin;
    uint64_t *const candidates = chunk->candidates;
    if (chunk->families & SIMDINET_SCAN_FIND_IPV4)
        IMPL(find_dot_chains)(chunk, words, candidates);
    else
        memset(candidates, 0, sizeof chunk->candidates);
    if (chunk->families & SIMDINET_SCAN_FIND_IPV6)
        IMPL(find_colon_chains)(chunk, words, candidates);
    if (size % 64 != 0)
        candidates[words - 2] &= ((uint64_t)1 << size % 64) - 1;
    chunk->n_full = IMPL(list_full_words)(chunk, words - 1);
}

/* The position of the first bit of a word. */
static inline size_t IMPL(position_of_word)(size_t word) {
    return 64 * word;
}

#endif
