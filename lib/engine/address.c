/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address.c - section "one address": each call goes to the active implementation.
 */
#include "kernels/kernel.h"
#include "simdinet.h"

bool simdinet_parse_ipv4(const char *text, size_t len, uint8_t out[4]) {
    return simdinet_implementation_active()->parse_ipv4(text, len, out);
}

bool simdinet_parse_ipv6(const char *text, size_t len, uint8_t out[16]) {
    return simdinet_implementation_active()->parse_ipv6(text, len, out);
}

int simdinet_parse_ipv4_z(const char *text, uint8_t out[4]) {
    return simdinet_implementation_active()->parse_ipv4_z(text, out);
}

int simdinet_parse_ipv6_z(const char *text, uint8_t out[16]) {
    return simdinet_implementation_active()->parse_ipv6_z(text, out);
}

size_t simdinet_format_ipv4(const uint8_t address[4], char out[SIMDINET_IPV4_TEXT_SIZE]) {
    return simdinet_implementation_active()->format_ipv4(address, out);
}

size_t simdinet_format_ipv6(const uint8_t address[16], char out[SIMDINET_IPV6_TEXT_SIZE]) {
    return simdinet_implementation_active()->format_ipv6(address, out);
}
