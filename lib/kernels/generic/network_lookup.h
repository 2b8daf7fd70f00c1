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

static ALWAYS_INLINE uint64_t IMPL(lookup_load)(const uint8_t *address) {
    uint64_t value;
    memcpy(&value, address, sizeof value);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* An IPv4 address in the upper 32 bits. */
static ALWAYS_INLINE uint64_t IMPL(lookup_load_ipv4)(const uint8_t *address) {
    uint32_t value = load_u32(address);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return (uint64_t)value << 32;
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
static ALWAYS_INLINE bool IMPL(lookup_entry)(simdinet_lookup_state *s, size_t i,
                                             const uint8_t *entry, bool wide) {
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
static ALWAYS_INLINE bool IMPL(lookup_in_block)(simdinet_lookup_state *s, size_t i, unsigned slot,
                                                bool wide) {
    uint64_t starts;
    const uint8_t *block = s->at[i];
    memcpy(&starts, block, sizeof starts);
    size_t index = (size_t)__builtin_popcountll(starts << (63 - slot)) - 1;
    size_t entry_size = wide ? NETWORK_WIDE_ENTRY : NETWORK_NARROW_ENTRY;
    return IMPL(lookup_entry)(s, i, block + sizeof starts + index * entry_size, wide);
}

/* The reference of a child that was found in the block of an address. */
static ALWAYS_INLINE uint32_t IMPL(lookup_reference)(const simdinet_lookup_state *s, size_t i,
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

static ALWAYS_INLINE void IMPL(lookup_in_list)(simdinet_lookup_state *s, size_t i, bool wide) {
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
                                                simdinet_lookup_state *s, uint64_t pending,
                                                size_t size, bool wide) {
    unsigned depth = trie->root_bits;
    uint64_t lists = 0;
    while (pending) {
        uint64_t blocks = 0;
        depth += NETWORK_BLOCK_BITS;
        for (; pending; pending &= pending - 1) {
            size_t i = (size_t)__builtin_ctzll(pending);
            uint32_t reference = IMPL(lookup_reference)(s, i, wide);
            s->at[i] = trie->data + 2 * (size_t)(reference >> 1);
            __builtin_prefetch(s->at[i]);
            uint64_t low = size == 4 ? 0 : s->low[i];
            s->key[i] = IMPL(lookup_key)(s->high[i], low, depth);
            lists |= (uint64_t)(reference & 1) << i;
            blocks |= (uint64_t)(~reference & 1) << i;
        }
        for (; blocks; blocks &= blocks - 1) {
            size_t i = (size_t)__builtin_ctzll(blocks);
            unsigned slot = IMPL(lookup_slot)(s->high[i], size == 4 ? 0 : s->low[i], depth);
            pending |= (uint64_t)IMPL(lookup_in_block)(s, i, slot, wide) << i;
        }
    }
    for (; lists; lists &= lists - 1)
        IMPL(lookup_in_list)(s, (size_t)__builtin_ctzll(lists), wide);
}

/* Writes the results; returns which addresses have a match. */
static ALWAYS_INLINE uint64_t IMPL(lookup_results)(const simdinet_network_trie *trie,
                                                   const simdinet_lookup_state *s, size_t n,
                                                   bool wide, uint32_t *values, uint8_t *lengths) {
    const simdinet_network_match *matches = trie->matches;
    uint64_t found = 0;
    if (wide) {
        for (size_t i = n; i-- > 0;)
            found = 2 * found + (s->length[i] != NETWORK_NO_MATCH);
        if (values)
            memcpy(values, s->word, n * sizeof *values);
        for (size_t i = 0; lengths && i < n; i++)
            lengths[i] = s->length[i] == NETWORK_NO_MATCH ? 0 : s->length[i];
        return found;
    }
    for (size_t i = n; i-- > 0;)
        found = 2 * found + (s->word[i] != 0);
    for (size_t i = 0; values && i < n; i++)
        values[i] = matches[s->word[i]].value;
    for (size_t i = 0; lengths && i < n; i++)
        lengths[i] = (uint8_t)matches[s->word[i]].prefix_length;
    return found;
}

/* The block of a root slot. */
static ALWAYS_INLINE const uint8_t *IMPL(lookup_root)(const simdinet_network_trie *trie,
                                                      uint64_t high) {
    size_t root = (size_t)(high >> (64 - trie->root_bits));
    return trie->data + 2 * ((size_t)trie->regions[root >> NETWORK_REGION_BITS] + trie->root[root]);
}

/* The first level: finds the block of the root, and prefetches it. */
static ALWAYS_INLINE void IMPL(lookup_start_one)(const simdinet_network_trie *trie,
                                                 simdinet_lookup_state *s, size_t i, uint64_t high,
                                                 bool wide) {
    s->high[i] = high;
    s->at[i] = IMPL(lookup_root)(trie, high);
    __builtin_prefetch(s->at[i]);
    if (wide) /* most of a longer block than one cache line */
        __builtin_prefetch(s->at[i] + 48);
}

/* All other levels. */
static ALWAYS_INLINE uint64_t IMPL(lookup_below_roots)(const simdinet_network_trie *trie,
                                                       simdinet_lookup_state *s, size_t n,
                                                       size_t size, bool wide, uint32_t *values,
                                                       uint8_t *lengths) {
    /* Not a list of indices: a store to an address that depends on what is loaded would hold up the
     * loads after it. From the last one on, a bit is added with one instruction. */
    unsigned shift = 58 - trie->root_bits;
    uint64_t pending = 0;
    for (size_t i = n; i-- > 0;) {
        unsigned slot = (unsigned)(s->high[i] >> shift) & (NETWORK_BLOCK_SLOTS - 1);
        pending = 2 * pending + IMPL(lookup_in_block)(s, i, slot, wide);
    }
    if (UNLIKELY(pending))
        IMPL(lookup_children)(trie, s, pending, size, wide);
    return IMPL(lookup_results)(trie, s, n, wide, values, lengths);
}

static uint64_t IMPL(lookup_ipv4_in_trie)(const simdinet_network_trie *trie,
                                          simdinet_lookup_state *s, size_t n, uint32_t *values,
                                          uint8_t *lengths) {
    return trie->entry_size == NETWORK_WIDE_ENTRY
               ? IMPL(lookup_below_roots)(trie, s, n, 4, true, values, lengths)
               : IMPL(lookup_below_roots)(trie, s, n, 4, false, values, lengths);
}

/* ---- the bitmap of members --------------------------------------------------------------------- */

/* Looks up those of n addresses whose bit is set in may, where a bit of the bitmap is not exact. */
static uint64_t IMPL(lookup_some)(const simdinet_network_trie *trie, const simdinet_lookup_state *s,
                                  uint64_t may) {
    simdinet_lookup_state some;
    uint64_t found = may;
    size_t n = 0;
    for (uint64_t bits = may; bits; bits &= bits - 1)
        IMPL(lookup_start_one)(trie, &some, n++, s->high[__builtin_ctzll(bits)], true);
    uint64_t hits = IMPL(lookup_ipv4_in_trie)(trie, &some, n, NULL, NULL);
    for (uint64_t bits = may; bits; bits &= bits - 1, hits >>= 1)
        found ^= bits & (0 - bits) & ((hits & 1) - 1);
    return found;
}

static ALWAYS_INLINE uint64_t IMPL(lookup_members)(const simdinet_network_trie *trie,
                                                   const simdinet_lookup_state *s, size_t n) {
    const uint64_t *members = trie->members;
    unsigned shift = 64 - trie->member_bits;
    uint64_t found = 0;
    for (size_t i = n; i-- > 0;) {
        uint64_t index = s->high[i] >> shift;
        found = 2 * found + (members[index / 64] >> index % 64 & 1);
    }
    return found && !trie->members_exact ? IMPL(lookup_some)(trie, s, found) : found;
}

/* ---- kernels ----------------------------------------------------------------------------------- */

static void IMPL(lookup_ipv4_start)(const simdinet_network_trie *trie, const uint8_t *addresses,
                                    size_t n, bool membership, simdinet_lookup_state *s) {
    bool wide = trie->entry_size == NETWORK_WIDE_ENTRY;
    if (membership && trie->members) {
        unsigned shift = 64 - trie->member_bits;
        for (size_t i = 0; i < n; i++) {
            s->high[i] = IMPL(lookup_load_ipv4)(addresses + 4 * i);
            __builtin_prefetch(&trie->members[(s->high[i] >> shift) / 64]);
        }
        return;
    }
    for (size_t i = 0; i < n; i++)
        IMPL(lookup_start_one)(trie, s, i, IMPL(lookup_load_ipv4)(addresses + 4 * i), wide);
}

static uint64_t IMPL(lookup_ipv4_finish)(const simdinet_network_trie *trie,
                                         simdinet_lookup_state *s, size_t n, uint32_t *values,
                                         uint8_t *lengths) {
    return trie->members && !values && !lengths
               ? IMPL(lookup_members)(trie, s, n)
               : IMPL(lookup_ipv4_in_trie)(trie, s, n, values, lengths);
}

static void IMPL(lookup_ipv6_start)(const simdinet_network_trie *trie, const uint8_t *addresses,
                                    size_t n, bool membership, simdinet_lookup_state *s) {
    bool wide = trie->entry_size == NETWORK_WIDE_ENTRY;
    (void)membership;
    for (size_t i = 0; i < n; i++) {
        s->low[i] = IMPL(lookup_load)(addresses + 16 * i + 8);
        IMPL(lookup_start_one)(trie, s, i, IMPL(lookup_load)(addresses + 16 * i), wide);
    }
}

static uint64_t IMPL(lookup_ipv6_finish)(const simdinet_network_trie *trie,
                                         simdinet_lookup_state *s, size_t n, uint32_t *values,
                                         uint8_t *lengths) {
    return trie->entry_size == NETWORK_WIDE_ENTRY
               ? IMPL(lookup_below_roots)(trie, s, n, 16, true, values, lengths)
               : IMPL(lookup_below_roots)(trie, s, n, 16, false, values, lengths);
}

/* ---- one address ------------------------------------------------------------------------------ */

/* The entry of an address in a list. */
static ALWAYS_INLINE const uint8_t *IMPL(lookup_one_in_list)(const uint8_t *list, uint32_t key,
                                                             size_t entry_size) {
    uint16_t count;
    memcpy(&count, list, sizeof count);
    const uint8_t *keys = list + sizeof count, *entry = keys + count * sizeof key;
    for (size_t k = 0; k < count; k++)
        entry += load_u32(keys + k * sizeof key) <= key ? entry_size : 0;
    return entry;
}

static ALWAYS_INLINE uint64_t IMPL(lookup_one_sized)(const simdinet_network_trie *trie,
                                                     uint64_t high, uint64_t low, bool wide) {
    const size_t entry_size = wide ? NETWORK_WIDE_ENTRY : NETWORK_NARROW_ENTRY;
    const uint8_t *at = IMPL(lookup_root)(trie, high), *entry;
    unsigned depth = trie->root_bits;
    uint16_t index;
    for (;;) {
        uint64_t starts;
        unsigned slot = IMPL(lookup_slot)(high, low, depth);
        memcpy(&starts, at, sizeof starts);
        const uint8_t *entries = at + sizeof starts;
        entry = entries + ((size_t)__builtin_popcountll(starts << (63 - slot)) - 1) * entry_size;
        memcpy(&index, entry, sizeof index);
        if (wide ? entry[4] != NETWORK_CHILD : index < NETWORK_CHILD_INDEX)
            break;
        if (!wide) /* the reference of child index - NETWORK_CHILD_INDEX */
            entry = entries + (size_t)__builtin_popcountll(starts) * entry_size +
                    ((size_t)index - NETWORK_CHILD_INDEX) * sizeof(uint32_t);
        uint32_t reference = load_u32(entry);
        at = trie->data + 2 * (size_t)(reference >> 1);
        depth += NETWORK_BLOCK_BITS;
        if (reference & 1) {
            entry = IMPL(lookup_one_in_list)(at, IMPL(lookup_key)(high, low, depth), entry_size);
            memcpy(&index, entry, sizeof index);
            break;
        }
    }
    if (wide)
        return load_u32(entry) | (uint64_t)entry[4] << 32;
    const simdinet_network_match *match = &trie->matches[index];
    return match->value | (uint64_t)(index ? match->prefix_length : NETWORK_NO_MATCH) << 32;
}

static uint64_t IMPL(lookup_one)(const simdinet_network_trie *trie, uint64_t high, uint64_t low) {
    return trie->entry_size == NETWORK_WIDE_ENTRY ? IMPL(lookup_one_sized)(trie, high, low, true)
                                                  : IMPL(lookup_one_sized)(trie, high, low, false);
}

#endif
