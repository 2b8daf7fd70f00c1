/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * find_lines.h - where lines begin and end, by memchr, which libc vectorizes.
 */
#ifndef SIMDINET_SCALAR_FIND_LINES_H
#define SIMDINET_SCALAR_FIND_LINES_H

#include "kernels/generic/impl.h"
#include "kernels/kernel.h"

#include <string.h>

static size_t IMPL(find_lines)(const char *text, size_t len, size_t n, int32_t *begin, int32_t *end,
                               size_t *consumed) {
    size_t at = 0, lines = 0;
    /* mutant survives: no line begins at len */
    while (lines < n && at < len) {
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

#endif
