/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lines.h - simdinet_parse_*_lines with all that a call returns and stores in one value.
 */
#ifndef LINES_H
#define LINES_H

#include "simdinet.h"

typedef struct lines_result {
    size_t n, n_valid, consumed;
} lines_result;

static inline lines_result parse_ipv4_lines(const char *text, size_t len, unsigned flags,
                                            size_t capacity, uint8_t *out, uint8_t *validity) {
    lines_result r;
    r.consumed =
        simdinet_parse_ipv4_lines(text, len, flags, capacity, out, validity, &r.n, &r.n_valid);
    return r;
}

static inline lines_result parse_ipv6_lines(const char *text, size_t len, unsigned flags,
                                            size_t capacity, uint8_t *out, uint8_t *validity) {
    lines_result r;
    r.consumed =
        simdinet_parse_ipv6_lines(text, len, flags, capacity, out, validity, &r.n, &r.n_valid);
    return r;
}

static inline lines_result parse_mixed_lines(const char *text, size_t len, unsigned flags,
                                             size_t capacity, uint8_t *out, uint8_t *validity,
                                             uint8_t *families) {
    lines_result r;
    r.consumed = simdinet_parse_mixed_lines(text, len, flags, capacity, out, validity, families,
                                            &r.n, &r.n_valid);
    return r;
}

#endif
