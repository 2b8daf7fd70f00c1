/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * table.c - a services or protocols file as a table: parsed as glibc's nss_files parses it, and
 * indexed by name and by number.
 *
 * A line is a name, a number, for services a slash and a protocol, and aliases; '#' begins a
 * comment. What is no such line is skipped. Chains of equal hashes are in the order of the file, so
 * the first entry that fits is the one that a search through the file would find.
 *
 * One thing differs: where blanks begin the last line and no newline ends it, glibc 2.36 reads its
 * last bytes twice ("  ip 0 IP" gets the alias "IPIP"). Here they are read once.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* A name or an alias. Node 0 is no node. */
typedef struct {
    const char *name;
    uint32_t len;
    uint32_t hash;
    uint32_t entry;
    uint32_t next;
} name_node;

struct simdinet_netdb {
    char *text; /* every name points into it */
    simdinet_netdb_entry *entries;
    name_node *names;
    uint32_t *by_name; /* the first node of each chain */
    uint32_t *by_number;
    uint32_t *next_number; /* for each entry the next one of its chain, plus 1 */
    size_t entry_count;
    size_t name_count;
    size_t longest_line;
    uint32_t most_aliases;
    uint32_t mask;
};

/* Multiplied with a prime after each byte (FNV-1a): names are short, and this needs no length. */
static const uint32_t hash_start = 0x811c9dc5;

static uint32_t hash_byte(uint32_t hash, char c) {
    return (hash ^ (uint8_t)c) * 0x01000193u;
}

static uint32_t hash_number(int number) {
    uint32_t hash = (uint32_t)number * 0x9e3779b1u;
    return hash ^ hash >> 15;
}

/* The field at *cursor, ended by white space or the line's end, gets a NUL; moves behind it. */
static char *take_field(char **cursor, uint32_t *len) {
    char *field = *cursor, *end = field;
    while (*end && !simdinet_is_space(*end))
        end++;
    *len = (uint32_t)(end - field);
    if (*end)
        *end++ = '\0';
    while (simdinet_is_space(*end))
        end++;
    *cursor = end;
    return field;
}

/* strtoull within 32 bits, and one or more ends behind it. False: no number here. */
static bool take_number(char **cursor, int base, bool slash, uint32_t *out) {
    char *end;
    unsigned long long value = strtoull(*cursor, &end, base);
    if (end == *cursor || value > UINT32_MAX)
        return false;
    if (*end && (slash ? *end != '/' : !simdinet_is_space(*end)))
        return false;
    while (slash ? *end == '/' : simdinet_is_space(*end))
        end++;
    *cursor = end;
    *out = (uint32_t)value;
    return true;
}

static void add_name(simdinet_netdb *table, const char *name, uint32_t len) {
    uint32_t hash = hash_start;
    for (uint32_t i = 0; i < len; i++)
        hash = hash_byte(hash, name[i]);
    table->names[++table->name_count] =
        (name_node){.name = name, .len = len, .hash = hash, .entry = (uint32_t)table->entry_count};
}

static void parse_line(simdinet_netdb *table, char *line, simdinet_netdb_kind which) {
    while (simdinet_is_space(*line))
        line++;
    line[strcspn(line, "#")] = '\0';
    if (*line == '\0')
        return;
    bool services = which == SIMDINET_SERVICES;
    simdinet_netdb_entry *entry = &table->entries[table->entry_count];
    entry->name = take_field(&line, &entry->name_len);
    uint32_t number;
    if (!take_number(&line, services ? 0 : 10, services, &number))
        return;
    entry->number = services ? (int)(number & 0xffff) : (int)number;
    entry->proto = "";
    entry->proto_len = 0;
    if (services)
        entry->proto = take_field(&line, &entry->proto_len);
    add_name(table, entry->name, entry->name_len);
    entry->first_alias = (uint32_t)table->name_count + 1;
    entry->alias_count = 0;
    for (; *line; entry->alias_count++) {
        uint32_t len;
        char *alias = take_field(&line, &len);
        add_name(table, alias, len);
    }
    if (entry->alias_count > table->most_aliases)
        table->most_aliases = entry->alias_count;
    table->entry_count++;
}

/* From the last to the first, each in front of its chain. */
static void build_index(simdinet_netdb *table) {
    for (size_t i = table->name_count; i > 0; i--) {
        uint32_t *chain = &table->by_name[table->names[i].hash & table->mask];
        table->names[i].next = *chain;
        *chain = (uint32_t)i;
    }
    for (size_t i = table->entry_count; i > 0; i--) {
        uint32_t *chain =
            &table->by_number[hash_number(table->entries[i - 1].number) & table->mask];
        table->next_number[i] = *chain;
        *chain = (uint32_t)i;
    }
}

simdinet_netdb *simdinet_netdb_parse(char *text, size_t len, simdinet_netdb_kind which) {
    size_t lines = 1, fields = 1;
    for (size_t i = 0; i < len; i++) {
        lines += text[i] == '\n';
        fields += !simdinet_is_space(text[i]) && (i == 0 || simdinet_is_space(text[i - 1]));
    }
    size_t buckets = 16;
    while (buckets < 2 * fields)
        buckets *= 2;
    simdinet_netdb *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->mask = (uint32_t)(buckets - 1);
    table->entries = calloc(lines, sizeof *table->entries);
    table->names = calloc(fields + 1, sizeof *table->names);
    table->by_name = calloc(buckets, sizeof *table->by_name);
    table->by_number = calloc(buckets, sizeof *table->by_number);
    table->next_number = calloc(lines + 1, sizeof *table->next_number);
    if (!table->entries || !table->names || !table->by_name || !table->by_number ||
        !table->next_number) {
        simdinet_netdb_free(table);
        return NULL;
    }
    table->text = text;
    text[len] = '\0';
    for (char *line = text, *end = text + len; line < end;) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        char *next = newline ? newline + 1 : end;
        if ((size_t)(next - line) > table->longest_line)
            table->longest_line = (size_t)(next - line);
        if (newline)
            *newline = '\0';
        parse_line(table, line, which);
        line = next;
    }
    build_index(table);
    return table;
}

void simdinet_netdb_free(simdinet_netdb *table) {
    if (!table)
        return;
    free(table->text);
    free(table->entries);
    free(table->names);
    free(table->by_name);
    free(table->by_number);
    free(table->next_number);
    free(table);
}

static bool fits_proto(const simdinet_netdb_entry *entry, const char *proto, size_t plen) {
    return !proto || (plen == entry->proto_len && memcmp(proto, entry->proto, plen) == 0);
}

const simdinet_netdb_entry *simdinet_netdb_by_name(const simdinet_netdb *table, const char *name,
                                                   size_t len, const char *proto, size_t plen) {
    uint32_t hash = hash_start;
    if (len == SIMDINET_ZSTR)
        for (len = 0; name[len]; len++)
            hash = hash_byte(hash, name[len]);
    else
        for (size_t i = 0; i < len; i++)
            hash = hash_byte(hash, name[i]);
    if (proto && plen == SIMDINET_ZSTR)
        plen = strlen(proto);
    for (uint32_t i = table->by_name[hash & table->mask]; i != 0; i = table->names[i].next) {
        const name_node *node = &table->names[i];
        if (node->hash == hash && node->len == len && memcmp(node->name, name, len) == 0 &&
            fits_proto(&table->entries[node->entry], proto, plen))
            return &table->entries[node->entry];
    }
    return NULL;
}

const simdinet_netdb_entry *simdinet_netdb_by_number(const simdinet_netdb *table, int number,
                                                     const char *proto, size_t plen) {
    if (proto && plen == SIMDINET_ZSTR)
        plen = strlen(proto);
    for (uint32_t i = table->by_number[hash_number(number) & table->mask]; i != 0;
         i = table->next_number[i]) {
        const simdinet_netdb_entry *entry = &table->entries[i - 1];
        if (entry->number == number && fits_proto(entry, proto, plen))
            return entry;
    }
    return NULL;
}

const char *simdinet_netdb_alias(const simdinet_netdb *table, const simdinet_netdb_entry *entry,
                                 uint32_t index) {
    return table->names[entry->first_alias + index].name;
}

/*
 * glibc reads a line to the buffer, for which it wants two bytes more, and behind it the pointers to
 * the aliases, of which it wants room for two more. Comments count: it refuses a buffer for any line
 * that it passes on its way.
 */
size_t simdinet_netdb_buffer_size(const simdinet_netdb *table) {
    return table->longest_line + 2 + (table->most_aliases + 3) * sizeof(char *);
}
