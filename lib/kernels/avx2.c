/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cpu.h"
#include "kernel.h"
#include "scalar_parse.h"
#include "avx2_format.h"

static bool parse_ipv4_z(const char *text, uint8_t *out) {
    return parse_ipv4_scalar(text, strlen(text), out);
}

static bool parse_ipv6_z(const char *text, uint8_t *out) {
    return parse_ipv6_scalar(text, strlen(text), out);
}

const simdinet_kernel simdinet_kernel_avx2 = {
    .name = "avx2",
    .requirements = "x",
    .features = CPU_SSE42,
    .parse_ipv4 = parse_ipv4_scalar,
    .parse_ipv6 = parse_ipv6_scalar,
    .parse_ipv4_z = parse_ipv4_z,
    .parse_ipv6_z = parse_ipv6_z,
    .format_ipv4 = format_ipv4_avx2,
    .format_ipv6 = format_ipv6_avx2,
};
