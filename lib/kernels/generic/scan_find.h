/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_find.h - a chunk of text to candidate positions, for every vector width.
 *
 * The implementation classifies 64 bytes at a time into bit masks; candidates are bits that
 * arithmetic on the masks leaves set: in words of 64 bytes (scan_words.h), or of 48 (x86/scan_lanes.h).
 */
#ifndef SIMDINET_SCAN_FIND_H
#define SIMDINET_SCAN_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "impl.h"
#include "kernels/kernel.h"
#include "scan_candidate.h"

/* Classifies 64 bytes into word i of the masks of the chunk; without ipv6, into those of digits and dots. */
REQUIRES void IMPL(classify_into)(simdinet_scan_chunk *chunk, size_t i, const char *block,
                                  bool ipv6);

/* Prefetches text that is classified some blocks after this one, or nothing: see lines_ahead. */
REQUIRES void IMPL(prefetch_text)(const char *block);

/* Called before the masks of a chunk are computed, which have this many words. */
REQUIRES void IMPL(prepare_masks)(simdinet_scan_chunk *chunk, size_t words);

/* Sets the candidates of the chunk from its masks, which have this many words, and chunk->full. */
REQUIRES void IMPL(find_in_masks)(simdinet_scan_chunk *chunk, size_t words);

/* A block that is partly outside the text: bytes outside read as NUL. */
static ALWAYS_INLINE void IMPL(classify_edge)(simdinet_scan_chunk *chunk, size_t i, bool ipv6) {
    char block[64] = {0};
    /* The block is text[begin - 64 + 64 i, + 64), and only its start can lie below 0. */
    size_t from = chunk->begin + 64 * i;
    size_t skip = from < 64 ? 64 - from : 0;
    size_t start = from + skip - 64;
    if (start < chunk->len) {
        size_t size = 64 - skip;
        memcpy(block + skip, chunk->text + start,
               size < chunk->len - start ? size : chunk->len - start);
    }
    IMPL(classify_into)(chunk, i, block, ipv6);
}

static ALWAYS_INLINE void IMPL(classify_chunk)(simdinet_scan_chunk *chunk, size_t words,
                                               bool ipv6) {
    size_t i = 0;
    for (; chunk->begin + 64 * i < 64; i++)
        IMPL(classify_edge)(chunk, i, ipv6);
    const size_t whole = (chunk->len - chunk->begin) / 64 + 1;
    const size_t inside = whole < words ? whole : words;
    const char *block = chunk->text + chunk->begin + 64 * i - 64;
    for (; i < inside; i++, block += 64) {
        IMPL(prefetch_text)(block);
        IMPL(classify_into)(chunk, i, block, ipv6);
    }
    for (; i < words; i++)
        IMPL(classify_edge)(chunk, i, ipv6);
    store_classes(chunk, words, (scan_classes){0}, ipv6);
}

static void IMPL(find_candidates)(simdinet_scan_chunk *chunk) {
    const size_t size = chunk->end - chunk->begin, words = (size + 63) / 64 + 2;
    IMPL(prepare_masks)(chunk, words);
    if (chunk->families == SIMDINET_SCAN_FIND_IPV4)
        IMPL(classify_chunk)(chunk, words, false);
    else
        IMPL(classify_chunk)(chunk, words, true);
    IMPL(find_in_masks)(chunk, words);
    chunk->next_full = 0;
}

#endif
