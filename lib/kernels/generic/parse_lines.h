/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_lines.h - IPv4 lines in blocks, for implementations without a faster kernel for lines.
 */
#ifndef SIMDINET_PARSE_LINES_H
#define SIMDINET_PARSE_LINES_H

#include "parse_block.h"

REQUIRES size_t IMPL(find_lines)(const char *text, size_t len, size_t n, int32_t *begin,
                                 int32_t *end, size_t *consumed);
REQUIRES uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t n, uint8_t *out);

static size_t IMPL(parse_ipv4_lines)(const char *text, size_t len, size_t capacity, uint8_t *out,
                                     uint64_t *valid, size_t *consumed, uint32_t *state) {
    (void)state;
    return IMPL(parse_lines_by_block)(IMPL(find_lines), IMPL(parse_ipv4_block), text, len, capacity,
                                      out, valid, consumed);
}

#endif
