/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_peers_dpdk.c - rte_lpm, rte_fib and rte_fib6 of DPDK (Debian: libdpdk-dev), without huge
 * pages.
 */
#include "network_peers.h"

#include <rte_eal.h>
#include <rte_fib.h>
#include <rte_fib6.h>
#include <rte_lpm.h>
#include <rte_malloc.h>

enum { NO_MATCH = 0xffffff, SPARE_RULES = 16 };

static uint32_t ipv4_number(const peer_network *network) {
    const uint8_t *a = network->address;
    return (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
}

/*
 * rte_lpm_add compares each rule with all others of its length, two minutes for a million. Networks up
 * to /24 are written to the table of the first 24 bits as it would do, from the shortest on.
 */
static peer_table *lpm_build(const peer_network *networks, size_t n) {
    const struct rte_lpm_config config = {.max_rules = SPARE_RULES, .number_tbl8s = 256};
    struct rte_lpm *lpm = rte_lpm_create("lpm", SOCKET_ID_ANY, &config);
    for (unsigned length = 0; lpm && length <= 24; length++)
        for (size_t i = 0; i < n; i++) {
            if (networks[i].length > 24)
                return NULL;
            if (networks[i].length != length)
                continue;
            struct rte_lpm_tbl_entry entry = {
                .next_hop = networks[i].value & 0xffffff, .valid = 1, .depth = length & 0x3f};
            size_t first = ipv4_number(&networks[i]) >> 8;
            for (size_t k = 0; k < (size_t)1 << (24 - length); k++)
                lpm->tbl24[first + k] = entry;
        }
    return (peer_table *)lpm;
}

static void lpm_lookup(const peer_table *table, const void *addresses, size_t n, void *results) {
    rte_lpm_lookup_bulk((const struct rte_lpm *)table, (const uint32_t *)addresses,
                        (uint32_t *)results, (unsigned)n);
}

static uint32_t lpm_value(const void *results, size_t i) {
    uint32_t result = ((const uint32_t *)results)[i];
    return result & RTE_LPM_LOOKUP_SUCCESS ? result & 0xffffff : UINT32_MAX;
}

static peer_table *fib_build(const peer_network *networks, size_t n) {
    struct rte_fib_conf config = {.type = RTE_FIB_DIR24_8,
                                  .default_nh = NO_MATCH,
                                  .max_routes = (int)n + SPARE_RULES,
                                  .dir24_8 = {.nh_sz = RTE_FIB_DIR24_8_4B, .num_tbl8 = 4096}};
    struct rte_fib *fib = rte_fib_create("fib", SOCKET_ID_ANY, &config);
    for (size_t i = 0; fib && i < n; i++)
        if (rte_fib_add(fib, ipv4_number(&networks[i]), networks[i].length, networks[i].value) < 0)
            return NULL;
    return (peer_table *)fib;
}

static void fib_lookup(const peer_table *table, const void *addresses, size_t n, void *results) {
    /* The functions take pointers without const. */
    rte_fib_lookup_bulk((struct rte_fib *)(uintptr_t)table, (uint32_t *)(uintptr_t)addresses,
                        (uint64_t *)results, (int)n);
}

static uint32_t fib_value(const void *results, size_t i) {
    uint64_t result = ((const uint64_t *)results)[i];
    return result == NO_MATCH ? UINT32_MAX : (uint32_t)result;
}

static peer_table *fib6_build(const peer_network *networks, size_t n) {
    struct rte_fib6_conf config = {.type = RTE_FIB6_TRIE,
                                   .default_nh = NO_MATCH,
                                   .max_routes = (int)n + SPARE_RULES,
                                   .trie = {.nh_sz = RTE_FIB6_TRIE_4B, .num_tbl8 = 1 << 19}};
    struct rte_fib6 *fib = rte_fib6_create("fib6", SOCKET_ID_ANY, &config);
    for (size_t i = 0; fib && i < n; i++)
        if (rte_fib6_add(fib, networks[i].address, networks[i].length, networks[i].value) < 0)
            return NULL;
    return (peer_table *)fib;
}

static void fib6_lookup(const peer_table *table, const void *addresses, size_t n, void *results) {
    rte_fib6_lookup_bulk((struct rte_fib6 *)(uintptr_t)table, (uint8_t(*)[16])(uintptr_t)addresses,
                         (uint64_t *)results, (int)n);
}

static size_t allocated(void) {
    struct rte_malloc_socket_stats stats;
    return rte_malloc_get_socket_stats(0, &stats) == 0 ? stats.heap_allocsz_bytes : 0;
}

size_t network_peers_dpdk(const peer **peers) {
    static const peer list[] = {
        {"rte_lpm", 4, lpm_build, lpm_lookup, lpm_value, allocated, ", written directly"},
        {"rte_fib", 4, fib_build, fib_lookup, fib_value, allocated, ""},
        {"rte_fib6", 6, fib6_build, fib6_lookup, fib_value, allocated, ""}};
    static char *arguments[] = {
        "bench_network", "--no-huge", "-m", "2048",        "--no-pci", "--no-telemetry",
        "--no-shconf",   "-l",        "0",  "--log-level", "3"};
    if (rte_eal_init(sizeof arguments / sizeof *arguments, arguments) < 0)
        return 0;
    *peers = list;
    return sizeof list / sizeof *list;
}
