/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_ipv4.h - parse one IPv4 address in one 128-bit register, for every x86 implementation: the instructions
 * are those of SSE4.1, and an implementation with AVX gets their three-operand forms by its compile flags.
 *
 * The positions of the non-digits choose one of 81 layouts, one cache line each (parse_tables.h); a
 * shuffle then puts every octet into a lane where one compare says all there is to say of it.
 */
#ifndef SIMDINET_X86_IPV4_H
#define SIMDINET_X86_IPV4_H

#include <immintrin.h>

#include "kernels/generic/bytes.h"
#include "kernels/tables/parse_tables.h"

static inline __m128i load_128(const void *from) {
    return _mm_load_si128((const __m128i *)from);
}

/* A bit for each byte that is no digit; digits is the text XOR '0'. */
static inline uint32_t nondigits(__m128i digits) {
    const __m128i carry = load_128(simdinet_ipv4_constants.carry);
    return (uint32_t)_mm_movemask_epi8(_mm_adds_epu8(digits, carry));
}

/* Checks and converts a text whose non-digits stand as key says. */
static inline bool parse_ipv4_layout(__m128i digits, uint32_t key, const ipv4_layout *layout,
                                     uint8_t *out) {
    const __m128i lanes = _mm_shuffle_epi8(digits, load_128(layout->shuffle));
    const __m128i distance = _mm_sub_epi32(lanes, load_128(layout->low));
    const __m128i wrong = _mm_cmpgt_epi32(distance, load_128(layout->range));
    if (UNLIKELY(layout->key != key) || UNLIKELY(!_mm_testz_si128(wrong, wrong))) {
        return false;
    }
    const __m128i pairs = _mm_maddubs_epi16(lanes, load_128(simdinet_ipv4_constants.weights));
    const __m128i octets = _mm_madd_epi16(pairs, load_128(simdinet_ipv4_constants.ones));
    const __m128i packed = _mm_shuffle_epi8(octets, load_128(simdinet_ipv4_constants.pack));
    store_u32(out, (uint32_t)_mm_cvtsi128_si32(packed));
    return true;
}

/* The first eight bytes and the last eight: no byte that is not the text's, and no mask to cut. */
static inline bool parse_ipv4_split(const char *text, size_t len, uint8_t *out) {
    if (UNLIKELY(len - 8 > 7)) {
        return len == 7 && parse_ipv4_shortest(text, out);
    }
    const __m128i first = _mm_loadl_epi64((const __m128i *)text);
    const __m128i last = _mm_loadl_epi64((const __m128i *)(text + len - 8));
    const __m128i digits =
        _mm_xor_si128(_mm_unpacklo_epi64(first, last), load_128(simdinet_ipv4_constants.zero));
    const uint32_t key = nondigits(digits);
    const ipv4_layout *layout = &simdinet_ipv4_split[key * SPLIT_MULTIPLIER >> 24];
    if (UNLIKELY(layout->length != (uint32_t)len)) {
        return false;
    }
    return parse_ipv4_layout(digits, key, layout, out);
}

/* A string whose sixteen bytes may reach into a page that it does not touch itself. */
static COLD_PATH bool parse_ipv4_z_by_length(const char *text, uint8_t *out) {
    const char *end = memchr(text, 0, 16);
    return end != NULL && parse_ipv4_split(text, (size_t)(end - text), out);
}

#endif
