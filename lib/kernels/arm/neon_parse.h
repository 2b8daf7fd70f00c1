/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon_parse.h - parse one address with AArch64's Advanced SIMD, little-endian.
 *
 * The tables and the steps are those of the x86 implementations (parse_tables.h, ipv6_words.h). What differs:
 * a bit mask of bytes takes three pairwise additions instead of a PMOVMSKB, and the octets need no
 * widening, because 100 * 2 + 10 * 5 + 5 fits into a byte and all products may be taken modulo 256.
 */
#ifndef SIMDINET_NEON_PARSE_H
#define SIMDINET_NEON_PARSE_H

#include <arm_neon.h>

#include "kernels/generic/ipv6_parse.h"

static inline uint8x16_t load_text(const char *text) {
    return vld1q_u8((const uint8_t *)text);
}

static inline uint8x16_t digits_of(uint8x16_t text) {
    return veorq_u8(text, vdupq_n_u8('0'));
}

/* Keeps in every byte that is all ones the bit that stands for it among eight. */
static inline uint8x16_t bit_of_eight(uint8x16_t bytes) {
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201)));
    return vandq_u8(bytes, bits);
}

/* A bit for each byte that is no digit. */
static inline uint32_t nondigits(uint8x16_t digits) {
    uint8x16_t bits = bit_of_eight(vcgtq_u8(digits, vdupq_n_u8(9)));
    bits = vpaddq_u8(bits, bits);
    bits = vpaddq_u8(bits, bits);
    bits = vpaddq_u8(bits, bits);
    return vgetq_lane_u16(vreinterpretq_u16_u8(bits), 0);
}

/* Checks and converts a text whose non-digits stand as key says. */
static inline bool parse_ipv4_layout(uint8x16_t digits, uint32_t key, const ipv4_layout *layout,
                                     uint8_t *out) {
    const uint8x16_t lanes = vqtbl1q_u8(digits, vld1q_u8(layout->shuffle));
    const int32x4_t distance = vsubq_s32(vreinterpretq_s32_u8(lanes), vld1q_s32(layout->low));
    const uint32x4_t wrong = vcgtq_s32(distance, vld1q_s32(layout->range));
    if (UNLIKELY(layout->key != key) || UNLIKELY(vmaxvq_u32(wrong) != 0)) {
        return false;
    }
    uint8x16_t octets = vmulq_u8(lanes, vld1q_u8(simdinet_ipv4_constants.weights));
    octets = vpaddq_u8(octets, octets);
    octets = vpaddq_u8(octets, octets);
    store_u32(out, vgetq_lane_u32(vreinterpretq_u32_u8(octets), 0));
    return true;
}

static bool parse_ipv4_neon(const char *text, size_t len, uint8_t *out) {
    if (UNLIKELY(len - 8 > 7)) {
        return len == 7 && parse_ipv4_shortest(text, out);
    }
    const uint8x8_t first = vld1_u8((const uint8_t *)text);
    const uint8x8_t last = vld1_u8((const uint8_t *)text + len - 8);
    const uint8x16_t digits = digits_of(vcombine_u8(first, last));
    const uint32_t key = nondigits(digits);
    const ipv4_layout *layout = &simdinet_ipv4_split[key * SPLIT_MULTIPLIER >> 24];
    if (UNLIKELY(layout->length != (uint32_t)len)) {
        return false;
    }
    return parse_ipv4_layout(digits, key, layout, out);
}

/* A string whose sixteen bytes may reach into a page that it does not touch itself. */
static COLD_PATH bool parse_ipv4_z_by_length(const char *text, uint8_t *out) {
    const char *end = memchr(text, 0, 16);
    return end != NULL && parse_ipv4_neon(text, (size_t)(end - text), out);
}

static int parse_ipv4_z_neon(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, 16))) {
        return parse_ipv4_z_by_length(text, out);
    }
    const uint8x16_t digits = digits_of(load_text(text));
    /* Four non-digits end four octets; that the last is the NUL is seen in its lane. */
    const uint32_t all = nondigits(digits);
    const uint32_t key =
        all ^ (uint32_t)clear_lowest(clear_lowest(clear_lowest(clear_lowest(all))));
    return parse_ipv4_layout(digits, key, &simdinet_ipv4_whole[key * WHOLE_MULTIPLIER >> 24], out);
}

/* Bits 0 to 47; above them are copies. */
static inline uint64_t equal_bytes(const char *text, uint8_t byte) {
    const uint8x16_t bytes = vdupq_n_u8(byte);
    const uint8x16_t low = bit_of_eight(vceqq_u8(load_text(text), bytes));
    const uint8x16_t middle = bit_of_eight(vceqq_u8(load_text(text + 16), bytes));
    const uint8x16_t high = bit_of_eight(vceqq_u8(load_text(text + 32), bytes));
    const uint8x16_t pairs = vpaddq_u8(vpaddq_u8(low, middle), vpaddq_u8(high, high));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}

/* Three tokens, XORed with '0', in lanes 0 to 2. */
static inline uint32x4_t load_tokens(const char *text, const ipv6_tokens *tokens) {
    const uint8x16_t index = vld1q_u8((const uint8_t *)tokens);
    return vreinterpretq_u32_u8(vqtbl1q_u8(digits_of(load_text(text)), index));
}

/* The values of hexadecimal digits, XORed with '0'; wrong is 0 where there is one. */
static inline uint8x16_t digit_values(uint8x16_t digits, uint8x16_t *wrong) {
    const uint8x16_t letters =
        vsubq_u8(vandq_u8(digits, vdupq_n_u8(0xdf)), vdupq_n_u8('A' ^ '0' ^ 0x20));
    *wrong = vminq_u8(vqsubq_u8(digits, vdupq_n_u8(9)), vqsubq_u8(letters, vdupq_n_u8(5)));
    return vminq_u8(digits, vaddq_u8(letters, vdupq_n_u8(10)));
}

/* Loads, converts and orders the tokens; false if there is a byte that is no digit. */
static inline bool convert_tokens(const ipv6_cut *cut, const ipv6_order *order,
                                  uint8x16_t *address) {
    const uint32x4_t first = load_tokens(cut->text[0], cut->tokens[0]);
    const uint32x4_t second = load_tokens(cut->text[1], cut->tokens[1]);
    const uint32x4_t third = load_tokens(cut->text[2], cut->tokens[2]);
    const uint32x4_t even = vcopyq_laneq_u32(first, 3, third, 0);
    const uint32x4_t odd = vcopyq_laneq_u32(second, 3, third, 1);
    uint8x16_t wrong_even, wrong_odd;
    const uint8x16_t values_even = digit_values(vreinterpretq_u8_u32(even), &wrong_even);
    const uint8x16_t values_odd = digit_values(vreinterpretq_u8_u32(odd), &wrong_odd);
    if (UNLIKELY(vmaxvq_u8(vorrq_u8(wrong_even, wrong_odd)) != 0)) {
        return false;
    }
    const uint8x16_t upper = vuzp1q_u8(values_even, values_odd);
    const uint8x16_t lower = vuzp2q_u8(values_even, values_odd);
    *address = vqtbl1q_u8(vsliq_n_u8(lower, upper, 4), vld1q_u8(order->index));
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
    if (!parse_ipv4_neon(text + tail, len - tail, ipv4)) {
        return false;
    }
    const uint64_t groups = tail_colons(colons, tail);
    const unsigned count = count_bits(groups);
    ipv6_cut cut;
    const ipv6_order *order;
    uint8x16_t address;
    if (!cut_tokens(text, tail_delimiters(colons, tail), count, &cut) ||
        !find_order(groups, tail_end(tail), count, &order) ||
        !convert_tokens(&cut, order, &address)) {
        return false;
    }
    vst1q_u8(out, address);
    memcpy(out + 12, ipv4, sizeof ipv4);
    return true;
}

/* Parses a text that lies in IPV6_WINDOW readable bytes; end is the one bit behind it. */
static inline bool parse_ipv6_window(const char *text, uint64_t end, uint8_t *out) {
    const uint64_t colons = equal_bytes(text, ':') & (end - 1);
    const unsigned count = count_bits(colons);
    ipv6_cut cut;
    const ipv6_order *order;
    uint8x16_t address;
    if (!cut_tokens(text, colons | -end, count, &cut)) {
        return parse_ipv6_with_ipv4(text, colons, end, out);
    }
    if (UNLIKELY(!find_order(colons, end, count, &order)) ||
        UNLIKELY(!convert_tokens(&cut, order, &address))) {
        return false;
    }
    vst1q_u8(out, address);
    return true;
}

static COLD_PATH bool parse_ipv6_copy(const char *text, size_t len, uint8_t *out) {
    char window[IPV6_WINDOW] = {0};
    memcpy(window, text, len);
    return parse_ipv6_window(window, UINT64_C(1) << len, out);
}

static bool parse_ipv6_neon(const char *text, size_t len, uint8_t *out) {
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
    return end != NULL && parse_ipv6_neon(text, (size_t)(end - text), out);
}

static int parse_ipv6_z_neon(const char *text, uint8_t *out) {
    if (UNLIKELY(leaves_page(text, IPV6_WINDOW))) {
        return parse_ipv6_z_by_length(text, out);
    }
    const uint64_t nul = equal_bytes(text, 0) & ((UINT64_C(2) << IPV6_LONGEST) - 1);
    if (UNLIKELY(nul == 0)) {
        return false;
    }
    return parse_ipv6_window(text, nul & -nul, out);
}

#endif
