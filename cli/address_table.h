/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_table.h - hash tables from addresses to counts.
 *
 * Open addressing with linear probing. An IPv4 address is found in one cache line: a slot has 8 bytes, and
 * the table is half full at most, so that an address takes 32 bytes at most, and 48 while the table grows.
 * An IPv6 slot has 24 bytes, and the table is 13/16 full at most: 60 bytes, and 89 while it grows. A slot with the count 0 is
 * empty; nothing is removed. The hashes are seeded: input cannot be chosen to collide.
 */
#ifndef SIMDINET_ADDRESS_TABLE_H
#define SIMDINET_ADDRESS_TABLE_H

#include "buffer_size.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    uint8_t address[16]; /* network order; an IPv4 address takes the first 4, zeros follow */
    uint64_t ipv6 : 1;
    uint64_t count : 63;
} address_count;

typedef struct {
    uint32_t address; /* its bytes, in memory order */
    uint32_t count;
} ipv4_slot;

/* size is a power of two, or 0 before the first address. Start with zeros. */
typedef struct {
    address_count *slots;
    size_t size, used;
} ipv6_table;

typedef struct {
    ipv4_slot *slots;
    size_t size, used;
    ipv6_table carried; /* counts that exceed a slot, by the address and 12 zeros */
} ipv4_table;

/* Random after address_hash_seed. False: errno. */
extern uint64_t address_seed[2];
bool address_hash_seed(void);

static inline uint64_t hash_mix(uint64_t x) {
    x = (x ^ x >> 32) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 29) * 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
}

static inline uint32_t hash_ipv4(uint32_t address) {
    return (uint32_t)hash_mix(address ^ address_seed[0]);
}

/* The upper half is mixed before it is combined with the lower: otherwise differences in both could be
 * chosen to cancel for every seed. */
static inline uint32_t hash_ipv6(const uint8_t address[16]) {
    uint64_t high, low;
    memcpy(&high, address, 8);
    memcpy(&low, address + 8, 8);
    return (uint32_t)hash_mix(hash_mix(high ^ address_seed[0]) ^ low ^ address_seed[1]);
}

/* The highest count of an ipv4_slot. */
static const uint32_t ipv4_max_count = BUFFER_SIZED(UINT32_MAX, 3);

/* Count an address that is in the first slot of its hash, as most are. False: nothing is changed. */
static inline bool ipv4_table_count(ipv4_table *table, uint32_t address, uint32_t hash) {
    if (table->size == 0)
        return false;
    ipv4_slot *slot = &table->slots[hash & (table->size - 1)];
    if (slot->address != address || slot->count == 0 || slot->count == ipv4_max_count)
        return false;
    slot->count++;
    return true;
}

static inline bool ipv6_table_count(ipv6_table *table, const uint8_t address[16], uint32_t hash) {
    if (table->size == 0)
        return false;
    address_count *slot = &table->slots[hash & (table->size - 1)];
    if (slot->count == 0 || memcmp(slot->address, address, 16) != 0)
        return false;
    slot->count++;
    return true;
}

/* Count an address, by its hash: 1 if it is new, 0 if not, -1: out of memory. */
int ipv4_table_add(ipv4_table *table, uint32_t address, uint32_t hash);
int ipv6_table_add(ipv6_table *table, const uint8_t address[16], uint32_t hash);

/* Starts to load the slot of an address into the cache. */
static inline void ipv4_table_prefetch(const ipv4_table *table, uint32_t hash) {
    if (table->size > 0)
        __builtin_prefetch(&table->slots[hash & (table->size - 1)], 1);
}

static inline void ipv6_table_prefetch(const ipv6_table *table, uint32_t hash) {
    if (table->size > 0)
        __builtin_prefetch(&table->slots[hash & (table->size - 1)], 1);
}

/* The count and the address of an IPv4 address in one number: the highest count, then the lowest address first. */
static inline uint64_t ipv4_key(const ipv4_slot *slot) {
    const uint8_t *at = (const uint8_t *)&slot->address;
    const uint32_t address =
        (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return (uint64_t)~slot->count << 32 | address;
}

static inline uint32_t ipv4_key_count(uint64_t key) {
    return ~(uint32_t)(key >> 32);
}

/* Appends the counts, in any order, and frees the table. Return how many. */
size_t ipv4_table_move(ipv4_table *table, address_count *to);
size_t ipv6_table_move(ipv6_table *table, address_count *to);

/* The same with keys, if no count is carried. */
size_t ipv4_table_move_keys(ipv4_table *table, uint64_t *to);

void ipv4_table_free(ipv4_table *table);
void ipv6_table_free(ipv6_table *table);

#endif
