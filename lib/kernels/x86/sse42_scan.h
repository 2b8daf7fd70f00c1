/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42_scan.h - four registers of 16 bytes.
 */
#ifndef SIMDINET_SSE42_SCAN_H
#define SIMDINET_SSE42_SCAN_H

#include "kernels/generic/parse_ipv6.h"
#include "scan.h"

/* Stores the bits of 16 bytes from a byte of a mask on. */
static ALWAYS_INLINE void store_sixteen_bits(__m128i bytes, uint64_t *mask, size_t byte) {
    const uint16_t bits = (uint16_t)_mm_movemask_epi8(bytes);
    memcpy((char *)mask + byte, &bits, sizeof bits);
}

static ALWAYS_INLINE void IMPL(classify_into)(simdinet_scan_chunk *chunk, size_t i,
                                              const char *block, bool ipv6) {
    const scan_constants *of = &simdinet_scan_constants;
    const __m128i zero = v128_load_aligned(of->signed_zero),
                  ten = v128_load_aligned(of->signed_ten);
    const __m128i a = v128_load_aligned(of->signed_a), six = v128_load_aligned(of->signed_six);
    for (size_t k = 0; k < 4; k++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(block + 16 * k));
        /* Biased by 128, an unsigned "below" is the signed compare that the instruction set has. */
        const __m128i digit = _mm_cmpgt_epi8(ten, _mm_sub_epi8(bytes, zero));
        const __m128i dot = _mm_cmpeq_epi8(bytes, v128_load_aligned(of->dot));
        store_sixteen_bits(digit, &chunk->digits[i], 2 * k);
        store_sixteen_bits(dot, &chunk->dots[i], 2 * k);
        if (ipv6) {
            const __m128i lower = _mm_or_si128(bytes, v128_load_aligned(of->lower));
            const __m128i letter = _mm_cmpgt_epi8(six, _mm_sub_epi8(lower, a));
            const __m128i colon = _mm_cmpeq_epi8(bytes, v128_load_aligned(of->colon));
            const __m128i run = _mm_or_si128(_mm_or_si128(digit, letter), colon);
            store_sixteen_bits(colon, &chunk->colons[i], 2 * k);
            store_sixteen_bits(run, &chunk->runs[i], 2 * k);
        }
    }
}

#endif
