/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * mapped.h - IPv4-mapped IPv6 addresses, ::ffff:0:0/96 (RFC 4291 2.5.5.2).
 */
#ifndef SIMDINET_MAPPED_H
#define SIMDINET_MAPPED_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};

static inline bool is_mapped(const uint8_t address[16]) {
    return memcmp(address, mapped_prefix, sizeof mapped_prefix) == 0;
}

#endif
