/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "address_table.h"

#include "buffer_size.h"

#include <stdlib.h>
#include <unistd.h>

enum { FIRST_SIZE = BUFFER_SIZED(64, 2) };

uint64_t address_seed[2];

bool address_hash_seed(void) {
    return getentropy(address_seed, sizeof address_seed) == 0;
}

/* ---- slots ------------------------------------------------------------------------------------ */

/* The slot of an address, or the empty one where it belongs. */
static ipv4_slot *find_ipv4(ipv4_slot *slots, size_t size, uint32_t address, uint32_t hash) {
    size_t i = hash & (size - 1);
    while (slots[i].count != 0 && slots[i].address != address)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static address_count *find_ipv6(address_count *slots, size_t size, const uint8_t address[16],
                                uint32_t hash) {
    size_t i = hash & (size - 1);
    while (slots[i].count != 0 && memcmp(slots[i].address, address, 16) != 0)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

/* Half full at most: few addresses are not in the first slot. */
static bool is_ipv4_full(size_t used, size_t size) {
    return used >= size / 2;
}

static bool is_ipv6_full(size_t used, size_t size) {
    return used >= size - size / 16 * 3 - (size < 16);
}

static size_t next_size(size_t size) {
    return size > 0 ? 2 * size : FIRST_SIZE;
}

/* ---- IPv6 ------------------------------------------------------------------------------------- */

static bool grow_ipv6(ipv6_table *table) {
    const size_t size = next_size(table->size);
    address_count *slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < table->size; i++) {
        const address_count *from = &table->slots[i];
        if (from->count != 0)
            *find_ipv6(slots, size, from->address, hash_ipv6(from->address)) = *from;
    }
    free(table->slots);
    table->slots = slots;
    table->size = size;
    return true;
}

static int add_ipv6(ipv6_table *table, const uint8_t address[16], uint32_t hash, uint32_t count) {
    address_count *slot;
    if (table->size > 0) {
        slot = find_ipv6(table->slots, table->size, address, hash);
        if (slot->count != 0) {
            slot->count += count;
            return 0;
        }
    }
    if ((table->size == 0 || is_ipv6_full(table->used, table->size)) && !grow_ipv6(table))
        return -1;
    slot = find_ipv6(table->slots, table->size, address, hash);
    memcpy(slot->address, address, 16);
    slot->ipv6 = 1;
    slot->count = count;
    table->used++;
    return 1;
}

int ipv6_table_add(ipv6_table *table, const uint8_t address[16], uint32_t hash) {
    return add_ipv6(table, address, hash, 1);
}

size_t ipv6_table_move(ipv6_table *table, address_count *to) {
    size_t n = 0;
    for (size_t i = 0; i < table->size; i++)
        if (table->slots[i].count != 0)
            to[n++] = table->slots[i];
    ipv6_table_free(table);
    return n;
}

void ipv6_table_free(ipv6_table *table) {
    free(table->slots);
    *table = (ipv6_table){0};
}

/* ---- IPv4 ------------------------------------------------------------------------------------- */

static bool grow_ipv4(ipv4_table *table) {
    const size_t size = next_size(table->size);
    ipv4_slot *slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < table->size; i++) {
        const ipv4_slot *from = &table->slots[i];
        if (from->count != 0)
            *find_ipv4(slots, size, from->address, hash_ipv4(from->address)) = *from;
    }
    free(table->slots);
    table->slots = slots;
    table->size = size;
    return true;
}

/* Moves the count of a slot, which is the highest, to the counts of 63 bits. */
static bool carry(ipv4_table *table, ipv4_slot *slot) {
    uint8_t address[16] = {0};
    memcpy(address, &slot->address, 4);
    if (add_ipv6(&table->carried, address, hash_ipv6(address), slot->count) < 0)
        return false;
    slot->count = 0;
    return true;
}

int ipv4_table_add(ipv4_table *table, uint32_t address, uint32_t hash) {
    ipv4_slot *slot;
    if (table->size > 0) {
        slot = find_ipv4(table->slots, table->size, address, hash);
        if (slot->count != 0) {
            if (slot->count == ipv4_max_count && !carry(table, slot))
                return -1;
            slot->count++;
            return 0;
        }
    }
    if ((table->size == 0 || is_ipv4_full(table->used, table->size)) && !grow_ipv4(table))
        return -1;
    *find_ipv4(table->slots, table->size, address, hash) = (ipv4_slot){address, 1};
    table->used++;
    return 1;
}

size_t ipv4_table_move(ipv4_table *table, address_count *to) {
    size_t n = 0;
    for (size_t i = 0; i < table->size; i++) {
        const ipv4_slot *slot = &table->slots[i];
        if (slot->count == 0)
            continue;
        address_count *entry = &to[n++];
        *entry = (address_count){.count = slot->count};
        memcpy(entry->address, &slot->address, 4);
        if (table->carried.used > 0)
            entry->count += find_ipv6(table->carried.slots, table->carried.size, entry->address,
                                      hash_ipv6(entry->address))
                                ->count;
    }
    ipv4_table_free(table);
    return n;
}

size_t ipv4_table_move_keys(ipv4_table *table, uint64_t *to) {
    size_t n = 0;
    for (size_t i = 0; i < table->size; i++)
        if (table->slots[i].count != 0)
            to[n++] = ipv4_key(&table->slots[i]);
    ipv4_table_free(table);
    return n;
}

void ipv4_table_free(ipv4_table *table) {
    free(table->slots);
    ipv6_table_free(&table->carried);
    *table = (ipv4_table){0};
}
