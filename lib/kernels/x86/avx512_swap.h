/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_swap.h - reversing the bytes of numbers, 64 bytes at a time; made as avx2_swap.h is.
 */
#ifndef SIMDINET_AVX512_SWAP_H
#define SIMDINET_AVX512_SWAP_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "avx2_swap.h"

static inline __m512i swap_load_avx512(const char *p, __m512i order) {
    return _mm512_shuffle_epi8(_mm512_loadu_si512(p), order);
}

static inline void swap_store_avx512(char *p, __m512i x) {
    _mm512_storeu_si512(p, x);
}

/*
 * Arrays that live in memory go to AVX2, which has the loop that streams: memory is what limits there,
 * and no difference between 32 and 64 bytes a store could be told from noise (Zen 5, 128 MB).
 */
static inline void swap_avx512(char *dst, const char *src, size_t size, size_t width) {
    if (size < 64 || size >= SWAP_STREAM_BYTES) {
        swap_avx2(dst, src, size, width);
        return;
    }
    const __m512i order = _mm512_broadcast_i32x4(swap_order(width));
    __m512i first = swap_load_avx512(src, order), last = swap_load_avx512(src + size - 64, order);
    size_t at = swap_aligned(dst, 64, width);
    for (; size - at >= 256; at += 256) {
        __m512i a = swap_load_avx512(src + at, order);
        __m512i b = swap_load_avx512(src + at + 64, order);
        __m512i c = swap_load_avx512(src + at + 128, order);
        __m512i d = swap_load_avx512(src + at + 192, order);
        swap_store_avx512(dst + at, a);
        swap_store_avx512(dst + at + 64, b);
        swap_store_avx512(dst + at + 128, c);
        swap_store_avx512(dst + at + 192, d);
    }
    for (; size - at >= 64; at += 64)
        swap_store_avx512(dst + at, swap_load_avx512(src + at, order));
    swap_store_avx512(dst, first);
    swap_store_avx512(dst + size - 64, last);
}

static inline void swap16_avx512(void *dst, const void *src, size_t n) {
    swap_avx512(dst, src, 2 * n, 2);
}

static inline void swap32_avx512(void *dst, const void *src, size_t n) {
    swap_avx512(dst, src, 4 * n, 4);
}

static inline void swap64_avx512(void *dst, const void *src, size_t n) {
    swap_avx512(dst, src, 8 * n, 8);
}

#endif
