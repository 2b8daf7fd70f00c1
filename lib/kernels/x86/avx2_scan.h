/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_scan.h - two registers of 32 bytes.
 */
#ifndef SIMDINET_AVX2_SCAN_H
#define SIMDINET_AVX2_SCAN_H

#include "kernels/generic/parse_ipv6.h"
#include "scan.h"
#include "scan_lanes256.h"
#include "simd256.h"

/* Stores the bits of 32 bytes from a byte of a mask on. */
static ALWAYS_INLINE void store_32_bits(__m256i bytes, uint64_t *mask, size_t byte) {
    const uint32_t bits = (uint32_t)_mm256_movemask_epi8(bytes);
    memcpy((char *)mask + byte, &bits, sizeof bits);
}

static ALWAYS_INLINE void IMPL(classify_into)(simdinet_scan_chunk *chunk, size_t i,
                                              const char *block, bool ipv6) {
    const scan_constants *of = &simdinet_scan_constants;
    const __m256i zero = v256_load_aligned(of->signed_zero),
                  ten = v256_load_aligned(of->signed_ten);
    const __m256i a = v256_load_aligned(of->signed_a), six = v256_load_aligned(of->signed_six);
    for (size_t k = 0; k < 2; k++) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + 32 * k));
        /* Biased by 128, an unsigned "below" is the signed compare that the instruction set has. */
        const __m256i digit = _mm256_cmpgt_epi8(ten, _mm256_sub_epi8(bytes, zero));
        const __m256i dot = _mm256_cmpeq_epi8(bytes, v256_load_aligned(of->dot));
        store_32_bits(digit, &chunk->digits[i], 4 * k);
        store_32_bits(dot, &chunk->dots[i], 4 * k);
        if (ipv6) {
            const __m256i lower = _mm256_or_si256(bytes, v256_load_aligned(of->lower));
            const __m256i letter = _mm256_cmpgt_epi8(six, _mm256_sub_epi8(lower, a));
            const __m256i colon = _mm256_cmpeq_epi8(bytes, v256_load_aligned(of->colon));
            const __m256i run = _mm256_or_si256(_mm256_or_si256(digit, letter), colon);
            store_32_bits(colon, &chunk->colons[i], 4 * k);
            store_32_bits(run, &chunk->runs[i], 4 * k);
        }
    }
}

#endif
