/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv4.h - parses one IPv4 address by its layout; ipv4_layout.h describes how.
 */
#ifndef SIMDINET_PARSE_IPV4_H
#define SIMDINET_PARSE_IPV4_H

#include "ipv4_layout.h"

/* Loads the first eight bytes and the last eight, which are bytes of the text, so none is
 * masked. */
static inline bool IMPL(parse_ipv4)(const char *text, size_t len, uint8_t *out) {
    /* mutant survives: no layout has 16 bytes */
    if (UNLIKELY(len - 8 > 7)) {
        return len == 7 && parse_ipv4_shortest(text, out);
    }
    const v128_t digits = v128_to_digits(v128_load_halves(text, text + len - 8));
    const uint32_t key = v128_nondigits(digits);
    const ipv4_layout *layout = ipv4_split_layout(key);
    if (UNLIKELY(layout->length != (uint32_t)len)) {
        return false;
    }
    return parse_ipv4_layout(digits, key, layout, out);
}

/* A string whose sixteen bytes may reach into a page that it does not touch itself. */
static COLD_PATH bool IMPL(parse_ipv4_z_by_length)(const char *text, uint8_t *out) {
    /* mutant survives: no address has 16 bytes */
    const char *end = memchr(text, 0, 16);
    return end != NULL && IMPL(parse_ipv4)(text, (size_t)(end - text), out);
}

static int IMPL(parse_ipv4_z)(const char *text, uint8_t *out) {
    /* mutant survives: more texts are parsed by length */
    if (UNLIKELY(leaves_page(text, 16))) {
        return IMPL(parse_ipv4_z_by_length)(text, out);
    }
    const v128_t load = v128_load(text);
    const v128_t digits = v128_to_digits(load);
    const uint32_t key = VEC(string_key)(load, v128_nondigits(digits));
    return parse_ipv4_layout(digits, key, ipv4_whole_layout(key), out);
}

#endif
