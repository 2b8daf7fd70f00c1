/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_ipv4_block.h - a block of IPv4 values, four at a time, for SSE4.2 and AVX2.
 *
 * The lengths of the block are checked first, as vectors. Values that do not fit in two loads of
 * eight bytes are replaced by another value of the block and a slot that rejects it.
 */
#ifndef SIMDINET_X86_PARSE_IPV4_BLOCK_H
#define SIMDINET_X86_PARSE_IPV4_BLOCK_H

#include "ipv4_four.h"
#include "kernels/generic/impl.h"
#include "lengths128.h"

/* The values of a block: as the caller has them, or copies without misfits. */
typedef struct IMPL(ipv4_values) {
    int32_t begin[SIMDINET_BLOCK], end[SIMDINET_BLOCK];
    uint32_t slot[SIMDINET_BLOCK];
} IMPL(ipv4_values);

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

/* Parses a block of which some values do not fit in two loads; fits has a bit for each that does. */
static OUT_OF_LINE uint64_t IMPL(parse_irregular)(const char *base, const int32_t *begin,
                                                  const int32_t *end, size_t n, uint64_t fits,
                                                  IMPL(ipv4_values) * v, uint8_t *out) {
    /* mutant survives: of a block without a value that fits, none is loaded */
    const unsigned fit = fits ? lowest_one(fits) : 0;
    uint64_t sevens = 0, valid = 0;
    for (size_t i = 0; i < n; i += VEC(lengths)) {
        VEC(replace_offsets)(begin + i, fits >> i, begin[fit], v->begin + i);
        VEC(replace_offsets)(end + i, fits >> i, end[fit], v->end + i);
        sevens |= (uint64_t)VEC(seven_bytes)(begin + i, end + i) << i;
    }
    if (fits)
        valid = IMPL(parse_fours)(base, v->begin, v->end, v->slot, n, out);
    else
        memset(out, 0, 4 * n);
    for (; sevens; sevens &= sevens - 1) {
        const unsigned i = lowest_one(sevens);
        valid |= (uint64_t)parse_seven_bytes(base + begin[i], out + 4 * i) << i;
    }
    return valid;
}

/* The last values of a block, as a block of their own; n is not a multiple of what vectors have. */
static OUT_OF_LINE uint64_t IMPL(parse_last_ipv4)(const char *base, const int32_t *begin,
                                                  const int32_t *end, size_t n, uint8_t *out);

static uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t n, uint8_t *out) {
    IMPL(ipv4_values) v;
    const size_t whole = n / VEC(lengths) * VEC(lengths);
    uint64_t fits = 0, valid = 0;
    for (size_t i = 0; i < whole; i += VEC(lengths))
        fits |= (uint64_t)VEC(ipv4_slots)(begin + i, end + i, v.slot + i) << i;
    if (whole > 0) {
        if (LIKELY(fits == first_bits(whole)))
            valid = IMPL(parse_fours)(base, begin, end, v.slot, whole, out);
        else
            valid = IMPL(parse_irregular)(base, begin, end, whole, fits, &v, out);
    }
    if (n > whole)
        valid |= IMPL(parse_last_ipv4)(base, begin + whole, end + whole, n - whole, out + 4 * whole)
                 << whole;
    return valid;
}

static uint64_t IMPL(parse_last_ipv4)(const char *base, const int32_t *begin, const int32_t *end,
                                      size_t n, uint8_t *out) {
    int32_t last_begin[VEC(lengths)] = {0}, last_end[VEC(lengths)] = {0};
    uint8_t last_out[4 * VEC(lengths)];
    memcpy(last_begin, begin, n * sizeof *begin);
    memcpy(last_end, end, n * sizeof *end);
    const uint64_t valid =
        IMPL(parse_ipv4_block)(base, last_begin, last_end, VEC(lengths), last_out);
    memcpy(out, last_out, 4 * n);
    return valid;
}

#endif
