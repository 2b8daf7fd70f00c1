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

/* All eight groups are turned into digits in one register; then as in the SSE4.2 kernel. */
static inline size_t format_ipv6_avx2(const uint8_t *address, char *out) {
    const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
    const __m256i shifts = _mm256_setr_epi32(4, 0, 4, 0, 4, 0, 4, 0);
    const __m256i alphabet = _mm256_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a',
                                              'b', 'c', 'd', 'e', 'f', '0', '1', '2', '3', '4', '5',
                                              '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
    const __m256i separators = _mm256_setr_epi64x(0x3a3a, 0x3a3a, 0x3a3a, 0x003a);
    __m128i x = format_load(address);
    __m256i digits = _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(x), twice);
    digits = _mm256_and_si256(_mm256_srlv_epi32(digits, shifts), _mm256_set1_epi8(15));
    __m256i equal = _mm256_cmpeq_epi8(digits, _mm256_setzero_si256());
    digits = _mm256_shuffle_epi8(alphabet, digits);
    __m256i ac = _mm256_unpacklo_epi64(digits, separators);
    __m256i bd = _mm256_unpackhi_epi64(digits, separators);
    return format_groups(address, out, x, (uint32_t)_mm256_movemask_epi8(equal),
                         _mm256_castsi256_si128(ac), _mm256_castsi256_si128(bd),
                         _mm256_extracti128_si256(ac, 1), _mm256_extracti128_si256(bd, 1));
}

#endif
