/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_format.h - addresses to text with AVX2.
 */
#ifndef SIMDINET_AVX2_FORMAT_H
#define SIMDINET_AVX2_FORMAT_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "sse42_format.h"

static inline size_t format_ipv4_avx2(const uint8_t *address, char *out) {
    return format_ipv4_sse42(address, out);
}

static inline size_t format_ipv6_avx2(const uint8_t *address, char *out) {
    return format_ipv6_sse42(address, out);
}

#endif
