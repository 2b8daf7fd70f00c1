/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * networks.h - a set of networks, and whether an address is in one of them.
 */
#ifndef SIMDINET_NETWORKS_H
#define SIMDINET_NETWORKS_H

#include "simdinet.h"

/* A stretch of addresses of one family, both ends within; IPv4 addresses take the first 4 bytes. */
typedef struct {
    uint8_t first[16], last[16];
    bool ipv6;
} network_range;

/* Why a text is no network, and which byte of it is to blame, counted from 0. */
typedef struct {
    const char *reason;
    size_t at;
} network_fault;

/*
 * Reads "192.0.2.0/24", "192.0.2.1-192.0.2.9" or "192.0.2.1", or the same of IPv6; blanks may
 * stand around the "-". Host bits of the first form do not count. A stretch of mapped addresses
 * is the stretch of the IPv4 addresses that they stand for.
 */
bool network_read(const char *text, size_t len, network_range *out, network_fault *fault);

typedef struct networks networks;

/* NULL: no memory. */
networks *networks_new(void);
void networks_free(networks *set);

/* Adds a stretch. False: no memory. */
bool networks_add(networks *set, const network_range *range);

/* Adds what an argument names, or each line of a list. False: complained. */
bool networks_add_argument(networks *set, const char *text);
bool networks_add_file(networks *set, const char *name);

/* Makes the set ready for questions, after the last addition. False: no memory. */
bool networks_build(networks *set);

/* Is the address of a match in one of the networks? A mapped one also counts as its IPv4. */
bool networks_contain(const networks *set, const simdinet_match *match);

#endif
