/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_items.c - sorting of networks for a set, and the segments that they form.
 */
#include "network_items.h"

#include <string.h>

/* ---- order ----------------------------------------------------------------------------------- */

/* The keys are 17 bytes: prefix length, then the address from its last byte on. */
enum { ITEM_KEY_SIZE = 17 };

static unsigned item_key_byte(const network_item *item, unsigned k) {
    return k == 0  ? item->length
           : k < 9 ? (unsigned)(item->first.low >> (8 * (k - 1))) & 0xff
                   : (unsigned)(item->first.high >> (8 * (k - 9))) & 0xff;
}

static bool item_before(const network_item *a, const network_item *b) {
    return bits128_less(a->first, b->first) ||
           (bits128_equal(a->first, b->first) && a->length < b->length);
}

/* A pass of a radix sort from the last byte of the keys on, which is stable. Returns false, without a
 * pass, if the byte is the same everywhere. */
static bool sort_items_by_byte(const network_item *items, network_item *out, size_t n, unsigned k) {
    size_t next[256] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        next[item_key_byte(&items[i], k)]++;
    if (next[item_key_byte(&items[0], k)] == n)
        return false;
    for (unsigned b = 0; b < 256; b++) {
        size_t count = next[b];
        next[b] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        out[next[item_key_byte(&items[i], k)]++] = items[i];
    return true;
}

network_item *simdinet_network_items_sort(network_item *items, network_item *spare, size_t n) {
    size_t i = 1;
    while (i < n && !item_before(&items[i], &items[i - 1]))
        i++;
    if (i >= n)
        return items;
    for (unsigned k = 0; k < ITEM_KEY_SIZE; k++)
        if (sort_items_by_byte(items, spare, n, k)) {
            network_item *sorted = spare;
            spare = items;
            items = sorted;
        }
    return items;
}

static bool same_network(const network_item *a, const network_item *b) {
    return bits128_equal(a->first, b->first) && a->length == b->length;
}

size_t simdinet_network_items_unique(network_item *items, size_t n) {
    size_t n_unique = 0;
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || !same_network(&items[i], &items[i + 1]))
            items[n_unique++] = items[i];
    return n_unique;
}

/* ---- segments -------------------------------------------------------------------------------- */

/* Begins a segment with the match of an item, NULL for none. Positions do not descend; of several
 * segments at one position the last counts. */
static size_t begin_segment(trie_segment *segments, size_t n, bits128 first,
                            const network_item *match) {
    trie_segment segment = {first, match ? match->value : 0,
                            match ? match->length : NETWORK_NO_MATCH};
    if (n > 0 && bits128_equal(segments[n - 1].first, first))
        n--;
    if (n > 0 && segments[n - 1].value == segment.value && segments[n - 1].length == segment.length)
        return n;
    segments[n] = segment;
    return n + 1;
}

size_t simdinet_network_items_segment(const network_item *items, size_t n, trie_segment *segments) {
    enum { MAX_NESTED = 129 }; /* prefix lengths 0 to 128 */
    /* The networks around the position; open[0]: none. */
    const network_item *open[MAX_NESTED + 1] = {NULL};
    bits128 last[MAX_NESTED + 1];
    unsigned depth = 0;
    size_t n_segments = begin_segment(segments, 0, (bits128){0, 0}, NULL);
    for (size_t i = 0; i <= n; i++) {
        /* Networks that end before this one, from the innermost on. */
        while (depth > 0 && (i == n || bits128_less(last[depth], items[i].first))) {
            bits128 after = bits128_next(last[depth--]);
            if (after.high | after.low)
                n_segments = begin_segment(segments, n_segments, after, open[depth]);
        }
        if (i == n)
            break;
        bits128 host = bits128_host_mask(items[i].length);
        open[++depth] = &items[i];
        last[depth] = (bits128){items[i].first.high | host.high, items[i].first.low | host.low};
        n_segments = begin_segment(segments, n_segments, items[i].first, &items[i]);
    }
    return n_segments;
}
