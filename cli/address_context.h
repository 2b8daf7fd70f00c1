/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_context.h - what the text beside a match says about it.
 */
#ifndef SIMDINET_ADDRESS_CONTEXT_H
#define SIMDINET_ADDRESS_CONTEXT_H

#include "simdinet.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a colon stands before a match or after it. */
static inline bool is_beside_colon(const char *text, size_t len, const simdinet_match *match) {
    const size_t end = match->offset + match->length;
    return (match->offset > 0 && text[match->offset - 1] == ':') || (end < len && text[end] == ':');
}

/* Whether there is a group of three digits. */
bool has_long_group(const char *text, size_t len);

/* Whether four numbers stand before a label of a name, as 77.113.0.203.zen.example, where they are in reverse. */
bool is_before_label(const char *text, size_t len, const simdinet_match *match);

/* The IPv4 address with its octets in reverse. */
simdinet_match reversed_match(const simdinet_match *match);

/*
 * Nine groups, of which the last one was taken for a port and the first one may be a line number, as grep -n
 * prints it: 12:2001:db8:1:2:3:4:5:77. Sets the address after the first one. Its second group begins with 2, 3
 * or f, as those of 2000::/3, fc00::/7 and fe80::/10.
 */
bool has_line_number(const char *text, size_t len, const simdinet_match *match,
                     simdinet_match *address);

#endif
