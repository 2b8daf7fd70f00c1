/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_column_format.h - many addresses to text with AVX2: the construction of
 * sse42_column_format.h, with as much of it as can be done for two addresses, or for the two halves
 * of one, in a register of 32 bytes.
 */
#ifndef SIMDINET_AVX2_COLUMN_FORMAT_H
#define SIMDINET_AVX2_COLUMN_FORMAT_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "sse42_format.h"
#include "sse42_format_column.h"

static inline __m256i format_wide_avx2(__m256i words) {
    return _mm256_cmpgt_epi16(words, _mm256_set1_epi32(99 << 16 | 9));
}

/* As format_octets_lanes. */
static inline __m256i format_lanes_avx2(__m256i words, __m256i constants) {
    __m256i quotients = _mm256_mulhi_epu16(words, _mm256_set1_epi32(656 << 16 | 6554));
    __m256i digits = _mm256_madd_epi16(quotients, _mm256_set1_epi32((int)(0xf6000000u | 246)));
    digits = _mm256_add_epi32(digits, _mm256_blend_epi16(words, quotients, 0xaa));
    return _mm256_or_si256(digits, constants);
}

/* ---- IPv4 --------------------------------------------------------------------------------------- */

static inline format_4_texts format_4_ipv4_avx2(const uint8_t *addresses, __m256i constants) {
    const __m256i spread_ac = _mm256_setr_m128i(octets_to_lanes(0), octets_to_lanes(8));
    const __m256i spread_bd = _mm256_setr_m128i(octets_to_lanes(4), octets_to_lanes(12));
    __m256i x = _mm256_broadcastsi128_si256(format_load(addresses));
    __m256i ac = _mm256_shuffle_epi8(x, spread_ac);
    __m256i bd = _mm256_shuffle_epi8(x, spread_bd);
    /* Bytes of a and b in the low lane, of c and d in the high one: in order. */
    __m256i wide = _mm256_packs_epi16(format_wide_avx2(ac), format_wide_avx2(bd));
    unsigned bits = (unsigned)_mm256_movemask_epi8(wide);
    ac = format_lanes_avx2(ac, constants);
    bd = format_lanes_avx2(bd, constants);
    return (format_4_texts){
        .text = {format_octets_head(_mm256_castsi256_si128(ac), bits),
                 format_octets_head(_mm256_castsi256_si128(bd), bits >> 8),
                 format_octets_head(_mm256_extracti128_si256(ac, 1), bits >> 16),
                 format_octets_head(_mm256_extracti128_si256(bd, 1), bits >> 24)},
        .decisions = bits,
    };
}

static inline size_t format_ipv4_lines_avx2(const uint8_t *addresses, size_t n, char separator,
                                            char *text) {
    const __m256i constants = _mm256_broadcastsi128_si256(format_octets_constants(separator));
    char *p = text;
    size_t i = 0;
    for (; n - i >= 4; i += 4) {
        int32_t ends[4];
        format_4_texts texts = format_4_ipv4_avx2(addresses + 4 * i, constants);
        p = format_store_4(p, &texts, 0, ends);
    }
    p = format_lines_rest(format_ipv4_sse42, 4, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void format_ipv4_column_avx2(const uint8_t *addresses, size_t n, char *text,
                                           int32_t *offsets) {
    const __m256i constants = _mm256_broadcastsi128_si256(format_octets_constants('.'));
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > 4; i += 4) { /* the last store takes a byte of the fifth address's room */
        int32_t ends[4], at = (int32_t)(p - text);
        format_4_texts texts = format_4_ipv4_avx2(addresses + 4 * i, constants);
        p = format_store_4(p, &texts, 1, ends);
        for (unsigned j = 0; j < 4; j++)
            offsets[i + 1 + j] = at + ends[j];
    }
    format_column_rest(format_ipv4_sse42, 4, addresses, i, n, text, offsets);
}

/* ---- IPv6 --------------------------------------------------------------------------------------- */

/* The groups of one address, half in each lane: pairs 0 and 1, pairs 2 and 3. */
static inline void format_halves_avx2(const uint8_t *address, __m256i separators,
                                      format_ipv6_parts *parts) {
    const __m256i twice = _mm256_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10,
                                           11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15);
    const __m256i high_then_low = _mm256_set1_epi64x(4);
    const __m256i alphabet = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'));
    __m256i x = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(format_load(address)), twice);
    x = _mm256_and_si256(_mm256_srlv_epi32(x, high_then_low), _mm256_set1_epi8(15));
    parts->digits_zero =
        (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_setzero_si256()));
    x = _mm256_shuffle_epi8(alphabet, x);
    __m256i even = _mm256_unpacklo_epi64(x, _mm256_set1_epi8(':'));
    __m256i odd = _mm256_unpackhi_epi64(x, separators);
    parts->pairs[0] = _mm256_castsi256_si128(even);
    parts->pairs[1] = _mm256_castsi256_si128(odd);
    parts->pairs[2] = _mm256_extracti128_si256(even, 1);
    parts->pairs[3] = _mm256_extracti128_si256(odd, 1);
}

static inline void format_2_ipv6_avx2(const uint8_t *addresses, __m256i constants,
                                      __m256i separators, format_ipv6_parts parts[2]) {
    const __m256i spread = _mm256_broadcastsi128_si256(octets_to_lanes(12));
    __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)addresses);
    __m256i words = _mm256_shuffle_epi8(x, spread);
    __m256i zero = _mm256_cmpeq_epi16(x, _mm256_setzero_si256());
    unsigned bits =
        (unsigned)_mm256_movemask_epi8(_mm256_packs_epi16(zero, format_wide_avx2(words)));
    __m256i octets = format_lanes_avx2(words, constants);
    format_halves_avx2(addresses, separators, &parts[0]);
    format_halves_avx2(addresses + 16, separators, &parts[1]);
    parts[0].octets = _mm256_castsi256_si128(octets);
    parts[1].octets = _mm256_extracti128_si256(octets, 1);
    parts[0].groups_zero = (bits & 0xff) | format_group5(addresses);
    parts[1].groups_zero = (bits >> 16 & 0xff) | format_group5(addresses + 16);
    parts[0].decisions = bits >> 8 & 0xff;
    parts[1].decisions = bits >> 24;
}

static inline __m256i format_separators_avx2(char separator) {
    return _mm256_inserti128_si256(_mm256_set1_epi8(':'), format_last_separators(separator), 1);
}

/* The room of a third address takes what is stored too much. */
static inline size_t format_ipv6_lines_avx2(const uint8_t *addresses, size_t n, char separator,
                                            char *text) {
    const __m256i constants = _mm256_broadcastsi128_si256(format_octets_constants(separator));
    const __m256i separators = format_separators_avx2(separator);
    char *p = text;
    size_t i = 0;
    for (; n - i > 2; i += 2) {
        format_ipv6_parts parts[2];
        format_2_ipv6_avx2(addresses + 16 * i, constants, separators, parts);
        p = format_put_ipv6(&parts[0], p);
        p = format_put_ipv6(&parts[1], p);
    }
    p = format_lines_rest(format_ipv6_sse42, 16, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void format_ipv6_column_avx2(const uint8_t *addresses, size_t n, char *text,
                                           int32_t *offsets) {
    const __m256i constants = _mm256_broadcastsi128_si256(format_octets_constants(':'));
    const __m256i separators = format_separators_avx2(':');
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > 2; i += 2) {
        format_ipv6_parts parts[2];
        format_2_ipv6_avx2(addresses + 16 * i, constants, separators, parts);
        p = format_put_ipv6(&parts[0], p) - 1;
        offsets[i + 1] = (int32_t)(p - text);
        p = format_put_ipv6(&parts[1], p) - 1;
        offsets[i + 2] = (int32_t)(p - text);
    }
    format_column_rest(format_ipv6_sse42, 16, addresses, i, n, text, offsets);
}

#endif
