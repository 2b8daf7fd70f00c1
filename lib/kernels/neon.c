/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon.c - the NEON row: 128-bit registers and a byte shuffle, part of every 64-bit Arm.
 */
#include "cpu.h"
#include "kernel.h"

#include "neon_column_format.h"
#include "neon_format.h"
#include "neon_parse.h"
#include "neon_scan.h"
#include "neon_swap.h"

const simdinet_kernel simdinet_kernel_neon = {
    .name = "neon",
    .requirements = "Advanced SIMD",
    .features = CPU_NEON,
    .parse_ipv4 = parse_ipv4_neon,
    .parse_ipv6 = parse_ipv6_neon,
    .parse_ipv4_z = parse_ipv4_z_neon,
    .parse_ipv6_z = parse_ipv6_z_neon,
    .format_ipv4 = format_ipv4_neon,
    .format_ipv6 = format_ipv6_neon,
    .find_places = find_places_neon,
    .judge_places = judge_places_neon,
    .read_ipv4_prefix = read_ipv4_neon,
    .format_ipv4_lines = format_ipv4_lines_neon,
    .format_ipv6_lines = format_ipv6_lines_neon,
    .format_ipv4_column = format_ipv4_column_neon,
    .format_ipv6_column = format_ipv6_column_neon,
    .swap16 = swap16_neon,
    .swap32 = swap32_neon,
    .swap64 = swap64_neon,
};
