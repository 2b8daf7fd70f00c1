/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_toy.h - a reference for lists of networks: a universe of a few thousand blocks, and one
 * byte for each.
 */
#ifndef NETWORK_TOY_H
#define NETWORK_TOY_H

#include "harness/prng.h"
#include "simdinet_network.h"

/* A network, and its blocks: the 2^bits networks that are longer by bits. */
typedef struct toy {
    simdinet_network universe;
    unsigned bits;
} toy;

/* Universes of 8 blocks, with 15 networks each, and of 65,536: at both ends of the families, across
 * bytes and words. */
enum {
    SMALL_BITS = 3,
    SMALL_BLOCKS = 8,
    SMALL_NETWORKS = 15,
    SMALL_UNIVERSES = 8,
    BIG_BITS = 16,
    BIG_BLOCKS = 65536,
    BIG_UNIVERSES = 8
};
extern const toy small_universes[SMALL_UNIVERSES], big_universes[BIG_UNIVERSES];

/* The network of the universe that is depth bits longer, 0 to bits, and the index-th of its length. */
simdinet_network toy_network(const toy *t, unsigned depth, size_t index);

/* Sets members[i] for each block i that a network contains; false: its length is not one of the
 * universe's. Ignores networks outside of it. */
bool toy_mark(const toy *t, const simdinet_network *network, uint8_t *members);

/* The minimal list of the blocks whose member is not 0, appended to out; returns its length. */
size_t toy_list(const toy *t, const uint8_t *members, simdinet_network *out);

/* Stores the networks of a small universe whose bits are set in subset, and a value below 3 of each, so
 * that some are equal; returns their number. */
size_t toy_subset(prng *random, const toy *t, unsigned subset, simdinet_network *networks,
                  uint32_t *values);

/* Stores n random networks of the universe: nested, adjacent, equal, with bits past the prefix length;
 * and a value of each, below n_values, or any if that is 0. Returns n. */
size_t toy_random_networks(prng *random, const toy *t, size_t n, uint32_t n_values,
                           simdinet_network *networks, uint32_t *values);

#endif
