/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * tally.h - how often each address was seen, by any number of threads.
 *
 * Costs at most 64 bytes for each distinct address, also while it grows and while it is sorted, and
 * however many threads count: the addresses are dealt out over shards by their hash, so that each
 * stands in one table only, and a thread locks one shard for a handful of addresses at a time.
 */
#ifndef SIMDINET_TALLY_H
#define SIMDINET_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tally tally;

typedef struct {
    uint8_t address[16]; /* network order; an IPv4 address takes the first 4, zeros follow */
    uint64_t ipv6 : 1;
    uint64_t count : 63;
} tally_entry;

/* NULL: no memory. */
tally *tally_new(void);
void tally_free(tally *t);

/* Counts one more of an address: 1 when it is the first, 0 when not, -1: no memory. One thread. */
int tally_add_new(tally *t, const uint8_t *address, bool ipv6);

/* What a thread has counted and not dealt out yet. */
typedef struct tally_hand tally_hand;

/* NULL: no memory. */
tally_hand *tally_hand_new(tally *t);

/* Counts one more of an address. False: no memory. */
bool tally_add_ipv4(tally_hand *hand, const uint8_t address[4]);
bool tally_add_ipv6(tally_hand *hand, const uint8_t address[16]);

/* Deals out the rest and frees the hand, which may be NULL. False: no memory. */
bool tally_hand_free(tally_hand *hand);

/*
 * Stores to *entries all that was counted, most frequent first, ties in address order with IPv4
 * before IPv6, and to *count how many they are. Ends the tally: the entries live until tally_free,
 * and nothing can be added. False: no memory.
 */
bool tally_sort(tally *t, const tally_entry **entries, size_t *count);

#endif
