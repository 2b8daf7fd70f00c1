/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_format.h - the steps of generic/format_column.h for two addresses, or for the two halves of
 * one, in a register of 32 bytes.
 */
#ifndef SIMDINET_AVX2_FORMAT_H
#define SIMDINET_AVX2_FORMAT_H

#include "kernels/generic/ipv6_chunks.h"
#include "simd256.h"

enum { v256_ipv4_step = 4, v256_ipv6_step = 2 };

static ALWAYS_INLINE v256_t v256_separators(char last) {
    return _mm256_broadcastsi128_si256(v128_separators(last));
}

static ALWAYS_INLINE v256_t v256_last_separators(char separator) {
    return _mm256_inserti128_si256(_mm256_set1_epi8(':'), v128_last_separators(separator), 1);
}

static ALWAYS_INLINE v256_t v256_wide_octets(v256_t lanes) {
    return _mm256_cmpgt_epi16(lanes, _mm256_set1_epi32(99 << 16 | 9));
}

/* As v128_octet_text. */
static ALWAYS_INLINE v256_t v256_octet_text(v256_t lanes, v256_t separators) {
    const __m256i quotients = _mm256_mulhi_epu16(lanes, _mm256_set1_epi32(656 << 16 | 6554));
    const __m256i sums = _mm256_madd_epi16(quotients, _mm256_set1_epi32((int)(0xf6000000u | 246)));
    const __m256i digits = _mm256_add_epi32(sums, _mm256_blend_epi16(lanes, quotients, 0xaa));
    return _mm256_or_si256(digits, separators);
}

static ALWAYS_INLINE void v256_ipv4_texts(const uint8_t *addresses, v256_t separators,
                                          unsigned drop, v128_t text[4], uint32_t ends[4]) {
    const __m256i index_ac = _mm256_setr_m128i(v128_octet_index(0), v128_octet_index(8));
    const __m256i index_bd = _mm256_setr_m128i(v128_octet_index(4), v128_octet_index(12));
    const __m256i x = _mm256_broadcastsi128_si256(v128_load(addresses));
    __m256i ac = _mm256_shuffle_epi8(x, index_ac);
    __m256i bd = _mm256_shuffle_epi8(x, index_bd);
    /* Bytes of a and b in the low lane, of c and d in the high one: in order. */
    const unsigned widths =
        v256_mask(_mm256_packs_epi16(v256_wide_octets(ac), v256_wide_octets(bd)));
    ac = v256_octet_text(ac, separators);
    bd = v256_octet_text(bd, separators);
    text[0] = v128_octet_head(_mm256_castsi256_si128(ac), widths);
    text[1] = v128_octet_head(_mm256_castsi256_si128(bd), widths >> 8);
    text[2] = v128_octet_head(_mm256_extracti128_si256(ac, 1), widths >> 16);
    text[3] = v128_octet_head(_mm256_extracti128_si256(bd, 1), widths >> 24);
    v128_ipv4_ends(widths, drop, ends);
}

/* The groups of one address, half in each lane: pairs 0 and 1, pairs 2 and 3. */
static ALWAYS_INLINE void v256_split_groups(const uint8_t *address, v256_t last,
                                            ipv6_chunks *chunks) {
    const __m256i twice = _mm256_setr_epi8(0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10,
                                           11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15);
    const __m256i high_then_low = _mm256_set1_epi64x(4);
    const __m256i alphabet = _mm256_broadcastsi128_si256(v128_alphabet());
    __m256i x = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(v128_load(address)), twice);
    x = _mm256_and_si256(_mm256_srlv_epi32(x, high_then_low), _mm256_set1_epi8(15));
    const unsigned zeros = v256_mask(_mm256_cmpeq_epi8(x, _mm256_setzero_si256()));
    chunks->zero_digits[0] = zeros & 0xffff;
    chunks->zero_digits[1] = zeros >> 16;
    x = _mm256_shuffle_epi8(alphabet, x);
    const __m256i even = _mm256_unpacklo_epi64(x, _mm256_set1_epi8(':'));
    const __m256i odd = _mm256_unpackhi_epi64(x, last);
    chunks->pairs[0] = _mm256_castsi256_si128(even);
    chunks->pairs[1] = _mm256_castsi256_si128(odd);
    chunks->pairs[2] = _mm256_extracti128_si256(even, 1);
    chunks->pairs[3] = _mm256_extracti128_si256(odd, 1);
}

static ALWAYS_INLINE void v256_split_ipv6(const uint8_t *addresses, v256_t separators, v256_t last,
                                          ipv6_chunks chunks[2]) {
    const __m256i index = _mm256_broadcastsi128_si256(v128_octet_index(12));
    const __m256i x = v256_load(addresses);
    const __m256i lanes = _mm256_shuffle_epi8(x, index);
    const __m256i zero = _mm256_cmpeq_epi16(x, _mm256_setzero_si256());
    const unsigned bits = v256_mask(_mm256_packs_epi16(zero, v256_wide_octets(lanes)));
    const __m256i octets = v256_octet_text(lanes, separators);
    v256_split_groups(addresses, last, &chunks[0]);
    v256_split_groups(addresses + 16, last, &chunks[1]);
    chunks[0].octets = _mm256_castsi256_si128(octets);
    chunks[1].octets = _mm256_extracti128_si256(octets, 1);
    chunks[0].zero_groups = (bits & 0xff) | format_group5(addresses);
    chunks[1].zero_groups = (bits >> 16 & 0xff) | format_group5(addresses + 16);
    chunks[0].widths = bits >> 8 & 0xff;
    chunks[1].widths = bits >> 24;
}

#endif
