/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_vectors.h - texts whose answers were written down by hand: no other parser is asked.
 */
#ifndef PARSE_VECTORS_H
#define PARSE_VECTORS_H

#include <stddef.h>

typedef struct parse_vector {
    const char *text;
    size_t len;
    const char *address; /* in hexadecimal; NULL: refused */
} parse_vector;

typedef struct parse_vectors {
    const parse_vector *vectors;
    size_t count;
} parse_vectors;

/* By family. */
extern const parse_vectors parse_vectors_of[2];

#endif
