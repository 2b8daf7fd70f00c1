/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_walk.c - section "sets of networks": the networks of a set in order.
 *
 * They come from two ordered sequences: the trie, in which the match of an address is a network of the
 * set, and the list of covered networks.
 */
#include "network_set.h"

#include <string.h>

#include "network_bits.h"

/* ---- the trie -------------------------------------------------------------------------------- */

/* The addresses up to last have one match. */
typedef struct trie_span {
    bits128 last;
    uint32_t value;
    uint8_t length; /* or NETWORK_NO_MATCH, NETWORK_CHILD; of a child the value is its reference */
} trie_span;

/* The bits [depth, depth + width) of an address, width <= 32. Past bit 127 they are 0. */
static uint32_t bits_at(bits128 address, unsigned depth, unsigned width) {
    uint64_t bits = depth >= 64 ? address.low << (depth - 64)
                    : depth > 0 ? address.high << depth | address.low >> (64 - depth)
                                : address.high;
    return (uint32_t)(bits >> (64 - width));
}

/* The last address with the first depth bits of another, and then these bits. */
static bits128 last_with_bits(bits128 address, unsigned depth, unsigned width, uint32_t bits) {
    bits128 host = bits128_host_mask(depth);
    bits128 below = bits128_host_mask(depth + width < 128 ? depth + width : 128);
    uint64_t top = (uint64_t)bits << (64 - width);
    bits128 middle = {depth < 64 ? top >> depth : 0, depth >= 64 ? top >> (depth - 64)
                                                     : depth > 0 ? top << (64 - depth)
                                                                 : 0};
    return (bits128){(address.high & ~host.high) | middle.high | below.high,
                     (address.low & ~host.low) | middle.low | below.low};
}

static trie_span read_entry(const simdinet_network_trie *trie, const uint8_t *entry) {
    trie_span span = {.length = NETWORK_NO_MATCH};
    uint16_t index;
    if (trie->entry_size == NETWORK_WIDE_ENTRY) {
        memcpy(&span.value, entry, sizeof span.value);
        span.length = entry[sizeof span.value];
        return span;
    }
    memcpy(&index, entry, sizeof index);
    if (index >= NETWORK_CHILD_INDEX) {
        span.value = index - (uint32_t)NETWORK_CHILD_INDEX;
        span.length = NETWORK_CHILD;
    } else if (index > 0) {
        span.value = trie->matches[index].value;
        span.length = (uint8_t)trie->matches[index].prefix_length;
    }
    return span;
}

static trie_span read_block(const simdinet_network_trie *trie, const uint8_t *block,
                            bits128 address, unsigned depth) {
    uint64_t starts;
    unsigned slot = bits_at(address, depth, NETWORK_BLOCK_BITS);
    memcpy(&starts, block, sizeof starts);
    const uint8_t *entries = block + sizeof starts;
    size_t index = (size_t)__builtin_popcountll(starts << (63 - slot)) - 1;
    trie_span span = read_entry(trie, entries + index * trie->entry_size);
    if (span.length == NETWORK_CHILD && trie->entry_size == NETWORK_NARROW_ENTRY)
        memcpy(&span.value,
               entries + (size_t)__builtin_popcountll(starts) * NETWORK_NARROW_ENTRY +
                   span.value * sizeof span.value,
               sizeof span.value);
    uint64_t after = slot < 63 ? starts >> (slot + 1) : 0;
    unsigned last = after ? slot + (unsigned)__builtin_ctzll(after) : NETWORK_BLOCK_SLOTS - 1;
    span.last = last_with_bits(address, depth, NETWORK_BLOCK_BITS, last);
    return span;
}

static trie_span read_list(const simdinet_network_trie *trie, const uint8_t *list, bits128 address,
                           unsigned depth) {
    uint16_t count;
    uint32_t key = bits_at(address, depth, 32), next = 0;
    size_t index = 0;
    memcpy(&count, list, sizeof count);
    const uint8_t *keys = list + sizeof count;
    for (; index < count; index++) {
        memcpy(&next, keys + index * sizeof next, sizeof next);
        if (next > key)
            break;
    }
    trie_span span = read_entry(trie, keys + count * sizeof next + index * trie->entry_size);
    span.last = last_with_bits(address, depth, 32, index < count ? next - 1 : UINT32_MAX);
    return span;
}

/* The match of an address, and the last address up to which it is known to be the same. */
static trie_span read_trie(const simdinet_network_trie *trie, bits128 address) {
    unsigned depth = trie->root_bits;
    size_t root = (size_t)(address.high >> (64 - depth));
    const uint8_t *block =
        trie->data + 2 * ((size_t)trie->regions[root >> NETWORK_REGION_BITS] + trie->root[root]);
    for (;; depth += NETWORK_BLOCK_BITS) {
        trie_span span = read_block(trie, block, address, depth);
        if (span.length != NETWORK_CHILD)
            return span;
        block = trie->data + 2 * (size_t)(span.value >> 1);
        if (span.value & 1)
            return read_list(trie, block, address, depth + NETWORK_BLOCK_BITS);
    }
}

/* ---- the next network ------------------------------------------------------------------------ */

typedef struct walked_network {
    bits128 first;
    uint32_t value;
    int length; /* -1: none */
} walked_network;

/* The first network that starts at a position or past it and is the match of its first address. */
static walked_network next_match(const simdinet_network_trie *trie, bits128 from) {
    for (;;) {
        trie_span span = read_trie(trie, from);
        if (span.length != NETWORK_NO_MATCH) {
            bits128 host = bits128_host_mask(span.length);
            bits128 before = bits128_previous(from);
            bits128 first = bits128_next((bits128){before.high | host.high, before.low | host.low});
            /* Past the last address it is 0, and below the position. */
            if (!bits128_less(span.last, first) && !bits128_less(first, from))
                return (walked_network){first, span.value, span.length};
        }
        from = bits128_next(span.last);
        if (!(from.high | from.low))
            return (walked_network){.length = -1};
    }
}

/* The first match after a network; with length -1, at a position or past it. */
static walked_network next_match_after(const simdinet_network_trie *trie, bits128 first,
                                       int length) {
    walked_network next = next_match(trie, first);
    if (next.length < 0 || !bits128_equal(next.first, first) || next.length > length)
        return next;
    bits128 following = bits128_next(first);
    return following.high | following.low ? next_match(trie, following)
                                          : (walked_network){.length = -1};
}

/* The first covered network after another one; with length -1, the first of all. */
static walked_network next_covered(const covered_networks *covered, unsigned family, bits128 first,
                                   int length) {
    uint8_t key[16 + COVERED_LENGTH_SIZE];
    size_t size = family == 4 ? 4 : 16, record_size = covered_record_size(family);
    size_t from = 0, to = length < 0 ? 0 : covered->n;
    bits128_store(key, first);
    key[size] = (uint8_t)length;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (memcmp(covered->records + middle * record_size, key, size + COVERED_LENGTH_SIZE) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == covered->n)
        return (walked_network){.length = -1};
    const uint8_t *record = covered->records + from * record_size;
    uint8_t address[16] = {0};
    walked_network next;
    memcpy(address, record, size);
    next.first = bits128_load(address);
    next.length = record[size];
    memcpy(&next.value, record + size + COVERED_LENGTH_SIZE, sizeof next.value);
    return next;
}

static bool comes_first(walked_network a, walked_network b) {
    return a.length >= 0 && (b.length < 0 || bits128_less(a.first, b.first) ||
                             (bits128_equal(a.first, b.first) && a.length < b.length));
}

static walked_network next_of_family(const simdinet_network_set *set, unsigned family,
                                     bits128 first, int length) {
    walked_network next = next_match_after(family == 4 ? &set->ipv4 : &set->ipv6, first, length);
    walked_network covered = next_covered(&set->covered[family == 6], family, first, length);
    return comes_first(covered, next) ? covered : next;
}

bool simdinet_network_set_next(const simdinet_network_set *set, simdinet_network *network,
                               uint32_t *value) {
    unsigned family = network->family;
    bits128 first = {0, 0};
    int length = -1;
    if (network_is_valid(network)) {
        first = network_span(network).first;
        length = network->prefix_length;
    } else if (family != 0) {
        return false;
    }
    walked_network next = {.length = -1};
    if (family != 6) {
        next = next_of_family(set, family = 4, first, length);
        first = (bits128){0, 0};
        length = -1;
    }
    if (next.length < 0)
        next = next_of_family(set, family = 6, first, length);
    if (next.length < 0)
        return false;
    network->family = (uint8_t)family;
    network->prefix_length = (uint8_t)next.length;
    bits128_store(network->address, next.first);
    if (value)
        *value = next.value;
    return true;
}
