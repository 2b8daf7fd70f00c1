/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_trie.h - the layout of a compiled set of networks, one trie for each address family.
 *
 * A trie maps every address to a match: the value and the prefix length of the longest network that
 * contains it, or none. The first root_bits of an address select a block, by a table of 16-bit
 * offsets that are relative to a 32-bit one for each region of 256. A block resolves 6 more bits:
 *
 *     uint64_t starts             bit i: the entry of slot i is not that of slot i - 1; bit 0 is set
 *     entry entries[popcount(starts)]
 *     uint32_t children[]         only with entries of 2 bytes
 *
 * so the entry of a slot is the number of bits up to it, less 1, and mostly in the cache line of the
 * bitmap. A child is another block, for the next 6 bits, or a list of boundaries:
 *
 *     uint16_t count              a multiple of 4, at most NETWORK_LIST_MAX
 *     uint32_t keys[count]        ascending, of the next 32 bits; the rest is UINT32_MAX
 *     entry entries[count + 1]    the entry of a key is the number of keys that are not above it
 *
 * Blocks and lists are at even offsets; a reference is half of that offset times 2, plus 1 for a list.
 * Members have the byte order of the machine and no alignment.
 *
 * A set of IPv4 networks can have a bitmap in addition, of the first member_bits bits of an address. A bit
 * is 0 if no address that begins with them is in the set; 1 if all are, or, unless members_exact is
 * set, some.
 *
 * Entries have 5 bytes, value and prefix length, or 2, the index of a match in a table, where the
 * matches are few. Index 0 is NETWORK_NO_MATCH.
 */
#ifndef SIMDINET_NETWORK_TRIE_H
#define SIMDINET_NETWORK_TRIE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    NETWORK_BLOCK_BITS = 6,
    NETWORK_BLOCK_SLOTS = 64,
    NETWORK_REGION_BITS = 8, /* root slots of a region */
    NETWORK_MAX_ROOT_BITS = 18,
    NETWORK_MAX_MEMBER_BITS = 24,
    NETWORK_LIST_MAX = 16,    /* keys of a list */
    NETWORK_NARROW_ENTRY = 2, /* sizes of an entry */
    NETWORK_WIDE_ENTRY = 5,   /* uint32_t value, uint8_t prefix length */
    NETWORK_NO_MATCH = 255,   /* instead of a prefix length */
    NETWORK_CHILD = 254,      /* the value is a reference */
    NETWORK_CHILD_INDEX =
        0xffc0 /* a narrow entry from here on is child 0 of the block, and so on */
};

/* A match of narrow entries. */
typedef struct simdinet_network_match {
    uint32_t value;
    uint32_t prefix_length;
} simdinet_network_match;

typedef struct simdinet_network_trie {
    unsigned root_bits; /* of IPv6 4, 10 or 16: then no block has bits of both halves */
    unsigned entry_size;
    const uint32_t *regions; /* in units of 2 bytes of data */
    const uint16_t *root;    /* the same */
    const uint8_t *data;
    const simdinet_network_match *matches;
    const uint64_t *members; /* bit i is bit i % 64 of word i / 64; NULL: none */
    unsigned member_bits;    /* 6 to NETWORK_MAX_MEMBER_BITS */
    bool members_exact;
} simdinet_network_trie;

#endif
