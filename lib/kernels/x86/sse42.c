/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * sse42.c - the SSE4.2 implementation: 128-bit registers, a byte shuffle, and no bit manipulation.
 */
#include "blocks.h"
#include "kernels/cpu.h"
#include "kernels/kernel.h"
#include "parse.h"
#include "sse42_format.h"
#include "sse42_format_column.h"
#include "sse42_scan.h"
#include "sse42_swap.h"

const simdinet_implementation simdinet_implementation_sse42 = {
    .name = "sse42",
    .requirements = "SSSE3, SSE4.1, SSE4.2, POPCNT",
    .features = CPU_SSSE3 | CPU_SSE41 | CPU_SSE42 | CPU_POPCNT,
    .parse_ipv4 = parse_ipv4_x86,
    .parse_ipv6 = parse_ipv6_x86,
    .parse_ipv4_z = parse_ipv4_z_x86,
    .parse_ipv6_z = parse_ipv6_z_x86,
    .format_ipv4 = format_ipv4_sse42,
    .format_ipv6 = format_ipv6_sse42,
    .find_candidates = find_candidates_sse42,
    .verify_candidates = verify_candidates_sse42,
    .read_ipv4_prefix = read_ipv4_x86,
    .format_ipv4_lines = format_ipv4_lines_sse42,
    .format_ipv6_lines = format_ipv6_lines_sse42,
    .format_ipv4_column = format_ipv4_column_sse42,
    .format_ipv6_column = format_ipv6_column_sse42,
    .swap16 = swap16_sse42,
    .swap32 = swap32_sse42,
    .swap64 = swap64_sse42,
    .parse_ipv4_block = parse_ipv4_block_sse_avx2,
    .parse_ipv6_block = parse_ipv6_block_sse_avx2,
    .parse_mixed_block = parse_mixed_block_sse_avx2,
    .find_lines = find_lines_sse_avx2,
    .parse_ipv4_run = parse_ipv4_run_none,
};
