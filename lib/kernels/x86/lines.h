/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_lines.h - where lines begin and end, 64 bytes at a time, for the x86 implementations without AVX-512.
 */
#ifndef SIMDINET_X86_LINES_H
#define SIMDINET_X86_LINES_H

#include <immintrin.h>

#include "kernels/generic/bytes.h"
#include "kernels/kernel.h"

#if defined(__AVX2__)

typedef __m256i line_part;

static inline line_part line_bytes(char byte) {
    return _mm256_set1_epi8(byte);
}

static inline line_part equal_bytes_at(const char *from, line_part bytes) {
    return _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)from), bytes);
}

static inline uint64_t equal_64(const char *block, line_part bytes) {
    return (uint32_t)_mm256_movemask_epi8(equal_bytes_at(block, bytes)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(equal_bytes_at(block + 32, bytes)) << 32;
}

static inline bool any_equal_64(const char *block, line_part bytes) {
    const line_part any =
        _mm256_or_si256(equal_bytes_at(block, bytes), equal_bytes_at(block + 32, bytes));
    return !_mm256_testz_si256(any, any);
}

#else

typedef __m128i line_part;

static inline line_part line_bytes(char byte) {
    return _mm_set1_epi8(byte);
}

static inline line_part equal_bytes_at(const char *from, line_part bytes) {
    return _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)from), bytes);
}

static inline uint64_t equal_64(const char *block, line_part bytes) {
    const uint32_t low = (uint32_t)_mm_movemask_epi8(equal_bytes_at(block, bytes)) |
                         (uint32_t)_mm_movemask_epi8(equal_bytes_at(block + 16, bytes)) << 16;
    const uint32_t high = (uint32_t)_mm_movemask_epi8(equal_bytes_at(block + 32, bytes)) |
                          (uint32_t)_mm_movemask_epi8(equal_bytes_at(block + 48, bytes)) << 16;
    return low | (uint64_t)high << 32;
}

static inline bool any_equal_64(const char *block, line_part bytes) {
    const line_part any = _mm_or_si128(
        _mm_or_si128(equal_bytes_at(block, bytes), equal_bytes_at(block + 16, bytes)),
        _mm_or_si128(equal_bytes_at(block + 32, bytes), equal_bytes_at(block + 48, bytes)));
    return !_mm_testz_si128(any, any);
}

#endif

/* Of 0 the answer may be anything. */
static inline int32_t lowest_bit(uint64_t bits) {
#if defined(__BMI__) && defined(__x86_64__)
    return (int32_t)_tzcnt_u64(bits);
#else
    return (int32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
#endif
}

/* So many lines in 64 bytes cost no mispredicted branch. */
#define LINES_AT_ONCE 6

static inline size_t find_lines_x86(const char *text, size_t len, size_t count, int32_t *begin,
                                    int32_t *end, size_t *consumed) {
    const line_part lf_bytes = line_bytes('\n'), cr_bytes = line_bytes('\r');
    size_t lines = 0, at = 0;
    bool any_cr = false;
    for (; at < len && lines < count; at += 64) {
        char rest[64] = {0};
        const char *block = text + at;
        if (UNLIKELY(len - at < 64)) {
            memcpy(rest, block, len - at);
            block = rest;
        }
        uint64_t lf = equal_64(block, lf_bytes);
        const size_t found = (size_t)__builtin_popcountll(lf);
        int32_t *stop = end + lines;
        any_cr |= any_equal_64(block, cr_bytes);
        lines += found;
        /* All of them, whether there are so many or not: the next block writes over the rest. */
        for (size_t i = 0; i < LINES_AT_ONCE; i++) {
            stop[i] = (int32_t)at + lowest_bit(lf);
            lf &= lf - 1;
        }
        for (size_t i = LINES_AT_ONCE; UNLIKELY(i < found); i++) {
            stop[i] = (int32_t)at + lowest_bit(lf);
            lf &= lf - 1;
        }
    }
    if (lines > count)
        lines = count;
    begin[0] = 0;
    for (size_t i = 0; i < lines; i++)
        begin[i + 1] = end[i] + 1;
    if (UNLIKELY(any_cr)) {
        for (size_t i = 0; i < lines; i++)
            end[i] -= end[i] > begin[i] && text[end[i] - 1] == '\r';
    }
    *consumed = (size_t)begin[lines];
    return lines;
}

#endif
