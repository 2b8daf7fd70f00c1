/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar_column_format.h - many addresses to text in plain C.
 *
 * Where more addresses follow, their room takes what is stored too much, so pieces go straight to
 * the text. The last address is written as a single one is.
 */
#ifndef SIMDINET_SCALAR_COLUMN_FORMAT_H
#define SIMDINET_SCALAR_COLUMN_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "format.h"
#include "kernels/kernel.h"

/* Four octets, each with a dot behind it; 16 bytes may be overwritten. Returns the end. */
static inline char *format_octets_scalar(const uint8_t *address, char *p) {
    for (unsigned i = 0; i < 4; i++)
        p = format_piece(p, SIMDINET_FORMAT_OCTET + (size_t)address[i]);
    return p;
}

/* The last addresses of lines, one by one. A single one has a NUL where the separator belongs. */
static inline char *format_lines_rest(simdinet_format_fn *format, size_t address_size,
                                      const uint8_t *addresses, size_t i, size_t n, char separator,
                                      char *p) {
    for (; i < n; i++) {
        p += format(addresses + address_size * i, p);
        *p++ = separator;
    }
    return p;
}

/* The last row of a column, if there is any: behind it there is no room for a NUL. */
static inline void format_column_last(simdinet_format_fn *format, size_t address_size,
                                      const uint8_t *addresses, size_t i, size_t n, char *text,
                                      int32_t *offsets) {
    if (i < n) {
        char last[48];
        size_t len = format(addresses + address_size * i, last);
        memcpy(text + offsets[i], last, len);
        offsets[n] = offsets[i] + (int32_t)len;
    }
}

/* The last rows of a column. */
static inline void format_column_rest(simdinet_format_fn *format, size_t address_size,
                                      const uint8_t *addresses, size_t i, size_t n, char *text,
                                      int32_t *offsets) {
    for (; i + 1 < n; i++)
        offsets[i + 1] =
            offsets[i] + (int32_t)format(addresses + address_size * i, text + offsets[i]);
    format_column_last(format, address_size, addresses, i, n, text, offsets);
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
