/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_class_column.c - classes of columns of addresses, by a table of the first two bytes.
 *
 * First bytes whose addresses all have the same classes share a row. The first call fills the table;
 * others that run before it is ready, and addresses in blocks longer than 16 bits, take
 * simdinet_classify.
 */
#include <stdatomic.h>
#include <string.h>

#include "block.h"
#include "network_bits.h"
#include "network_class_table.h"
#include "simdinet_network_set.h"

enum { CLASS_ROWS = 32 }; /* today 14 for IPv4, 15 for IPv6; row 0 is all zeros */

typedef struct class_table {
    uint8_t rows[256];                 /* of each first byte */
    uint32_t classes[CLASS_ROWS][256]; /* by the second one; 0: not the same for all addresses */
} class_table;

typedef enum { TABLES_EMPTY, TABLES_FILLING, TABLES_READY } table_state;

static class_table class_tables[2]; /* IPv4, IPv6 */
static atomic_int class_tables_state;

/* Whether a block longer than a prefix, of 8 or 16 bits, is within it. */
static bool divided_by_blocks(unsigned family, uint64_t prefix, unsigned length) {
    for (unsigned i = 0; i < CLASS_BLOCKS; i++) {
        const class_block *block = &simdinet_class_blocks[i];
        if (block->family == family && block->prefix_length > length &&
            block->high >> (64 - length) == prefix)
            return true;
    }
    return false;
}

static uint32_t classes_of_prefix(unsigned family, unsigned first, unsigned second) {
    uint8_t address[16] = {(uint8_t)first, (uint8_t)second};
    return simdinet_classify(address, family);
}

static void fill_class_table(class_table *table, unsigned family) {
    unsigned n_rows = 1;
    for (unsigned first = 0; first < 256; first++) {
        bool divided = divided_by_blocks(family, first, 8);
        uint32_t row[256];
        unsigned r = 1;
        for (unsigned second = 0; second < 256; second++)
            row[second] = divided && divided_by_blocks(family, first << 8 | second, 16)
                              ? 0
                              : classes_of_prefix(family, first, second);
        while (r < n_rows && memcmp(table->classes[r], row, sizeof row) != 0)
            r++;
        if (r == CLASS_ROWS)
            continue; /* row 0 is right for every byte */
        if (r == n_rows)
            memcpy(table->classes[n_rows++], row, sizeof row);
        table->rows[first] = (uint8_t)r;
    }
}

/* The tables; NULL while another thread fills them. */
static const class_table *ready_class_tables(void) {
    int state = atomic_load_explicit(&class_tables_state, memory_order_acquire);
    if (state == TABLES_EMPTY &&
        atomic_compare_exchange_strong(&class_tables_state, &state, TABLES_FILLING)) {
        fill_class_table(&class_tables[0], 4);
        fill_class_table(&class_tables[1], 6);
        atomic_store_explicit(&class_tables_state, TABLES_READY, memory_order_release);
        state = TABLES_READY;
    }
    return state == TABLES_READY ? class_tables : NULL;
}

/* size is that of an address; the bytes of one are size apart. */
static void classify_addresses(const class_table *table, unsigned family, const uint8_t *addresses,
                               size_t size, size_t n, uint32_t *classes) {
    uint32_t all = UINT32_MAX;
    if (!table) {
        for (size_t i = 0; i < n; i++)
            classes[i] = simdinet_classify(addresses + i * size, family);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const uint8_t *address = addresses + i * size;
        uint32_t found = table->classes[table->rows[address[0]]][address[1]];
        all = found < all ? found : all;
        classes[i] = found;
    }
    for (size_t i = 0; all == 0 && i < n; i++)
        if (classes[i] == 0)
            classes[i] = simdinet_classify(addresses + i * size, family);
}

static void classify_column(address_family family, const uint8_t *addresses,
                            const uint8_t *families, size_t n, const uint8_t *validity,
                            uint32_t *classes) {
    const class_table *tables = ready_class_tables();
    const class_table *ipv6_table = tables ? &tables[1] : NULL;
    size_t size = address_size(family);
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        size_t count = block_length(n - first);
        const uint8_t *block = addresses + first * size;
        uint32_t *out = classes + first;
        uint64_t is_ipv6 = families ? bitmap_load(families + first / 8, count) : 0;
        if (family == FAMILY_IPV4)
            classify_addresses(tables, 4, block, size, count, out);
        else if (family == FAMILY_IPV6)
            classify_addresses(ipv6_table, 6, block, size, count, out);
        else
            for (size_t i = 0; i < count; i++) {
                bool ipv6 = is_ipv6 >> i & 1;
                classify_addresses(ipv6 ? ipv6_table : tables, ipv6 ? 6 : 4,
                                   block + i * size + (ipv6 ? 0 : 12), size, 1, &out[i]);
            }
        if (!validity)
            continue;
        uint64_t nulls = ~bitmap_load(validity + first / 8, count);
        for (size_t i = 0; i < count; i++)
            out[i] &= (uint32_t)(nulls >> i & 1) - 1;
    }
}

void simdinet_classify_ipv4_column(const uint8_t *addresses, size_t n, const uint8_t *validity,
                                   uint32_t *classes) {
    classify_column(FAMILY_IPV4, addresses, NULL, n, validity, classes);
}

void simdinet_classify_ipv6_column(const uint8_t *addresses, size_t n, const uint8_t *validity,
                                   uint32_t *classes) {
    classify_column(FAMILY_IPV6, addresses, NULL, n, validity, classes);
}

void simdinet_classify_mixed_column(const uint8_t *addresses, const uint8_t *families, size_t n,
                                    const uint8_t *validity, uint32_t *classes) {
    classify_column(FAMILY_MIXED, addresses, families, n, validity, classes);
}
