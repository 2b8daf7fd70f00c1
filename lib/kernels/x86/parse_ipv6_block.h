/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv6_block.h - a block of IPv6 values for SSE4.2 and AVX2.
 *
 * Lengths and pages are checked first, as vectors; then the colons of each value are found; then each
 * is converted as parse_ipv6.h converts one, whether it is valid or not. What is wrong with it is
 * stored, and tested for all as vectors. Only texts with more than seven colons, which are rare, take
 * a branch. Values with a token of more than four bytes and two colons, which may end in an embedded
 * IPv4 address, and those at the end of a page are parsed by themselves.
 *
 * One loop for colons and conversion took 17.1 ns a value, two take 13.2 (AVX2, Zen 3): the
 * reorder buffer holds two values of the long loop, whose latency is then what counts.
 */
#ifndef SIMDINET_X86_PARSE_IPV6_BLOCK_H
#define SIMDINET_X86_PARSE_IPV6_BLOCK_H

#include "fitting.h"
#include "kernels/generic/parse_ipv6.h"

/* What is known of each value of a block. Bytes past the last value, and the errors of a value with a
 * long token, may be undefined: their bits are masked. */
typedef struct IMPL(ipv6_notes) {
    uint64_t colons[SIMDINET_BLOCK];
    _Alignas(32) char count[SIMDINET_BLOCK];   /* of colons */
    _Alignas(32) char is_long[SIMDINET_BLOCK]; /* 1: a token of more than four bytes */
    _Alignas(32) char errors[SIMDINET_BLOCK];  /* 0: an address, unless it has a long token */
} IMPL(ipv6_notes);

/* The bit past the last byte. */
static ALWAYS_INLINE uint64_t IMPL(value_end)(int32_t begin, int32_t end) {
    return UINT64_C(1) << (((unsigned)end - (unsigned)begin) & 63);
}

/* Parses a text in IPV6_WINDOW readable bytes, stores 16 bytes, and notes what is wrong with them. */
static ALWAYS_INLINE void IMPL(parse_ipv6_value)(const char *text, uint64_t end, size_t i,
                                                 IMPL(ipv6_notes) * notes, uint8_t *out) {
    const uint64_t colons = notes->colons[i];
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
    v128_store(out, address);
    notes->errors[i] = (char)((order->colons ^ count) | !hexadecimal);
}

/* Parses n values, all of which fit in their windows. Returns a bit for each, 1 for an address, and
 * those that must be parsed by themselves. */
static ALWAYS_INLINE uint64_t IMPL(parse_ipv6_windows)(const char *base, const int32_t *begin,
                                                       const int32_t *end, size_t n,
                                                       uint64_t *undecided, uint8_t *out) {
    IMPL(ipv6_notes) notes;
    for (size_t i = 0; i < n; i++)
        notes.colons[i] =
            VEC(find_colons)(base + begin[i]) & (IMPL(value_end)(begin[i], end[i]) - 1);
    for (size_t i = 0; i < n; i++) {
        const uint64_t stop = IMPL(value_end)(begin[i], end[i]);
        IMPL(parse_ipv6_value)(base + begin[i], stop, i, &notes, out + 16 * i);
    }
    const uint64_t is_long = ~VEC(find64)(notes.is_long, VEC(splat)(0));
    const uint64_t no_colon = VEC(find64)(notes.count, VEC(splat)(0));
    const uint64_t one_colon = VEC(find64)(notes.count, VEC(splat)(1));
    *undecided = is_long & ~(no_colon | one_colon);
    return VEC(find64)(notes.errors, VEC(splat)(0)) & ~is_long;
}

/* The same for a block of which some values do not fit; fits has a bit for each that does. */
static OUT_OF_LINE uint64_t IMPL(parse_ipv6_irregular)(const char *base, const int32_t *begin,
                                                       const int32_t *end, size_t n, uint64_t fits,
                                                       uint64_t *undecided, uint8_t *out) {
    IMPL(fitting_values) copy;
    *undecided = 0;
    if (!fits)
        return 0;
    IMPL(replace_misfits)(begin, end, n, fits, &copy);
    const uint64_t valid =
        IMPL(parse_ipv6_windows)(base, copy.begin, copy.end, n, undecided, out) & fits;
    *undecided &= fits;
    return valid;
}

static uint64_t IMPL(parse_ipv6_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    uint64_t alone, undecided, valid;
    if (n == 0)
        return 0;
    const uint64_t fits =
        IMPL(find_fitting)(base, begin, end, n, &simdinet_block_lengths.ipv6, &alone);
    if (LIKELY(fits == first_bits(n)))
        valid = IMPL(parse_ipv6_windows)(base, begin, end, n, &undecided, out);
    else
        valid = IMPL(parse_ipv6_irregular)(base, begin, end, n, fits, &undecided, out);
    valid &= first_bits(n);
    for (uint64_t rest = (alone | undecided) & first_bits(n); rest; rest &= rest - 1) {
        const unsigned i = lowest_one(rest);
        const size_t len = value_length(begin[i], end[i]);
        valid |= (uint64_t)IMPL(parse_ipv6)(base + begin[i], len, out + 16 * i) << i;
    }
    for (uint64_t invalid = ~valid & first_bits(n); invalid; invalid &= invalid - 1)
        memset(out + 16 * lowest_one(invalid), 0, 16);
    return valid;
}

#endif
