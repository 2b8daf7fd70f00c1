/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Sets with SIMDINET_SET_MAPPED, on every implementation: random networks of IPv4 and of
 * ::ffff:0:0/96, compared with a search of all of them; in columns of both families, too.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet_network_set.h"

enum { MAX_NETWORKS = 60, ADDRESSES = 200, NONE = -1 };

/* The 128-bit form of an address or network of the set: IPv4 is mapped. */
static void map_address(const uint8_t *ipv4, uint8_t out[16]) {
    memset(out, 0, 10);
    memset(out + 10, 0xff, 2);
    memcpy(out + 12, ipv4, 4);
}

static bool has_prefix(const uint8_t *a, const uint8_t *b, unsigned length) {
    for (unsigned i = 0; i < length; i++)
        if ((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1)
            return false;
    return true;
}

/* The last of the longest networks that contain a mapped address, of those that match a family. */
static int longest(const simdinet_network *networks, int n, const uint8_t address[16],
                   unsigned which) {
    int best = NONE, best_length = -1;
    for (int i = 0; i < n; i++) {
        uint8_t first[16];
        int length = networks[i].prefix_length;
        memcpy(first, networks[i].address, 16);
        if (networks[i].family == 4) {
            map_address(networks[i].address, first);
            length += 96;
        } else if (which == 4) {
            continue;
        }
        if (length >= best_length && has_prefix(first, address, (unsigned)length)) {
            best = i;
            best_length = length;
        }
    }
    return best;
}

/* The index of the first network that is equal to one before it, also as a mapped one; or n. */
static int first_duplicate(const simdinet_network *networks, int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++) {
            uint8_t a[16], b[16];
            memcpy(a, networks[i].address, 16);
            memcpy(b, networks[k].address, 16);
            unsigned length_a = networks[i].prefix_length, length_b = networks[k].prefix_length;
            if (networks[i].family == 4) {
                map_address(networks[i].address, a);
                length_a += 96;
            }
            if (networks[k].family == 4) {
                map_address(networks[k].address, b);
                length_b += 96;
            }
            if (length_a == length_b && has_prefix(a, b, length_a))
                return i;
        }
    return n;
}

/* Few different bits, so that networks nest and are equal. */
static void random_ipv4(prng *random, uint8_t out[4]) {
    static const uint8_t first[] = {10, 11, 192};
    out[0] = first[prng_below(random, 3)];
    for (int i = 1; i < 4; i++)
        out[i] = prng_below(random, 3) ? 0 : (uint8_t)(prng_next(random) & 0x81);
}

static simdinet_network random_network(prng *random) {
    static const uint8_t lengths[] = {0, 7, 8, 9, 16, 17, 24, 30, 32};
    simdinet_network network = {.family = prng_below(random, 2) ? 4 : 6};
    network.prefix_length = lengths[prng_below(random, sizeof lengths)];
    uint8_t ipv4[4];
    random_ipv4(random, ipv4);
    memcpy(network.address, ipv4, 4);
    if (network.family == 6) {
        map_address(ipv4, network.address);
        network.prefix_length =
            prng_below(random, 8) ? network.prefix_length + 96 : (uint8_t)prng_below(random, 97);
    }
    return network;
}

static void expect_column(const simdinet_network_set *set, const simdinet_network *networks, int n,
                          prng *random, const char *what) {
    uint8_t addresses[ADDRESSES][16], families[(ADDRESSES + 7) / 8] = {0};
    uint8_t lengths[ADDRESSES], found[(ADDRESSES + 7) / 8], members[(ADDRESSES + 7) / 8];
    uint32_t values[ADDRESSES];
    for (int i = 0; i < ADDRESSES; i++) {
        uint8_t ipv4[4];
        random_ipv4(random, ipv4);
        map_address(ipv4, addresses[i]);
        if (prng_below(random, 2))
            families[i / 8] |= (uint8_t)(1 << i % 8);
        if (prng_below(random, 10) == 0)
            addresses[i][prng_below(random, 10)] = families[i / 8] >> i % 8 & 1; /* not mapped */
    }
    simdinet_lookup_mixed_column(set, addresses[0], families, ADDRESSES, NULL, values, lengths,
                                 found);
    simdinet_lookup_mixed_column(set, addresses[0], families, ADDRESSES, NULL, NULL, NULL, members);
    cr_assert_arr_eq(members, found, sizeof found, "%s", what);
    for (int i = 0; i < ADDRESSES; i++) {
        unsigned which = families[i / 8] >> i % 8 & 1 ? 6 : 4;
        int match = longest(networks, n, addresses[i], which);
        bool in_set = match != NONE;
        unsigned length = in_set ? networks[match].prefix_length : 0;
        length += in_set && which == 6 && networks[match].family == 4 ? 96 : 0;
        cr_assert_eq(found[i / 8] >> i % 8 & 1, in_set, "%s: address %d", what, i);
        cr_assert_eq(values[i], in_set ? (uint32_t)match : 0, "%s: address %d", what, i);
        cr_assert_eq(lengths[i], length, "%s: address %d", what, i);
        uint32_t value = 0;
        cr_assert_eq(simdinet_network_set_lookup(set, addresses[i] + (which == 4 ? 12 : 0), which,
                                                 &value, NULL),
                     in_set, "%s: address %d", what, i);
        cr_assert_eq(value, values[i], "%s: address %d", what, i);
    }
}

Test(network_mapped, random_sets, .timeout = 300) {
    prng random = {41};
    uint32_t values[MAX_NETWORKS];
    for (uint32_t i = 0; i < MAX_NETWORKS; i++)
        values[i] = i;
    for (size_t round = 0; round < repetitions(300); round++) {
        simdinet_network networks[MAX_NETWORKS];
        int n = 1 + (int)prng_below(&random, round % 2 ? MAX_NETWORKS : 5);
        for (int i = 0; i < n; i++)
            networks[i] = random_network(&random);
        simdinet_network_set *set;
        size_t at = SIZE_MAX;
        int duplicate = first_duplicate(networks, n);
        simdinet_set_status status =
            simdinet_build_network_set(networks, values, (size_t)n,
                                       SIMDINET_SET_MAPPED | SIMDINET_SET_UNIQUE, NULL, &set, &at);
        cr_assert_eq(status, duplicate < n ? SIMDINET_SET_DUPLICATE : SIMDINET_SET_OK);
        cr_assert(duplicate == n || at == (size_t)duplicate, "at %zu, not %d", at, duplicate);
        simdinet_free_network_set(set);
        cr_assert_eq(simdinet_build_network_set(networks, values, (size_t)n, SIMDINET_SET_MAPPED,
                                                NULL, &set, NULL),
                     SIMDINET_SET_OK);
        FOR_EACH_IMPLEMENTATION (impl) {
            simdinet_use_implementation(impl->name);
            expect_column(set, networks, n, &random, impl->name);
        }
        simdinet_use_implementation(NULL);
        simdinet_free_network_set(set);
    }
}
