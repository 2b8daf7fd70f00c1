/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_format.h - addresses to text for the AVX2 row: the SSE4.2 kernels, compiled for AVX2.
 *
 * IPv4 fills one register of 16 bytes. For IPv6 the digits of all eight groups can be made in one
 * register of 32 bytes, ten instructions less, but its halves must be taken apart again and the
 * frame aligned: that took 6.3 ns for an address where the 16-byte registers take 6.1 (random
 * addresses, gcc 12 and clang 14, Zen 5; a build with whole pairs of chunks in 32 bytes took 6.5).
 */
#ifndef SIMDINET_AVX2_FORMAT_H
#define SIMDINET_AVX2_FORMAT_H

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
