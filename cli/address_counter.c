/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_counter.c - 16 shards of two hash tables, one per address family, and a radix sort.
 */
#include "address_counter.h"

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

local_batch *local_batch_new(address_counter *counter) {
    local_batch *batch = calloc(1, sizeof *batch);
    if (batch)
        batch->counter = counter;
    return batch;
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
        ok = ipv4_table_count(&s->ipv4, from->ipv4[k], from->ipv4_hash[k]) ||
             ipv4_table_add(&s->ipv4, from->ipv4[k], from->ipv4_hash[k]) >= 0;
    for (unsigned k = 0; k < ipv6 && ok; k++)
        ok = ipv6_table_count(&s->ipv6, from->ipv6[k], from->ipv6_hash[k]) ||
             ipv6_table_add(&s->ipv6, from->ipv6[k], from->ipv6_hash[k]) >= 0;
    pthread_mutex_unlock(&s->lock);
    batch->shards[i].ipv4_count = batch->shards[i].ipv6_count = 0;
    return ok;
}

bool local_batch_add_ipv4(local_batch *batch, const uint8_t address[4]) {
    uint32_t key;
    memcpy(&key, address, 4);
    const uint32_t hash = hash_ipv4(key), i = hash >> SHARD_SHIFT;
    shard_batch *to = &batch->shards[i];
    to->ipv4[to->ipv4_count] = key;
    to->ipv4_hash[to->ipv4_count++] = hash;
    return to->ipv4_count < BATCH_IPV4 || flush_shard(batch, i);
}

bool local_batch_add_ipv6(local_batch *batch, const uint8_t address[16]) {
    const uint32_t hash = hash_ipv6(address), i = hash >> SHARD_SHIFT;
    shard_batch *to = &batch->shards[i];
    memcpy(to->ipv6[to->ipv6_count], address, 16);
    to->ipv6_hash[to->ipv6_count++] = hash;
    return to->ipv6_count < BATCH_IPV6 || flush_shard(batch, i);
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

/*
 * A radix sort with bytes as digits, least significant first: those of the address from its end, then
 * those of the inverted count. A digit that is equal in all entries is skipped. Each pass takes about
 * 2 ns per entry: 16 passes for IPv6 addresses and usually two for counts, in total a fifth of the time
 * of a comparison sort.
 */
enum { IPV4_DIGITS = 4, ADDRESS_DIGITS = 16 };

static uint8_t digit_of(const address_count *entry, unsigned digit) {
    if (digit < ADDRESS_DIGITS)
        return entry->address[ADDRESS_DIGITS - 1 - digit];
    return (uint8_t) ~(entry->count >> 8 * (digit - ADDRESS_DIGITS));
}

/* Sorts stably by one digit. False: it is equal in all entries, and to is unchanged. */
static bool sort_by_digit(unsigned digit, const address_count *from, address_count *to, size_t n) {
    size_t offsets[256] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        offsets[digit_of(&from[i], digit)]++;
    if (offsets[digit_of(from, digit)] == n)
        return false;
    for (unsigned i = 0; i < 256; i++) {
        size_t count = offsets[i];
        offsets[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[offsets[digit_of(&from[i], digit)]++] = from[i];
    return true;
}

/* Sorts by the digits [first, end). scratch has room for n entries. */
static void radix_sort(address_count *entries, address_count *scratch, size_t n, unsigned first,
                       unsigned end) {
    address_count *from = entries, *to = scratch;
    for (unsigned digit = first; digit < end && n > 0; digit++) {
        if (!sort_by_digit(digit, from, to, n))
            continue;
        address_count *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != entries)
        memcpy(entries, from, n * sizeof *entries);
}

bool address_counter_sort(address_counter *counter, bool by_count, const address_count **counts,
                          size_t *n) {
    size_t ipv4 = 0, ipv6 = 0, total = 0;
    for (unsigned i = 0; i < SHARDS; i++)
        total += counter->shards[i].ipv4.used + counter->shards[i].ipv6.used;
    /* Unwritten pages take no memory. The list fills while the tables are freed one by one, so that both
     * stay below the peak of the tables; so do list and scratch together. */
    address_count *list = counter->sorted = malloc((total ? total : 1) * sizeof *list);
    if (!list)
        return false;
    for (unsigned i = 0; i < SHARDS; i++)
        ipv4 += ipv4_table_move(&counter->shards[i].ipv4, list + ipv4);
    for (unsigned i = 0; i < SHARDS; i++)
        ipv6 += ipv6_table_move(&counter->shards[i].ipv6, list + ipv4 + ipv6);
    address_count *scratch = malloc((total ? total : 1) * sizeof *scratch);
    if (!scratch)
        return false;
    uint64_t bits = 0;
    for (size_t i = 0; i < total && by_count; i++)
        bits |= list[i].count;
    unsigned end = ADDRESS_DIGITS;
    for (; bits > 0; bits >>= 8)
        end++;
    /* IPv4 precedes IPv6 in the list, and the sort by count is stable. */
    radix_sort(list, scratch, ipv4, ADDRESS_DIGITS - IPV4_DIGITS, ADDRESS_DIGITS);
    radix_sort(list + ipv4, scratch, ipv6, 0, ADDRESS_DIGITS);
    radix_sort(list, scratch, total, ADDRESS_DIGITS, end);
    free(scratch);
    *counts = list;
    *n = total;
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
