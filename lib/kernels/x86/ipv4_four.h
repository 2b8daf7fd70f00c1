/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv4_four.h - four IPv4 values of a column at a time, for SSE4.2 and AVX2.
 *
 * Each value is moved to lanes as a single address is, by a table that is indexed by its length and
 * its delimiters. The bytes of the lanes are checked one by one, and no key is compared. Four values
 * share the last steps of the conversion and one store. An error is a mask, which clears the
 * address: no branch depends on a value.
 */
#ifndef SIMDINET_X86_IPV4_FOUR_H
#define SIMDINET_X86_IPV4_FOUR_H

#include "kernels/generic/ipv4_layout.h"
#include "kernels/kernel.h"

/* One value: its octets, and a byte other than 0 for each byte of the text that is wrong. */
typedef struct ipv4_lanes {
    __m128i octets;
    __m128i wrong;
} ipv4_lanes;

/* Loads the first eight bytes of a value and the last eight. */
static ALWAYS_INLINE ipv4_lanes convert_ipv4_value(const char *first, const char *end,
                                                   uint32_t slot) {
    const __m128 low = _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)first));
    const __m128 both = _mm_loadh_pi(low, (const __m64 *)(end - 8));
    const __m128i digits = v128_to_digits(_mm_castps_si128(both));
    const uint32_t hash = v128_nondigits(digits) * COLUMN_MULTIPLIER >> 26;
    const ipv4_fields *fields = &simdinet_ipv4_column[hash | slot];
    const __m128i lanes = _mm_shuffle_epi8(digits, v128_load_aligned(fields->shuffle));
    const __m128i pairs =
        _mm_maddubs_epi16(lanes, v128_load_aligned(simdinet_ipv4_constants.weights));
    ipv4_lanes result;
    result.octets = _mm_madd_epi16(pairs, v128_load_aligned(simdinet_ipv4_constants.ones));
    result.wrong = _mm_subs_epu8(_mm_sub_epi8(lanes, v128_load_aligned(fields->low)),
                                 v128_load_aligned(fields->range));
    return result;
}

/* Parses four values, which fit in their loads, and stores an address or zeros for each. Returns a
 * bit for each, 1 for an address. */
static ALWAYS_INLINE unsigned parse_four_ipv4(const char *base, const int32_t *begin,
                                              const int32_t *end, const uint32_t *slot,
                                              uint8_t *out) {
    const ipv4_lanes a = convert_ipv4_value(base + begin[0], base + end[0], slot[0]);
    const ipv4_lanes b = convert_ipv4_value(base + begin[1], base + end[1], slot[1]);
    const __m128i octets_ab = _mm_packs_epi32(a.octets, b.octets);
    const __m128i wrong_ab =
        _mm_or_si128(_mm_packs_epi32(a.wrong, b.wrong), _mm_srli_epi16(octets_ab, 8));
    const ipv4_lanes c = convert_ipv4_value(base + begin[2], base + end[2], slot[2]);
    const ipv4_lanes d = convert_ipv4_value(base + begin[3], base + end[3], slot[3]);
    const __m128i octets_cd = _mm_packs_epi32(c.octets, d.octets);
    const __m128i wrong_cd =
        _mm_or_si128(_mm_packs_epi32(c.wrong, d.wrong), _mm_srli_epi16(octets_cd, 8));
    const __m128i valid = _mm_cmpeq_epi32(_mm_packs_epi16(wrong_ab, wrong_cd), _mm_setzero_si128());
    v128_store(out, _mm_and_si128(_mm_packus_epi16(octets_ab, octets_cd), valid));
    return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(valid));
}

/* Parses "d.d.d.d", which is too short for two loads, as ipv4_layout.h does, without a branch.
 * Stores an address or zeros. */
static ALWAYS_INLINE unsigned parse_seven_bytes(const char *text, uint8_t *out) {
    const uint64_t value = load_u32(text) | (uint64_t)load_u32(text + 3) << 24;
    const uint64_t digits = value ^ UINT64_C(0x00302e302e302e30);
    const uint64_t wrong =
        ((digits + UINT64_C(0x00767f767f767f76)) | digits) & UINT64_C(0x0080808080808080);
    const unsigned valid = wrong == 0;
    const uint64_t pairs = digits | digits >> 8;
    const uint32_t octets = ((uint32_t)pairs & 0xffff) | ((uint32_t)(pairs >> 16) & 0xffff0000);
    store_u32(out, octets & -(uint32_t)valid);
    return valid;
}

#endif
