/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd.h - the vocabulary of the generic algorithms, and how one is compiled for an implementation.
 *
 * The headers of generic/ hold each algorithm once, without an intrinsic. An implementation's file
 * (x86/avx2.c, arm/neon.c) defines two macros before it includes them:
 *
 *   IMPL(name)  the implementation's own copy of a function: name_avx2. A header that uses IMPL is a
 *               template, compiled once for each implementation; all others define their names once,
 *               for any number of implementations.
 *   VEC(op)     the operation op of the implementation's widest registers: v256_op.
 *
 * The operations are always inlined, so that the compile flags of the caller decide the encoding.
 * simd128.h of each architecture defines, for v128_t:
 *
 *   load store load_aligned load_halves store_low store_high   first_u32 last_u32
 *   shuffle                a byte by index, 0 for an index of 0x80 or more
 *   or sub32 gt32          whole register; 32-bit lanes, signed
 *   any                    whether a bit is set
 *   load_digits            16 bytes of text XOR '0'
 *   nondigits              a bit for each byte above 9
 *   join_octets            four lanes of ones, tens, hundreds to four bytes
 *   find_colons find_nuls  a bit for each of 48 bytes of text
 *   lane3_from_0 _1        one 32-bit lane replaced
 *   join_digits            32 hexadecimal digits to 16 bytes, false if there is another byte
 *   reverse_bytes          of each 16-, 32- or 64-bit number
 *   octet_lanes octet_digits ...   see format.h
 *
 * Wider registers have those of the operations that their implementation uses through VEC.
 */
#ifndef SIMDINET_SIMD_H
#define SIMDINET_SIMD_H

#include "bytes.h"

#if defined(__x86_64__) || defined(__i386__)
#    include "kernels/x86/simd128.h"
#elif defined(__aarch64__)
#    include "kernels/arm/simd128.h"
#endif

/* A template that is compiled by itself has the 128-bit registers and no suffix. */
#if !defined(IMPL)
#    define IMPL(name) name
#endif
#if !defined(VEC)
#    define VEC(op) v128_##op
#endif

#endif
