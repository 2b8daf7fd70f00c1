/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_octets.h - how the x86 formatters lay out octets before they make digits of them.
 */
#ifndef SIMDINET_X86_OCTETS_H
#define SIMDINET_X86_OCTETS_H

#include <tmmintrin.h>

/*
 * The shuffle that makes 32-bit lanes of four neighbouring bytes, each as two equal 16-bit words.
 * The constants are words, and not bytes of which some are -1: whether that fits a char depends on
 * the compiler.
 */
static inline __m128i octets_to_lanes(unsigned first) {
    const unsigned zero = 0x80008000u, twice = 0x00010001u;
    return _mm_setr_epi32((int)(zero | first * twice), (int)(zero | (first + 1) * twice),
                          (int)(zero | (first + 2) * twice), (int)(zero | (first + 3) * twice));
}

#endif
