/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd512.h - 512-bit registers: AVX-512 F and BW, with BMI2. generic/simd.h describes the
 * operations.
 */
#ifndef SIMDINET_X86_SIMD512_H
#define SIMDINET_X86_SIMD512_H

#include "simd256.h"

typedef __m512i v512_t;

static ALWAYS_INLINE v512_t v512_load(const void *from) {
    return _mm512_loadu_si512(from);
}

static ALWAYS_INLINE v512_t v512_load_aligned(const void *from) {
    return _mm512_load_si512(from);
}

static ALWAYS_INLINE void v512_store(void *to, v512_t x) {
    _mm512_storeu_si512(to, x);
}

/* No processor with AVX-512 has a microcoded PDEP. */
static ALWAYS_INLINE uint32_t v512_lowest_four(uint32_t bits) {
    return _pdep_u32(0xf, bits);
}

static ALWAYS_INLINE uint32_t v512_string_key(v128_t text, uint32_t nondigits) {
    (void)text;
    return v512_lowest_four(nondigits);
}

/* ---- byte order ------------------------------------------------------------------------------ */

enum { v512_swap_min = 64, v512_swap_align = 1, v512_swap_stream = 1, v512_swap_unroll = 1 };

typedef v512_t v512_order_t;

static ALWAYS_INLINE v512_order_t v512_byte_order(size_t width) {
    return _mm512_broadcast_i32x4(v128_byte_order(width));
}

static ALWAYS_INLINE v512_t v512_reverse_bytes(v512_t x, v512_order_t order) {
    return _mm512_shuffle_epi8(x, order);
}

static ALWAYS_INLINE void v512_stream(void *to, v512_t x) {
    _mm512_stream_si512((__m512i *)to, x);
}

static ALWAYS_INLINE void v512_stream_end(void) {
    _mm_sfence();
}

/* 63 bytes at most: two 256-bit registers that overlap, or what is for 128 bits. */
static ALWAYS_INLINE void v512_swap_short(char *dst, const char *src, size_t size, size_t width) {
    if (size < 32) {
        v128_swap_short(dst, src, size, width);
        return;
    }
    const v256_order_t order = v256_byte_order(width);
    const v256_t first = v256_reverse_bytes(v256_load(src), order);
    const v256_t last = v256_reverse_bytes(v256_load(src + size - 32), order);
    v256_store(dst, first);
    v256_store(dst + size - 32, last);
}

#endif
