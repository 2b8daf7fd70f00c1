/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_format_column.h - formats many addresses, four at a time.
 *
 * Each address has a frame with a position for every character that it may need. A mask selects
 * those that are written, one compress joins them, and the whole register is stored: the excess
 * falls into the space of the addresses that follow. A compress to memory would store exactly, but
 * takes some hundred cycles on Zen 4 and 5.
 */
#ifndef SIMDINET_AVX512_FORMAT_COLUMN_H
#define SIMDINET_AVX512_FORMAT_COLUMN_H

#include "avx512_format.h"
#include "kernels/generic/format_ipv4.h"
#include "kernels/generic/format_rest.h"

/* 16 bytes for each of four addresses: as a table, because gcc builds such constants in the
 * loop. */
#define FOUR_TIMES(...)                                                                            \
    { __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__ }

/* The constants that turn four octets of each 128-bit lane into "ddd.ddd.ddd.ddd.". */
typedef struct {
    uint8_t ipv4[64];  /* the octet of a position if every lane has the same four addresses */
    uint8_t ipv6[64];  /* the same if it has an address of sixteen bytes */
    uint8_t least[64]; /* the least value that is written at a position */
    uint8_t order[64]; /* hundreds, tens, ones and dot: from ones, tens, hundreds, 0 */
} format_octet_frame;

static const _Alignas(64) format_octet_frame format_octets_of = {
    .ipv4 = {0,  0,  0,  0,  1,  1,  1,  1,  2,  2,  2,  2,  3,  3,  3,  3,  4,  4,  4,  4,  5,  5,
             5,  5,  6,  6,  6,  6,  7,  7,  7,  7,  8,  8,  8,  8,  9,  9,  9,  9,  10, 10, 10, 10,
             11, 11, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15},
    .ipv6 = FOUR_TIMES(12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15),
    .least = FOUR_TIMES(100, 10, 0, 0, 100, 10, 0, 0, 100, 10, 0, 0, 100, 10, 0, 0),
    .order = FOUR_TIMES(2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8, 11, 14, 13, 12, 15),
};

/* Each octet, four times, becomes its three digits, and the fourth byte of constants. */
static inline __m512i format_octets_text(__m512i octets, __m512i constants) {
    __m512i words = _mm512_and_si512(octets, _mm512_set1_epi16(0xff));
    __m512i quotients = _mm512_mulhi_epu16(words, _mm512_set1_epi32(656 << 16 | 6554));
    __m512i sum = _mm512_mask_mov_epi16(words, 0xaaaaaaaa, quotients);
    __m512i digits =
        _mm512_dpwssd_epi32(sum, quotients, _mm512_set1_epi32((int)(0xf6000000u | 246)));
    digits = _mm512_shuffle_epi8(digits, _mm512_load_si512(format_octets_of.order));
    return _mm512_or_si512(digits, constants);
}

/* ---- IPv4: four frames of 16 positions fill a register --------------------------------------- */

/* The frames of four addresses; bits of *keep for the digits that are written and all
 * separators. */
static inline __m512i format_4_ipv4(const uint8_t *addresses, __m512i constants, uint64_t *keep) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)addresses);
    __m512i octets =
        _mm512_shuffle_epi8(_mm512_broadcast_i32x4(x), _mm512_load_si512(format_octets_of.ipv4));
    *keep = _mm512_cmpge_epu8_mask(octets, _mm512_load_si512(format_octets_of.least));
    return format_octets_text(octets, constants);
}

static inline size_t IMPL(format_ipv4_lines)(const uint8_t *addresses, size_t n, char separator,
                                             char *text) {
    const __m128i dots = _mm_setr_epi32(0x2e303030, 0x2e303030, 0x2e303030, 0x303030);
    const __m512i constants = _mm512_broadcast_i32x4(_mm_insert_epi8(dots, separator, 15));
    char *p = text;
    size_t i = 0;
    for (; n - i >= 4; i += 4) {
        uint64_t keep;
        __m512i frames = format_4_ipv4(addresses + 4 * i, constants, &keep);
        _mm512_storeu_si512(p, _mm512_maskz_compress_epi8(keep, frames));
        p += _mm_popcnt_u64(keep);
    }
    p = format_lines_rest(IMPL(format_ipv4), 4, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void IMPL(format_ipv4_column)(const uint8_t *addresses, size_t n, char *text,
                                            int32_t *offsets) {
    const __m512i constants = _mm512_set1_epi32(0x2e303030);
    const uint64_t no_separators = 0x7fff7fff7fff7fff;
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > 4; i += 4) { /* the store overwrites four bytes of the fifth address */
        uint64_t keep;
        __m512i frames = format_4_ipv4(addresses + 4 * i, constants, &keep);
        keep &= no_separators;
        _mm512_storeu_si512(p, _mm512_maskz_compress_epi8(keep, frames));
        int32_t at = (int32_t)(p - text);
        p += _mm_popcnt_u64(keep);
        offsets[i + 1] = at + (int32_t)_mm_popcnt_u64(keep & 0xffff);
        offsets[i + 2] = at + (int32_t)_mm_popcnt_u64(keep & 0xffffffff);
        offsets[i + 3] = at + (int32_t)_mm_popcnt_u64(keep << 16);
        offsets[i + 4] = (int32_t)(p - text);
    }
    format_column_rest(IMPL(format_ipv4), 4, addresses, i, n, text, offsets);
}

/* ---- IPv6: a frame of 57 positions ----------------------------------------------------------- */

/*
 * The frame of simdinet_format_wide_runs: eight groups of four digits and a colon, four octets of
 * three digits and a dot; then the separator. Its sources are the digits of two addresses, 0 to 63,
 * and from 64 on the octets of all four, where a colon (octet 1) and the separator (octet 3) take
 * the positions of dots that are not needed.
 */
#define FRAME_OF_GROUP(at, colon) (at), (at) + 1, (at) + 2, (at) + 3, (colon)
#define FRAME_OF_OCTET(at, dot)   (at), (at) + 1, (at) + 2, (dot)
#define FRAME_OF_ADDRESS(digit, octet)                                                             \
    {                                                                                              \
        FRAME_OF_GROUP(digit, octet + 7), FRAME_OF_GROUP(digit + 4, octet + 7),                    \
            FRAME_OF_GROUP(digit + 8, octet + 7), FRAME_OF_GROUP(digit + 12, octet + 7),           \
            FRAME_OF_GROUP(digit + 16, octet + 7), FRAME_OF_GROUP(digit + 20, octet + 7),          \
            FRAME_OF_GROUP(digit + 24, octet + 7), FRAME_OF_GROUP(digit + 28, octet + 7),          \
            FRAME_OF_OCTET(octet, octet + 3), FRAME_OF_OCTET(octet + 4, octet + 3),                \
            FRAME_OF_OCTET(octet + 8, octet + 3), FRAME_OF_OCTET(octet + 12, octet + 3),           \
            octet + 15                                                                             \
    }

static const _Alignas(64) uint8_t format_frames[4][64] = {
    FRAME_OF_ADDRESS(0, 64),
    FRAME_OF_ADDRESS(32, 80),
    FRAME_OF_ADDRESS(0, 96),
    FRAME_OF_ADDRESS(32, 112),
};

/* Every nibble, high half first; and the 32-bit words that belong to the first two addresses. */
static const _Alignas(64) uint8_t format_nibbles[64] = {
    4,  0,  12, 8,  20, 16, 28, 24, 4,  0,  12, 8,  20, 16, 28, 24, 4,  0,  12, 8,  20, 16,
    28, 24, 4,  0,  12, 8,  20, 16, 28, 24, 4,  0,  12, 8,  20, 16, 28, 24, 4,  0,  12, 8,
    20, 16, 28, 24, 4,  0,  12, 8,  20, 16, 28, 24, 4,  0,  12, 8,  20, 16, 28, 24,
};
static const _Alignas(64) uint32_t format_first_two[16] = {0, 0, 1, 1, 2, 2, 3, 3,
                                                           4, 4, 5, 5, 6, 6, 7, 7};

/*
 * The least character that is written at a position outside the zero run. The separator of lines
 * always is; in a column, 255 is above every character there.
 */
#define LEAST_OF_GROUP '1', '1', '1', 0, 0
#define LEAST_OF_OCTET '1', '1', 0, 0
#define LEAST_OF_ADDRESS(separator)                                                                \
    {                                                                                              \
        LEAST_OF_GROUP, LEAST_OF_GROUP, LEAST_OF_GROUP, LEAST_OF_GROUP, LEAST_OF_GROUP,            \
            LEAST_OF_GROUP, LEAST_OF_GROUP, LEAST_OF_GROUP, LEAST_OF_OCTET, LEAST_OF_OCTET,        \
            LEAST_OF_OCTET, LEAST_OF_OCTET, separator                                              \
    }

static const _Alignas(64) uint8_t format_least_lines[64] = LEAST_OF_ADDRESS(0);
static const _Alignas(64) uint8_t format_least_column[64] = LEAST_OF_ADDRESS(255);

/* Four addresses with all digits, and what selects those that are written. */
typedef struct {
    __m512i digits[2]; /* of two addresses each: 32 characters */
    __m512i octets;
    uint64_t special; /* groups of 0, 8 bits an address; 32 bits higher, groups of ffff */
} four_ipv6;

static inline four_ipv6 format_4_ipv6(const uint8_t *addresses, __m512i constants) {
    const __m512i alphabet = _mm512_broadcast_i32x4(_mm_setr_epi8(
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'));
    const __m512i nibble = _mm512_load_si512(format_nibbles);
    const __m512i low = _mm512_load_si512(format_first_two);
    const __m512i high = _mm512_or_si512(low, _mm512_set1_epi32(8));
    __m512i x = _mm512_loadu_si512(addresses);
    __mmask32 zero = _mm512_testn_epi16_mask(x, x);
    __mmask32 ffff = _mm512_cmpeq_epi16_mask(x, _mm512_set1_epi16(-1));
    __m512i octets = _mm512_shuffle_epi8(x, _mm512_load_si512(format_octets_of.ipv6));
    /* Only the low four bits of a byte count: the 16 characters repeat. */
    __m512i a = _mm512_multishift_epi64_epi8(nibble, _mm512_permutexvar_epi32(low, x));
    __m512i b = _mm512_multishift_epi64_epi8(nibble, _mm512_permutexvar_epi32(high, x));
    return (four_ipv6){
        .digits = {_mm512_permutexvar_epi8(a, alphabet), _mm512_permutexvar_epi8(b, alphabet)},
        .octets = format_octets_text(octets, constants),
        .special = _mm512_kunpackd(ffff, zero),
    };
}

/*
 * Stores an address and returns its end; 64 bytes are overwritten. The mask is that of
 * IMPL(format_ipv6), but from the characters, where digits of groups and of octets are alike: all
 * from the first that is not '0'. The store is the bottleneck, since most cross a cache line (1.6
 * ns an address; 0.65 if all go to one line). *Lost*: whole lines, one of them masked or with the
 * beginning carried in a register, took 2.2 and 2.6.
 */
static inline char *format_frame(const four_ipv6 *parts, unsigned i, __m512i least, char *p) {
    const uint64_t ends = 0x0111110842108420u;
    const uint64_t own = (uint64_t)0x20000000ff << 8 * i; /* zero groups; group 5 is ffff */
    __m512i frame = _mm512_permutex2var_epi8(parts->digits[i / 2],
                                             _mm512_load_si512(format_frames[i]), parts->octets);
    uint64_t first = _mm512_cmpge_epu8_mask(frame, least);
    uint64_t run = simdinet_format_wide_runs[_pext_u64(parts->special, own)];
    uint64_t keep = (first | (ends - first)) & run;
    _mm512_storeu_si512(p, _mm512_maskz_compress_epi8(keep, frame));
    return p + _mm_popcnt_u64(keep);
}

/* The store of the fourth address overwrites the space of a fifth one, which must exist. */
static inline size_t IMPL(format_ipv6_lines)(const uint8_t *addresses, size_t n, char separator,
                                             char *text) {
    const __m128i dots = _mm_setr_epi32(0x2e303030, 0x3a303030, 0x2e303030, 0x303030);
    const __m512i constants = _mm512_broadcast_i32x4(_mm_insert_epi8(dots, separator, 15));
    const __m512i least = _mm512_load_si512(format_least_lines);
    char *p = text;
    size_t i = 0;
    for (; n - i > 4; i += 4) {
        four_ipv6 parts = format_4_ipv6(addresses + 16 * i, constants);
        p = format_frame(&parts, 0, least, p);
        p = format_frame(&parts, 1, least, p);
        p = format_frame(&parts, 2, least, p);
        p = format_frame(&parts, 3, least, p);
    }
    p = format_lines_rest(IMPL(format_ipv6), 16, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static inline void IMPL(format_ipv6_column)(const uint8_t *addresses, size_t n, char *text,
                                            int32_t *offsets) {
    const __m512i constants =
        _mm512_broadcast_i32x4(_mm_setr_epi32(0x2e303030, 0x3a303030, 0x2e303030, 0x303030));
    const __m512i least = _mm512_load_si512(format_least_column);
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > 4; i += 4) {
        four_ipv6 parts = format_4_ipv6(addresses + 16 * i, constants);
        p = format_frame(&parts, 0, least, p);
        offsets[i + 1] = (int32_t)(p - text);
        p = format_frame(&parts, 1, least, p);
        offsets[i + 2] = (int32_t)(p - text);
        p = format_frame(&parts, 2, least, p);
        offsets[i + 3] = (int32_t)(p - text);
        p = format_frame(&parts, 3, least, p);
        offsets[i + 4] = (int32_t)(p - text);
    }
    format_column_rest(IMPL(format_ipv6), 16, addresses, i, n, text, offsets);
}

#endif
