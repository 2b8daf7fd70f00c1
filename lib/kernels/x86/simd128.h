/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd128.h - 128-bit registers of x86: SSE4.1 instructions, or their three-operand forms where the
 * caller is compiled with AVX. generic/simd.h describes the operations.
 */
#ifndef SIMDINET_X86_SIMD128_H
#define SIMDINET_X86_SIMD128_H

#include <immintrin.h>

#include "kernels/generic/bytes.h"
#include "kernels/tables/format_tables.h"
#include "kernels/tables/parse_tables.h"

typedef __m128i v128_t;

static ALWAYS_INLINE v128_t v128_load(const void *from) {
    return _mm_loadu_si128((const __m128i *)from);
}

static ALWAYS_INLINE v128_t v128_load_aligned(const void *from) {
    return _mm_load_si128((const __m128i *)from);
}

/* Eight bytes from each place. */
static ALWAYS_INLINE v128_t v128_load_halves(const void *low, const void *high) {
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)low),
                              _mm_loadl_epi64((const __m128i *)high));
}

static ALWAYS_INLINE void v128_store(void *to, v128_t x) {
    _mm_storeu_si128((__m128i *)to, x);
}

static ALWAYS_INLINE void v128_store_low(void *to, v128_t x) {
    _mm_storel_epi64((__m128i *)to, x);
}

static ALWAYS_INLINE void v128_store_high(void *to, v128_t x) {
    _mm_storeh_pi((__m64 *)to, _mm_castsi128_ps(x));
}

static ALWAYS_INLINE v128_t v128_shuffle(v128_t x, v128_t index) {
    return _mm_shuffle_epi8(x, index);
}

static ALWAYS_INLINE v128_t v128_splat(char byte) {
    return _mm_set1_epi8(byte);
}

static ALWAYS_INLINE v128_t v128_splat16(uint16_t word) {
    return _mm_set1_epi16((short)word);
}

static ALWAYS_INLINE v128_t v128_or(v128_t a, v128_t b) {
    return _mm_or_si128(a, b);
}

static ALWAYS_INLINE v128_t v128_and(v128_t a, v128_t b) {
    return _mm_and_si128(a, b);
}

/* The bits of b that are not in a. */
static ALWAYS_INLINE v128_t v128_andnot(v128_t a, v128_t b) {
    return _mm_andnot_si128(a, b);
}

static ALWAYS_INLINE v128_t v128_zip_low32(v128_t a, v128_t b) {
    return _mm_unpacklo_epi32(a, b);
}

static ALWAYS_INLINE v128_t v128_zip_high32(v128_t a, v128_t b) {
    return _mm_unpackhi_epi32(a, b);
}

static ALWAYS_INLINE v128_t v128_zip_low64(v128_t a, v128_t b) {
    return _mm_unpacklo_epi64(a, b);
}

static ALWAYS_INLINE v128_t v128_zip_high64(v128_t a, v128_t b) {
    return _mm_unpackhi_epi64(a, b);
}

static ALWAYS_INLINE uint32_t v128_first_u32(v128_t x) {
    return (uint32_t)_mm_cvtsi128_si32(x);
}

static ALWAYS_INLINE uint32_t v128_last_u32(v128_t x) {
    return (uint32_t)_mm_extract_epi32(x, 3);
}

static ALWAYS_INLINE v128_t v128_splat32(uint32_t lane) {
    return _mm_set1_epi32((int)lane);
}

static ALWAYS_INLINE v128_t v128_add32(v128_t a, v128_t b) {
    return _mm_add_epi32(a, b);
}

static ALWAYS_INLINE v128_t v128_sub32(v128_t a, v128_t b) {
    return _mm_sub_epi32(a, b);
}

static ALWAYS_INLINE v128_t v128_shift_left32(v128_t x, int bits) {
    return _mm_slli_epi32(x, bits);
}

static ALWAYS_INLINE v128_t v128_min_u32(v128_t a, v128_t b) {
    return _mm_min_epu32(a, b);
}

static ALWAYS_INLINE v128_t v128_gt32(v128_t a, v128_t b) {
    return _mm_cmpgt_epi32(a, b);
}

static ALWAYS_INLINE v128_t v128_eq32(v128_t a, v128_t b) {
    return _mm_cmpeq_epi32(a, b);
}

/* The bytes of b where those of mask are all ones, of a where they are 0. */
static ALWAYS_INLINE v128_t v128_blend(v128_t a, v128_t b, v128_t mask) {
    return _mm_blendv_epi8(a, b, mask);
}

/* The top bit of each lane. */
static ALWAYS_INLINE uint32_t v128_bits32(v128_t x) {
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(x));
}

static ALWAYS_INLINE bool v128_any(v128_t x) {
    return !_mm_testz_si128(x, x);
}

static ALWAYS_INLINE uint32_t v128_mask(v128_t x) {
    return (uint32_t)_mm_movemask_epi8(x);
}

/* ---- IPv4 text ------------------------------------------------------------------------------- */

static ALWAYS_INLINE v128_t v128_to_digits(v128_t text) {
    return _mm_xor_si128(text, v128_load_aligned(simdinet_ipv4_constants.zero));
}

static ALWAYS_INLINE uint32_t v128_nondigits(v128_t digits) {
    return v128_mask(_mm_adds_epu8(digits, v128_load_aligned(simdinet_ipv4_constants.carry)));
}

/* The delimiters of a string: the non-digits up to its NUL. PDEP would isolate four bits in one
 * instruction, but is microcode on Zen 1 and Zen 2. */
static ALWAYS_INLINE uint32_t v128_string_key(v128_t text, uint32_t nondigits) {
    const uint32_t nul = v128_mask(_mm_cmpeq_epi8(text, _mm_setzero_si128()));
    return nondigits & (nul ^ (nul - 1));
}

static ALWAYS_INLINE uint32_t v128_lowest_four(uint32_t bits) {
    uint32_t rest = bits & (bits - 1);
    rest &= rest - 1;
    rest &= rest - 1;
    return bits & (rest ^ (rest - 1));
}

static ALWAYS_INLINE uint32_t v128_join_octets(v128_t lanes) {
    const __m128i pairs =
        _mm_maddubs_epi16(lanes, v128_load_aligned(simdinet_ipv4_constants.weights));
    const __m128i octets = _mm_madd_epi16(pairs, v128_load_aligned(simdinet_ipv4_constants.ones));
    return (uint32_t)_mm_cvtsi128_si32(
        _mm_shuffle_epi8(octets, v128_load_aligned(simdinet_ipv4_constants.pack)));
}

/* ---- IPv6 text ------------------------------------------------------------------------------- */

static ALWAYS_INLINE uint64_t v128_find48(const char *text, v128_t byte) {
    const uint32_t low = v128_mask(_mm_cmpeq_epi8(v128_load(text), byte)) |
                         v128_mask(_mm_cmpeq_epi8(v128_load(text + 16), byte)) << 16;
    return low | (uint64_t)v128_mask(_mm_cmpeq_epi8(v128_load(text + 32), byte)) << 32;
}

static ALWAYS_INLINE uint64_t v128_find_colons(const char *text) {
    return v128_find48(text, v128_load_aligned(simdinet_ipv6_hex.colon));
}

static ALWAYS_INLINE uint64_t v128_find_nuls(const char *text) {
    return v128_find48(text, _mm_setzero_si128());
}

/* x with lane 0 or 1 of from in its lane 3. */
static ALWAYS_INLINE v128_t v128_lane3_from_0(v128_t x, v128_t from) {
    return _mm_castps_si128(_mm_insert_ps(_mm_castsi128_ps(x), _mm_castsi128_ps(from), 3 << 4));
}

static ALWAYS_INLINE v128_t v128_lane3_from_1(v128_t x, v128_t from) {
    return _mm_castps_si128(
        _mm_insert_ps(_mm_castsi128_ps(x), _mm_castsi128_ps(from), 1 << 6 | 3 << 4));
}

static ALWAYS_INLINE v128_t v128_set_lane3(v128_t x, uint32_t lane) {
    return _mm_insert_epi32(x, (int)lane, 3);
}

/* The values of hexadecimal digits XOR '0'; *wrong is 0 where the byte is one. */
static ALWAYS_INLINE v128_t v128_hex_values(v128_t digits, v128_t *wrong) {
    const ipv6_hex *hex = &simdinet_ipv6_hex;
    const __m128i letters = _mm_add_epi8(_mm_and_si128(digits, v128_load_aligned(hex->fold)),
                                         v128_load_aligned(hex->letter));
    *wrong = _mm_min_epu8(_mm_subs_epu8(digits, v128_load_aligned(hex->last_decimal)),
                          _mm_subs_epu8(letters, v128_load_aligned(hex->last_letter)));
    return _mm_min_epu8(digits, _mm_add_epi8(letters, v128_load_aligned(hex->ten)));
}

static ALWAYS_INLINE bool v128_join_digits(v128_t even, v128_t odd, v128_t *bytes) {
    const __m128i join = v128_load_aligned(simdinet_ipv6_hex.join);
    __m128i wrong_even, wrong_odd;
    *bytes = _mm_packus_epi16(_mm_maddubs_epi16(v128_hex_values(even, &wrong_even), join),
                              _mm_maddubs_epi16(v128_hex_values(odd, &wrong_odd), join));
    return !v128_any(_mm_or_si128(wrong_even, wrong_odd));
}

/* ---- lines ----------------------------------------------------------------------------------- */

static ALWAYS_INLINE v128_t v128_eq_at(const char *from, v128_t bytes) {
    return _mm_cmpeq_epi8(v128_load(from), bytes);
}

/* A bit for each of 64 bytes. */
static ALWAYS_INLINE uint64_t v128_find64(const char *block, v128_t bytes) {
    const uint32_t low =
        v128_mask(v128_eq_at(block, bytes)) | v128_mask(v128_eq_at(block + 16, bytes)) << 16;
    const uint32_t high =
        v128_mask(v128_eq_at(block + 32, bytes)) | v128_mask(v128_eq_at(block + 48, bytes)) << 16;
    return low | (uint64_t)high << 32;
}

static ALWAYS_INLINE bool v128_contains64(const char *block, v128_t bytes) {
    return v128_any(
        _mm_or_si128(_mm_or_si128(v128_eq_at(block, bytes), v128_eq_at(block + 16, bytes)),
                     _mm_or_si128(v128_eq_at(block + 32, bytes), v128_eq_at(block + 48, bytes))));
}

/* The position of the lowest bit; any number for 0. */
static ALWAYS_INLINE int32_t v128_lowest_one(uint64_t bits) {
    /* mutant survives: undefined for 0 only: a sanitizer detects it */
    return (int32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

/* ---- byte order ------------------------------------------------------------------------------ */

/* Unrolled twice: a loop of four registers ran at 60 or 80 GB/s, depending on its alignment. */
enum { v128_swap_min = 33, v128_swap_align = 1, v128_swap_stream = 1, v128_swap_unroll = 2 };

typedef v128_t v128_order_t;

static ALWAYS_INLINE v128_order_t v128_byte_order(size_t width) {
    if (width == 2)
        return _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    if (width == 4)
        return _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    return _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

static ALWAYS_INLINE v128_t v128_reverse_bytes(v128_t x, v128_order_t order) {
    return _mm_shuffle_epi8(x, order);
}

static ALWAYS_INLINE void v128_stream(void *to, v128_t x) {
    _mm_stream_si128((__m128i *)to, x);
}

static ALWAYS_INLINE void v128_stream_end(void) {
    _mm_sfence();
}

/* 32 bytes at most: two registers that overlap, of 16, 8 or 4 bytes. */
static ALWAYS_INLINE void v128_swap_short(char *dst, const char *src, size_t size, size_t width) {
    const v128_order_t order = v128_byte_order(width);
    if (size >= 16) {
        const __m128i first = _mm_shuffle_epi8(v128_load(src), order);
        const __m128i last = _mm_shuffle_epi8(v128_load(src + size - 16), order);
        v128_store(dst, first);
        v128_store(dst + size - 16, last);
    } else if (size >= 8) {
        const __m128i first = _mm_loadl_epi64((const __m128i *)(const void *)src);
        const __m128i last = _mm_loadl_epi64((const __m128i *)(const void *)(src + size - 8));
        v128_store_low(dst, _mm_shuffle_epi8(first, order));
        v128_store_low(dst + size - 8, _mm_shuffle_epi8(last, order));
    } else if (size >= 4) {
        const __m128i first = _mm_cvtsi32_si128((int)load_u32(src));
        const __m128i last = _mm_cvtsi32_si128((int)load_u32(src + size - 4));
        store_u32(dst, (uint32_t)_mm_cvtsi128_si32(_mm_shuffle_epi8(first, order)));
        store_u32(dst + size - 4, (uint32_t)_mm_cvtsi128_si32(_mm_shuffle_epi8(last, order)));
    } else if (size) {
        const char low = src[0];
        dst[0] = src[1];
        dst[1] = low;
    }
}

/* ---- addresses to text ----------------------------------------------------------------------- */

/*
 * Octets are formatted in 32-bit lanes of two equal 16-bit words each. The shuffle that makes such
 * lanes of four neighbouring bytes; its constants are words, and not bytes of which some are -1,
 * whose conversion to char depends on the compiler.
 */
static ALWAYS_INLINE v128_t v128_octet_index(unsigned first) {
    const unsigned zero = 0x80008000u, twice = 0x00010001u;
    return _mm_setr_epi32((int)(zero | first * twice), (int)(zero | (first + 1) * twice),
                          (int)(zero | (first + 2) * twice), (int)(zero | (first + 3) * twice));
}

static ALWAYS_INLINE v128_t v128_load_octets(const uint8_t *address) {
    return _mm_shuffle_epi8(_mm_cvtsi32_si128((int)load_u32(address)), v128_octet_index(0));
}

static ALWAYS_INLINE v128_t v128_last_octets(v128_t x) {
    return _mm_shuffle_epi8(x, v128_octet_index(12));
}

/* Words above 9 and above 99. */
static ALWAYS_INLINE v128_t v128_wide_octets(v128_t lanes) {
    return _mm_cmpgt_epi16(lanes, _mm_set1_epi32(99 << 16 | 9));
}

static ALWAYS_INLINE unsigned v128_octet_widths(v128_t lanes, size_t *digits) {
    const unsigned widths =
        v128_mask(_mm_packs_epi16(v128_wide_octets(lanes), _mm_setzero_si128()));
    *digits = (size_t)_mm_popcnt_u32(widths);
    return widths;
}

static ALWAYS_INLINE v128_t v128_separators(char last) {
    const __m128i dots = _mm_setr_epi32(0x2e303030, 0x2e303030, 0x2e303030, 0x303030);
    return _mm_insert_epi8(dots, last, 15);
}

/*
 * Lanes of an octet x become its text: ones, tens, hundreds, separator. x * 6554 >> 16 and x * 656
 * >> 16 are x / 10 and x / 100 for x up to 255; then x + 246 * (x / 10) - 2560 * (x / 100) = ones +
 * 256 * tens.
 */
static ALWAYS_INLINE v128_t v128_octet_text(v128_t lanes, v128_t separators) {
    const __m128i quotients = _mm_mulhi_epu16(lanes, _mm_set1_epi32(656 << 16 | 6554));
    const __m128i sums = _mm_madd_epi16(quotients, _mm_set1_epi32((int)(0xf6000000u | 246)));
    const __m128i digits = _mm_add_epi32(sums, _mm_blend_epi16(lanes, quotients, 0xaa));
    return _mm_or_si128(digits, separators);
}

static ALWAYS_INLINE v128_t v128_high_nibbles(v128_t x) {
    return _mm_and_si128(_mm_srli_epi16(x, 4), _mm_set1_epi8(15));
}

static ALWAYS_INLINE v128_t v128_low_nibbles(v128_t x) {
    return _mm_and_si128(x, _mm_set1_epi8(15));
}

static ALWAYS_INLINE v128_t v128_alphabet(void) {
    return _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e',
                         'f');
}

static ALWAYS_INLINE v128_t v128_hex_text(v128_t nibbles) {
    return _mm_shuffle_epi8(v128_alphabet(), nibbles);
}

/* The masks of ipv6_chunks, of an address and of the nibbles of its halves. */
static ALWAYS_INLINE void v128_format_masks(v128_t x, v128_t ab, v128_t cd, v128_t lanes,
                                            unsigned zero_digits[2], unsigned *zero_groups,
                                            unsigned *widths) {
    const __m128i zero = _mm_setzero_si128();
    zero_digits[0] = v128_mask(_mm_cmpeq_epi8(ab, zero));
    zero_digits[1] = v128_mask(_mm_cmpeq_epi8(cd, zero));
    const unsigned bits =
        v128_mask(_mm_packs_epi16(_mm_cmpeq_epi16(x, zero), v128_wide_octets(lanes)));
    *zero_groups = bits & 0xff;
    *widths = bits >> 8;
}

/* In the upper half, the colon after group 6 and what follows group 7. */
static ALWAYS_INLINE v128_t v128_last_separators(char separator) {
    return _mm_insert_epi8(_mm_set1_epi8(':'), separator, 9);
}

enum { v128_ipv4_step = 4, v128_ipv6_step = 1 };

/* The ends of four texts with their separators, less drop bytes each, from 8 bits of widths
 * each. */
static ALWAYS_INLINE void v128_ipv4_ends(unsigned widths, unsigned drop, uint32_t ends[4]) {
    const unsigned least = 8 - drop;
    ends[0] = least + (unsigned)_mm_popcnt_u32(widths & 0xff);
    ends[1] = 2 * least + (unsigned)_mm_popcnt_u32(widths & 0xffff);
    ends[2] = 3 * least + (unsigned)_mm_popcnt_u32(widths & 0xffffff);
    ends[3] = 4 * least + (unsigned)_mm_popcnt_u32(widths);
}

static ALWAYS_INLINE v128_t v128_octet_head(v128_t text, unsigned widths) {
    return _mm_shuffle_epi8(text, v128_load(simdinet_format_octet_heads[widths & 0xff]));
}

static ALWAYS_INLINE void v128_ipv4_texts(const uint8_t *addresses, v128_t separators,
                                          unsigned drop, v128_t text[4], uint32_t ends[4]) {
    const __m128i index = v128_octet_index(0);
    const __m128i x = v128_load(addresses);
    const __m128i a = _mm_shuffle_epi8(x, index);
    const __m128i b = _mm_shuffle_epi8(x, _mm_or_si128(index, _mm_set1_epi16(4)));
    const __m128i c = _mm_shuffle_epi8(x, _mm_or_si128(index, _mm_set1_epi16(8)));
    const __m128i d = _mm_shuffle_epi8(x, _mm_or_si128(index, _mm_set1_epi16(12)));
    const unsigned ab = v128_mask(_mm_packs_epi16(v128_wide_octets(a), v128_wide_octets(b)));
    const unsigned cd = v128_mask(_mm_packs_epi16(v128_wide_octets(c), v128_wide_octets(d)));
    text[0] = v128_octet_head(v128_octet_text(a, separators), ab);
    text[1] = v128_octet_head(v128_octet_text(b, separators), ab >> 8);
    text[2] = v128_octet_head(v128_octet_text(c, separators), cd);
    text[3] = v128_octet_head(v128_octet_text(d, separators), cd >> 8);
    v128_ipv4_ends(ab | cd << 16, drop, ends);
}

#endif
