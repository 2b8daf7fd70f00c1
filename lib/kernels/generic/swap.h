/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * swap.h - reverses the bytes of numbers, a register at a time.
 *
 * The first and the last register of an array are loaded before anything is stored, and stored
 * after everything else. So they may overlap what lies between them, which begins where dst is
 * aligned, and dst may be src. If dst is not a multiple of the width, no number begins where a
 * register is aligned, and stores are not aligned.
 *
 * Constants of a width: swap_min, the size in bytes from which arrays are not left to swap_short;
 * swap_align, whether stores are aligned; swap_stream, whether those of large arrays bypass the
 * caches; swap_unroll, how often a turn of the loop swaps four registers.
 */
#ifndef SIMDINET_SWAP_H
#define SIMDINET_SWAP_H

#include "simd.h"

/*
 * From this size on, about half of a last-level cache, stores bypass the caches: a line that is not
 * read before it is written saves a third of the traffic (42 GB/s instead of 28 at the threshold,
 * Zen 5 with 32 MB). Not in place, where the line is read anyway (22 instead of 30 for 128 MB).
 */
#define SWAP_STREAM_BYTES ((size_t)16 << 20)

/* The first offset where dst is aligned, or 0 if no number begins there. */
static ALWAYS_INLINE size_t IMPL(swap_aligned)(const char *dst, size_t alignment, size_t width) {
    size_t offset = (0 - (uintptr_t)dst) & (alignment - 1);
    return offset % width ? 0 : offset;
}

static ALWAYS_INLINE VEC(t) IMPL(swap_load)(const char *src, VEC(order_t) order) {
    return VEC(reverse_bytes)(VEC(load)(src), order);
}

/* Four registers; store is VEC(store) or VEC(stream). */
static ALWAYS_INLINE void IMPL(swap_four)(char *dst, const char *src, VEC(order_t) order,
                                          void (*store)(void *to, VEC(t) x)) {
    const size_t size = sizeof(VEC(t));
    const VEC(t) a = IMPL(swap_load)(src, order);
    const VEC(t) b = IMPL(swap_load)(src + size, order);
    const VEC(t) c = IMPL(swap_load)(src + 2 * size, order);
    const VEC(t) d = IMPL(swap_load)(src + 3 * size, order);
    store(dst, a);
    store(dst + size, b);
    store(dst + 2 * size, c);
    store(dst + 3 * size, d);
}

static ALWAYS_INLINE void IMPL(swap)(char *dst, const char *src, size_t size, size_t width) {
    const size_t one = sizeof(VEC(t)), four = 4 * one, turn = VEC(swap_unroll) * four;
    if (size < VEC(swap_min)) {
        VEC(swap_short)(dst, src, size, width);
        return;
    }
    const VEC(order_t) order = VEC(byte_order)(width);
    const VEC(t) first = IMPL(swap_load)(src, order);
    const VEC(t) last = IMPL(swap_load)(src + size - one, order);
    size_t at = VEC(swap_align) ? IMPL(swap_aligned)(dst, one, width) : 0;
    if (VEC(swap_stream) && size >= SWAP_STREAM_BYTES && dst != src &&
        ((uintptr_t)dst + at) % one == 0) {
        for (; size - at >= four; at += four)
            IMPL(swap_four)(dst + at, src + at, order, VEC(stream));
        VEC(stream_end)();
    }
    for (; size - at >= turn; at += turn)
        for (size_t i = 0; i < turn; i += four)
            IMPL(swap_four)(dst + at + i, src + at + i, order, VEC(store));
    for (; size - at >= one; at += one)
        VEC(store)(dst + at, IMPL(swap_load)(src + at, order));
    if (VEC(swap_align))
        VEC(store)(dst, first);
    VEC(store)(dst + size - one, last);
}

static void IMPL(swap16)(void *dst, const void *src, size_t n) {
    IMPL(swap)(dst, src, 2 * n, 2);
}

static void IMPL(swap32)(void *dst, const void *src, size_t n) {
    IMPL(swap)(dst, src, 4 * n, 4);
}

static void IMPL(swap64)(void *dst, const void *src, size_t n) {
    IMPL(swap)(dst, src, 8 * n, 8);
}

#endif
