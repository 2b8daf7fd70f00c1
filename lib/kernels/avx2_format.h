/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2_format.h - addresses to text with AVX2.
 */
#ifndef SIMDINET_AVX2_FORMAT_H
#define SIMDINET_AVX2_FORMAT_H

#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "format_tables.h"

typedef struct format_octets_avx2 {
    __m128i text; /* bytes 0 to 7 of the text and its NUL, and its last 8 bytes */
    size_t len;   /* without the NUL */
} format_octets_avx2;

/*
 * The IPv4 text of four octets x, each given as two equal 16-bit words. x * 6554 >> 16 and
 * x * 656 >> 16 are x / 10 and x / 100 for x up to 255; then
 * x + 246 * (x / 10) - 2560 * (x / 100) = ones + 256 * tens.
 */
static inline format_octets_avx2 format_octets(__m128i words) {
    __m128i wide = _mm_cmpgt_epi16(words, _mm_set1_epi32(99 << 16 | 9));
    unsigned decisions = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(wide, _mm_setzero_si128()));
    __m128i quotients = _mm_mulhi_epu16(words, _mm_set1_epi32(656 << 16 | 6554));
    __m128i digits = _mm_madd_epi16(quotients, _mm_set1_epi32((int)(0xf6000000u | 246)));
    digits = _mm_add_epi32(digits, _mm_blend_epi16(words, quotients, 0xaa));
    digits = _mm_or_si128(digits, _mm_set1_epi32(0x2e303030));
    __m128i shuffle =
        _mm_load_si128((const __m128i *)(const void *)simdinet_format_ipv4_shuffles[decisions]);
    format_octets_avx2 result = {_mm_shuffle_epi8(digits, shuffle),
                                 7 + (size_t)_mm_popcnt_u32(decisions)};
    return result;
}

/* Writes the len + 1 bytes of the text, 8 to 16. */
static inline void format_store_octets(char *out, format_octets_avx2 octets) {
    _mm_storel_epi64((__m128i *)(void *)out, octets.text);
    _mm_storeh_pd((double *)(void *)(out + octets.len - 7), _mm_castsi128_pd(octets.text));
}

static inline size_t format_ipv4_avx2(const uint8_t *address, char *out) {
    const __m128i spread = _mm_setr_epi8(0, -1, 0, -1, 1, -1, 1, -1, 2, -1, 2, -1, 3, -1, 3, -1);
    int word;
    memcpy(&word, address, 4);
    format_octets_avx2 octets = format_octets(_mm_shuffle_epi8(_mm_cvtsi32_si128(word), spread));
    format_store_octets(out, octets);
    return octets.len;
}

static inline __m128i format_load(const char *p) {
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline void format_store(char *p, __m128i x) {
    _mm_storeu_si128((__m128i *)(void *)p, x);
}

static inline void format_copy_avx2(char *out, const char *text, size_t size) {
    if (size >= 16) {
        size_t end = size - 16;
        size_t middle = end < 16 ? end : 16;
        __m128i a = format_load(text), b = format_load(text + middle), c = format_load(text + end);
        format_store(out, a);
        format_store(out + middle, b);
        format_store(out + end, c);
    } else if (size >= 8) {
        memcpy(out, text, 8);
        memcpy(out + size - 8, text + size - 8, 8);
    } else {
        memcpy(out, text, 2);
        memcpy(out + 1, text + 1, 2);
        if (size > 3) {
            memcpy(out, text, 4);
            memcpy(out + size - 4, text + size - 4, 4);
        }
    }
}

static inline size_t format_ipv6_avx2(const uint8_t *address, char *out) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)address);

    __m128i zero = _mm_cmpeq_epi16(x, _mm_setzero_si128());
    __m128i ffff = _mm_cmpeq_epi16(_mm_srli_si128(x, 10), _mm_set1_epi16(-1));
    unsigned groups = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(zero, ffff)) & 0x1ff;
    simdinet_format_run run = simdinet_format_runs[groups];

    __m256i bytes = _mm256_cvtepu8_epi16(x);
    __m256i nibbles = _mm256_or_si256(_mm256_srli_epi16(bytes, 4), _mm256_slli_epi16(bytes, 8));
    nibbles = _mm256_and_si256(nibbles, _mm256_set1_epi8(15));
    uint32_t zeros =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(nibbles, _mm256_setzero_si256()));
    uint32_t first = ~zeros | 0x88888888u;
    uint32_t keep = ((first | (0x11111110u - first)) & run.groups) | run.separators;

    const __m256i alphabet = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'));
    const __m256i separators = _mm256_setr_epi64x(0x3a3a, 0x3a3a, 0x3a3a, 0x003a);
    __m256i digits = _mm256_shuffle_epi8(alphabet, nibbles);
    __m256i ac = _mm256_unpacklo_epi64(digits, separators);
    __m256i bd = _mm256_unpackhi_epi64(digits, separators);

    const uint8_t *a = simdinet_format_pair_shuffles[keep & 255];
    const uint8_t *b = simdinet_format_pair_shuffles[keep >> 8 & 255];
    const uint8_t *c = simdinet_format_pair_shuffles[keep >> 16 & 255];
    const uint8_t *d = simdinet_format_pair_shuffles[keep >> 24];
    ac = _mm256_shuffle_epi8(ac, _mm256_loadu2_m128i((const __m128i *)(const void *)c,
                                                     (const __m128i *)(const void *)a));
    bd = _mm256_shuffle_epi8(bd, _mm256_loadu2_m128i((const __m128i *)(const void *)d,
                                                     (const __m128i *)(const void *)b));

    const __m128i spread =
        _mm_setr_epi8(12, -1, 12, -1, 13, -1, 13, -1, 14, -1, 14, -1, 15, -1, 15, -1);
    format_octets_avx2 octets = format_octets(_mm_shuffle_epi8(x, spread));

    char text[80];
    char *p = text;
    format_store(p, _mm256_castsi256_si128(ac));
    p += a[15];
    format_store(p, _mm256_castsi256_si128(bd));
    p += b[15];
    format_store(p, _mm256_extracti128_si256(ac, 1));
    p += c[15];
    format_store(p, _mm256_extracti128_si256(bd, 1));
    size_t size = (size_t)(p - text);
    bool dotted = keep >> 24 == 0;
    format_store_octets(dotted ? p : text + 64, octets);
    size += dotted ? octets.len + 1 : d[15];
    format_copy_avx2(out, text, size);
    return size - 1;
}

#endif
