/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.h - a set of networks, and whether an address is in one of them.
 */
#ifndef SIMDINET_COMMAND_NETWORK_SET_H
#define SIMDINET_COMMAND_NETWORK_SET_H

#include "network_parse.h"

typedef struct network_set network_set;

/* NULL: out of memory. */
network_set *network_set_new(void);
void network_set_free(network_set *set);

/* From now on ::ffff:a.b.c.d is an IPv6 address only, in networks as in matches. Before the first addition. */
void network_set_keep_mapped(network_set *set);

/* Adds a range, or all addresses of classes. False: out of memory. */
bool network_set_add(network_set *set, const network_item *item);

/* Builds the index, after the last addition. False: out of memory. */
bool network_set_build(network_set *set);

/* Whether the address of the match is in the set; a mapped address also as the IPv4 address in it,
 * unless network_set_keep_mapped was called. */
bool network_set_contains(const network_set *set, const simdinet_match *match);

/* SIMDINET_SCAN_IPV4 and _IPV6: of which families a match may be that is in the set. */
unsigned network_set_families(const network_set *set);

/* Prefetches for the lookups that follow that of the first of n matches. */
void network_set_prefetch(const network_set *set, const simdinet_match *matches, size_t n);

/* What selects addresses; each set may be NULL. */
typedef struct {
    const network_set *searched, *only; /* an address must be in both */
    const network_set *excluded;        /* and not in this one */
    unsigned
        family; /* 4 or 6: only addresses of this family, of which mapped ones are IPv4; 0: both */
} address_filter;

/* Whether the filter accepts the address of the match. */
static inline bool address_filter_accepts(const address_filter *filter,
                                          const simdinet_match *match) {
    if (filter->family > 0 &&
        (filter->family == 4) != (match->family == 4 || match->flags & SIMDINET_MATCH_MAPPED))
        return false;
    return (!filter->searched || network_set_contains(filter->searched, match)) &&
           (!filter->only || network_set_contains(filter->only, match)) &&
           !(filter->excluded && network_set_contains(filter->excluded, match));
}

/* Prefetches what the first set needs for matches after the first of n. */
static inline void address_filter_prefetch(const address_filter *filter,
                                           const simdinet_match *matches, size_t n) {
    const network_set *first = filter->searched ? filter->searched
                               : filter->only   ? filter->only
                                                : filter->excluded;
    if (first)
        network_set_prefetch(first, matches, n);
}

static inline bool address_filter_is_set(const address_filter *filter) {
    return filter->searched || filter->only || filter->excluded || filter->family > 0;
}

#endif
