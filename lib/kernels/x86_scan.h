/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_scan.h - what the scans of the x86 rows share.
 */
#ifndef SIMDINET_X86_SCAN_H
#define SIMDINET_X86_SCAN_H

#include "scan_masks.h"
#include "x86_ipv4.h"

/* The position of the fourth bit that is set; 32 or more where there are fewer. */
static inline uint32_t fourth_bit(uint32_t bits) {
#if defined(__BMI2__)
    return _tzcnt_u32(_pdep_u32(8, bits));
#else
    bits &= bits - 1;
    bits &= bits - 1;
    bits &= bits - 1;
    return bits ? (uint32_t)__builtin_ctz(bits) : 32;
#endif
}

static size_t parse_ipv4_prefix_x86(const char *text, uint8_t *out) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    const __m128i digits = _mm_xor_si128(bytes, load_128(simdinet_ipv4_constants.zero));
    const size_t len = fourth_bit(nondigits(digits));
    return parse_ipv4_split(text, len, out) ? len : 0;
}

#endif
