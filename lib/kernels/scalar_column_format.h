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

#include "kernel.h"
#include "scalar_format.h"

/* Four octets, each with a dot behind it; 16 bytes may be overwritten. Returns the end. */
static inline char *format_octets_scalar(const uint8_t *address, char *p) {
    for (unsigned i = 0; i < 4; i++)
        p = format_piece(p, SIMDINET_FORMAT_OCTET + (size_t)address[i]);
    return p;
}

/* The single address has a NUL where the separator belongs: as many bytes. */
static inline size_t format_ipv4_lines_scalar(const uint8_t *addresses, size_t n, char separator,
                                              char *text) {
    char *p = text;
    for (size_t i = 0; i < n; i++) {
        p = format_octets_scalar(addresses + 4 * i, p);
        p[-1] = separator;
    }
    return (size_t)(p - text);
}

static inline size_t format_ipv6_lines_scalar(const uint8_t *addresses, size_t n, char separator,
                                              char *text) {
    char *p = text;
    for (size_t i = 0; i < n; i++) {
        p += format_ipv6_scalar(addresses + 16 * i, p);
        *p++ = separator;
    }
    return (size_t)(p - text);
}

/* For the last address of a column, behind which there is no room for a NUL. */
static inline int32_t format_last(simdinet_format_fn *format, const uint8_t *address, char *p) {
    char last[48];
    size_t len = format(address, last);
    memcpy(p, last, len);
    return (int32_t)len;
}

static inline void format_ipv4_column_scalar(const uint8_t *addresses, size_t n, char *text,
                                             int32_t *offsets) {
    if (n == 0)
        return;
    char *p = text + offsets[0];
    for (size_t i = 0; i < n - 1; i++) {
        p = format_octets_scalar(addresses + 4 * i, p) - 1;
        offsets[i + 1] = (int32_t)(p - text);
    }
    offsets[n] = offsets[n - 1] + format_last(format_ipv4_scalar, addresses + 4 * (n - 1), p);
}

static inline void format_ipv6_column_scalar(const uint8_t *addresses, size_t n, char *text,
                                             int32_t *offsets) {
    if (n == 0)
        return;
    char *p = text + offsets[0];
    for (size_t i = 0; i < n - 1; i++) {
        p += format_ipv6_scalar(addresses + 16 * i, p);
        offsets[i + 1] = (int32_t)(p - text);
    }
    offsets[n] = offsets[n - 1] + format_last(format_ipv6_scalar, addresses + 16 * (n - 1), p);
}

#endif
