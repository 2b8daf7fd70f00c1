/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_masks.h - where addresses may stand, by arithmetic on bit masks.
 *
 * The instruction set's part is to classify 64 bytes into masks, a bit a byte. What follows is the
 * same for all of them: an IPv4 address shows as three dots between digits with one to three bytes
 * from dot to dot; an IPv6 address as "::", or as six colons with one to four bytes from colon to
 * colon. Both are ANDs of shifted masks, so a byte that is part of nothing costs next to nothing.
 */
#ifndef SIMDINET_SCAN_MASKS_H
#define SIMDINET_SCAN_MASKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernel.h"

typedef struct scan_classes {
    uint64_t digits;
    uint64_t dots;
    uint64_t colons;
    uint64_t runs; /* hexadecimal digits and colons */
} scan_classes;

typedef scan_classes classify_fn(const char *block);

/* One block before the part, its own 64, and one behind it; a further one stays empty. */
enum { SCAN_BLOCKS = SIMDINET_SCAN_PART / 64 + 3 };

/* Two neighbouring words as one, shifted so that bit k comes to bit 0 of the lower one. */
static inline uint64_t shift_down(uint64_t low, uint64_t high, unsigned k) {
    return low >> k | high << (64 - k);
}

/* The dots that have another one of next two to four bytes behind them. */
static inline uint64_t followed_by_dot(uint64_t low, uint64_t high) {
    return shift_down(low, high, 2) | shift_down(low, high, 3) | shift_down(low, high, 4);
}

/* The colons of low that begin a chain of six, two to five bytes from one to the next. */
static inline uint64_t chains_of_six(uint64_t low, uint64_t high) {
    for (unsigned link = 0; link < 5; link++) {
        low &= shift_down(low, high, 2) | shift_down(low, high, 3) | shift_down(low, high, 4) |
               shift_down(low, high, 5);
        high &= high >> 2 | high >> 3 | high >> 4 | high >> 5;
    }
    return low;
}

/* A block that lies partly outside the text: what is outside reads as NUL. */
static inline scan_classes classify_edge(classify_fn *classify, const char *text, size_t len,
                                         size_t begin, size_t index) {
    char block[64] = {0};
    /* The block is text[begin - 64 + 64 index, + 64), and only its start can lie below 0. */
    size_t from = begin + 64 * index;
    size_t skip = from < 64 ? 64 - from : 0;
    size_t start = from + skip - 64;
    if (start < len) {
        size_t size = 64 - skip;
        memcpy(block + skip, text + start, size < len - start ? size : len - start);
    }
    return classify(block);
}

/* The run of runs[] around bit of word i. False when it is longer than 64 bytes to either side. */
static inline bool run_around(const uint64_t *runs, size_t i, unsigned bit,
                              simdinet_candidate *candidate) {
    uint64_t before = ~runs[i] & (((uint64_t)1 << bit) - 1);
    uint64_t after = ~runs[i] & (~(uint64_t)0 << bit);
    size_t first = i, last = i;
    if (before == 0) {
        before = ~runs[i - 1];
        first--;
    }
    if (after == 0) {
        after = ~runs[i + 1];
        last++;
    }
    if (before == 0 || after == 0)
        return false;
    candidate->begin = (uint32_t)(64 * first + 64 - (unsigned)__builtin_clzll(before));
    candidate->end = (uint32_t)(64 * last + (unsigned)__builtin_ctzll(after));
    return true;
}

static inline size_t find_candidates_by_masks(classify_fn *classify, const char *text, size_t begin,
                                              size_t end, size_t len,
                                              simdinet_candidate *candidates) {
    uint64_t digits[SCAN_BLOCKS], dots[SCAN_BLOCKS], colons[SCAN_BLOCKS], runs[SCAN_BLOCKS];
    const size_t blocks = (end - begin + 63) / 64;
    for (size_t i = 0; i < blocks + 2; i++) {
        bool whole = begin + 64 * i >= 64 && begin + 64 * i <= len;
        scan_classes classes = whole ? classify(text + begin + 64 * i - 64)
                                     : classify_edge(classify, text, len, begin, i);
        digits[i] = classes.digits;
        dots[i] = classes.dots;
        colons[i] = classes.colons;
        runs[i] = classes.runs;
    }
    digits[blocks + 2] = 0;

    /* From the last block back: a block's chains of dots go on in the next one. */
    uint64_t places4[SCAN_BLOCKS], pairs_behind = 0, dots_behind = 0;
    for (size_t i = blocks + 1; i > 0; i--) {
        uint64_t between = dots[i] & (digits[i] << 1 | digits[i - 1] >> 63) &
                           shift_down(digits[i], digits[i + 1], 1);
        uint64_t pairs = between & followed_by_dot(between, dots_behind);
        places4[i] = between & followed_by_dot(pairs, pairs_behind);
        dots_behind = between;
        pairs_behind = pairs;
    }

    simdinet_candidate *out = candidates;
    for (size_t i = 1; i <= blocks; i++) {
        uint64_t places6 = colons[i] & shift_down(colons[i], colons[i + 1], 1);
        if (__builtin_popcountll(colons[i]) + __builtin_popcountll(colons[i + 1]) >= 6)
            places6 |= chains_of_six(colons[i], colons[i + 1]);
        uint64_t places = places4[i] | places6;
        if (i == blocks && (end - begin) % 64 != 0)
            places &= ((uint64_t)1 << (end - begin) % 64) - 1;
        while (places) {
            unsigned bit = (unsigned)__builtin_ctzll(places);
            if (places4[i] >> bit & 1) {
                *out++ = (simdinet_candidate){.begin = (uint32_t)(64 * i + bit), .end = 0};
                places &= places - 1;
                continue;
            }
            out += run_around(runs, i, bit, out);
            /* On behind this run; an IPv4 tail begins in it, but its first dot stands behind. */
            uint64_t after = ~runs[i] & (~(uint64_t)0 << bit);
            places &= after ? ~(uint64_t)0 << __builtin_ctzll(after) : 0;
        }
    }
    return (size_t)(out - candidates);
}

#endif
