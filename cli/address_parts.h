/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_parts.h - what stands with an address in a text: a zone, a prefix length, the end of a range, a port.
 */
#ifndef SIMDINET_ADDRESS_PARTS_H
#define SIMDINET_ADDRESS_PARTS_H

#include "simdinet_network.h"

/* The parts to look for; and the class of the address, which needs no text. */
enum {
    PART_PORT = 1,
    PART_PREFIX = 2,
    PART_RANGE = 4,
    PART_ZONE = 8,
    PART_CLASS = 16,
    PART_LABEL = 32
};

/* The most bytes past an address that are read. */
enum { PARTS_LOOK_AHEAD = 64 };

typedef struct {
    const char *zone; /* zone_len bytes of the text */
    size_t zone_len;
    int prefix_length; /* -1: none */
    int port;          /* -1: none */
    const char *last;  /* of a range: last_len bytes of the text */
    size_t last_len;
    uint8_t last_address[16]; /* as in simdinet_match */
    size_t end;               /* offset past the last part */
} address_parts;

/* Finds the parts of a match in text[0, len). */
address_parts address_parts_find(const char *text, size_t len, const simdinet_match *match,
                                 unsigned parts);

#endif
