/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * tally.h - how often each address was seen.
 *
 * Costs at most 64 bytes for each distinct address, also while it grows and while it is sorted.
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

tally *tally_new(void);
void tally_free(tally *t);

/* Counts one more of an address. False: no memory. */
bool tally_add_ipv4(tally *t, const uint8_t address[4]);
bool tally_add_ipv6(tally *t, const uint8_t address[16]);

/*
 * Stores to *entries all that was counted, most frequent first, ties in address order with IPv4
 * before IPv6, and to *count how many they are. Ends the tally: the entries live until tally_free,
 * and nothing can be added. False: no memory.
 */
bool tally_sort(tally *t, const tally_entry **entries, size_t *count);

#endif
