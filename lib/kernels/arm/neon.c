/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon.c - the NEON implementation: 128-bit registers and a byte shuffle, part of every 64-bit Arm.
 */
#include "kernels/cpu.h"
#include "kernels/generic/parse_block.h"
#include "kernels/kernel.h"
#include "neon_format.h"
#include "neon_format_column.h"
#include "neon_parse.h"
#include "neon_scan.h"
#include "neon_swap.h"

static uint64_t parse_ipv4_block_neon(const char *base, const int32_t *begin, const int32_t *end,
                                      size_t count, uint8_t *out) {
    return parse_block_one_by_one(parse_ipv4_neon, 4, base, begin, end, count, out);
}

static uint64_t parse_ipv6_block_neon(const char *base, const int32_t *begin, const int32_t *end,
                                      size_t count, uint8_t *out) {
    return parse_block_one_by_one(parse_ipv6_neon, 16, base, begin, end, count, out);
}

static uint64_t parse_mixed_block_neon(const char *base, const int32_t *begin, const int32_t *end,
                                       size_t count, uint8_t *out, uint64_t *families) {
    return parse_mixed_one_by_one(parse_ipv4_neon, parse_ipv6_neon, base, begin, end, count, out,
                                  families);
}

const simdinet_implementation simdinet_implementation_neon = {
    .name = "neon",
    .requirements = "Advanced SIMD",
    .features = CPU_NEON,
    .parse_ipv4 = parse_ipv4_neon,
    .parse_ipv6 = parse_ipv6_neon,
    .parse_ipv4_z = parse_ipv4_z_neon,
    .parse_ipv6_z = parse_ipv6_z_neon,
    .format_ipv4 = format_ipv4_neon,
    .format_ipv6 = format_ipv6_neon,
    .find_candidates = find_candidates_neon,
    .verify_candidates = verify_candidates_neon,
    .read_ipv4_prefix = read_ipv4_neon,
    .format_ipv4_lines = format_ipv4_lines_neon,
    .format_ipv6_lines = format_ipv6_lines_neon,
    .format_ipv4_column = format_ipv4_column_neon,
    .format_ipv6_column = format_ipv6_column_neon,
    .swap16 = swap16_neon,
    .swap32 = swap32_neon,
    .swap64 = swap64_neon,
    .parse_ipv4_block = parse_ipv4_block_neon,
    .parse_ipv6_block = parse_ipv6_block_neon,
    .parse_mixed_block = parse_mixed_block_neon,
    .find_lines = find_lines_portable,
    .parse_ipv4_run = parse_ipv4_run_none,
};
