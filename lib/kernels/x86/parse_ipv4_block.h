/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv4_block.h - a block of IPv4 values, four at a time, for SSE4.2 and AVX2.
 */
#ifndef SIMDINET_X86_PARSE_IPV4_BLOCK_H
#define SIMDINET_X86_PARSE_IPV4_BLOCK_H

#include "ipv4_four.h"
#include "kernels/generic/impl.h"

static uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    uint64_t invalid = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const unsigned some = parse_four_ipv4(base, begin + i, end + i, out + 4 * i);
        if (UNLIKELY(some != 0)) {
            invalid |= (uint64_t)some << i;
        }
    }
    uint64_t valid = i > 0 ? ~invalid & UINT64_MAX >> (64 - i) : 0;
    if (i < n) {
        valid |=
            parse_last_ipv4(IMPL(parse_ipv4_block), base, begin + i, end + i, n - i, out + 4 * i)
            << i;
    }
    return valid;
}

#endif
