/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv6_windows.h - values of an IPv6 block that can be loaded whole, for SSE4.2 and AVX2.
 *
 * The colons of each value are found first; then each is converted as parse_ipv6.h converts one,
 * whether it is valid or not. What is wrong with it is stored, and tested for all as vectors. Only
 * texts with more than seven colons, which are rare, take a branch.
 *
 * One loop for colons and conversion took 17.1 ns a value, two take 13.2 (AVX2, Zen 3): the
 * reorder buffer holds two values of the long loop, whose latency is then what counts.
 */
#ifndef SIMDINET_X86_IPV6_WINDOWS_H
#define SIMDINET_X86_IPV6_WINDOWS_H

#include "fitting.h"
#include "kernels/generic/parse_ipv6.h"

/* The values whose colons are found before they are converted. */
#define COLONS_AHEAD 16

/* What is known of each value of a block. Bytes of values that are not parsed, and the errors of a
 * value with a long token, may be undefined: their bits are masked. */
typedef struct IMPL(ipv6_notes) {
    uint64_t colons[COLONS_AHEAD];             /* of the values of a part */
    _Alignas(32) char count[SIMDINET_BLOCK];   /* of colons */
    _Alignas(32) char is_long[SIMDINET_BLOCK]; /* 1: a token of more than four bytes */
    _Alignas(32) char errors[SIMDINET_BLOCK];  /* 0: an address, unless it has a long token */
} IMPL(ipv6_notes);

/* The bit past the last byte. */
static ALWAYS_INLINE uint64_t IMPL(value_end)(int32_t begin, int32_t end) {
    return UINT64_C(1) << (((unsigned)end - (unsigned)begin) & 63);
}

/* Parses a text in IPV6_WINDOW readable bytes, stores 16 bytes, and notes what is wrong with them. */
static ALWAYS_INLINE void IMPL(parse_ipv6_value)(const char *text, uint64_t colons, uint64_t end,
                                                 size_t i, IMPL(ipv6_notes) * notes, uint8_t *out) {
    const unsigned count = count_ones(colons);
    ipv6_cut cut;
    size_t head;
    v128_t address;
    notes->count[i] = (char)count;
    /* mutant survives: more texts are parsed by themselves */
    if (UNLIKELY(count > 7)) {
        notes->is_long[i] = 1;
        return;
    }
    cut_at_delimiters(text, colons | -end, &cut);
    stay_in_window(text, &cut);
    notes->is_long[i] = (char)(long_tokens(&cut) != 0);
    const size_t all = count_groups(colons, end, &head);
    const ipv6_order *order = &simdinet_ipv6_order[head][all];
    const bool hexadecimal = IMPL(convert_tokens)(&cut, order, &address);
    v128_store(out + 16 * i, address);
    notes->errors[i] = (char)((order->colons ^ count) | !hexadecimal);
}

/* Returns a bit for each value that can be loaded whole; *alone has one for each address that may be
 * at the end of a page. */
static ALWAYS_INLINE uint64_t IMPL(find_ipv6_windows)(const char *base, const int32_t *begin,
                                                      const int32_t *end, size_t n,
                                                      uint64_t *alone) {
    return IMPL(find_fitting)(base, begin, end, n, &simdinet_block_lengths.ipv6, alone);
}

/* Notes and parses n <= COLONS_AHEAD values, those at the positions of index, or the first if it is
 * NULL, a constant in every call. */
static ALWAYS_INLINE void IMPL(parse_ipv6_part)(const char *base, const int32_t *begin,
                                                const int32_t *end, const uint8_t *index, size_t n,
                                                size_t first, IMPL(ipv6_notes) * notes,
                                                uint8_t *out) {
    for (size_t k = 0; k < n; k++) {
        const size_t i = index ? index[k] : first + k;
        notes->colons[k] =
            VEC(find_colons)(base + begin[i]) & (IMPL(value_end)(begin[i], end[i]) - 1);
    }
    for (size_t k = 0; k < n; k++) {
        const size_t i = index ? index[k] : first + k;
        const uint64_t stop = IMPL(value_end)(begin[i], end[i]);
        IMPL(parse_ipv6_value)(base + begin[i], notes->colons[k], stop, i, notes, out);
    }
}

/* Parses the chosen values, each of 2 to 45 bytes, and stores 16 bytes for each address, and for
 * others anything. Returns a bit for each address; *undecided has one for each value that must be
 * parsed by itself. */
static ALWAYS_INLINE uint64_t IMPL(parse_ipv6_windows)(const char *base, const int32_t *begin,
                                                       const int32_t *end, uint64_t chosen,
                                                       uint64_t *undecided, uint8_t *out) {
    IMPL(ipv6_notes) notes;
    const size_t n = count_ones(chosen);
    if (LIKELY(chosen == first_bits(n))) {
        for (size_t first = 0; first < n; first += COLONS_AHEAD) {
            const size_t left = n - first, size = left < COLONS_AHEAD ? left : COLONS_AHEAD;
            IMPL(parse_ipv6_part)(base, begin, end, NULL, size, first, &notes, out);
        }
    } else {
        for (uint64_t rest = chosen; rest;) {
            uint8_t index[COLONS_AHEAD];
            size_t size = 0;
            for (; size < COLONS_AHEAD && rest; rest &= rest - 1)
                index[size++] = (uint8_t)lowest_one(rest);
            IMPL(parse_ipv6_part)(base, begin, end, index, size, 0, &notes, out);
        }
    }
    const uint64_t is_long = ~VEC(find64)(notes.is_long, VEC(splat)(0));
    const uint64_t no_colon = VEC(find64)(notes.count, VEC(splat)(0));
    const uint64_t one_colon = VEC(find64)(notes.count, VEC(splat)(1));
    *undecided = chosen & is_long & ~(no_colon | one_colon);
    return chosen & VEC(find64)(notes.errors, VEC(splat)(0)) & ~is_long;
}

#endif
