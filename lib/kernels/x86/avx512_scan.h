/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_scan.h - 64 bytes a register, and compares that yield the masks themselves.
 */
#ifndef SIMDINET_AVX512_SCAN_H
#define SIMDINET_AVX512_SCAN_H

#include "avx512_parse_ipv6.h"
#include "scan.h"
#include "simd512.h"

/* Prefetched while the text is classified, lines queue up: that was a tenth slower. */
static ALWAYS_INLINE void IMPL(prefetch_text)(const char *block) {
    (void)block;
}

static ALWAYS_INLINE size_t IMPL(lines_ahead)(const simdinet_scan_chunk *chunk, size_t n) {
    return lines_for_each(chunk, n);
}

static ALWAYS_INLINE scan_classes IMPL(classify)(const char *block, bool ipv6) {
    const scan_constants *of = &simdinet_scan_constants;
    const __m512i bytes = _mm512_loadu_si512(block);
    const __mmask64 digits = _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(bytes, v512_load_aligned(of->zero)), v512_load_aligned(of->ten));
    const __mmask64 dots = _mm512_cmpeq_epi8_mask(bytes, v512_load_aligned(of->dot));
    if (!ipv6)
        return (scan_classes){.digits = digits, .dots = dots};
    const __m512i lower = _mm512_or_si512(bytes, v512_load_aligned(of->lower));
    const __mmask64 letters = _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(lower, v512_load_aligned(of->a)), v512_load_aligned(of->six));
    const __mmask64 colons = _mm512_cmpeq_epi8_mask(bytes, v512_load_aligned(of->colon));
    return (scan_classes){
        .digits = digits,
        .dots = dots,
        .colons = colons,
        .runs = _kor_mask64(_kor_mask64(digits, letters), colons),
    };
}

/* Eight words of a mask. */
static inline __m512i words_at(const uint64_t *mask) {
    return _mm512_loadu_si512(mask);
}

/* Three masks as one. */
static inline __m512i or_three(__m512i a, __m512i b, __m512i c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0xfe);
}

/*
 * The steps take eight words at a time and read the one after them. What they compute for words after
 * the last is dropped; those words are zero, so that no step reads an undefined value.
 */
static inline void close_mask(uint64_t *mask, size_t words) {
    mask[1 + ((words + 6) & ~(size_t)7)] = 0;
}

static inline void pad_mask(uint64_t *mask, size_t words) {
    _mm512_storeu_si512(mask + words, _mm512_setzero_si512());
}

/* What find_dot_chains does, with an instruction that shifts two words as one. */
static OUT_OF_LINE void IMPL(find_dot_chains)(const simdinet_scan_chunk *chunk, size_t words,
                                              uint64_t *candidates) {
    uint64_t between[SIMDINET_SCAN_MASK_WORDS], pairs[SIMDINET_SCAN_MASK_WORDS];
    between[0] = 0;
    close_mask(between, words);
    close_mask(pairs, words);
    for (size_t i = 1; i < words; i += 8) {
        const __m512i digits = words_at(chunk->digits + i);
        const __m512i before = _mm512_shldi_epi64(digits, words_at(chunk->digits + i - 1), 1);
        const __m512i after = _mm512_shrdi_epi64(digits, words_at(chunk->digits + i + 1), 1);
        const __m512i dots = words_at(chunk->dots + i);
        _mm512_storeu_si512(between + i, _mm512_ternarylogic_epi64(dots, before, after, 0x80));
    }
    for (size_t i = 1; i < words; i += 8) {
        const __m512i dots = words_at(between + i), next = words_at(between + i + 1);
        const __m512i any =
            or_three(_mm512_shrdi_epi64(dots, next, 2), _mm512_shrdi_epi64(dots, next, 3),
                     _mm512_shrdi_epi64(dots, next, 4));
        _mm512_storeu_si512(pairs + i, _mm512_and_si512(dots, any));
    }
    for (size_t i = 1; i < words; i += 8) {
        const __m512i pair = words_at(pairs + i), next = words_at(pairs + i + 1);
        const __m512i dots = words_at(between + i), last = words_at(between + i - 1);
        const __m512i any =
            or_three(_mm512_shrdi_epi64(pair, next, 2), _mm512_shrdi_epi64(pair, next, 3),
                     _mm512_shrdi_epi64(pair, next, 4));
        const __m512i digit =
            _mm512_shldi_epi64(words_at(chunk->digits + i), words_at(chunk->digits + i - 1), 2);
        const __m512i later =
            or_three(_mm512_shldi_epi64(dots, last, 2), _mm512_shldi_epi64(dots, last, 3),
                     _mm512_and_si512(_mm512_shldi_epi64(dots, last, 4), digit));
        _mm512_storeu_si512(candidates + i, _mm512_ternarylogic_epi64(dots, any, later, 0x40));
    }
}

static inline void link_colons_avx512(const uint64_t *colons, const uint64_t *links, size_t words,
                                      uint64_t *out) {
    close_mask(out, words);
    for (size_t i = 1; i < words; i += 8) {
        const __m512i low = words_at(links + i), high = words_at(links + i + 1);
        const __m512i some =
            or_three(_mm512_shrdi_epi64(low, high, 2), _mm512_shrdi_epi64(low, high, 3),
                     _mm512_shrdi_epi64(low, high, 4));
        const __m512i far = _mm512_shrdi_epi64(low, high, 5);
        _mm512_storeu_si512(out + i,
                            _mm512_ternarylogic_epi64(words_at(colons + i), some, far, 0xe0));
    }
}

/* What find_colon_chains does. */
static OUT_OF_LINE void IMPL(find_colon_chains)(const simdinet_scan_chunk *chunk, size_t words,
                                                uint64_t *candidates) {
    uint64_t two[SIMDINET_SCAN_MASK_WORDS], three[SIMDINET_SCAN_MASK_WORDS];
    link_colons_avx512(chunk->colons, chunk->colons, words, two);
    link_colons_avx512(chunk->colons, two, words, three);
    link_colons_avx512(chunk->colons, three, words, two);
    for (size_t i = 1; i < words; i += 8) {
        const __m512i colons = words_at(chunk->colons + i), runs = words_at(chunk->runs + i);
        const __m512i next = _mm512_shrdi_epi64(colons, words_at(chunk->colons + i + 1), 1);
        const __m512i all = _mm512_ternarylogic_epi64(words_at(two + i), colons, next, 0xf8);
        const __m512i firsts = _mm512_andnot_si512(_mm512_add_epi64(runs, all), all);
        _mm512_storeu_si512(candidates + i, _mm512_or_si512(words_at(candidates + i), firsts));
    }
}

/* Eight words at a time. */
static inline size_t IMPL(list_full_words)(simdinet_scan_chunk *chunk, size_t words) {
    size_t n = 0;
    __m128i index =
        _mm_add_epi8(_mm512_castsi512_si128(v512_load_aligned(simdinet_ipv6_constants.positions)),
                     _mm_set1_epi8(1));
    for (size_t i = 1; i < words; i += 8) {
        const __mmask8 inside = (__mmask8)_bzhi_u32(255, (unsigned)(words - i));
        const __m512i eight = _mm512_maskz_loadu_epi64(inside, chunk->candidates + i);
        const __mmask8 some = _mm512_test_epi64_mask(eight, eight);
        _mm_storel_epi64((__m128i *)(chunk->full + n), _mm_maskz_compress_epi8(some, index));
        index = _mm_add_epi8(index, _mm_set1_epi8(8));
        n += (size_t)_mm_popcnt_u32(some);
    }
    return n;
}

/* Of scan_thin.h. */
REQUIRES uint64_t IMPL(thin)(const simdinet_scan_chunk *chunk, size_t begin, uint64_t candidates);

/* Eight positions of a word at a time, for hardly one has more. */
static inline size_t IMPL(flatten)(simdinet_scan_chunk *chunk, uint16_t *positions) {
    const uint16_t *const last = positions + (SIMDINET_SCAN_BATCH - 32);
    const __m512i bytes = v512_load_aligned(simdinet_ipv6_constants.positions);
    uint16_t *out = positions;
    size_t k = chunk->next_full;
    for (; k < chunk->n_full && out <= last; k++) {
        const unsigned i = chunk->full[k];
        uint64_t bits = chunk->candidates[i];
        size_t n = (size_t)_mm_popcnt_u64(bits);
        if (UNLIKELY(n >= DENSE_WORD)) {
            bits = IMPL(thin)(chunk, 64 * i, bits);
            n = (size_t)_mm_popcnt_u64(bits);
        }
        const __m512i packed = _mm512_maskz_compress_epi8(bits, bytes);
        const __m128i some = _mm_cvtepu8_epi16(_mm512_castsi512_si128(packed));
        _mm_storeu_si128((__m128i *)out, _mm_add_epi16(some, _mm_set1_epi16((short)(64 * i))));
        if (UNLIKELY(n > 8)) {
            const __m512i all = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(packed));
            _mm512_storeu_si512(out, _mm512_add_epi16(all, _mm512_set1_epi16((short)(64 * i))));
        }
        out += n;
    }
    chunk->next_full = k;
    return (size_t)(out - positions);
}

static inline bool IMPL(parse_run)(const char *text, uint64_t colons, size_t len, uint8_t *out) {
    (void)colons;
    return IMPL(parse_ipv6)(text, len, out);
}

static inline bool IMPL(parse_embedded_run)(const char *text, uint64_t colons,
                                            const uint8_t *octets, size_t len, uint8_t *out) {
    (void)colons;
    (void)octets;
    return IMPL(parse_ipv6)(text, len, out);
}

static inline void IMPL(prepare_masks)(simdinet_scan_chunk *chunk, size_t words) {
    pad_mask(chunk->digits, words);
    pad_mask(chunk->dots, words);
    pad_mask(chunk->colons, words);
    pad_mask(chunk->runs, words);
}

#endif
