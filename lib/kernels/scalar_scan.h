/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar_scan.h - where addresses may stand, a byte at a time.
 */
#ifndef SIMDINET_SCALAR_SCAN_H
#define SIMDINET_SCALAR_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"
#include "scalar_parse.h"

/* What a byte does for the search: nothing, goes on with a run, or is a colon or a dot. */
enum { RUN_NONE, RUN_HEX, RUN_COLON, RUN_DOT };

static inline unsigned run_class(char c) {
    if (c == ':')
        return RUN_COLON;
    if (c == '.')
        return RUN_DOT;
    bool digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
    return digit || letter ? RUN_HEX : RUN_NONE;
}

static inline bool is_run(char c) {
    unsigned class = run_class(c);
    return class == RUN_HEX || class == RUN_COLON;
}

/* The dot two to four bytes behind the one at i, or 0. */
static inline size_t next_dot(const char *text, size_t i, size_t len) {
    for (size_t k = i + 2; k <= i + 4 && k < len; k++)
        if (text[k] == '.')
            return k;
    return 0;
}

static size_t find_candidates_scalar(const char *text, size_t begin, size_t end, size_t len,
                                     simdinet_candidate *candidates) {
    size_t count = 0;
    size_t origin = begin - SIMDINET_SCAN_MARGIN; /* may wrap, and wraps back */
    size_t i = begin;
    while (i < end) {
        unsigned here = run_class(text[i]);
        if (here == RUN_NONE) {
            i++;
            continue;
        }
        if (here == RUN_DOT) {
            size_t second = next_dot(text, i, len);
            if (second && next_dot(text, second, len))
                candidates[count++] = (simdinet_candidate){(uint32_t)(i - origin), 0};
            i++;
            continue;
        }
        /* Only the first run of the part may have begun before it. */
        size_t start = i;
        while (i == begin && start > 0 && i - start < 64 && is_run(text[start - 1]))
            start--;
        size_t run = start, colons = 0;
        bool gap = false;
        for (; run < len && run <= i + 64 && is_run(text[run]); run++) {
            gap |= text[run] == ':' && run > start && text[run - 1] == ':';
            colons += text[run] == ':';
        }
        if (gap || colons >= 6)
            candidates[count++] =
                (simdinet_candidate){(uint32_t)(start - origin), (uint32_t)(run - origin)};
        i = run;
    }
    return count;
}

static size_t parse_ipv4_prefix_scalar(const char *text, uint8_t *out) {
    size_t len = 0;
    for (unsigned nondigits = 0; len < 16; len++) {
        nondigits += text[len] < '0' || text[len] > '9';
        if (nondigits == 4)
            break;
    }
    return parse_ipv4_scalar(text, len, out) ? len : 0;
}

#endif
