/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv6.h - parses one IPv6 address by its tokens; ipv6_tokens.h describes how.
 */
#ifndef SIMDINET_PARSE_IPV6_H
#define SIMDINET_PARSE_IPV6_H

#include "ipv6_tokens.h"
#include "kernels/kernel.h"
#include "parse_ipv4.h"

/* Loads, converts and orders the tokens; false if a byte is not a hexadecimal digit. */
static ALWAYS_INLINE bool IMPL(convert_tokens)(const ipv6_cut *cut, const ipv6_order *order,
                                               v128_t *address) {
    const v128_t first = load_tokens(cut->text[0], cut->tokens[0]);
    const v128_t second = load_tokens(cut->text[1], cut->tokens[1]);
    const v128_t third = load_tokens(cut->text[2], cut->tokens[2]);
    const v128_t even = v128_lane3_from_0(first, third);
    const v128_t odd = v128_lane3_from_1(second, third);
    v128_t groups;
    const bool hexadecimal = VEC(join_digits)(even, odd, &groups);
    *address = v128_shuffle(groups, v128_load_aligned(order->index));
    return hexadecimal;
}

/*
 * The text has a token of more than four bytes: it ends in an embedded IPv4 address or is invalid.
 * Colons are counted as if the last 32 bits were written "0:0", and the text is cut as if they were
 * two empty tokens.
 */
static OUT_OF_LINE bool IMPL(parse_ipv6_embedded)(const char *text, uint64_t colons, uint64_t end,
                                                  uint8_t *out) {
    /* mutant survives: undefined for 0 only: a sanitizer detects it */
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
    /* mutant survives: the first byte is replaced, or the text is empty */
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
    /* mutant survives: such a text is too long or empty */
    if (UNLIKELY(nul == 0)) {
        return false;
    }
    return IMPL(parse_ipv6_window)(text, nul & -nul, out);
}

#endif
