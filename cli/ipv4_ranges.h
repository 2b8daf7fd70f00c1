/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv4_ranges.h - ranges of IPv4 addresses as numbers.
 */
#ifndef SIMDINET_IPV4_RANGES_H
#define SIMDINET_IPV4_RANGES_H

#include "growth.h"

#include <stddef.h>

/* Written so that compilers make one load of it. */
static inline uint32_t ipv4_number(const uint8_t *address) {
    return (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 |
           address[3];
}

/* Inclusive; first is not above last. */
typedef struct {
    uint32_t first, last;
} ipv4_range;

/* Start with zeros; the owner frees ranges. */
typedef struct {
    ipv4_range *ranges;
    size_t count, capacity;
} ipv4_array;

/* Appends a range. False: out of memory. */
static inline bool ipv4_array_add(ipv4_array *array, uint32_t first, uint32_t last) {
    if (array->count == array->capacity &&
        !grow((void **)&array->ranges, array->count, 1, &array->capacity, sizeof *array->ranges))
        return false;
    array->ranges[array->count++] = (ipv4_range){first, last};
    return true;
}

/* Sorts the ranges and joins those that overlap or adjoin. False: out of memory. */
bool ipv4_array_merge(ipv4_array *array);

#endif
