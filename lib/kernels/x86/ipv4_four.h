/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv4_four.h - four IPv4 values of a column at a time, for SSE4.2 and AVX2.
 *
 * Four values share the last steps of the conversion, one store, and one branch for whether all of
 * them are valid. Errors become masks, so that columns with many invalid values mispredict little.
 */
#ifndef SIMDINET_X86_IPV4_FOUR_H
#define SIMDINET_X86_IPV4_FOUR_H

#include "kernels/generic/ipv4_layout.h"
#include "kernels/kernel.h"

/* Texts and lengths in separate members: gcc makes vectors of arrays. */
typedef struct four_values {
    const char *text_0, *text_1, *text_2, *text_3;
    uint32_t len_0, len_1, len_2, len_3;
} four_values;

/* The first eight bytes of a value and the last eight. */
static ALWAYS_INLINE __m128i load_digits(const char *text, uint32_t len) {
    const __m128 first = _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)text));
    const __m128 both = _mm_loadh_pi(first, (const __m64 *)(text + len - 8));
    return _mm_castps_si128(both);
}

/* 0 if the layout has this key and length. */
static ALWAYS_INLINE uint32_t layout_misfit(const ipv4_layout *layout, uint32_t key, uint32_t len) {
    return (layout->key ^ key) | (layout->length ^ len);
}

/* All ones for 0, and 0 for everything else. */
static ALWAYS_INLINE int if_zero(uint32_t value) {
    return -(value == 0);
}

/* Four addresses, and the errors in their octets and in their layouts. */
typedef struct four_addresses {
    __m128i octets;
    __m128i wrong;
    uint32_t misfit_0, misfit_1, misfit_2, misfit_3;
} four_addresses;

static ALWAYS_INLINE __m128i convert_one(__m128i text, uint32_t len, __m128i *wrong,
                                         uint32_t *misfit) {
    const __m128i digits = v128_to_digits(text);
    const uint32_t key = v128_nondigits(digits);
    const ipv4_layout *layout = ipv4_split_layout(key);
    const __m128i lanes = _mm_shuffle_epi8(digits, v128_load_aligned(layout->shuffle));
    const __m128i pairs =
        _mm_maddubs_epi16(lanes, v128_load_aligned(simdinet_ipv4_constants.weights));
    const __m128i distance = _mm_sub_epi32(lanes, v128_load_aligned(layout->low));
    *wrong = _mm_cmpgt_epi32(distance, v128_load_aligned(layout->range));
    *misfit = layout_misfit(layout, key, len);
    return _mm_madd_epi16(pairs, v128_load_aligned(simdinet_ipv4_constants.ones));
}

static ALWAYS_INLINE four_addresses convert_four(const four_values *v) {
    four_addresses a;
    __m128i w0, w1, w2, w3;
    const __m128i octets_0 =
        convert_one(load_digits(v->text_0, v->len_0), v->len_0, &w0, &a.misfit_0);
    const __m128i octets_1 =
        convert_one(load_digits(v->text_1, v->len_1), v->len_1, &w1, &a.misfit_1);
    const __m128i octets_01 = _mm_packs_epi32(octets_0, octets_1);
    const __m128i wrong_01 = _mm_packs_epi32(w0, w1);
    const __m128i octets_2 =
        convert_one(load_digits(v->text_2, v->len_2), v->len_2, &w2, &a.misfit_2);
    const __m128i octets_3 =
        convert_one(load_digits(v->text_3, v->len_3), v->len_3, &w3, &a.misfit_3);
    a.octets = _mm_packus_epi16(octets_01, _mm_packs_epi32(octets_2, octets_3));
    a.wrong = _mm_packs_epi16(wrong_01, _mm_packs_epi32(w2, w3));
    return a;
}

/* Replaces a value that is shorter than eight bytes or longer than fifteen, or would end before it
 * begins, by an invalid text. By masks, because a branch on the values of an irregular column is
 * mispredicted. Returns 1 for a value of seven bytes, which parse_ipv4_shortest parses. */
static ALWAYS_INLINE unsigned replace_misfit(const char **text, uint32_t *len, int32_t begin,
                                             int32_t end) {
    /* mutant survives: not an address either */
    static const char nothing[8] = {0};
    /* mutant survives: an empty value has length 0 either way */
    *len &= -(uint32_t)(end >= begin);
    const unsigned seven = *len == 7;
    const uint32_t excess = *len - 8;
    /* mutant survives: no layout has 16 bytes */
    const uintptr_t fits = -(uintptr_t)(excess <= 7);
    *text = (const char *)(((uintptr_t)*text & fits) | ((uintptr_t)nothing & ~fits));
    *len = (excess & (uint32_t)fits) + 8;
    return seven;
}

static OUT_OF_LINE unsigned replace_misfits(four_values *v, const int32_t *begin,
                                            const int32_t *end) {
    return replace_misfit(&v->text_0, &v->len_0, begin[0], end[0]) |
           replace_misfit(&v->text_1, &v->len_1, begin[1], end[1]) << 1 |
           replace_misfit(&v->text_2, &v->len_2, begin[2], end[2]) << 2 |
           replace_misfit(&v->text_3, &v->len_3, begin[3], end[3]) << 3;
}

/* Parses four values and stores their addresses. Returns a bit for each invalid value, for which
 * zeros are stored. */
static ALWAYS_INLINE unsigned parse_four_ipv4(const char *base, const int32_t *begin,
                                              const int32_t *end, uint8_t *out) {
    four_values v = {
        base + begin[0],
        base + begin[1],
        base + begin[2],
        base + begin[3],
        (uint32_t)end[0] - (uint32_t)begin[0],
        (uint32_t)end[1] - (uint32_t)begin[1],
        (uint32_t)end[2] - (uint32_t)begin[2],
        (uint32_t)end[3] - (uint32_t)begin[3],
    };
    KEEP_SCALAR(v.len_0);
    KEEP_SCALAR(v.len_1);
    KEEP_SCALAR(v.len_2);
    KEEP_SCALAR(v.len_3);
    unsigned sevens = 0;
    /* All four are 8 to 15 if bit 3 is the only common one above the lowest three; unless a
     * difference does not fit 32 bits, which takes an end below 0. */
    const __m128i ends = _mm_loadu_si128((const __m128i *)end);
    /* mutant survives: more texts are parsed one by one */
    if (UNLIKELY(((v.len_0 & v.len_1 & v.len_2 & v.len_3) | 7) != 15) ||
        UNLIKELY((v.len_0 | v.len_1 | v.len_2 | v.len_3) > 15) ||
        UNLIKELY(_mm_movemask_ps(_mm_castsi128_ps(ends)) != 0)) {
        four_values copy = v;
        sevens = replace_misfits(&copy, begin, end);
        v = copy;
    }
    four_addresses a = convert_four(&v);
    unsigned invalid = 0;
    /* mutant survives: no misfit is 1 */
    if (UNLIKELY((a.misfit_0 | a.misfit_1 | a.misfit_2 | a.misfit_3) != 0) ||
        UNLIKELY(!_mm_testz_si128(a.wrong, a.wrong))) {
        const __m128i fits = _mm_setr_epi32(if_zero(a.misfit_0), if_zero(a.misfit_1),
                                            if_zero(a.misfit_2), if_zero(a.misfit_3));
        const __m128i right = _mm_and_si128(fits, _mm_cmpeq_epi32(a.wrong, _mm_setzero_si128()));
        a.octets = _mm_and_si128(a.octets, right);
        invalid = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(right)) ^ 15;
    }
    _mm_storeu_si128((__m128i *)out, a.octets);
    if (UNLIKELY(sevens != 0)) {
        for (unsigned i = 0; i < 4; i++)
            if (sevens >> i & 1 && parse_ipv4_shortest(base + begin[i], out + 4 * i))
                invalid &= ~(1u << i);
    }
    return invalid;
}

/* The last values, three at most, as a block of four. */
static OUT_OF_LINE uint64_t parse_last_ipv4(simdinet_parse_block_fn *parse, const char *base,
                                            const int32_t *begin, const int32_t *end, size_t n,
                                            uint8_t *out) {
    /* mutant survives: the first element is always set */
    int32_t four_begin[4] = {0}, four_end[4] = {0};
    uint8_t four_out[16];
    memcpy(four_begin, begin, n * sizeof *begin);
    memcpy(four_end, end, n * sizeof *end);
    const uint64_t valid = parse(base, four_begin, four_end, 4, four_out);
    memcpy(out, four_out, 4 * n);
    return valid;
}

#endif
