/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon.c - the NEON implementation: 128-bit registers and a byte shuffle, part of every 64-bit Arm.
 */
#define IMPL(name) name##_neon
#define VEC(op)    v128_##op

#include "simd128.h"

#include "kernels/cpu.h"
#include "kernels/generic/find_lines.h"
#include "kernels/generic/format_column.h"
#include "kernels/generic/network_lookup.h"
#include "kernels/generic/parse_ipv4_block.h"
#include "kernels/generic/parse_ipv6.h"
#include "kernels/generic/parse_ipv6_block.h"
#include "kernels/generic/parse_lines.h"
#include "kernels/generic/parse_mixed_block.h"
#include "kernels/generic/scan_find.h"
#include "kernels/generic/scan_flatten.h"
#include "kernels/generic/scan_masks.h"
#include "kernels/generic/scan_parse_run.h"
#include "kernels/generic/scan_prefetch.h"
#include "kernels/generic/scan_quad.h"
#include "kernels/generic/scan_verify.h"
#include "kernels/generic/scan_words.h"
#include "kernels/generic/swap.h"
#include "neon_scan.h"

const simdinet_implementation simdinet_implementation_neon = {
    .name = "neon",
    .requirements = "Advanced SIMD",
    .features = CPU_NEON,
    SIMDINET_KERNELS(SIMDINET_OWN_KERNEL)};
