/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv6_block.h - a block of IPv6 values, for implementations that parse them one by one.
 */
#ifndef SIMDINET_PARSE_IPV6_BLOCK_H
#define SIMDINET_PARSE_IPV6_BLOCK_H

#include "parse_block.h"

static uint64_t IMPL(parse_ipv6_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    return IMPL(parse_one_by_one)(IMPL(parse_ipv6), 16, base, begin, end, n, out);
}

#endif
