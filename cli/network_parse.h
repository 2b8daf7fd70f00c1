/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_parse.h - the text form of a network.
 */
#ifndef SIMDINET_NETWORK_PARSE_H
#define SIMDINET_NETWORK_PARSE_H

#include "simdinet_network.h"

/* An inclusive range of addresses of one family; IPv4 addresses take the first 4 bytes, zeros follow. */
typedef struct {
    uint8_t first[16], last[16];
    bool ipv6;
    bool is_network; /* given as a network of this prefix length */
    uint8_t prefix_length;
} network_range;

/* What a text names: a range, or if classes is not 0 the addresses of this SIMDINET_CLASS_*. */
typedef struct {
    network_range range;
    uint32_t classes;
    bool mapped; /* the text has ::ffff:a.b.c.d, and the range is that of IPv4 */
} network_item;

/* Why text[at] makes a text invalid; the reason is about text[at, at + quoted) if that is not empty. */
typedef struct {
    const char *reason;
    char hint[64]; /* what follows in brackets, or empty */
    size_t at, quoted;
} network_error;

/*
 * Parses "192.0.2.0/24", "192.0.2.0/255.255.255.0", "192.0.2.1-192.0.2.9", "192.0.2.1", or the same
 * for IPv6 without a netmask; or the name of a class, such as "private". Blanks may surround each
 * address and number. Host bits of a prefix are ignored. A range within ::ffff:0:0/96 becomes the
 * range of the IPv4 addresses in it.
 */
bool network_parse(const char *text, size_t len, network_item *out, network_error *error);

/*
 * Parses "192.0.2.0/24", "192.0.2.1", "2001:db8::/32" or "2001:db8::1", without blanks and not mapped: what most lines
 * of lists are. False: the text may still be valid; out is unspecified. Much faster than network_parse.
 */
bool network_parse_plain(const char *text, size_t len, network_item *out);

/* Makes IPv4 of a range within ::ffff:0:0/96. False: the range is another one. */
bool network_unmap(network_range *range);

/* The range of an item where mapped addresses are IPv6: ::ffff:0:0/96 again. */
network_range network_remap(const network_item *item);

#endif
