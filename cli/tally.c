/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * tally.c - two hash tables, one a family, and the way from them to a sorted list.
 *
 * The tables are klib's khash, as htslib packages it. Their load lies between 0.385 and 0.77, so an
 * IPv4 address (12 bytes a slot) costs at most 32 bytes and an IPv6 address (24) at most 63.
 */
#include "tally.h"

#include <htslib/khash.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Log lines come from strangers: with a fixed hash they could choose addresses that collide. */
static uint64_t seed;

static khint_t mix(uint64_t x) {
    x = (x ^ x >> 32) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 29) * 0xd6e8feb86659fd93u;
    return (khint_t)(x >> 32);
}

static khint_t hash_ipv4(uint32_t address) {
    return mix(address ^ seed);
}

static khint_t hash_ipv6(tally_entry entry) {
    uint64_t high, low;
    memcpy(&high, entry.address, 8);
    memcpy(&low, entry.address + 8, 8);
    return mix(((high ^ seed) * 0x9e3779b97f4a7c15u + (seed >> 17)) ^ low);
}

static int same_ipv4(uint32_t a, uint32_t b) {
    return a == b;
}

static int same_ipv6(tally_entry a, tally_entry b) {
    return memcmp(a.address, b.address, 16) == 0;
}

/* khash's own arithmetic does not stand up to -Wconversion. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
KHASH_INIT(ipv4, uint32_t, uint64_t, 1, hash_ipv4, same_ipv4)
KHASH_INIT(ipv6, tally_entry, char, 0, hash_ipv6, same_ipv6)
#pragma GCC diagnostic pop

struct tally {
    khash_t(ipv4) * ipv4;
    khash_t(ipv6) * ipv6;
    tally_entry *sorted;
};

tally *tally_new(void) {
    tally *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->ipv4 = kh_init(ipv4);
    t->ipv6 = kh_init(ipv6);
    if (!t->ipv4 || !t->ipv6 || getentropy(&seed, sizeof seed) != 0) {
        tally_free(t);
        return NULL;
    }
    return t;
}

void tally_free(tally *t) {
    if (!t)
        return;
    kh_destroy(ipv4, t->ipv4);
    kh_destroy(ipv6, t->ipv6);
    free(t->sorted);
    free(t);
}

bool tally_add_ipv4(tally *t, const uint8_t address[4]) {
    uint32_t key;
    int state;
    memcpy(&key, address, 4);
    khint_t slot = kh_put(ipv4, t->ipv4, key, &state);
    if (state < 0)
        return false;
    if (state > 0)
        kh_val(t->ipv4, slot) = 0;
    kh_val(t->ipv4, slot)++;
    return true;
}

bool tally_add_ipv6(tally *t, const uint8_t address[16]) {
    tally_entry key = {.ipv6 = 1, .count = 0};
    int state;
    memcpy(key.address, address, 16);
    khint_t slot = kh_put(ipv6, t->ipv6, key, &state);
    if (state < 0)
        return false;
    kh_key(t->ipv6, slot).count++;
    return true;
}

static int by_count_then_address(const void *left, const void *right) {
    const tally_entry *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->ipv6 != b->ipv6)
        return a->ipv6 ? 1 : -1;
    return memcmp(a->address, b->address, 16);
}

bool tally_sort(tally *t, const tally_entry **entries, size_t *count) {
    /* The IPv6 table's slots are entries already: closing their ranks in place and giving the rest
     * back keeps the promise of 64 bytes while the sort needs room of its own. */
    tally_entry *sorted = t->ipv6->keys;
    size_t n = 0, total = (size_t)kh_size(t->ipv6) + kh_size(t->ipv4);
    for (khint_t slot = kh_begin(t->ipv6); slot != kh_end(t->ipv6); slot++)
        if (kh_exist(t->ipv6, slot))
            sorted[n++] = kh_key(t->ipv6, slot);
    t->ipv6->keys = NULL;
    kh_destroy(ipv6, t->ipv6);
    t->ipv6 = NULL;
    t->sorted = sorted;
    sorted = realloc(sorted, (total ? total : 1) * sizeof *sorted);
    if (!sorted)
        return false;
    t->sorted = sorted;
    for (khint_t slot = kh_begin(t->ipv4); slot != kh_end(t->ipv4); slot++) {
        if (!kh_exist(t->ipv4, slot))
            continue;
        uint32_t key = kh_key(t->ipv4, slot);
        tally_entry *entry = &sorted[n++];
        *entry = (tally_entry){.count = kh_val(t->ipv4, slot) & INT64_MAX};
        memcpy(entry->address, &key, 4);
    }
    kh_destroy(ipv4, t->ipv4);
    t->ipv4 = NULL;
    qsort(sorted, n, sizeof *sorted, by_count_then_address);
    *entries = sorted;
    *count = n;
    return true;
}
