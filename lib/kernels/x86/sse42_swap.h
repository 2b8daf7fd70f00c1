/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42_swap.h - reversing the bytes of numbers with a byte shuffle, 16 bytes at a time.
 *
 * The first and the last register of an array are loaded before anything is stored, and stored when
 * all else is: so they may overlap what lies between them, which begins where dst is aligned, also
 * when dst is src. It is not worth the trouble to align numbers that do not begin at a multiple of
 * their own size.
 */
#ifndef SIMDINET_SSE42_SWAP_H
#define SIMDINET_SSE42_SWAP_H

#include <nmmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * From so many bytes on, and half of the last-level cache is a good guess, stores go past the
 * caches: a line that is not read before it is written saves a third of the traffic (42 GB/s instead
 * of 28 where the threshold is, Zen 5 with 32 MB). Not in place, where the line is read anyway (22
 * instead of 30 for 128 MB).
 */
#define SWAP_STREAM_BYTES ((size_t)16 << 20)

static inline bool swap_streams(const char *dst, const char *src, size_t size) {
    return size >= SWAP_STREAM_BYTES && dst != src;
}

/* Where each byte of a register comes from. */
static inline __m128i swap_order(size_t width) {
    if (width == 2)
        return _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    if (width == 4)
        return _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    return _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/* The first offset where dst is aligned, or 0 where no number begins there. */
static inline size_t swap_aligned(const char *dst, size_t alignment, size_t width) {
    size_t offset = (0 - (uintptr_t)dst) & (alignment - 1);
    return offset % width ? 0 : offset;
}

static inline __m128i swap_load(const char *p, __m128i order) {
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), order);
}

static inline void swap_store(char *p, __m128i x) {
    _mm_storeu_si128((__m128i *)(void *)p, x);
}

static inline void swap_stream(char *p, __m128i x) {
    _mm_stream_si128((__m128i *)(void *)p, x);
}

/* 32 bytes at most: two registers that overlap, of 16 bytes or of 8 or 4. */
static inline void swap_few(char *dst, const char *src, size_t size, __m128i order) {
    if (size >= 16) {
        __m128i first = swap_load(src, order), last = swap_load(src + size - 16, order);
        swap_store(dst, first);
        swap_store(dst + size - 16, last);
    } else if (size >= 8) {
        __m128i first = _mm_loadl_epi64((const __m128i *)(const void *)src);
        __m128i last = _mm_loadl_epi64((const __m128i *)(const void *)(src + size - 8));
        _mm_storel_epi64((__m128i *)(void *)dst, _mm_shuffle_epi8(first, order));
        _mm_storel_epi64((__m128i *)(void *)(dst + size - 8), _mm_shuffle_epi8(last, order));
    } else if (size >= 4) {
        int first, last;
        memcpy(&first, src, 4);
        memcpy(&last, src + size - 4, 4);
        first = _mm_cvtsi128_si32(_mm_shuffle_epi8(_mm_cvtsi32_si128(first), order));
        last = _mm_cvtsi128_si32(_mm_shuffle_epi8(_mm_cvtsi32_si128(last), order));
        memcpy(dst, &first, 4);
        memcpy(dst + size - 4, &last, 4);
    } else if (size) {
        char low = src[0];
        dst[0] = src[1];
        dst[1] = low;
    }
}

/* 64 bytes. Two of them in a turn: with one, 60 GB/s or 80, as the loop happens to lie in memory. */
static inline void swap_line(char *dst, const char *src, __m128i order) {
    __m128i a = swap_load(src, order), b = swap_load(src + 16, order);
    __m128i c = swap_load(src + 32, order), d = swap_load(src + 48, order);
    swap_store(dst, a);
    swap_store(dst + 16, b);
    swap_store(dst + 32, c);
    swap_store(dst + 48, d);
}

static inline void swap_sse42(char *dst, const char *src, size_t size, size_t width) {
    const __m128i order = swap_order(width);
    if (size <= 32) {
        swap_few(dst, src, size, order);
        return;
    }
    __m128i first = swap_load(src, order), last = swap_load(src + size - 16, order);
    size_t at = swap_aligned(dst, 16, width);
    if (swap_streams(dst, src, size) && ((uintptr_t)dst + at) % 16 == 0) {
        for (; size - at >= 64; at += 64) {
            __m128i a = swap_load(src + at, order), b = swap_load(src + at + 16, order);
            __m128i c = swap_load(src + at + 32, order), d = swap_load(src + at + 48, order);
            swap_stream(dst + at, a);
            swap_stream(dst + at + 16, b);
            swap_stream(dst + at + 32, c);
            swap_stream(dst + at + 48, d);
        }
        _mm_sfence();
    }
    for (; size - at >= 128; at += 128) {
        swap_line(dst + at, src + at, order);
        swap_line(dst + at + 64, src + at + 64, order);
    }
    for (; size - at >= 16; at += 16)
        swap_store(dst + at, swap_load(src + at, order));
    swap_store(dst, first);
    swap_store(dst + size - 16, last);
}

static inline void swap16_sse42(void *dst, const void *src, size_t n) {
    swap_sse42(dst, src, 2 * n, 2);
}

static inline void swap32_sse42(void *dst, const void *src, size_t n) {
    swap_sse42(dst, src, 4 * n, 4);
}

static inline void swap64_sse42(void *dst, const void *src, size_t n) {
    swap_sse42(dst, src, 8 * n, 8);
}

#endif
