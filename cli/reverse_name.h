/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * reverse_name.h - finds the names of addresses in reverse DNS: 1.2.0.192.in-addr.arpa (RFC 1035 3.5) and 32
 * nibbles below ip6.arpa (RFC 3596 2.5), or below another zone, as blocklists have them (RFC 5782 2.4).
 */
#ifndef SIMDINET_REVERSE_NAME_H
#define SIMDINET_REVERSE_NAME_H

#include "simdinet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes past the start of a name that decide whether it is one: 64 of nibbles and dots, and the zone. */
enum { REVERSE_NAME_MAX = 72 };

typedef struct {
    size_t start, zone,
        end; /* the name is text[start, end), its zone text[zone, end) if it is .arpa */
    simdinet_match address; /* only family, flags and address are set */
} reverse_name;

/* A search for names. The members are its own. */
typedef struct {
    const char *text;
    size_t len, end;
    const simdinet_match *matches;
    size_t n, next_match;
    bool by_matches;
    size_t ipv4_from, ipv6_from; /* where the search goes on */
    reverse_name ipv4, ipv6;     /* the next ones; start == SIZE_MAX: none is left */
} reverse_name_search;

/*
 * Begins a search for the names that start in text[from, end). text[end, len) has REVERSE_NAME_MAX bytes, or
 * all up to a line feed. A name may follow the digits of an escape: it starts where one of the n matches does.
 * by_matches: every four numbers before a dot are one of the matches, as with SIMDINET_SCAN_RECALL.
 */
reverse_name_search reverse_names(const char *text, size_t len, size_t from, size_t end,
                                  const simdinet_match *matches, size_t n, bool by_matches);

/* Finds the next name that starts at or past an offset, which never decreases. */
bool next_reverse_name(reverse_name_search *search, size_t from, reverse_name *name);

#endif
