/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * x86_column.h - IPv4 columns, four values at a time, by the kernel for one address (x86_ipv4.h).
 *
 * What four values share: the last steps of the conversion, one store, and one branch that asks
 * whether all of them are right. What is wrong with a value becomes a mask, so that columns with
 * many invalid values mispredict little.
 */
#ifndef SIMDINET_X86_COLUMN_H
#define SIMDINET_X86_COLUMN_H

#include "x86_ipv4.h"

typedef struct four_values {
    const char *text[4];
    uint32_t len[4];
} four_values;

/* One of the four on its way. */
typedef struct ipv4_lane {
    __m128i octets;  /* a 32-bit number each */
    __m128i wrong;   /* all ones where an octet is wrong */
    uint32_t misfit; /* 0 when the digits stand as the layout has them */
} ipv4_lane;

static inline ipv4_lane convert_ipv4(const char *text, uint32_t len) {
    const __m128i first = _mm_loadl_epi64((const __m128i *)text);
    const __m128i last = _mm_loadl_epi64((const __m128i *)(text + len - 8));
    const __m128i digits =
        _mm_xor_si128(_mm_unpacklo_epi64(first, last), load_128(simdinet_ipv4_constants.zero));
    const uint32_t key = nondigits(digits);
    const ipv4_layout *layout = &simdinet_ipv4_split[key * SPLIT_MULTIPLIER >> 24];
    const __m128i lanes = _mm_shuffle_epi8(digits, load_128(layout->shuffle));
    const __m128i distance = _mm_sub_epi32(lanes, load_128(layout->low));
    const __m128i pairs = _mm_maddubs_epi16(lanes, load_128(simdinet_ipv4_constants.weights));
    return (ipv4_lane){
        .octets = _mm_madd_epi16(pairs, load_128(simdinet_ipv4_constants.ones)),
        .wrong = _mm_cmpgt_epi32(distance, load_128(layout->range)),
        .misfit = (layout->key ^ key) | (layout->length ^ len),
    };
}

/* 0 becomes all ones, and everything else 0. */
static inline int if_zero(uint32_t value) {
    return -(value == 0);
}

/* Replaces what is shorter than eight bytes or longer than fifteen by a text that is no address.
 * Returns a bit for each value of seven bytes, for which there is a way of its own. */
static OUT_OF_LINE unsigned replace_misfits(four_values *v) {
    static const char nothing[8] = {0};
    unsigned sevens = 0;
    for (unsigned i = 0; i < 4; i++) {
        sevens |= (unsigned)(v->len[i] == 7) << i;
        const bool fits = v->len[i] - 8 <= 7;
        v->text[i] = fits ? v->text[i] : nothing;
        v->len[i] = fits ? v->len[i] : 8;
    }
    return sevens;
}

static inline unsigned parse_four_ipv4(const char *base, const int32_t *begin, const int32_t *end,
                                       uint8_t *out) {
    four_values v;
    uint32_t excess = 0;
    for (unsigned i = 0; i < 4; i++) {
        v.text[i] = base + begin[i];
        v.len[i] = (uint32_t)end[i] - (uint32_t)begin[i];
        excess |= v.len[i] - 8;
    }
    unsigned sevens = 0;
    if (UNLIKELY(excess > 7)) {
        four_values copy = v;
        sevens = replace_misfits(&copy);
        v = copy;
    }
    const ipv4_lane a = convert_ipv4(v.text[0], v.len[0]), b = convert_ipv4(v.text[1], v.len[1]);
    const ipv4_lane c = convert_ipv4(v.text[2], v.len[2]), d = convert_ipv4(v.text[3], v.len[3]);
    __m128i octets =
        _mm_packus_epi16(_mm_packs_epi32(a.octets, b.octets), _mm_packs_epi32(c.octets, d.octets));
    const __m128i wrong =
        _mm_packs_epi16(_mm_packs_epi32(a.wrong, b.wrong), _mm_packs_epi32(c.wrong, d.wrong));
    unsigned valid = 15;
    if (UNLIKELY((a.misfit | b.misfit | c.misfit | d.misfit) != 0) ||
        UNLIKELY(!_mm_testz_si128(wrong, wrong))) {
        const __m128i fits = _mm_setr_epi32(if_zero(a.misfit), if_zero(b.misfit), if_zero(c.misfit),
                                            if_zero(d.misfit));
        const __m128i right = _mm_and_si128(fits, _mm_cmpeq_epi32(wrong, _mm_setzero_si128()));
        octets = _mm_and_si128(octets, right);
        valid = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(right));
    }
    _mm_storeu_si128((__m128i *)out, octets);
    if (UNLIKELY(sevens != 0)) {
        for (unsigned i = 0; i < 4; i++)
            if (sevens >> i & 1 && parse_ipv4_shortest(base + begin[i], out + 4 * i))
                valid |= 1u << i;
    }
    return valid;
}

static inline uint64_t parse_ipv4_block_x86(const char *base, const int32_t *begin,
                                            const int32_t *end, size_t count, uint8_t *out) {
    uint64_t valid = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        valid |= (uint64_t)parse_four_ipv4(base, begin + i, end + i, out + 4 * i) << i;
    if (i < count) {
        int32_t last_begin[4] = {0}, last_end[4] = {0};
        uint8_t last_out[16];
        memcpy(last_begin, begin + i, (count - i) * sizeof *begin);
        memcpy(last_end, end + i, (count - i) * sizeof *end);
        valid |= (uint64_t)parse_four_ipv4(base, last_begin, last_end, last_out) << i;
        memcpy(out + 4 * i, last_out, 4 * (count - i));
    }
    return valid;
}

#endif
