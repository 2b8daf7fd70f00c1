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

#include "fitting.h"
#include "kernels/generic/parse_ipv4.h"
#include "kernels/kernel.h"
#include "kernels/tables/column_tables.h"
#include "simd512.h"

/* Replaces the delimiters of a value that has not four by any four. Bit i of *odd is set for value
 * i. */
static inline uint64_t repair_delimiters(uint64_t delimiters, unsigned *odd) {
    const __m128i masks = _mm_cvtsi64_si128((int64_t)delimiters);
    const __mmask8 count_is_odd = _mm_cmpneq_epi16_mask(_mm_popcnt_epi16(masks), _mm_set1_epi16(4));
    *odd = count_is_odd & 15;
    return (uint64_t)_mm_cvtsi128_si64(_mm_mask_mov_epi16(masks, count_is_odd, _mm_set1_epi16(15)));
}

/* Bit i is set if one of the 16 bits of value i is. */
static inline unsigned any_of_value(uint64_t bits) {
    const __m128i masks = _mm_cvtsi64_si128((int64_t)bits);
    return _mm_test_epi16_mask(masks, masks) & 15;
}

/* Parses four values, each in 16 bytes that can be read, and stores an address for each whose bit is
 * set in kept, or zeros. Returns a bit for each, 1 for an address. No branch depends on a value. */
static ALWAYS_INLINE unsigned parse_four_avx512(const char *base, const int32_t *begin,
                                                const int32_t *end, unsigned kept, uint8_t *out) {
    const column_constants *c = &simdinet_column_constants;
    const __m128i len = _mm_sub_epi32(v128_load(end), v128_load(begin));
    /* clang 14 would extract the offsets from the vector, which is slower than a load. */
    __asm__("" : "+r"(begin));
    const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(v128_load(base + begin[0])),
                                                v128_load(base + begin[1]), 1);
    const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(v128_load(base + begin[2])),
                                                 v128_load(base + begin[3]), 1);
    const __m512i text = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);

    const __m512i lengths =
        _mm512_permutexvar_epi8(v512_load_aligned(c->value_of), _mm512_castsi128_si512(len));
    const __m512i positions = v512_load_aligned(c->positions_in_value);
    const __mmask64 inside = _mm512_cmplt_epu8_mask(positions, lengths);
    const __mmask64 ends = _mm512_cmpeq_epu8_mask(positions, lengths);
    const __m512i values = _mm512_maskz_sub_epi8(inside, text, v512_load_aligned(c->zero));
    const __mmask64 others = _mm512_cmpgt_epu8_mask(values, v512_load_aligned(c->nine));
    const __mmask64 wrong = _mm512_mask_cmpneq_epu8_mask(others, text, v512_load_aligned(c->dot));
    unsigned odd;
    const uint64_t delimiters = repair_delimiters(others | ends, &odd);

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
    const uint64_t errors = _pdep_u64(bad, UINT64_C(0x000f000f000f000f)) | wrong;
    const unsigned valid = kept & ~(any_of_value(errors) | odd);
    v128_store(out, _mm_maskz_mov_epi32((__mmask8)valid, _mm512_cvtepi32_epi8(sums)));
    return valid;
}

/* A block of which some values do not fit, or whose length is not a multiple of four; fits has a bit
 * for each value that does. */
static OUT_OF_LINE uint64_t IMPL(parse_ipv4_irregular)(const char *base, const int32_t *begin,
                                                       const int32_t *end, size_t n, uint64_t fits,
                                                       uint8_t *out) {
    IMPL(fitting_values) copy;
    uint64_t valid = 0;
    for (size_t first = 0; fits && first < n; first += FITTING_VALUES) {
        const size_t size = IMPL(replace_misfits)(begin, end, n, first, fits, &copy);
        for (size_t i = 0; i < size; i += 4) {
            const size_t at = first + i;
            uint8_t four[16];
            valid |= (uint64_t)parse_four_avx512(base, copy.begin + i, copy.end + i,
                                                 (unsigned)(fits >> at) & 15, four)
                     << at;
            memcpy(out + 4 * at, four, LIKELY(n - at >= 4) ? 16 : 4 * (n - at));
        }
    }
    if (!fits)
        memset(out, 0, 4 * n);
    return valid;
}

static uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    uint64_t alone, valid = 0;
    if (n == 0)
        return 0;
    const uint64_t fits =
        IMPL(find_fitting)(base, begin, end, n, &simdinet_block_lengths.ipv4, &alone);
    if (LIKELY(fits == first_bits(n)) && n % 4 == 0) {
        for (size_t i = 0; i < n; i += 4)
            valid |= (uint64_t)parse_four_avx512(base, begin + i, end + i, 15, out + 4 * i) << i;
    } else {
        valid = IMPL(parse_ipv4_irregular)(base, begin, end, n, fits, out);
    }
    for (; alone; alone &= alone - 1) {
        const unsigned i = lowest_one(alone);
        const size_t len = value_length(begin[i], end[i]);
        valid |= (uint64_t)IMPL(parse_ipv4)(base + begin[i], len, out + 4 * i) << i;
    }
    return valid;
}

#endif
