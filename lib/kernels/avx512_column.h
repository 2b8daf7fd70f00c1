/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_column.h - IPv4 columns with AVX-512: four values in one register, and no table.
 *
 * The delimiters of four values (dots, and the end of each) are sixteen when all are as they should
 * be: compressed, their positions are one byte for each octet. An octet's digits are the bytes left
 * of its delimiter down to the delimiter before; one permutation brings them into 32-bit lanes,
 * ones first. Read so, a number of three digits compares as its value does, with 0x20505 for 255.
 */
#ifndef SIMDINET_AVX512_COLUMN_H
#define SIMDINET_AVX512_COLUMN_H

#include <immintrin.h>

#include "kernel.h"
#include "words.h"

#define REPEAT_16(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x
#define REPEAT_4(x)  x, x, x, x
#define BACK         1, 2, 3, 64
#define WEIGHTS      1, 10, 100, 0

/* The last place in a page from where on 16 bytes can be read. */
#if defined(SIMDINET_EXACT_LOADS)
#    define LAST_PLACE -1
#else
#    define LAST_PLACE 4080
#endif

typedef struct column_constants {
    _Alignas(64) uint8_t places[64];
    uint8_t places_in_value[64];
    uint8_t value_of[64]; /* the byte that has its length */
    uint8_t octet_of[64];
    uint8_t back[64]; /* from a delimiter to the digits before it; far away for no digit */
    uint8_t weights[64];
    uint8_t before[16];   /* what stands before the first octet of each value */
    uint8_t previous[16]; /* the delimiter before */
} column_constants;

static const column_constants column_512 = {
    {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
     22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
     44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63},
    {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 0,  1,  2,  3, 4,  5,
     6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,
     12, 13, 14, 15, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15},
    {REPEAT_16(0), REPEAT_16(4), REPEAT_16(8), REPEAT_16(12)},
    {REPEAT_4(0), REPEAT_4(1), REPEAT_4(2), REPEAT_4(3), REPEAT_4(4), REPEAT_4(5), REPEAT_4(6),
     REPEAT_4(7), REPEAT_4(8), REPEAT_4(9), REPEAT_4(10), REPEAT_4(11), REPEAT_4(12), REPEAT_4(13),
     REPEAT_4(14), REPEAT_4(15)},
    {REPEAT_16(BACK)},
    {REPEAT_16(WEIGHTS)},
    {255, 0, 0, 0, 15, 0, 0, 0, 31, 0, 0, 0, 47, 0, 0, 0},
    {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
};

static inline __m512i column_512_load(const void *from) {
    return _mm512_load_si512(from);
}

/*
 * Four values of which one at least is long or lies at the end of a page: each is read with nothing
 * behind it. Too long ones get the length 0, which is no address either.
 */
static OUT_OF_LINE __m512i load_four_alone(const char *base, const int32_t *begin, __m128i *len) {
    const __mmask8 fits = _mm_cmple_epu32_mask(*len, _mm_set1_epi32(15));
    uint32_t lengths[4];
    __m128i value[4];
    *len = _mm_maskz_mov_epi32(fits, *len);
    _mm_storeu_si128((__m128i *)lengths, *len);
    for (unsigned i = 0; i < 4; i++)
        value[i] = lengths[i] == 0
                       ? _mm_setzero_si128()
                       : _mm_maskz_loadu_epi8((__mmask16)((1u << lengths[i]) - 1), base + begin[i]);
    const __m256i low = _mm256_set_m128i(value[1], value[0]);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), _mm256_set_m128i(value[3], value[2]), 1);
}

/* Gives each value that has not four delimiters some four, and its bit to *wrong. */
static OUT_OF_LINE uint64_t mend_delimiters(uint64_t delimiters, unsigned *wrong) {
    for (unsigned i = 0; i < 4; i++) {
        const uint64_t own = UINT64_C(0xffff) << (16 * i);
        const bool four = _mm_popcnt_u64(delimiters & own) == 4;
        delimiters = four ? delimiters : (delimiters & ~own) | UINT64_C(0x000f) << (16 * i);
        *wrong |= (unsigned)!four << i;
    }
    return delimiters;
}

/* From a bit for each of 16 places to one for each of the four that four of them make. */
static inline unsigned any_of_four(unsigned bits) {
    bits |= bits >> 1;
    bits |= bits >> 2;
    return _pext_u32(bits, 0x1111);
}

static inline unsigned parse_four_avx512(const char *base, const int32_t *begin, const int32_t *end,
                                         uint8_t *out) {
    const column_constants *c = &column_512;
    const __m512i zero = _mm512_set1_epi8('0');
    const __m128i begins = _mm_loadu_si128((const __m128i *)begin);
    __m128i len = _mm_sub_epi32(_mm_loadu_si128((const __m128i *)end), begins);
    /* Places in the page of the 16 bytes; only the low bits count, so the sum may wrap. */
    const __m128i pages = _mm_and_si128(
        _mm_add_epi32(begins, _mm_set1_epi32((int)((uintptr_t)base & 4095))), _mm_set1_epi32(4095));
    const __mmask8 odd = _mm_cmpgt_epu32_mask(len, _mm_set1_epi32(15)) |
                         _mm_cmpgt_epi32_mask(pages, _mm_set1_epi32(LAST_PLACE));
    __m512i text;
    if (UNLIKELY(odd != 0)) {
        text = load_four_alone(base, begin, &len);
    } else {
        const __m256i low = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(base + begin[0]))),
            _mm_loadu_si128((const __m128i *)(base + begin[1])), 1);
        const __m256i high = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(base + begin[2]))),
            _mm_loadu_si128((const __m128i *)(base + begin[3])), 1);
        text = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    }

    const __m512i lengths =
        _mm512_permutexvar_epi8(column_512_load(c->value_of), _mm512_castsi128_si512(len));
    const __m512i places = column_512_load(c->places_in_value);
    const __mmask64 inside = _mm512_cmplt_epu8_mask(places, lengths);
    const __mmask64 ends = _mm512_cmpeq_epu8_mask(places, lengths);
    const __m512i values = _mm512_maskz_sub_epi8(inside, text, zero);
    const __mmask64 others = _mm512_cmpgt_epu8_mask(values, _mm512_set1_epi8(9));
    const __mmask64 odd_characters =
        _mm512_mask_cmpneq_epu8_mask(others, text, _mm512_set1_epi8('.'));
    uint64_t delimiters = others | ends;
    unsigned wrong = 0;
    if (UNLIKELY(_pext_u64(ends, delimiters) != 0x8888)) {
        delimiters = mend_delimiters(delimiters, &wrong);
    }

    /* What is no digit counts for nothing: a delimiter, and all that is not of the value. */
    const __m512i digits = _mm512_mask_mov_epi8(values, others, _mm512_setzero_si512());
    const __m128i stops =
        _mm512_castsi512_si128(_mm512_maskz_compress_epi8(delimiters, column_512_load(c->places)));
    const __m128i starts =
        _mm_mask_shuffle_epi8(_mm_load_si128((const __m128i *)c->before), 0xeeee, stops,
                              _mm_load_si128((const __m128i *)c->previous));
    const __m512i octets = column_512_load(c->octet_of);
    const __m512i from = _mm512_max_epi8(
        _mm512_sub_epi8(_mm512_permutexvar_epi8(octets, _mm512_castsi128_si512(stops)),
                        column_512_load(c->back)),
        _mm512_permutexvar_epi8(octets, _mm512_castsi128_si512(starts)));
    const __m512i lanes = _mm512_permutexvar_epi8(from, digits);

    /* Widths of one to three digits, no 0 in front of another digit, and 255 at most. */
    const __m128i beyond = _mm_sub_epi8(_mm_sub_epi8(stops, starts), _mm_set1_epi8(2));
    const __mmask16 misfits = _mm_cmpgt_epu8_mask(beyond, _mm_set1_epi8(2));
    const __m128i first = _mm_add_epi8(starts, _mm_set1_epi8(1));
    const __m128i leading =
        _mm512_castsi512_si128(_mm512_permutexvar_epi8(_mm512_castsi128_si512(first), digits));
    const __mmask16 zeros =
        _mm_mask_testn_epi8_mask(_mm_test_epi8_mask(beyond, beyond), leading, leading);
    const __mmask16 large = _mm512_cmpgt_epu32_mask(lanes, _mm512_set1_epi32(0x20505));
    const __m512i sums =
        _mm512_dpbusd_epi32(_mm512_setzero_si512(), lanes, column_512_load(c->weights));
    __m128i addresses = _mm512_cvtepi32_epi8(sums);
    const unsigned bad = (unsigned)misfits | zeros | large;
    unsigned valid = 15;
    if (UNLIKELY((bad | wrong | odd_characters) != 0)) {
        const uint64_t odd_values = _pext_u64((odd_characters & UINT64_C(0x7fff7fff7fff7fff)) +
                                                  UINT64_C(0x7fff7fff7fff7fff),
                                              UINT64_C(0x8000800080008000));
        valid &= ~(any_of_four(bad) | wrong | (unsigned)odd_values);
        addresses = _mm_maskz_mov_epi32((__mmask8)valid, addresses);
    }
    _mm_storeu_si128((__m128i *)out, addresses);
    return valid;
}

static uint64_t parse_ipv4_block_avx512(const char *base, const int32_t *begin, const int32_t *end,
                                        size_t count, uint8_t *out) {
    uint64_t valid = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        valid |= (uint64_t)parse_four_avx512(base, begin + i, end + i, out + 4 * i) << i;
    if (i < count) {
        int32_t last_begin[4] = {0}, last_end[4] = {0};
        uint8_t last_out[16];
        memcpy(last_begin, begin + i, (count - i) * sizeof *begin);
        memcpy(last_end, end + i, (count - i) * sizeof *end);
        /* Values that are not there begin where the first one does, and have no bytes. */
        for (size_t j = count - i; j < 4; j++)
            last_begin[j] = last_end[j] = last_begin[0];
        valid |= (uint64_t)parse_four_avx512(base, last_begin, last_end, last_out) << i;
        memcpy(out + 4 * i, last_out, 4 * (count - i));
    }
    return valid;
}

#endif
