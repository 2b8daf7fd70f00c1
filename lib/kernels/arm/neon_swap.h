/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon_swap.h - reversing the bytes of numbers, 16 bytes at a time. As in sse42_swap.h the last
 * register is loaded before anything is stored, and stored when all else is.
 */
#ifndef SIMDINET_NEON_SWAP_H
#define SIMDINET_NEON_SWAP_H

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/scalar/swap.h"

static inline uint8x16_t swap_load(const uint8_t *p, size_t width) {
    uint8x16_t x = vld1q_u8(p);
    return width == 2 ? vrev16q_u8(x) : width == 4 ? vrev32q_u8(x) : vrev64q_u8(x);
}

/* 16 bytes at least. */
static inline void swap_neon(uint8_t *dst, const uint8_t *src, size_t size, size_t width) {
    uint8x16_t last = swap_load(src + size - 16, width);
    size_t at = 0;
    for (; size - at >= 64; at += 64) {
        uint8x16_t a = swap_load(src + at, width), b = swap_load(src + at + 16, width);
        uint8x16_t c = swap_load(src + at + 32, width), d = swap_load(src + at + 48, width);
        vst1q_u8(dst + at, a);
        vst1q_u8(dst + at + 16, b);
        vst1q_u8(dst + at + 32, c);
        vst1q_u8(dst + at + 48, d);
    }
    for (; size - at >= 16; at += 16)
        vst1q_u8(dst + at, swap_load(src + at, width));
    vst1q_u8(dst + size - 16, last);
}

static inline void swap16_neon(void *dst, const void *src, size_t n) {
    if (n < 8)
        swap16_scalar(dst, src, n);
    else
        swap_neon(dst, src, 2 * n, 2);
}

static inline void swap32_neon(void *dst, const void *src, size_t n) {
    if (n < 4)
        swap32_scalar(dst, src, n);
    else
        swap_neon(dst, src, 4 * n, 4);
}

static inline void swap64_neon(void *dst, const void *src, size_t n) {
    if (n < 2)
        swap64_scalar(dst, src, n);
    else
        swap_neon(dst, src, 8 * n, 8);
}

#endif
