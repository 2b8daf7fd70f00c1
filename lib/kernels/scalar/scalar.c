/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar.c - the implementation for every machine, and the reference that the other implementations must match.
 *
 * Read this file first. It assumes nothing of the processor, works in either byte order, and reads
 * exactly [text, text + len).
 */
#include "format.h"
#include "format_column.h"
#include "kernels/generic/parse_block.h"
#include "kernels/kernel.h"
#include "parse.h"
#include "scan.h"
#include "swap.h"

#include <string.h>

static int parse_ipv4_z_scalar(const char *text, uint8_t *out) {
    return parse_ipv4_scalar(text, strlen(text), out);
}

static int parse_ipv6_z_scalar(const char *text, uint8_t *out) {
    return parse_ipv6_scalar(text, strlen(text), out);
}

static uint64_t parse_ipv4_block_scalar(const char *base, const int32_t *begin, const int32_t *end,
                                        size_t count, uint8_t *out) {
    return parse_block_one_by_one(parse_ipv4_scalar, 4, base, begin, end, count, out);
}

static uint64_t parse_ipv6_block_scalar(const char *base, const int32_t *begin, const int32_t *end,
                                        size_t count, uint8_t *out) {
    return parse_block_one_by_one(parse_ipv6_scalar, 16, base, begin, end, count, out);
}

static uint64_t parse_mixed_block_scalar(const char *base, const int32_t *begin, const int32_t *end,
                                         size_t count, uint8_t *out, uint64_t *families) {
    return parse_mixed_one_by_one(parse_ipv4_scalar, parse_ipv6_scalar, base, begin, end, count,
                                  out, families);
}

const simdinet_implementation simdinet_implementation_scalar = {
    .name = "scalar",
    .requirements = "nothing",
    .features = 0,
    .parse_ipv4 = parse_ipv4_scalar,
    .parse_ipv6 = parse_ipv6_scalar,
    .parse_ipv4_z = parse_ipv4_z_scalar,
    .parse_ipv6_z = parse_ipv6_z_scalar,
    .format_ipv4 = format_ipv4_scalar,
    .format_ipv6 = format_ipv6_scalar,
    .find_candidates = find_candidates_scalar,
    .verify_candidates = verify_candidates_scalar,
    .read_ipv4_prefix = read_ipv4_scalar,
    .format_ipv4_lines = format_ipv4_lines_scalar,
    .format_ipv6_lines = format_ipv6_lines_scalar,
    .format_ipv4_column = format_ipv4_column_scalar,
    .format_ipv6_column = format_ipv6_column_scalar,
    .swap16 = swap16_scalar,
    .swap32 = swap32_scalar,
    .swap64 = swap64_scalar,
    .parse_ipv4_block = parse_ipv4_block_scalar,
    .parse_ipv6_block = parse_ipv6_block_scalar,
    .parse_mixed_block = parse_mixed_block_scalar,
    .find_lines = find_lines_portable,
    .parse_ipv4_run = parse_ipv4_run_none,
};
