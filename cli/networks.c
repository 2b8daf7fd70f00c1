/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * networks.c - the set: stretches of addresses that are sorted and do not touch, and an index by the
 * first 16 bits of an address into them.
 *
 * An address is in the set when the first stretch that does not end before it has begun. The index
 * bounds the search for that one: with 100,000 networks to the few that share 16 bits. It takes
 * 256 KiB a family.
 */
#include "networks.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 16 };

/* An address as a number; IPv4 takes the upper 32 bits of high. */
typedef struct {
    uint64_t high, low;
} number;

typedef struct {
    number first, last;
} stretch;

typedef struct {
    stretch *stretches;
    size_t count, room;
    number *lasts;   /* the ends alone: the search touches nothing else */
    uint32_t *index; /* [b]: the first stretch that does not end before bucket b; BUCKETS + 1 */
} family;

struct networks {
    family ipv4, ipv6;
};

static uint64_t read_big_endian(const uint8_t *bytes, unsigned count) {
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static number ipv4_number(const uint8_t *address) {
    return (number){read_big_endian(address, 4) << 32, 0};
}

static number ipv6_number(const uint8_t *address) {
    return (number){read_big_endian(address, 8), read_big_endian(address + 8, 8)};
}

static bool less(number a, number b) {
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

networks *networks_new(void) {
    return calloc(1, sizeof(networks));
}

static void family_free(family *of) {
    free(of->stretches);
    free(of->lasts);
    free(of->index);
}

void networks_free(networks *set) {
    if (!set)
        return;
    family_free(&set->ipv4);
    family_free(&set->ipv6);
    free(set);
}

bool networks_add(networks *set, const network_range *range) {
    family *of = range->ipv6 ? &set->ipv6 : &set->ipv4;
    if (of->count == of->room) {
        size_t room = of->room ? 2 * of->room : 64;
        stretch *more = room > UINT32_MAX ? NULL : realloc(of->stretches, room * sizeof *more);
        if (!more)
            return false;
        of->stretches = more;
        of->room = room;
    }
    of->stretches[of->count++] =
        range->ipv6 ? (stretch){ipv6_number(range->first), ipv6_number(range->last)}
                    : (stretch){ipv4_number(range->first), ipv4_number(range->last)};
    return true;
}

static int by_first(const void *left, const void *right) {
    const stretch *a = left, *b = right;
    return less(b->first, a->first) - less(a->first, b->first);
}

/* Joins stretches that overlap. Those that only touch may stay two: the search does not mind. */
static void join(family *of) {
    size_t n = 0;
    for (size_t i = 0; i < of->count; i++) {
        stretch *next = &of->stretches[i];
        if (n > 0 && !less(of->stretches[n - 1].last, next->first)) {
            if (less(of->stretches[n - 1].last, next->last))
                of->stretches[n - 1].last = next->last;
        } else {
            of->stretches[n++] = *next;
        }
    }
    of->count = n;
}

static bool family_build(family *of) {
    if (of->count == 0)
        return true;
    qsort(of->stretches, of->count, sizeof *of->stretches, by_first);
    join(of);
    of->lasts = malloc(of->count * sizeof *of->lasts);
    of->index = malloc((BUCKETS + 1) * sizeof *of->index);
    if (!of->lasts || !of->index)
        return false;
    for (size_t i = 0; i < of->count; i++)
        of->lasts[i] = of->stretches[i].last;
    uint32_t at = 0;
    for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
        while (at < of->count && of->lasts[at].high >> 48 < bucket)
            at++;
        of->index[bucket] = at;
    }
    of->index[BUCKETS] = (uint32_t)of->count;
    return true;
}

bool networks_build(networks *set) {
    return family_build(&set->ipv4) && family_build(&set->ipv6);
}

static bool family_contains(const family *of, number address) {
    if (of->count == 0)
        return false;
    size_t bucket = address.high >> 48;
    size_t at = of->index[bucket], end = of->index[bucket + 1];
    while (at < end) {
        size_t middle = at + (end - at) / 2;
        bool before = less(of->lasts[middle], address);
        at = before ? middle + 1 : at;
        end = before ? end : middle;
    }
    return at < of->count && !less(address, of->stretches[at].first);
}

bool networks_contain(const networks *set, const simdinet_match *match) {
    if (match->family == 4)
        return family_contains(&set->ipv4, ipv4_number(match->address));
    if (match->flags & SIMDINET_MATCH_MAPPED &&
        family_contains(&set->ipv4, ipv4_number(match->address + 12)))
        return true;
    return family_contains(&set->ipv6, ipv6_number(match->address));
}
