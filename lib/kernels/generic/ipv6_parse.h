/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv6_parse.h - parses one IPv6 address in 128-bit registers.
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
#ifndef SIMDINET_IPV6_PARSE_H
#define SIMDINET_IPV6_PARSE_H

#include "ipv4_parse.h"
#include "kernels/kernel.h"

/* What the loads may touch: token 6 of a text without long tokens begins at byte 30 or before. */
#define IPV6_WINDOW 48

/* The text and the shuffle of three tokens each: from token 0, 3 and 6 on. */
typedef struct ipv6_cut {
    const char *text[3];
    const ipv6_tokens *tokens[3];
} ipv6_cut;

static ALWAYS_INLINE const ipv6_tokens *find_tokens(uint32_t key) {
    return &simdinet_ipv6_tokens[key * TOKEN_MULTIPLIER >> 23];
}

/*
 * Cuts a text at its delimiters: its colons, count of them, and every bit from its end on. Returns
 * false if a token has more than four bytes.
 */
static ALWAYS_INLINE bool cut_tokens(const char *text, uint64_t delimiters, unsigned count,
                                     ipv6_cut *cut) {
    if (UNLIKELY(count > 7)) {
        /* "::2:3:4:5:6:7:8", or invalid: without its first colon it has eight tokens. */
        const unsigned skipped = (unsigned)(delimiters & 1);
        text += skipped;
        delimiters >>= skipped;
    }
    /* Shifted by one: the highest of three bits is then the start of the next token. */
    const uint64_t stops = delimiters << 1;
    const uint64_t stops_0 = lowest_three(stops);
    const uint64_t stops_3 = lowest_three(stops ^ stops_0);
    const uint64_t stops_6 = lowest_three(stops ^ stops_0 ^ stops_3);
    const unsigned from_3 = highest_one(stops_0);
    const unsigned from_6 = highest_one(stops_3);
    /* A key that loses a bit here has fewer than three, and no entry of the table has. */
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
 * Finds the order of the tokens of a text with count colons; end has the one bit past the text.
 * Returns false if no address has these colons.
 */
static ALWAYS_INLINE bool find_order(uint64_t colons, uint64_t end, unsigned count,
                                     const ipv6_order **order) {
    /* A group ends at a delimiter that has no delimiter before it. */
    const uint64_t groups = (colons | end) & ~(colons << 1 | 1);
    const uint64_t doubles = colons & colons >> 1;
    /* Without a "::" the mask is all ones, and counts one more. */
    const uint64_t before = doubles ^ (doubles - 1);
    const size_t all = count_ones(groups);
    const size_t head = count_ones((groups | UINT64_C(1) << 63) & before);
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

/* Loads, converts and orders the tokens; false if a byte is not a hexadecimal digit. */
static ALWAYS_INLINE bool IMPL(convert_tokens)(const ipv6_cut *cut, const ipv6_order *order,
                                               v128_t *address) {
    const v128_t first = load_tokens(cut->text[0], cut->tokens[0]);
    const v128_t second = load_tokens(cut->text[1], cut->tokens[1]);
    const v128_t third = load_tokens(cut->text[2], cut->tokens[2]);
    const v128_t even = v128_lane3_from_0(first, third);
    const v128_t odd = v128_lane3_from_1(second, third);
    v128_t groups;
    if (UNLIKELY(!VEC(join_digits)(even, odd, &groups))) {
        return false;
    }
    *address = v128_shuffle(groups, v128_load_aligned(order->index));
    return true;
}

/*
 * The text has a token of more than four bytes: it ends in an embedded IPv4 address or is invalid.
 * Colons are counted as if the last 32 bits were written "0:0", and the text is cut as if they were
 * two empty tokens.
 */
static OUT_OF_LINE bool IMPL(parse_ipv6_embedded)(const char *text, uint64_t colons, uint64_t end,
                                                  uint8_t *out) {
    if (colons == 0) {
        return false;
    }
    const unsigned start = highest_one(colons) + 1;
    uint8_t ipv4[4];
    if (!IMPL(parse_ipv4)(text + start, highest_one(end) - start, ipv4)) {
        return false;
    }
    const uint64_t all_colons = colons | UINT64_C(2) << start;
    const unsigned count = count_ones(all_colons);
    ipv6_cut cut;
    const ipv6_order *order;
    v128_t address;
    if (!cut_tokens(text, colons | -(UINT64_C(1) << start), count, &cut) ||
        !find_order(all_colons, UINT64_C(8) << start, count, &order) ||
        !IMPL(convert_tokens)(&cut, order, &address)) {
        return false;
    }
    v128_store(out, v128_set_lane3(address, load_u32(ipv4)));
    return true;
}

/* Parses a text in IPV6_WINDOW readable bytes; end has the one bit past it. */
static inline bool IMPL(parse_ipv6_window)(const char *text, uint64_t end, uint8_t *out) {
    const uint64_t colons = VEC(find_colons)(text) & (end - 1);
    const unsigned count = count_ones(colons);
    ipv6_cut cut;
    const ipv6_order *order;
    v128_t address;
    if (!cut_tokens(text, colons | -end, count, &cut)) {
        return IMPL(parse_ipv6_embedded)(text, colons, end, out);
    }
    if (UNLIKELY(!find_order(colons, end, count, &order)) ||
        UNLIKELY(!IMPL(convert_tokens)(&cut, order, &address))) {
        return false;
    }
    v128_store(out, address);
    return true;
}

/* A text whose window may reach into a page that it does not touch itself. */
static COLD_PATH bool IMPL(parse_ipv6_copy)(const char *text, size_t len, uint8_t *out) {
    char window[IPV6_WINDOW] = {0};
    memcpy(window, text, len);
    return IMPL(parse_ipv6_window)(window, UINT64_C(1) << len, out);
}

static bool IMPL(parse_ipv6)(const char *text, size_t len, uint8_t *out) {
    if (UNLIKELY(len - 2 > SIMDINET_MAX_IPV6_TEXT - 2)) {
        return false;
    }
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        return IMPL(parse_ipv6_copy)(text, len, out);
    }
    return IMPL(parse_ipv6_window)(text, UINT64_C(1) << len, out);
}

static COLD_PATH bool IMPL(parse_ipv6_z_by_length)(const char *text, uint8_t *out) {
    const char *end = memchr(text, 0, SIMDINET_MAX_IPV6_TEXT + 1);
    return end != NULL && IMPL(parse_ipv6)(text, (size_t)(end - text), out);
}

static int IMPL(parse_ipv6_z)(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        return IMPL(parse_ipv6_z_by_length)(text, out);
    }
    const uint64_t nul = VEC(find_nuls)(text) & ((UINT64_C(2) << SIMDINET_MAX_IPV6_TEXT) - 1);
    if (UNLIKELY(nul == 0)) {
        return false;
    }
    return IMPL(parse_ipv6_window)(text, nul & -nul, out);
}

#endif
