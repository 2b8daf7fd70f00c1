/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd.h - the vocabulary of the algorithms in generic/, which contain no intrinsic.
 *
 * v128_t and its operations are those of simd128.h in the folder of the architecture; x86 has v256_t
 * and v512_t, too. VEC(op) is an operation on the widest registers of an implementation, whose file
 * defines VEC and includes their header before all others: v256_op in x86/avx2.c.
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

#include "impl.h"

#if !defined(VEC) /* a header that is compiled by itself */
#    define VEC(op) v128_##op
#    if defined(__x86_64__) || defined(__i386__)
#        include "kernels/x86/simd128.h"
#    elif defined(__aarch64__)
#        include "kernels/arm/simd128.h"
#    endif
#endif

#endif
