/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Iteration over sets: every set of the networks of 8 blocks, random sets in universes of 65,536
 * blocks, and both families together, compared with the sorted list of the networks.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/support.h"
#include "network_toy.h"
#include "simdinet_network_set.h"

enum { MAX_NETWORKS = 70000 };

/* ---- the reference --------------------------------------------------------------------------- */

typedef struct entry {
    simdinet_network network;
    uint32_t value;
    size_t index;
} entry;

static void clear_host_bits(simdinet_network *network) {
    for (unsigned bit = network->prefix_length; bit < 128; bit++)
        network->address[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

static int compare_networks(const simdinet_network *a, const simdinet_network *b) {
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    int order = memcmp(a->address, b->address, 16);
    return order != 0 ? order : a->prefix_length - b->prefix_length;
}

static int compare_entries(const void *left, const void *right) {
    const entry *a = left, *b = right;
    int order = compare_networks(&a->network, &b->network);
    return order != 0 ? order : a->index < b->index ? -1 : 1;
}

/* The networks of a set in order, of equal ones the last; with mapped, IPv4 also as IPv6. */
static size_t list_entries(const simdinet_network *networks, const uint32_t *values, size_t n,
                           bool mapped, entry *out) {
    size_t n_entries = 0, n_unique = 0;
    for (size_t i = 0; i < n; i++) {
        entry e = {networks[i], values ? values[i] : 0, i};
        clear_host_bits(&e.network);
        out[n_entries++] = e;
        if (mapped && e.network.family == 4) {
            memmove(e.network.address + 12, e.network.address, 4);
            memset(e.network.address, 0, 10);
            memset(e.network.address + 10, 0xff, 2);
            e.network.family = 6;
            e.network.prefix_length = (uint8_t)(e.network.prefix_length + 96);
            out[n_entries++] = e;
        }
    }
    qsort(out, n_entries, sizeof *out, compare_entries);
    for (size_t i = 0; i < n_entries; i++)
        if (i + 1 == n_entries || compare_networks(&out[i].network, &out[i + 1].network) != 0)
            out[n_unique++] = out[i];
    return n_unique;
}

static void expect_entry(const simdinet_network_set *set, simdinet_network after,
                         const entry *expected) {
    simdinet_network network = after;
    uint32_t value = 0x5a5a5a5a;
    bool found = simdinet_network_set_next(set, &network, &value);
    cr_assert_eq(found, expected != NULL);
    cr_assert_eq(value, expected ? expected->value : 0x5a5a5a5a);
    cr_assert_eq(compare_networks(&network, expected ? &expected->network : &after), 0);
}

/* The whole set, and the networks after random ones. */
static void expect_walk(const simdinet_network *networks, const uint32_t *values, size_t n,
                        unsigned flags, const toy *t, prng *random) {
    entry *expected = malloc((2 * n + 1) * sizeof *expected);
    simdinet_network_set *set;
    size_t n_expected = list_entries(networks, values, n, flags & SIMDINET_SET_MAPPED, expected);
    cr_assert_eq(simdinet_build_network_set(networks, values, n, flags, NULL, &set, NULL),
                 SIMDINET_SET_OK);
    simdinet_network after = {.family = 0};
    for (size_t i = 0; i <= n_expected; i++) {
        expect_entry(set, after, i < n_expected ? &expected[i] : NULL);
        if (i < n_expected)
            after = expected[i].network;
    }
    for (size_t k = 0; k < 100; k++) {
        unsigned depth = prng_below(random, t->bits + 1);
        simdinet_network any = toy_network(t, depth, prng_below(random, 1u << depth)), masked = any;
        if (k % 2)
            for (unsigned bit = any.prefix_length; bit < (any.family == 4 ? 32 : 128); bit++)
                any.address[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
        size_t from = 0, to = n_expected;
        while (from < to) {
            size_t middle = (from + to) / 2;
            if (compare_networks(&expected[middle].network, &masked) <= 0)
                from = middle + 1;
            else
                to = middle;
        }
        expect_entry(set, any, from < n_expected ? &expected[from] : NULL);
    }
    simdinet_free_network_set(set);
    free(expected);
}

/* ---- toy universes --------------------------------------------------------------------------- */

Test(network_walk, every_set_of_networks_of_8_blocks) {
    prng random = {31};
    for (size_t u = 0; u < SMALL_UNIVERSES; u++) {
        const toy *t = &small_universes[u];
        for (unsigned subset = 0; subset < 1u << SMALL_NETWORKS; subset += brief() ? 31 : 3) {
            simdinet_network networks[SMALL_NETWORKS];
            uint32_t values[SMALL_NETWORKS];
            size_t n = toy_subset(&random, t, subset, networks, values);
            expect_walk(networks, values, n, SIMDINET_SET_UNIQUE, t, &random);
        }
    }
}

Test(network_walk, random_sets, .timeout = 300) {
    prng random = {32};
    simdinet_network *networks = malloc(2 * MAX_NETWORKS * sizeof *networks);
    uint32_t *values = malloc(2 * MAX_NETWORKS * sizeof *values);
    for (size_t round = 0; round < repetitions(6) * BIG_UNIVERSES; round++) {
        const toy *t = &big_universes[round % BIG_UNIVERSES];
        const toy *other = &big_universes[prng_below(&random, BIG_UNIVERSES)];
        uint32_t n_values = prng_below(&random, 2) ? 5 : 0;
        size_t n = toy_random_networks(&random, t, (size_t)1 << prng_below(&random, 17), n_values,
                                       networks, values);
        if (round % 3 == 0)
            n += toy_random_networks(&random, other, (size_t)1 << prng_below(&random, 12), n_values,
                                     networks + n, values + n);
        expect_walk(networks, values, n, round % 2 ? SIMDINET_SET_MAPPED : 0, t, &random);
    }
    free(networks);
    free(values);
}

/* A network of each length at both ends of a family. */
Test(network_walk, nested) {
    prng random = {33};
    for (unsigned which = 4; which <= 6; which += 2) {
        simdinet_network networks[2 * 129];
        size_t n = 0;
        for (unsigned length = 0; length <= (which == 4 ? 32 : 128); length++)
            for (int ones = 0; ones < 2; ones++) {
                networks[n] =
                    (simdinet_network){.family = (uint8_t)which, .prefix_length = (uint8_t)length};
                memset(networks[n++].address, ones ? 0xff : 0, which == 4 ? 4 : 16);
            }
        expect_walk(networks, NULL, n, SIMDINET_SET_MAPPED, &big_universes[which == 4 ? 2 : 7],
                    &random);
    }
}

/* More values than an entry of two bytes has indexes for. */
Test(network_walk, values_that_all_differ) {
    prng random = {34};
    const toy *t = &big_universes[2];
    const size_t n = 70000;
    simdinet_network *networks = malloc(n * sizeof *networks);
    uint32_t *values = malloc(n * sizeof *values);
    for (size_t i = 0; i < n; i++) {
        networks[i] = (simdinet_network){{10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i},
                                         .family = 4,
                                         .prefix_length = 32};
        values[i] = (uint32_t)i * 7;
    }
    expect_walk(networks, values, n, 0, t, &random);
    free(networks);
    free(values);
}

/* ---- the interface --------------------------------------------------------------------------- */

Test(network_walk, literals) {
    static const simdinet_network networks[] = {{{0x20, 1, 0xd, 0xb8}, 6, 32},
                                                {{10, 1, 2, 3}, 4, 8},
                                                {{10}, 4, 16},
                                                {{10}, 4, 8},
                                                {{0}, 6, 0}};
    static const uint32_t values[] = {1, 2, 3, 4, 5};
    static const entry expected[] = {{{{10}, 4, 8}, 4, 0},
                                     {{{10}, 4, 16}, 3, 0},
                                     {{{0}, 6, 0}, 5, 0},
                                     {{{0x20, 1, 0xd, 0xb8}, 6, 32}, 1, 0}};
    simdinet_network_set *set;
    cr_assert_eq(simdinet_build_network_set(networks, values, 5, 0, NULL, &set, NULL),
                 SIMDINET_SET_OK);
    simdinet_network network = {.family = 0};
    for (size_t i = 0; i < 4; i++) {
        cr_assert(simdinet_network_set_next(set, &network, NULL));
        cr_expect_eq(compare_networks(&network, &expected[i].network), 0);
    }
    cr_expect_not(simdinet_network_set_next(set, &network, NULL));
    expect_entry(set, (simdinet_network){{9, 255, 255, 255}, 4, 32}, &expected[0]);
    expect_entry(set, (simdinet_network){{10}, 4, 7}, &expected[0]);
    expect_entry(set, (simdinet_network){{10, 1}, 4, 9}, &expected[1]);
    expect_entry(set, (simdinet_network){{10, 0, 0, 1}, 4, 32}, &expected[2]);
    expect_entry(set, (simdinet_network){{255, 255, 255, 255}, 4, 32}, &expected[2]);
    expect_entry(set, (simdinet_network){{10}, 4, 33}, NULL);
    expect_entry(set, (simdinet_network){{10}, 5, 8}, NULL);
    simdinet_free_network_set(set);
    cr_assert_eq(simdinet_build_network_set(NULL, NULL, 0, 0, NULL, &set, NULL), SIMDINET_SET_OK);
    expect_entry(set, (simdinet_network){.family = 0}, NULL);
    simdinet_free_network_set(set);
}
