/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_ipv6.h - parse one IPv6 address, for the x86 implementations without AVX-512 (ipv6_words.h says how).
 */
#ifndef SIMDINET_X86_IPV6_H
#define SIMDINET_X86_IPV6_H

#include "ipv4.h"
#include "kernels/generic/ipv6_parse.h"

/* Three tokens, XORed with '0', in lanes 0 to 2. */
static inline __m128i load_tokens(const char *text, const ipv6_tokens *tokens) {
    const __m128i load = _mm_loadu_si128((const __m128i *)text);
    return _mm_shuffle_epi8(_mm_xor_si128(load, load_128(simdinet_ipv4_constants.zero)),
                            load_128(tokens));
}

/* Puts lane 0 or 1 of from into lane 3 of to. */
#define INSERT_LANE_3(to, from, lane)                                                              \
    _mm_castps_si128(                                                                              \
        _mm_insert_ps(_mm_castsi128_ps(to), _mm_castsi128_ps(from), (lane) << 6 | 3 << 4))

#if defined(__AVX2__)

static inline __m256i load_256(const void *from) {
    return _mm256_load_si256((const __m256i *)from);
}

static inline uint64_t equal_bytes(const char *text, __m256i byte) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)text);
    const __m128i high = _mm_loadu_si128((const __m128i *)(text + 32));
    const __m128i equal_high = _mm_cmpeq_epi8(high, _mm256_castsi256_si128(byte));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte)) |
           (uint64_t)(uint32_t)_mm_movemask_epi8(equal_high) << 32;
}

static inline uint64_t find_colons(const char *text) {
    return equal_bytes(text, load_256(simdinet_ipv6_hex.colon));
}

static inline uint64_t find_nuls(const char *text) {
    return equal_bytes(text, _mm256_setzero_si256());
}

/* Converts and joins hexadecimal digits, XORed with '0'; false if there is another byte. */
static inline bool join_digits(__m128i even, __m128i odd, __m128i *tokens) {
    const ipv6_hex *hex = &simdinet_ipv6_hex;
    const __m256i digits = _mm256_inserti128_si256(_mm256_castsi128_si256(even), odd, 1);
    const __m256i letters =
        _mm256_add_epi8(_mm256_and_si256(digits, load_256(hex->fold)), load_256(hex->letter));
    const __m256i values = _mm256_min_epu8(digits, _mm256_add_epi8(letters, load_256(hex->ten)));
    const __m256i wrong = _mm256_min_epu8(_mm256_subs_epu8(digits, load_256(hex->last_decimal)),
                                          _mm256_subs_epu8(letters, load_256(hex->last_letter)));
    const __m256i bytes = _mm256_maddubs_epi16(values, load_256(hex->join));
    *tokens = _mm_packus_epi16(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
    return _mm256_testz_si256(wrong, wrong);
}

#else

static inline uint64_t equal_bytes(const char *text, __m128i byte) {
    const __m128i low = _mm_loadu_si128((const __m128i *)text);
    const __m128i middle = _mm_loadu_si128((const __m128i *)(text + 16));
    const __m128i high = _mm_loadu_si128((const __m128i *)(text + 32));
    const uint32_t lower = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, byte)) |
                           (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(middle, byte)) << 16;
    return lower | (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, byte)) << 32;
}

static inline uint64_t find_colons(const char *text) {
    return equal_bytes(text, load_128(simdinet_ipv6_hex.colon));
}

static inline uint64_t find_nuls(const char *text) {
    return equal_bytes(text, _mm_setzero_si128());
}

/* The values of hexadecimal digits, XORed with '0'; wrong is 0 where there is one. */
static inline __m128i digit_values(__m128i digits, __m128i *wrong) {
    const ipv6_hex *hex = &simdinet_ipv6_hex;
    const __m128i letters =
        _mm_add_epi8(_mm_and_si128(digits, load_128(hex->fold)), load_128(hex->letter));
    *wrong = _mm_min_epu8(_mm_subs_epu8(digits, load_128(hex->last_decimal)),
                          _mm_subs_epu8(letters, load_128(hex->last_letter)));
    return _mm_min_epu8(digits, _mm_add_epi8(letters, load_128(hex->ten)));
}

/* Converts and joins hexadecimal digits, XORed with '0'; false if there is another byte. */
static inline bool join_digits(__m128i even, __m128i odd, __m128i *tokens) {
    const __m128i join = load_128(simdinet_ipv6_hex.join);
    __m128i wrong_even, wrong_odd;
    *tokens = _mm_packus_epi16(_mm_maddubs_epi16(digit_values(even, &wrong_even), join),
                               _mm_maddubs_epi16(digit_values(odd, &wrong_odd), join));
    const __m128i wrong = _mm_or_si128(wrong_even, wrong_odd);
    return _mm_testz_si128(wrong, wrong);
}

#endif

/* Loads, converts and orders the tokens; false if there is a byte that is no digit. */
static inline bool convert_tokens(const ipv6_cut *cut, const ipv6_order *order, __m128i *address) {
    const __m128i first = load_tokens(cut->text[0], cut->tokens[0]);
    const __m128i second = load_tokens(cut->text[1], cut->tokens[1]);
    const __m128i third = load_tokens(cut->text[2], cut->tokens[2]);
    const __m128i even = INSERT_LANE_3(first, third, 0);
    const __m128i odd = INSERT_LANE_3(second, third, 1);
    __m128i tokens;
    if (UNLIKELY(!join_digits(even, odd, &tokens))) {
        return false;
    }
    *address = _mm_shuffle_epi8(tokens, load_128(order->index));
    return true;
}

/* The text has a token of more than four bytes: it ends in an IPv4 address or it is none. */
static OUT_OF_LINE bool parse_ipv6_with_ipv4(const char *text, uint64_t colons, uint64_t end,
                                             uint8_t *out) {
    if (colons == 0) {
        return false;
    }
    const unsigned tail = highest_bit(colons) + 1;
    const unsigned len = highest_bit(end);
    uint8_t ipv4[4];
    if (!parse_ipv4_split(text + tail, len - tail, ipv4)) {
        return false;
    }
    const uint64_t groups = tail_colons(colons, tail);
    const unsigned count = count_bits(groups);
    ipv6_cut cut;
    const ipv6_order *order;
    __m128i address;
    if (!cut_tokens(text, tail_delimiters(colons, tail), count, &cut) ||
        !find_order(groups, tail_end(tail), count, &order) ||
        !convert_tokens(&cut, order, &address)) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, _mm_insert_epi32(address, (int)load_u32(ipv4), 3));
    return true;
}

/* Parses a text that lies in IPV6_WINDOW readable bytes; end is the one bit behind it. */
static inline bool parse_ipv6_window(const char *text, uint64_t end, uint8_t *out) {
    const uint64_t colons = find_colons(text) & (end - 1);
    const unsigned count = count_bits(colons);
    ipv6_cut cut;
    const ipv6_order *order;
    __m128i address;
    if (!cut_tokens(text, colons | -end, count, &cut)) {
        return parse_ipv6_with_ipv4(text, colons, end, out);
    }
    if (UNLIKELY(!find_order(colons, end, count, &order)) ||
        UNLIKELY(!convert_tokens(&cut, order, &address))) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, address);
    return true;
}

static COLD_PATH bool parse_ipv6_copy(const char *text, size_t len, uint8_t *out) {
    char window[IPV6_WINDOW] = {0};
    memcpy(window, text, len);
    return parse_ipv6_window(window, UINT64_C(1) << len, out);
}

#endif
