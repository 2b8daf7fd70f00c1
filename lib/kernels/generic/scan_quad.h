/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_quad.h - read_quad by read_octets.
 */
#ifndef SIMDINET_SCAN_QUAD_H
#define SIMDINET_SCAN_QUAD_H

#include "impl.h"
#include "scan_candidate.h"

/* See scan_verify_ipv4.h. */
REQUIRES size_t IMPL(read_octets)(const char *text, uint8_t *out, bool *valid);

static ALWAYS_INLINE uint32_t IMPL(key_of_quad)(const char *dot) {
    (void)dot;
    return 0;
}

static ALWAYS_INLINE scan_quad IMPL(read_quad)(const char *dot, uint32_t key, uint8_t *out) {
    (void)key;
    const bool two = is_decimal(dot - 2), three = two & is_decimal(dot - 3);
    const char *start = dot - 1 - two - three;
    bool valid;
    const size_t length = IMPL(read_octets)(start, out, &valid) & (0 - (size_t)valid);
    return (scan_quad){start, length, simdinet_candidate_head((unsigned)length, 4, valid, 0)};
}

#endif
