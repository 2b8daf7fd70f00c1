/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42_scan.h - four registers of 16 bytes.
 */
#ifndef SIMDINET_SSE42_SCAN_H
#define SIMDINET_SSE42_SCAN_H

#include "x86_scan.h"

static inline scan_classes classify_sse42(const char *block) {
    const __m128i zero = _mm_set1_epi8('0' - 128), nine = _mm_set1_epi8(10 - 128);
    const __m128i a = _mm_set1_epi8((char)('a' - 128)), six = _mm_set1_epi8(6 - 128);
    const __m128i lower = _mm_set1_epi8(0x20);
    const __m128i dot = _mm_set1_epi8('.'), colon = _mm_set1_epi8(':');
    uint64_t letters = 0;
    scan_classes classes = {0};
    for (int i = 0; i < 64; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + i));
        /* Biased by 128, an unsigned "below" is the signed compare that the instruction set has. */
        const __m128i digit = _mm_cmpgt_epi8(nine, _mm_sub_epi8(bytes, zero));
        const __m128i letter = _mm_cmpgt_epi8(six, _mm_sub_epi8(_mm_or_si128(bytes, lower), a));
        classes.digits |= (uint64_t)(uint32_t)_mm_movemask_epi8(digit) << i;
        letters |= (uint64_t)(uint32_t)_mm_movemask_epi8(letter) << i;
        classes.dots |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, dot)) << i;
        classes.colons |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, colon)) << i;
    }
    classes.runs = classes.digits | classes.colons | letters;
    return classes;
}

static size_t find_candidates_sse42(const char *text, size_t begin, size_t end, size_t len,
                                    simdinet_candidate *candidates) {
    return find_candidates_by_masks(classify_sse42, text, begin, end, len, candidates);
}

#endif
