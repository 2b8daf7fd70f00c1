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

/* ---- a block of both families ---------------------------------------------------------------- */

/* Where the addresses of one family stand in a block, and what was found for them. */
typedef struct family_block {
    size_t n;
    uint8_t positions[SIMDINET_BLOCK];
    uint8_t addresses[SIMDINET_BLOCK * 16];
    uint32_t values[SIMDINET_BLOCK];
    uint8_t lengths[SIMDINET_BLOCK];
} family_block;

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

static uint64_t lookup_mixed_block(const simdinet_implementation *impl,
                                   const simdinet_network_set *set, const uint8_t *addresses,
                                   uint64_t valid, uint64_t is_ipv6, size_t n, uint32_t *values,
                                   uint8_t *lengths) {
    family_block block;
    uint64_t found = 0;
    uint32_t *block_values = values ? block.values : NULL;
    uint8_t *block_lengths = lengths ? block.lengths : NULL;
    if (values)
        memset(values, 0, n * sizeof *values);
    if (lengths)
        memset(lengths, 0, n);
    if (valid & ~is_ipv6) {
        collect_family(&block, addresses, valid & ~is_ipv6, 4);
        uint64_t hits = impl->lookup_ipv4_block(&set->ipv4, block.addresses, block.n, block_values,
                                                block_lengths);
        found |= distribute_family(&block, hits, values, lengths);
    }
    if (valid & is_ipv6) {
        collect_family(&block, addresses, valid & is_ipv6, 16);
        uint64_t hits = impl->lookup_ipv6_block(&set->ipv6, block.addresses, block.n, block_values,
                                                block_lengths);
        found |= distribute_family(&block, hits, values, lengths);
    }
    return found;
}

/* ---- any block ------------------------------------------------------------------------------- */

/* Looks up n addresses, from the value with index first on, and writes the results of those that are
 * valid. */
static size_t lookup_block(const simdinet_implementation *impl, const simdinet_network_set *set,
                           address_family family, const uint8_t *addresses, uint64_t valid,
                           uint64_t is_ipv6, size_t first, size_t n, const lookup_output *out) {
    uint32_t *values = out->values ? out->values + first : NULL;
    uint8_t *lengths = out->lengths ? out->lengths + first : NULL;
    uint64_t found;
    if (family == FAMILY_MIXED) {
        found = lookup_mixed_block(impl, set, addresses, valid, is_ipv6, n, values, lengths);
    } else {
        found = family == FAMILY_IPV4
                    ? impl->lookup_ipv4_block(&set->ipv4, addresses, n, values, lengths)
                    : impl->lookup_ipv6_block(&set->ipv6, addresses, n, values, lengths);
        /* The zeros that stand for other values may be in a network. */
        for (uint64_t wrong = found & ~valid; wrong; wrong &= wrong - 1) {
            size_t i = (size_t)__builtin_ctzll(wrong);
            if (values)
                values[i] = 0;
            if (lengths)
                lengths[i] = 0;
        }
        found &= valid;
    }
    bitmap_store(out->found + first / 8, found, n);
    if (out->validity)
        bitmap_store(out->validity + first / 8, valid, n);
    return count_bits(found);
}

static uint64_t block_bits(size_t n) {
    return n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
}

static size_t lookup_column(const simdinet_network_set *set, address_family family,
                            const uint8_t *addresses, const uint8_t *families, size_t n,
                            const uint8_t *validity, const lookup_output *out) {
    const simdinet_implementation *impl = simdinet_implementation_active();
    size_t size = address_size(family), n_found = 0;
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        size_t count = n - first < SIMDINET_BLOCK ? n - first : SIMDINET_BLOCK;
        uint64_t valid = block_bits(count), is_ipv6 = 0;
        if (validity)
            valid &= bitmap_load(validity + first / 8, count);
        if (families)
            is_ipv6 = bitmap_load(families + first / 8, count);
        n_found += lookup_block(impl, set, family, addresses + first * size, valid, is_ipv6, first,
                                count, out);
    }
    return n_found;
}

static size_t lookup_text_column(const simdinet_network_set *set, address_family family,
                                 const column_input *c, size_t n, const uint8_t *validity,
                                 const lookup_output *out) {
    const simdinet_implementation *impl = simdinet_implementation_active();
    size_t n_found = 0;
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        uint8_t addresses[SIMDINET_BLOCK * 16];
        size_t count = n - first < SIMDINET_BLOCK ? n - first : SIMDINET_BLOCK;
        uint64_t valid = block_bits(count), is_ipv6 = 0;
        if (validity)
            valid &= bitmap_load(validity + first / 8, count);
        valid &=
            simdinet_parse_column_block(impl, family, c, first, count, valid, addresses, &is_ipv6);
        n_found += lookup_block(impl, set, family, addresses, valid, is_ipv6, first, count, out);
    }
    return n_found;
}

/* ---- public functions ------------------------------------------------------------------------ */

size_t simdinet_lookup_ipv4_column(const simdinet_network_set *set, const uint8_t *addresses,
                                   size_t n, const uint8_t *validity, uint32_t *values,
                                   uint8_t *prefix_lengths, uint8_t *out) {
    const lookup_output to = {values, prefix_lengths, out, NULL};
    return lookup_column(set, FAMILY_IPV4, addresses, NULL, n, validity, &to);
}

size_t simdinet_lookup_ipv6_column(const simdinet_network_set *set, const uint8_t *addresses,
                                   size_t n, const uint8_t *validity, uint32_t *values,
                                   uint8_t *prefix_lengths, uint8_t *out) {
    const lookup_output to = {values, prefix_lengths, out, NULL};
    return lookup_column(set, FAMILY_IPV6, addresses, NULL, n, validity, &to);
}

size_t simdinet_lookup_mixed_column(const simdinet_network_set *set, const uint8_t *addresses,
                                    const uint8_t *families, size_t n, const uint8_t *validity,
                                    uint32_t *values, uint8_t *prefix_lengths, uint8_t *out) {
    const lookup_output to = {values, prefix_lengths, out, NULL};
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
                                        uint32_t *values, uint8_t *prefix_lengths, uint8_t *out,
                                        uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, out, out_validity};
    return lookup_offsets32(set, FAMILY_IPV4, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_ipv6_text_column(const simdinet_network_set *set, const char *bytes,
                                        const int32_t *offsets, size_t n, const uint8_t *validity,
                                        uint32_t *values, uint8_t *prefix_lengths, uint8_t *out,
                                        uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, out, out_validity};
    return lookup_offsets32(set, FAMILY_IPV6, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_mixed_text_column(const simdinet_network_set *set, const char *bytes,
                                         const int32_t *offsets, size_t n, const uint8_t *validity,
                                         uint32_t *values, uint8_t *prefix_lengths, uint8_t *out,
                                         uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, out, out_validity};
    return lookup_offsets32(set, FAMILY_MIXED, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_ipv4_text_column64(const simdinet_network_set *set, const char *bytes,
                                          const int64_t *offsets, size_t n, const uint8_t *validity,
                                          uint32_t *values, uint8_t *prefix_lengths, uint8_t *out,
                                          uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, out, out_validity};
    return lookup_offsets64(set, FAMILY_IPV4, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_ipv6_text_column64(const simdinet_network_set *set, const char *bytes,
                                          const int64_t *offsets, size_t n, const uint8_t *validity,
                                          uint32_t *values, uint8_t *prefix_lengths, uint8_t *out,
                                          uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, out, out_validity};
    return lookup_offsets64(set, FAMILY_IPV6, bytes, offsets, n, validity, &to);
}

size_t simdinet_lookup_mixed_text_column64(const simdinet_network_set *set, const char *bytes,
                                           const int64_t *offsets, size_t n,
                                           const uint8_t *validity, uint32_t *values,
                                           uint8_t *prefix_lengths, uint8_t *out,
                                           uint8_t *out_validity) {
    const lookup_output to = {values, prefix_lengths, out, out_validity};
    return lookup_offsets64(set, FAMILY_MIXED, bytes, offsets, n, validity, &to);
}
