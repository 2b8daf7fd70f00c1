/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_parse.h - parse one address with AVX-512 (F, BW, VL, VBMI, VBMI2) and BMI2.
 *
 * IPv4 is the 128-bit kernel of the other rows: a masked load of the text costs more than the two
 * loads it saves. IPv6 has the whole text in one register and needs no branch for the form of the
 * address, but one for an IPv4 tail: the positions of the colons are compressed to a list, a row
 * for (colons before the "::", colons) picks for every digit of the address the colon that ends its
 * group and the colon before it, and one permutation gathers all 32 digits.
 */
#ifndef SIMDINET_AVX512_PARSE_H
#define SIMDINET_AVX512_PARSE_H

#include "x86_ipv4.h"

#define IPV6_LONGEST 45
#define IPV6_WINDOW  64

static bool parse_ipv4_avx512(const char *text, size_t len, uint8_t *out) {
    return parse_ipv4_split(text, len, out);
}

static bool parse_ipv4_z_avx512(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, 16))) {
        const char *end = memchr(text, 0, 16);
        return end != NULL && parse_ipv4_split(text, (size_t)(end - text), out);
    }
    const __m128i load = _mm_loadu_si128((const __m128i *)text);
    const __m128i digits = _mm_xor_si128(load, load_128(simdinet_ipv4_constants.zero));
    const uint32_t key = _pdep_u32(0xf, nondigits(digits));
    return parse_ipv4_layout(digits, key, &simdinet_ipv4_whole[key * WHOLE_MULTIPLIER >> 24], out);
}

static inline __m256i load_256(const void *from) {
    return _mm256_load_si256((const __m256i *)from);
}

/*
 * Converts a text that is followed by ':' up to the end of its register; colons are those of the
 * text, end is the bit behind its last byte.
 */
static inline bool parse_ipv6_groups(__m512i text, uint64_t colons, uint64_t end,
                                     __m128i *address) {
    const uint64_t doubles = colons & colons >> 1;
    const uint64_t count = (uint64_t)_mm_popcnt_u64(colons);
    const uint64_t head = (uint64_t)_mm_popcnt_u64(colons & (doubles - 1));
    if (UNLIKELY((doubles & (doubles - 1)) != 0) || UNLIKELY(count > 8)) {
        return false;
    }
    const ipv6_spread *row = &simdinet_ipv6_spread[head][count];
    const __m512i values =
        _mm512_permutex2var_epi8(_mm512_load_si512(simdinet_ipv6_constants.values), text,
                                 _mm512_load_si512(simdinet_ipv6_constants.values + 64));
    /* Positions of the colons and the end; -1 behind them, for a group that has nothing before. */
    const __m256i stops = _mm512_castsi512_si256(_mm512_mask_compress_epi8(
        _mm512_set1_epi8(-1), colons | end, _mm512_load_si512(simdinet_ipv6_constants.positions)));
    const __m256i ends = _mm256_permutexvar_epi8(load_256(row->end), stops);
    const __m256i begins = _mm256_permutexvar_epi8(load_256(row->begin), stops);
    const __m256i widths = _mm256_sub_epi8(ends, begins);
    const __mmask32 misfits =
        _mm256_cmpgt_epu8_mask(_mm256_sub_epi8(widths, load_256(row->low)), load_256(row->range));
    /* The digit's own place, or a colon, whose value is 0: -1 is the last byte of text. */
    const __m256i from =
        _mm256_max_epi8(_mm256_sub_epi8(ends, load_256(simdinet_ipv6_constants.back)), begins);
    const __m512i checked = _mm512_or_si512(values, text);
    (void)checked;
    const __m256i nibbles = _mm512_castsi512_si256(_mm512_permutexvar_epi8(
        _mm512_castsi256_si512(from),
        _mm512_or_si512(values, _mm512_and_si512(text, _mm512_set1_epi8(-128)))));
    if (UNLIKELY((misfits | _mm256_movepi8_mask(nibbles)) != 0)) {
        return false;
    }
    *address =
        _mm256_cvtepi16_epi8(_mm256_maddubs_epi16(nibbles, load_256(simdinet_ipv6_constants.join)));
    return true;
}

/* The address is none, or it ends in an IPv4 address; that is read as if it were "0:0". */
static OUT_OF_LINE bool parse_ipv6_with_ipv4(const char *from, __m512i text, uint64_t colons,
                                             uint64_t end, uint8_t *out) {
    const unsigned tail = 64 - (unsigned)_lzcnt_u64(colons);
    const unsigned len = (unsigned)_tzcnt_u64(end);
    uint8_t ipv4[4];
    if (!parse_ipv4_split(from + tail, len - tail, ipv4)) {
        return false;
    }
    const __m512i groups =
        _mm512_mask_mov_epi8(_mm512_set1_epi8(':'), (UINT64_C(1) << tail) - 1, text);
    __m128i address;
    if (!parse_ipv6_groups(groups, colons | UINT64_C(2) << tail, UINT64_C(8) << tail, &address)) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, _mm_insert_epi32(address, (int)load_u32(ipv4), 3));
    return true;
}

static inline bool parse_ipv6_register(const char *from, __m512i text, uint64_t end, uint8_t *out) {
    const uint64_t colons = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8(':')) & (end - 1);
    __m128i address;
    if (UNLIKELY(!parse_ipv6_groups(text, colons, end, &address))) {
        return parse_ipv6_with_ipv4(from, text, colons, end, out);
    }
    _mm_storeu_si128((__m128i *)out, address);
    return true;
}

static COLD_PATH bool parse_ipv6_copy(const char *text, size_t len, uint8_t *out) {
    char window[IPV6_WINDOW];
    memset(window, ':', sizeof window);
    memcpy(window, text, len);
    return parse_ipv6_register(text, _mm512_loadu_si512(window), UINT64_C(1) << len, out);
}

static bool parse_ipv6_avx512(const char *text, size_t len, uint8_t *out) {
    if (UNLIKELY(len - 2 > IPV6_LONGEST - 2)) {
        return false;
    }
    /* A masked load that touches an unmapped page costs about 100 ns, though it does not fault. */
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        return parse_ipv6_copy(text, len, out);
    }
    const uint64_t end = UINT64_C(1) << len;
    return parse_ipv6_register(text, _mm512_mask_loadu_epi8(_mm512_set1_epi8(':'), end - 1, text),
                               end, out);
}

static bool parse_ipv6_z_avx512(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        const char *end = memchr(text, 0, IPV6_LONGEST + 1);
        return end != NULL && parse_ipv6_avx512(text, (size_t)(end - text), out);
    }
    const __m512i load = _mm512_loadu_si512(text);
    const uint64_t nul = _mm512_testn_epi8_mask(load, load);
    const uint64_t end = nul & -nul;
    if (UNLIKELY((end & ((UINT64_C(1) << (IPV6_LONGEST + 1)) - 4)) == 0)) {
        return false;
    }
    return parse_ipv6_register(text, _mm512_mask_mov_epi8(_mm512_set1_epi8(':'), end - 1, load),
                               end, out);
}

#endif
