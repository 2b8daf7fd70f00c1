/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_ipv6.h - parse one IPv6 address, for the x86 rows without AVX-512.
 *
 * A token is what stands between two colons: 0 to 4 hexadecimal digits. Three tokens and their
 * delimiters fit into 15 bytes, so three loads cover the eight tokens of an address. The positions
 * of three delimiters choose a shuffle that right-aligns the three tokens in 32-bit lanes; all
 * tokens are then checked and converted together, and one more shuffle, chosen by the number of
 * groups and the place of the "::", moves them to where they belong. No step branches on the form
 * of the address but two: an IPv4 tail, and "::" before seven groups, which makes nine tokens.
 */
#ifndef SIMDINET_X86_IPV6_H
#define SIMDINET_X86_IPV6_H

#include "x86_ipv4.h"

#define IPV6_LONGEST 45
/* What the loads may touch: token 6 of a text without long tokens begins at byte 30 or before. */
#define IPV6_WINDOW 48

static inline uint64_t clear_lowest(uint64_t bits) {
    return bits & (bits - 1);
}

/* The lowest three bits. */
static inline uint64_t lowest_three(uint64_t bits) {
    return bits ^ clear_lowest(clear_lowest(clear_lowest(bits)));
}

static inline unsigned highest(uint64_t bits) {
    return 63 ^ (unsigned)__builtin_clzll(bits);
}

/* Loads three tokens that are ended by the bits of stops, XORed with '0', into lanes; false if one
 * of them is longer than four bytes. */
static inline bool load_tokens(const char *text, uint32_t stops, __m128i *tokens) {
    const ipv6_tokens *row = &simdinet_ipv6_tokens[stops * TOKEN_MULTIPLIER >> 23];
    if (UNLIKELY(row->key != stops)) {
        return false;
    }
    const __m128i load = _mm_loadu_si128((const __m128i *)text);
    *tokens = _mm_shuffle_epi8(_mm_xor_si128(load, load_128(simdinet_ipv4_constants.zero)),
                               load_128(row));
    return true;
}

/* Puts lane 0 or 1 of from into lane 3 of to. */
#define INSERT_LANE_3(to, from, lane)                                                              \
    _mm_castps_si128(                                                                              \
        _mm_insert_ps(_mm_castsi128_ps(to), _mm_castsi128_ps(from), (lane) << 6 | 3 << 4))

/*
 * Tokens 0, 1, 2, 6 to even, 3, 4, 5, 7 to odd; false if one is longer than four bytes. Bit i of
 * delimiters is a delimiter at byte i, count the number of those that are colons.
 */
static inline bool load_all_tokens(const char *text, uint64_t delimiters, unsigned count,
                                   __m128i *even, __m128i *odd) {
    if (UNLIKELY(count > 7)) {
        /* "::2:3:4:5:6:7:8", or no address: without its first colon it has eight tokens. */
        const unsigned skipped = (unsigned)(delimiters & 1);
        text += skipped;
        delimiters >>= skipped;
    }
    /* One up, so that the highest bit of three is where the next token begins. */
    const uint64_t stops = delimiters << 1;
    const uint64_t stops_0 = lowest_three(stops);
    const uint64_t stops_3 = lowest_three(stops ^ stops_0);
    const uint64_t stops_6 = lowest_three(stops ^ stops_0 ^ stops_3);
    const unsigned from_3 = highest(stops_0);
    const unsigned from_6 = highest(stops_3);
    __m128i first, second, third;
    if (!load_tokens(text, (uint32_t)stops_0, &first) ||
        !load_tokens(text + from_3, (uint32_t)(stops_3 >> from_3), &second) ||
        !load_tokens(text + from_6, (uint32_t)(stops_6 >> from_6), &third)) {
        return false;
    }
    *even = INSERT_LANE_3(first, third, 0);
    *odd = INSERT_LANE_3(second, third, 1);
    return true;
}

/* The row for a text with these colons and the bit end behind it; false if there is none. */
static inline bool find_order(uint64_t colons, uint64_t end, unsigned count,
                              const ipv6_order **order) {
    /* A group ends at a delimiter that has no delimiter before it. */
    const uint64_t groups = (colons | end) & ~(colons << 1 | 1);
    const uint64_t doubles = colons & colons >> 1;
    /* Without a "::" the mask is all ones, and finds one more. */
    const uint64_t before = doubles ^ (doubles - 1);
    const size_t all = (size_t)__builtin_popcountll(groups);
    const size_t head = (size_t)__builtin_popcountll((groups | UINT64_C(1) << 63) & before);
    *order = &simdinet_ipv6_order[head][all];
    return all <= 8 && (*order)->colons == count;
}

#if defined(__AVX2__)

static inline __m256i load_256(const void *from) {
    return _mm256_load_si256((const __m256i *)from);
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
    __m128i wrong_even, wrong_odd;
    const __m128i join = load_128(simdinet_ipv6_hex.join);
    *tokens = _mm_packus_epi16(_mm_maddubs_epi16(digit_values(even, &wrong_even), join),
                               _mm_maddubs_epi16(digit_values(odd, &wrong_odd), join));
    const __m128i wrong = _mm_or_si128(wrong_even, wrong_odd);
    return _mm_testz_si128(wrong, wrong);
}

#endif
/* The text has a token of more than four bytes: it ends in an IPv4 address or it is none. */
static OUT_OF_LINE bool parse_ipv6_with_ipv4(const char *text, uint64_t colons, uint64_t end,
                                             uint8_t *out) {
    if (colons == 0) {
        return false;
    }
    const size_t tail = highest(colons) + 1;
    const size_t len = (size_t)__builtin_ctzll(end);
    uint8_t ipv4[4];
    if (!parse_ipv4_split(text + tail, len - tail, ipv4)) {
        return false;
    }
    /* The groups are counted as if "0:0" stood there, the tokens as if they were empty. */
    const uint64_t pretended = colons | UINT64_C(2) << tail;
    const unsigned count = (unsigned)__builtin_popcountll(pretended);
    __m128i even, odd, tokens;
    if (!load_all_tokens(text, colons | -(UINT64_C(1) << tail), count, &even, &odd)) {
        return false;
    }
    const ipv6_order *order;
    if (!find_order(pretended, UINT64_C(8) << tail, count, &order) ||
        !join_digits(even, odd, &tokens)) {
        return false;
    }
    const __m128i address = _mm_shuffle_epi8(tokens, load_128(order->index));
    _mm_storeu_si128((__m128i *)out, _mm_insert_epi32(address, (int)load_u32(ipv4), 3));
    return true;
}

#if defined(__AVX2__)

static inline uint64_t equal_bytes(const char *text, __m256i byte) {
    const __m256i first = _mm256_loadu_si256((const __m256i *)text);
    const __m128i last = _mm_loadu_si128((const __m128i *)(text + 32));
    const __m128i equal = _mm_cmpeq_epi8(last, _mm256_castsi256_si128(byte));
    const uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, byte));
    return low | (uint64_t)(uint32_t)_mm_movemask_epi8(equal) << 32;
}

static inline uint64_t find_colons(const char *text) {
    return equal_bytes(text, load_256(simdinet_ipv6_hex.colon));
}

static inline uint64_t find_nuls(const char *text) {
    return equal_bytes(text, _mm256_setzero_si256());
}

#else

static inline uint64_t equal_bytes(const char *text, __m128i byte) {
    const __m128i *parts = (const __m128i *)text;
    const __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(parts), byte);
    const __m128i middle = _mm_cmpeq_epi8(_mm_loadu_si128(parts + 1), byte);
    const __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(parts + 2), byte);
    const uint32_t lower = (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(middle)
                                                                  << 16;
    return lower | (uint64_t)(uint32_t)_mm_movemask_epi8(high) << 32;
}

static inline uint64_t find_colons(const char *text) {
    return equal_bytes(text, load_128(simdinet_ipv6_hex.colon));
}

static inline uint64_t find_nuls(const char *text) {
    return equal_bytes(text, _mm_setzero_si128());
}

#endif

/* Parses a text that lies in IPV6_WINDOW readable bytes; end is the bit behind its last byte. */
static inline bool parse_ipv6_window(const char *text, uint64_t end, uint8_t *out) {
    const uint64_t colons = find_colons(text) & (end - 1);
    const unsigned count = (unsigned)__builtin_popcountll(colons);
    __m128i even, odd, tokens;
    if (!load_all_tokens(text, colons | -end, count, &even, &odd)) {
        return parse_ipv6_with_ipv4(text, colons, end, out);
    }
    const ipv6_order *order;
    if (UNLIKELY(!find_order(colons, end, count, &order)) ||
        UNLIKELY(!join_digits(even, odd, &tokens))) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, _mm_shuffle_epi8(tokens, load_128(order->index)));
    return true;
}

static COLD_PATH bool parse_ipv6_copy(const char *text, size_t len, uint8_t *out) {
    char window[IPV6_WINDOW] = {0};
    memcpy(window, text, len);
    return parse_ipv6_window(window, UINT64_C(1) << len, out);
}

#endif
