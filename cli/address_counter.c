/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_counter.c - 16 shards of two hash tables, one per address family, and a radix sort.
 *
 * khash tables have a load of 0.385 to 0.77 and grow in place: an IPv4 address (12 bytes per slot) takes
 * at most 32 bytes, an IPv6 address (24) at most 63.
 */
#include "address_counter.h"

#include <khash.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Random, so that input cannot be chosen to collide. */
static uint64_t seed[2];

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 32) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 29) * 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
}

static khint_t hash_ipv4(uint32_t address) {
    return (khint_t)mix(address ^ seed[0]);
}

static khint_t hash_address(const uint8_t address[16]) {
    uint64_t high, low;
    memcpy(&high, address, 8);
    memcpy(&low, address + 8, 8);
    /* high is mixed before it is combined with low: otherwise differences in both could be chosen to
     * cancel for every seed. */
    return (khint_t)mix(mix(high ^ seed[0]) ^ low ^ seed[1]);
}

static khint_t hash_ipv6(address_count entry) {
    return hash_address(entry.address);
}

static int equal_ipv4(uint32_t a, uint32_t b) {
    return a == b;
}

static int equal_ipv6(address_count a, address_count b) {
    return memcmp(a.address, b.address, 16) == 0;
}

/* The macros of khash do not compile with -Wconversion. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
KHASH_INIT(ipv4, uint32_t, uint64_t, 1, hash_ipv4, equal_ipv4)
/* cppcheck-suppress legacyUninitvar ; a set has no values to read */
KHASH_INIT(ipv6, address_count, char, 0, hash_ipv6, equal_ipv6)
#pragma GCC diagnostic pop

/* The upper bits of a hash select the shard, the lower bits the slot in its table. */
enum { SHARD_BITS = 4, SHARDS = 1 << SHARD_BITS, SHARD_SHIFT = 32 - SHARD_BITS };

/* The addresses that a batch holds per shard. */
enum { BATCH_IPV4 = 64, BATCH_IPV6 = 32 };

typedef struct {
    pthread_mutex_t lock;
    khash_t(ipv4) * ipv4;
    khash_t(ipv6) * ipv6;
} shard;

struct address_counter {
    shard shards[SHARDS];
    address_count *sorted;
};

struct local_batch {
    address_counter *counter;
    struct {
        unsigned ipv4_count, ipv6_count;
        uint32_t ipv4[BATCH_IPV4];
        uint8_t ipv6[BATCH_IPV6][16];
    } shards[SHARDS];
};

static bool open_tables(shard *s) {
    s->ipv4 = kh_init(ipv4);
    s->ipv6 = kh_init(ipv6);
    return s->ipv4 && s->ipv6;
}

static void free_tables(shard *s) {
    kh_destroy(ipv4, s->ipv4);
    kh_destroy(ipv6, s->ipv6);
    s->ipv4 = NULL;
    s->ipv6 = NULL;
}

address_counter *address_counter_new(void) {
    address_counter *counter = calloc(1, sizeof *counter);
    if (!counter)
        return NULL;
#if defined(M_MMAP_THRESHOLD)
    /* Large blocks are mapped, so that freed tables are returned to the system. musl always does so. */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
    bool ok = getentropy(seed, sizeof seed) == 0;
    for (unsigned i = 0; i < SHARDS; i++) {
        shard *s = &counter->shards[i];
        pthread_mutex_init(&s->lock, NULL);
        ok = open_tables(s) && ok;
    }
    if (ok)
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

static int put_ipv4(shard *s, uint32_t key) {
    int state;
    khint_t slot = kh_put(ipv4, s->ipv4, key, &state);
    if (state < 0)
        return -1;
    if (state > 0)
        kh_val(s->ipv4, slot) = 0;
    kh_val(s->ipv4, slot)++;
    return state > 0;
}

static int put_ipv6(shard *s, const uint8_t address[16]) {
    address_count key = {.ipv6 = 1, .count = 0};
    int state;
    memcpy(key.address, address, 16);
    khint_t slot = kh_put(ipv6, s->ipv6, key, &state);
    if (state < 0)
        return -1;
    kh_key(s->ipv6, slot).count++;
    return state > 0;
}

int address_counter_add(address_counter *counter, const uint8_t *address, bool ipv6) {
    uint32_t key;
    if (ipv6)
        return put_ipv6(&counter->shards[hash_address(address) >> SHARD_SHIFT], address);
    memcpy(&key, address, 4);
    return put_ipv4(&counter->shards[hash_ipv4(key) >> SHARD_SHIFT], key);
}

local_batch *local_batch_new(address_counter *counter) {
    local_batch *batch = calloc(1, sizeof *batch);
    if (batch)
        batch->counter = counter;
    return batch;
}

/* The slots of a batch are read before the first is used: the tables exceed a first-level cache. */
static void prefetch_shard(const local_batch *batch, unsigned i) {
    const shard *s = &batch->counter->shards[i];
    const khint_t ipv4_mask = kh_n_buckets(s->ipv4) - 1, ipv6_mask = kh_n_buckets(s->ipv6) - 1;
    for (unsigned k = 0; kh_n_buckets(s->ipv4) > 0 && k < batch->shards[i].ipv4_count; k++) {
        const khint_t slot = hash_ipv4(batch->shards[i].ipv4[k]) & ipv4_mask;
        __builtin_prefetch(&kh_key(s->ipv4, slot));
        __builtin_prefetch(&kh_val(s->ipv4, slot), 1);
    }
    for (unsigned k = 0; kh_n_buckets(s->ipv6) > 0 && k < batch->shards[i].ipv6_count; k++)
        __builtin_prefetch(&kh_key(s->ipv6, hash_address(batch->shards[i].ipv6[k]) & ipv6_mask), 1);
}

/* Adds the addresses of a shard to its tables. */
static bool flush_shard(local_batch *batch, unsigned i) {
    shard *s = &batch->counter->shards[i];
    bool ok = true;
    pthread_mutex_lock(&s->lock);
    prefetch_shard(batch, i);
    for (unsigned k = 0; k < batch->shards[i].ipv4_count && ok; k++)
        ok = put_ipv4(s, batch->shards[i].ipv4[k]) >= 0;
    for (unsigned k = 0; k < batch->shards[i].ipv6_count && ok; k++)
        ok = put_ipv6(s, batch->shards[i].ipv6[k]) >= 0;
    pthread_mutex_unlock(&s->lock);
    batch->shards[i].ipv4_count = batch->shards[i].ipv6_count = 0;
    return ok;
}

bool local_batch_add_ipv4(local_batch *batch, const uint8_t address[4]) {
    uint32_t key;
    memcpy(&key, address, 4);
    unsigned i = hash_ipv4(key) >> SHARD_SHIFT;
    batch->shards[i].ipv4[batch->shards[i].ipv4_count++] = key;
    return batch->shards[i].ipv4_count < BATCH_IPV4 || flush_shard(batch, i);
}

bool local_batch_add_ipv6(local_batch *batch, const uint8_t address[16]) {
    unsigned i = hash_address(address) >> SHARD_SHIFT;
    memcpy(batch->shards[i].ipv6[batch->shards[i].ipv6_count++], address, 16);
    return batch->shards[i].ipv6_count < BATCH_IPV6 || flush_shard(batch, i);
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

/* Appends the counts of a shard and frees its table. */
static size_t move_ipv4(shard *s, address_count *to) {
    size_t n = 0;
    for (khint_t slot = kh_begin(s->ipv4); slot != kh_end(s->ipv4); slot++) {
        if (!kh_exist(s->ipv4, slot))
            continue;
        uint32_t key = kh_key(s->ipv4, slot);
        address_count *entry = &to[n++];
        *entry = (address_count){.count = kh_val(s->ipv4, slot) & INT64_MAX};
        memcpy(entry->address, &key, 4);
    }
    kh_destroy(ipv4, s->ipv4);
    s->ipv4 = NULL;
    return n;
}

static size_t move_ipv6(shard *s, address_count *to) {
    size_t n = 0;
    for (khint_t slot = kh_begin(s->ipv6); slot != kh_end(s->ipv6); slot++)
        if (kh_exist(s->ipv6, slot))
            to[n++] = kh_key(s->ipv6, slot);
    kh_destroy(ipv6, s->ipv6);
    s->ipv6 = NULL;
    return n;
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
        total += (size_t)kh_size(counter->shards[i].ipv4) + kh_size(counter->shards[i].ipv6);
    /* Unwritten pages take no memory. The list fills while the tables are freed one by one, so that both
     * stay below the peak of the tables; so do list and scratch together. */
    address_count *list = counter->sorted = malloc((total ? total : 1) * sizeof *list);
    if (!list)
        return false;
    for (unsigned i = 0; i < SHARDS; i++)
        ipv4 += move_ipv4(&counter->shards[i], list + ipv4);
    for (unsigned i = 0; i < SHARDS; i++)
        ipv6 += move_ipv6(&counter->shards[i], list + ipv4 + ipv6);
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

bool address_counter_clear(address_counter *counter) {
    bool ok = true;
    free(counter->sorted);
    counter->sorted = NULL;
    for (unsigned i = 0; i < SHARDS; i++) {
        free_tables(&counter->shards[i]);
        ok = open_tables(&counter->shards[i]) && ok;
    }
    return ok;
}
