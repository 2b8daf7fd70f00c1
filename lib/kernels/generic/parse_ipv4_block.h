/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv4_block.h - a block of IPv4 values one after the other, for implementations without a
 * kernel for several.
 */
#ifndef SIMDINET_PARSE_IPV4_BLOCK_H
#define SIMDINET_PARSE_IPV4_BLOCK_H

#include "parse_block.h"

static uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    return IMPL(parse_one_by_one)(IMPL(parse_ipv4), 4, base, begin, end, n, out);
}

#endif
