/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_trie.c - writes the trie of a set of networks.
 *
 * The same code runs twice: without a buffer it counts bytes. The segments of a block are an array
 * whose first element has the match of the first slot, unless another one starts there; all others
 * start within the block.
 */
#include <string.h>

#include "network_trie_build.h"

typedef struct trie_writer {
    uint8_t *data; /* NULL: only measures */
    size_t used;   /* even */
    size_t entry_size;
} trie_writer;

/* A run of slots with one entry: a match, or a child if n > 1. */
typedef struct trie_run {
    unsigned slot; /* the first one */
    size_t n;
    const trie_segment *segments;
} trie_run;

/* ---- segments -------------------------------------------------------------------------------- */

static unsigned segment_slot(const trie_segment *segment, unsigned depth) {
    uint64_t bits = depth < 64    ? segment->first.high >> (58 - depth)
                    : depth > 122 ? segment->first.low << (depth - 122)
                                  : segment->first.low >> (122 - depth);
    return (unsigned)bits & (NETWORK_BLOCK_SLOTS - 1);
}

/* Whether a segment starts at a multiple of the networks of a prefix length. */
static bool segment_aligned(const trie_segment *segment, unsigned prefix_length) {
    bits128 host = bits128_host_mask(prefix_length < 128 ? prefix_length : 128);
    return !((segment->first.high & host.high) | (segment->first.low & host.low));
}

static bool same_match(const trie_segment *a, const trie_segment *b) {
    return a->value == b->value && a->length == b->length;
}

/*
 * Splits the segments of a block into runs and returns their number. Only the first segment may
 * start before the block.
 */
static size_t split_block(const trie_segment *segments, size_t n, unsigned depth,
                          trie_run runs[NETWORK_BLOCK_SLOTS]) {
    size_t n_runs = 0, next = 1;
    const trie_segment *cover = segments; /* its match is that of the slot's first address */
    for (unsigned slot = 0; slot < NETWORK_BLOCK_SLOTS;) {
        size_t end = next;
        while (end < n && segment_slot(&segments[end], depth) == slot)
            end++;
        if (next < end && segment_aligned(&segments[next], depth + NETWORK_BLOCK_BITS))
            cover = &segments[next++];
        trie_run run = {slot, end - next + 1, cover};
        /* cppcheck-suppress uninitvar ; runs[n_runs - 1] is written if n_runs > 0 */
        if (n_runs == 0 || run.n > 1 || runs[n_runs - 1].n > 1 ||
            !same_match(runs[n_runs - 1].segments, cover))
            runs[n_runs++] = run;
        cover = &segments[end - 1];
        next = end;
        /* Skip the slots in which nothing starts, after one that may begin a run. */
        unsigned following = next < n ? segment_slot(&segments[next], depth) : NETWORK_BLOCK_SLOTS;
        slot = run.n > 1 || following <= slot + 1 ? slot + 1 : following;
    }
    return n_runs;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static void write_bytes(trie_writer *w, size_t offset, const void *bytes, size_t size) {
    if (w->data)
        memcpy(w->data + offset, bytes, size);
}

static void write_entry(trie_writer *w, size_t offset, uint32_t value, uint8_t length) {
    if (w->entry_size == NETWORK_NARROW_ENTRY) {
        uint16_t index = (uint16_t)value;
        write_bytes(w, offset, &index, sizeof index);
        return;
    }
    if (length == NETWORK_NO_MATCH)
        value = 0;
    write_bytes(w, offset, &value, sizeof value);
    write_bytes(w, offset + sizeof value, &length, sizeof length);
}

/* Reserves bytes, and one more if that makes their end even. */
static size_t reserve(trie_writer *w, size_t size) {
    size_t offset = w->used;
    w->used += size + size % 2;
    return offset;
}

static size_t block_size(const trie_writer *w, const trie_run *runs, size_t n_runs) {
    size_t size = sizeof(uint64_t) + n_runs * w->entry_size;
    if (w->entry_size == NETWORK_NARROW_ENTRY)
        for (size_t i = 0; i < n_runs; i++)
            size += runs[i].n > 1 ? sizeof(uint32_t) : 0;
    return size;
}

/* Writes a block, without the references to its children, and returns its offset. */
static size_t write_block(trie_writer *w, const trie_run *runs, size_t n_runs) {
    uint64_t starts = 0;
    for (size_t i = 0; i < n_runs; i++)
        starts |= (uint64_t)1 << runs[i].slot;
    bool narrow = w->entry_size == NETWORK_NARROW_ENTRY;
    size_t offset = reserve(w, block_size(w, runs, n_runs));
    write_bytes(w, offset, &starts, sizeof starts);
    uint32_t child = 0;
    for (size_t i = 0; i < n_runs; i++) {
        size_t entry = offset + sizeof starts + i * w->entry_size;
        if (runs[i].n > 1)
            write_entry(w, entry, narrow ? NETWORK_CHILD_INDEX + child++ : 0, NETWORK_CHILD);
        else
            write_entry(w, entry, runs[i].segments->value, runs[i].segments->length);
    }
    return offset;
}

static void write_reference(trie_writer *w, size_t block, size_t n_runs, size_t run, size_t child,
                            uint32_t reference) {
    size_t entries = block + sizeof(uint64_t);
    size_t offset = w->entry_size == NETWORK_NARROW_ENTRY
                        ? entries + n_runs * NETWORK_NARROW_ENTRY + child * sizeof reference
                        : entries + run * NETWORK_WIDE_ENTRY;
    write_bytes(w, offset, &reference, sizeof reference);
}

/* ---- children -------------------------------------------------------------------------------- */

/* Writes the list of a child at a depth, and returns its offset. */
static size_t write_list(trie_writer *w, const trie_segment *segments, size_t n, unsigned depth) {
    uint16_t count = (uint16_t)((n - 1 + 3) / 4 * 4);
    size_t offset =
        reserve(w, sizeof count + count * sizeof(uint32_t) + ((size_t)count + 1) * w->entry_size);
    size_t keys = offset + sizeof count, entries = keys + count * sizeof(uint32_t);
    write_bytes(w, offset, &count, sizeof count);
    write_entry(w, entries, segments[0].value, segments[0].length);
    for (size_t i = 1; i <= count; i++) {
        const trie_segment *segment = &segments[i < n ? i : n - 1];
        bits128 first = segment->first;
        uint64_t bits = depth >= 64 ? first.low << (depth - 64)
                                    : first.high << depth | first.low >> (64 - depth);
        uint32_t key = i < n ? (uint32_t)(bits >> 32) : UINT32_MAX;
        write_bytes(w, keys + (i - 1) * sizeof key, &key, sizeof key);
        write_entry(w, entries + i * w->entry_size, segment->value, segment->length);
    }
    return offset;
}

/* Whether a list is the better child: no single block would do, and keys of 32 bits suffice. */
static bool prefers_list(const trie_segment *segments, size_t n, unsigned depth) {
    bool fits_block = true;
    if (n - 1 > NETWORK_LIST_MAX)
        return false;
    for (size_t i = 1; i < n; i++) {
        if (!segment_aligned(&segments[i], depth + 32))
            return false;
        fits_block &= segment_aligned(&segments[i], depth + NETWORK_BLOCK_BITS);
    }
    return !fits_block;
}

/* Writes the children of a block that is at a depth, and all below them. Recurses to the last bits
 * of an address: 22 levels, 1.6 KB each. */
static void write_children(trie_writer *w, size_t block, const trie_run *runs, size_t n_runs,
                           unsigned depth) {
    size_t child = 0;
    depth += NETWORK_BLOCK_BITS;
    for (size_t i = 0; i < n_runs; i++) {
        const trie_segment *segments = runs[i].segments;
        if (runs[i].n == 1)
            continue;
        bool list = prefers_list(segments, runs[i].n, depth);
        size_t offset;
        if (list) {
            offset = write_list(w, segments, runs[i].n, depth);
        } else {
            trie_run below[NETWORK_BLOCK_SLOTS];
            size_t n_below = split_block(segments, runs[i].n, depth, below);
            offset = write_block(w, below, n_below);
            write_children(w, offset, below, n_below, depth);
        }
        write_reference(w, block, n_runs, i, child++, (uint32_t)(offset / 2 << 1 | list));
    }
}

/* ---- root ------------------------------------------------------------------------------------ */

static size_t root_index(const trie_segment *segment, unsigned root_bits) {
    return (size_t)(segment->first.high >> (64 - root_bits));
}

/* The segments of a root slot: the match of its first address, and those that start after it. */
typedef struct root_slot {
    const trie_segment *segments;
    size_t n;
} root_slot;

/* Moves *next past the segments of a slot. */
static root_slot take_root_slot(const trie_segment *segments, size_t n, size_t *next, size_t slot,
                                unsigned root_bits) {
    size_t end = *next, cover = end - 1;
    while (end < n && root_index(&segments[end], root_bits) == slot)
        end++;
    if (*next < end && segment_aligned(&segments[*next], root_bits))
        cover = *next;
    *next = end;
    return (root_slot){segments + cover, end - cover};
}

/*
 * Writes the blocks of a region next to each other, within reach of 16-bit offsets, and then what is
 * below them. Adjacent slots with one and the same match share a block. Returns the index of the
 * first segment that starts past the region.
 */
static size_t write_region(trie_writer *w, const trie_segment *segments, size_t n, size_t first,
                           unsigned root_bits, size_t region, uint32_t *regions, uint16_t *root) {
    size_t start = region << NETWORK_REGION_BITS;
    size_t slots = (size_t)1 << (root_bits < NETWORK_REGION_BITS ? root_bits : NETWORK_REGION_BITS);
    size_t base = w->used, next = first, block = base;
    trie_run runs[NETWORK_BLOCK_SLOTS];
    const trie_segment *shared = NULL; /* the match of the last block, if it has only one */
    for (size_t slot = start; slot < start + slots; slot++) {
        root_slot s = take_root_slot(segments, n, &next, slot, root_bits);
        if (s.n > 1 || !shared || !same_match(shared, s.segments))
            block = write_block(w, runs, split_block(s.segments, s.n, root_bits, runs));
        shared = s.n == 1 ? s.segments : NULL;
        if (w->data)
            root[slot] = (uint16_t)((block - base) / 2);
    }
    if (w->data)
        regions[region] = (uint32_t)(base / 2);
    /* Blocks are where the first pass put them. */
    size_t used = base;
    next = first;
    shared = NULL;
    for (size_t slot = start; slot < start + slots; slot++) {
        root_slot s = take_root_slot(segments, n, &next, slot, root_bits);
        if (s.n > 1 || !shared || !same_match(shared, s.segments)) {
            size_t n_runs = split_block(s.segments, s.n, root_bits, runs);
            size_t size = block_size(w, runs, n_runs);
            block = used;
            used += size + size % 2;
            write_children(w, block, runs, n_runs, root_bits);
        }
        shared = s.n == 1 ? s.segments : NULL;
    }
    return next;
}

static void write_trie(trie_writer *w, const trie_segment *segments, size_t n,
                       const trie_size *size, uint32_t *regions, uint16_t *root) {
    size_t next = 1;
    for (size_t region = 0; region < size->regions; region++)
        next = write_region(w, segments, n, next, size->root_bits, region, regions, root);
}

/* A slot of the root for four segments, as far as its table stays small. */
static unsigned choose_root_bits(size_t n, unsigned family) {
    unsigned bits = 4;
    while (bits < NETWORK_MAX_ROOT_BITS && (size_t)4 << bits < n)
        bits++;
    if (family == 6)
        bits = bits >= 13 ? 16 : bits >= 7 ? 10 : 4;
    return bits;
}

bool simdinet_network_trie_measure(const trie_segment *segments, size_t n, unsigned family,
                                   bool narrow, trie_size *size) {
    size->root_bits = choose_root_bits(n, family);
    size->entry_size = narrow ? NETWORK_NARROW_ENTRY : NETWORK_WIDE_ENTRY;
    size->root = (size_t)1 << size->root_bits;
    size->regions = (size->root >> NETWORK_REGION_BITS) + (size->root_bits < NETWORK_REGION_BITS);
    trie_writer w = {.data = NULL, .entry_size = size->entry_size};
    write_trie(&w, segments, n, size, NULL, NULL);
    size->data = w.used;
    return w.used / 2 <= UINT32_MAX / 2;
}

void simdinet_network_trie_fill(const trie_segment *segments, size_t n, const trie_size *size,
                                uint32_t *regions, uint16_t *root, uint8_t *data) {
    trie_writer w = {.data = data, .entry_size = size->entry_size};
    write_trie(&w, segments, n, size, regions, root);
}
