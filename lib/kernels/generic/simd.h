/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simd.h - the vocabulary of the algorithms in generic/, which contain no intrinsic.
 *
 * v128_t and its operations are those of simd128.h in the folder of the architecture; x86 has
 * v256_t and v512_t, too. VEC(op) is an operation on the widest registers of an implementation,
 * whose file defines VEC and includes their header before all others: v256_op in x86/avx2.c.
 *
 * The operations are always inlined, so that the compile flags of the caller decide the encoding.
 * simd128.h of each architecture defines, for v128_t:
 *
 *   load load_aligned load_halves   store store_low store_high   first_u32 last_u32
 *   shuffle                a byte by index, 0 for an index of 0x80 or more
 *   or sub32 gt32          whole register; 32-bit lanes, signed
 *   any                    whether a bit is set
 *   splat splat16          a byte or a 16-bit word in every lane
 *   zip_low32 zip_high32 zip_low64 zip_high64   lanes of two registers in turn
 *   to_digits              text XOR '0'
 *   nondigits              a bit for each byte above 9
 *   string_key             the delimiters of an IPv4 string among its non-digits
 *   join_octets            four lanes of ones, tens, hundreds to four bytes
 *   find_colons find_nuls  a bit for each of 48 bytes of text
 *   lane3_from_0 lane3_from_1 set_lane3         one 32-bit lane replaced
 *   join_digits            32 hexadecimal digits to 16 bytes, false if there is another byte
 *   load_octets last_octets octet_widths octet_text   octets in 32-bit lanes, to digits
 *   high_nibbles low_nibbles hex_text           bytes to hexadecimal digits
 *   separators last_separators   the bytes between octets or groups, and the one that ends the text
 *   format_masks           the zero digits and zero groups of an IPv6 address, and its octet widths
 *   ipv4_texts             the texts of ipv4_step addresses
 *   find64 contains64      a bit for each of 64 bytes of text that equals a byte; whether one does
 *   lowest_one             the position of the lowest bit; any number for 0
 *   byte_order reverse_bytes swap_short stream stream_end   see swap.h, which lists the constants
 *
 * ipv6_chunks.h adds split_ipv6, the chunks of ipv6_step addresses. Only x86 has lowest_four, for
 * x86/scan.h, and for x86/lengths.h:
 *
 *   and andnot blend       whole register: a & b, ~a & b; a or b by a mask
 *   splat32 add32 shift_left32 min_u32 eq32     32-bit lanes
 *   bits32                 the top bit of each lane
 *
 * A wider register has the operations that its implementation uses through VEC, or through LANES(op):
 * registers whose compares give vectors, 256 bits with AVX-512.
 */
#ifndef SIMDINET_SIMD_H
#define SIMDINET_SIMD_H

#include "impl.h"

#if !defined(VEC) /* a header that is compiled by itself */
#    define VEC(op)   v128_##op
#    define LANES(op) v128_##op
#    if defined(__x86_64__) || defined(__i386__)
#        include "kernels/x86/simd128.h"
#    elif defined(__aarch64__)
#        include "kernels/arm/simd128.h"
#    endif
#endif

#endif
