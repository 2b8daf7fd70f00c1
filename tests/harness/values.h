/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * values.h - what the tests of columns and lines share: many random values with what each of them
 * is, and a judge of what was stored for them.
 */
#ifndef VALUES_H
#define VALUES_H

#include "support.h"

/* A column takes both families, or one. */
typedef enum kind { ONLY_IPV4, ONLY_IPV6, MIXED } kind;

#define KINDS 3

extern const char *const kind_names[KINDS];

size_t size_of(kind k);

/* Texts one behind the other, and what the scalar implementation and the making say of each. */
typedef struct values {
    kind kind;
    size_t count;
    char *bytes;
    int32_t *offsets;   /* count + 1 */
    uint8_t *addresses; /* size_of(kind) each; zeros where it is none */
    bool *valid;
    bool *ipv6;
    size_t good; /* how many are valid */
} values;

/*
 * Makes values of which so many of a million are damaged: edited, cut, empty, too long, filled with
 * anything. lines: neither LF nor CR is in any.
 */
values *values_new(prng *random, kind k, size_t count, unsigned damaged, bool lines);
void values_free(values *v);

/*
 * Whether the count values from first on were stored so, present as the parse functions have it.
 * Says which one was not. families may be NULL where the kind is not MIXED.
 */
bool values_match(const values *v, size_t first, size_t count, const uint8_t *present,
                  const uint8_t *out, const uint8_t *valid, const uint8_t *families, size_t good,
                  const char *impl, const char *form);

#endif
