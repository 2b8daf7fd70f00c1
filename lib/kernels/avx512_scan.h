/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_scan.h - 64 bytes a register, and compares that yield the masks themselves.
 */
#ifndef SIMDINET_AVX512_SCAN_H
#define SIMDINET_AVX512_SCAN_H

#include "x86_scan.h"

static inline scan_classes classify_avx512(const char *block, bool ipv6) {
    const scan_constants *of = &simdinet_scan_constants;
    const __m512i bytes = _mm512_loadu_si512(block);
    scan_classes classes = {
        .digits =
            _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, load_512(of->zero)), load_512(of->ten)),
        .dots = _mm512_cmpeq_epi8_mask(bytes, load_512(of->dot)),
    };
    if (ipv6) {
        const __m512i lower = _mm512_or_si512(bytes, load_512(of->lower));
        const uint64_t letters =
            _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, load_512(of->a)), load_512(of->six));
        classes.colons = _mm512_cmpeq_epi8_mask(bytes, load_512(of->colon));
        classes.runs = classes.digits | letters | classes.colons;
    }
    return classes;
}

static size_t find_places_avx512(simdinet_scan_part *part) {
    return find_places_by_masks(classify_avx512, part);
}

static void judge_places_avx512(const simdinet_scan_part *part, size_t first, size_t count,
                                simdinet_candidate *candidates) {
    static const judge_words words = {read_ipv4_x86, parse_ipv6_avx512, unreserved_x86};
    judge_places_with(&words, part, first, count, candidates);
}

#endif
