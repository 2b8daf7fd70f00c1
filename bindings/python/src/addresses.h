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
    bool packed;             /* of values of 4 or 16 bytes, or of text: not fixed-size */
    void *owned[3];          /* of malloc */
    column *parsed[2];       /* from text: addresses and families */
} addresses;

/* What map_addresses makes of a column. */
typedef struct address_map {
    const column_type *type; /* of the result; NULL for that of the addresses */
    bool from_text;          /* text is parsed first; otherwise it is an error */
    bool keeps_families;     /* the result has the families of the addresses */
    /* Makes a column of a chunk of addresses, NULL with an exception. */
    column *(*function)(const addresses *a, void *context);
    void *context;
    size_t
        max_values; /* of a call; a longer chunk becomes several. A multiple of 8; 0: any number */
} address_map;

/* A column of binary, 4 or 16 bytes a value, of n values of 16 bytes with families; without a bitmap of nulls.
 * validity may be NULL. NULL with an exception. columns_packed.c */
column *pack_addresses(const uint8_t *bytes, const uint8_t *families, const uint8_t *validity,
                       size_t n);

/* Calls a function for each chunk of a column of addresses, and returns the Array of what it makes. Addresses
 * are fixed-size binary of 4 or 16 bytes, uint32 numbers, values of 4 or 16 bytes in any form, or text. */
PyObject *map_addresses(PyObject *module, PyObject *object, const address_map *map);

#endif
