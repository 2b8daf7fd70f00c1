/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_parse_run.h - parses a run of hexadecimal digits and colons whose colons are known, as
 * parse_ipv6.h parses a text.
 */
#ifndef SIMDINET_SCAN_PARSE_RUN_H
#define SIMDINET_SCAN_PARSE_RUN_H

#include "parse_ipv6.h"

static ALWAYS_INLINE bool IMPL(parse_run)(const char *text, uint64_t colons, size_t len,
                                          uint8_t *out) {
    const uint64_t end = UINT64_C(1) << len;
    const unsigned count = count_ones(colons);
    ipv6_cut cut;
    const ipv6_order *order;
    v128_t address;
    if (UNLIKELY(!cut_tokens(text, colons | -end, count, &cut)) ||
        UNLIKELY(!find_order(colons, end, count, &order)) ||
        UNLIKELY(!IMPL(convert_tokens)(&cut, order, &address)))
        return false;
    v128_store(out, address);
    return true;
}

/* Colons are counted as if the last 32 bits were written "0:0": see parse_ipv6_embedded. */
static ALWAYS_INLINE bool IMPL(parse_embedded_run)(const char *text, uint64_t colons,
                                                   const uint8_t *octets, size_t len,
                                                   uint8_t *out) {
    (void)len;
    const unsigned start = highest_one(colons) + 1;
    const uint64_t all_colons = colons | UINT64_C(2) << start;
    const unsigned count = count_ones(all_colons);
    ipv6_cut cut;
    const ipv6_order *order;
    v128_t address;
    if (UNLIKELY(!cut_tokens(text, colons | -(UINT64_C(1) << start), count, &cut)) ||
        UNLIKELY(!find_order(all_colons, UINT64_C(8) << start, count, &order)) ||
        UNLIKELY(!IMPL(convert_tokens)(&cut, order, &address)))
        return false;
    v128_store(out, v128_set_lane3(address, load_u32(octets)));
    return true;
}

#endif
