/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512_emulated.h - AVX-512 for processors that have AVX2 alone: included before the source of the
 * AVX-512 implementation, it replaces the intrinsics. SIMDe has most of them in portable C; those that
 * it lacks stand here, one element at a time, after the pseudocode of Intel's Intrinsics Guide.
 *
 * The instructions themselves are not tried, and the time of this code means nothing.
 */
#ifndef SIMDINET_AVX512_EMULATED_H
#define SIMDINET_AVX512_EMULATED_H

#if defined(__AVX512F__)
#    error "compile this with AVX2, not with AVX-512"
#endif

#if defined(__GNUC__)
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wconversion"
#    pragma GCC diagnostic ignored "-Wsign-conversion"
#    pragma GCC diagnostic ignored "-Wshadow"
#    pragma GCC diagnostic ignored "-Wpedantic"
#endif
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#if defined(__GNUC__)
#    pragma GCC diagnostic pop
#endif

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "kernels/cpu.h"

/* The implementation then needs what AVX2 needs. The masks are enumerators, defined above. */
#define CPU_AVX512F      0
#define CPU_AVX512BW     0
#define CPU_AVX512DQ     0
#define CPU_AVX512VL     0
#define CPU_AVX512VBMI   0
#define CPU_AVX512VBMI2  0
#define CPU_AVX512VNNI   0
#define CPU_AVX512BITALG 0

#define EMULATED static inline __attribute__((unused))

/* ---- elements ----------------------------------------------------------------------------------- */

/* A register of up to 512 bits. */
typedef struct emulated_lanes {
    uint8_t bytes[64];
} emulated_lanes;

#define EMULATED_REGISTER(bits, type)                                                              \
    EMULATED emulated_lanes emulated_from##bits(type x) {                                          \
        emulated_lanes lanes = {{0}};                                                              \
        memcpy(lanes.bytes, &x, bits / 8);                                                         \
        return lanes;                                                                              \
    }                                                                                              \
    EMULATED type emulated_to##bits(emulated_lanes lanes) {                                        \
        type x;                                                                                    \
        memcpy(&x, lanes.bytes, bits / 8);                                                         \
        return x;                                                                                  \
    }

EMULATED_REGISTER(128, __m128i)
EMULATED_REGISTER(256, __m256i)
EMULATED_REGISTER(512, __m512i)

/* Element i of `width` bytes, without its sign. */
EMULATED uint64_t emulated_get(const emulated_lanes *lanes, unsigned i, unsigned width) {
    uint64_t value = 0;
    memcpy(&value, lanes->bytes + i * width, width);
    return value;
}

EMULATED void emulated_set(emulated_lanes *lanes, unsigned i, unsigned width, uint64_t value) {
    memcpy(lanes->bytes + i * width, &value, width);
}

EMULATED int64_t emulated_signed(uint64_t value, unsigned width) {
    return (int64_t)(value << (64 - 8 * width)) >> (64 - 8 * width);
}

EMULATED bool emulated_bit(uint64_t mask, unsigned i) {
    return mask >> i & 1;
}

/* ---- compares into masks ------------------------------------------------------------------------ */

/* NAME(mask, a, b): the bits of `mask` whose elements, unsigned u and v, signed s and t, meet the condition. */
#define EMULATED_COMPARE(name, bits, width, condition)                                             \
    EMULATED uint64_t name(uint64_t mask, emulated_lanes a, emulated_lanes b) {                    \
        uint64_t result = 0;                                                                       \
        for (unsigned i = 0; i < bits / 8 / width; i++) {                                          \
            const uint64_t u = emulated_get(&a, i, width), v = emulated_get(&b, i, width);         \
            const int64_t s = emulated_signed(u, width), t = emulated_signed(v, width);            \
            (void)u, (void)v, (void)s, (void)t;                                                    \
            if (emulated_bit(mask, i) && (condition))                                              \
                result |= UINT64_C(1) << i;                                                        \
        }                                                                                          \
        return result;                                                                             \
    }

EMULATED_COMPARE(emulated_cmpeq_epi16_256, 256, 2, u == v)
EMULATED_COMPARE(emulated_cmpgt_epu8_256, 256, 1, u > v)
EMULATED_COMPARE(emulated_test_epi16_128, 128, 2, (u & v) != 0)
EMULATED_COMPARE(emulated_cmpeq_epi8_512, 512, 1, u == v)
EMULATED_COMPARE(emulated_cmpeq_epi16_512, 512, 2, u == v)
EMULATED_COMPARE(emulated_cmpneq_epi8_512, 512, 1, u != v)
EMULATED_COMPARE(emulated_cmplt_epi8_512, 512, 1, s < t)
EMULATED_COMPARE(emulated_testn_epi8_512, 512, 1, (u & v) == 0)
EMULATED_COMPARE(emulated_testn_epi16_512, 512, 2, (u & v) == 0)

#define EMULATED_MASKED(name, bits, mask, a, b)                                                    \
    name(mask, emulated_from##bits(a), emulated_from##bits(b))

#undef _mm256_cmpeq_epi16_mask
#define _mm256_cmpeq_epi16_mask(a, b)                                                              \
    ((__mmask16)EMULATED_MASKED(emulated_cmpeq_epi16_256, 256, UINT64_MAX, a, b))
#undef _mm256_cmpgt_epu8_mask
#define _mm256_cmpgt_epu8_mask(a, b)                                                               \
    ((__mmask32)EMULATED_MASKED(emulated_cmpgt_epu8_256, 256, UINT64_MAX, a, b))
#undef _mm_test_epi16_mask
#define _mm_test_epi16_mask(a, b)                                                                  \
    ((__mmask8)EMULATED_MASKED(emulated_test_epi16_128, 128, UINT64_MAX, a, b))
#undef _mm512_cmpeq_epu8_mask
#define _mm512_cmpeq_epu8_mask(a, b)                                                               \
    ((__mmask64)EMULATED_MASKED(emulated_cmpeq_epi8_512, 512, UINT64_MAX, a, b))
#undef _mm512_cmpeq_epi16_mask
#define _mm512_cmpeq_epi16_mask(a, b)                                                              \
    ((__mmask32)EMULATED_MASKED(emulated_cmpeq_epi16_512, 512, UINT64_MAX, a, b))
#undef _mm512_mask_cmpneq_epu8_mask
#define _mm512_mask_cmpneq_epu8_mask(mask, a, b)                                                   \
    ((__mmask64)EMULATED_MASKED(emulated_cmpneq_epi8_512, 512, mask, a, b))
#undef _mm512_mask_cmplt_epi8_mask
#define _mm512_mask_cmplt_epi8_mask(mask, a, b)                                                    \
    ((__mmask64)EMULATED_MASKED(emulated_cmplt_epi8_512, 512, mask, a, b))
#undef _mm512_testn_epi8_mask
#define _mm512_testn_epi8_mask(a, b)                                                               \
    ((__mmask64)EMULATED_MASKED(emulated_testn_epi8_512, 512, UINT64_MAX, a, b))
#undef _mm512_testn_epi16_mask
#define _mm512_testn_epi16_mask(a, b)                                                              \
    ((__mmask32)EMULATED_MASKED(emulated_testn_epi16_512, 512, UINT64_MAX, a, b))

/* SIMDe has no name for the first, and one with a parameter too many for the second. */
#undef _mm_cmple_epu32_mask
#define _mm_cmple_epu32_mask(a, b) simde_mm_cmple_epu32_mask(a, b)
#undef _mm512_mask_cmpge_epu8_mask
#define _mm512_mask_cmpge_epu8_mask(mask, a, b) simde_mm512_mask_cmpge_epu8_mask(mask, a, b)

/* ---- masks -------------------------------------------------------------------------------------- */

#undef _kor_mask64
#define _kor_mask64(a, b) ((__mmask64)((a) | (b)))
#undef _kortestz_mask32_u8
#define _kortestz_mask32_u8(a, b) ((unsigned char)((uint32_t)((a) | (b)) == 0))
#undef _kortestz_mask64_u8
#define _kortestz_mask64_u8(a, b) ((unsigned char)((uint64_t)((a) | (b)) == 0))
/* The first operand is the upper half. */
#undef _mm512_kunpackd
#define _mm512_kunpackd(high, low) ((__mmask64)((uint64_t)(high) << 32 | (uint32_t)(low)))

/* ---- memory ------------------------------------------------------------------------------------- */

/* Elements outside of the mask are not accessed. */
EMULATED emulated_lanes emulated_masked_load(uint64_t mask, const void *from, unsigned count,
                                             unsigned width) {
    emulated_lanes lanes = {{0}};
    for (unsigned i = 0; i < count; i++)
        if (emulated_bit(mask, i))
            memcpy(lanes.bytes + i * width, (const char *)from + i * width, width);
    return lanes;
}

EMULATED void emulated_masked_store(void *to, uint64_t mask, emulated_lanes lanes) {
    for (unsigned i = 0; i < 64; i++)
        if (emulated_bit(mask, i))
            memcpy((char *)to + i, lanes.bytes + i, 1);
}

#undef _mm_maskz_loadu_epi8
#define _mm_maskz_loadu_epi8(mask, from) emulated_to128(emulated_masked_load(mask, from, 16, 1))
#undef _mm512_maskz_loadu_epi8
#define _mm512_maskz_loadu_epi8(mask, from) emulated_to512(emulated_masked_load(mask, from, 64, 1))
#undef _mm512_maskz_loadu_epi64
#define _mm512_maskz_loadu_epi64(mask, from) emulated_to512(emulated_masked_load(mask, from, 8, 8))
#undef _mm512_mask_storeu_epi8
#define _mm512_mask_storeu_epi8(to, mask, a) emulated_masked_store(to, mask, emulated_from512(a))
#undef _mm512_stream_si512
#define _mm512_stream_si512(to, a) _mm512_store_si512(to, a)

/* ---- compress and expand ------------------------------------------------------------------------ */

/* The selected bytes of `a` first; those above them are of `source`. */
EMULATED emulated_lanes emulated_compress(emulated_lanes source, uint64_t mask, emulated_lanes a,
                                          unsigned count) {
    unsigned to = 0;
    for (unsigned i = 0; i < count; i++)
        if (emulated_bit(mask, i))
            source.bytes[to++] = a.bytes[i];
    return source;
}

/* The first bytes of `a` at the selected positions, zero at the others. */
EMULATED emulated_lanes emulated_expand(uint64_t mask, emulated_lanes a) {
    emulated_lanes lanes = {{0}};
    unsigned from = 0;
    for (unsigned i = 0; i < 64; i++)
        if (emulated_bit(mask, i))
            lanes.bytes[i] = a.bytes[from++];
    return lanes;
}

#define EMULATED_ZERO ((emulated_lanes){{0}})
#undef _mm_maskz_compress_epi8
#define _mm_maskz_compress_epi8(mask, a)                                                           \
    emulated_to128(emulated_compress(EMULATED_ZERO, mask, emulated_from128(a), 16))
#undef _mm512_maskz_compress_epi8
#define _mm512_maskz_compress_epi8(mask, a)                                                        \
    emulated_to512(emulated_compress(EMULATED_ZERO, mask, emulated_from512(a), 64))
#undef _mm512_mask_compress_epi8
#define _mm512_mask_compress_epi8(source, mask, a)                                                 \
    emulated_to512(emulated_compress(emulated_from512(source), mask, emulated_from512(a), 64))
#undef _mm512_maskz_expand_epi8
#define _mm512_maskz_expand_epi8(mask, a) emulated_to512(emulated_expand(mask, emulated_from512(a)))

/* ---- double shifts ------------------------------------------------------------------------------ */

/* The upper half of a:b shifted left, the lower half of b:a shifted right, by 0 to 63 bits. */
EMULATED emulated_lanes emulated_shld_epi64(emulated_lanes a, emulated_lanes b, unsigned bits) {
    for (unsigned i = 0; bits && i < 8; i++)
        emulated_set(&a, i, 8,
                     emulated_get(&a, i, 8) << bits | emulated_get(&b, i, 8) >> (64 - bits));
    return a;
}

EMULATED emulated_lanes emulated_shrd_epi64(emulated_lanes a, emulated_lanes b, unsigned bits) {
    for (unsigned i = 0; bits && i < 8; i++)
        emulated_set(&a, i, 8,
                     emulated_get(&a, i, 8) >> bits | emulated_get(&b, i, 8) << (64 - bits));
    return a;
}

#undef _mm512_shldi_epi64
#define _mm512_shldi_epi64(a, b, bits)                                                             \
    emulated_to512(emulated_shld_epi64(emulated_from512(a), emulated_from512(b), bits))
#undef _mm512_shrdi_epi64
#define _mm512_shrdi_epi64(a, b, bits)                                                             \
    emulated_to512(emulated_shrd_epi64(emulated_from512(a), emulated_from512(b), bits))

/* ---- conversions and products ------------------------------------------------------------------- */

/* The first elements of `from` bytes as elements of `to` bytes: zero-extended or truncated. */
EMULATED emulated_lanes emulated_convert(emulated_lanes a, unsigned from, unsigned to) {
    emulated_lanes lanes = {{0}};
    for (unsigned i = 0; i < 64 / (from > to ? from : to); i++)
        emulated_set(&lanes, i, to, emulated_get(&a, i, from));
    return lanes;
}

EMULATED emulated_lanes emulated_mulhi_epu16(emulated_lanes a, emulated_lanes b) {
    for (unsigned i = 0; i < 32; i++)
        emulated_set(&a, i, 2, emulated_get(&a, i, 2) * emulated_get(&b, i, 2) >> 16);
    return a;
}

#undef _mm512_cvtepu8_epi16
#define _mm512_cvtepu8_epi16(a) emulated_to512(emulated_convert(emulated_from256(a), 1, 2))
#undef _mm512_cvtepu8_epi32
#define _mm512_cvtepu8_epi32(a) emulated_to512(emulated_convert(emulated_from128(a), 1, 4))
#undef _mm512_cvtepi32_epi8
#define _mm512_cvtepi32_epi8(a) emulated_to128(emulated_convert(emulated_from512(a), 4, 1))
#undef _mm512_mulhi_epu16
#define _mm512_mulhi_epu16(a, b)                                                                   \
    emulated_to512(emulated_mulhi_epu16(emulated_from512(a), emulated_from512(b)))

#endif
