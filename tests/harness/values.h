/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * values.h - shared by the tests of columns and lines: random values with their expected results,
 * and a check of what a parser stored for them.
 */
#ifndef VALUES_H
#define VALUES_H

#include "columns.h"
#include "support.h"

/* Consecutive texts, and the result of the scalar implementation for each. */
typedef struct values {
    kind kind;
    size_t count;
    char *bytes;
    int32_t *offsets;   /* count + 1 */
    uint8_t *addresses; /* size_of(kind) each; zeros where it is not valid */
    bool *valid;
    bool *ipv6;
    size_t n_valid;
} values;

/*
 * Makes count values, of which damaged in a million are edited, cut, empty, too long, or noise.
 * lines: no value contains LF or CR.
 */
values *values_new(prng *random, kind k, size_t count, unsigned damaged, bool lines);
void values_free(values *v);

/*
 * Whether the count values from first on were stored as expected; validity as in the parse
 * functions. Prints the first that was not. families can be NULL unless the kind is MIXED.
 */
bool values_match(const values *v, size_t first, size_t count, const uint8_t *validity,
                  parse_output stored, size_t good, const char *impl, const char *form);

#endif
