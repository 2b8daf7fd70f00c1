/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_parse_ipv4_block.h - IPv4 columns with AVX-512: four values in one register, and no table.
 *
 * Four valid values have sixteen delimiters, the dots and the end of each: their compressed
 * positions are one byte for each octet. An octet's digits are the bytes before its delimiter, down
 * to the delimiter before; one permutation moves them to 32-bit lanes, ones first. Such lanes
 * compare as the numbers do, with 0x20505 for 255.
 */
#ifndef SIMDINET_AVX512_PARSE_IPV4_BLOCK_H
#define SIMDINET_AVX512_PARSE_IPV4_BLOCK_H

#include "kernels/generic/simd.h"
#include "kernels/kernel.h"
#include "kernels/tables/column_tables.h"
#include "simd512.h"

#if defined(SIMDINET_EXACT_LOADS)
#    define LOADS_ARE_EXACT true
#else
#    define LOADS_ARE_EXACT false
#endif

/*
 * Four values of which at least one is empty or long, would end before it begins, or lies at the
 * end of a page: no load reads past its value. No branch depends on which of them it is, because a
 * column may be full of such values.
 */
static OUT_OF_LINE __m512i load_four_alone(const char *base, const int32_t *begin, __m128i len) {
    const __m128i inside = _mm_sub_epi32(_mm_sllv_epi32(_mm_set1_epi32(1), len), _mm_set1_epi32(1));
    const __m128i first =
        _mm_maskz_loadu_epi8((__mmask16)_mm_extract_epi32(inside, 0), base + begin[0]);
    const __m128i second =
        _mm_maskz_loadu_epi8((__mmask16)_mm_extract_epi32(inside, 1), base + begin[1]);
    const __m128i third =
        _mm_maskz_loadu_epi8((__mmask16)_mm_extract_epi32(inside, 2), base + begin[2]);
    const __m128i fourth =
        _mm_maskz_loadu_epi8((__mmask16)_mm_extract_epi32(inside, 3), base + begin[3]);
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set_m128i(second, first)),
                              _mm256_set_m128i(fourth, third), 1);
}

/* Replaces the delimiters of a value that has not four by any four. */
static inline uint64_t repair_delimiters(uint64_t delimiters, __mmask64 *wrong) {
    const __m128i masks = _mm_cvtsi64_si128((int64_t)delimiters);
    const __mmask8 odd = _mm_cmpneq_epi16_mask(_mm_popcnt_epi16(masks), _mm_set1_epi16(4)) & 15;
    const __m128i repaired = _mm_mask_mov_epi16(masks, odd, _mm_set1_epi16(15));
    *wrong |= _pdep_u64(odd, UINT64_C(0x0001000100010001));
    return (uint64_t)_mm_cvtsi128_si64(repaired);
}

/* Bit i is set if one of the 16 bits of value i is. */
static inline unsigned any_of_value(uint64_t bits) {
    const __m128i masks = _mm_cvtsi64_si128((int64_t)bits);
    return _mm_test_epi16_mask(masks, masks) & 15;
}

/*
 * Parses four values and stores their addresses. Returns a bit for each invalid value, for which
 * zeros are stored.
 */
static ALWAYS_INLINE unsigned parse_four_avx512(const char *base, const int32_t *begin,
                                                const int32_t *end, __m128i page, uint8_t *out) {
    const column_constants *c = &simdinet_column_constants;
    const __m128i begins = _mm_loadu_si128((const __m128i *)begin);
    const __m128i limits = _mm_loadu_si128((const __m128i *)end);
    __m128i len = _mm_sub_epi32(limits, begins);
    /* len may then be anything: the difference of two offsets need not fit their type. */
    const __m128i backwards = _mm_cmpgt_epi32(begins, limits);
    /* Bits above 15 for a length of 0 and for one above 15; 4096 where 16 bytes leave the page. */
    const __m128i misfit = _mm_or_si128(len, _mm_sub_epi32(len, v128_load_aligned(c->one)));
    const __m128i last_byte =
        _mm_add_epi32(_mm_and_si128(_mm_add_epi32(begins, page), v128_load_aligned(c->page_mask)),
                      v128_load_aligned(c->reach));
    const __m128i odd =
        _mm_or_si128(_mm_or_si128(_mm_and_si128(misfit, v128_load_aligned(c->above_15)),
                                  _mm_and_si128(last_byte, v128_load_aligned(c->page_size))),
                     backwards);
    __m512i text;
    if (UNLIKELY(LOADS_ARE_EXACT) || UNLIKELY(!_mm_testz_si128(odd, odd))) {
        /* Values above 15 bytes or with reversed ends become empty: invalid, too, and not loaded. */
        len = _mm_maskz_mov_epi32(_mm_cmple_epu32_mask(len, _mm_set1_epi32(15)),
                                  _mm_andnot_si128(backwards, len));
        text = load_four_alone(base, begin, len);
    } else {
        /* clang 14 would extract the offsets from the vector, which is slower than a load. */
        __asm__("" : "+r"(begin));
        const __m256i low = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(base + begin[0]))),
            _mm_loadu_si128((const __m128i *)(base + begin[1])), 1);
        const __m256i high = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(base + begin[2]))),
            _mm_loadu_si128((const __m128i *)(base + begin[3])), 1);
        text = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    }

    const __m512i lengths =
        _mm512_permutexvar_epi8(v512_load_aligned(c->value_of), _mm512_castsi128_si512(len));
    const __m512i positions = v512_load_aligned(c->positions_in_value);
    const __mmask64 inside = _mm512_cmplt_epu8_mask(positions, lengths);
    const __mmask64 ends = _mm512_cmpeq_epu8_mask(positions, lengths);
    const __m512i values = _mm512_maskz_sub_epi8(inside, text, v512_load_aligned(c->zero));
    const __mmask64 others = _mm512_cmpgt_epu8_mask(values, v512_load_aligned(c->nine));
    __mmask64 wrong = _mm512_mask_cmpneq_epu8_mask(others, text, v512_load_aligned(c->dot));
    uint64_t delimiters = others | ends;
    if (UNLIKELY(_pext_u64(ends, delimiters) != 0x8888)) {
        delimiters = repair_delimiters(delimiters, &wrong);
    }

    const __m512i stops = _mm512_maskz_compress_epi8(delimiters, v512_load_aligned(c->positions));
    const __m128i starts = _mm_or_si128(
        _mm_shuffle_epi8(_mm512_castsi512_si128(stops), v128_load_aligned(c->previous)),
        v128_load_aligned(c->before));
    const __m512i octets = v512_load_aligned(c->octet_of);
    const __m512i stop = _mm512_permutexvar_epi8(octets, stops);
    const __m512i start = _mm512_permutexvar_epi8(octets, _mm512_castsi128_si512(starts));
    const __m512i from = _mm512_max_epi8(_mm512_sub_epi8(stop, v512_load_aligned(c->back)), start);
    /* Where an octet has no digit, from is a dot, below 0, or a byte outside the value, 0. */
    const __m512i lanes =
        _mm512_max_epi8(_mm512_permutexvar_epi8(from, values), _mm512_setzero_si512());

    /* The least lane of an octet of stop - start - 1 digits: it rejects leading zeros. */
    const __m512i least =
        _mm512_permutexvar_epi32(_mm512_sub_epi8(stop, start), v512_load_aligned(c->least));
    const __m512i below = _mm512_sub_epi32(lanes, least);
    const __m512i above = _mm512_sub_epi32(v512_load_aligned(c->greatest), lanes);
    const unsigned bad = _mm512_movepi32_mask(_mm512_or_si512(below, above));
    const __m512i sums =
        _mm512_dpbusd_epi32(_mm512_setzero_si512(), lanes, v512_load_aligned(c->weights));
    __m128i addresses = _mm512_cvtepi32_epi8(sums);
    unsigned invalid = 0;
    if (UNLIKELY((bad | wrong) != 0)) {
        invalid = any_of_value(_pdep_u64(bad, UINT64_C(0x000f000f000f000f)) | wrong);
        addresses = _mm_maskz_mov_epi32((__mmask8)(invalid ^ 15), addresses);
    }
    _mm_storeu_si128((__m128i *)out, addresses);
    return invalid;
}

static uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    /* The position of base in its page. Sums with it may wrap: only their low bits are used. */
    const __m128i page = _mm_set1_epi32((int)((uintptr_t)base & 4095));
    uint64_t invalid = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const unsigned some = parse_four_avx512(base, begin + i, end + i, page, out + 4 * i);
        if (UNLIKELY(some != 0)) {
            invalid |= (uint64_t)some << i;
        }
    }
    if (i < n) {
        int32_t last_begin[4], last_end[4];
        uint8_t last_out[16];
        for (size_t j = 0; j < 4; j++) {
            /* Missing values are empty, at the start of the first one. */
            const bool present = i + j < n;
            last_begin[j] = begin[present ? i + j : i];
            last_end[j] = present ? end[i + j] : last_begin[j];
        }
        invalid |= (uint64_t)parse_four_avx512(base, last_begin, last_end, page, last_out) << i;
        memcpy(out + 4 * i, last_out, 4 * (n - i));
    }
    return n == 0 ? 0 : ~invalid & UINT64_MAX >> (64 - n);
}

#endif
