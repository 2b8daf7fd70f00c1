/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * words.h - the small inline words that the vector parsers of every architecture share.
 */
#ifndef SIMDINET_WORDS_H
#define SIMDINET_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Loads never look behind the value: for the tools that watch memory, at some cost in speed. */
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

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define COLD_PATH           __attribute__((noinline, cold))
#define OUT_OF_LINE         __attribute__((noinline))
#define ALWAYS_INLINE       inline __attribute__((always_inline))

/* Keeps a number out of vectors. In one file there are no flags for the implementations, and clang makes a
 * vector of four numbers that stand side by side. */
#if defined(__clang__) && defined(SIMDINET_ONE_FILE)
#    define KEEP_ALONE(number) __asm__("" : "+r"(number))
#else
#    define KEEP_ALONE(number) ((void)(number))
#endif

/*
 * Whether a load of so many bytes at text may touch a page that the value does not. No page is
 * smaller than 4 KB on the architectures that have vector implementations. Where loads must be exact the
 * answer is always yes, and the caller's other path, which reads the value's bytes alone, is the
 * only one.
 */
static inline bool leaves_page(const char *text, size_t bytes) {
#if defined(SIMDINET_EXACT_LOADS)
    (void)text;
    (void)bytes;
    return true;
#else
    return ((uintptr_t)text & 4095) > 4096 - bytes;
#endif
}

static inline uint32_t load_u32(const void *from) {
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline void store_u32(void *to, uint32_t value) {
    memcpy(to, &value, sizeof value);
}

/* "d.d.d.d": too short for two loads of eight bytes. */
static inline bool parse_ipv4_shortest(const char *text, uint8_t *out) {
    const uint64_t value = load_u32(text) | (uint64_t)load_u32(text + 3) << 24;
    const uint64_t digits = value ^ UINT64_C(0x00302e302e302e30);
    /* A digit is now 0 to 9 and a dot 0, so these sums leave every top bit alone. */
    if (((digits + UINT64_C(0x00767f767f767f76)) | digits) & UINT64_C(0x0080808080808080)) {
        return false;
    }
    out[0] = (uint8_t)digits;
    out[1] = (uint8_t)(digits >> 16);
    out[2] = (uint8_t)(digits >> 32);
    out[3] = (uint8_t)(digits >> 48);
    return true;
}

#endif
