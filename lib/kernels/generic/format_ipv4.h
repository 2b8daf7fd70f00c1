/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_ipv4.h - formats one IPv4 address: all digits at fixed positions, then a shuffle selected
 * by the number of digits of each octet.
 */
#ifndef SIMDINET_FORMAT_IPV4_H
#define SIMDINET_FORMAT_IPV4_H

#include "kernels/tables/format_tables.h"
#include "simd.h"

static inline size_t IMPL(format_ipv4)(const uint8_t *address, char *out) {
    const v128_t lanes = v128_load_octets(address);
    size_t digits;
    const unsigned widths = v128_octet_widths(lanes, &digits);
    const v128_t text = v128_shuffle(v128_octet_text(lanes, v128_separators('\0')),
                                     v128_load(simdinet_format_octet_shuffles[widths]));
    const size_t len = 7 + digits;
    v128_store_low(out, text);
    v128_store_high(out + len - 7, text);
    return len;
}

#endif
