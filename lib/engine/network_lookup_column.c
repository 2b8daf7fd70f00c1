/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_lookup_column.c - columns of addresses and of text, looked up in a set by blocks of 64.
 */
#include <string.h>

#include "network_set.h"
#include "parse_column.h"

/* What a lookup writes; the first two may be NULL. */
typedef struct lookup_output {
    uint32_t *values;
    uint8_t *lengths;
    uint8_t *found;    /* a bitmap */
    uint8_t *validity; /* a bitmap, or NULL */
} lookup_output;

/* ---- blocks of one family and of both ---------------------------------------------------------------- */

/* Where the addresses of one family stand in a block, and what was found for them. */
typedef struct family_block {
    size_t n;
    uint8_t positions[SIMDINET_BLOCK];
    uint8_t addresses[SIMDINET_BLOCK * 16];
    uint32_t values[SIMDINET_BLOCK];
    uint8_t lengths[SIMDINET_BLOCK];
} family_block;

static void start_family_lookup(const simdinet_implementation *impl,
                                const simdinet_network_set *set, address_family family,
                                const uint8_t *addresses, size_t n, bool membership,
                                simdinet_lookup_state *state) {
    if (family == FAMILY_IPV4)
        impl->lookup_ipv4_start(&set->ipv4, addresses, n, membership, state);
    else
        impl->lookup_ipv6_start(&set->ipv6, addresses, n, membership, state);
}

static uint64_t finish_family_lookup(const simdinet_implementation *impl,
                                     const simdinet_network_set *set, address_family family,
                                     simdinet_lookup_state *state, size_t n, uint32_t *values,
                                     uint8_t *lengths) {
    return family == FAMILY_IPV4 ? impl->lookup_ipv4_finish(&set->ipv4, state, n, values, lengths)
                                 : impl->lookup_ipv6_finish(&set->ipv6, state, n, values, lengths);
}

/* Collects the addresses whose bit is set, of each the last size bytes. */
static void collect_family(family_block *block, const uint8_t *addresses, uint64_t bits,
                           size_t size) {
    block->n = 0;
    for (; bits; bits &= bits - 1) {
        size_t i = (size_t)__builtin_ctzll(bits);
        block->positions[block->n] = (uint8_t)i;
        memcpy(block->addresses + block->n++ * size, addresses + i * 16 + 16 - size, size);
    }
}

/* Distributes the results to the positions; returns a bit for each address that was found. */
static uint64_t distribute_family(const family_block *block, uint64_t found, uint32_t *values,
                                  uint8_t *lengths) {
    uint64_t bits = 0;
    for (size_t k = 0; k < block->n; k++) {
        bits |= (found >> k & 1) << block->positions[k];
        if (values)
            values[block->positions[k]] = block->values[k];
        if (lengths)
            lengths[block->positions[k]] = block->lengths[k];
    }
    return bits;
}

/* Looks up the addresses of one family in a block of both. */
static uint64_t lookup_family(const simdinet_implementation *impl, const simdinet_network_set *set,
                              address_family family, const uint8_t *addresses, uint64_t bits,
                              uint32_t *values, uint8_t *lengths) {
    family_block block;
    simdinet_lookup_state state;
    if (!bits)
        return 0;
    collect_family(&block, addresses, bits, address_size(family));
    start_family_lookup(impl, set, family, block.addresses, block.n, !values && !lengths, &state);
    uint64_t found =
        finish_family_lookup(impl, set, family, &state, block.n, values ? block.values : NULL,
                             lengths ? block.lengths : NULL);
    return distribute_family(&block, found, values, lengths);
}

/* ---- any block ------------------------------------------------------------------------------- */

/* The values [first, first + n) of a column, between the two steps of a lookup. */
typedef struct lookup_column_block {
    size_t first, n;
    uint64_t valid, is_ipv6;
    uint8_t addresses[SIMDINET_BLOCK * 16]; /* of text */
    simdinet_lookup_state state;
} lookup_column_block;

typedef struct column_lookup {
    const simdinet_implementation *impl;
    const simdinet_network_set *set;
    address_family family;
    const lookup_output *out;
} column_lookup;

static void start_block_lookup(const column_lookup *l, lookup_column_block *b,
                               const uint8_t *addresses) {
    if (l->family != FAMILY_MIXED)
        start_family_lookup(l->impl, l->set, l->family, addresses, b->n,
                            !l->out->values && !l->out->lengths, &b->state);
}

/* Writes the results of a block, of those that are valid; returns how many have a match. */
static size_t finish_block_lookup(const column_lookup *l, lookup_column_block *b,
                                  const uint8_t *addresses) {
    const lookup_output *out = l->out;
    uint32_t *values = out->values ? out->values + b->first : NULL;
    uint8_t *lengths = out->lengths ? out->lengths + b->first : NULL;
    uint64_t found;
    if (l->family == FAMILY_MIXED) {
        if (values)
            memset(values, 0, b->n * sizeof *values);
        if (lengths)
            memset(lengths, 0, b->n);
        found = lookup_family(l->impl, l->set, FAMILY_IPV4, addresses, b->valid & ~b->is_ipv6,
                              values, lengths);
        found |= lookup_family(l->impl, l->set, FAMILY_IPV6, addresses, b->valid & b->is_ipv6,
                               values, lengths);
    } else {
        found = finish_family_lookup(l->impl, l->set, l->family, &b->state, b->n, values, lengths);
        /* The zeros that stand for other values may be in a network. */
        for (uint64_t wrong = found & ~b->valid; wrong; wrong &= wrong - 1) {
            size_t i = (size_t)__builtin_ctzll(wrong);
            if (values)
                values[i] = 0;
            if (lengths)
                lengths[i] = 0;
        }
        found &= b->valid;
    }
    bitmap_store(out->found + b->first / 8, found, b->n);
    if (out->validity)
        bitmap_store(out->validity + b->first / 8, b->valid, b->n);
    return count_bits(found);
}

/* The bounds of the block from first on, and which of its values are not null. */
static void begin_block_lookup(lookup_column_block *b, size_t first, size_t n,
                               const uint8_t *validity) {
    b->first = first;
    b->n = block_length(n - first);
    b->valid = b->n < 64 ? ((uint64_t)1 << b->n) - 1 : UINT64_MAX;
    b->is_ipv6 = 0;
    if (validity)
        b->valid &= bitmap_load(validity + first / 8, b->n);
}

static size_t lookup_column(const simdinet_network_set *set, address_family family,
                            const uint8_t *addresses, const uint8_t *families, size_t n,
                            const uint8_t *validity, const lookup_output *out) {
    column_lookup l = {simdinet_implementation_active(), set, family, out};
    size_t size = address_size(family), n_found = 0;
    lookup_column_block b;
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        begin_block_lookup(&b, first, n, validity);
        if (families)
            b.is_ipv6 = bitmap_load(families + first / 8, b.n);
        start_block_lookup(&l, &b, addresses + first * size);
        n_found += finish_block_lookup(&l, &b, addresses + first * size);
    }
    return n_found;
}

/* The lookup of a block ends after the next one was parsed, when its memory has arrived. */
static size_t lookup_text_column(const simdinet_network_set *set, address_family family,
                                 const column_input *c, size_t n, const uint8_t *validity,
                                 const lookup_output *out) {
    column_lookup l = {simdinet_implementation_active(), set, family, out};
    size_t n_found = 0;
    lookup_column_block blocks[2], *b = blocks, *before = NULL;
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        begin_block_lookup(b, first, n, validity);
        b->valid &= simdinet_parse_column_block(l.impl, family, c, first, b->n, b->valid,
                                                b->addresses, &b->is_ipv6);
        start_block_lookup(&l, b, b->addresses);
        if (before)
            n_found += finish_block_lookup(&l, before, before->addresses);
        before = b;
        b = &blocks[b == blocks];
    }
    return before ? n_found + finish_block_lookup(&l, before, before->addresses) : 0;
}

/* ---- public functions ------------------------------------------------------------------------ */

size_t simdinet_lookup_ipv4_column(const simdinet_network_set *set, const uint8_t *addresses,
                                   size_t n, const uint8_t *validity, uint32_t *values,
                                   uint8_t *prefix_lengths, uint8_t *found) {
    const lookup_output to = {values, prefix_lengths, found, NULL};
    return lookup_column(set, FAMILY_IPV4, addresses, NULL, n, validity, &to);
}

size_t simdinet_lookup_ipv6_column(const simdinet_network_set *set, const uint8_t *addresses,
                                   size_t n, const uint8_t *validity, uint32_t *values,
                                   uint8_t *prefix_lengths, uint8_t *found) {
    const lookup_output to = {values, prefix_lengths, found, NULL};
    return lookup_column(set, FAMILY_IPV6, addresses, NULL, n, validity, &to);
}

size_t simdinet_lookup_mixed_column(const simdinet_network_set *set, const uint8_t *addresses,
                                    const uint8_t *families, size_t n, const uint8_t *validity,
                                    uint32_t *values, uint8_t *prefix_lengths, uint8_t *found) {
    const lookup_output to = {values, prefix_lengths, found, NULL};
    return lookup_column(set, FAMILY_MIXED, addresses, families, n, validity, &to);
}

static size_t lookup_offsets32(const simdinet_network_set *set, address_family family,
                               const char *bytes, const int32_t *offsets, size_t n,
                               const uint8_t *validity, const lookup_output *out) {
    const column_input c = {.layout = OFFSETS32, .bytes = bytes ? bytes : "", .offsets32 = offsets};
    return lookup_text_column(set, family, &c, n, validity, out);
}

static size_t lookup_offsets64(const simdinet_network_set *set, address_family family,
                               const char *bytes, const int64_t *offsets, size_t n,
                               const uint8_t *validity, const lookup_output *out) {
    const column_input c = {.layout = OFFSETS64, .bytes = bytes ? bytes : "", .offsets64 = offsets};
    return lookup_text_column(set, family, &c, n, validity, out);
}

size_t simdinet_lookup_ipv4_text_column(const simdinet_network_set *set, const char *bytes,
                                        const int32_t *offsets, size_t n, const uint8_t *validity,
                                        uint32_t *values, uint8_t *prefix_lengths, uint8_t *found,
                                        uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, found, out_validity};
    return lookup_offsets32(set, FAMILY_IPV4, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_ipv6_text_column(const simdinet_network_set *set, const char *bytes,
                                        const int32_t *offsets, size_t n, const uint8_t *validity,
                                        uint32_t *values, uint8_t *prefix_lengths, uint8_t *found,
                                        uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, found, out_validity};
    return lookup_offsets32(set, FAMILY_IPV6, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_mixed_text_column(const simdinet_network_set *set, const char *bytes,
                                         const int32_t *offsets, size_t n, const uint8_t *validity,
                                         uint32_t *values, uint8_t *prefix_lengths, uint8_t *found,
                                         uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, found, out_validity};
    return lookup_offsets32(set, FAMILY_MIXED, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_ipv4_text_column64(const simdinet_network_set *set, const char *bytes,
                                          const int64_t *offsets, size_t n, const uint8_t *validity,
                                          uint32_t *values, uint8_t *prefix_lengths, uint8_t *found,
                                          uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, found, out_validity};
    return lookup_offsets64(set, FAMILY_IPV4, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_ipv6_text_column64(const simdinet_network_set *set, const char *bytes,
                                          const int64_t *offsets, size_t n, const uint8_t *validity,
                                          uint32_t *values, uint8_t *prefix_lengths, uint8_t *found,
                                          uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, found, out_validity};
    return lookup_offsets64(set, FAMILY_IPV6, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_mixed_text_column64(const simdinet_network_set *set, const char *bytes,
                                           const int64_t *offsets, size_t n,
                                           const uint8_t *validity, uint32_t *values,
                                           uint8_t *prefix_lengths, uint8_t *found,
                                           uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, found, out_validity};
    return lookup_offsets64(set, FAMILY_MIXED, bytes, offsets, n, validity, &to);
}
