/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_parse.h - the text form of a network.
 */
#ifndef SIMDINET_NETWORK_PARSE_H
#define SIMDINET_NETWORK_PARSE_H

#include "simdinet.h"

/* An inclusive range of addresses of one family; IPv4 addresses take the first 4 bytes. */
typedef struct {
    uint8_t first[16], last[16];
    bool ipv6;
} network_range;

/* Why text[at] makes a text invalid; the reason is about text[at, at + quoted) if that is not empty. */
typedef struct {
    const char *reason;
    size_t at, quoted;
} network_error;

/*
 * Parses "192.0.2.0/24", "192.0.2.1-192.0.2.9" or "192.0.2.1", or the same for IPv6. Blanks may surround
 * each address and number. Host bits of a prefix are ignored. A range within ::ffff:0:0/96 becomes the
 * range of the IPv4 addresses in it.
 */
bool network_parse(const char *text, size_t len, network_range *out, network_error *error);

#endif
