// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// network_peers.h - longest-prefix lookup by the libraries that bench_network compares with.
#ifndef BENCH_NETWORK_PEERS_H
#define BENCH_NETWORK_PEERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A network of the tables: addresses in network order, 4 or 16 bytes used.
typedef struct peer_network {
    uint8_t address[16];
    uint8_t length;
    uint32_t value; // below 2^24
} peer_network;

typedef struct peer_table peer_table;

typedef struct peer {
    const char *name;
    int family;
    // Builds a table, or returns NULL.
    peer_table *(*build)(const peer_network *networks, size_t n);
    // Looks up n addresses: of IPv4 as numbers in the order of the machine, of IPv6 as 16 bytes each.
    void (*lookup)(const peer_table *table, const void *addresses, size_t n, void *results);
    // The value of result i, or UINT32_MAX if there is no match.
    uint32_t (*value)(const void *results, size_t i);
    // The bytes that the library has allocated for all of its tables.
    size_t (*memory)(void);
    const char *note; // on how the table was built
} peer;

// Prepares those of DPDK; returns their number, 0 if there are none.
size_t network_peers_dpdk(const peer **peers);

// libmaxminddb, if BENCH_MAXMINDDB is defined.
const peer *network_peer_mmdb(void);

#ifdef __cplusplus
}
#endif

#endif
