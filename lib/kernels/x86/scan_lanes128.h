/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_lanes128.h - two lanes of scan_lanes.h in a register.
 */
#ifndef SIMDINET_X86_SCAN_LANES128_H
#define SIMDINET_X86_SCAN_LANES128_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/generic/bytes.h"
#include "kernels/tables/scan_tables.h"

enum { LANE_BYTES = 48 }; /* from one lane to the next */

/* The bits that are decided in a lane. */
#define LANE_DECIDED (((UINT64_C(1) << LANE_BYTES) - 1) << 1)

/* Which bytes of 16 the two lanes in them are made of. */
static ALWAYS_INLINE __m128i lane_bytes(void) {
    return _mm_load_si128((const __m128i *)simdinet_scan_constants.lanes);
}

typedef uint64_t v128_lanes __attribute__((vector_size(16)));

/* The lanes from a byte of a mask on. */
static ALWAYS_INLINE v128_lanes v128_load_lanes(const uint64_t *mask, size_t byte) {
    const char *from = (const char *)mask + byte;
    return (v128_lanes)_mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)from), lane_bytes());
}

/* Writes the indices of the lanes that have bits, from first on, and returns how many. */
static ALWAYS_INLINE size_t v128_list_lanes(v128_lanes lanes, size_t first, uint8_t *out) {
    out[0] = (uint8_t)first;
    const size_t n = lanes[0] != 0;
    out[n] = (uint8_t)(first + 1);
    return n + (lanes[1] != 0);
}

#endif
