/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv6_block.h - a block of IPv6 values: lengths and pages are checked first, as vectors; then
 * all values that can be loaded whole are parsed without a branch on one. Those that may end in an
 * embedded IPv4 address, and those at the end of a page, are parsed by themselves.
 */
#ifndef SIMDINET_X86_PARSE_IPV6_BLOCK_H
#define SIMDINET_X86_PARSE_IPV6_BLOCK_H

#include "kernels/generic/simd.h"
#include "kernels/kernel.h"

REQUIRES bool IMPL(parse_ipv6)(const char *text, size_t len, uint8_t *out);
REQUIRES uint64_t IMPL(find_ipv6_windows)(const char *base, const int32_t *begin,
                                          const int32_t *end, size_t n, uint64_t *alone);
REQUIRES uint64_t IMPL(parse_ipv6_windows)(const char *base, const int32_t *begin,
                                           const int32_t *end, uint64_t chosen, uint64_t *undecided,
                                           uint8_t *out);

/* Clears the addresses of the values of a block that are not valid. */
static ALWAYS_INLINE void IMPL(clear_invalid)(uint64_t valid, size_t n, uint8_t *out) {
    for (uint64_t invalid = ~valid & first_bits(n); invalid; invalid &= invalid - 1)
        memset(out + 16 * lowest_one(invalid), 0, 16);
}

/* Parses the values of fits, which can be loaded whole. Returns a bit for each address. */
static OUT_OF_LINE uint64_t IMPL(parse_ipv6_fitting)(const char *base, const int32_t *begin,
                                                     const int32_t *end, uint64_t fits,
                                                     uint8_t *out) {
    uint64_t undecided;
    if (!fits)
        return 0;
    uint64_t valid = IMPL(parse_ipv6_windows)(base, begin, end, fits, &undecided, out);
    for (; undecided; undecided &= undecided - 1) {
        const unsigned i = lowest_one(undecided);
        const size_t len = value_length(begin[i], end[i]);
        valid |= (uint64_t)IMPL(parse_ipv6)(base + begin[i], len, out + 16 * i) << i;
    }
    return valid;
}

static uint64_t IMPL(parse_ipv6_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    uint64_t alone;
    if (n == 0)
        return 0;
    const uint64_t fits = IMPL(find_ipv6_windows)(base, begin, end, n, &alone);
    uint64_t valid = IMPL(parse_ipv6_fitting)(base, begin, end, fits, out);
    for (; alone; alone &= alone - 1) {
        const unsigned i = lowest_one(alone);
        const size_t len = value_length(begin[i], end[i]);
        valid |= (uint64_t)IMPL(parse_ipv6)(base + begin[i], len, out + 16 * i) << i;
    }
    IMPL(clear_invalid)(valid, n, out);
    return valid;
}

#endif
