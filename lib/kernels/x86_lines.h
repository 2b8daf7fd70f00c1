/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_lines.h - where lines begin and end, 64 bytes at a time, for the x86 rows without AVX-512.
 */
#ifndef SIMDINET_X86_LINES_H
#define SIMDINET_X86_LINES_H

#include <immintrin.h>

#include "kernel.h"
#include "words.h"

/* A bit for each of 64 bytes. */
typedef struct line_marks {
    uint64_t lf;
    uint64_t cr;
} line_marks;

#if defined(__AVX2__)

static inline uint64_t equal_64(const char *block, char byte) {
    const __m256i bytes = _mm256_set1_epi8(byte);
    const __m256i low = _mm256_loadu_si256((const __m256i *)block);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(block + 32));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, bytes)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, bytes)) << 32;
}

#else

static inline uint64_t equal_64(const char *block, char byte) {
    const __m128i bytes = _mm_set1_epi8(byte);
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 16) {
        const __m128i part = _mm_loadu_si128((const __m128i *)(block + i));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, bytes)) << i;
    }
    return bits;
}

#endif

static inline line_marks mark_lines(const char *block) {
    return (line_marks){equal_64(block, '\n'), equal_64(block, '\r')};
}

/* Lines that are no longer than this many on average cost no mispredicted branch. */
#define LINES_AT_ONCE 8

static inline size_t find_lines_x86(const char *text, size_t len, size_t count, int32_t *begin,
                                    int32_t *end, size_t *consumed) {
    size_t lines = 0;
    uint64_t carry = 0; /* whether the byte before is a CR */
    begin[0] = 0;
    for (size_t at = 0; at < len && lines < count; at += 64) {
        char rest[64] = {0};
        const char *block = text + at;
        if (UNLIKELY(len - at < 64)) {
            memcpy(rest, block, len - at);
            block = rest;
        }
        const line_marks marks = mark_lines(block);
        const uint64_t crlf = marks.lf & (marks.cr << 1 | carry);
        const size_t found = (size_t)__builtin_popcountll(marks.lf);
        int32_t *first = end + lines, *next = begin + lines + 1;
        uint64_t lf = marks.lf;
        carry = marks.cr >> 63;
        for (size_t i = 0; i < found; i += LINES_AT_ONCE) {
            /* All of them, whether there are so many or not: the next block writes over the rest. */
            for (size_t j = i; j < i + LINES_AT_ONCE; j++) {
                const int32_t stop = (int32_t)at + __builtin_ctzll(lf | UINT64_C(1) << 63);
                first[j] = stop;
                next[j] = stop + 1;
                lf &= lf - 1;
            }
        }
        if (crlf) {
            for (size_t i = 0; i < found; i++)
                first[i] -= (int32_t)(crlf >> ((size_t)first[i] - at) & 1);
        }
        lines += found;
    }
    if (lines > count)
        lines = count;
    *consumed = (size_t)begin[lines];
    return lines;
}

#endif
