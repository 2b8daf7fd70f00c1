/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * bytes.h - inlining, branch hints, bits, and loads that stay within a page.
 */
#ifndef SIMDINET_BYTES_H
#define SIMDINET_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* No load reads past the value: for tools that watch memory, at some cost in speed. */
#if !defined(SIMDINET_EXACT_LOADS)
#    if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_HWADDRESS__) ||                        \
        defined(__SANITIZE_THREAD__)
#        define SIMDINET_EXACT_LOADS 1
#    elif defined(__has_feature)
#        if __has_feature(address_sanitizer) || __has_feature(hwaddress_sanitizer) ||              \
            __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#            define SIMDINET_EXACT_LOADS 1
#        endif
#    endif
#endif

/* For the memory sanitizer: a value whose undefined parts are dropped later. */
#define DEFINED(value) ((void)0)
#if defined(__has_feature)
#    if __has_feature(memory_sanitizer)
void __msan_unpoison(const volatile void *value, size_t size);
#        undef DEFINED
#        define DEFINED(value) __msan_unpoison(&(value), sizeof(value))
#    endif
#endif

#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define COLD_PATH           __attribute__((noinline, cold))
#define OUT_OF_LINE         __attribute__((noinline))
#define ALWAYS_INLINE       inline __attribute__((always_inline))

/*
 * Whether a load of this many bytes at text may touch a page that the value does not. No page is
 * smaller than 4 KB on the architectures that have vector implementations. With exact loads the
 * result is always true, and callers take their other path, which reads the bytes of the value
 * only.
 */
static ALWAYS_INLINE bool leaves_page(const char *text, size_t bytes) {
#if defined(SIMDINET_EXACT_LOADS)
    (void)text;
    (void)bytes;
    return true;
#else
    /* mutant survives: more texts are copied */
    return ((uintptr_t)text & 4095) > 4096 - bytes;
#endif
}

/* A negative length becomes a huge one, which every parser rejects without a load. The difference
 * of two offsets need not fit their own type, nor size_t where that has 32 bits. */
static ALWAYS_INLINE size_t value_length(int32_t begin, int32_t end) {
    /* mutant survives: both lengths are rejected */
    return end < begin ? SIZE_MAX : (size_t)end - (size_t)begin;
}

static ALWAYS_INLINE uint32_t load_u32(const void *from) {
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static ALWAYS_INLINE void store_u32(void *to, uint32_t value) {
    memcpy(to, &value, sizeof value);
}

static ALWAYS_INLINE unsigned count_ones(uint64_t bits) {
    return (unsigned)__builtin_popcountll(bits);
}

/* Of bits that are not all 0. */
static ALWAYS_INLINE unsigned highest_one(uint64_t bits) {
    return 63 ^ (unsigned)__builtin_clzll(bits);
}

/* Of bits that are not all 0. */
static ALWAYS_INLINE unsigned lowest_one(uint64_t bits) {
    return (unsigned)__builtin_ctzll(bits);
}

/* 1 for the first n of 64 bits, n not 0. */
static ALWAYS_INLINE uint64_t first_bits(size_t n) {
    return UINT64_MAX >> (64 - n);
}

static ALWAYS_INLINE uint64_t clear_lowest(uint64_t bits) {
    /* mutant survives: the lowest bit is never set */
    return bits & (bits - 1);
}

static ALWAYS_INLINE uint64_t lowest_three(uint64_t bits) {
    return bits ^ clear_lowest(clear_lowest(clear_lowest(bits)));
}

#endif
