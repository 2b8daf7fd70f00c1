/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_lookup.h - longest-prefix match of up to 64 addresses.
 *
 * The addresses of a block go through the levels of the trie together, so that their cache misses
 * overlap. Loops over them have no branch that depends on an address: masks collect which of them go
 * on.
 */
#ifndef SIMDINET_NETWORK_LOOKUP_H
#define SIMDINET_NETWORK_LOOKUP_H

#include "bytes.h"
#include "impl.h"
#include "kernels/kernel.h"

/* What is known of the addresses of a block so far. */
typedef struct IMPL(lookup_state) {
    uint64_t high[SIMDINET_BLOCK], low[SIMDINET_BLOCK];
    const uint8_t *at[SIMDINET_BLOCK]; /* the block or list to search */
    uint32_t word[SIMDINET_BLOCK];     /* the entry: index of a match, or value, or reference */
    uint8_t length[SIMDINET_BLOCK];    /* prefix length of a wide entry */
    uint32_t key[SIMDINET_BLOCK];      /* the bits to look for in a list */
} IMPL(lookup_state);

static ALWAYS_INLINE uint64_t IMPL(lookup_load)(const uint8_t *address, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | address[i];
    return value;
}

/* The 6 bits of an address from a depth on. The depth is the same for all addresses of a loop. */
static ALWAYS_INLINE unsigned IMPL(lookup_slot)(uint64_t high, uint64_t low, unsigned depth) {
    uint64_t bits = depth < 64    ? high >> (58 - depth)
                    : depth > 122 ? low << (depth - 122)
                                  : low >> (122 - depth);
    return (unsigned)bits & (NETWORK_BLOCK_SLOTS - 1);
}

/* The 32 bits of an address from a depth on, 1 to 127. */
static ALWAYS_INLINE uint32_t IMPL(lookup_key)(uint64_t high, uint64_t low, unsigned depth) {
    uint64_t bits = depth >= 64 ? low << (depth - 64) : high << depth | low >> (64 - depth);
    return (uint32_t)(bits >> 32);
}

/* Reads an entry; returns whether it is a child, whose reference is in word. */
static ALWAYS_INLINE bool IMPL(lookup_entry)(IMPL(lookup_state) * s, size_t i, const uint8_t *entry,
                                             bool wide) {
    if (wide) {
        memcpy(&s->word[i], entry, sizeof s->word[i]);
        s->length[i] = entry[4];
        return entry[4] == NETWORK_CHILD;
    }
    uint16_t index;
    memcpy(&index, entry, sizeof index);
    s->word[i] = index;
    return index >= NETWORK_CHILD_INDEX;
}

/* Reads the entry of a slot from the block of an address. */
static ALWAYS_INLINE bool IMPL(lookup_in_block)(IMPL(lookup_state) * s, size_t i, unsigned slot,
                                                bool wide) {
    uint64_t starts;
    const uint8_t *block = s->at[i];
    memcpy(&starts, block, sizeof starts);
    size_t index = (size_t)__builtin_popcountll(starts << (63 - slot)) - 1;
    size_t entry_size = wide ? NETWORK_WIDE_ENTRY : NETWORK_NARROW_ENTRY;
    return IMPL(lookup_entry)(s, i, block + sizeof starts + index * entry_size, wide);
}

/* The reference of a child that was found in the block of an address. */
static ALWAYS_INLINE uint32_t IMPL(lookup_reference)(const IMPL(lookup_state) * s, size_t i,
                                                     bool wide) {
    if (wide)
        return s->word[i];
    uint64_t starts;
    uint32_t reference;
    memcpy(&starts, s->at[i], sizeof starts);
    size_t before = sizeof starts + (size_t)__builtin_popcountll(starts) * NETWORK_NARROW_ENTRY;
    size_t child = s->word[i] - NETWORK_CHILD_INDEX;
    memcpy(&reference, s->at[i] + before + child * sizeof reference, sizeof reference);
    return reference;
}

static ALWAYS_INLINE void IMPL(lookup_in_list)(IMPL(lookup_state) * s, size_t i, bool wide) {
    const uint8_t *list = s->at[i];
    uint32_t key = s->key[i];
    uint16_t count;
    memcpy(&count, list, sizeof count);
    const uint8_t *keys = list + sizeof count;
    uint32_t index = 0;
    for (size_t k = 0; k < count; k += 4) { /* 4 at a time: one vector */
        uint32_t four[4];
        memcpy(four, keys + k * sizeof *four, sizeof four);
        index += (uint32_t)(four[0] <= key) + (uint32_t)(four[1] <= key) +
                 (uint32_t)(four[2] <= key) + (uint32_t)(four[3] <= key);
    }
    size_t entry_size = wide ? NETWORK_WIDE_ENTRY : NETWORK_NARROW_ENTRY;
    IMPL(lookup_entry)(s, i, keys + count * sizeof key + index * entry_size, wide);
}

/* Goes on with the children that the pending addresses found in blocks of a depth. */
static ALWAYS_INLINE void IMPL(lookup_children)(const simdinet_network_trie *trie,
                                                IMPL(lookup_state) * s, uint64_t pending,
                                                unsigned depth, bool wide) {
    uint64_t lists = 0;
    while (pending) {
        uint64_t blocks = 0;
        depth += NETWORK_BLOCK_BITS;
        for (; pending; pending &= pending - 1) {
            size_t i = (size_t)__builtin_ctzll(pending);
            uint32_t reference = IMPL(lookup_reference)(s, i, wide);
            s->at[i] = trie->data + 2 * (size_t)(reference >> 1);
            __builtin_prefetch(s->at[i]);
            s->key[i] = IMPL(lookup_key)(s->high[i], s->low[i], depth);
            lists |= (uint64_t)(reference & 1) << i;
            blocks |= (uint64_t)(~reference & 1) << i;
        }
        for (; blocks; blocks &= blocks - 1) {
            size_t i = (size_t)__builtin_ctzll(blocks);
            unsigned slot = IMPL(lookup_slot)(s->high[i], s->low[i], depth);
            pending |= (uint64_t)IMPL(lookup_in_block)(s, i, slot, wide) << i;
        }
    }
    for (; lists; lists &= lists - 1)
        IMPL(lookup_in_list)(s, (size_t)__builtin_ctzll(lists), wide);
}

/* Writes the results; returns which addresses have a match. */
static ALWAYS_INLINE uint64_t IMPL(lookup_results)(const simdinet_network_trie *trie,
                                                   const IMPL(lookup_state) * s, size_t n,
                                                   bool wide, uint32_t *values, uint8_t *lengths) {
    uint64_t found = 0;
    if (wide) {
        for (size_t i = 0; i < n; i++)
            found |= (uint64_t)(s->length[i] != NETWORK_NO_MATCH) << i;
        if (values)
            memcpy(values, s->word, n * sizeof *values);
        for (size_t i = 0; lengths && i < n; i++)
            lengths[i] = s->length[i] == NETWORK_NO_MATCH ? 0 : s->length[i];
        return found;
    }
    for (size_t i = 0; i < n; i++)
        found |= (uint64_t)(s->word[i] != 0) << i;
    for (size_t i = 0; values && lengths && i < n; i++) {
        const simdinet_network_match *match = &trie->matches[s->word[i]];
        values[i] = match->value;
        lengths[i] = (uint8_t)match->prefix_length;
    }
    for (size_t i = 0; values && !lengths && i < n; i++)
        values[i] = trie->matches[s->word[i]].value;
    for (size_t i = 0; !values && lengths && i < n; i++)
        lengths[i] = (uint8_t)trie->matches[s->word[i]].prefix_length;
    return found;
}

static ALWAYS_INLINE uint64_t IMPL(lookup_sized)(const simdinet_network_trie *trie,
                                                 const uint8_t *addresses, size_t n, size_t size,
                                                 bool wide, uint32_t *values, uint8_t *lengths) {
    IMPL(lookup_state) s;
    unsigned depth = trie->root_bits;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *address = addresses + i * size;
        s.high[i] = size == 4 ? IMPL(lookup_load)(address, 4) << 32 : IMPL(lookup_load)(address, 8);
        s.low[i] = size == 4 ? 0 : IMPL(lookup_load)(address + 8, 8);
        size_t root = (size_t)(s.high[i] >> (64 - depth));
        s.at[i] = trie->data +
                  2 * ((size_t)trie->regions[root >> NETWORK_REGION_BITS] + trie->root[root]);
        __builtin_prefetch(s.at[i]);
        if (wide) /* most of a longer block than one cache line */
            __builtin_prefetch(s.at[i] + 48);
    }
    /* Not a list of indices: a store to an address that depends on what is loaded would hold up the
     * loads after it. */
    uint64_t pending = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned slot = IMPL(lookup_slot)(s.high[i], 0, depth);
        pending |= (uint64_t)IMPL(lookup_in_block)(&s, i, slot, wide) << i;
    }
    if (pending)
        IMPL(lookup_children)(trie, &s, pending, depth, wide);
    return IMPL(lookup_results)(trie, &s, n, wide, values, lengths);
}

/* One address: the same steps without the arrays of a block. */
static ALWAYS_INLINE uint64_t IMPL(lookup_single)(const simdinet_network_trie *trie,
                                                  const uint8_t *address, size_t size, bool wide,
                                                  uint32_t *value, uint8_t *length) {
    uint64_t high = IMPL(lookup_load)(address, size == 4 ? 4 : 8);
    uint64_t low = size == 4 ? 0 : IMPL(lookup_load)(address + 8, 8);
    unsigned depth = trie->root_bits;
    high <<= size == 4 ? 32 : 0;
    size_t root = (size_t)(high >> (64 - depth));
    const uint8_t *at =
        trie->data + 2 * ((size_t)trie->regions[root >> NETWORK_REGION_BITS] + trie->root[root]);
    const size_t entry_size = wide ? NETWORK_WIDE_ENTRY : NETWORK_NARROW_ENTRY;
    const uint8_t *entry;
    uint16_t index = 0;
    for (;; depth += NETWORK_BLOCK_BITS) {
        uint64_t starts;
        uint32_t reference;
        unsigned slot = IMPL(lookup_slot)(high, low, depth);
        memcpy(&starts, at, sizeof starts);
        const uint8_t *entries = at + sizeof starts;
        entry = entries + ((size_t)__builtin_popcountll(starts << (63 - slot)) - 1) * entry_size;
        memcpy(&index, entry, sizeof index);
        if (wide ? entry[4] != NETWORK_CHILD : index < NETWORK_CHILD_INDEX)
            break;
        size_t child = (size_t)index - NETWORK_CHILD_INDEX;
        memcpy(&reference,
               wide ? entry
                    : entries + (size_t)__builtin_popcountll(starts) * entry_size +
                          child * sizeof reference,
               sizeof reference);
        at = trie->data + 2 * (size_t)(reference >> 1);
        if (!(reference & 1))
            continue;
        uint32_t key = IMPL(lookup_key)(high, low, depth + NETWORK_BLOCK_BITS);
        uint16_t count;
        memcpy(&count, at, sizeof count);
        const uint8_t *keys = at + sizeof count;
        entry = keys + count * sizeof key;
        for (size_t k = 0; k < count; k++) {
            uint32_t boundary;
            memcpy(&boundary, keys + k * sizeof boundary, sizeof boundary);
            entry += boundary <= key ? entry_size : 0;
        }
        break;
    }
    if (wide) {
        if (value)
            memcpy(value, entry, sizeof *value);
        if (length)
            *length = entry[4] == NETWORK_NO_MATCH ? 0 : entry[4];
        return entry[4] != NETWORK_NO_MATCH;
    }
    memcpy(&index, entry, sizeof index);
    if (value)
        *value = trie->matches[index].value;
    if (length)
        *length = (uint8_t)trie->matches[index].prefix_length;
    return index != 0;
}

static uint64_t IMPL(lookup_ipv4_block)(const simdinet_network_trie *trie, const uint8_t *addresses,
                                        size_t n, uint32_t *values, uint8_t *lengths) {
    bool wide = trie->entry_size == NETWORK_WIDE_ENTRY;
    if (n == 1)
        return wide ? IMPL(lookup_single)(trie, addresses, 4, true, values, lengths)
                    : IMPL(lookup_single)(trie, addresses, 4, false, values, lengths);
    return wide ? IMPL(lookup_sized)(trie, addresses, n, 4, true, values, lengths)
                : IMPL(lookup_sized)(trie, addresses, n, 4, false, values, lengths);
}

static uint64_t IMPL(lookup_ipv6_block)(const simdinet_network_trie *trie, const uint8_t *addresses,
                                        size_t n, uint32_t *values, uint8_t *lengths) {
    bool wide = trie->entry_size == NETWORK_WIDE_ENTRY;
    if (n == 1)
        return wide ? IMPL(lookup_single)(trie, addresses, 16, true, values, lengths)
                    : IMPL(lookup_single)(trie, addresses, 16, false, values, lengths);
    return wide ? IMPL(lookup_sized)(trie, addresses, n, 16, true, values, lengths)
                : IMPL(lookup_sized)(trie, addresses, n, 16, false, values, lengths);
}

#endif
