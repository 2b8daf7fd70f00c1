/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_text.h - what the parsers of networks, ranges and endpoints share. Each of them stops at
 * the first error and reports it as simdinet_explain_ipv4 does; at is NULL if only the result
 * counts.
 */
#ifndef SIMDINET_NETWORK_TEXT_H
#define SIMDINET_NETWORK_TEXT_H

#include "network_bits.h"

/* The bytes text[from, to) of a longer text; bytes from to on may follow. */
typedef struct {
    const char *text;
    size_t from, to;
} text_part;

static inline simdinet_reason network_error(simdinet_reason reason, size_t position, size_t *at) {
    if (at)
        *at = position;
    return reason;
}

/* The first of a byte in a part, or the end of the part. */
size_t simdinet_text_find(text_part part, char byte);

/* Whether a colon comes before any dot: then the text can only be an IPv6 address. */
unsigned simdinet_text_family(text_part part);

/* Reads an address of a family to 16 bytes. */
simdinet_reason simdinet_text_address(text_part part, unsigned family, uint8_t out[16], size_t *at);

/* Reads a decimal number of at most max; the last two are the reasons if it is missing or larger. */
simdinet_reason simdinet_text_number(text_part part, unsigned max, unsigned *out, size_t *at,
                                     simdinet_reason missing, simdinet_reason range);

/* Reads the prefix length of a family. */
simdinet_reason simdinet_text_prefix_length(text_part part, unsigned family, unsigned *out,
                                            size_t *at);

#endif
