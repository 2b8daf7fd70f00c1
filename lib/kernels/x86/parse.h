/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_parse.h - parse one address in registers of 16 bytes: the kernels of the SSE4.2 implementation, and of the
 * AVX2 implementation with its own compile flags, which bring three-operand forms and bit manipulation.
 *
 * The NUL of a string is looked for, and PDEP left alone where it exists, though it would isolate the
 * four delimiters of an IPv4 string in one instruction: Zen 1 and Zen 2 take a microcoded detour.
 */
#ifndef SIMDINET_X86_PARSE_H
#define SIMDINET_X86_PARSE_H

#include "ipv6.h"

static bool parse_ipv4_x86(const char *text, size_t len, uint8_t *out) {
    return parse_ipv4_split(text, len, out);
}

static int parse_ipv4_z_x86(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, 16))) {
        return parse_ipv4_z_by_length(text, out);
    }
    const __m128i load = _mm_loadu_si128((const __m128i *)text);
    const __m128i digits = _mm_xor_si128(load, load_128(simdinet_ipv4_constants.zero));
    const uint32_t nul = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(load, _mm_setzero_si128()));
    const uint32_t key = nondigits(digits) & (nul ^ (nul - 1));
    return parse_ipv4_layout(digits, key, &simdinet_ipv4_whole[key * WHOLE_MULTIPLIER >> 24], out);
}

static bool parse_ipv6_x86(const char *text, size_t len, uint8_t *out) {
    if (UNLIKELY(len - 2 > IPV6_LONGEST - 2)) {
        return false;
    }
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        return parse_ipv6_copy(text, len, out);
    }
    return parse_ipv6_window(text, UINT64_C(1) << len, out);
}

static COLD_PATH bool parse_ipv6_z_by_length(const char *text, uint8_t *out) {
    const char *end = memchr(text, 0, IPV6_LONGEST + 1);
    return end != NULL && parse_ipv6_x86(text, (size_t)(end - text), out);
}

static int parse_ipv6_z_x86(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        return parse_ipv6_z_by_length(text, out);
    }
    const uint64_t nul = find_nuls(text) & ((UINT64_C(2) << IPV6_LONGEST) - 1);
    if (UNLIKELY(nul == 0)) {
        return false;
    }
    return parse_ipv6_window(text, nul & -nul, out);
}

#endif
