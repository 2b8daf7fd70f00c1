/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_counter.c - 16 shards of two hash tables, one per address family.
 */
#include "address_counter.h"

#include "address_sort.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The upper bits of a hash select the shard, the lower bits the slot in its table. */
enum { SHARD_BITS = 4, SHARDS = 1 << SHARD_BITS, SHARD_SHIFT = 32 - SHARD_BITS };

/* The addresses that a batch holds per shard. */
enum { BATCH_IPV4 = 64, BATCH_IPV6 = 32 };

typedef struct {
    pthread_mutex_t lock;
    ipv4_table ipv4;
    ipv6_table ipv6;
} shard;

struct address_counter {
    shard shards[SHARDS];
    address_count *sorted;
};

typedef struct {
    unsigned ipv4_count, ipv6_count;
    uint32_t ipv4[BATCH_IPV4], ipv4_hash[BATCH_IPV4];
    uint8_t ipv6[BATCH_IPV6][16];
    uint32_t ipv6_hash[BATCH_IPV6];
} shard_batch;

struct local_batch {
    address_counter *counter;
    bool alone;
    shard_batch shards[SHARDS];
};

static void free_tables(shard *s) {
    ipv4_table_free(&s->ipv4);
    ipv6_table_free(&s->ipv6);
}

address_counter *address_counter_new(void) {
    address_counter *counter = calloc(1, sizeof *counter);
    if (!counter)
        return NULL;
#if defined(M_MMAP_THRESHOLD)
    /* Large blocks are mapped, so that freed tables are returned to the system. musl always does so. */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
    for (unsigned i = 0; i < SHARDS; i++)
        pthread_mutex_init(&counter->shards[i].lock, NULL);
    if (address_hash_seed())
        return counter;
    address_counter_free(counter);
    return NULL;
}

void address_counter_free(address_counter *counter) {
    if (!counter)
        return;
    for (unsigned i = 0; i < SHARDS; i++) {
        free_tables(&counter->shards[i]);
        pthread_mutex_destroy(&counter->shards[i].lock);
    }
    free(counter->sorted);
    free(counter);
}

int address_counter_add(address_counter *counter, const uint8_t *address, bool ipv6) {
    uint32_t key, hash;
    if (ipv6) {
        hash = hash_ipv6(address);
        return ipv6_table_add(&counter->shards[hash >> SHARD_SHIFT].ipv6, address, hash);
    }
    memcpy(&key, address, 4);
    hash = hash_ipv4(key);
    return ipv4_table_add(&counter->shards[hash >> SHARD_SHIFT].ipv4, key, hash);
}

void address_counter_prefetch(const address_counter *counter, const uint8_t *address, bool ipv6) {
    uint32_t key, hash;
    if (ipv6) {
        hash = hash_ipv6(address);
        ipv6_table_prefetch(&counter->shards[hash >> SHARD_SHIFT].ipv6, hash);
        return;
    }
    memcpy(&key, address, 4);
    hash = hash_ipv4(key);
    ipv4_table_prefetch(&counter->shards[hash >> SHARD_SHIFT].ipv4, hash);
}

local_batch *local_batch_new(address_counter *counter, bool alone) {
    local_batch *batch = calloc(1, sizeof *batch);
    if (batch) {
        batch->counter = counter;
        batch->alone = alone;
    }
    return batch;
}

static bool count_ipv4(shard *s, uint32_t address, uint32_t hash) {
    return ipv4_table_count(&s->ipv4, address, hash) ||
           ipv4_table_add(&s->ipv4, address, hash) >= 0;
}

static bool count_ipv6(shard *s, const uint8_t address[16], uint32_t hash) {
    return ipv6_table_count(&s->ipv6, address, hash) ||
           ipv6_table_add(&s->ipv6, address, hash) >= 0;
}

/*
 * Adds the addresses of a shard to its tables. All slots are prefetched before the first is used: the
 * tables exceed a first-level cache.
 */
static bool flush_shard(local_batch *batch, unsigned i) {
    shard *s = &batch->counter->shards[i];
    const shard_batch *from = &batch->shards[i];
    const unsigned ipv4 = from->ipv4_count, ipv6 = from->ipv6_count;
    bool ok = true;
    pthread_mutex_lock(&s->lock);
    for (unsigned k = 0; k < ipv4; k++)
        ipv4_table_prefetch(&s->ipv4, from->ipv4_hash[k]);
    for (unsigned k = 0; k < ipv6; k++)
        ipv6_table_prefetch(&s->ipv6, from->ipv6_hash[k]);
    for (unsigned k = 0; k < ipv4 && ok; k++)
        ok = count_ipv4(s, from->ipv4[k], from->ipv4_hash[k]);
    for (unsigned k = 0; k < ipv6 && ok; k++)
        ok = count_ipv6(s, from->ipv6[k], from->ipv6_hash[k]);
    pthread_mutex_unlock(&s->lock);
    batch->shards[i].ipv4_count = batch->shards[i].ipv6_count = 0;
    return ok;
}

static bool add_ipv4(local_batch *batch, uint32_t address) {
    const uint32_t hash = hash_ipv4(address), i = hash >> SHARD_SHIFT;
    shard_batch *to = &batch->shards[i];
    to->ipv4[to->ipv4_count] = address;
    to->ipv4_hash[to->ipv4_count++] = hash;
    return to->ipv4_count < BATCH_IPV4 || flush_shard(batch, i);
}

static bool add_ipv6(local_batch *batch, const uint8_t address[16]) {
    const uint32_t hash = hash_ipv6(address), i = hash >> SHARD_SHIFT;
    shard_batch *to = &batch->shards[i];
    memcpy(to->ipv6[to->ipv6_count], address, 16);
    to->ipv6_hash[to->ipv6_count++] = hash;
    return to->ipv6_count < BATCH_IPV6 || flush_shard(batch, i);
}

/* Adds the addresses to the tables at once, as flush_shard does. */
static bool count_group(address_counter *counter, const address_group *group) {
    uint32_t ipv4_hash[GROUP_SIZE], ipv6_hash[GROUP_SIZE];
    const size_t ipv4 = group->ipv4_count, ipv6 = group->ipv6_count;
    bool ok = true;
    for (size_t i = 0; i < ipv4; i++) {
        const uint32_t hash = ipv4_hash[i] = hash_ipv4(group->ipv4[i]);
        ipv4_table_prefetch(&counter->shards[hash >> SHARD_SHIFT].ipv4, hash);
    }
    for (size_t i = 0; i < ipv6; i++) {
        const uint32_t hash = ipv6_hash[i] = hash_ipv6(group->ipv6[i]);
        ipv6_table_prefetch(&counter->shards[hash >> SHARD_SHIFT].ipv6, hash);
    }
    for (size_t i = 0; i < ipv4 && ok; i++)
        ok =
            count_ipv4(&counter->shards[ipv4_hash[i] >> SHARD_SHIFT], group->ipv4[i], ipv4_hash[i]);
    for (size_t i = 0; i < ipv6 && ok; i++)
        ok =
            count_ipv6(&counter->shards[ipv6_hash[i] >> SHARD_SHIFT], group->ipv6[i], ipv6_hash[i]);
    return ok;
}

bool local_batch_add(local_batch *batch, const address_group *group) {
    bool ok = true;
    if (batch->alone)
        return count_group(batch->counter, group);
    for (size_t i = 0; i < group->ipv4_count && ok; i++)
        ok = add_ipv4(batch, group->ipv4[i]);
    for (size_t i = 0; i < group->ipv6_count && ok; i++)
        ok = add_ipv6(batch, group->ipv6[i]);
    return ok;
}

bool local_batch_flush(local_batch *batch) {
    bool ok = true;
    for (unsigned i = 0; batch && i < SHARDS; i++)
        ok = flush_shard(batch, i) && ok;
    return ok;
}

bool local_batch_free(local_batch *batch) {
    bool ok = local_batch_flush(batch);
    free(batch);
    return ok;
}

/* Whether an IPv4 address has a count that its slot cannot hold. */
static bool has_carried(const address_counter *counter) {
    bool carried = false;
    for (unsigned i = 0; i < SHARDS; i++)
        carried |= counter->shards[i].ipv4.carried.used > 0;
    return carried;
}

static size_t move_ipv4(address_counter *counter, address_count *to) {
    size_t n = 0;
    for (unsigned i = 0; i < SHARDS; i++)
        n += ipv4_table_move(&counter->shards[i].ipv4, to + n);
    return n;
}

static size_t move_ipv6(address_counter *counter, address_count *to) {
    size_t n = 0;
    for (unsigned i = 0; i < SHARDS; i++)
        n += ipv6_table_move(&counter->shards[i].ipv6, to + n);
    return n;
}

/* Merges the sorted keys of IPv4 addresses with the sorted counts of IPv6 addresses, which are at the end of the
 * list. What is written stays before what is still to be read. */
static void merge(const uint64_t *keys, size_t ipv4, bool by_count, address_count *list,
                  size_t ipv6) {
    const address_count *entry = list + ipv4, *const end = entry + ipv6;
    for (size_t i = 0; i < ipv4;)
        *list++ = entry == end || !by_count || ipv4_key_count(keys[i]) >= entry->count
                      ? ipv4_key_entry(keys[i++])
                      : *entry++;
}

/* Moves the counts to the list, in order. Each family is sorted in the form that takes the least memory. */
static bool move_sorted(address_counter *counter, bool by_count, size_t ipv4, size_t ipv6,
                        address_count *list) {
    uint64_t *keys = malloc((2 * ipv4 + 1) * sizeof *keys);
    if (!keys)
        return false;
    size_t n = 0;
    for (unsigned i = 0; i < SHARDS; i++)
        n += ipv4_table_move_keys(&counter->shards[i].ipv4, keys + n);
    move_ipv6(counter, list + ipv4);
    sort_counts(list + ipv4, ipv6, by_count);
    merge(sort_ipv4_keys(keys, keys + ipv4, ipv4, by_count), ipv4, by_count, list, ipv6);
    free(keys);
    return true;
}

/* Unwritten pages take no memory, and the tables are freed one by one while their counts are moved: this
 * stays below the peak of the tables. */
bool address_counter_sort(address_counter *counter, bool by_count, const address_count **counts,
                          size_t *n) {
    size_t ipv4 = 0, ipv6 = 0;
    for (unsigned i = 0; i < SHARDS; i++) {
        ipv4 += counter->shards[i].ipv4.used;
        ipv6 += counter->shards[i].ipv6.used;
    }
    address_count *list = counter->sorted = malloc((ipv4 + ipv6 + 1) * sizeof *list);
    if (!list)
        return false;
    if (has_carried(counter)) {
        move_ipv6(counter, list + move_ipv4(counter, list));
        sort_counts(list, ipv4 + ipv6, by_count);
    } else if (!move_sorted(counter, by_count, ipv4, ipv6, list)) {
        return false;
    }
    *counts = list;
    *n = ipv4 + ipv6;
    return true;
}

static int compare_addresses(const void *left, const void *right) {
    const address_count *a = left, *b = right;
    return a->ipv6 != b->ipv6 ? (int)a->ipv6 - (int)b->ipv6 : memcmp(a->address, b->address, 16);
}

void address_counter_order(address_counter *counter, size_t n) {
    qsort(counter->sorted, n, sizeof *counter->sorted, compare_addresses);
}

void address_counter_clear(address_counter *counter) {
    free(counter->sorted);
    counter->sorted = NULL;
    for (unsigned i = 0; i < SHARDS; i++)
        free_tables(&counter->shards[i]);
}
