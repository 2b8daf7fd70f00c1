/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_ranges.h - ranges as networks, as text, and of classes.
 */
#ifndef SIMDINET_NETWORK_RANGES_H
#define SIMDINET_NETWORK_RANGES_H

#include "network_parse.h"

#include <stddef.h>

/* Networks that grow. */
typedef struct {
    simdinet_network *networks;
    size_t count, capacity;
} network_array;

/* Appends the networks that a range consists of. False: out of memory. */
bool network_array_add(network_array *array, const network_range *range);

/* Room for the text of a range, and its NUL. */
enum { NETWORK_RANGE_TEXT_SIZE = SIMDINET_RANGE_TEXT_SIZE };

/* Formats a range as a prefix if it is one, as an address if it has one, and else as "a-b". */
size_t network_range_format(const network_range *range, char out[NETWORK_RANGE_TEXT_SIZE]);

/* Passes the maximal ranges of the addresses that have one of the classes. False: the sink failed. */
typedef bool range_sink(void *context, const network_range *range);
bool network_class_ranges(uint32_t classes, range_sink *sink, void *context);

/* Adds 1 to an address of 4 or 16 bytes. False: it was the last one. */
bool next_address(uint8_t *address, size_t size);

#endif
