/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_mixed_block.h - a block of values of both families.
 *
 * The first five bytes tell the families apart without a branch: an IPv6 address has a colon there,
 * and an IPv4 address has none. Each family is then parsed by its own kernel. A block that seems to hold
 * IPv4 addresses only, as most do in practice, is parsed as that first.
 */
#ifndef SIMDINET_X86_PARSE_MIXED_BLOCK_H
#define SIMDINET_X86_PARSE_MIXED_BLOCK_H

#include "fitting.h"
#include "parse_ipv6_block.h"

REQUIRES bool IMPL(parse_ipv4)(const char *text, size_t len, uint8_t *out);
REQUIRES uint64_t IMPL(parse_ipv4_block)(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t n, uint8_t *out);

/* The values that are parsed as IPv4 at a time. */
#define MAPPED_VALUES 32

/* Returns a bit for each of n values, 1 if none of its first five bytes is a colon. Eight bytes can be
 * read of each, and of one more if n is odd. */
static ALWAYS_INLINE uint64_t IMPL(find_without_colon)(const char *base, const int32_t *begin,
                                                       size_t n) {
    const __m128i colon = v128_splat(':'), five = _mm_set1_epi64x(INT64_C(0xffffffffff));
    uint64_t without = 0;
    for (size_t i = 0; i < n; i += 2) {
        const v128_t heads = v128_load_halves(base + begin[i], base + begin[i + 1]);
        const v128_t colons = v128_and(_mm_cmpeq_epi8(heads, colon), five);
        const __m128i none = _mm_cmpeq_epi64(colons, _mm_setzero_si128());
        without |= (uint64_t)_mm_movemask_pd(_mm_castsi128_pd(none)) << i;
    }
    return without;
}

/* The same of the values of fits, and 0 for the others. */
static OUT_OF_LINE uint64_t IMPL(find_fitting_without_colon)(const char *base, const int32_t *begin,
                                                             const int32_t *end, size_t n,
                                                             uint64_t fits) {
    uint64_t without = 0;
    for (size_t first = 0; fits && first < n; first += FITTING_VALUES) {
        IMPL(fitting_values) copy;
        const size_t size = IMPL(replace_misfits)(begin, end, n, first, fits, &copy);
        without |= IMPL(find_without_colon)(base, copy.begin, size) << first;
    }
    return without & fits;
}

/* Stores n addresses as IPv4-mapped addresses: those at the positions of index, or the first if it
 * is NULL, a constant in every call. Returns their bits of valid at these positions. */
static ALWAYS_INLINE uint64_t IMPL(store_mapped)(const uint8_t *octets, const uint8_t *index,
                                                 size_t n, uint64_t valid, uint8_t *out) {
    const v128_t mapped = _mm_setr_epi32(0, 0, (int)0xffff0000, 0);
    uint64_t spread = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t i = index ? index[k] : k;
        v128_store(out + 16 * i, v128_set_lane3(mapped, load_u32(octets + 4 * k)));
        spread |= (valid >> k & 1) << i;
    }
    return index ? spread : valid;
}

/* Parses the chosen values of a block as IPv4 addresses, and stores an IPv4-mapped address for each,
 * or anything. Returns a bit for each address. */
static OUT_OF_LINE uint64_t IMPL(parse_mapped)(const char *base, const int32_t *begin,
                                               const int32_t *end, uint64_t chosen, uint8_t *out) {
    uint8_t octets[4 * MAPPED_VALUES];
    const size_t n = count_ones(chosen);
    uint64_t valid = 0;
    if (chosen == first_bits(n)) {
        for (size_t i = 0; i < n; i += MAPPED_VALUES) {
            const size_t left = n - i, size = left < MAPPED_VALUES ? left : MAPPED_VALUES;
            const uint64_t good = IMPL(parse_ipv4_block)(base, begin + i, end + i, size, octets);
            valid |= IMPL(store_mapped)(octets, NULL, size, good, out + 16 * i) << i;
        }
        return valid;
    }
    while (chosen) {
        int32_t some_begin[MAPPED_VALUES], some_end[MAPPED_VALUES];
        uint8_t index[MAPPED_VALUES];
        size_t some = 0, size;
        for (; some < MAPPED_VALUES && chosen; some++, chosen &= chosen - 1) {
            const unsigned i = lowest_one(chosen);
            index[some] = (uint8_t)i;
            some_begin[some] = begin[i];
            some_end[some] = end[i];
        }
        for (size = some; size % IMPL(lengths); size++) { /* whole vectors */
            some_begin[size] = some_begin[0];
            some_end[size] = some_end[0];
        }
        const uint64_t good = IMPL(parse_ipv4_block)(base, some_begin, some_end, size, octets);
        valid |= IMPL(store_mapped)(octets, index, some, good, out);
    }
    return valid;
}

/* Whether five values from the first to the last of n have 8 to 15 bytes, as most IPv4 addresses, and no
 * colon. */
static ALWAYS_INLINE bool IMPL(resembles_ipv4)(const char *base, const int32_t *begin,
                                               const int32_t *end, size_t n) {
    v128_t colons = _mm_setzero_si128();
    for (size_t k = 0; k <= 4; k++) {
        const size_t i = k * (n - 1) / 4, len = value_length(begin[i], end[i]);
        if (len < 8 || len > 15)
            return false;
        const v128_t value = v128_load_halves(base + begin[i], base + end[i] - 8);
        colons = v128_or(colons, _mm_cmpeq_epi8(value, v128_splat(':')));
    }
    return !v128_any(colons);
}

static uint64_t IMPL(parse_mixed_block)(const char *base, const int32_t *begin, const int32_t *end,
                                        size_t n, uint8_t *out, uint64_t *families) {
    uint64_t alone, ipv4 = 0, ipv6 = 0;
    *families = 0;
    if (n == 0)
        return 0;
    const bool tried = IMPL(resembles_ipv4)(base, begin, end, n);
    if (tried) {
        ipv4 = IMPL(parse_mapped)(base, begin, end, first_bits(n), out);
        if (ipv4 == first_bits(n))
            return ipv4;
    }
    const uint64_t fits = IMPL(find_ipv6_windows)(base, begin, end, n, &alone);
    const uint64_t maybe_ipv4 = LIKELY(fits == first_bits(n)) && n % 2 == 0
                                    ? IMPL(find_without_colon)(base, begin, n)
                                    : IMPL(find_fitting_without_colon)(base, begin, end, n, fits);
    if (maybe_ipv4 && !tried)
        ipv4 = IMPL(parse_mapped)(base, begin, end, maybe_ipv4, out);
    if (maybe_ipv4 != fits)
        ipv6 = IMPL(parse_ipv6_fitting)(base, begin, end, fits & ~maybe_ipv4, out);
    for (; alone; alone &= alone - 1) {
        const unsigned i = lowest_one(alone);
        const size_t len = value_length(begin[i], end[i]);
        uint8_t octets[4];
        if (IMPL(parse_ipv4)(base + begin[i], len, octets))
            ipv4 |= IMPL(store_mapped)(octets, NULL, 1, 1, out + 16 * i) << i;
        else
            ipv6 |= (uint64_t)IMPL(parse_ipv6)(base + begin[i], len, out + 16 * i) << i;
    }
    IMPL(clear_invalid)(ipv4 | ipv6, n, out);
    *families = ipv6;
    return ipv4 | ipv6;
}

#endif
