/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_members.h - the bitmap of the addresses that are in a set of IPv4 networks.
 */
#ifndef SIMDINET_NETWORK_MEMBERS_H
#define SIMDINET_NETWORK_MEMBERS_H

#include "network_trie_build.h"

/* The bitmap has 2^bits bits; bits is 0 for none. exact: a bit is 1 only for addresses of the set. */
typedef struct members_size {
    unsigned bits;
    bool exact;
} members_size;

/* Chooses the size of the bitmap of n segments of IPv4. */
members_size simdinet_network_members_measure(const trie_segment *segments, size_t n);

/* Fills 2^bits / 64 words. */
void simdinet_network_members_fill(const trie_segment *segments, size_t n, unsigned bits,
                                   uint64_t *words);

#endif
