/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_block.h - blocks of values, one after the other, by the implementation's own parsers.
 */
#ifndef SIMDINET_PARSE_BLOCK_H
#define SIMDINET_PARSE_BLOCK_H

#include "bytes.h"
#include "impl.h"
#include "kernels/kernel.h"

REQUIRES bool IMPL(parse_ipv4)(const char *text, size_t len, uint8_t *out);
REQUIRES bool IMPL(parse_ipv6)(const char *text, size_t len, uint8_t *out);

/* parse is a constant in every call, so that it is called directly or inlined into the loop. */
static ALWAYS_INLINE uint64_t IMPL(parse_one_by_one)(simdinet_parse_fn *parse, size_t size,
                                                     const char *base, const int32_t *begin,
                                                     const int32_t *end, size_t n, uint8_t *out) {
    uint64_t valid = 0;
    for (size_t i = 0; i < n; i++, out += size) {
        bool good = parse(base + begin[i], value_length(begin[i], end[i]), out);
        if (!good)
            memset(out, 0, size);
        valid |= (uint64_t)good << i;
    }
    return valid;
}

/* The lines at the head of a text, a block of them at a time: simdinet_parse_lines_fn without
 * state. */
static ALWAYS_INLINE size_t IMPL(parse_lines_by_block)(simdinet_find_lines_fn *find_lines,
                                                       simdinet_parse_block_fn *parse_block,
                                                       const char *text, size_t len,
                                                       size_t capacity, uint8_t *out,
                                                       uint64_t *valid, size_t *consumed) {
    int32_t begin[SIMDINET_FIND_LINES_SIZE], end[SIMDINET_FIND_LINES_SIZE];
    size_t lines = 0, at = 0, found = SIMDINET_BLOCK;
    while (found == SIMDINET_BLOCK && lines < capacity) {
        const size_t left = capacity - lines;
        size_t used;
        found = find_lines(text + at, len - at, left < SIMDINET_BLOCK ? left : SIMDINET_BLOCK,
                           begin, end, &used);
        valid[lines / 64] = parse_block(text + at, begin, end, found, out + 4 * lines);
        lines += found;
        at += used;
    }
    *consumed = at;
    return lines;
}

#endif
