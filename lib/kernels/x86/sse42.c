/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42.c - the SSE4.2 implementation: 128-bit registers, a byte shuffle, no bit manipulation.
 */
#define IMPL(name) name##_sse42
#define VEC(op)    v128_##op
#define LANES(op)  v128_##op

#include "simd128.h"

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
#include "sse42_scan.h"

const simdinet_implementation simdinet_implementation_sse42 = {
    .name = "sse42",
    .requirements = "SSSE3, SSE4.1, SSE4.2, POPCNT",
    .features = CPU_SSSE3 | CPU_SSE41 | CPU_SSE42 | CPU_POPCNT,
    SIMDINET_KERNELS(SIMDINET_OWN_KERNEL)};
