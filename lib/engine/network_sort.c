/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_sort.c - sorts networks in place: a radix sort from the first byte of the key on
 * (McIlroy, Bostic and McIlroy, "Engineering Radix Sort", 1993), and insertion for short ranges.
 *
 * No more than 18 passes over the data, whatever they are, and no allocation.
 */
#include <string.h>

#include "network_bits.h"
#include "simdinet_network_set.h"

/* The key: family, address, prefix length. */
enum { SORT_KEY_SIZE = 18, SORT_BUCKETS = 256, SORT_INSERTION_MAX = 24 };

static uint8_t sort_key_byte(const simdinet_network *network, unsigned depth) {
    return depth == 0                   ? network->family
           : depth == SORT_KEY_SIZE - 1 ? network->prefix_length
                                        : network->address[depth - 1];
}

static void sort_by_insertion(simdinet_network *networks, size_t n) {
    for (size_t i = 1; i < n; i++) {
        simdinet_network moved = networks[i];
        size_t to = i;
        for (; to > 0 && network_order(&moved, &networks[to - 1]) < 0; to--)
            networks[to] = networks[to - 1];
        networks[to] = moved;
    }
}

/* Moves every network to the bucket of its byte: buckets[i] is where bucket i ends. */
__attribute__((noinline)) static void
sort_into_buckets(simdinet_network *networks, const size_t buckets[SORT_BUCKETS], unsigned depth) {
    size_t next[SORT_BUCKETS];
    next[0] = 0;
    memcpy(next + 1, buckets, sizeof next - sizeof *next);
    for (unsigned b = 0; b < SORT_BUCKETS; b++) {
        while (next[b] < buckets[b]) {
            simdinet_network moved = networks[next[b]];
            unsigned to = sort_key_byte(&moved, depth);
            while (to != b) {
                simdinet_network *place = &networks[next[to]++];
                simdinet_network displaced = *place;
                *place = moved;
                moved = displaced;
                to = sort_key_byte(&moved, depth);
            }
            networks[next[b]++] = moved;
        }
    }
}

/* Recurses only where keys differ; a level takes about 2 KB of stack. */
static void sort_from(simdinet_network *networks, size_t n, unsigned depth) {
    size_t buckets[SORT_BUCKETS];
    for (;; depth++) {
        if (n <= SORT_INSERTION_MAX) {
            sort_by_insertion(networks, n);
            return;
        }
        if (depth == SORT_KEY_SIZE)
            return;
        memset(buckets, 0, sizeof buckets);
        for (size_t i = 0; i < n; i++)
            buckets[sort_key_byte(&networks[i], depth)]++;
        if (buckets[sort_key_byte(&networks[0], depth)] < n)
            break;
    }
    for (unsigned b = 1; b < SORT_BUCKETS; b++)
        buckets[b] += buckets[b - 1];
    sort_into_buckets(networks, buckets, depth);
    size_t start = 0;
    for (unsigned b = 0; b < SORT_BUCKETS; b++) {
        if (buckets[b] - start > 1)
            sort_from(networks + start, buckets[b] - start, depth + 1);
        start = buckets[b];
    }
}

size_t simdinet_sort_networks(simdinet_network *networks, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!network_is_valid(&networks[i]))
            return SIMDINET_INVALID_NETWORKS;
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        bits128_store(networks[i].address, network_span(&networks[i]).first);
        sorted &= i == 0 || network_order(&networks[i - 1], &networks[i]) <= 0;
    }
    if (!sorted)
        sort_from(networks, n, 0);
    return n;
}
