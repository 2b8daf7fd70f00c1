/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_blocks.h - the blocks and lines of the SSE4.2 and AVX2 implementations, each with its own compile flags.
 */
#ifndef SIMDINET_X86_BLOCKS_H
#define SIMDINET_X86_BLOCKS_H

#include "kernels/generic/parse_block.h"
#include "lines.h"
#include "parse.h"
#include "parse_column.h"

static uint64_t parse_ipv4_block_sse_avx2(const char *base, const int32_t *begin,
                                          const int32_t *end, size_t count, uint8_t *out) {
    return parse_ipv4_block_x86(parse_ipv4_block_sse_avx2, base, begin, end, count, out);
}

static uint64_t parse_ipv6_block_sse_avx2(const char *base, const int32_t *begin,
                                          const int32_t *end, size_t count, uint8_t *out) {
    return parse_block_one_by_one(parse_ipv6_x86, 16, base, begin, end, count, out);
}

static size_t find_lines_sse_avx2(const char *text, size_t len, size_t count, int32_t *begin,
                                  int32_t *end, size_t *consumed) {
    return find_lines_x86(text, len, count, begin, end, consumed);
}

static uint64_t parse_mixed_block_sse_avx2(const char *base, const int32_t *begin,
                                           const int32_t *end, size_t count, uint8_t *out,
                                           uint64_t *families) {
    return parse_mixed_one_by_one(parse_ipv4_x86, parse_ipv6_x86, base, begin, end, count, out,
                                  families);
}

#endif
