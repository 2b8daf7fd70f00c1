/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_mixed_block.h - a block of values of both families, one after the other, by the
 * implementation's own parsers.
 */
#ifndef SIMDINET_PARSE_MIXED_BLOCK_H
#define SIMDINET_PARSE_MIXED_BLOCK_H

#include "parse_block.h"

static uint64_t IMPL(parse_mixed_block)(const char *base, const int32_t *begin, const int32_t *end,
                                        size_t n, uint8_t *out, uint64_t *families) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint64_t valid = 0, ipv6 = 0;
    for (size_t i = 0; i < n; i++, out += 16) {
        const char *text = base + begin[i];
        size_t len = value_length(begin[i], end[i]);
        if (IMPL(parse_ipv4)(text, len, out + 12)) {
            memcpy(out, mapped, sizeof mapped);
            valid |= (uint64_t)1 << i;
        } else if (IMPL(parse_ipv6)(text, len, out)) {
            valid |= (uint64_t)1 << i;
            ipv6 |= (uint64_t)1 << i;
        } else {
            memset(out, 0, 16);
        }
    }
    *families = ipv6;
    return valid;
}

#endif
