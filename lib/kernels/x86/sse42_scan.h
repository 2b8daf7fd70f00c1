/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42_scan.h - four registers of 16 bytes.
 */
#ifndef SIMDINET_SSE42_SCAN_H
#define SIMDINET_SSE42_SCAN_H

#include "kernels/generic/parse_ipv6.h"
#include "scan.h"

static inline uint64_t sixteen_bits(__m128i bytes, int at) {
    return (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << at;
}

static ALWAYS_INLINE scan_classes IMPL(classify)(const char *block, bool ipv6) {
    const scan_constants *of = &simdinet_scan_constants;
    const __m128i zero = v128_load_aligned(of->signed_zero),
                  ten = v128_load_aligned(of->signed_ten);
    const __m128i a = v128_load_aligned(of->signed_a), six = v128_load_aligned(of->signed_six);
    scan_classes classes = {0};
    for (int i = 0; i < 64; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + i));
        /* Biased by 128, an unsigned "below" is the signed compare that the instruction set has. */
        const __m128i digit = _mm_cmpgt_epi8(ten, _mm_sub_epi8(bytes, zero));
        classes.digits |= sixteen_bits(digit, i);
        classes.dots |= sixteen_bits(_mm_cmpeq_epi8(bytes, v128_load_aligned(of->dot)), i);
        if (ipv6) {
            const __m128i lower = _mm_or_si128(bytes, v128_load_aligned(of->lower));
            const __m128i letter = _mm_cmpgt_epi8(six, _mm_sub_epi8(lower, a));
            const __m128i colon = _mm_cmpeq_epi8(bytes, v128_load_aligned(of->colon));
            classes.colons |= sixteen_bits(colon, i);
            classes.runs |= sixteen_bits(_mm_or_si128(_mm_or_si128(digit, letter), colon), i);
        }
    }
    return classes;
}

#endif
