/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_ipv6.h - parse one IPv6 address in 128-bit registers, for the rows without AVX-512.
 *
 * A token is what stands between two colons: 0 to 4 hexadecimal digits. Three tokens and their
 * delimiters fit into 15 bytes, so three loads cover the nine tokens that an address has at most.
 * The positions of three delimiters choose a shuffle that right-aligns the three tokens in 32-bit
 * lanes; all tokens are then checked and converted together, and one more shuffle, chosen by the
 * number of colons and the place of the "::", moves them to where they belong. No step branches on
 * the form of the address but one: an IPv4 tail.
 */
#ifndef SIMDINET_X86_IPV6_H
#define SIMDINET_X86_IPV6_H

#include "x86_ipv4.h"

/* The bytes that the loads below may touch: token 6 of a right text begins at 30 or before. */
#define IPV6_WINDOW  48
#define IPV6_LONGEST 45

/* Five bytes in a row that are no delimiter. */
static inline bool has_long_token(uint64_t stops) {
    uint64_t near = stops | stops >> 1;
    near |= near >> 2;
    return (near | stops >> 4) != UINT64_MAX;
}

/* Loads three tokens, XORed with '0', into lanes; moves text and stops behind them. */
static inline __m128i take_tokens(const char **text, uint64_t *stops) {
    const __m128i load = _mm_loadu_si128((const __m128i *)*text);
    const uint64_t two = *stops & (*stops - 1);
    const uint64_t three = two & (two - 1);
    const uint64_t rest = three & (three - 1);
    const uint64_t key = *stops ^ rest;
    const unsigned taken = 64 - (unsigned)__builtin_clzll(key);
    *text += taken;
    *stops = rest >> taken;
    const uint32_t slot = (uint32_t)key * TOKEN_MULTIPLIER >> 23;
    return _mm_shuffle_epi8(_mm_xor_si128(load, load_128(simdinet_ipv4_constants.zero)),
                            load_128(simdinet_ipv6_tokens[slot].index));
}

/* Hexadecimal digits, XORed with '0', to their values; a byte of wrong has its top bit set if the
 * byte is no digit. */
static inline __m128i hex_values(__m128i digits, __m128i *wrong) {
    const __m128i letters = _mm_sub_epi8(_mm_and_si128(digits, _mm_set1_epi8((char)0xdf)),
                                         _mm_set1_epi8('A' ^ '0' ^ 0x20));
    const __m128i decimal = _mm_adds_epu8(digits, _mm_set1_epi8(0x7f - 9));
    const __m128i letter = _mm_adds_epu8(letters, _mm_set1_epi8(0x7f - 5));
    *wrong = _mm_and_si128(decimal, letter);
    return _mm_min_epu8(digits, _mm_add_epi8(letters, _mm_set1_epi8(10)));
}

/*
 * Of a text whose tokens have at most four bytes: colons has a bit for each of its colons, end the
 * bit behind its last byte; stops is colons and every bit from the end of the tokens on.
 */
static inline bool parse_ipv6_tokens(const char *text, uint64_t colons, uint64_t doubles,
                                     uint64_t end, uint64_t stops, __m128i *address) {
    const uint64_t single = colons & ~(doubles | doubles << 1);
    if (UNLIKELY(((doubles & (doubles - 1)) | (single & (end >> 1 | 1))) != 0)) {
        return false;
    }
    const unsigned count = (unsigned)__builtin_popcountll(colons);
    const unsigned head = (unsigned)__builtin_popcountll(colons & (doubles - 1));
    /* Eight colons are right when the text begins or ends with two of them. */
    if (UNLIKELY(count > 7) && (count != 8 || (doubles & (end >> 2 | 1)) == 0)) {
        return false;
    }
    const uint8_t *gap = simdinet_ipv6_gap[head][count].index;
    if (UNLIKELY(gap[0] == IPV6_NO_ROW)) {
        return false;
    }
    const __m128i first = take_tokens(&text, &stops);
    const __m128i second = take_tokens(&text, &stops);
    const __m128i third = take_tokens(&text, &stops);
    /* Lane 3 of first and second is empty: tokens 6 and 7 go there, and 8 to the place of 0. */
    const __m128i even = _mm_or_si128(first, _mm_shuffle_epi32(third, _MM_SHUFFLE(0, 3, 3, 2)));
    const __m128i odd = _mm_or_si128(second, _mm_shuffle_epi32(third, _MM_SHUFFLE(1, 3, 3, 3)));
    __m128i wrong_even, wrong_odd;
    const __m128i values_even = hex_values(even, &wrong_even);
    const __m128i values_odd = hex_values(odd, &wrong_odd);
    if (UNLIKELY(_mm_movemask_epi8(_mm_or_si128(wrong_even, wrong_odd)) != 0)) {
        return false;
    }
    const __m128i nibbles = _mm_set1_epi16(0x0110);
    const __m128i tokens = _mm_packus_epi16(_mm_maddubs_epi16(values_even, nibbles),
                                            _mm_maddubs_epi16(values_odd, nibbles));
    *address = _mm_shuffle_epi8(tokens, load_128(gap));
    return true;
}

/* The text has a token of more than four bytes: it ends in an IPv4 address or it is none. */
static OUT_OF_LINE bool parse_ipv6_with_ipv4(const char *text, uint64_t colons, uint64_t end,
                                             uint8_t *out) {
    if (colons == 0) {
        return false;
    }
    const unsigned tail = 64 - (unsigned)__builtin_clzll(colons);
    const unsigned len = (unsigned)__builtin_ctzll(end);
    uint8_t ipv4[4];
    if (!parse_ipv4_split(text + tail, len - tail, ipv4)) {
        return false;
    }
    /* Two empty tokens instead: the colon between them is where the tail begins. */
    const uint64_t between = UINT64_C(1) << tail;
    const uint64_t stops = colons | -between;
    __m128i address;
    if (has_long_token(stops) || !parse_ipv6_tokens(text, colons | between, colons & colons >> 1,
                                                    end, stops, &address)) {
        return false;
    }
    _mm_storeu_si128((__m128i *)out, _mm_insert_epi32(address, (int)load_u32(ipv4), 3));
    return true;
}

static inline uint64_t equal_bytes(const char *text, __m128i byte) {
    const __m128i a = _mm_loadu_si128((const __m128i *)text);
    const __m128i b = _mm_loadu_si128((const __m128i *)(text + 16));
    const __m128i c = _mm_loadu_si128((const __m128i *)(text + 32));
    const uint32_t low = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, byte));
    const uint32_t middle = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b, byte));
    const uint32_t high = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(c, byte));
    return low | middle << 16 | (uint64_t)high << 32;
}

/* Parses a text that lies in IPV6_WINDOW readable bytes; end is the bit behind its last byte. */
static inline bool parse_ipv6_window(const char *text, uint64_t end, uint8_t *out) {
    const uint64_t colons = equal_bytes(text, _mm_set1_epi8(':')) & (end - 1);
    const uint64_t stops = colons | -end;
    if (has_long_token(stops)) {
        return parse_ipv6_with_ipv4(text, colons, end, out);
    }
    __m128i address;
    if (!parse_ipv6_tokens(text, colons, colons & colons >> 1, end, stops, &address)) {
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
