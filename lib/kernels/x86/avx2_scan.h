/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_scan.h - two registers of 32 bytes.
 */
#ifndef SIMDINET_AVX2_SCAN_H
#define SIMDINET_AVX2_SCAN_H

#include "kernels/generic/parse_ipv6.h"
#include "scan.h"
#include "scan_lanes256.h"
#include "simd256.h"

static inline uint64_t join_masks_avx2(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                     << 32;
}

static ALWAYS_INLINE scan_classes IMPL(classify)(const char *block, bool ipv6) {
    const scan_constants *of = &simdinet_scan_constants;
    const __m256i zero = v256_load_aligned(of->signed_zero),
                  ten = v256_load_aligned(of->signed_ten);
    const __m256i a = v256_load_aligned(of->signed_a), six = v256_load_aligned(of->signed_six);
    __m256i digits[2], letters[2], dots[2], colons[2];
    for (int i = 0; i < 2; i++) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + 32 * i));
        const __m256i lower = _mm256_or_si256(bytes, v256_load_aligned(of->lower));
        /* Biased by 128, an unsigned "below" is the signed compare that the instruction set has. */
        digits[i] = _mm256_cmpgt_epi8(ten, _mm256_sub_epi8(bytes, zero));
        letters[i] = _mm256_cmpgt_epi8(six, _mm256_sub_epi8(lower, a));
        dots[i] = _mm256_cmpeq_epi8(bytes, v256_load_aligned(of->dot));
        colons[i] = _mm256_cmpeq_epi8(bytes, v256_load_aligned(of->colon));
    }
    scan_classes classes = {
        .digits = join_masks_avx2(digits[0], digits[1]),
        .dots = join_masks_avx2(dots[0], dots[1]),
    };
    if (ipv6) {
        classes.colons = join_masks_avx2(colons[0], colons[1]);
        classes.runs = classes.digits | classes.colons | join_masks_avx2(letters[0], letters[1]);
    }
    return classes;
}

#endif
