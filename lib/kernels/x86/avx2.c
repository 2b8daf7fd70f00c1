/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * avx2.c - the AVX2 implementation: 256-bit registers, and the bit manipulation of the same
 * generation.
 *
 * One address is formatted in 128-bit registers. For IPv6 the digits of all eight groups can be
 * made in one register of 32 bytes, ten instructions less, but its halves must be taken apart again
 * and the frame aligned: that took 6.3 ns an address where the 16-byte registers take 6.1 (random
 * addresses, gcc 12 and clang 14, Zen 5; a build with whole pairs of chunks in 32 bytes took 6.5).
 */
#define IMPL(name) name##_avx2
#define VEC(op)    v256_##op
#define LANES(op)  v256_##op

#include "simd256.h"

#include "avx2_format.h"
#include "avx2_scan.h"
#include "ipv6_windows.h"
#include "kernels/cpu.h"
#include "kernels/generic/find_lines.h"
#include "kernels/generic/format_column.h"
#include "kernels/generic/network_lookup.h"
#include "kernels/generic/parse_block.h"
#include "kernels/generic/parse_ipv6.h"
#include "kernels/generic/parse_lines.h"
#include "kernels/generic/scan_find.h"
#include "kernels/generic/scan_flatten.h"
#include "kernels/generic/scan_parse_run.h"
#include "kernels/generic/scan_prefetch.h"
#include "kernels/generic/scan_verify.h"
#include "kernels/generic/swap.h"
#include "parse_ipv4_block.h"
#include "parse_ipv6_block.h"
#include "parse_mixed_block.h"
#include "scan_lanes.h"

const simdinet_implementation simdinet_implementation_avx2 = {
    .name = "avx2",
    .requirements = "AVX2, BMI1, BMI2, LZCNT, POPCNT",
    .features = CPU_SSSE3 | CPU_SSE41 | CPU_SSE42 | CPU_POPCNT | CPU_AVX | CPU_AVX2 | CPU_BMI1 |
                CPU_BMI2 | CPU_LZCNT,
    SIMDINET_KERNELS(SIMDINET_OWN_KERNEL)};
