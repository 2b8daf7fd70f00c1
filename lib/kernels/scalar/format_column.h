/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_column.h - formats many addresses in plain C.
 *
 * If more addresses follow, the excess of a store falls into their space, so fragments are stored
 * directly to the text. The last address is formatted like a single one.
 */
#ifndef SIMDINET_SCALAR_FORMAT_COLUMN_H
#define SIMDINET_SCALAR_FORMAT_COLUMN_H

#include "format.h"
#include "kernels/generic/format_rest.h"

/* Four octets, each with a dot after it; 16 bytes may be overwritten. Returns the end. */
static inline char *format_octets_scalar(const uint8_t *address, char *p) {
    for (unsigned i = 0; i < 4; i++)
        p = format_fragment(p, SIMDINET_FORMAT_OCTET + (size_t)address[i]);
    return p;
}

static inline size_t format_ipv4_lines_scalar(const uint8_t *addresses, size_t n, char separator,
                                              char *text) {
    char *p = text;
    for (size_t i = 0; i < n; i++) {
        p = format_octets_scalar(addresses + 4 * i, p);
        p[-1] = separator;
    }
    return (size_t)(p - text);
}

static inline void format_ipv4_column_scalar(const uint8_t *addresses, size_t n, char *text,
                                             int32_t *offsets) {
    char *p = text + offsets[0];
    size_t i = 0;
    for (; i + 1 < n; i++) {
        p = format_octets_scalar(addresses + 4 * i, p) - 1;
        offsets[i + 1] = (int32_t)(p - text);
    }
    format_column_last(format_ipv4_scalar, 4, addresses, i, n, text, offsets);
}

static inline size_t format_ipv6_lines_scalar(const uint8_t *addresses, size_t n, char separator,
                                              char *text) {
    char *p = text;
    size_t i = 0;
    for (; i + 1 < n; i++) {
        p = format_groups_scalar(addresses + 16 * i, p);
        p[-1] = separator;
    }
    p = format_lines_rest(format_ipv6_scalar, 16, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void format_ipv6_column_scalar(const uint8_t *addresses, size_t n, char *text,
                                             int32_t *offsets) {
    char *p = text + offsets[0];
    size_t i = 0;
    for (; i + 1 < n; i++) {
        p = format_groups_scalar(addresses + 16 * i, p) - 1;
        offsets[i + 1] = (int32_t)(p - text);
    }
    format_column_last(format_ipv6_scalar, 16, addresses, i, n, text, offsets);
}

#endif
