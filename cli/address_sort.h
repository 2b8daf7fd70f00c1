/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_sort.h - puts counts of addresses into order.
 */
#ifndef SIMDINET_ADDRESS_SORT_H
#define SIMDINET_ADDRESS_SORT_H

#include "address_table.h"

static inline address_count ipv4_key_entry(uint64_t key) {
    const uint32_t address = (uint32_t)key;
    return (address_count){.count = ipv4_key_count(key),
                           .address = {(uint8_t)(address >> 24), (uint8_t)(address >> 16),
                                       (uint8_t)(address >> 8), (uint8_t)address}};
}

/* Sorts keys by address; by_count: by all of the key. scratch has room for n. Returns the sorted ones, which
 * are keys or scratch. */
uint64_t *sort_ipv4_keys(uint64_t *keys, uint64_t *scratch, size_t n, bool by_count);

/* Sorts counts by address; by_count: the highest first, equal ones by address. IPv4 precedes IPv6. */
void sort_counts(address_count *entries, size_t n, bool by_count);

#endif
