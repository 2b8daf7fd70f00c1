/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_swap.h - reversing the bytes of numbers, 32 bytes at a time; made as sse42_swap.h is.
 */
#ifndef SIMDINET_AVX2_SWAP_H
#define SIMDINET_AVX2_SWAP_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "sse42_swap.h"

static inline __m256i swap_load_avx2(const char *p, __m256i order) {
    return _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(const void *)p), order);
}

static inline void swap_store_avx2(char *p, __m256i x) {
    _mm256_storeu_si256((__m256i *)(void *)p, x);
}

static inline void swap_stream_avx2(char *p, __m256i x) {
    _mm256_stream_si256((__m256i *)(void *)p, x);
}

static inline void swap_avx2(char *dst, const char *src, size_t size, size_t width) {
    if (size < 32) {
        swap_few(dst, src, size, swap_order(width));
        return;
    }
    const __m256i order = _mm256_broadcastsi128_si256(swap_order(width));
    __m256i first = swap_load_avx2(src, order), last = swap_load_avx2(src + size - 32, order);
    size_t at = swap_aligned(dst, 32, width);
    if (swap_streams(dst, src, size) && ((uintptr_t)dst + at) % 32 == 0) {
        for (; size - at >= 128; at += 128) {
            __m256i a = swap_load_avx2(src + at, order);
            __m256i b = swap_load_avx2(src + at + 32, order);
            __m256i c = swap_load_avx2(src + at + 64, order);
            __m256i d = swap_load_avx2(src + at + 96, order);
            swap_stream_avx2(dst + at, a);
            swap_stream_avx2(dst + at + 32, b);
            swap_stream_avx2(dst + at + 64, c);
            swap_stream_avx2(dst + at + 96, d);
        }
        _mm_sfence();
    }
    for (; size - at >= 128; at += 128) {
        __m256i a = swap_load_avx2(src + at, order);
        __m256i b = swap_load_avx2(src + at + 32, order);
        __m256i c = swap_load_avx2(src + at + 64, order);
        __m256i d = swap_load_avx2(src + at + 96, order);
        swap_store_avx2(dst + at, a);
        swap_store_avx2(dst + at + 32, b);
        swap_store_avx2(dst + at + 64, c);
        swap_store_avx2(dst + at + 96, d);
    }
    for (; size - at >= 32; at += 32)
        swap_store_avx2(dst + at, swap_load_avx2(src + at, order));
    swap_store_avx2(dst, first);
    swap_store_avx2(dst + size - 32, last);
}

static inline void swap16_avx2(void *dst, const void *src, size_t n) {
    swap_avx2(dst, src, 2 * n, 2);
}

static inline void swap32_avx2(void *dst, const void *src, size_t n) {
    swap_avx2(dst, src, 4 * n, 4);
}

static inline void swap64_avx2(void *dst, const void *src, size_t n) {
    swap_avx2(dst, src, 8 * n, 8);
}

#endif
