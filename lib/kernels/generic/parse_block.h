/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * column_parse.h - many values in one call, by an implementation's own kernels for one address: what every implementation
 * can do, and what the faster kernels of an implementation are held to.
 */
#ifndef SIMDINET_COLUMN_PARSE_H
#define SIMDINET_COLUMN_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/kernel.h"

/* A negative length becomes a huge one, which no kernel takes for an address or looks at. The
 * difference of two offsets need not fit their own type, nor size_t where that has 32 bits. */
static inline size_t value_length(int32_t begin, int32_t end) {
    return end < begin ? SIZE_MAX : (size_t)end - (size_t)begin;
}

/* parse is a constant in every call, so that it is called directly or becomes part of the loop. */
static inline uint64_t parse_block_one_by_one(simdinet_parse_fn *parse, size_t size,
                                              const char *base, const int32_t *begin,
                                              const int32_t *end, size_t count, uint8_t *out) {
    uint64_t valid = 0;
    for (size_t i = 0; i < count; i++, out += size) {
        bool good = parse(base + begin[i], value_length(begin[i], end[i]), out);
        if (!good)
            memset(out, 0, size);
        valid |= (uint64_t)good << i;
    }
    return valid;
}

static inline uint64_t parse_mixed_one_by_one(simdinet_parse_fn *parse_ipv4,
                                              simdinet_parse_fn *parse_ipv6, const char *base,
                                              const int32_t *begin, const int32_t *end,
                                              size_t count, uint8_t *out, uint64_t *families) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint64_t valid = 0, ipv6 = 0;
    for (size_t i = 0; i < count; i++, out += 16) {
        const char *text = base + begin[i];
        size_t len = value_length(begin[i], end[i]);
        if (parse_ipv4(text, len, out + 12)) {
            memcpy(out, mapped, sizeof mapped);
            valid |= (uint64_t)1 << i;
        } else if (parse_ipv6(text, len, out)) {
            valid |= (uint64_t)1 << i;
            ipv6 |= (uint64_t)1 << i;
        } else {
            memset(out, 0, 16);
        }
    }
    *families = ipv6;
    return valid;
}

/* libc looks for the LF, and has vectors of its own for that. */
static inline size_t find_lines_portable(const char *text, size_t len, size_t count, int32_t *begin,
                                         int32_t *end, size_t *consumed) {
    size_t at = 0, lines = 0;
    while (lines < count && at < len) {
        const char *lf = memchr(text + at, '\n', len - at);
        if (!lf)
            break;
        size_t stop = (size_t)(lf - text);
        begin[lines] = (int32_t)at;
        end[lines++] = (int32_t)(stop - (stop > at && lf[-1] == '\r'));
        at = stop + 1;
    }
    *consumed = at;
    return lines;
}

/* For the implementations whose way through blocks is as fast as any. */
static inline size_t parse_ipv4_run_none(const char *text, size_t len, size_t capacity,
                                         uint8_t *out, size_t *consumed) {
    (void)text;
    (void)len;
    (void)capacity;
    (void)out;
    *consumed = 0;
    return 0;
}

#endif
