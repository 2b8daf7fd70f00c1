/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_trie_build.h - from disjoint spans of addresses to a trie of kernels/network_trie.h.
 */
#ifndef SIMDINET_NETWORK_TRIE_BUILD_H
#define SIMDINET_NETWORK_TRIE_BUILD_H

#include "kernels/kernel.h"
#include "network_bits.h"

/* The addresses from first to the next segment have one match. */
typedef struct trie_segment {
    bits128 first;
    uint32_t value; /* with narrow entries: the index of the match */
    uint8_t length; /* prefix length or NETWORK_NO_MATCH */
} trie_segment;

/* The sizes of the arrays of a trie, in elements; of data, in bytes. */
typedef struct trie_size {
    unsigned root_bits, entry_size;
    size_t regions, root, data;
} trie_size;

/*
 * Stores the sizes that a trie of n segments takes. The first segment starts at address 0; n > 0, and
 * matches of adjacent segments differ. family is 4 or 6. Returns false if the trie is too large for
 * its offsets.
 */
bool simdinet_network_trie_measure(const trie_segment *segments, size_t n, unsigned family,
                                   bool narrow, trie_size *size);

/* Fills arrays of these sizes. */
void simdinet_network_trie_fill(const trie_segment *segments, size_t n, const trie_size *size,
                                uint32_t *regions, uint16_t *root, uint8_t *data);

#endif
