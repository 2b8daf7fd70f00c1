/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * find_lines.h - where lines begin and end, 64 bytes at a time.
 */
#ifndef SIMDINET_FIND_LINES_H
#define SIMDINET_FIND_LINES_H

#include "kernels/kernel.h"
#include "simd.h"

/* Up to this many lines in 64 bytes take no mispredicted branch. */
/* mutant survives: the loop stores the others */
#define LINES_AT_ONCE 6

static size_t IMPL(find_lines)(const char *text, size_t len, size_t n, int32_t *begin, int32_t *end,
                               size_t *consumed) {
    const VEC(t) lf_bytes = VEC(splat)('\n'), cr_bytes = VEC(splat)('\r');
    size_t lines = 0, at = 0;
    /* mutant survives: each line is tested for a CR */
    bool any_cr = false;
    /* mutant survives: lines beyond n are dropped */
    for (; at < len && lines < n; at += 64) {
        /* mutant survives: the first byte is always replaced */
        char rest[64] = {0};
        const char *block = text + at;
        /* mutant survives: 64 bytes are copied */
        if (UNLIKELY(len - at < 64)) {
            memcpy(rest, block, len - at);
            block = rest;
        }
        uint64_t lf = VEC(find64)(block, lf_bytes);
        const size_t found = (size_t)__builtin_popcountll(lf);
        int32_t *stop = end + lines;
        any_cr |= VEC(contains64)(block, cr_bytes);
        lines += found;
        /* Stored unconditionally; the next block overwrites those past found. */
        for (size_t i = 0; i < LINES_AT_ONCE; i++) {
            stop[i] = (int32_t)at + VEC(lowest_one)(lf);
            lf &= lf - 1;
        }
        /* mutant survives: one more is stored than is used */
        for (size_t i = LINES_AT_ONCE; UNLIKELY(i < found); i++) {
            stop[i] = (int32_t)at + VEC(lowest_one)(lf);
            lf &= lf - 1;
        }
    }
    if (lines > n)
        lines = n;
    begin[0] = 0;
    for (size_t i = 0; i < lines; i++)
        begin[i + 1] = end[i] + 1;
    if (UNLIKELY(any_cr)) {
        for (size_t i = 0; i < lines; i++)
            end[i] -= end[i] > begin[i] && text[end[i] - 1] == '\r';
    }
    *consumed = (size_t)begin[lines];
    return lines;
}

#endif
