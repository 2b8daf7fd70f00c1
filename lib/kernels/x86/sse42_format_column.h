/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42_column_format.h - many addresses to text with SSSE3, SSE4.1 and POPCNT.
 *
 * A piece of the text, four octets or two groups, is put together at the start of a register and all
 * of its 16 bytes are stored: what is too much is overwritten by what follows, or lies in the room of
 * the addresses that follow. So nothing must be cut exactly, as it must for a single address.
 */
#ifndef SIMDINET_SSE42_COLUMN_FORMAT_H
#define SIMDINET_SSE42_COLUMN_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/scalar/format_column.h"
#include "sse42_format.h"

/* ---- IPv4 --------------------------------------------------------------------------------------- */

/* What stands behind each of the octets, and in the bits of a digit. */
static inline __m128i format_octets_constants(char separator) {
    const __m128i dots = _mm_setr_epi32(0x2e303030, 0x2e303030, 0x2e303030, 0x303030);
    return _mm_insert_epi8(dots, separator, 15);
}

/* Octet lanes that are 0, 1, 2 or 3 bytes and a word of two bytes each: see format_octets_digits. */
static inline __m128i format_octets_lanes(__m128i words, __m128i constants) {
    __m128i quotients = _mm_mulhi_epu16(words, _mm_set1_epi32(656 << 16 | 6554));
    __m128i digits = _mm_madd_epi16(quotients, _mm_set1_epi32((int)(0xf6000000u | 246)));
    digits = _mm_add_epi32(digits, _mm_blend_epi16(words, quotients, 0xaa));
    return _mm_or_si128(digits, constants);
}

static inline __m128i format_octets_head(__m128i lanes, unsigned decisions) {
    return _mm_shuffle_epi8(lanes, format_load(simdinet_format_octet_heads[decisions & 0xff]));
}

/* The texts of four IPv4 addresses, each with a separator, and their decisions, 8 bits each. */
typedef struct {
    __m128i text[4];
    unsigned decisions;
} format_4_texts;

static inline format_4_texts format_4_ipv4_sse42(const uint8_t *addresses, __m128i constants) {
    const __m128i spread = octets_to_lanes(0);
    __m128i x = format_load(addresses);
    __m128i a = _mm_shuffle_epi8(x, spread);
    __m128i b = _mm_shuffle_epi8(x, _mm_or_si128(spread, _mm_set1_epi16(4)));
    __m128i c = _mm_shuffle_epi8(x, _mm_or_si128(spread, _mm_set1_epi16(8)));
    __m128i d = _mm_shuffle_epi8(x, _mm_or_si128(spread, _mm_set1_epi16(12)));
    __m128i ab = _mm_packs_epi16(format_octets_wide(a), format_octets_wide(b));
    __m128i cd = _mm_packs_epi16(format_octets_wide(c), format_octets_wide(d));
    unsigned ab_bits = (unsigned)_mm_movemask_epi8(ab), cd_bits = (unsigned)_mm_movemask_epi8(cd);
    return (format_4_texts){
        .text = {format_octets_head(format_octets_lanes(a, constants), ab_bits),
                 format_octets_head(format_octets_lanes(b, constants), ab_bits >> 8),
                 format_octets_head(format_octets_lanes(c, constants), cd_bits),
                 format_octets_head(format_octets_lanes(d, constants), cd_bits >> 8)},
        .decisions = ab_bits | cd_bits << 16,
    };
}

/*
 * Stores the texts so that each loses its last bytes, extra of them, 0 or 1; ends gets where each
 * ends. Counted from the start of all four, so that only one addition waits for the last step's.
 */
static inline char *format_store_4(char *p, const format_4_texts *texts, unsigned extra,
                                   int32_t ends[4]) {
    unsigned decisions = texts->decisions, least = 8 - extra;
    unsigned a = least + (unsigned)_mm_popcnt_u32(decisions & 0xff);
    unsigned b = 2 * least + (unsigned)_mm_popcnt_u32(decisions & 0xffff);
    unsigned c = 3 * least + (unsigned)_mm_popcnt_u32(decisions & 0xffffff);
    unsigned d = 4 * least + (unsigned)_mm_popcnt_u32(decisions);
    format_store(p, texts->text[0]);
    format_store(p + a, texts->text[1]);
    format_store(p + b, texts->text[2]);
    format_store(p + c, texts->text[3]);
    ends[0] = (int32_t)a;
    ends[1] = (int32_t)b;
    ends[2] = (int32_t)c;
    ends[3] = (int32_t)d;
    return p + d;
}

static inline size_t format_ipv4_lines_sse42(const uint8_t *addresses, size_t n, char separator,
                                             char *text) {
    const __m128i constants = format_octets_constants(separator);
    char *p = text;
    size_t i = 0;
    for (; n - i >= 4; i += 4) {
        int32_t ends[4];
        format_4_texts texts = format_4_ipv4_sse42(addresses + 4 * i, constants);
        p = format_store_4(p, &texts, 0, ends);
    }
    p = format_lines_rest(format_ipv4_sse42, 4, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void format_ipv4_column_sse42(const uint8_t *addresses, size_t n, char *text,
                                            int32_t *offsets) {
    const __m128i constants = format_octets_constants('.');
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > 4; i += 4) { /* the last store takes a byte of the fifth address's room */
        int32_t ends[4], at = (int32_t)(p - text);
        format_4_texts texts = format_4_ipv4_sse42(addresses + 4 * i, constants);
        p = format_store_4(p, &texts, 1, ends);
        for (unsigned j = 0; j < 4; j++)
            offsets[i + 1 + j] = at + ends[j];
    }
    format_column_rest(format_ipv4_sse42, 4, addresses, i, n, text, offsets);
}

/* ---- IPv6 --------------------------------------------------------------------------------------- */

/* Two groups each of an address, as format_groups takes them, its octets, and what is known of them. */
typedef struct {
    __m128i pairs[4];
    __m128i octets;
    unsigned digits_zero; /* a bit for every digit, 8 for each pair */
    unsigned groups_zero; /* a bit for every group, and bit 8: group 5 is ffff */
    unsigned decisions;
} format_ipv6_parts;

static inline char *format_pair(char *p, __m128i pair, unsigned keep) {
    format_store(p, _mm_shuffle_epi8(pair, format_load(simdinet_format_pair_shuffles[keep])));
    return p + simdinet_format_pair_lengths[keep];
}

/* Bit 8: group 5 is ffff. By arithmetic, since gcc makes a branch of the comparison. */
static inline unsigned format_group5(const uint8_t *address) {
    uint16_t group5;
    memcpy(&group5, address + 10, 2);
    return (group5 + 1u) >> 8 & 0x100;
}

/*
 * Writes an address with its separator; returns where it ends. No branch knows of the octets: they
 * are stored behind every text, and count where groups 6 and 7 left nothing. Up to 56 bytes are
 * overwritten.
 */
static inline char *format_put_ipv6(const format_ipv6_parts *parts, char *p) {
    const simdinet_format_run *run = &simdinet_format_runs[parts->groups_zero];
    uint32_t groups, separators;
    memcpy(&groups, run->groups, 4);
    memcpy(&separators, run->separators, 4);
    uint32_t keep = (groups & ~(parts->digits_zero & 0x5f5f5f5f)) | separators;
    p = format_pair(p, parts->pairs[0], keep & 0xff);
    p = format_pair(p, parts->pairs[1], keep >> 8 & 0xff);
    p = format_pair(p, parts->pairs[2], keep >> 16 & 0xff);
    p = format_pair(p, parts->pairs[3], keep >> 24);
    format_store(p, format_octets_head(parts->octets, parts->decisions));
    size_t dotted = 0 - (size_t)(keep >> 24 == 0);
    return p + ((8 + (size_t)_mm_popcnt_u32(parts->decisions)) & dotted);
}

static inline format_ipv6_parts format_parts_sse42(const uint8_t *address, __m128i constants,
                                                   __m128i last) {
    const __m128i low_half = _mm_set1_epi8(15);
    const __m128i alphabet = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a',
                                           'b', 'c', 'd', 'e', 'f');
    const __m128i colons = _mm_set1_epi8(':');
    const __m128i spread = octets_to_lanes(12);
    const __m128i nothing = _mm_setzero_si128();
    __m128i x = format_load(address);
    __m128i high = _mm_and_si128(_mm_srli_epi16(x, 4), low_half);
    __m128i low = _mm_and_si128(x, low_half);
    __m128i ab = _mm_unpacklo_epi32(high, low);
    __m128i cd = _mm_unpackhi_epi32(high, low);
    unsigned ab_zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(ab, nothing));
    unsigned cd_zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(cd, nothing));
    __m128i words = _mm_shuffle_epi8(x, spread);
    __m128i zero = _mm_cmpeq_epi16(x, nothing);
    unsigned bits = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(zero, format_octets_wide(words)));
    ab = _mm_shuffle_epi8(alphabet, ab);
    cd = _mm_shuffle_epi8(alphabet, cd);
    return (format_ipv6_parts){
        .pairs = {_mm_unpacklo_epi64(ab, colons), _mm_unpackhi_epi64(ab, colons),
                  _mm_unpacklo_epi64(cd, colons), _mm_unpackhi_epi64(cd, last)},
        .octets = format_octets_lanes(words, constants),
        .digits_zero = ab_zeros | cd_zeros << 16,
        .groups_zero = (bits & 0xff) | format_group5(address),
        .decisions = bits >> 8,
    };
}

/* In the upper half, the colon behind group 6 and what stands behind group 7. */
static inline __m128i format_last_separators(char separator) {
    return _mm_insert_epi8(_mm_set1_epi8(':'), separator, 9);
}

static inline size_t format_ipv6_lines_sse42(const uint8_t *addresses, size_t n, char separator,
                                             char *text) {
    const __m128i constants = format_octets_constants(separator);
    const __m128i last = format_last_separators(separator);
    char *p = text;
    size_t i = 0;
    for (; n - i > 1; i++) {
        format_ipv6_parts parts = format_parts_sse42(addresses + 16 * i, constants, last);
        p = format_put_ipv6(&parts, p);
    }
    p = format_lines_rest(format_ipv6_sse42, 16, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void format_ipv6_column_sse42(const uint8_t *addresses, size_t n, char *text,
                                            int32_t *offsets) {
    const __m128i constants = format_octets_constants(':');
    const __m128i last = format_last_separators(':');
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > 1; i++) {
        format_ipv6_parts parts = format_parts_sse42(addresses + 16 * i, constants, last);
        p = format_put_ipv6(&parts, p) - 1;
        offsets[i + 1] = (int32_t)(p - text);
    }
    format_column_rest(format_ipv6_sse42, 16, addresses, i, n, text, offsets);
}

#endif
