/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_peer_mmdb.c - libmaxminddb (Debian: libmaxminddb-dev) with a database of IPv4 networks that is
 * written to a temporary file: MaxMind DB File Format Specification 2.0, records of 32 bits, and
 * values of type uint32.
 */
#include "network_peers.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A record of the tree while it is built: another node, or a value. */
enum { EMPTY = 0x7fffffff };
#define VALUE_BIT UINT32_C(0x80000000)

typedef struct mmdb_tree {
    uint32_t (*nodes)[2];
    size_t n, capacity;
} mmdb_tree;

static uint32_t add_node(mmdb_tree *tree, uint32_t record) {
    if (tree->n == tree->capacity) {
        tree->capacity = tree->capacity ? 2 * tree->capacity : 1 << 16;
        tree->nodes = realloc(tree->nodes, tree->capacity * sizeof *tree->nodes);
        if (!tree->nodes)
            abort();
    }
    tree->nodes[tree->n][0] = tree->nodes[tree->n][1] = record;
    return (uint32_t)tree->n++;
}

/* Networks come from the shortest to the longest. */
static void add_network(mmdb_tree *tree, const peer_network *network) {
    uint32_t node = 0;
    for (unsigned i = 0;; i++) {
        unsigned bit = network->address[i / 8] >> (7 - i % 8) & 1;
        if (i + 1 == network->length) {
            tree->nodes[node][bit] = VALUE_BIT | network->value;
            return;
        }
        uint32_t record = tree->nodes[node][bit];
        if (record == EMPTY || record & VALUE_BIT) {
            record = add_node(tree, record);
            tree->nodes[node][bit] = record;
        }
        node = record;
    }
}

static void put_number(FILE *file, uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        putc((int)(number >> shift & 0xff), file);
}

/* A key of the metadata, and the control byte of its value. */
static void put_key(FILE *file, const char *key, int control) {
    putc(0x40 | (int)strlen(key), file);
    fputs(key, file);
    putc(control, file);
}

enum {
    UINT16_2 = 0xa2,
    UINT32_4 = 0xc4,
    STRING_5 = 0x45,
    MAP_9 = 0xe9,
    MAP_0 = 0xe0,
    EXTENDED = 0
};

static void put_metadata(FILE *file, uint32_t node_count) {
    fputs("\xab\xcd\xefMaxMind.com", file);
    putc(MAP_9, file);
    put_key(file, "node_count", UINT32_4);
    put_number(file, node_count);
    put_key(file, "record_size", UINT16_2);
    fwrite("\0\40", 1, 2, file);
    put_key(file, "ip_version", UINT16_2);
    fwrite("\0\4", 1, 2, file);
    put_key(file, "binary_format_major_version", UINT16_2);
    fwrite("\0\2", 1, 2, file);
    put_key(file, "binary_format_minor_version", UINT16_2);
    fwrite("\0\0", 1, 2, file);
    put_key(file, "database_type", STRING_5);
    fputs("bench", file);
    put_key(file, "languages", EXTENDED); /* an array of 0 elements: type 11 is 7 + 4 */
    putc(4, file);
    put_key(file, "description", MAP_0);
    put_key(file, "build_epoch", 1); /* 1 byte of type 9, uint64, which is 7 + 2 */
    putc(2, file);
    putc(1, file);
}

static bool write_database(FILE *file, const mmdb_tree *tree, uint32_t n_values) {
    for (size_t i = 0; i < tree->n; i++)
        for (int bit = 0; bit < 2; bit++) {
            uint32_t record = tree->nodes[i][bit];
            if (record == EMPTY)
                record = (uint32_t)tree->n;
            else if (record & VALUE_BIT) /* past the separator of 16 bytes; a value has 5 bytes */
                record = (uint32_t)tree->n + 16 + 5 * (record & ~VALUE_BIT);
            put_number(file, record);
        }
    for (int i = 0; i < 16; i++)
        putc(0, file);
    for (uint32_t value = 0; value < n_values; value++) {
        putc(UINT32_4, file);
        put_number(file, value);
    }
    put_metadata(file, (uint32_t)tree->n);
    return fclose(file) == 0;
}

static size_t database_size;

static peer_table *mmdb_build(const peer_network *networks, size_t n) {
    mmdb_tree tree = {NULL, 0, 0};
    uint32_t n_values = 0;
    char path[] = "/tmp/bench_network.XXXXXX";
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    MMDB_s *database = malloc(sizeof *database);
    add_node(&tree, EMPTY);
    for (unsigned length = 1; length <= 32; length++)
        for (size_t i = 0; i < n; i++) {
            n_values = networks[i].value >= n_values ? networks[i].value + 1 : n_values;
            if (networks[i].length == length)
                add_network(&tree, &networks[i]);
        }
    bool ok = file && database && write_database(file, &tree, n_values) &&
              MMDB_open(path, MMDB_MODE_MMAP, database) == MMDB_SUCCESS;
    unlink(path);
    free(tree.nodes);
    if (!ok) {
        free(database);
        return NULL;
    }
    database_size = (size_t)database->file_size;
    return (peer_table *)database;
}

static void mmdb_lookup(const peer_table *table, const void *addresses, size_t n, void *results) {
    static const char *const path[] = {NULL};
    for (size_t i = 0; i < n; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET};
        int error;
        MMDB_entry_data_s data;
        address.sin_addr.s_addr = htonl(((const uint32_t *)addresses)[i]);
        MMDB_lookup_result_s result =
            MMDB_lookup_sockaddr((const MMDB_s *)table, (const struct sockaddr *)&address, &error);
        bool found = error == MMDB_SUCCESS && result.found_entry &&
                     MMDB_aget_value(&result.entry, &data, path) == MMDB_SUCCESS;
        ((uint32_t *)results)[i] = found ? data.uint32 : UINT32_MAX;
    }
}

static uint32_t mmdb_value(const void *results, size_t i) {
    return ((const uint32_t *)results)[i];
}

static size_t mmdb_memory(void) {
    return database_size;
}

const peer *network_peer_mmdb(void) {
    static const peer own = {"libmaxminddb", 4,           mmdb_build, mmdb_lookup,
                             mmdb_value,     mmdb_memory, ", a file"};
    return &own;
}
