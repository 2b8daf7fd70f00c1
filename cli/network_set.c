/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.c - sorted, disjoint ranges of addresses, and an index.
 *
 * *Lost*: simdinet_build_network_set, which also keeps values and prefix lengths. For 100,000 networks it takes
 * as long as to read the list, ten times as long as this, and a lookup reads more memory.
 *
 * An address is in the set if the first range that does not end before it starts at or before it. The
 * index divides the space from the first range to the last one into at most 65,536 equal buckets and
 * bounds the binary search to the ranges of one bucket: a few for 100,000 real networks. The IPv4 data
 * of these takes less than 1 MiB and stays in a second-level cache.
 */
#include "network_set.h"

#include "buffer_size.h"
#include "network_ranges.h"
#include "simdinet_network_set.h"

#include <stdlib.h>
#include <string.h>

/* LARGE: ranges from which on lookups are worth a prefetch. */
enum { BUCKETS = BUFFER_SIZED(1 << 16, 1 << 6), LARGE = BUFFER_SIZED(1024, 8) };

typedef struct {
    uint64_t high, low;
} uint128;

typedef struct {
    uint32_t first, last;
} ipv4_range;

typedef struct {
    uint128 first, last;
} ipv6_range;

/* Maps the upper 64 bits of an address (IPv4: all 32) to the ranges to search. */
typedef struct {
    uint64_t base, max; /* the start of the first range, the end of the last; 1, 0: empty */
    unsigned shift;     /* bucket of x: (x - base) >> shift */
    uint32_t *begin;    /* [bucket]: the first range that does not end before it; BUCKETS + 1 */
} range_index;

struct network_set {
    network_array list; /* until the set is built */
    ipv4_range *ipv4;
    ipv6_range *ipv6;
    bool keep_mapped;
    bool large; /* not in a first-level cache */
    range_index ipv4_index, ipv6_index;
    uint32_t classes;
};

static uint64_t read_big_endian(const uint8_t *bytes, unsigned count) {
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static uint32_t ipv4_number(const uint8_t *address) {
    return (uint32_t)read_big_endian(address, 4);
}

static uint128 ipv6_number(const uint8_t *address) {
    return (uint128){read_big_endian(address, 8), read_big_endian(address + 8, 8)};
}

static bool less(uint128 a, uint128 b) {
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

network_set *network_set_new(void) {
    network_set *set = calloc(1, sizeof *set);
    if (set)
        set->ipv4_index.base = set->ipv6_index.base = 1;
    return set;
}

void network_set_free(network_set *set) {
    if (!set)
        return;
    free(set->list.networks);
    free(set->ipv4);
    free(set->ipv6);
    free(set->ipv4_index.begin);
    free(set->ipv6_index.begin);
    free(set);
}

void network_set_keep_mapped(network_set *set) {
    set->keep_mapped = true;
}

bool network_set_add(network_set *set, const network_item *item) {
    const network_range range = set->keep_mapped ? network_remap(item) : item->range;
    set->classes |= item->classes;
    return item->classes || network_array_add(&set->list, &range);
}

static bool index_init(range_index *index, uint64_t base, uint64_t max) {
    index->base = base;
    index->max = max;
    while ((max - base) >> index->shift >= BUCKETS)
        index->shift++;
    index->begin = malloc((BUCKETS + 1) * sizeof *index->begin);
    return index->begin != NULL;
}

/* Sets begin for the buckets up to the one of last, the end of the range. */
static uint32_t index_extend(range_index *index, uint32_t bucket, uint64_t last, size_t range) {
    while (bucket <= (last - index->base) >> index->shift)
        index->begin[bucket++] = (uint32_t)range;
    return bucket;
}

/* Copies n ranges of IPv4. */
static bool build_ipv4(network_set *set, const simdinet_range *ranges, size_t n) {
    ipv4_range *list = malloc(n * sizeof *list);
    uint32_t bucket = 0;
    set->ipv4 = list;
    for (size_t i = 0; i < n && list; i++)
        list[i] = (ipv4_range){ipv4_number(ranges[i].first), ipv4_number(ranges[i].last)};
    if (!list || !index_init(&set->ipv4_index, list[0].first, list[n - 1].last))
        return false;
    for (size_t i = 0; i < n; i++)
        bucket = index_extend(&set->ipv4_index, bucket, list[i].last, i);
    set->ipv4_index.begin[bucket] = (uint32_t)n - 1;
    return true;
}

static bool build_ipv6(network_set *set, const simdinet_range *ranges, size_t n) {
    ipv6_range *list = malloc(n * sizeof *list);
    uint32_t bucket = 0;
    set->ipv6 = list;
    for (size_t i = 0; i < n && list; i++)
        list[i] = (ipv6_range){ipv6_number(ranges[i].first), ipv6_number(ranges[i].last)};
    if (!list || !index_init(&set->ipv6_index, list[0].first.high, list[n - 1].last.high))
        return false;
    for (size_t i = 0; i < n; i++)
        bucket = index_extend(&set->ipv6_index, bucket, list[i].last.high, i);
    set->ipv6_index.begin[bucket] = (uint32_t)n - 1;
    return true;
}

bool network_set_build(network_set *set) {
    simdinet_network *networks = set->list.networks;
    size_t n = simdinet_aggregate_networks(networks, set->list.count), ipv4 = 0;
    simdinet_range *ranges = n > 0 && n < UINT32_MAX ? malloc(n * sizeof *ranges) : NULL;
    bool ok = n == 0 || ranges;
    if (ok)
        n = simdinet_networks_to_ranges(networks, n, ranges, n);
    free(networks);
    set->list = (network_array){0};
    while (ok && ipv4 < n && ranges[ipv4].family == 4)
        ipv4++;
    ok = ok && (ipv4 == 0 || build_ipv4(set, ranges, ipv4)) &&
         (ipv4 == n || build_ipv6(set, ranges + ipv4, n - ipv4));
    free(ranges);
    set->large = n > LARGE;
    return ok;
}

/*
 * The first range that does not end before an address is at most count past *at: between the begin of
 * its bucket and that of the next one. The binary searches below are branchless.
 */
static bool index_lookup(const range_index *index, uint64_t high, size_t *at, size_t *count) {
    if (high < index->base || high > index->max)
        return false;
    size_t bucket = (size_t)((high - index->base) >> index->shift);
    *at = index->begin[bucket];
    *count = index->begin[bucket + 1] - *at;
    return true;
}

static bool contains_ipv4(const network_set *set, uint32_t address) {
    const ipv4_range *list = set->ipv4;
    size_t at, count;
    if (!index_lookup(&set->ipv4_index, address, &at, &count))
        return false;
    while (count > 0) {
        size_t half = (count + 1) / 2;
        at += list[at + half - 1].last < address ? half : 0;
        count -= half;
    }
    return address - list[at].first <= list[at].last - list[at].first;
}

static bool contains_ipv6(const network_set *set, uint128 address) {
    const ipv6_range *list = set->ipv6;
    size_t at, count;
    if (!index_lookup(&set->ipv6_index, address.high, &at, &count))
        return false;
    while (count > 0) {
        size_t half = (count + 1) / 2;
        at += less(list[at + half - 1].last, address) ? half : 0;
        count -= half;
    }
    return !less(address, list[at].first) && !less(list[at].last, address);
}

bool network_set_contains(const network_set *set, const simdinet_match *match) {
    const bool mapped = match->flags & SIMDINET_MATCH_MAPPED;
    /* A mapped address has the classes of its IPv4 address as well. */
    const uint32_t classes = mapped && set->keep_mapped ? SIMDINET_CLASS_MAPPED : UINT32_MAX;
    if (set->classes & classes &&
        simdinet_classify(match->address, match->family) & set->classes & classes)
        return true;
    if (match->family == 4)
        return contains_ipv4(set, ipv4_number(match->address));
    if (mapped && !set->keep_mapped && contains_ipv4(set, ipv4_number(match->address + 12)))
        return true;
    return contains_ipv6(set, ipv6_number(match->address));
}

/* The upper 64 bits of the address that a lookup of a match starts with. */
static uint64_t key_of(const network_set *set, const simdinet_match *match, bool *ipv4) {
    const bool mapped = match->flags & SIMDINET_MATCH_MAPPED && !set->keep_mapped;
    *ipv4 = match->family == 4 || mapped;
    return *ipv4 ? ipv4_number(match->address + (match->family == 4 ? 0 : 12))
                 : read_big_endian(match->address, 8);
}

void network_set_prefetch(const network_set *set, const simdinet_match *matches, size_t n) {
    enum { INDEX_AHEAD = 16, RANGES_AHEAD = 8 };
    bool ipv4;
    if (!set->large)
        return;
    if (n > INDEX_AHEAD) {
        const uint64_t key = key_of(set, &matches[INDEX_AHEAD], &ipv4);
        const range_index *index = ipv4 ? &set->ipv4_index : &set->ipv6_index;
        if (key >= index->base && key <= index->max)
            __builtin_prefetch(&index->begin[(key - index->base) >> index->shift]);
    }
    if (n > RANGES_AHEAD) {
        size_t at, count;
        const uint64_t key = key_of(set, &matches[RANGES_AHEAD], &ipv4);
        if (index_lookup(ipv4 ? &set->ipv4_index : &set->ipv6_index, key, &at, &count))
            __builtin_prefetch(ipv4 ? (const void *)&set->ipv4[at] : &set->ipv6[at]);
    }
}
