/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * swap.h - reverses the bytes of numbers in plain C, in either byte order. Compilers turn the
 * shifts into one instruction, and vectorize the loop.
 */
#ifndef SIMDINET_SCALAR_SWAP_H
#define SIMDINET_SCALAR_SWAP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void swap16_scalar(void *dst, const void *src, size_t n) {
    char *to = dst;
    const char *from = src;
    for (size_t i = 0; i < n; i++) {
        uint16_t x;
        memcpy(&x, from + 2 * i, 2);
        x = (uint16_t)(x << 8 | x >> 8);
        memcpy(to + 2 * i, &x, 2);
    }
}

static inline uint32_t swapped32(uint32_t x) {
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

static inline void swap32_scalar(void *dst, const void *src, size_t n) {
    char *to = dst;
    const char *from = src;
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, from + 4 * i, 4);
        x = swapped32(x);
        memcpy(to + 4 * i, &x, 4);
    }
}

static inline void swap64_scalar(void *dst, const void *src, size_t n) {
    char *to = dst;
    const char *from = src;
    for (size_t i = 0; i < n; i++) {
        uint64_t x;
        memcpy(&x, from + 8 * i, 8);
        x = (uint64_t)swapped32((uint32_t)x) << 32 | swapped32((uint32_t)(x >> 32));
        memcpy(to + 8 * i, &x, 8);
    }
}

#endif
