/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.c - sorted, disjoint ranges of addresses, and an index.
 *
 * *Lost*: simdinet_build_network_set, which also keeps values and prefix lengths. For 100,000 networks it takes
 * as long as to read the list, ten times as long as this, and a lookup reads more memory.
 *
 * *Lost*: IPv4 networks made of the ranges, sorted and aggregated by the library and made ranges again: three
 * times as long for 100,000 networks.
 *
 * An address is in the set if the first range that does not end before it starts at or before it. The
 * index divides the space from the first range to the last one into at most 65,536 equal buckets, 64 for
 * each range, and bounds the binary search to the ranges of one bucket: a few for 100,000 real networks. With
 * 65,536 buckets for one range, each lookup read from a second-level cache. The IPv4 data of 100,000 networks
 * takes 1 MiB. Before it is read, a bit for each /20 tells whether a range touches it: for most addresses of
 * a log none does, and 128 KiB stay in a second-level cache.
 */
#include "network_set.h"

#include "buffer_size.h"
#include "ipv4_ranges.h"
#include "network_ranges.h"
#include "simdinet_network_set.h"

#include <stdlib.h>
#include <string.h>

/* LARGE: ranges from which on lookups are worth a prefetch. */
enum {
    MAX_BUCKETS = BUFFER_SIZED(1 << 16, 1 << 6),
    RANGE_BUCKETS = BUFFER_SIZED(64, 4),
    LARGE = BUFFER_SIZED(1024, 8)
};

typedef struct {
    uint64_t high, low;
} uint128;

typedef struct {
    uint128 first, last;
} ipv6_range;

/* Maps the upper 64 bits of an address (IPv4: all 32) to the ranges to search. */
typedef struct {
    uint64_t base, max; /* the start of the first range, the end of the last; 1, 0: empty */
    unsigned shift;     /* bucket of x: (x - base) >> shift */
    uint32_t *begin;    /* [bucket]: the first range that does not end before it */
} range_index;

struct network_set {
    network_array list; /* of IPv6, until the set is built */
    ipv4_array ipv4;
    uint64_t *touched; /* a bit for each /20 that has an address of the set; NULL: not large */
    ipv6_range *ipv6;
    bool keep_mapped;
    bool large; /* of IPv6: not in a first-level cache */
    range_index ipv4_index, ipv6_index;
    uint32_t classes;
};

/* gcc 12's -fanalyzer does not see what simdinet_networks_to_ranges stores. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wanalyzer-use-of-uninitialized-value"
#endif
static uint64_t read_big_endian(const uint8_t *bytes, unsigned count) {
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
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
    free(set->ipv4.ranges);
    free(set->touched);
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
    if (item->classes)
        return true;
    return range.ipv6
               ? network_array_add(&set->list, &range)
               : ipv4_array_add(&set->ipv4, ipv4_number(range.first), ipv4_number(range.last));
}

/* For n ranges in [base, max]. */
static bool index_init(range_index *index, uint64_t base, uint64_t max, size_t n) {
    const size_t buckets = n < MAX_BUCKETS / RANGE_BUCKETS ? n * RANGE_BUCKETS : MAX_BUCKETS;
    index->base = base;
    index->max = max;
    while ((max - base) >> index->shift >= buckets)
        index->shift++;
    index->begin = malloc((buckets + 1) * sizeof *index->begin);
    return index->begin != NULL;
}

/* Sets begin for the buckets up to the one of last, the end of the range. */
static uint32_t index_extend(range_index *index, uint32_t bucket, uint64_t last, size_t range) {
    while (bucket <= (last - index->base) >> index->shift)
        index->begin[bucket++] = (uint32_t)range;
    return bucket;
}

static bool mark_touched(network_set *set) {
    uint64_t *touched = set->touched = calloc((1 << 20) / 64, sizeof *touched);
    for (size_t i = 0; i < set->ipv4.count && touched; i++)
        for (uint32_t part = set->ipv4.ranges[i].first >> 12;
             part <= set->ipv4.ranges[i].last >> 12; part++)
            touched[part / 64] |= UINT64_C(1) << part % 64;
    return touched != NULL;
}

static bool build_ipv4(network_set *set) {
    if (!ipv4_array_merge(&set->ipv4))
        return false;
    const ipv4_range *list = set->ipv4.ranges;
    const size_t n = set->ipv4.count;
    uint32_t bucket = 0;
    if (n == 0)
        return true;
    if (n >= UINT32_MAX || !index_init(&set->ipv4_index, list[0].first, list[n - 1].last, n))
        return false;
    for (size_t i = 0; i < n; i++)
        bucket = index_extend(&set->ipv4_index, bucket, list[i].last, i);
    set->ipv4_index.begin[bucket] = (uint32_t)n - 1;
    return n <= LARGE || mark_touched(set);
}

static bool build_ipv6(network_set *set, const simdinet_range *ranges, size_t n) {
    ipv6_range *list = malloc(n * sizeof *list);
    uint32_t bucket = 0;
    set->ipv6 = list;
    for (size_t i = 0; i < n && list; i++)
        list[i] = (ipv6_range){ipv6_number(ranges[i].first), ipv6_number(ranges[i].last)};
    if (!list || !index_init(&set->ipv6_index, list[0].first.high, list[n - 1].last.high, n))
        return false;
    for (size_t i = 0; i < n; i++)
        bucket = index_extend(&set->ipv6_index, bucket, list[i].last.high, i);
    set->ipv6_index.begin[bucket] = (uint32_t)n - 1;
    return true;
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic pop
#endif

bool network_set_build(network_set *set) {
    simdinet_network *networks = set->list.networks;
    size_t n = simdinet_aggregate_networks(networks, set->list.count);
    simdinet_range *ranges = n > 0 && n < UINT32_MAX ? malloc(n * sizeof *ranges) : NULL;
    bool ok = n == 0 || ranges;
    if (ok && n > 0)
        n = simdinet_networks_to_ranges(networks, n, ranges, n);
    free(networks);
    set->list = (network_array){0};
    ok = ok && build_ipv4(set) && (n == 0 || build_ipv6(set, ranges, n));
    free(ranges);
    set->large = n > LARGE;
    return ok;
}

unsigned network_set_families(const network_set *set) {
    const bool ipv4 = set->ipv4.count > 0;
    if (set->classes)
        return SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    return (ipv4 ? SIMDINET_SCAN_IPV4 : 0) |
           (set->ipv6 || (ipv4 && !set->keep_mapped) ? SIMDINET_SCAN_IPV6 : 0);
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

static bool is_touched(const network_set *set, uint32_t address) {
    return set->touched[address >> 18] >> (address >> 12 & 63) & 1;
}

static bool contains_ipv4(const network_set *set, uint32_t address) {
    const ipv4_range *list = set->ipv4.ranges;
    size_t at, count;
    if (set->touched && !is_touched(set, address))
        return false;
    if (!index_lookup(&set->ipv4_index, address, &at, &count))
        return false;
    while (count > 2) {
        size_t half = (count + 1) / 2;
        at += list[at + half - 1].last < address ? half : 0;
        count -= half;
    }
    /* Few ranges are the usual case, and how few cannot be predicted. */
    at += (size_t)(count > 0) & (size_t)(list[at].last < address);
    at += (size_t)(count > 1) & (size_t)(list[at].last < address);
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
    if (match->family == 4 && !set->classes)
        return contains_ipv4(set, ipv4_number(match->address));
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

/* Prefetches the bit of an address, which is looked up later than the next one, and what that one needs. */
static void prefetch_ipv4(const network_set *set, uint32_t address, bool near) {
    size_t at, count;
    if (!set->touched)
        return;
    if (!near)
        __builtin_prefetch(&set->touched[address >> 18]);
    else if (is_touched(set, address) && index_lookup(&set->ipv4_index, address, &at, &count))
        __builtin_prefetch(&set->ipv4.ranges[at]);
}

static void prefetch_ipv6(const network_set *set, uint64_t high, bool near) {
    const range_index *index = &set->ipv6_index;
    size_t at, count;
    if (!set->large || high < index->base || high > index->max)
        return;
    if (!near)
        __builtin_prefetch(&index->begin[(high - index->base) >> index->shift]);
    else if (index_lookup(index, high, &at, &count))
        __builtin_prefetch(&set->ipv6[at]);
}

static void prefetch(const network_set *set, const simdinet_match *match, bool near) {
    if (match->family == 4)
        prefetch_ipv4(set, ipv4_number(match->address), near);
    else if (match->flags & SIMDINET_MATCH_MAPPED && !set->keep_mapped)
        prefetch_ipv4(set, ipv4_number(match->address + 12), near);
    else
        prefetch_ipv6(set, read_big_endian(match->address, 8), near);
}

void network_set_prefetch(const network_set *set, const simdinet_match *matches, size_t n) {
    enum { FAR = 16, NEAR = 8 };
    if (!set->touched && !set->large)
        return;
    if (n > FAR)
        prefetch(set, &matches[FAR], false);
    if (n > NEAR)
        prefetch(set, &matches[NEAR], true);
}
