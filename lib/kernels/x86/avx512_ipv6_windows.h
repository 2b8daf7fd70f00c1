/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_ipv6_windows.h - values of an IPv6 block that can be loaded whole, with AVX-512: each is
 * converted as avx512_parse_ipv6.h converts one, whether it is valid or not, and no branch depends on
 * it. Colons that no address has are taken away, so that the table's entry rejects the rest.
 */
#ifndef SIMDINET_AVX512_IPV6_WINDOWS_H
#define SIMDINET_AVX512_IPV6_WINDOWS_H

#include "avx512_parse_ipv6.h"
#include "fitting.h"

/* Returns a bit for each value that can be loaded whole; *alone has one for each address that may be
 * at the end of a page. */
static ALWAYS_INLINE uint64_t IMPL(find_ipv6_windows)(const char *base, const int32_t *begin,
                                                      const int32_t *end, size_t n,
                                                      uint64_t *alone) {
    return IMPL(find_fitting)(base, begin, end, n, &simdinet_block_lengths.ipv6_register, alone);
}

/* Parses the chosen values, each of 2 to 45 bytes, and stores 16 bytes for each address, and for
 * others anything. Returns a bit for each address; *undecided has one for each value that may end in
 * an embedded IPv4 address. */
static ALWAYS_INLINE uint64_t IMPL(parse_ipv6_windows)(const char *base, const int32_t *begin,
                                                       const int32_t *end, uint64_t chosen,
                                                       uint64_t *undecided, uint8_t *out) {
    const __m512i zero = v512_load_aligned(simdinet_ipv6_constants.zero);
    const __m512i colon = v512_load_aligned(simdinet_ipv6_constants.colon);
    uint64_t valid = 0, embedded = 0;
    for (uint64_t rest = chosen; rest; rest &= rest - 1) {
        const unsigned i = lowest_one(rest), len = (unsigned)end[i] - (unsigned)begin[i];
        const __m512i text = v512_load(base + begin[i]);
        const uint64_t inside = _bzhi_u64(UINT64_MAX, len);
        const uint64_t all = _bzhi_u64(_mm512_cmpeq_epi8_mask(text, colon), len);
        /* The signed compare includes bytes above 0x7f. */
        const uint64_t others = _mm512_mask_cmplt_epi8_mask(inside, text, zero);
        const uint64_t doubles = all & all >> 1;
        const uint64_t second_double = (doubles & (doubles - 1)) != 0;
        const uint64_t nine_colons = count_ones(all) > 8;
        const uint64_t usable = (second_double | nine_colons) - 1;
        const uint64_t colons = all & usable;
        const ipv6_spread *spread =
            &simdinet_ipv6_spread[count_ones(colons & (doubles - 1))][count_ones(colons)];
        __mmask32 misfits;
        __m128i address;
        const uint64_t wrong = convert_ipv6_groups(text, inside, colons, UINT64_C(1) << len, spread,
                                                   &address, &misfits);
        v128_store(out + 16 * i, address);
        valid |= (uint64_t)((wrong | misfits | others) == 0) << i;
        /* An embedded address has three dots, and two colons are before it. */
        const uint64_t three_others = count_ones(others) == 3, two_colons = count_ones(all) > 1;
        embedded |= (three_others & two_colons) << i;
    }
    *undecided = embedded;
    return valid;
}

#endif
