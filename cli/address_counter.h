/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_counter.h - counts how often each address occurs, from any number of threads.
 *
 * Memory: at most 64 bytes per distinct address, including growth and sorting, for any number of
 * threads. The addresses are distributed over shards by their hash, so that each is in one table; a
 * thread collects a batch of addresses for a shard before it takes the lock of that shard.
 */
#ifndef SIMDINET_ADDRESS_COUNTER_H
#define SIMDINET_ADDRESS_COUNTER_H

#include "address_table.h"

typedef struct address_counter address_counter;

/* NULL: out of memory. */
address_counter *address_counter_new(void);
void address_counter_free(address_counter *counter);

/* Adds an address: 1 if it is new, 0 if not, -1: out of memory. Not thread-safe. */
int address_counter_add(address_counter *counter, const uint8_t *address, bool ipv6);

/* Starts to load what address_counter_add reads for an address. */
void address_counter_prefetch(const address_counter *counter, const uint8_t *address, bool ipv6);

/* The addresses of one thread that are not yet in the shards. */
typedef struct local_batch local_batch;

/* alone: no other thread adds to the counter. NULL: out of memory. */
local_batch *local_batch_new(address_counter *counter, bool alone);

/* Addresses on their way to a batch. */
enum { GROUP_SIZE = 64 };
typedef struct {
    size_t ipv4_count, ipv6_count;
    uint32_t ipv4[GROUP_SIZE]; /* their bytes, in memory order */
    uint8_t ipv6[GROUP_SIZE][16];
} address_group;

/* Counts the addresses of a group. False: out of memory. */
bool local_batch_add(local_batch *batch, const address_group *group);

/* Moves the rest to the shards. False: out of memory. */
bool local_batch_flush(local_batch *batch);

/* Moves the rest to the shards and frees the batch, which may be NULL. False: out of memory. */
bool local_batch_free(local_batch *batch);

/*
 * Stores all counts to *counts and their number to *n: in address order, IPv4 before IPv6; by_count: the
 * highest first, equal ones in address order. They are valid until address_counter_clear or _free, and
 * nothing can be added before. False: out of memory.
 */
bool address_counter_sort(address_counter *counter, bool by_count, const address_count **counts,
                          size_t *n);

/* Puts the first n of the sorted counts into address order. */
void address_counter_order(address_counter *counter, size_t n);

/* Forgets all counts. */
void address_counter_clear(address_counter *counter);

#endif
