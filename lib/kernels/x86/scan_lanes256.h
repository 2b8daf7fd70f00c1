/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_lanes256.h - four lanes of scan_lanes.h in a register.
 */
#ifndef SIMDINET_X86_SCAN_LANES256_H
#define SIMDINET_X86_SCAN_LANES256_H

#include "scan_lanes128.h"

typedef uint64_t v256_lanes __attribute__((vector_size(32)));

static ALWAYS_INLINE v256_lanes v256_load_lanes(const uint64_t *mask, size_t byte) {
    const char *from = (const char *)mask + byte;
    const __m256i low = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)from));
    const __m256i both =
        _mm256_inserti128_si256(low, _mm_loadu_si128((const __m128i *)(from + 12)), 1);
    return (v256_lanes)_mm256_shuffle_epi8(both, _mm256_broadcastsi128_si256(lane_bytes()));
}

static ALWAYS_INLINE size_t v256_list_lanes(v256_lanes lanes, size_t first, uint8_t *out) {
    const __m256i empty = _mm256_cmpeq_epi64((__m256i)lanes, _mm256_setzero_si256());
    const unsigned full = ~(unsigned)_mm256_movemask_pd((__m256d)empty) & 15;
    store_u32(out, simdinet_scan_constants.list[full] + (uint32_t)first * 0x01010101);
    return count_ones(full);
}

#endif
