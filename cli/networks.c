/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * networks.c - the set: stretches of addresses that are sorted and do not overlap, and an index into
 * them.
 *
 * An address is in the set when the first stretch that does not end before it has begun. The index
 * cuts the space from the first stretch to the last one into 65,536 equal parts at most and bounds
 * the search to the stretches of one part: with 100,000 real networks a few. What IPv4 needs for
 * them stays below 1 MiB, which second-level caches hold.
 */
#include "networks.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = BUFFER_SIZED(1 << 16, 1 << 6) };

typedef struct {
    uint64_t high, low;
} number;

typedef struct {
    uint32_t first, last;
} ipv4_stretch;

typedef struct {
    number first, last;
} ipv6_stretch;

/* Which stretches are to be searched for an address whose upper 64 bits (IPv4: all 32) are given. */
typedef struct {
    uint64_t base, most; /* where the first stretch starts and the last one ends; 1, 0: none does */
    unsigned shift;      /* from the distance to base to the number of a part */
    uint32_t *begin;     /* [part]: the first stretch that does not end before it; PARTS + 1 */
} index16;

struct networks {
    ipv4_stretch *ipv4;
    ipv6_stretch *ipv6;
    size_t ipv4_count, ipv4_room, ipv6_count, ipv6_room;
    index16 ipv4_index, ipv6_index;
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

static number ipv6_number(const uint8_t *address) {
    return (number){read_big_endian(address, 8), read_big_endian(address + 8, 8)};
}

static bool less(number a, number b) {
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

networks *networks_new(void) {
    networks *set = calloc(1, sizeof *set);
    if (set)
        set->ipv4_index.base = set->ipv6_index.base = 1;
    return set;
}

void networks_free(networks *set) {
    if (!set)
        return;
    free(set->ipv4);
    free(set->ipv6);
    free(set->ipv4_index.begin);
    free(set->ipv6_index.begin);
    free(set);
}

/* Makes room for one more element of a list. The index counts in 32 bits. */
static bool make_room(void **list, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return true;
    size_t more = *room ? 2 * *room : 64;
    void *larger = more > UINT32_MAX ? NULL : realloc(*list, more * size);
    if (!larger)
        return false;
    *list = larger;
    *room = more;
    return true;
}

bool networks_add(networks *set, const network_range *range) {
    void *list = range->ipv6 ? (void *)set->ipv6 : (void *)set->ipv4;
    if (range->ipv6) {
        if (!make_room(&list, set->ipv6_count, &set->ipv6_room, sizeof *set->ipv6))
            return false;
        set->ipv6 = list;
        set->ipv6[set->ipv6_count++] =
            (ipv6_stretch){ipv6_number(range->first), ipv6_number(range->last)};
    } else {
        if (!make_room(&list, set->ipv4_count, &set->ipv4_room, sizeof *set->ipv4))
            return false;
        set->ipv4 = list;
        set->ipv4[set->ipv4_count++] =
            (ipv4_stretch){ipv4_number(range->first), ipv4_number(range->last)};
    }
    return true;
}

/*
 * Sorts by first, byte by byte from the last one on. Lists hold 100,000 networks and more: comparing
 * them took longer than reading them.
 */
static bool sort_ipv4(ipv4_stretch *list, size_t n) {
    ipv4_stretch *room = malloc(n * sizeof *room), *from = list, *to = room;
    if (!room)
        return false;
    for (unsigned shift = 0; shift < 32; shift += 8) { /* an even number of times: ends in list */
        size_t places[257] = {0};
        for (size_t i = 0; i < n; i++)
            places[(from[i].first >> shift & 0xff) + 1]++;
        for (unsigned i = 1; i < 256; i++)
            places[i] += places[i - 1];
        for (size_t i = 0; i < n; i++)
            to[places[from[i].first >> shift & 0xff]++] = from[i];
        ipv4_stretch *sorted = to;
        to = from;
        from = sorted;
    }
    free(room);
    return true;
}

static int ipv6_by_first(const void *left, const void *right) {
    const ipv6_stretch *a = left, *b = right;
    return less(b->first, a->first) - less(a->first, b->first);
}

/* Joins stretches that overlap. Those that only touch may stay two: the search does not mind. */
static size_t join_ipv4(ipv4_stretch *list, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n == 0 || list[n - 1].last < list[i].first)
            list[n++] = list[i];
        else if (list[n - 1].last < list[i].last)
            list[n - 1].last = list[i].last;
    }
    return n;
}

static size_t join_ipv6(ipv6_stretch *list, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n == 0 || less(list[n - 1].last, list[i].first))
            list[n++] = list[i];
        else if (less(list[n - 1].last, list[i].last))
            list[n - 1].last = list[i].last;
    }
    return n;
}

static bool index_open(index16 *index, uint64_t base, uint64_t most) {
    index->base = base;
    index->most = most;
    while ((most - base) >> index->shift >= PARTS)
        index->shift++;
    index->begin = malloc((PARTS + 1) * sizeof *index->begin);
    return index->begin != NULL;
}

/* The next stretch in order ends at last: no part up to that one needs to look before it. */
static uint32_t index_add(index16 *index, uint32_t part, uint64_t last, size_t stretch) {
    while (part <= (last - index->base) >> index->shift)
        index->begin[part++] = (uint32_t)stretch;
    return part;
}

static bool build_ipv4(networks *set) {
    ipv4_stretch *list = set->ipv4;
    size_t n = set->ipv4_count;
    uint32_t part = 0;
    if (n == 0)
        return true;
    if (!sort_ipv4(list, n))
        return false;
    n = set->ipv4_count = join_ipv4(list, n);
    if (!index_open(&set->ipv4_index, list[0].first, list[n - 1].last))
        return false;
    for (size_t i = 0; i < n; i++)
        part = index_add(&set->ipv4_index, part, list[i].last, i);
    set->ipv4_index.begin[part] = (uint32_t)n - 1;
    return true;
}

static bool build_ipv6(networks *set) {
    ipv6_stretch *list = set->ipv6;
    size_t n = set->ipv6_count;
    uint32_t part = 0;
    if (n == 0)
        return true;
    qsort(list, n, sizeof *list, ipv6_by_first);
    n = set->ipv6_count = join_ipv6(list, n);
    if (!index_open(&set->ipv6_index, list[0].first.high, list[n - 1].last.high))
        return false;
    for (size_t i = 0; i < n; i++)
        part = index_add(&set->ipv6_index, part, list[i].last.high, i);
    set->ipv6_index.begin[part] = (uint32_t)n - 1;
    return true;
}

bool networks_build(networks *set) {
    return build_ipv4(set) && build_ipv6(set);
}

/*
 * Where the first stretch can be that does not end before an address: between the first one that
 * does not end before the address's part, and the first one that does not end before the next.
 * The searches below halve what is between them without a branch that could be guessed wrong.
 */
static bool index_find(const index16 *index, uint64_t high, size_t *at, size_t *count) {
    if (high < index->base || high > index->most)
        return false;
    size_t part = (size_t)((high - index->base) >> index->shift);
    *at = index->begin[part];
    *count = index->begin[part + 1] - *at;
    return true;
}

static bool contains_ipv4(const networks *set, uint32_t address) {
    const ipv4_stretch *list = set->ipv4;
    size_t at, count;
    if (!index_find(&set->ipv4_index, address, &at, &count))
        return false;
    while (count > 0) {
        size_t half = (count + 1) / 2;
        at += list[at + half - 1].last < address ? half : 0;
        count -= half;
    }
    return address - list[at].first <= list[at].last - list[at].first;
}

static bool contains_ipv6(const networks *set, number address) {
    const ipv6_stretch *list = set->ipv6;
    size_t at, count;
    if (!index_find(&set->ipv6_index, address.high, &at, &count))
        return false;
    while (count > 0) {
        size_t half = (count + 1) / 2;
        at += less(list[at + half - 1].last, address) ? half : 0;
        count -= half;
    }
    return !less(address, list[at].first) && !less(list[at].last, address);
}

bool networks_contain(const networks *set, const simdinet_match *match) {
    if (match->family == 4)
        return contains_ipv4(set, ipv4_number(match->address));
    if (match->flags & SIMDINET_MATCH_MAPPED &&
        contains_ipv4(set, ipv4_number(match->address + 12)))
        return true;
    return contains_ipv6(set, ipv6_number(match->address));
}
