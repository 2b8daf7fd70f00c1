/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv4_block.h - a block of IPv4 values, four at a time, for SSE4.2 and AVX2.
 *
 * The lengths of the block are checked first, as vectors. Values that do not fit in two loads of
 * eight bytes are replaced by another value of the block and a slot that rejects it.
 */
#ifndef SIMDINET_X86_PARSE_IPV4_BLOCK_H
#define SIMDINET_X86_PARSE_IPV4_BLOCK_H

#include "fitting.h"
#include "ipv4_four.h"

/* Parses n values that fit in their loads; n is a multiple of four, and not 0. */
static ALWAYS_INLINE uint64_t IMPL(parse_fours)(const char *base, const int32_t *begin,
                                                const int32_t *end, const uint32_t *slot, size_t n,
                                                uint8_t *out) {
    uint64_t valid = 0;
    for (size_t i = 0; i < n; i += 4) {
        valid |= parse_four_ipv4(base, begin + i, end + i, slot + i, out + 4 * i);
        valid = valid >> 4 | valid << 60;
    }
    return valid >> (64 - n);
}

/* Parses a block of which some values do not fit in two loads; fits has a bit for each that does, and
 * n is a multiple of what a vector of lengths has. */
static OUT_OF_LINE uint64_t IMPL(parse_ipv4_irregular)(const char *base, const int32_t *begin,
                                                       const int32_t *end, const uint32_t *slot,
                                                       size_t n, uint64_t fits, uint8_t *out) {
    IMPL(fitting_values) copy;
    uint64_t sevens = 0, valid = 0;
    for (size_t i = 0; i < n; i += IMPL(lengths))
        sevens |= (uint64_t)IMPL(seven_bytes)(begin + i, end + i) << i;
    /* mutant survives: of a block without a value that fits, none is loaded */
    for (size_t i = 0; fits && i < n; i += FITTING_VALUES) {
        const size_t size = IMPL(replace_misfits)(begin, end, n, i, fits, &copy);
        valid |= IMPL(parse_fours)(base, copy.begin, copy.end, slot + i, size, out + 4 * i) << i;
    }
    if (!fits)
        memset(out, 0, 4 * n);
    for (; sevens; sevens &= sevens - 1) {
        const unsigned i = lowest_one(sevens);
        valid |= (uint64_t)parse_seven_bytes(base + begin[i], out + 4 * i) << i;
    }
    return valid;
}

/* Parses a block whose length is a multiple of what a vector of lengths has, and not 0. */
static ALWAYS_INLINE uint64_t IMPL(parse_ipv4_vectors)(const char *base, const int32_t *begin,
                                                       const int32_t *end, size_t n, uint32_t *slot,
                                                       uint8_t *out) {
    uint64_t fits = 0;
    for (size_t i = 0; i < n; i += IMPL(lengths))
        fits |= (uint64_t)IMPL(ipv4_slots)(begin + i, end + i, slot + i) << i;
    if (LIKELY(fits == first_bits(n)))
        return IMPL(parse_fours)(base, begin, end, slot, n, out);
    return IMPL(parse_ipv4_irregular)(base, begin, end, slot, n, fits, out);
}

/* The last values of a block, fewer than a vector of lengths has, as a block of their own. */
static OUT_OF_LINE uint64_t IMPL(parse_last_ipv4)(const char *base, const int32_t *begin,
                                                  const int32_t *end, size_t n, uint8_t *out) {
    int32_t last_begin[IMPL(lengths)] = {0}, last_end[IMPL(lengths)] = {0};
    uint32_t slot[IMPL(lengths)];
    uint8_t last_out[4 * IMPL(lengths)];
    memcpy(last_begin, begin, n * sizeof *begin);
    memcpy(last_end, end, n * sizeof *end);
    const uint64_t valid =
        IMPL(parse_ipv4_vectors)(base, last_begin, last_end, IMPL(lengths), slot, last_out);
    memcpy(out, last_out, 4 * n);
    return valid;
}

static uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    uint32_t slot[SIMDINET_BLOCK];
    const size_t whole = n / IMPL(lengths) * IMPL(lengths);
    uint64_t valid = 0;
    if (whole > 0)
        valid = IMPL(parse_ipv4_vectors)(base, begin, end, whole, slot, out);
    if (n > whole)
        valid |= IMPL(parse_last_ipv4)(base, begin + whole, end + whole, n - whole, out + 4 * whole)
                 << whole;
    return valid;
}

#endif
