/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_format.h - formats one IPv6 address with AVX-512 (F, BW, VL, VBMI, VBMI2, VNNI), BMI2 and
 * POPCNT.
 *
 * One register of 64 positions, the frame, has every character that could be written: eight groups
 * and four octets with their separators. One compress keeps those that are, by a mask that takes a
 * few operations on 64-bit integers, the same for every address.
 */
#ifndef SIMDINET_AVX512_FORMAT_H
#define SIMDINET_AVX512_FORMAT_H

#include "kernels/generic/impl.h"
#include "kernels/tables/format_tables.h"
#include "simd512.h"

/*
 * 32-bit lanes of one octet x as two equal 16-bit words become lanes of its digits: ones, tens,
 * hundreds. x * 6554 >> 16 and x * 656 >> 16 are x / 10 and x / 100 for x up to 255; then
 * x + 246 * (x / 10) - 2560 * (x / 100) = ones + 256 * tens.
 */
static inline __m128i format_digits_avx512(__m128i words) {
    __m128i quotients = _mm_mulhi_epu16(words, _mm_set1_epi32(656 << 16 | 6554));
    __m128i sum = _mm_blend_epi16(words, quotients, 0xaa);
    return _mm_dpwssd_epi32(sum, quotients, _mm_set1_epi32((int)(0xf6000000u | 246)));
}

static inline size_t IMPL(format_ipv6)(const uint8_t *address, char *out) {
    const simdinet_format_wide_frame *table = &simdinet_format_wide;
    /*
     * The bit past each group of positions. With it, and with the first digit that counts and all
     * separators set in "first", (ends - first) is the negative of every group by itself, and x |
     * -x is the lowest set bit of x and all above it: the first digit and all that follow.
     */
    const uint64_t ends = 0x0111110842108420u;
    __m512i everywhere =
        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)address));
    __m128i x = _mm512_castsi512_si128(everywhere);

    /*
     * Words 0 to 7 against 0, and word 13, which is group 5 again, against ffff. pext is fast on
     * every processor that has VBMI2.
     */
    const __m256i special = _mm256_setr_epi64x(0, 0, 0, 0xffff0000);
    uint64_t equal = _mm256_cmpeq_epi16_mask(_mm512_castsi512_si256(everywhere), special);
    uint64_t run = simdinet_format_wide_runs[_pext_u64(equal, 0x20ff)];

    __m512i bytes = _mm512_shuffle_epi8(everywhere, _mm512_load_si512(table->source));
    __m512i values = _mm512_multishift_epi64_epi8(_mm512_load_si512(table->shift), bytes);
    values = _mm512_ternarylogic_epi32(values, _mm512_load_si512(table->value),
                                       _mm512_load_si512(table->constant), 0xea);
    uint64_t first = _mm512_cmpge_epu8_mask(values, _mm512_load_si512(table->threshold));
    uint64_t keep = (first | (ends - first)) & run;

    const __m128i spread = v128_octet_index(12);
    __m128i digits = format_digits_avx512(_mm_shuffle_epi8(x, spread));
    __m512i octets =
        _mm512_permutexvar_epi8(_mm512_load_si512(table->digit), _mm512_castsi128_si512(digits));
    values = _mm512_ternarylogic_epi32(values, _mm512_load_si512(table->hole), octets, 0xea);
    __m512i characters = _mm512_permutexvar_epi8(values, _mm512_load_si512(table->characters));
    __m512i text = _mm512_maskz_compress_epi8(keep, characters);
    size_t len = (size_t)_mm_popcnt_u64(keep);
    uint64_t written = _pext_u64(keep, keep) << 1 | 1;
    if (((uintptr_t)out & 4095) <= 4096 - 64) {
        _mm512_mask_storeu_epi8(out, written, text);
    } else {
        /*
         * The bytes that the mask leaves out could lie in a page that must not be written. Such a
         * store takes 190 ns until the processor has ruled out a fault, or 7 in any other page. So
         * the 64 bytes end where the text ends.
         */
        written <<= 63 - len;
        text = _mm512_maskz_expand_epi8(written, text);
        _mm512_mask_storeu_epi8((char *)((uintptr_t)out + len - 63), written, text);
    }
    return len;
}

#endif
