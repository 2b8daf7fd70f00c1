/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_scan.h - 64 bytes a register, and compares that yield the masks themselves.
 */
#ifndef SIMDINET_AVX512_SCAN_H
#define SIMDINET_AVX512_SCAN_H

#include "x86_scan.h"

static inline scan_classes classify_avx512(const char *block) {
    const __m512i bytes = _mm512_loadu_si512(block);
    const __m512i lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    const uint64_t digits =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
    const uint64_t letters =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')), _mm512_set1_epi8(6));
    const uint64_t colons = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(':'));
    return (scan_classes){
        .digits = digits,
        .dots = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('.')),
        .colons = colons,
        .runs = digits | letters | colons,
    };
}

static size_t find_candidates_avx512(const char *text, size_t begin, size_t end, size_t len,
                                     simdinet_candidate *candidates) {
    return find_candidates_by_masks(classify_avx512, text, begin, end, len, candidates);
}

#endif
