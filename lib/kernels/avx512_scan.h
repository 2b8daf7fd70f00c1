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
    const __mmask64 digits =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, load_512(of->zero)), load_512(of->ten));
    const __mmask64 dots = _mm512_cmpeq_epi8_mask(bytes, load_512(of->dot));
    if (!ipv6)
        return (scan_classes){.digits = digits, .dots = dots};
    const __m512i lower = _mm512_or_si512(bytes, load_512(of->lower));
    const __mmask64 letters =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, load_512(of->a)), load_512(of->six));
    const __mmask64 colons = _mm512_cmpeq_epi8_mask(bytes, load_512(of->colon));
    return (scan_classes){
        .digits = digits,
        .dots = dots,
        .colons = colons,
        .runs = _kor_mask64(_kor_mask64(digits, letters), colons),
    };
}

/* The words that have bits, eight words at a time; and then eight positions of each at a time, for
 * hardly one has more. */
static inline size_t flatten_avx512(const uint64_t *places, size_t words, uint16_t *out) {
    const uint16_t *const begin = out;
    const __m512i positions = load_512(simdinet_ipv6_constants.positions);
    uint64_t full[SIMDINET_SCAN_WORDS + 8];
    uint16_t bases[SIMDINET_SCAN_WORDS + 8];
    size_t count = 0;
    __m128i base = _mm_slli_epi16(_mm_cvtepu8_epi16(_mm512_castsi512_si128(positions)), 6);
    base = _mm_add_epi16(base, _mm_set1_epi16(64));
    for (size_t i = 1; i < words; i += 8) {
        const __mmask8 inside = (__mmask8)_bzhi_u32(255, (unsigned)(words - i));
        const __m512i eight = _mm512_maskz_loadu_epi64(inside, places + i);
        const __mmask8 some = _mm512_test_epi64_mask(eight, eight);
        _mm512_storeu_si512(full + count, _mm512_maskz_compress_epi64(some, eight));
        _mm_storeu_si128((__m128i *)(bases + count), _mm_maskz_compress_epi16(some, base));
        base = _mm_add_epi16(base, _mm_set1_epi16(8 * 64));
        count += (size_t)_mm_popcnt_u32(some);
    }
    for (size_t k = 0; k < count; k++) {
        const size_t bits = (size_t)_mm_popcnt_u64(full[k]);
        const __m512i packed = _mm512_maskz_compress_epi8(full[k], positions);
        const __m128i some = _mm_cvtepu8_epi16(_mm512_castsi512_si128(packed));
        _mm_storeu_si128((__m128i *)out, _mm_add_epi16(some, _mm_set1_epi16((short)bases[k])));
        if (UNLIKELY(bits > 8)) {
            const __m512i all = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(packed));
            _mm512_storeu_si512(out, _mm512_add_epi16(all, _mm512_set1_epi16((short)bases[k])));
        }
        out += bits;
    }
    return (size_t)(out - begin);
}

static size_t find_places_avx512(simdinet_scan_part *part) {
    return find_places_by_masks(classify_avx512, flatten_avx512, part);
}

static void judge_places_avx512(const simdinet_scan_part *part, size_t first, size_t count,
                                simdinet_candidate *candidates) {
    static const judge_words words = {read_ipv4_x86, parse_ipv6_avx512, unreserved_x86};
    judge_places_with(&words, part, first, count, candidates);
}

#endif
