/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Sets of networks, on every implementation: every address of toy universes that were painted network
 * by network, from the shortest to the longest; errors, allocations, threads.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness/support.h"
#include "network_toy.h"
#include "simdinet_network_set.h"

#define IPV4_NETWORK(a, b, c, d, length)                                                           \
    { {a, b, c, d}, 4, length }

/* ---- the reference --------------------------------------------------------------------------- */

/* The match of a block; length -1: none. */
typedef struct painted {
    int length;
    uint32_t value;
} painted;

/* Networks of the same length are disjoint or equal; of equal ones the last counts. */
static void paint(const toy *t, const simdinet_network *networks, const uint32_t *values, size_t n,
                  painted *blocks) {
    size_t n_blocks = (size_t)1 << t->bits;
    uint8_t *members = malloc(n_blocks);
    for (size_t k = 0; k < n_blocks; k++)
        blocks[k] = (painted){-1, 0};
    for (unsigned length = 0; length <= 128; length++)
        for (size_t i = 0; i < n; i++) {
            if (networks[i].prefix_length != length || networks[i].family != t->universe.family)
                continue;
            unsigned start = t->universe.prefix_length;
            if (length < start + 6) { /* all blocks may be in it */
                memset(members, 0, n_blocks);
                cr_assert(toy_mark(t, &networks[i], members));
                for (size_t k = 0; k < n_blocks; k++)
                    if (members[k])
                        blocks[k] = (painted){(int)length, values[i]};
                continue;
            }
            size_t index = 0; /* of the network among those of its length */
            for (unsigned bit = start; bit < length; bit++)
                index = 2 * index + (networks[i].address[bit / 8] >> (7 - bit % 8) & 1);
            size_t each = n_blocks >> (length - start);
            for (size_t k = index * each; k < (index + 1) * each; k++)
                blocks[k] = (painted){(int)length, values[i]};
        }
    free(members);
}

static void expect_match(const simdinet_network_set *set, const uint8_t *address, unsigned which,
                         painted expected, const char *what) {
    uint32_t value; /* not initialized: the memory sanitizer reports a lookup that reads them */
    uint8_t length;
    bool found = simdinet_network_set_lookup(set, address, which, &value, &length);
    cr_assert_eq(found, expected.length >= 0, "%s: found %d", what, found);
    cr_assert_eq(value, found ? expected.value : 0, "%s", what);
    cr_assert_eq(length, found ? expected.length : 0, "%s", what);
    cr_assert_eq(simdinet_network_set_lookup(set, address, which, NULL, NULL), found, "%s", what);
}

/* Looks up the first and the last address of each block, and a random one: alone and as a column. */
static void expect_blocks(const simdinet_network_set *set, const toy *t, const painted *blocks,
                          prng *random, const char *what) {
    bool ipv4 = t->universe.family == 4;
    size_t size = ipv4 ? 4 : 16, n = (size_t)3 << t->bits;
    uint8_t *addresses = calloc(n, size), *lengths = malloc(n), *found = malloc((n + 7) / 8);
    uint32_t *values = malloc(n * sizeof *values);
    for (size_t i = 0; i < n; i++) {
        simdinet_network block = toy_network(t, t->bits, i / 3);
        for (size_t bit = block.prefix_length; bit < 8 * size; bit++)
            if (i % 3 == 1 || (i % 3 == 2 && prng_next(random) & 1))
                block.address[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
        expect_match(set, block.address, block.family, blocks[i / 3], what);
        memcpy(addresses + i * size, block.address, size);
    }
    uint8_t *members = malloc((n + 7) / 8);
    (ipv4 ? simdinet_lookup_ipv4_column : simdinet_lookup_ipv6_column)(set, addresses, n, NULL,
                                                                       values, lengths, found);
    (ipv4 ? simdinet_lookup_ipv4_column : simdinet_lookup_ipv6_column)(set, addresses, n, NULL,
                                                                       NULL, NULL, members);
    cr_assert_arr_eq(members, found, (n + 7) / 8, "%s: membership", what);
    free(members);
    for (size_t i = 0; i < n; i++) {
        painted expected = blocks[i / 3];
        bool in_set = expected.length >= 0;
        cr_assert_eq(found[i / 8] >> i % 8 & 1, in_set, "%s: value %zu", what, i);
        cr_assert_eq(values[i], in_set ? expected.value : 0, "%s: value %zu", what, i);
        cr_assert_eq(lengths[i], in_set ? expected.length : 0, "%s: value %zu", what, i);
    }
    free(addresses);
    free(lengths);
    free(found);
    free(values);
}

static simdinet_network_set *build(const simdinet_network *networks, const uint32_t *values,
                                   size_t n, unsigned flags) {
    simdinet_network_set *set;
    size_t at;
    cr_assert_eq(simdinet_build_network_set(networks, values, n, flags, NULL, &set, &at),
                 SIMDINET_SET_OK);
    return set;
}

/* ---- every set of the networks of 8 blocks --------------------------------------------------- */

Test(network_set, every_set_of_networks_of_8_blocks) {
    prng random = {21};
    for (size_t u = 0; u < SMALL_UNIVERSES; u++) {
        const toy *t = &small_universes[u];
        for (unsigned subset = 0; subset < 1u << SMALL_NETWORKS; subset += brief() ? 31 : 3) {
            simdinet_network networks[SMALL_NETWORKS];
            uint32_t values[SMALL_NETWORKS];
            painted blocks[SMALL_BLOCKS];
            size_t n = toy_subset(&random, t, subset, networks, values);
            paint(t, networks, values, n, blocks);
            simdinet_network_set *set = build(networks, values, n, SIMDINET_SET_UNIQUE);
            expect_blocks(set, t, blocks, &random, "small");
            simdinet_free_network_set(set);
        }
    }
}

/* ---- random sets of 65,536 blocks ------------------------------------------------------------ */

Test(network_set, random_sets, .timeout = 300) {
    prng random = {22};
    simdinet_network *networks = malloc(2 * BIG_BLOCKS * sizeof *networks);
    uint32_t *values = malloc(2 * BIG_BLOCKS * sizeof *values);
    painted *blocks = malloc(BIG_BLOCKS * sizeof *blocks);
    for (size_t round = 0; round < repetitions(3) * BIG_UNIVERSES; round++) {
        const toy *t = &big_universes[round % BIG_UNIVERSES];
        size_t wanted = (size_t)1 << prng_below(&random, 16);
        size_t n = toy_random_networks(&random, t, wanted, prng_below(&random, 2) ? 5 : 0, networks,
                                       values);
        paint(t, networks, values, n, blocks);
        simdinet_network_set *set = build(networks, values, n, 0);
        FOR_EACH_IMPLEMENTATION (impl) {
            simdinet_use_implementation(impl->name);
            expect_blocks(set, t, blocks, &random, impl->name);
        }
        simdinet_use_implementation(NULL);
        simdinet_free_network_set(set);
    }
    free(networks);
    free(values);
    free(blocks);
}

/* More different matches than narrow entries can tell apart. */
Test(network_set, values_that_all_differ, .timeout = 300) {
    prng random = {23};
    simdinet_network *networks = malloc(2 * BIG_BLOCKS * sizeof *networks);
    uint32_t *values = malloc(2 * BIG_BLOCKS * sizeof *values);
    painted *blocks = malloc(BIG_BLOCKS * sizeof *blocks);
    for (size_t u = 0; u < BIG_UNIVERSES; u++) {
        const toy *t = &big_universes[u];
        size_t n = 0;
        for (size_t k = 0; k < BIG_BLOCKS; k++, n++) {
            networks[n] = toy_network(t, BIG_BITS, k);
            values[n] = (uint32_t)n * 2654435761u;
        }
        n += toy_random_networks(&random, t, 1000, 0, networks + n, values + n);
        paint(t, networks, values, n, blocks);
        simdinet_network_set *set = build(networks, values, n, 0);
        FOR_EACH_IMPLEMENTATION (impl) {
            simdinet_use_implementation(impl->name);
            expect_blocks(set, t, blocks, &random, impl->name);
        }
        simdinet_use_implementation(NULL);
        simdinet_free_network_set(set);
    }
    free(networks);
    free(values);
    free(blocks);
}

/* ---- the interface --------------------------------------------------------------------------- */

Test(network_set, literals) {
    static const simdinet_network networks[] = {
        IPV4_NETWORK(10, 0, 0, 0, 8), IPV4_NETWORK(10, 1, 2, 0, 24),
        IPV4_NETWORK(0, 0, 0, 0, 0),  IPV4_NETWORK(10, 1, 2, 3, 32),
        IPV4_NETWORK(10, 0, 0, 0, 8), {{0x20, 1, 0xd, 0xb8}, 6, 32}};
    static const uint32_t values[] = {1, 2, 3, 4, 5, 6};
    static const uint8_t addresses[][4] = {
        {10, 9, 9, 9}, {10, 1, 2, 9}, {1, 2, 3, 4}, {10, 1, 2, 3}};
    static const painted expected[] = {{8, 5}, {24, 2}, {0, 3}, {32, 4}};
    static const uint8_t mapped[16] = {
        [10] = 0xff, [11] = 0xff, [12] = 10, [13] = 1, [14] = 2, [15] = 9};
    static const uint8_t doc[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        simdinet_network_set *set = build(networks, values, 6, 0);
        for (size_t i = 0; i < 4; i++)
            expect_match(set, addresses[i], 4, expected[i], impl->name);
        expect_match(set, doc, 6, (painted){32, 6}, impl->name);
        expect_match(set, mapped, 6, (painted){-1, 0}, impl->name);
        expect_match(set, doc, 5, (painted){-1, 0}, impl->name);
        cr_expect(simdinet_network_set_lookup(set, doc, 6, NULL, NULL));
        simdinet_free_network_set(set);
        set = build(networks, values, 6, SIMDINET_SET_MAPPED);
        expect_match(set, mapped, 6, (painted){120, 2}, impl->name);
        expect_match(set, doc, 6, (painted){32, 6}, impl->name);
        expect_match(set, addresses[1], 4, expected[1], impl->name);
        simdinet_free_network_set(set);
        set = build(networks, NULL, 6, 0);
        expect_match(set, doc, 6, (painted){32, 0}, impl->name);
        simdinet_free_network_set(set);
        set = build(NULL, NULL, 0, 0);
        expect_match(set, doc, 6, (painted){-1, 0}, impl->name);
        expect_match(set, doc, 4, (painted){-1, 0}, impl->name);
        cr_expect_lt(simdinet_network_set_size(set), 1000);
        simdinet_free_network_set(set);
    }
    simdinet_free_network_set(NULL);
}

/* A network of each prefix length, each in the one before it; and the addresses that leave them there. */
Test(network_set, nested) {
    enum { LENGTHS = 129 };
    simdinet_network networks[LENGTHS];
    uint32_t values[LENGTHS];
    uint8_t addresses[LENGTHS][16];
    for (unsigned length = 0; length < LENGTHS; length++) {
        uint8_t *address = addresses[length];
        memset(address, 0xff, sizeof addresses[length]);
        cr_assert(simdinet_make_network(address, 6, length, &networks[length]));
        values[length] = 1000 + length;
        if (length < 128)
            address[length / 8] ^= (uint8_t)(0x80 >> length % 8);
    }
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        simdinet_network_set *set = build(networks, values, LENGTHS, 0);
        for (unsigned i = 0; i < LENGTHS; i++)
            expect_match(set, addresses[i], 6, (painted){(int)i, values[i]}, impl->name);
        simdinet_free_network_set(set);
    }
}

Test(network_set, errors) {
    static const simdinet_network invalid[] = {
        IPV4_NETWORK(10, 0, 0, 0, 8), {{0}, 6, 128}, IPV4_NETWORK(10, 0, 0, 0, 33), {{0}, 5, 0}};
    static const simdinet_network duplicates[] = {IPV4_NETWORK(10, 0, 0, 0, 8), {{0}, 6, 8},
                                                  IPV4_NETWORK(10, 0, 0, 0, 9), {{0}, 6, 8},
                                                  IPV4_NETWORK(10, 1, 1, 1, 8), {{0}, 6, 8}};
    simdinet_network_set *set = (simdinet_network_set *)&set;
    size_t at = 99;
    cr_expect_eq(simdinet_build_network_set(invalid, NULL, 4, 0, NULL, &set, &at),
                 SIMDINET_SET_INVALID);
    cr_expect(at == 2 && !set);
    cr_expect_eq(
        simdinet_build_network_set(duplicates, NULL, 6, SIMDINET_SET_UNIQUE, NULL, &set, &at),
        SIMDINET_SET_DUPLICATE);
    cr_expect(at == 3 && !set, "at %zu", at);
    cr_expect_eq(
        simdinet_build_network_set(duplicates, NULL, 3, SIMDINET_SET_UNIQUE, NULL, &set, NULL),
        SIMDINET_SET_OK);
    simdinet_free_network_set(set);
    cr_expect_eq(simdinet_build_network_set(invalid, NULL, 4, 0, NULL, &set, NULL),
                 SIMDINET_SET_INVALID);
#if SIZE_MAX > UINT32_MAX
    /* The length is rejected before any network is read. */
    set = (simdinet_network_set *)&set;
    at = 99;
    cr_expect_eq(
        simdinet_build_network_set(invalid, NULL, (size_t)UINT32_MAX + 1, 0, NULL, &set, &at),
        SIMDINET_SET_TOO_LARGE);
    cr_expect(at == 99 && !set);
    cr_expect_eq(simdinet_build_network_set(NULL, NULL, SIZE_MAX, 0, NULL, &set, NULL),
                 SIMDINET_SET_TOO_LARGE);
#endif
}

/* ---- allocations ----------------------------------------------------------------------------- */

typedef struct counted {
    size_t fail_at, calls, live_bytes, live_blocks;
} counted;

static void *counted_allocate(void *context, size_t size) {
    counted *c = context;
    cr_assert_gt(size, 0);
    if (++c->calls == c->fail_at)
        return NULL;
    c->live_bytes += size;
    c->live_blocks++;
    void *memory = malloc(size);
    memset(memory, 0xa5, size); /* nothing relies on zeros */
    return memory;
}

static void counted_release(void *context, void *memory, size_t size) {
    counted *c = context;
    c->live_bytes -= size;
    c->live_blocks--;
    free(memory);
}

Test(network_set, every_allocation_fails_once) {
    prng random = {24};
    simdinet_network networks[300];
    uint32_t values[300];
    toy_random_networks(&random, &big_universes[1], 200, 0, networks, values);
    toy_random_networks(&random, &big_universes[5], 100, 0, networks + 200, values + 200);
    for (size_t nth = 1;; nth++) {
        counted c = {.fail_at = nth};
        simdinet_allocator allocator = {counted_allocate, counted_release, &c};
        simdinet_network_set *set = (simdinet_network_set *)&set;
        simdinet_set_status status =
            simdinet_build_network_set(networks, values, 300, 0, &allocator, &set, NULL);
        if (c.calls < nth) {
            cr_assert_eq(status, SIMDINET_SET_OK);
            cr_assert_gt(nth, 5);
            cr_assert_eq(c.live_blocks, 1);
            cr_assert_eq(c.live_bytes, simdinet_network_set_size(set));
            simdinet_free_network_set(set);
            cr_assert_eq(c.live_blocks + c.live_bytes, 0);
            return;
        }
        cr_assert_eq(status, SIMDINET_SET_OUT_OF_MEMORY, "allocation %zu", nth);
        cr_assert_null(set);
        cr_assert_eq(c.live_blocks + c.live_bytes, 0, "allocation %zu", nth);
    }
}

/* ---- threads --------------------------------------------------------------------------------- */

typedef struct reader {
    const simdinet_network_set *set;
    const painted *blocks;
    size_t mismatches;
} reader;

static void *read_set(void *argument) {
    reader *r = argument;
    for (size_t k = 0; k < BIG_BLOCKS; k++) {
        simdinet_network block = toy_network(&big_universes[1], BIG_BITS, k);
        uint32_t value = 0;
        uint8_t length = 0;
        bool found = simdinet_network_set_lookup(r->set, block.address, 4, &value, &length);
        r->mismatches += found != (r->blocks[k].length >= 0) ||
                         (found && (value != r->blocks[k].value || length != r->blocks[k].length));
    }
    return NULL;
}

Test(network_set, shared_by_threads) {
    enum { THREADS = 4 };
    prng random = {25};
    simdinet_network *networks = malloc(1000 * sizeof *networks);
    uint32_t values[1000];
    painted *blocks = malloc(BIG_BLOCKS * sizeof *blocks);
    size_t n = toy_random_networks(&random, &big_universes[1], 1000, 0, networks, values);
    paint(&big_universes[1], networks, values, n, blocks);
    simdinet_network_set *set = build(networks, values, n, 0);
    pthread_t threads[THREADS];
    reader readers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        readers[i] = (reader){set, blocks, 0};
        cr_assert_eq(pthread_create(&threads[i], NULL, read_set, &readers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(readers[i].mismatches, 0);
    }
    simdinet_free_network_set(set);
    free(networks);
    free(blocks);
}
