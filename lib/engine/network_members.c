/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_members.c - a bitmap for tests of membership, of the networks of one prefix length.
 *
 * It takes one access to memory where the trie takes two and more. It has room for the longest network,
 * at most /24, if that is 32 bytes or less for each segment; 2 MB at most, and 8 KB in any case. Sets
 * of more segments than MEMBERS_MAX_SEGMENTS, which are tables of routes, have none: it would add
 * a third to their size.
 */
#include "network_members.h"

#include <string.h>

enum {
    MEMBERS_MIN_BITS = 6,       /* one word */
    MEMBERS_MIN_ROOM_BITS = 16, /* 8 KB */
    MEMBERS_BITS_EACH = 256,    /* of a segment */
    MEMBERS_MAX_SEGMENTS = 1 << 19
};

members_size simdinet_network_members_measure(const trie_segment *segments, size_t n) {
    members_size size = {0, false};
    unsigned longest = 0, room = MEMBERS_MIN_ROOM_BITS;
    if (n > MEMBERS_MAX_SEGMENTS || (n == 1 && segments[0].length == NETWORK_NO_MATCH))
        return size;
    for (size_t i = 1; i < n; i++) {
        unsigned length = 64 - (unsigned)__builtin_ctzll(segments[i].first.high);
        longest = length > longest ? length : longest;
    }
    while (room < NETWORK_MAX_MEMBER_BITS && (size_t)1 << (room + 1) <= n * MEMBERS_BITS_EACH)
        room++;
    size.exact = longest <= room;
    size.bits = !size.exact ? room : longest > MEMBERS_MIN_BITS ? longest : MEMBERS_MIN_BITS;
    return size;
}

/* Sets the bits [first, last]. */
static void set_bits(uint64_t *words, size_t first, size_t last) {
    uint64_t head = UINT64_MAX << first % 64, tail = UINT64_MAX >> (63 - last % 64);
    if (first / 64 == last / 64) {
        words[first / 64] |= head & tail;
        return;
    }
    words[first / 64] |= head;
    for (size_t i = first / 64 + 1; i < last / 64; i++)
        words[i] = UINT64_MAX;
    words[last / 64] |= tail;
}

void simdinet_network_members_fill(const trie_segment *segments, size_t n, unsigned bits,
                                   uint64_t *words) {
    memset(words, 0, ((size_t)1 << bits) / 8);
    for (size_t i = 0; i < n; i++) {
        uint64_t last = i + 1 < n ? segments[i + 1].first.high - 1 : UINT64_MAX;
        if (segments[i].length != NETWORK_NO_MATCH)
            set_bits(words, (size_t)(segments[i].first.high >> (64 - bits)),
                     (size_t)(last >> (64 - bits)));
    }
}
