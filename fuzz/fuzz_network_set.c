/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_network_set.c - sets and lists of networks, on every implementation, compared with a search of
 * all networks, at the ends of each network and next to them; and iteration over the set.
 *
 * Input: a byte for the flags, and a byte for where the second list starts; for each network a byte
 * for the family and the number of address bytes, a byte for the prefix length, and those bytes.
 */
#include <string.h>

#include "fuzz.h"
#include "simdinet_network_set.h"

enum { MAX_NETWORKS = 256, PROBES_EACH = 4, MAX_PROBES = 2 * MAX_NETWORKS * PROBES_EACH };

static struct {
    size_t n;
    simdinet_network networks[MAX_NETWORKS];
    uint32_t values[MAX_NETWORKS];
} all;

/* What a set has: all networks; with SIMDINET_SET_MAPPED those of IPv4 also as IPv6. */
static struct {
    size_t n;
    simdinet_network networks[2 * MAX_NETWORKS];
    uint32_t values[2 * MAX_NETWORKS];
} members;

static void make_members(bool mapped) {
    members.n = 0;
    for (size_t i = 0; i < all.n; i++) {
        members.values[members.n] = all.values[i];
        members.networks[members.n++] = all.networks[i];
        if (!mapped || all.networks[i].family != 4)
            continue;
        simdinet_network network = {.family = 6, .address = {[10] = 0xff, [11] = 0xff}};
        memcpy(network.address + 12, all.networks[i].address, 4);
        network.prefix_length = (uint8_t)(all.networks[i].prefix_length + 96);
        members.values[members.n] = all.values[i];
        members.networks[members.n++] = network;
    }
}

/* Addresses of one family. */
static struct {
    size_t n;
    uint8_t addresses[MAX_PROBES * 16];
    uint32_t values[MAX_PROBES];
    uint8_t lengths[MAX_PROBES], found[MAX_PROBES / 8];
} probes;

static bool network_has(const simdinet_network *network, const uint8_t *address, unsigned which) {
    if (network->family != which)
        return false;
    for (unsigned i = 0; i < network->prefix_length; i++)
        if ((network->address[i / 8] ^ address[i / 8]) >> (7 - i % 8) & 1)
            return false;
    return true;
}

static bool any_has(const simdinet_network *networks, size_t n, const uint8_t *address,
                    unsigned which) {
    for (size_t i = 0; i < n; i++)
        if (network_has(&networks[i], address, which))
            return true;
    return false;
}

enum { NO_MATCH = 2 * MAX_NETWORKS };

/* The index of the last of the longest networks that contain an address, or NO_MATCH. */
static size_t longest_match(const uint8_t *address, unsigned which) {
    size_t best = NO_MATCH;
    for (size_t i = 0; i < members.n; i++)
        if (network_has(&members.networks[i], address, which) &&
            (best == NO_MATCH ||
             members.networks[i].prefix_length >= members.networks[best].prefix_length))
            best = i;
    return best;
}

static void read_networks(input *in) {
    for (all.n = 0; in->size > 0 && all.n < MAX_NETWORKS; all.n++) {
        simdinet_network *network = &all.networks[all.n];
        uint8_t control = take_byte(in);
        *network = (simdinet_network){.family = control & 0x80 ? 6 : 4};
        unsigned bytes = network->family == 6 ? 16 : 4;
        network->prefix_length = (uint8_t)take_below(in, 8 * bytes + 1);
        for (unsigned i = 0; i < (control & 0x7f) % (bytes + 1); i++)
            network->address[i] = take_byte(in);
        all.values[all.n] = (uint32_t)all.n % 7;
    }
}

/* The first and the last address of each network of a family, and those before and after. */
static void make_probes(unsigned which) {
    size_t size = which == 4 ? 4 : 16;
    probes.n = 0;
    for (size_t i = 0; i < members.n; i++) {
        const simdinet_network *network = &members.networks[i];
        if (network->family != which)
            continue;
        for (size_t k = 0; k < PROBES_EACH; k++) {
            uint8_t *address = probes.addresses + size * probes.n++;
            memcpy(address, network->address, size);
            for (size_t bit = network->prefix_length; bit < 8 * size; bit++) {
                uint8_t mask = (uint8_t)(0x80 >> bit % 8);
                address[bit / 8] =
                    (uint8_t)(k < 2 ? address[bit / 8] & ~mask : address[bit / 8] | mask);
            }
            for (size_t byte = size; k == 0 && byte-- > 0 && address[byte]-- == 0;) {
            }
            for (size_t byte = size; k == 3 && byte-- > 0 && ++address[byte] == 0;) {
            }
        }
    }
}

static void check_lookups(const simdinet_network_set *set, unsigned which, const char *name) {
    size_t size = which == 4 ? 4 : 16;
    (which == 4 ? simdinet_lookup_ipv4_column : simdinet_lookup_ipv6_column)(
        set, probes.addresses, probes.n, NULL, probes.values, probes.lengths, probes.found);
    static uint8_t in_set[MAX_PROBES / 8];
    (which == 4 ? simdinet_lookup_ipv4_column : simdinet_lookup_ipv6_column)(
        set, probes.addresses, probes.n, NULL, NULL, NULL, in_set);
    if (memcmp(in_set, probes.found, (probes.n + 7) / 8) != 0)
        fail(in_set, sizeof in_set, "%s: membership of IPv%u addresses", name, which);
    for (size_t i = 0; i < probes.n; i++) {
        const uint8_t *address = probes.addresses + i * size;
        size_t match = longest_match(address, which);
        bool expected = match != NO_MATCH;
        uint32_t value = 0;
        uint8_t length = 0;
        bool found = simdinet_network_set_lookup(set, address, which, &value, &length);
        if (found != expected || (found && (value != members.values[match] ||
                                            length != members.networks[match].prefix_length)))
            fail(address, size, "%s: single lookup: %d, value %u, /%u", name, found, value, length);
        found = probes.found[i / 8] >> i % 8 & 1;
        if (found != expected || probes.values[i] != value || probes.lengths[i] != length)
            fail(address, size, "%s: lookup of a column: %d, value %u, /%u", name, found,
                 probes.values[i], probes.lengths[i]);
    }
}

/* ---- iteration -------------------------------------------------------------------------------- */

/* Compares the networks that come next, by a search of all of them. */
static void check_walk(const simdinet_network_set *set) {
    static simdinet_network masked[2 * MAX_NETWORKS];
    simdinet_network network = {.family = 0};
    for (size_t i = 0; i < members.n; i++) {
        masked[i] = members.networks[i];
        for (unsigned bit = masked[i].prefix_length; bit < 128; bit++)
            masked[i].address[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    }
    for (size_t steps = 0; steps <= members.n; steps++) {
        const simdinet_network *next = NULL;
        uint32_t value = 0, expected = 0;
        for (size_t i = 0; i < members.n; i++) {
            const simdinet_network *candidate = &masked[i];
            int order = next ? simdinet_network_compare(candidate, next) : -1;
            if (order > 0 || simdinet_network_compare(candidate, &network) <= 0)
                continue;
            next = candidate; /* of equal ones the last */
            expected = members.values[i];
        }
        bool found = simdinet_network_set_next(set, &network, &value);
        if (found != (next != NULL) ||
            (next && (simdinet_network_compare(&network, next) != 0 || value != expected)))
            fail(&network, sizeof network, "step %zu: found %d, value %u", steps, found, value);
        if (!found)
            return;
    }
    fail(&network, sizeof network, "iteration does not end");
}

/* ---- lists ----------------------------------------------------------------------------------- */

enum { MAX_RESULT = MAX_NETWORKS * 129 };

static void check_lists(size_t n_a) {
    static simdinet_network lists[2][MAX_NETWORKS], results[3][MAX_RESULT];
    size_t lengths[2] = {n_a, all.n - n_a}, n[3];
    memcpy(lists[0], all.networks, n_a * sizeof **lists);
    memcpy(lists[1], all.networks + n_a, lengths[1] * sizeof **lists);
    for (int i = 0; i < 2; i++) {
        lengths[i] = simdinet_aggregate_networks(lists[i], lengths[i]);
        if (simdinet_check_networks(lists[i], lengths[i]) != lengths[i])
            fail(lists[i], lengths[i] * sizeof **lists, "aggregate: not sorted and disjoint");
    }
    n[0] =
        simdinet_union_networks(lists[0], lengths[0], lists[1], lengths[1], results[0], MAX_RESULT);
    n[1] = simdinet_intersect_networks(lists[0], lengths[0], lists[1], lengths[1], results[1],
                                       MAX_RESULT);
    n[2] = simdinet_subtract_networks(lists[0], lengths[0], lists[1], lengths[1], results[2],
                                      MAX_RESULT);
    for (int op = 0; op < 3; op++) {
        if (n[op] > MAX_RESULT || simdinet_check_networks(results[op], n[op]) != n[op])
            fail(&op, sizeof op, "operation %d: %zu networks", op, n[op]);
        if (simdinet_aggregate_networks(results[op], n[op]) != n[op])
            fail(&op, sizeof op, "operation %d: not minimal", op);
    }
    for (unsigned which = 4; which <= 6; which += 2) {
        make_probes(which);
        for (size_t i = 0; i < probes.n; i++) {
            const uint8_t *address = probes.addresses + i * (which == 4 ? 4 : 16);
            bool in_a = any_has(all.networks, n_a, address, which);
            bool in_b = any_has(all.networks + n_a, all.n - n_a, address, which);
            bool expected[3] = {in_a || in_b, in_a && in_b, in_a && !in_b};
            for (int op = 0; op < 3; op++)
                if (any_has(results[op], n[op], address, which) != expected[op])
                    fail(address, 16, "operation %d: IPv%u address", op, which);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned flags = take_byte(&in) & (SIMDINET_SET_UNIQUE | SIMDINET_SET_MAPPED);
    size_t second = take_byte(&in);
    simdinet_network_set *set;
    size_t at = 0;
    read_networks(&in);
    simdinet_set_status status =
        simdinet_build_network_set(all.networks, all.values, all.n, flags, NULL, &set, &at);
    make_members(flags & SIMDINET_SET_MAPPED);
    if (status == SIMDINET_SET_OK) {
        FOR_EACH_IMPLEMENTATION (impl) {
            use_implementation(impl);
            for (unsigned which = 4; which <= 6; which += 2) {
                make_probes(which);
                check_lookups(set, which, impl->name);
            }
        }
        check_walk(set);
        simdinet_free_network_set(set);
    } else if (status != SIMDINET_SET_DUPLICATE || !(flags & SIMDINET_SET_UNIQUE) || at == 0 ||
               at >= all.n) {
        fail(data, size, "build: status %d at %zu", (int)status, at);
    }
    make_members(false);
    check_lists(second < all.n ? second : all.n);
    return 0;
}
