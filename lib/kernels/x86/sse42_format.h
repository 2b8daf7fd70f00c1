/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42_format.h - addresses to text with SSSE3, SSE4.1 and POPCNT; the AVX2 implementation shares it.
 *
 * IPv4: all digits at fixed places, and a shuffle that depends on how many digits each octet has.
 *
 * IPv6: four chunks of two groups each, closed up by a shuffle from a table. Storing the chunks one
 * behind the other writes too far at the end, and building the text elsewhere to copy it costs 1.5
 * ns because the copy waits for the stores. So the last 16 bytes are built in a register too and
 * are stored so that they end where the text ends; no other store may go further. The IPv4 tail is
 * always computed and takes part in this as a fifth chunk, empty or not.
 */
#ifndef SIMDINET_SSE42_FORMAT_H
#define SIMDINET_SSE42_FORMAT_H

#include <nmmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/tables/format_tables.h"
#include "octets.h"

static inline __m128i format_load(const void *p) {
    return _mm_loadu_si128((const __m128i *)p);
}

static inline void format_store(char *p, __m128i x) {
    _mm_storeu_si128((__m128i *)(void *)p, x);
}

static inline void format_store_low(char *p, __m128i x) {
    _mm_storel_epi64((__m128i *)(void *)p, x);
}

static inline void format_store_high(char *p, __m128i x) {
    _mm_storeh_pi((__m64 *)(void *)p, _mm_castsi128_ps(x));
}

/* Words above 9 and above 99: the decisions of format_tables.h. */
static inline __m128i format_octets_wide(__m128i words) {
    return _mm_cmpgt_epi16(words, _mm_set1_epi32(99 << 16 | 9));
}

/*
 * 32-bit lanes of one octet x as two equal 16-bit words become its digits as text: ones, tens,
 * hundreds, dot. x * 6554 >> 16 and x * 656 >> 16 are x / 10 and x / 100 for x up to 255; then
 * x + 246 * (x / 10) - 2560 * (x / 100) = ones + 256 * tens.
 */
static inline __m128i format_octets_digits(__m128i words) {
    __m128i quotients = _mm_mulhi_epu16(words, _mm_set1_epi32(656 << 16 | 6554));
    __m128i digits = _mm_madd_epi16(quotients, _mm_set1_epi32((int)(0xf6000000u | 246)));
    digits = _mm_add_epi32(digits, _mm_blend_epi16(words, quotients, 0xaa));
    return _mm_or_si128(digits, _mm_setr_epi32(0x2e303030, 0x2e303030, 0x2e303030, 0x303030));
}

static inline size_t format_ipv4_sse42(const uint8_t *address, char *out) {
    const __m128i spread = octets_to_lanes(0);
    int octets;
    memcpy(&octets, address, 4);
    __m128i words = _mm_shuffle_epi8(_mm_cvtsi32_si128(octets), spread);
    __m128i wide = _mm_packs_epi16(format_octets_wide(words), _mm_setzero_si128());
    unsigned decisions = (unsigned)_mm_movemask_epi8(wide);
    __m128i text = _mm_shuffle_epi8(format_octets_digits(words),
                                    format_load(simdinet_format_octet_shuffles[decisions]));
    size_t len = 7 + (size_t)_mm_popcnt_u32(decisions);
    format_store_low(out, text);
    format_store_high(out + len - 7, text);
    return len;
}

/*
 * The text of an address of which the digits are there already: a to d hold two groups each, as
 * text, with their separators (see simdinet_format_pair_shuffles); ab_zeros and cd_zeros have a bit
 * for every digit that is 0.
 */
static inline size_t format_groups(const uint8_t *address, char *out, __m128i x, unsigned ab_zeros,
                                   unsigned cd_zeros, __m128i a, __m128i b, __m128i c, __m128i d) {
    const __m128i spread = octets_to_lanes(12);
    __m128i words = _mm_shuffle_epi8(x, spread);
    __m128i zero = _mm_cmpeq_epi16(x, _mm_setzero_si128());
    unsigned bits = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(zero, format_octets_wide(words)));
    uint16_t group5;
    memcpy(&group5, address + 10, 2);
    /* Bit 8: group 5 is ffff. By arithmetic, since gcc makes a branch of the comparison. */
    unsigned zero_groups = (bits & 0xff) | ((group5 + 1u) >> 8 & 0x100);
    if (zero_groups == 0xff) {
        memcpy(out, "::", 3);
        return 2;
    }
    const simdinet_format_run *run = &simdinet_format_runs[zero_groups];
    unsigned ab_keep = (run->groups[0] & ~(ab_zeros & 0x5f5f)) | run->separators[0];
    unsigned cd_keep = (run->groups[1] & ~(cd_zeros & 0x5f5f)) | run->separators[1];

    unsigned a_pair = ab_keep & 0xff;
    unsigned b_pair = ab_keep >> 8;
    unsigned c_pair = cd_keep & 0xff;
    unsigned d_pair = cd_keep >> 8;
    a = _mm_shuffle_epi8(a, format_load(simdinet_format_pair_shuffles[a_pair]));
    b = _mm_shuffle_epi8(b, format_load(simdinet_format_pair_shuffles[b_pair]));
    c = _mm_shuffle_epi8(c, format_load(simdinet_format_pair_shuffles[c_pair]));
    d = _mm_shuffle_epi8(d, format_load(simdinet_format_tails[d_pair]));

    /* The octets: their decisions and eight bits more to be counted, or 0 where there are none. */
    unsigned dotted = 0 - (unsigned)(d_pair == 0);
    unsigned decisions = (bits >> 8 | 0xff00) & dotted;
    __m128i octets = _mm_shuffle_epi8(format_octets_digits(words),
                                      format_load(simdinet_format_tails[decisions & 0x1ff]));

    /* How many bytes there are from the beginning of each pair to the end. */
    size_t a_length = simdinet_format_pair_lengths[a_pair];
    size_t b_length = simdinet_format_pair_lengths[b_pair];
    size_t c_length = simdinet_format_pair_lengths[c_pair];
    size_t from_d = simdinet_format_pair_lengths[d_pair] + (size_t)_mm_popcnt_u32(decisions);
    size_t from_c = c_length + from_d;
    size_t from_b = b_length + c_length + from_d;
    size_t size = a_length + b_length + c_length + from_d;

    /*
     * The last 16 bytes of the text, or all of it at the end of 16 bytes: every chunk moved to
     * where its distance from the end says. d and the octets are there already.
     */
    const uint8_t *window = simdinet_format_windows + SIMDINET_FORMAT_WINDOWS_MIDDLE - 16;
    __m128i end =
        _mm_or_si128(_mm_or_si128(d, octets), _mm_shuffle_epi8(c, format_load(window + from_c)));
    end = _mm_or_si128(end, _mm_or_si128(_mm_shuffle_epi8(b, format_load(window + from_b)),
                                         _mm_shuffle_epi8(a, format_load(window + size))));
    __m128i start = _mm_shuffle_epi8(end, format_load(window + 32 - size));

    /*
     * Stores in the order of their width, so that what is too much in one is mended by the next.
     * Those that are too wide for this text go to spare. The bits are tested instead of size >= 16
     * and size >= 8 because gcc would make two branches of these, which no mix of short and long
     * texts can predict (9 ns instead of 6.4).
     */
    char spare[64];
    char *wide = size & 0x30 ? out : spare + 16;
    char *middle = size & 0x38 ? out : spare + 16;
    ptrdiff_t last = (ptrdiff_t)size - 16;
    ptrdiff_t b_at = (ptrdiff_t)a_length;
    ptrdiff_t c_at = b_at + (ptrdiff_t)b_length;
    int first4 = _mm_cvtsi128_si32(start);
    int last4 = _mm_extract_epi32(end, 3);
    memcpy(out, &first4, 4);
    memcpy(out + size - 4, &last4, 4);
    format_store_low(middle, start);
    format_store_high(middle + size - 8, end);
    format_store(wide, a);
    format_store(wide + (b_at < last ? b_at : last), b);
    format_store(wide + (c_at < last ? c_at : last), c);
    format_store(wide + last, end);
    return size - 1;
}

static inline size_t format_ipv6_sse42(const uint8_t *address, char *out) {
    const __m128i low_half = _mm_set1_epi8(15);
    const __m128i alphabet = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a',
                                           'b', 'c', 'd', 'e', 'f');
    const __m128i colons = _mm_set1_epi8(':');
    const __m128i colon_nul = _mm_set1_epi16(':');
    __m128i x = format_load(address);
    __m128i high = _mm_and_si128(_mm_srli_epi16(x, 4), low_half);
    __m128i low = _mm_and_si128(x, low_half);
    __m128i ab = _mm_unpacklo_epi32(high, low);
    __m128i cd = _mm_unpackhi_epi32(high, low);
    unsigned ab_zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(ab, _mm_setzero_si128()));
    unsigned cd_zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(cd, _mm_setzero_si128()));
    ab = _mm_shuffle_epi8(alphabet, ab);
    cd = _mm_shuffle_epi8(alphabet, cd);
    return format_groups(address, out, x, ab_zeros, cd_zeros, _mm_unpacklo_epi64(ab, colons),
                         _mm_unpackhi_epi64(ab, colons), _mm_unpacklo_epi64(cd, colons),
                         _mm_unpackhi_epi64(cd, colon_nul));
}

#endif
