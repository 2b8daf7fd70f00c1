/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar.c - the implementation for every machine, and the reference for all others.
 *
 * Read this file first. It needs no feature of the processor, works in either byte order, and reads
 * exactly [text, text + len).
 */
#define IMPL(name) name##_scalar

#include "find_lines.h"
#include "format.h"
#include "format_column.h"
#include "kernels/generic/network_lookup.h"
#include "kernels/generic/parse_ipv4_block.h"
#include "kernels/generic/parse_ipv6_block.h"
#include "kernels/generic/parse_lines.h"
#include "kernels/generic/parse_mixed_block.h"
#include "kernels/generic/scan_find.h"
#include "kernels/generic/scan_masks.h"
#include "kernels/generic/scan_prefetch.h"
#include "kernels/generic/scan_quad.h"
#include "kernels/generic/scan_thin.h"
#include "kernels/generic/scan_verify.h"
#include "kernels/generic/scan_words.h"
#include "kernels/kernel.h"
#include "parse.h"
#include "scan.h"
#include "swap.h"

static int parse_ipv4_z_scalar(const char *text, uint8_t *out) {
    return parse_ipv4_scalar(text, strlen(text), out);
}

static int parse_ipv6_z_scalar(const char *text, uint8_t *out) {
    return parse_ipv6_scalar(text, strlen(text), out);
}

const simdinet_implementation simdinet_implementation_scalar = {
    .name = "scalar",
    .requirements = "nothing",
    .features = 0,
    SIMDINET_KERNELS(SIMDINET_OWN_KERNEL)};
