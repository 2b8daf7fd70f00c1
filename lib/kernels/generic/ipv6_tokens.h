/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv6_tokens.h - one IPv6 address in 128-bit registers.
 *
 * A token is the text between two colons: 0 to 4 hexadecimal digits. Three tokens and their
 * delimiters fit into 15 bytes, so three loads cover the eight tokens of an address. The positions
 * of three delimiters select a shuffle that right-aligns the three tokens in 32-bit lanes; all
 * tokens are then checked and converted together, and one more shuffle, selected by the number of
 * groups and the position of the "::", moves them into the order of the address. Two forms only
 * take a branch: an embedded IPv4 address (RFC 4291 2.2.3), and "::" before seven groups, which
 * makes nine tokens.
 *
 * In masks of colons, of delimiters and of the end, bit i is byte i of the text.
 */
#ifndef SIMDINET_IPV6_TOKENS_H
#define SIMDINET_IPV6_TOKENS_H

#include "simd.h"

/* What the loads may touch: token 6 of a text without long tokens begins at byte 30 or before. */
/* mutant survives: more texts are copied near the end of a page */
#define IPV6_WINDOW 48

/* The text and the shuffle of three tokens each: from token 0, 3 and 6 on. */
typedef struct ipv6_cut {
    const char *text[3];
    const ipv6_tokens *tokens[3];
    uint32_t key[3];
} ipv6_cut;

static ALWAYS_INLINE const ipv6_tokens *find_tokens(uint32_t key) {
    return &simdinet_ipv6_tokens[key * TOKEN_MULTIPLIER >> 23];
}

/* Cuts a text at its delimiters: its colons, 7 at most, and every bit from its end on. */
static ALWAYS_INLINE void cut_at_delimiters(const char *text, uint64_t delimiters, ipv6_cut *cut) {
    /* Shifted by one: the highest of three bits is then the start of the next token. */
    const uint64_t stops = delimiters << 1;
    const uint64_t stops_0 = lowest_three(stops);
    const uint64_t stops_3 = lowest_three(stops ^ stops_0);
    const uint64_t stops_6 = lowest_three(stops ^ stops_0 ^ stops_3);
    const unsigned from_3 = highest_one(stops_0);
    const unsigned from_6 = highest_one(stops_3);
    cut->text[0] = text;
    cut->text[1] = text + from_3;
    cut->text[2] = text + from_6;
    /* A key that loses a bit in the cast has fewer than three and matches no entry. */
    cut->key[0] = (uint32_t)stops_0;
    cut->key[1] = (uint32_t)(stops_3 >> from_3);
    cut->key[2] = (uint32_t)(stops_6 >> from_6);
    for (size_t i = 0; i < 3; i++)
        cut->tokens[i] = find_tokens(cut->key[i]);
}

/* gcc 12's -fanalyzer follows the loop above for one token. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wanalyzer-use-of-uninitialized-value"
#endif

/* The same for any number of colons, count of them. Returns false if a token has more than four
 * bytes. */
static ALWAYS_INLINE bool cut_tokens(const char *text, uint64_t delimiters, unsigned count,
                                     ipv6_cut *cut) {
    if (UNLIKELY(count > 7)) {
        /* "::2:3:4:5:6:7:8", or invalid: without its first colon it has eight tokens. */
        const unsigned skipped = (unsigned)(delimiters & 1);
        text += skipped;
        delimiters >>= skipped;
    }
    cut_at_delimiters(text, delimiters, cut);
    return cut->tokens[0]->key == cut->key[0] && cut->tokens[1]->key == cut->key[1] &&
           cut->tokens[2]->key == cut->key[2];
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic pop
#endif

/* Moves the loads of a cut with a long token into the window. Without one, token 3 begins at byte 15
 * or before, and token 6 at byte 30 or before. */
static ALWAYS_INLINE void stay_in_window(const char *text, ipv6_cut *cut) {
    cut->text[1] = text + ((size_t)(cut->text[1] - text) & 15);
    cut->text[2] = text + ((size_t)(cut->text[2] - text) & 31);
}

/* 0 if no token of a cut has more than four bytes. */
static ALWAYS_INLINE uint32_t long_tokens(const ipv6_cut *cut) {
    return (cut->tokens[0]->key ^ cut->key[0]) | (cut->tokens[1]->key ^ cut->key[1]) |
           (cut->tokens[2]->key ^ cut->key[2]);
}

/* The number of groups in all and before the "::", of a text with these colons; end has the one bit
 * past it. */
static ALWAYS_INLINE size_t count_groups(uint64_t colons, uint64_t end, size_t *head) {
    /* A group ends at a delimiter that has no delimiter before it. */
    const uint64_t groups = (colons | end) & ~(colons << 1 | 1);
    /* mutant survives: the second colon ends no group either */
    const uint64_t doubles = colons & colons >> 1;
    /* Without a "::" the mask is all ones, and counts one more. */
    /* mutant survives: of a single bit both masks are equal */
    const uint64_t before = doubles ^ (doubles - 1);
    /* In this order: in the other one gcc 12 spills more in blocks of both families, which took 10 %
     * more time (AVX2, Zen 3). */
    const size_t all = count_ones(groups);
    *head = count_ones((groups | UINT64_C(1) << 63) & before);
    return all;
}

/*
 * Finds the order of the tokens of a text with count colons; end has the one bit past the text.
 * Returns false if no address has these colons.
 */
static ALWAYS_INLINE bool find_order(uint64_t colons, uint64_t end, unsigned count,
                                     const ipv6_order **order) {
    size_t head;
    const size_t all = count_groups(colons, end, &head);
    /* mutant survives: nine groups have eight colons, which the table rejects */
    if (UNLIKELY(all > 8)) {
        return false;
    }
    *order = &simdinet_ipv6_order[head][all];
    return (*order)->colons == count;
}

/* 16 bytes of text as three tokens in lanes 0 to 2, XOR '0'. */
static ALWAYS_INLINE v128_t load_tokens(const char *text, const ipv6_tokens *tokens) {
    return v128_shuffle(v128_to_digits(v128_load(text)), v128_load_aligned(tokens));
}

#endif
