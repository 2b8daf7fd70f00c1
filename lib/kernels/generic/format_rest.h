/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_rest.h - the last addresses of lines and columns, by the formatter of one address: the
 * kernels for many overwrite the space of the addresses that follow.
 */
#ifndef SIMDINET_FORMAT_REST_H
#define SIMDINET_FORMAT_REST_H

#include "bytes.h"
#include "kernels/kernel.h"

/* Lines: the separator replaces the NUL of a single address. */
static ALWAYS_INLINE char *format_lines_rest(simdinet_format_fn *format, size_t address_size,
                                             const uint8_t *addresses, size_t i, size_t n,
                                             char separator, char *p) {
    for (; i < n; i++) {
        p += format(addresses + address_size * i, p);
        *p++ = separator;
    }
    return p;
}

/* The last value of a column, if there is one left: no space for a NUL follows it. */
static ALWAYS_INLINE void format_column_last(simdinet_format_fn *format, size_t address_size,
                                             const uint8_t *addresses, size_t i, size_t n,
                                             char *text, int32_t *offsets) {
    if (i < n) {
        char last[48];
        size_t len = format(addresses + address_size * i, last);
        memcpy(text + offsets[i], last, len);
        offsets[n] = offsets[i] + (int32_t)len;
    }
}

/* The last values of a column. */
static ALWAYS_INLINE void format_column_rest(simdinet_format_fn *format, size_t address_size,
                                             const uint8_t *addresses, size_t i, size_t n,
                                             char *text, int32_t *offsets) {
    for (; i + 1 < n; i++)
        offsets[i + 1] =
            offsets[i] + (int32_t)format(addresses + address_size * i, text + offsets[i]);
    format_column_last(format, address_size, addresses, i, n, text, offsets);
}

#endif
