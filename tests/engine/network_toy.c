/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_toy.h"

#include <string.h>

const toy small_universes[SMALL_UNIVERSES] = {
    {{{0}, 4, 0}, SMALL_BITS},
    {{{255, 255, 255, 248}, 4, 29}, SMALL_BITS},
    {{{0}, 4, 29}, SMALL_BITS},
    {{{10, 20, 0, 0}, 4, 14}, SMALL_BITS},
    {{{0}, 6, 0}, SMALL_BITS},
    {{{0x20, 1, 0xd, 0xb8}, 6, 62}, SMALL_BITS},
    {{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 3, 0x80}, 6, 65}, SMALL_BITS},
    {{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 248}, 6, 125},
     SMALL_BITS},
};

const toy big_universes[BIG_UNIVERSES] = {
    {{{0}, 4, 0}, BIG_BITS},
    {{{192, 0}, 4, 16}, BIG_BITS},
    {{{255, 255}, 4, 16}, BIG_BITS},
    {{{198, 18}, 4, 15}, BIG_BITS},
    {{{0}, 6, 0}, BIG_BITS},
    {{{0x20, 1, 0xd, 0xb8}, 6, 32}, BIG_BITS},
    {{{0x20, 1, 0xd, 0xb8}, 6, 56}, BIG_BITS},
    {{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, 6, 112}, BIG_BITS},
};

static bool bit_of(const uint8_t *address, unsigned i) {
    return address[i / 8] >> (7 - i % 8) & 1;
}

simdinet_network toy_network(const toy *t, unsigned depth, size_t index) {
    simdinet_network network = t->universe;
    unsigned start = t->universe.prefix_length;
    for (unsigned i = 0; i < depth; i++)
        if (index >> (depth - 1 - i) & 1)
            network.address[(start + i) / 8] |= (uint8_t)(0x80 >> (start + i) % 8);
    network.prefix_length = (uint8_t)(start + depth);
    return network;
}

bool toy_mark(const toy *t, const simdinet_network *network, uint8_t *members) {
    unsigned start = t->universe.prefix_length;
    if (network->family != t->universe.family)
        return true;
    if (network->prefix_length < start || network->prefix_length > start + t->bits)
        return false;
    for (unsigned i = 0; i < start; i++)
        if (bit_of(network->address, i) != bit_of(t->universe.address, i))
            return true;
    unsigned depth = network->prefix_length - start;
    size_t index = 0, blocks = (size_t)1 << (t->bits - depth);
    for (unsigned i = 0; i < depth; i++)
        index = 2 * index + bit_of(network->address, start + i);
    memset(members + index * blocks, 1, blocks);
    return true;
}

static size_t list_below(const toy *t, const uint8_t *members, unsigned depth, size_t index,
                         simdinet_network *out) {
    size_t blocks = (size_t)1 << (t->bits - depth), n_members = 0;
    for (size_t i = 0; i < blocks; i++)
        n_members += members[index * blocks + i] != 0;
    if (n_members == 0)
        return 0;
    if (n_members == blocks) {
        *out = toy_network(t, depth, index);
        return 1;
    }
    size_t n = list_below(t, members, depth + 1, 2 * index, out);
    return n + list_below(t, members, depth + 1, 2 * index + 1, out + n);
}

size_t toy_list(const toy *t, const uint8_t *members, simdinet_network *out) {
    return list_below(t, members, 0, 0, out);
}

size_t toy_subset(prng *random, const toy *t, unsigned subset, simdinet_network *networks,
                  uint32_t *values) {
    size_t n = 0, k = 0;
    for (unsigned depth = 0; depth <= t->bits; depth++)
        for (size_t index = 0; index < (size_t)1 << depth; index++, k++)
            if (subset >> k & 1) {
                networks[n] = toy_network(t, depth, index);
                values[n++] = prng_below(random, 3);
            }
    return n;
}

size_t toy_random_networks(prng *random, const toy *t, size_t wanted, uint32_t n_values,
                           simdinet_network *networks, uint32_t *values) {
    size_t n = 0;
    unsigned shallow = prng_below(random, t->bits + 1);
    while (n < wanted) {
        unsigned depth = shallow + prng_below(random, t->bits + 1 - shallow);
        size_t index = prng_below(random, 1u << depth);
        size_t run = prng_below(random, 3) ? 1 : 1 + prng_below(random, 70);
        for (; run > 0 && n < wanted && index < (size_t)1 << depth; run--, index++, n++) {
            networks[n] = toy_network(t, depth, index);
            values[n] = n_values ? prng_below(random, n_values) : (uint32_t)prng_next(random);
            unsigned bits = networks[n].family == 4 ? 32 : 128, length = networks[n].prefix_length;
            if (length < bits && prng_below(random, 2))
                networks[n].address[bits / 8 - 1] |= length + 8 <= bits ? 0xff : 0;
        }
    }
    return n;
}
