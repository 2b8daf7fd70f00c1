/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lists of networks, compared with toy universes of one byte per block: every disjoint list and every
 * pair of them in universes of 8 blocks, random lists in universes of 65,536.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/support.h"
#include "network_toy.h"
#include "simdinet_network_set.h"

enum { SMALL_LISTS = 677 };

/* Universes at the ends of the address spaces and across the boundaries of bytes and words. */
typedef size_t list_function(const simdinet_network *a, size_t n_a, const simdinet_network *b,
                             size_t n_b, simdinet_network *out, size_t capacity);

static const struct {
    const char *name;
    list_function *function;
    bool keep[4]; /* for a block in neither list, in a, in b, in both */
} operations[] = {
    {"union", simdinet_union_networks, {false, true, true, true}},
    {"intersect", simdinet_intersect_networks, {false, false, false, true}},
    {"subtract", simdinet_subtract_networks, {false, true, false, false}},
};

enum { OPERATIONS = sizeof operations / sizeof *operations };

static bool same_lists(const simdinet_network *a, size_t n_a, const simdinet_network *b,
                       size_t n_b) {
    return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a * sizeof *a) == 0);
}

/* ---- every disjoint list of 8 blocks --------------------------------------------------------- */

typedef struct small_list {
    size_t n;
    simdinet_network networks[SMALL_BLOCKS];
    uint8_t members[SMALL_BLOCKS];
} small_list;

/* Appends the disjoint lists below a network, each after every one of prefixes, to lists. */
static size_t disjoint_lists(const toy *t, unsigned depth, size_t index, const small_list *prefixes,
                             size_t n_prefixes, small_list *lists) {
    size_t n = 0;
    for (size_t i = 0; i < n_prefixes; i++) { /* the network itself */
        lists[n] = prefixes[i];
        lists[n].networks[lists[n].n++] = toy_network(t, depth, index);
        n++;
    }
    if (depth == t->bits) {
        memcpy(lists + n, prefixes, n_prefixes * sizeof *lists);
        return n + n_prefixes;
    }
    small_list *left = malloc(SMALL_LISTS * sizeof *left);
    size_t n_left = disjoint_lists(t, depth + 1, 2 * index, prefixes, n_prefixes, left);
    n += disjoint_lists(t, depth + 1, 2 * index + 1, left, n_left, lists + n);
    free(left);
    return n;
}

static small_list *every_list(const toy *t) {
    small_list *lists = malloc(SMALL_LISTS * sizeof *lists);
    small_list empty = {.n = 0};
    cr_assert_eq(disjoint_lists(t, 0, 0, &empty, 1, lists), SMALL_LISTS);
    for (size_t i = 0; i < SMALL_LISTS; i++)
        for (size_t k = 0; k < lists[i].n; k++)
            cr_assert(toy_mark(t, &lists[i].networks[k], lists[i].members));
    return lists;
}

Test(network_list, every_pair_of_lists_of_8_blocks) {
    for (size_t u = 0; u < SMALL_UNIVERSES; u++) {
        const toy *t = &small_universes[u];
        small_list *lists = every_list(t);
        size_t step = u == 1 || u == 5 ? 1 : 13; /* all of one universe of each family */
        for (size_t i = 0; i < SMALL_LISTS * SMALL_LISTS; i += step) {
            const small_list *a = &lists[i / SMALL_LISTS], *b = &lists[i % SMALL_LISTS];
            for (size_t op = 0; op < OPERATIONS; op++) {
                simdinet_network out[SMALL_BLOCKS], expected[SMALL_BLOCKS];
                uint8_t members[SMALL_BLOCKS];
                for (size_t k = 0; k < SMALL_BLOCKS; k++)
                    members[k] = operations[op].keep[a->members[k] | b->members[k] << 1];
                size_t n = operations[op].function(a->networks, a->n, b->networks, b->n, out,
                                                   SMALL_BLOCKS);
                size_t n_expected = toy_list(t, members, expected);
                cr_assert(same_lists(out, n, expected, n_expected), "%s, universe %zu, pair %zu",
                          operations[op].name, u, i);
            }
        }
        free(lists);
    }
}

Test(network_list, every_list_of_8_blocks) {
    for (size_t u = 0; u < SMALL_UNIVERSES; u++) {
        const toy *t = &small_universes[u];
        small_list *lists = every_list(t);
        for (size_t i = 0; i < SMALL_LISTS; i++) {
            simdinet_network out[SMALL_BLOCKS], expected[SMALL_BLOCKS];
            simdinet_range ranges[SMALL_BLOCKS];
            uint8_t members[SMALL_BLOCKS];
            cr_assert_eq(simdinet_check_networks(lists[i].networks, lists[i].n), lists[i].n);

            memcpy(out, lists[i].networks, sizeof out);
            size_t n = simdinet_aggregate_networks(out, lists[i].n);
            size_t n_expected = toy_list(t, lists[i].members, expected);
            cr_assert(same_lists(out, n, expected, n_expected), "universe %zu, list %zu", u, i);

            for (size_t k = 0; k < SMALL_BLOCKS; k++)
                members[k] = !lists[i].members[k];
            n = simdinet_complement_networks(&t->universe, lists[i].networks, lists[i].n, out,
                                             SMALL_BLOCKS);
            n_expected = toy_list(t, members, expected);
            cr_assert(same_lists(out, n, expected, n_expected), "universe %zu, list %zu", u, i);

            /* Each range is blocks that are members, between two that are not. */
            n = simdinet_networks_to_ranges(lists[i].networks, lists[i].n, ranges, SMALL_BLOCKS);
            size_t n_runs = 0;
            for (size_t k = 0; k < SMALL_BLOCKS; k++) {
                bool starts = lists[i].members[k] && (k == 0 || !lists[i].members[k - 1]);
                bool ends =
                    lists[i].members[k] && (k == SMALL_BLOCKS - 1 || !lists[i].members[k + 1]);
                simdinet_network block = toy_network(t, t->bits, k);
                cr_assert(!starts || n_runs < n);
                if (starts)
                    cr_assert_arr_eq(ranges[n_runs].first, block.address, 16);
                if (!ends)
                    continue;
                for (unsigned bit = block.prefix_length; bit < (block.family == 4 ? 32 : 128);
                     bit++)
                    block.address[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
                cr_assert_arr_eq(ranges[n_runs].last, block.address, 16);
                cr_assert_eq(ranges[n_runs++].family, block.family);
            }
            cr_assert_eq(n, n_runs);
        }
        free(lists);
    }
}

/* Every set of the 15 networks of 8 blocks, nested ones and halves too, in descending order. */
Test(network_list, aggregate_every_set_of_networks) {
    for (size_t u = 0; u < SMALL_UNIVERSES; u++) {
        const toy *t = &small_universes[u];
        simdinet_network all[15];
        size_t n_all = 0;
        for (unsigned depth = 0; depth <= SMALL_BITS; depth++)
            for (size_t index = 0; index < (size_t)1 << depth; index++)
                all[n_all++] = toy_network(t, depth, index);
        for (unsigned subset = 0; subset < 1u << 15; subset++) {
            simdinet_network list[15], expected[SMALL_BLOCKS];
            uint8_t members[SMALL_BLOCKS] = {0};
            size_t n = 0;
            for (size_t i = 15; i-- > 0;)
                if (subset >> i & 1) {
                    list[n++] = all[i];
                    cr_assert(toy_mark(t, &all[i], members));
                }
            n = simdinet_aggregate_networks(list, n);
            cr_assert(same_lists(list, n, expected, toy_list(t, members, expected)),
                      "universe %zu, subset %#x", u, subset);
        }
    }
}

/* ---- random lists of 65,536 blocks, of both families ----------------------------------------- */

static const toy pairs[][2] = {
    {{{{0}, 4, 0}, BIG_BITS}, {{{0}, 6, 0}, BIG_BITS}},
    {{{{255, 255}, 4, 16}, BIG_BITS},
     {{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, 6, 112}, BIG_BITS}},
    {{{{192, 0}, 4, 16}, BIG_BITS}, {{{0x20, 1, 0xd, 0xb8}, 6, 56}, BIG_BITS}},
};

typedef struct big_list {
    size_t n;
    simdinet_network *networks; /* room for 131,072 */
    uint8_t members[2][BIG_BLOCKS];
} big_list;

/* A random list with nested, adjacent and equal networks, and bits past prefix lengths. */
static void random_list(prng *random, const toy universes[2], big_list *list) {
    unsigned shallow = prng_below(random, BIG_BITS + 1);
    size_t wanted = (size_t)1 << prng_below(random, 14);
    memset(list->members, 0, sizeof list->members);
    list->n = 0;
    while (list->n < wanted) {
        unsigned which = prng_below(random, 2);
        const toy *t = &universes[which];
        unsigned depth = shallow + prng_below(random, BIG_BITS + 1 - shallow);
        size_t index = prng_below(random, 1u << depth);
        size_t run = prng_below(random, 3) ? 1 : 1 + prng_below(random, 40);
        for (; run > 0 && index < (size_t)1 << depth; run--, index++) {
            simdinet_network *network = &list->networks[list->n++];
            *network = toy_network(t, depth, index);
            cr_assert(toy_mark(t, network, list->members[which]));
            unsigned bits = which ? 128 : 32;
            if (network->prefix_length < bits) {
                unsigned bit =
                    network->prefix_length + prng_below(random, bits - network->prefix_length);
                network->address[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
            }
        }
    }
}

static size_t expected_list(const toy universes[2], uint8_t members[2][BIG_BLOCKS],
                            simdinet_network *out) {
    size_t n = toy_list(&universes[0], members[0], out);
    return n + toy_list(&universes[1], members[1], out + n);
}

Test(network_list, random_lists_of_both_families) {
    enum { ROOM = 2 * BIG_BLOCKS };
    prng random = {19};
    big_list *a = malloc(sizeof *a), *b = malloc(sizeof *b), *result = malloc(sizeof *result);
    simdinet_network *expected = malloc(ROOM * sizeof *expected);
    a->networks = malloc(ROOM * sizeof *expected);
    b->networks = malloc(ROOM * sizeof *expected);
    result->networks = malloc(ROOM * sizeof *expected);
    for (size_t round = 0; round < repetitions(60); round++) {
        const toy *universes = pairs[round % 3];
        random_list(&random, universes, a);
        random_list(&random, universes, b);
        if (round % 4 == 3) { /* mostly the same addresses */
            memcpy(b->networks, a->networks, a->n * sizeof *a->networks);
            memcpy(b->members, a->members, sizeof a->members);
            b->n = a->n;
        }
        a->n = simdinet_aggregate_networks(a->networks, a->n);
        cr_assert(
            same_lists(a->networks, a->n, expected, expected_list(universes, a->members, expected)),
            "round %zu", round);
        b->n = simdinet_aggregate_networks(b->networks, b->n);
        cr_assert(
            same_lists(b->networks, b->n, expected, expected_list(universes, b->members, expected)),
            "round %zu", round);
        for (size_t op = 0; op < OPERATIONS; op++) {
            for (size_t i = 0; i < 2 * BIG_BLOCKS; i++)
                (&result->members[0][0])[i] =
                    operations[op].keep[(&a->members[0][0])[i] | (&b->members[0][0])[i] << 1];
            size_t n_expected = expected_list(universes, result->members, expected);
            size_t n = operations[op].function(a->networks, a->n, b->networks, b->n, NULL, 0);
            cr_assert_eq(n, n_expected, "%s, round %zu", operations[op].name, round);
            /* One element less than there is room for: the rest is untouched. */
            size_t capacity = n > 0 ? n - 1 : 0;
            memset(result->networks, 0xa5, (n + 1) * sizeof *result->networks);
            cr_assert_eq(operations[op].function(a->networks, a->n, b->networks, b->n,
                                                 result->networks, capacity),
                         n);
            cr_assert(same_lists(result->networks, capacity, expected, capacity), "%s, round %zu",
                      operations[op].name, round);
            for (size_t i = capacity * sizeof *expected; i < (n + 1) * sizeof *expected; i++)
                cr_assert_eq(((uint8_t *)result->networks)[i], 0xa5);
        }
    }
    free(a->networks);
    free(b->networks);
    free(result->networks);
    free(expected);
    free(a);
    free(b);
    free(result);
}

/* ---- order ----------------------------------------------------------------------------------- */

static int slow_order(const void *left, const void *right) {
    const simdinet_network *a = left, *b = right;
    if (a->family != b->family)
        return a->family - b->family;
    for (size_t i = 0; i < 16; i++)
        if (a->address[i] != b->address[i])
            return a->address[i] - b->address[i];
    return a->prefix_length - b->prefix_length;
}

/* Keys that differ in one byte, in all of them, in none: the shapes that a radix sort meets. */
Test(network_list, sort) {
    enum { MAX = 5000 };
    prng random = {20};
    simdinet_network *list = malloc(MAX * sizeof *list), *expected = malloc(MAX * sizeof *list);
    for (size_t round = 0; round < repetitions(300); round++) {
        size_t n = prng_below(&random, round % 10 ? 200 : MAX);
        unsigned different = prng_below(&random, 5), byte = prng_below(&random, 16);
        for (size_t i = 0; i < n; i++) {
            list[i] = (simdinet_network){.family = prng_below(&random, 2) && different ? 4 : 6};
            unsigned bits = list[i].family == 4 ? 32 : 128;
            list[i].prefix_length =
                (uint8_t)(different == 4 ? prng_below(&random, bits + 1) : bits);
            for (unsigned k = 0; k < bits / 8; k++)
                if (different >= 2 || k == byte)
                    list[i].address[k] = (uint8_t)prng_below(&random, different == 2 ? 2 : 256);
            for (unsigned k = list[i].prefix_length; k < bits; k++)
                list[i].address[k / 8] &= (uint8_t) ~(0x80 >> k % 8);
        }
        memcpy(expected, list, n * sizeof *list);
        qsort(expected, n, sizeof *expected, slow_order);
        cr_assert_eq(simdinet_sort_networks(list, n), n);
        cr_assert(same_lists(list, n, expected, n), "round %zu", round);
    }
    free(list);
    free(expected);
}

/* ---- invalid lists --------------------------------------------------------------------------- */

#define IPV4_NETWORK(a, b, c, d, length)                                                           \
    { {a, b, c, d}, 4, length }

Test(network_list, elements_that_are_not_networks) {
    static const simdinet_network invalid[] = {{{10}, 0, 8},   {{10}, 5, 8},   {{10}, 4, 33},
                                               {{10}, 6, 129}, {{10}, 255, 0}, {{10}, 4, 255}};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        simdinet_network list[3] = {IPV4_NETWORK(9, 0, 0, 1, 8), invalid[i],
                                    IPV4_NETWORK(1, 0, 0, 0, 8)};
        simdinet_network before[3], valid = IPV4_NETWORK(10, 0, 0, 0, 8), out[8];
        simdinet_range ranges[8];
        memcpy(before, list, sizeof list);
        cr_expect_eq(simdinet_sort_networks(list, 3), SIMDINET_INVALID_NETWORKS);
        cr_expect_eq(simdinet_aggregate_networks(list, 3), SIMDINET_INVALID_NETWORKS);
        cr_expect_arr_eq(list, before, sizeof list);
        cr_expect_eq(simdinet_check_networks(list, 3), 1);
        cr_expect_eq(simdinet_networks_to_ranges(list, 3, ranges, 8), SIMDINET_INVALID_NETWORKS);
        for (size_t op = 0; op < OPERATIONS; op++) {
            cr_expect_eq(operations[op].function(list, 2, &valid, 1, out, 8),
                         SIMDINET_INVALID_NETWORKS);
            cr_expect_eq(operations[op].function(&valid, 1, list, 2, out, 8),
                         SIMDINET_INVALID_NETWORKS);
            cr_expect_eq(operations[op].function(&valid, 0, list, 2, out, 8),
                         SIMDINET_INVALID_NETWORKS);
        }
        cr_expect_eq(simdinet_complement_networks(&invalid[i], NULL, 0, out, 8),
                     SIMDINET_INVALID_NETWORKS);
    }
}

Test(network_list, lists_out_of_order) {
    static const simdinet_network lists[][2] = {
        {IPV4_NETWORK(11, 0, 0, 0, 8), IPV4_NETWORK(10, 0, 0, 0, 8)},
        {IPV4_NETWORK(10, 0, 0, 0, 8), IPV4_NETWORK(10, 0, 0, 0, 8)},
        {IPV4_NETWORK(10, 0, 0, 0, 8), IPV4_NETWORK(10, 1, 0, 0, 16)},
        {IPV4_NETWORK(255, 0, 0, 0, 8), IPV4_NETWORK(0, 0, 0, 0, 0)},
        {{{0}, 6, 0}, IPV4_NETWORK(0, 0, 0, 0, 0)}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        simdinet_network out[8], other = IPV4_NETWORK(1, 0, 0, 0, 8);
        simdinet_range ranges[8];
        cr_expect_eq(simdinet_check_networks(lists[i], 2), 1);
        cr_expect_eq(simdinet_networks_to_ranges(lists[i], 2, ranges, 8),
                     SIMDINET_INVALID_NETWORKS);
        for (size_t op = 0; op < OPERATIONS; op++) {
            cr_expect_eq(operations[op].function(lists[i], 2, &other, 1, out, 8),
                         SIMDINET_INVALID_NETWORKS);
            cr_expect_eq(operations[op].function(&other, 1, lists[i], 2, out, 8),
                         SIMDINET_INVALID_NETWORKS);
        }
    }
}

Test(network_list, empty_lists) {
    simdinet_network all = IPV4_NETWORK(0, 0, 0, 0, 0), out[2];
    cr_expect_eq(simdinet_check_networks(NULL, 0), 0);
    cr_expect_eq(simdinet_sort_networks(NULL, 0), 0);
    cr_expect_eq(simdinet_aggregate_networks(NULL, 0), 0);
    cr_expect_eq(simdinet_networks_to_ranges(NULL, 0, NULL, 0), 0);
    for (size_t op = 0; op < OPERATIONS; op++)
        cr_expect_eq(operations[op].function(NULL, 0, NULL, 0, NULL, 0), 0);
    cr_expect_eq(simdinet_complement_networks(&all, NULL, 0, out, 2), 1);
    cr_expect_arr_eq(&out[0], &all, sizeof all);
    cr_expect_eq(simdinet_complement_networks(&all, &all, 1, out, 2), 0);
}
