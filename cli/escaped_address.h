/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * escaped_address.h - finds IPv6 addresses in URLs, with percent-encoded colons (RFC 3986 2.1):
 * 2001%3Adb8%3A%3A1, %3A%3Affff%3A192.0.2.1.
 */
#ifndef SIMDINET_ESCAPED_ADDRESS_H
#define SIMDINET_ESCAPED_ADDRESS_H

#include "simdinet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes past the start of an address that decide where it ends: six groups, six colons, five numbers. */
enum { ESCAPED_ADDRESS_MAX = 6 * 4 + 6 * 3 + 5 * 4 };

typedef struct {
    size_t start, end;      /* the address is text[start, end) */
    char colon[3];          /* as it is written: "%3A" or "%3a" */
    bool beside_colon;      /* another one stands before it or after it */
    simdinet_match address; /* only family, flags and address are set */
} escaped_address;

/* A search. The members are its own. */
typedef struct {
    const char *text;
    size_t len, end;
    size_t from;          /* where the search goes on */
    escaped_address next; /* start == SIZE_MAX: none is left */
} escaped_search;

/*
 * Begins a search for the addresses that start in text[from, end). text[end, len) has ESCAPED_ADDRESS_MAX bytes,
 * or all up to a line feed.
 */
escaped_search escaped_addresses(const char *text, size_t len, size_t from, size_t end);

/* Finds the next address that starts at or past an offset, which never decreases. */
bool next_escaped_address(escaped_search *search, size_t from, escaped_address *address);

/* Writes an address with its colons as they were. Returns the end. */
char *put_escaped_text(char *to, const escaped_address *address, const char *text, size_t len);

#endif
