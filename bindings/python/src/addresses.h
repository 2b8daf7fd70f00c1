/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* addresses.h - a chunk of addresses in bytes: what format, classify and truncate take. */
#ifndef SIMDINET_ADDRESSES_H
#define SIMDINET_ADDRESSES_H

#include "array.h"
#include "input.h"

typedef struct addresses {
    size_t n;
    size_t width;            /* 4 or 16 */
    const uint8_t *bytes;    /* contiguous, network order; IPv4 among IPv6 is ::ffff:a.b.c.d */
    const uint8_t *families; /* a bitmap, 1 for IPv6; or NULL, if all have the family of width */
    const uint8_t *validity; /* a bitmap from bit 0, or NULL */
    void *owned[3];          /* of malloc */
} addresses;

/* Views a chunk as addresses: fixed-size binary of 4 or 16 bytes, uint32 numbers, or values of 4 or 16 bytes
 * in any form. families is a column of bool for values of 16 bytes, or NULL. Returns 0, and
 * release_addresses must follow; or -1 with an exception. */
int view_addresses(const chunk *c, const column *families, addresses *out);
void release_addresses(addresses *a);

/* The families that belong to chunk number i of an argument: those of an Array with the attribute. */
const column *families_of(module_state *state, PyObject *object, size_t i);

/* Makes a column of a chunk of addresses, NULL with an exception. */
typedef column *(*address_function)(const addresses *a, void *context);

/* Calls a function for each chunk of a column, and returns the Array of what it makes. type NULL is that of the
 * first chunk. */
PyObject *map_addresses(PyObject *module, PyObject *object, const column_type *type,
                        address_function function, void *context);

#endif
