/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_column.c - section "columns and networks", without sets. The loops are for the compiler to
 * vectorize: they run at the speed of memory.
 */
#include <string.h>

#include "block.h"
#include "network_bits.h"
#include "simdinet_network_set.h"

/* ---- truncation ------------------------------------------------------------------------------ */

/* The bytes of a netmask as two halves in the order of memory. */
typedef struct byte_mask {
    uint64_t half[2];
} byte_mask;

static byte_mask netmask_bytes(unsigned prefix_length) {
    bits128 host = bits128_host_mask(prefix_length < 128 ? prefix_length : 128);
    uint8_t bytes[16];
    byte_mask mask;
    bits128_store(bytes, bits128_not(host));
    memcpy(&mask, bytes, sizeof mask);
    return mask;
}

void simdinet_truncate_ipv4_column(const uint8_t *addresses, size_t n, unsigned prefix_length,
                                   uint8_t *out) {
    byte_mask mask = netmask_bytes(prefix_length < 32 ? prefix_length : 32);
    uint32_t word;
    memcpy(&word, &mask, sizeof word);
    for (size_t i = 0; i < n; i++) {
        uint32_t address;
        memcpy(&address, addresses + i * sizeof address, sizeof address);
        address &= word;
        memcpy(out + i * sizeof address, &address, sizeof address);
    }
}

void simdinet_truncate_ipv6_column(const uint8_t *addresses, size_t n, unsigned prefix_length,
                                   uint8_t *out) {
    byte_mask mask = netmask_bytes(prefix_length), address;
    for (size_t i = 0; i < n; i++) {
        memcpy(&address, addresses + i * sizeof address, sizeof address);
        address.half[0] &= mask.half[0];
        address.half[1] &= mask.half[1];
        memcpy(out + i * sizeof address, &address, sizeof address);
    }
}

void simdinet_truncate_mixed_column(const uint8_t *addresses, const uint8_t *families, size_t n,
                                    unsigned ipv4_length, unsigned ipv6_length, uint8_t *out) {
    const byte_mask masks[2] = {netmask_bytes(96 + (ipv4_length < 32 ? ipv4_length : 32)),
                                netmask_bytes(ipv6_length)};
    byte_mask address;
    for (size_t i = 0; i < n; i++) {
        const byte_mask *mask = &masks[bitmap_test(families, i)];
        memcpy(&address, addresses + i * sizeof address, sizeof address);
        address.half[0] &= mask->half[0];
        address.half[1] &= mask->half[1];
        memcpy(out + i * sizeof address, &address, sizeof address);
    }
}

/* ---- one network ----------------------------------------------------------------------------- */

/* A network as masked bytes in the order of memory, IPv4 in 4 bytes. */
typedef struct network_bytes {
    byte_mask mask, first;
} network_bytes;

static network_bytes network_to_bytes(const simdinet_network *network) {
    network_bytes bytes = {netmask_bytes(network->prefix_length), {{0, 0}}};
    memcpy(&bytes.first, network->address, sizeof bytes.first);
    bytes.first.half[0] &= bytes.mask.half[0];
    bytes.first.half[1] &= bytes.mask.half[1];
    return bytes;
}

static uint64_t contains_ipv4_block(const network_bytes *network, const uint8_t *addresses,
                                    size_t size, size_t n) {
    uint32_t mask, first;
    uint64_t bits = 0;
    memcpy(&mask, &network->mask, sizeof mask);
    memcpy(&first, &network->first, sizeof first);
    for (size_t i = 0; i < n; i++) {
        uint32_t address;
        memcpy(&address, addresses + i * size, sizeof address);
        bits |= (uint64_t)((address & mask) == first) << i;
    }
    return bits;
}

static uint64_t contains_ipv6_block(const network_bytes *network, const uint8_t *addresses,
                                    size_t n) {
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        byte_mask address;
        memcpy(&address, addresses + i * sizeof address, sizeof address);
        uint64_t different = ((address.half[0] & network->mask.half[0]) ^ network->first.half[0]) |
                             ((address.half[1] & network->mask.half[1]) ^ network->first.half[1]);
        bits |= (uint64_t)(different == 0) << i;
    }
    return bits;
}

/* families is NULL but for a mixed column. */
static size_t contains_column(const simdinet_network *network, address_family family,
                              const uint8_t *addresses, const uint8_t *families, size_t n,
                              const uint8_t *validity, uint8_t *found) {
    size_t size = address_size(family), n_set = 0;
    bool ipv4 = network->family == 4;
    bool possible = network_is_valid(network) && family != (ipv4 ? FAMILY_IPV6 : FAMILY_IPV4);
    network_bytes bytes = {{{0, 0}}, {{0, 0}}};
    if (possible)
        bytes = network_to_bytes(network);
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        size_t count = block_length(n - first);
        const uint8_t *block = addresses + first * size;
        uint64_t bits = 0;
        if (possible && ipv4)
            bits = contains_ipv4_block(&bytes, block + size - 4, size, count);
        else if (possible)
            bits = contains_ipv6_block(&bytes, block, count);
        if (families) {
            uint64_t is_ipv6 = bitmap_load(families + first / 8, count);
            bits &= ipv4 ? ~is_ipv6 : is_ipv6;
        }
        if (validity)
            bits &= bitmap_load(validity + first / 8, count);
        bitmap_store(found + first / 8, bits, count);
        n_set += count_bits(bits);
    }
    return n_set;
}

size_t simdinet_network_contains_ipv4_column(const simdinet_network *network,
                                             const uint8_t *addresses, size_t n,
                                             const uint8_t *validity, uint8_t *found) {
    return contains_column(network, FAMILY_IPV4, addresses, NULL, n, validity, found);
}

size_t simdinet_network_contains_ipv6_column(const simdinet_network *network,
                                             const uint8_t *addresses, size_t n,
                                             const uint8_t *validity, uint8_t *found) {
    return contains_column(network, FAMILY_IPV6, addresses, NULL, n, validity, found);
}

size_t simdinet_network_contains_mixed_column(const simdinet_network *network,
                                              const uint8_t *addresses, const uint8_t *families,
                                              size_t n, const uint8_t *validity, uint8_t *found) {
    return contains_column(network, FAMILY_MIXED, addresses, families, n, validity, found);
}

/* ---- IPv4-mapped addresses ------------------------------------------------------------------- */

static const uint8_t column_mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};

void simdinet_ipv4_to_mapped_column(const uint8_t *addresses, size_t n, uint8_t *out) {
    for (size_t i = 0; i < n; i++) {
        memcpy(out + i * 16, column_mapped_prefix, sizeof column_mapped_prefix);
        memcpy(out + i * 16 + 12, addresses + i * 4, 4);
    }
}

size_t simdinet_mapped_to_ipv4_column(const uint8_t *addresses, size_t n, const uint8_t *validity,
                                      uint8_t *out, uint8_t *out_validity) {
    size_t n_mapped = 0;
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        size_t count = block_length(n - first);
        uint64_t bits = 0;
        uint64_t not_null = validity ? bitmap_load(validity + first / 8, count) : UINT64_MAX;
        for (size_t i = 0; i < count; i++) {
            const uint8_t *address = addresses + (first + i) * 16;
            bool mapped = memcmp(address, column_mapped_prefix, sizeof column_mapped_prefix) == 0 &&
                          (not_null >> i & 1);
            uint32_t ipv4;
            memcpy(&ipv4, address + 12, sizeof ipv4);
            ipv4 = mapped ? ipv4 : 0;
            memcpy(out + (first + i) * 4, &ipv4, sizeof ipv4);
            bits |= (uint64_t)mapped << i;
        }
        bitmap_store(out_validity + first / 8, bits, count);
        n_mapped += count_bits(bits);
    }
    return n_mapped;
}

/* ---- order ----------------------------------------------------------------------------------- */

void simdinet_ipv4_sort_keys(const uint8_t *addresses, size_t n, uint32_t *keys) {
    simdinet_ntohl_array(keys, addresses, n);
}

void simdinet_ipv6_sort_keys(const uint8_t *addresses, size_t n, uint64_t *keys) {
    simdinet_ntohll_array(keys, addresses, 2 * n);
}

static int8_t compare_bytes(const uint8_t *a, const uint8_t *b, size_t size) {
    int order = memcmp(a, b, size);
    return (int8_t)((order > 0) - (order < 0));
}

void simdinet_compare_ipv4_column(const uint8_t *a, const uint8_t *b, size_t n, int8_t *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = compare_bytes(a + i * 4, b + i * 4, 4);
}

void simdinet_compare_ipv6_column(const uint8_t *a, const uint8_t *b, size_t n, int8_t *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = compare_bytes(a + i * 16, b + i * 16, 16);
}
