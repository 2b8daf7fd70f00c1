/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.h - a set of networks, and whether an address is in one of them.
 */
#ifndef SIMDINET_NETWORK_SET_H
#define SIMDINET_NETWORK_SET_H

#include "network_parse.h"

typedef struct network_set network_set;

/* NULL: out of memory. */
network_set *network_set_new(void);
void network_set_free(network_set *set);

/* Adds a range. False: out of memory. */
bool network_set_add(network_set *set, const network_range *range);

/* Builds the index, after the last addition. False: out of memory. */
bool network_set_build(network_set *set);

/* Whether the address of the match is in the set; a mapped address also as the IPv4 address in it. */
bool network_set_contains(const network_set *set, const simdinet_match *match);

#endif
