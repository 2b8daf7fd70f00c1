/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv6_words.h - how the implementations with 128-bit and 256-bit registers take an IPv6 address apart.
 *
 * A token is what stands between two colons: 0 to 4 hexadecimal digits. Three tokens and their
 * delimiters fit into 15 bytes, so three loads cover the eight tokens of an address. The positions
 * of three delimiters choose a shuffle that right-aligns the three tokens in 32-bit lanes; all
 * tokens are then checked and converted together, and one more shuffle, chosen by the number of
 * groups and the place of the "::", moves them to where they belong. No step branches on the form
 * of the address but two: an IPv4 tail, and "::" before seven groups, which makes nine tokens.
 *
 * Where colons, delimiters or an end are bits, bit i is byte i of the text.
 */
#ifndef SIMDINET_IPV6_WORDS_H
#define SIMDINET_IPV6_WORDS_H

#include "bytes.h"
#include "kernels/tables/parse_tables.h"

#define IPV6_LONGEST 45
/* What the loads may touch: token 6 of a text without long tokens begins at byte 30 or before. */
#define IPV6_WINDOW 48

static inline unsigned count_bits(uint64_t bits) {
    return (unsigned)__builtin_popcountll(bits);
}

static inline unsigned highest_bit(uint64_t bits) {
    return 63 ^ (unsigned)__builtin_clzll(bits);
}

static inline uint64_t clear_lowest(uint64_t bits) {
    return bits & (bits - 1);
}

static inline uint64_t lowest_three(uint64_t bits) {
    return bits ^ clear_lowest(clear_lowest(clear_lowest(bits)));
}

/* Where three tokens each are in the text, and how to shuffle them: tokens 0, 3 and 6 onwards. */
typedef struct ipv6_cut {
    const char *text[3];
    const ipv6_tokens *tokens[3];
} ipv6_cut;

static inline const ipv6_tokens *find_tokens(uint32_t key) {
    return &simdinet_ipv6_tokens[key * TOKEN_MULTIPLIER >> 23];
}

/*
 * Cuts a text at its delimiters: its colons, of which there are count, and every bit from its end
 * on. Returns false if a token has more than four bytes.
 */
static inline bool cut_tokens(const char *text, uint64_t delimiters, unsigned count,
                              ipv6_cut *cut) {
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
    const unsigned from_3 = highest_bit(stops_0);
    const unsigned from_6 = highest_bit(stops_3);
    /* A key that loses a bit here has less than three, and no implementation has. */
    const uint32_t key_0 = (uint32_t)stops_0;
    const uint32_t key_3 = (uint32_t)(stops_3 >> from_3);
    const uint32_t key_6 = (uint32_t)(stops_6 >> from_6);
    cut->text[0] = text;
    cut->text[1] = text + from_3;
    cut->text[2] = text + from_6;
    cut->tokens[0] = find_tokens(key_0);
    cut->tokens[1] = find_tokens(key_3);
    cut->tokens[2] = find_tokens(key_6);
    return cut->tokens[0]->key == key_0 && cut->tokens[1]->key == key_3 &&
           cut->tokens[2]->key == key_6;
}

/*
 * Finds the place of each token of a text with count colons; end is the one bit behind the text.
 * Returns false if the text has not the colons of an address.
 */
static inline bool find_order(uint64_t colons, uint64_t end, unsigned count,
                              const ipv6_order **order) {
    /* A group ends at a delimiter that has no delimiter before it. */
    const uint64_t groups = (colons | end) & ~(colons << 1 | 1);
    const uint64_t doubles = colons & colons >> 1;
    /* Without a "::" the mask is all ones, and finds one more. */
    const uint64_t before = doubles ^ (doubles - 1);
    const size_t all = count_bits(groups);
    const size_t head = count_bits((groups | UINT64_C(1) << 63) & before);
    if (UNLIKELY(all > 8)) {
        return false;
    }
    *order = &simdinet_ipv6_order[head][all];
    return (*order)->colons == count;
}

/*
 * A text that ends in an IPv4 address is counted as if "0:0" stood in its place, and cut as if two
 * empty tokens did; tail is where it begins.
 */
static inline uint64_t tail_colons(uint64_t colons, unsigned tail) {
    return colons | UINT64_C(2) << tail;
}

static inline uint64_t tail_end(unsigned tail) {
    return UINT64_C(8) << tail;
}

static inline uint64_t tail_delimiters(uint64_t colons, unsigned tail) {
    return colons | -(UINT64_C(1) << tail);
}

#endif
