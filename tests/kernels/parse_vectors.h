/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_vectors.h - texts with results written by hand, not by another parser.
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
