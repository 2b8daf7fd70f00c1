/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_parse_ipv6.h - parses one IPv6 address with AVX-512 (F, BW, VL, VBMI, VBMI2), BMI1, BMI2,
 * LZCNT and POPCNT.
 *
 * The whole text is one register. The positions of the colons are compressed to a list; a table
 * entry for (colons before the "::", colons) selects, for every digit of the address, the colon
 * that ends its group and the colon before it; and one permutation gathers all 32 digits. An
 * embedded IPv4 address is the only form that takes a branch.
 */
#ifndef SIMDINET_AVX512_PARSE_IPV6_H
#define SIMDINET_AVX512_PARSE_IPV6_H

#include "kernels/generic/parse_ipv4.h"
#include "kernels/kernel.h"
#include "simd512.h"

/*
 * Converts the text in the bytes of inside, none of which is below '0', above 0x7f or the last byte
 * of the register. colons are those of the text, end has the bit past it. The text is an address if
 * no group is a misfit, and no digit has its top bit set.
 */
static ALWAYS_INLINE __mmask32 convert_ipv6_groups(__m512i text, __mmask64 inside, uint64_t colons,
                                                   uint64_t end, const ipv6_spread *spread,
                                                   __m128i *address, __mmask32 *misfits) {
    const __m512i values = _mm512_maskz_permutex2var_epi8(
        inside, v512_load_aligned(simdinet_ipv6_constants.values), text,
        v512_load_aligned(simdinet_ipv6_constants.values + 64));
    /* Positions of the colons and the end; then -1, for a group without a colon before it. */
    const __m256i stops = _mm512_castsi512_si256(_mm512_mask_compress_epi8(
        _mm512_set1_epi32(-1), colons | end, v512_load_aligned(simdinet_ipv6_constants.positions)));
    const __m256i ends = _mm256_permutexvar_epi8(v256_load_aligned(spread->end), stops);
    const __m256i begins = _mm256_permutexvar_epi8(v256_load_aligned(spread->begin), stops);
    const __m256i digits = _mm256_sub_epi8(ends, v256_load_aligned(simdinet_ipv6_constants.back));
    *misfits =
        _mm256_cmpgt_epu8_mask(_mm256_sub_epi8(digits, begins), v256_load_aligned(spread->range));
    /* The position of a digit; or of the colon before, or -1, the last byte, whose values are 0. */
    const __m512i from = _mm512_castsi256_si512(_mm256_max_epi8(digits, begins));
    const __m256i nibbles = _mm512_castsi512_si256(_mm512_permutexvar_epi8(from, values));
    const __m256i bytes =
        _mm256_maddubs_epi16(nibbles, v256_load_aligned(simdinet_ipv6_constants.join));
    *address = _mm256_castsi256_si128(
        _mm256_permutexvar_epi8(v256_load_aligned(simdinet_ipv6_constants.even), bytes));
    return _mm256_movepi8_mask(nibbles);
}

/* The same, with the entry that the colons select; false if the text is not an address. */
static inline bool parse_ipv6_groups(__m512i text, __mmask64 inside, uint64_t colons, uint64_t end,
                                     __m128i *address) {
    const uint64_t doubles = colons & colons >> 1;
    const uint64_t count = (uint64_t)_mm_popcnt_u64(colons);
    const uint64_t head = (uint64_t)_mm_popcnt_u64(colons & (doubles - 1));
    __mmask32 misfits;
    if (UNLIKELY((doubles & (doubles - 1)) != 0) || UNLIKELY(count > 8)) {
        return false;
    }
    const __mmask32 wrong = convert_ipv6_groups(
        text, inside, colons, end, &simdinet_ipv6_spread[head][count], address, &misfits);
    return LIKELY(_kortestz_mask32_u8(misfits, wrong));
}

/*
 * The text has bytes below '0' or above 0x7f: it ends in an embedded IPv4 address or is invalid.
 * Its groups are converted as if the last 32 bits were written "0:0".
 */
static OUT_OF_LINE bool IMPL(parse_ipv6_embedded)(const char *from, __m512i text, uint64_t colons,
                                                  size_t len, uint8_t *out) {
    const unsigned start = 64 - (unsigned)_lzcnt_u64(colons);
    const __mmask64 inside = (UINT64_C(1) << start) - 1;
    uint8_t ipv4[4];
    if (_mm512_mask_cmplt_epi8_mask(inside, text,
                                    v512_load_aligned(simdinet_ipv6_constants.zero)) != 0 ||
        !IMPL(parse_ipv4)(from + start, len - start, ipv4)) {
        return false;
    }
    __m128i address;
    if (!parse_ipv6_groups(text, inside, colons | UINT64_C(2) << start, UINT64_C(8) << start,
                           &address)) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, _mm_insert_epi32(address, (int)load_u32(ipv4), 3));
    return true;
}

/* Parses the first len bytes of a register, 45 at most; from points to the text. */
static inline bool parse_ipv6_register(const char *from, __m512i text, size_t len, uint8_t *out) {
    const uint64_t inside = _bzhi_u64(UINT64_MAX, (unsigned)len);
    /* By BZHI: gcc 12 turns an AND with inside into a masked compare, which then waits for len. */
    const uint64_t colons =
        _bzhi_u64(_mm512_cmpeq_epi8_mask(text, v512_load_aligned(simdinet_ipv6_constants.colon)),
                  (unsigned)len);
    /* The signed compare includes bytes above 0x7f. */
    const __mmask64 others =
        _mm512_mask_cmplt_epi8_mask(inside, text, v512_load_aligned(simdinet_ipv6_constants.zero));
    if (!_kortestz_mask64_u8(others, others)) {
        return IMPL(parse_ipv6_embedded)(from, text, colons, len, out);
    }
    __m128i address;
    if (UNLIKELY(!parse_ipv6_groups(text, inside, colons, UINT64_C(1) << len, &address))) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, address);
    return true;
}

static COLD_PATH bool IMPL(parse_ipv6_copy)(const char *text, size_t len, uint8_t *out) {
    char window[sizeof(v512_t)] = {0};
    memcpy(window, text, len);
    return parse_ipv6_register(text, _mm512_loadu_si512(window), len, out);
}

static bool IMPL(parse_ipv6)(const char *text, size_t len, uint8_t *out) {
    if (UNLIKELY(len - 2 > SIMDINET_MAX_IPV6_TEXT - 2)) {
        return false;
    }
    if (UNLIKELY(leaves_page(text, sizeof(v512_t)))) {
        return IMPL(parse_ipv6_copy)(text, len, out);
    }
    return parse_ipv6_register(text, _mm512_loadu_si512(text), len, out);
}

static COLD_PATH bool IMPL(parse_ipv6_z_by_length)(const char *text, uint8_t *out) {
    const char *end = memchr(text, 0, SIMDINET_MAX_IPV6_TEXT + 1);
    return end != NULL && IMPL(parse_ipv6)(text, (size_t)(end - text), out);
}

static int IMPL(parse_ipv6_z)(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, sizeof(v512_t)))) {
        return IMPL(parse_ipv6_z_by_length)(text, out);
    }
    const __m512i load = _mm512_loadu_si512(text);
    const size_t len = (size_t)_tzcnt_u64(_mm512_testn_epi8_mask(load, load));
    return len <= SIMDINET_MAX_IPV6_TEXT && parse_ipv6_register(text, load, len, out);
}

#endif
