/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_vectors.h - docs/scan.md sentence by sentence, as literal cases for every scanner.
 */
#ifndef SCAN_VECTORS_H
#define SCAN_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "simdinet.h"

typedef struct scan_vector {
    const char *text; /* may hold NULs */
    size_t len;
    unsigned flags; /* SIMDINET_SCAN_* */
    /*
     * The matches in order, separated by one space: "offset:address", followed by "!" with a
     * letter for each flag, v for SIMDINET_MATCH_VERSION and m for SIMDINET_MATCH_MAPPED:
     * "0:10.0.0.1 24:::ffff:10.0.0.1!m". The address is spelled as in the text. "" is no match.
     */
    const char *expected;
} scan_vector;

extern const scan_vector scan_vectors[];
extern const size_t scan_vector_count;

/* Capacity for the matches of any vector. */
#define SCAN_VECTOR_MATCHES 16

/* Capacity for their text as written by scan_vector_write. */
#define SCAN_VECTOR_TEXT_SIZE (SCAN_VECTOR_MATCHES * (SIMDINET_IPV6_TEXT_SIZE + 24))

/*
 * Writes the matches that a scanner found in vector->text into out, as expected spells them: equal
 * strings mean equal offsets, lengths and flags. Returns false, with out still complete for a
 * message, when a family or an address is not what inet_pton reads in the matched bytes, when bytes
 * after an IPv4 address are not zero, or when a match lies outside the text.
 */
bool scan_vector_write(const scan_vector *vector, const simdinet_match *matches, size_t count,
                       char out[SCAN_VECTOR_TEXT_SIZE]);

#endif
