/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_items.h - the networks of one family with their values, in order, and the segments of
 * addresses into which they divide the address space.
 */
#ifndef SIMDINET_NETWORK_ITEMS_H
#define SIMDINET_NETWORK_ITEMS_H

#include "network_trie_build.h"

typedef struct network_item {
    bits128 first;
    uint32_t value;
    uint8_t length; /* prefix length */
} network_item;

/* Sorts items by first address, then prefix length; equal ones stay in order. spare has room for n.
 * Returns where the result is: items or spare. */
network_item *simdinet_network_items_sort(network_item *items, network_item *spare, size_t n);

/* Keeps the last of equal items; returns the number of items that are left. */
size_t simdinet_network_items_unique(network_item *items, size_t n);

/* Stores the segments of sorted unique items, at most 2 n + 1, and returns their number. */
size_t simdinet_network_items_segment(const network_item *items, size_t n, trie_segment *segments);

#endif
