/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.c - sorted, disjoint ranges of addresses, and an index.
 *
 * An address is in the set if the first range that does not end before it starts at or before it. The
 * index divides the space from the first range to the last one into at most 65,536 equal buckets and
 * bounds the binary search to the ranges of one bucket: a few for 100,000 real networks. The IPv4 data
 * of these takes less than 1 MiB and stays in a second-level cache.
 */
#include "network_set.h"

#include "buffer_size.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = BUFFER_SIZED(1 << 16, 1 << 6) };

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
    ipv4_range *ipv4;
    ipv6_range *ipv6;
    size_t ipv4_count, ipv4_capacity, ipv6_count, ipv6_capacity;
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
    free(set->ipv4);
    free(set->ipv6);
    free(set->ipv4_index.begin);
    free(set->ipv6_index.begin);
    free(set);
}

/* Grows a list for one more element. Indices are 32-bit. */
static bool reserve(void **list, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return true;
    size_t more = *capacity ? 2 * *capacity : 64;
    void *larger = more > UINT32_MAX ? NULL : realloc(*list, more * size);
    if (!larger)
        return false;
    *list = larger;
    *capacity = more;
    return true;
}

bool network_set_add(network_set *set, const network_item *item) {
    const network_range *range = &item->range;
    set->classes |= item->classes;
    if (item->classes)
        return true;
    void *list = range->ipv6 ? (void *)set->ipv6 : (void *)set->ipv4;
    if (range->ipv6) {
        if (!reserve(&list, set->ipv6_count, &set->ipv6_capacity, sizeof *set->ipv6))
            return false;
        set->ipv6 = list;
        set->ipv6[set->ipv6_count++] =
            (ipv6_range){ipv6_number(range->first), ipv6_number(range->last)};
    } else {
        if (!reserve(&list, set->ipv4_count, &set->ipv4_capacity, sizeof *set->ipv4))
            return false;
        set->ipv4 = list;
        set->ipv4[set->ipv4_count++] =
            (ipv4_range){ipv4_number(range->first), ipv4_number(range->last)};
    }
    return true;
}

/*
 * Sorts by first: radix sort, least significant byte first. *Lost*: qsort, which takes longer than
 * parsing a list of 100,000 networks.
 */
static bool sort_ipv4(ipv4_range *list, size_t n) {
    ipv4_range *scratch = malloc(n * sizeof *scratch), *from = list, *to = scratch;
    if (!scratch)
        return false;
    for (unsigned shift = 0; shift < 32; shift += 8) { /* four passes: the result is in list */
        size_t offsets[257] = {0};
        for (size_t i = 0; i < n; i++)
            offsets[(from[i].first >> shift & 0xff) + 1]++;
        for (unsigned i = 1; i < 256; i++)
            offsets[i] += offsets[i - 1];
        for (size_t i = 0; i < n; i++)
            to[offsets[from[i].first >> shift & 0xff]++] = from[i];
        ipv4_range *sorted = to;
        to = from;
        from = sorted;
    }
    free(scratch);
    return true;
}

static int ipv6_by_first(const void *left, const void *right) {
    const ipv6_range *a = left, *b = right;
    return less(b->first, a->first) - less(a->first, b->first);
}

/* Merges overlapping ranges. Adjacent ones may stay separate. */
static size_t merge_ipv4(ipv4_range *list, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n == 0 || list[n - 1].last < list[i].first)
            list[n++] = list[i];
        else if (list[n - 1].last < list[i].last)
            list[n - 1].last = list[i].last;
    }
    return n;
}

static size_t merge_ipv6(ipv6_range *list, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n == 0 || less(list[n - 1].last, list[i].first))
            list[n++] = list[i];
        else if (less(list[n - 1].last, list[i].last))
            list[n - 1].last = list[i].last;
    }
    return n;
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

static bool build_ipv4(network_set *set) {
    ipv4_range *list = set->ipv4;
    size_t n = set->ipv4_count;
    uint32_t bucket = 0;
    if (n == 0)
        return true;
    if (!sort_ipv4(list, n))
        return false;
    n = set->ipv4_count = merge_ipv4(list, n);
    if (!index_init(&set->ipv4_index, list[0].first, list[n - 1].last))
        return false;
    for (size_t i = 0; i < n; i++)
        bucket = index_extend(&set->ipv4_index, bucket, list[i].last, i);
    set->ipv4_index.begin[bucket] = (uint32_t)n - 1;
    return true;
}

static bool build_ipv6(network_set *set) {
    ipv6_range *list = set->ipv6;
    size_t n = set->ipv6_count;
    uint32_t bucket = 0;
    if (n == 0)
        return true;
    qsort(list, n, sizeof *list, ipv6_by_first);
    n = set->ipv6_count = merge_ipv6(list, n);
    if (!index_init(&set->ipv6_index, list[0].first.high, list[n - 1].last.high))
        return false;
    for (size_t i = 0; i < n; i++)
        bucket = index_extend(&set->ipv6_index, bucket, list[i].last.high, i);
    set->ipv6_index.begin[bucket] = (uint32_t)n - 1;
    return true;
}

bool network_set_build(network_set *set) {
    return build_ipv4(set) && build_ipv6(set);
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
    if (set->classes && simdinet_classify(match->address, match->family) & set->classes)
        return true;
    if (match->family == 4)
        return contains_ipv4(set, ipv4_number(match->address));
    if (match->flags & SIMDINET_MATCH_MAPPED &&
        contains_ipv4(set, ipv4_number(match->address + 12)))
        return true;
    return contains_ipv6(set, ipv6_number(match->address));
}
