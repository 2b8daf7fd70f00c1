/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx512.c - the AVX-512 implementation: the extensions that Ice Lake and Zen 4 share; most of its
 * kernels compress bytes.
 *
 * One IPv4 address is parsed and formatted in 128-bit registers. One masked load in place of the
 * parser's two plain ones took 2.3 ns a text against 1.95; a formatter with compares into masks
 * took 1.52 ns against 1.40 (gcc 12, Zen 5).
 */
#define IMPL(name) name##_avx512
#define VEC(op)    v512_##op
#define LANES(op)  v256_##op

#include "simd512.h"

#include "avx512_format.h"
#include "avx512_format_column.h"
#include "avx512_ipv6_windows.h"
#include "avx512_lines.h"
#include "avx512_parse_ipv4_block.h"
#include "avx512_parse_ipv6.h"
#include "avx512_scan.h"
#include "kernels/cpu.h"
#include "kernels/generic/format_ipv4.h"
#include "kernels/generic/network_lookup.h"
#include "kernels/generic/parse_block.h"
#include "kernels/generic/parse_ipv4.h"
#include "kernels/generic/scan_find.h"
#include "kernels/generic/scan_thin.h"
#include "kernels/generic/scan_verify.h"
#include "kernels/generic/scan_words.h"
#include "kernels/generic/swap.h"
#include "kernels/kernel.h"
#include "parse_ipv6_block.h"
#include "parse_mixed_block.h"

const simdinet_implementation simdinet_implementation_avx512 = {
    .name = "avx512",
    .requirements = "AVX-512 F, BW, DQ, VL, VBMI, VBMI2, VNNI, BITALG; and all that AVX2 needs",
    .features = CPU_SSSE3 | CPU_SSE41 | CPU_SSE42 | CPU_POPCNT | CPU_AVX | CPU_AVX2 | CPU_BMI1 |
                CPU_BMI2 | CPU_LZCNT | CPU_AVX512F | CPU_AVX512BW | CPU_AVX512DQ | CPU_AVX512VL |
                CPU_AVX512VBMI | CPU_AVX512VBMI2 | CPU_AVX512VNNI | CPU_AVX512BITALG,
    SIMDINET_KERNELS(SIMDINET_OWN_KERNEL)};
