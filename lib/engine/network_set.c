/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_set.c - section "sets of networks": building and single lookups.
 *
 * The networks of each family become sorted items, then segments, then a trie: network_items.c,
 * network_trie.c. Whatever they need is allocated through set_builder, which releases it.
 */
#include "network_set.h"

#include <stdlib.h>
#include <string.h>

#include "network_items.h"
#include "network_members.h"

/* ---- memory ---------------------------------------------------------------------------------- */

static void *allocate_by_malloc(void *context, size_t size) {
    (void)context;
    return malloc(size);
}

static void release_by_free(void *context, void *memory, size_t size) {
    (void)context;
    (void)size;
    free(memory);
}

typedef struct set_memory {
    void *memory; /* NULL: none */
    size_t size;
} set_memory;

enum {
    IPV4_SEGMENTS,
    IPV6_SEGMENTS,
    IPV4_COVERED,
    IPV6_COVERED,
    ITEMS,
    SPARE_ITEMS,
    MATCHES,
    MATCH_SLOTS,
    SET_MEMORIES
};

typedef struct set_family {
    unsigned family;
    size_t n_segments;
    trie_segment *segments;
    size_t n_covered;
    uint8_t *covered; /* records of covered_networks */
    trie_size size;
} set_family;

typedef struct set_builder {
    simdinet_allocator allocator;
    set_memory memories[SET_MEMORIES];
    set_family families[2];
    simdinet_network_match *matches; /* NULL: too many for narrow entries */
    size_t n_matches;
    size_t duplicate; /* the index of the first network that occurred before; n: none */
} set_builder;

/* n elements of size bytes, at least one; NULL if there is no memory. Each memory is used once at a
 * time. */
static void *builder_allocate(set_builder *b, unsigned which, size_t n, size_t size) {
    set_memory *memory = &b->memories[which];
    if (n >= SIZE_MAX / size)
        return NULL;
    memory->size = n > 0 ? n * size : size;
    memory->memory = b->allocator.allocate(b->allocator.context, memory->size);
    return memory->memory;
}

static void builder_release(set_builder *b, unsigned which) {
    set_memory *memory = &b->memories[which];
    if (memory->memory)
        b->allocator.release(b->allocator.context, memory->memory, memory->size);
    memory->memory = NULL;
}

/* ---- segments of a family -------------------------------------------------------------------- */

/* Stores the items of a family, with indices in the place of values. */
static void gather_items(const set_family *family, const simdinet_network *networks, size_t n,
                         bool mapped, network_item *items) {
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++) {
        bool from_ipv4 = family->family == 6 && networks[i].family == 4;
        if (networks[i].family != family->family && !(mapped && from_ipv4))
            continue;
        network_item *item = &items[n_items++];
        item->first = network_span(&networks[i]).first;
        item->length = networks[i].prefix_length;
        item->value = (uint32_t)i;
        if (from_ipv4) {
            item->first = (bits128){0, (uint64_t)0xffff << 32 | item->first.high >> 32};
            item->length = (uint8_t)(item->length + 96);
        }
    }
}

/* The smallest index, below n, of an item that is not the first of its network; n if there is none. */
static size_t first_duplicate(const network_item *sorted, size_t n_sorted, size_t n) {
    size_t first = n;
    for (size_t i = 1; i < n_sorted; i++)
        if (bits128_equal(sorted[i].first, sorted[i - 1].first) &&
            sorted[i].length == sorted[i - 1].length && sorted[i].value < first)
            first = sorted[i].value;
    return first;
}

static bool is_covered(const network_item *sorted, size_t n, size_t i) {
    return i + 1 < n && bits128_equal(sorted[i].first, sorted[i + 1].first);
}

/* Stores the records of the covered networks of a family. False: there is no memory. */
static bool make_covered(set_builder *b, set_family *family, const network_item *items, size_t n) {
    size_t address_size = family->family == 4 ? 4 : 16;
    size_t record_size = covered_record_size(family->family);
    for (size_t i = 0; i < n; i++)
        family->n_covered += is_covered(items, n, i);
    uint8_t *record = builder_allocate(b, family->family == 4 ? IPV4_COVERED : IPV6_COVERED,
                                       family->n_covered, record_size);
    family->covered = record;
    if (!record)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!is_covered(items, n, i))
            continue;
        uint8_t address[16];
        bits128_store(address, items[i].first);
        memcpy(record, address, address_size);
        record[address_size] = items[i].length;
        memcpy(record + address_size + COVERED_LENGTH_SIZE, &items[i].value, COVERED_VALUE_SIZE);
        record += record_size;
    }
    return true;
}

static simdinet_set_status make_segments(set_builder *b, set_family *family,
                                         const simdinet_network *networks, const uint32_t *values,
                                         size_t n, unsigned flags) {
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++)
        n_items += networks[i].family == family->family ||
                   (family->family == 6 && (flags & SIMDINET_SET_MAPPED));
    network_item *items = builder_allocate(b, ITEMS, n_items, sizeof *items);
    network_item *spare = builder_allocate(b, SPARE_ITEMS, n_items, sizeof *spare);
    if (!items || !spare)
        return SIMDINET_SET_OUT_OF_MEMORY;
    gather_items(family, networks, n, flags & SIMDINET_SET_MAPPED, items);
    items = simdinet_network_items_sort(items, spare, n_items);
    if (flags & SIMDINET_SET_UNIQUE)
        b->duplicate = first_duplicate(items, n_items, b->duplicate);
    n_items = simdinet_network_items_unique(items, n_items);
    for (size_t i = 0; i < n_items; i++)
        items[i].value = values ? values[items[i].value] : 0;
    if (n_items > (SIZE_MAX - 1) / 2)
        return SIMDINET_SET_OUT_OF_MEMORY;
    family->segments = builder_allocate(b, family->family == 4 ? IPV4_SEGMENTS : IPV6_SEGMENTS,
                                        2 * n_items + 1, sizeof *family->segments);
    if (!family->segments || !make_covered(b, family, items, n_items))
        return SIMDINET_SET_OUT_OF_MEMORY;
    family->n_segments = simdinet_network_items_segment(items, n_items, family->segments);
    builder_release(b, ITEMS);
    builder_release(b, SPARE_ITEMS);
    return SIMDINET_SET_OK;
}

/* ---- the table of matches -------------------------------------------------------------------- */

/* Where in a hash table of indices a match is, or belongs: linear probing, 0 is free. */
static size_t match_slot(const uint16_t *slots, size_t mask, const simdinet_network_match *matches,
                         uint32_t value, uint32_t length) {
    uint64_t hash = ((uint64_t)length << 32 | value) * 0x9e3779b97f4a7c15u;
    size_t slot = (size_t)(hash >> 40) & mask;
    while (slots[slot] &&
           (matches[slots[slot]].value != value || matches[slots[slot]].prefix_length != length))
        slot = (slot + 1) & mask;
    return slot;
}

/*
 * Replaces the values of the segments by indices of a table of their different matches, unless those
 * are too many for narrow entries.
 */
static simdinet_set_status index_matches(set_builder *b) {
    size_t n_segments = b->families[0].n_segments + b->families[1].n_segments + 1, n_slots = 16;
    size_t max_matches = n_segments < NETWORK_CHILD_INDEX ? n_segments : NETWORK_CHILD_INDEX;
    while (n_slots < 2 * max_matches) /* the table stays half empty */
        n_slots *= 2;
    simdinet_network_match *matches = builder_allocate(b, MATCHES, max_matches, sizeof *matches);
    uint16_t *slots = builder_allocate(b, MATCH_SLOTS, n_slots, sizeof *slots);
    if (!matches || !slots)
        return SIMDINET_SET_OUT_OF_MEMORY;
    memset(slots, 0, n_slots * sizeof *slots);
    matches[0] = (simdinet_network_match){0, 0};
    size_t n = 1;
    for (int f = 0; f < 2; f++) {
        const set_family *family = &b->families[f];
        for (size_t i = 0; i < family->n_segments; i++) {
            const trie_segment *segment = &family->segments[i];
            if (segment->length == NETWORK_NO_MATCH)
                continue;
            size_t slot = match_slot(slots, n_slots - 1, matches, segment->value, segment->length);
            if (slots[slot])
                continue;
            if (n == max_matches) {
                builder_release(b, MATCH_SLOTS);
                builder_release(b, MATCHES);
                return SIMDINET_SET_OK;
            }
            slots[slot] = (uint16_t)n;
            matches[n++] = (simdinet_network_match){segment->value, segment->length};
        }
    }
    for (int f = 0; f < 2; f++) {
        set_family *family = &b->families[f];
        for (size_t i = 0; i < family->n_segments; i++) {
            trie_segment *segment = &family->segments[i];
            bool none = segment->length == NETWORK_NO_MATCH;
            segment->value = none ? 0
                                  : slots[match_slot(slots, n_slots - 1, matches, segment->value,
                                                     segment->length)];
        }
    }
    builder_release(b, MATCH_SLOTS);
    b->matches = matches;
    b->n_matches = n;
    return SIMDINET_SET_OK;
}

/* ---- the set --------------------------------------------------------------------------------- */

/* Appends an array to the layout of the set; returns its offset. */
static size_t lay_out(size_t *size, size_t n, size_t element_size) {
    size_t offset = (*size + 7) & ~(size_t)7;
    *size = offset + n * element_size;
    return offset;
}

static simdinet_set_status assemble(set_builder *b, simdinet_network_set **out) {
    size_t size = sizeof(simdinet_network_set), offsets[2][4];
    for (int f = 0; f < 2; f++) {
        set_family *family = &b->families[f];
        if (!simdinet_network_trie_measure(family->segments, family->n_segments, family->family,
                                           b->matches != NULL, &family->size))
            return SIMDINET_SET_TOO_LARGE;
        offsets[f][0] = lay_out(&size, family->size.regions, sizeof(uint32_t));
        offsets[f][1] = lay_out(&size, family->size.root, sizeof(uint16_t));
        if (family->size.data > SIZE_MAX / 4 || size > SIZE_MAX / 4)
            return SIMDINET_SET_OUT_OF_MEMORY;
        offsets[f][2] = lay_out(&size, family->size.data, 1);
        offsets[f][3] = lay_out(&size, family->n_covered, covered_record_size(family->family));
    }
    size_t matches_offset = lay_out(&size, b->n_matches, sizeof *b->matches);
    const set_family *ipv4 = &b->families[0];
    members_size members = simdinet_network_members_measure(ipv4->segments, ipv4->n_segments);
    size_t members_offset =
        lay_out(&size, members.bits ? ((size_t)1 << members.bits) / 64 : 0, sizeof(uint64_t));
    char *memory = b->allocator.allocate(b->allocator.context, size);
    if (!memory)
        return SIMDINET_SET_OUT_OF_MEMORY;
    simdinet_network_match *matches = (simdinet_network_match *)(memory + matches_offset);
    if (b->matches)
        memcpy(matches, b->matches, b->n_matches * sizeof *matches);
    simdinet_network_trie tries[2];
    covered_networks covered[2];
    for (int f = 0; f < 2; f++) {
        const set_family *family = &b->families[f];
        uint32_t *regions = (uint32_t *)(memory + offsets[f][0]);
        uint16_t *root = (uint16_t *)(memory + offsets[f][1]);
        uint8_t *data = (uint8_t *)memory + offsets[f][2];
        simdinet_network_trie_fill(family->segments, family->n_segments, &family->size, regions,
                                   root, data);
        tries[f] = (simdinet_network_trie){.root_bits = family->size.root_bits,
                                           .entry_size = family->size.entry_size,
                                           .regions = regions,
                                           .root = root,
                                           .data = data,
                                           .matches = matches};
        uint8_t *records = (uint8_t *)memory + offsets[f][3];
        memcpy(records, family->covered, family->n_covered * covered_record_size(family->family));
        covered[f] = (covered_networks){family->n_covered, records};
    }
    if (members.bits) {
        uint64_t *words = (uint64_t *)(memory + members_offset);
        simdinet_network_members_fill(ipv4->segments, ipv4->n_segments, members.bits, words);
        tries[0].members = words;
        tries[0].member_bits = members.bits;
        tries[0].members_exact = members.exact;
    }
    simdinet_network_set *set = (simdinet_network_set *)memory;
    *set = (simdinet_network_set){.allocator = b->allocator,
                                  .size = size,
                                  .ipv4 = tries[0],
                                  .ipv6 = tries[1],
                                  .covered = {covered[0], covered[1]}};
    *out = set;
    return SIMDINET_SET_OK;
}

simdinet_set_status simdinet_build_network_set(const simdinet_network *networks,
                                               const uint32_t *values, size_t n, unsigned flags,
                                               const simdinet_allocator *allocator,
                                               simdinet_network_set **set, size_t *at) {
    static const simdinet_allocator from_libc = {allocate_by_malloc, release_by_free, NULL};
    set_builder b = {.allocator = allocator ? *allocator : from_libc,
                     .families = {{.family = 4}, {.family = 6}},
                     .duplicate = n};
    size_t unused;
    /* cppcheck-suppress uninitvar ; it is only written */
    at = at ? at : &unused;
    *set = NULL;
    if (n > UINT32_MAX) /* the indices of items have 32 bits */
        return SIMDINET_SET_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        if (!network_is_valid(&networks[i])) {
            *at = i;
            return SIMDINET_SET_INVALID;
        }
    simdinet_set_status status = SIMDINET_SET_OK;
    for (int f = 0; f < 2 && status == SIMDINET_SET_OK; f++)
        status = make_segments(&b, &b.families[f], networks, values, n, flags);
    if (status == SIMDINET_SET_OK && b.duplicate < n) {
        *at = b.duplicate;
        status = SIMDINET_SET_DUPLICATE;
    }
    if (status == SIMDINET_SET_OK)
        status = index_matches(&b);
    if (status == SIMDINET_SET_OK)
        status = assemble(&b, set);
    for (unsigned which = 0; which < SET_MEMORIES; which++)
        builder_release(&b, which);
    return status;
}

void simdinet_free_network_set(simdinet_network_set *set) {
    if (set) {
        simdinet_allocator allocator = set->allocator;
        allocator.release(allocator.context, set, set->size);
    }
}

size_t simdinet_network_set_size(const simdinet_network_set *set) {
    return set->size;
}

/* ---- lookup ---------------------------------------------------------------------------------- */

bool simdinet_network_set_lookup(const simdinet_network_set *set, const uint8_t *address,
                                 unsigned family, uint32_t *value, uint8_t *prefix_length) {
    const simdinet_implementation *impl = simdinet_implementation_active();
    uint64_t match;
    if (family == 4 && !value && !prefix_length && set->ipv4.members) {
        size_t index = bits32_load(address) >> (32 - set->ipv4.member_bits);
        bool may = set->ipv4.members[index / 64] >> index % 64 & 1;
        if (!may || set->ipv4.members_exact)
            return may;
    }
    if (family == 4)
        match = impl->lookup_one(&set->ipv4, (uint64_t)bits32_load(address) << 32, 0);
    else if (family == 6)
        match = impl->lookup_one(&set->ipv6, bits64_load(address), bits64_load(address + 8));
    else
        match = (uint64_t)NETWORK_NO_MATCH << 32;
    /* Masked. A branch would be mispredicted, and wait for the memory of the trie before the next
     * lookup starts. */
    bool found = match >> 32 != NETWORK_NO_MATCH;
    uint32_t mask = 0 - (uint32_t)found;
    if (value)
        *value = (uint32_t)match & mask;
    if (prefix_length)
        *prefix_length = (uint8_t)((match >> 32) & mask);
    return found;
}
