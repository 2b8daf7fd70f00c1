/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_lines.h - lines with AVX-512: where they begin and end, and runs of valid IPv4 lines.
 *
 * A run of valid IPv4 lines is parsed without a cursor from address to address. At each byte the
 * value of an octet that would end before it follows from the three bytes to its left, by two table
 * lookups and two additions, for 64 positions at once; the values at delimiters are compressed, and
 * stored as they are, because they are in order. Errors accumulate in masks, which are tested once
 * a window; a window with an error is discarded, and its lines are parsed in blocks.
 */
#ifndef SIMDINET_AVX512_LINES_H
#define SIMDINET_AVX512_LINES_H

#include "avx512_parse_ipv4_block.h"
#include "kernels/generic/parse_block.h"
#include "kernels/kernel.h"
#include "kernels/tables/column_tables.h"
#include "simd512.h"

/* ---- begins and ends ------------------------------------------------------------------------- */

static size_t IMPL(find_lines)(const char *text, size_t len, size_t n, int32_t *begin, int32_t *end,
                               size_t *consumed) {
    const line_constants *c = &simdinet_line_constants;
    const __m512i positions = v512_load_aligned(c->positions);
    const __m512i one = _mm512_set1_epi32(1);
    size_t lines = 0;
    __mmask64 any_cr = 0;
    for (size_t at = 0; at < len && lines < n; at += 64) {
        const size_t left = len - at;
        const __mmask64 inside = left < 64 ? _bzhi_u64(UINT64_MAX, (unsigned)left) : UINT64_MAX;
        const __m512i block = _mm512_maskz_loadu_epi8(inside, text + at);
        uint64_t lf = _mm512_cmpeq_epi8_mask(block, v512_load_aligned(c->lf));
        const size_t found = (size_t)_mm_popcnt_u64(lf);
        any_cr |= _mm512_cmpeq_epi8_mask(block, v512_load_aligned(c->cr));
        size_t i = 0;
        do { /* at least once: a branch for none would be one more */
            const __m128i bytes = _mm512_castsi512_si128(_mm512_maskz_compress_epi8(lf, positions));
            const __m512i stops =
                _mm512_add_epi32(_mm512_set1_epi32((int)at), _mm512_cvtepu8_epi32(bytes));
            _mm512_storeu_si512(end + lines + i, stops);
            _mm512_storeu_si512(begin + lines + i + 1, _mm512_add_epi32(stops, one));
            i += 16;
            if (UNLIKELY(i < found))
                lf &= ~_pdep_u64(0xffff, lf);
        } while (UNLIKELY(i < found));
        lines += found;
    }
    if (lines > n)
        lines = n;
    begin[0] = 0;
    if (UNLIKELY(any_cr != 0)) {
        for (size_t i = 0; i < lines; i++)
            end[i] -= end[i] > begin[i] && text[end[i] - 1] == '\r';
    }
    *consumed = (size_t)begin[lines];
    return lines;
}

/* ---- a run of valid lines -------------------------------------------------------------------- */

/* Blocks of 64 bytes between two tests for errors: fewer take more time; more save little and
 * discard more. */
#define RUN_WINDOW 16

/* The errors so far; in vectors, which are tested at the end of a window. */
typedef struct run_errors {
    __m512i highest;  /* characters */
    __m512i hundreds; /* bit 0: a digit that is not 1 or 2 */
    __m512i excess;   /* bit 7: an octet above 255 */
    uint64_t layout;
} run_errors;

typedef struct run_state {
    size_t octets;   /* stored so far */
    uint64_t before; /* the delimiters of the block before */
} run_state;

static inline void read_run_block(const char *text, run_state *state, run_errors *errors,
                                  uint8_t *out) {
    const __m512i zero = v512_load_aligned(simdinet_line_constants.zero);
    const __m512i here = v512_load(text);
    const __m512i ones = v512_load(text - 1);
    const __m512i tens = v512_load(text - 2);
    const __m512i hundreds = v512_load(text - 3);
    const __mmask64 stops = _mm512_cmplt_epu8_mask(here, zero);
    const uint64_t ends = stops;
    const uint64_t lf = _mm512_cmpeq_epi8_mask(here, v512_load_aligned(simdinet_line_constants.lf));
    const uint64_t dots =
        _mm512_cmpeq_epi8_mask(here, v512_load_aligned(simdinet_line_constants.dot));
    const uint64_t after_zero = _mm512_cmpeq_epi8_mask(ones, zero);
    /* If two digits precede a delimiter, a third one counts. */
    const __mmask64 wide = _mm512_mask_cmpge_epu8_mask(stops, tens, zero);
    const __m512i low = _mm512_add_epi8(
        ones, _mm512_shuffle_epi8(v512_load_aligned(simdinet_line_constants.tens), tens));
    const __m512i high = _mm512_maskz_shuffle_epi8(
        wide, v512_load_aligned(simdinet_line_constants.hundreds), hundreds);
    const __m512i octets = _mm512_add_epi8(low, high);
    const uint64_t count = (uint64_t)_mm_popcnt_u64(ends);
    _mm512_storeu_si512(out + state->octets, _mm512_maskz_compress_epi8(stops, octets));

    errors->highest = _mm512_max_epu8(errors->highest, here);
    errors->hundreds = _mm512_or_si512(errors->hundreds, high);
    /* errors | (high & ~octets): 200 has bit 7, and so has a sum with it that is not above 255. */
    errors->excess = _mm512_ternarylogic_epi64(errors->excess, high, octets, 0xf4);

    /* Sums of disjoint bits, not ORs: gcc would make double shifts, which are slow on AMD. */
    const uint64_t ends_1 = (ends << 1) + (state->before >> 63);
    const uint64_t ends_2 = (ends << 2) + (state->before >> 62);
    const uint64_t ends_3 = (ends << 3) + (state->before >> 61);
    /* Of the delimiters, each fourth one is an LF. */
    const uint64_t fourths = UINT64_C(0x8888888888888888);
    const unsigned turn = state->octets & 63;
    const uint64_t expected = _bzhi_u64(fourths >> turn | fourths << (-turn & 63), (unsigned)count);
    errors->layout |= (ends & ends_1)                      /* an empty octet */
                      | ~(ends | ends_1 | ends_2 | ends_3) /* four digits */
                      | (ends_2 & after_zero & ~ends)      /* a leading zero */
                      | (lf ^ dots ^ ends)                 /* another character below '0' */
                      | (_pext_u64(lf, ends) ^ expected);
    state->octets += count;
    state->before = ends;
}

static inline bool has_errors(const run_errors *errors) {
    const __mmask64 seen = _mm512_cmpgt_epu8_mask(errors->highest, _mm512_set1_epi8('9')) |
                           _mm512_test_epi8_mask(errors->hundreds, _mm512_set1_epi8(1)) |
                           _mm512_movepi8_mask(errors->excess);
    return (seen | errors->layout) != 0;
}

/*
 * Parses lines at the head of text[0, len), up to capacity of them, as long as they are IPv4
 * addresses, one a line. Stops at any line end, also before the first line; may write to all of
 * out.
 */
static inline size_t parse_ipv4_run(const char *text, size_t len, size_t capacity, uint8_t *out,
                                    size_t *consumed) {
    run_errors errors = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), 0};
    run_state good = {0, UINT64_C(1) << 63}; /* as after an LF */
    size_t at = 0;
    *consumed = 0;
    if (capacity > len)
        capacity = len; /* no text has more lines, and 4 * len does not overflow */
    if (len >= 64 && capacity >= 16) {
        char first[64 + 3];
        run_state state = good;
        /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, not a string */
        memcpy(first, "\n\n\n", 3);
        memcpy(first + 3, text, 64);
        read_run_block(first + 3, &state, &errors, out);
        if (has_errors(&errors))
            return 0;
        good = state;
        at = 64;
    }
    for (;;) {
        /* A block of any text has 64 octets at most. */
        const size_t space = (4 * capacity - good.octets) / 64, left = (len - at) / 64;
        size_t window = space < left ? space : left;
        if (window == 0)
            break;
        if (window > RUN_WINDOW)
            window = RUN_WINDOW;
        run_state state = good;
        for (size_t i = 0; i < window; i++)
            read_run_block(text + at + 64 * i, &state, &errors, out);
        if (UNLIKELY(has_errors(&errors)))
            break;
        good = state;
        at += 64 * window;
    }
    if (good.octets < 4)
        return 0;
    while (text[at - 1] != '\n')
        at--;
    *consumed = at;
    return good.octets / 4;
}

/* ---- runs and blocks ------------------------------------------------------------------------- */

/*
 * After a run shorter than this, the next lines are parsed in blocks, whose speed does not depend
 * on how many are invalid: two blocks, then four, up to MAX_BACKOFF between two attempts. So a text
 * full of invalid lines costs little more than its blocks.
 */
enum { SHORT_RUN = 512, MAX_BACKOFF = 128 };

static size_t IMPL(parse_ipv4_lines)(const char *text, size_t len, size_t capacity, uint8_t *out,
                                     uint64_t *valid, size_t *consumed, uint32_t *state) {
    /* The blocks left before the next run; above them, how many there were after the last one. */
    uint32_t blocks = *state & 0xffff, backoff = *state >> 16;
    if (blocks == 0) {
        const size_t lines = parse_ipv4_run(text, len, capacity, out, consumed);
        backoff += backoff == 0;
        backoff = lines >= SHORT_RUN ? 1 : backoff < MAX_BACKOFF ? 2 * backoff : backoff;
        blocks = backoff;
        if (lines > 0) {
            /* A run that fills out ends up to 16 lines before capacity, and another may follow. */
            *state = backoff << 16 | (capacity - lines > 16 ? blocks : 0);
            for (size_t i = 0; i < lines; i += 64)
                valid[i / 64] = UINT64_MAX >> (lines - i < 64 ? 64 - (lines - i) : 0);
            return lines;
        }
    }
    if (capacity > blocks * SIMDINET_BLOCK)
        capacity = blocks * SIMDINET_BLOCK;
    const size_t lines = IMPL(parse_lines_by_block)(IMPL(find_lines), IMPL(parse_ipv4_block), text,
                                                    len, capacity, out, valid, consumed);
    blocks -= (uint32_t)((lines + SIMDINET_BLOCK - 1) / SIMDINET_BLOCK);
    *state = backoff << 16 | blocks;
    return lines;
}

#endif
