/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_scan.h - two registers of 32 bytes.
 */
#ifndef SIMDINET_AVX2_SCAN_H
#define SIMDINET_AVX2_SCAN_H

#include "x86_scan.h"

static inline uint64_t join_masks_avx2(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                     << 32;
}

static inline scan_classes classify_avx2(const char *block) {
    const __m256i zero = _mm256_set1_epi8('0' - 128), nine = _mm256_set1_epi8(10 - 128);
    const __m256i a = _mm256_set1_epi8((char)('a' - 128)), six = _mm256_set1_epi8(6 - 128);
    const __m256i lower = _mm256_set1_epi8(0x20);
    const __m256i dot = _mm256_set1_epi8('.'), colon = _mm256_set1_epi8(':');
    __m256i digits[2], letters[2], dots[2], colons[2];
    for (int i = 0; i < 2; i++) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + 32 * i));
        /* Biased by 128, an unsigned "below" is the signed compare that the instruction set has. */
        digits[i] = _mm256_cmpgt_epi8(nine, _mm256_sub_epi8(bytes, zero));
        letters[i] = _mm256_cmpgt_epi8(six, _mm256_sub_epi8(_mm256_or_si256(bytes, lower), a));
        dots[i] = _mm256_cmpeq_epi8(bytes, dot);
        colons[i] = _mm256_cmpeq_epi8(bytes, colon);
    }
    scan_classes classes = {
        .digits = join_masks_avx2(digits[0], digits[1]),
        .dots = join_masks_avx2(dots[0], dots[1]),
        .colons = join_masks_avx2(colons[0], colons[1]),
    };
    classes.runs = classes.digits | classes.colons | join_masks_avx2(letters[0], letters[1]);
    return classes;
}

static size_t find_candidates_avx2(const char *text, size_t begin, size_t end, size_t len,
                                   simdinet_candidate *candidates) {
    return find_candidates_by_masks(classify_avx2, text, begin, end, len, candidates);
}

#endif
