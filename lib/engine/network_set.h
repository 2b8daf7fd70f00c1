/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.h - a compiled set: one allocation, with the arrays of both tries after it.
 */
#ifndef SIMDINET_NETWORK_SET_INTERNAL_H
#define SIMDINET_NETWORK_SET_INTERNAL_H

#include "kernels/kernel.h"
#include "simdinet_network_set.h"

/*
 * The networks of a family whose first address is in a longer one that starts there, too, in order.
 * The trie has all others: each is the match of its first address. A record is the address, 4 or 16
 * bytes, the prefix length, 1, and the value, 4, without alignment.
 */
typedef struct covered_networks {
    size_t n;
    const uint8_t *records;
} covered_networks;

enum { COVERED_LENGTH_SIZE = 1, COVERED_VALUE_SIZE = 4 };

static inline size_t covered_record_size(unsigned family) {
    return (family == 4 ? 4 : 16) + COVERED_LENGTH_SIZE + COVERED_VALUE_SIZE;
}

struct simdinet_network_set {
    simdinet_allocator allocator;
    size_t size;
    simdinet_network_trie ipv4, ipv6;
    covered_networks covered[2]; /* of IPv4 and IPv6 */
};

#endif
