/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * netdb_parse.c - services and protocols files: parsed as glibc's nss_files does, and indexed by
 * name and by number.
 *
 * A line is a name, a number, for services a slash and a protocol, and aliases; '#' starts a
 * comment. Other lines are skipped. Hash chains are in the order of the file, so the first matching
 * entry is the one that a search of the file finds.
 *
 * One difference: if the last line starts with blanks and has no newline, glibc 2.36 reads its last
 * bytes twice ("  ip 0 IP" gets the alias "IPIP"). Here they are read once.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* A name or an alias. Index 0 ends a chain. */
typedef struct {
    const char *name;
    uint32_t len;
    uint32_t hash;
    uint32_t entry;
    uint32_t next;
} netdb_name;

struct simdinet_netdb {
    char *text; /* all names point into it */
    simdinet_netdb_entry *entries;
    netdb_name *names;
    uint32_t *by_name; /* the first node of each chain */
    uint32_t *by_number;
    uint32_t *next_number; /* per entry: 1 + the index of the next one in its chain, or 0 */
    size_t entry_count;
    size_t name_count;
    size_t max_line;
    uint32_t max_aliases;
    uint32_t mask;
};

/* FNV-1a: names are short, and their length need not be known first. */
static const uint32_t hash_start = 0x811c9dc5;

static uint32_t hash_byte(uint32_t hash, char c) {
    return (hash ^ (uint8_t)c) * 0x01000193u;
}

static uint32_t hash_number(int number) {
    uint32_t hash = (uint32_t)number * 0x9e3779b1u;
    return hash ^ hash >> 15;
}

/* NUL-terminates the field at *cursor, which ends at white space, and moves past it. */
static char *netdb_field(char **cursor, uint32_t *len) {
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

/* Parses a number of at most 32 bits and the slashes or white space after it. False: there is
 * none. */
static bool netdb_number(char **cursor, int base, bool slash, uint32_t *out) {
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

static void netdb_add_name(simdinet_netdb *db, const char *name, uint32_t len) {
    uint32_t hash = hash_start;
    for (uint32_t i = 0; i < len; i++)
        hash = hash_byte(hash, name[i]);
    db->names[++db->name_count] =
        (netdb_name){.name = name, .len = len, .hash = hash, .entry = (uint32_t)db->entry_count};
}

static void netdb_parse_line(simdinet_netdb *db, char *line, simdinet_netdb_kind kind) {
    while (simdinet_is_space(*line))
        line++;
    line[strcspn(line, "#")] = '\0';
    if (*line == '\0')
        return;
    bool services = kind == SIMDINET_SERVICES;
    simdinet_netdb_entry *entry = &db->entries[db->entry_count];
    entry->name = netdb_field(&line, &entry->name_len);
    uint32_t number;
    if (!netdb_number(&line, services ? 0 : 10, services, &number))
        return;
    entry->number = services ? (int)(number & 0xffff) : (int)number;
    entry->proto = "";
    entry->proto_len = 0;
    if (services)
        entry->proto = netdb_field(&line, &entry->proto_len);
    netdb_add_name(db, entry->name, entry->name_len);
    entry->first_alias = (uint32_t)db->name_count + 1;
    entry->alias_count = 0;
    for (; *line; entry->alias_count++) {
        uint32_t len;
        char *alias = netdb_field(&line, &len);
        netdb_add_name(db, alias, len);
    }
    if (entry->alias_count > db->max_aliases)
        db->max_aliases = entry->alias_count;
    db->entry_count++;
}

/* Prepends from the last entry to the first, so that chains are in the order of the file. */
static void netdb_build_index(simdinet_netdb *db) {
    for (size_t i = db->name_count; i > 0; i--) {
        uint32_t *chain = &db->by_name[db->names[i].hash & db->mask];
        db->names[i].next = *chain;
        *chain = (uint32_t)i;
    }
    for (size_t i = db->entry_count; i > 0; i--) {
        uint32_t *chain = &db->by_number[hash_number(db->entries[i - 1].number) & db->mask];
        db->next_number[i] = *chain;
        *chain = (uint32_t)i;
    }
}

simdinet_netdb *simdinet_netdb_parse(char *text, size_t len, simdinet_netdb_kind kind) {
    size_t lines = 1, fields = 1;
    for (size_t i = 0; i < len; i++) {
        lines += text[i] == '\n';
        fields += !simdinet_is_space(text[i]) && (i == 0 || simdinet_is_space(text[i - 1]));
    }
    size_t buckets = 16;
    while (buckets < 2 * fields)
        buckets *= 2;
    simdinet_netdb *db = calloc(1, sizeof *db);
    if (!db)
        return NULL;
    db->mask = (uint32_t)(buckets - 1);
    db->entries = calloc(lines, sizeof *db->entries);
    db->names = calloc(fields + 1, sizeof *db->names);
    db->by_name = calloc(buckets, sizeof *db->by_name);
    db->by_number = calloc(buckets, sizeof *db->by_number);
    db->next_number = calloc(lines + 1, sizeof *db->next_number);
    if (!db->entries || !db->names || !db->by_name || !db->by_number || !db->next_number) {
        simdinet_netdb_free(db);
        return NULL;
    }
    db->text = text;
    text[len] = '\0';
    for (char *line = text, *end = text + len; line < end;) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        char *next = newline ? newline + 1 : end;
        if ((size_t)(next - line) > db->max_line)
            db->max_line = (size_t)(next - line);
        if (newline)
            *newline = '\0';
        netdb_parse_line(db, line, kind);
        line = next;
    }
    netdb_build_index(db);
    return db;
}

void simdinet_netdb_free(simdinet_netdb *db) {
    if (!db)
        return;
    free(db->text);
    free(db->entries);
    free(db->names);
    free(db->by_name);
    free(db->by_number);
    free(db->next_number);
    free(db);
}

static bool netdb_proto_matches(const simdinet_netdb_entry *entry, const char *proto,
                                size_t proto_len) {
    return !proto || (proto_len == entry->proto_len && memcmp(proto, entry->proto, proto_len) == 0);
}

const simdinet_netdb_entry *simdinet_netdb_by_name(const simdinet_netdb *db, const char *name,
                                                   size_t len, const char *proto,
                                                   size_t proto_len) {
    uint32_t hash = hash_start;
    if (len == SIMDINET_ZSTR)
        for (len = 0; name[len]; len++)
            hash = hash_byte(hash, name[len]);
    else
        for (size_t i = 0; i < len; i++)
            hash = hash_byte(hash, name[i]);
    if (proto && proto_len == SIMDINET_ZSTR)
        proto_len = strlen(proto);
    for (uint32_t i = db->by_name[hash & db->mask]; i != 0; i = db->names[i].next) {
        const netdb_name *node = &db->names[i];
        if (node->hash == hash && node->len == len && memcmp(node->name, name, len) == 0 &&
            netdb_proto_matches(&db->entries[node->entry], proto, proto_len))
            return &db->entries[node->entry];
    }
    return NULL;
}

const simdinet_netdb_entry *simdinet_netdb_by_number(const simdinet_netdb *db, int number,
                                                     const char *proto, size_t proto_len) {
    if (proto && proto_len == SIMDINET_ZSTR)
        proto_len = strlen(proto);
    for (uint32_t i = db->by_number[hash_number(number) & db->mask]; i != 0;
         i = db->next_number[i]) {
        const simdinet_netdb_entry *entry = &db->entries[i - 1];
        if (entry->number == number && netdb_proto_matches(entry, proto, proto_len))
            return entry;
    }
    return NULL;
}

const char *simdinet_netdb_alias(const simdinet_netdb *db, const simdinet_netdb_entry *entry,
                                 uint32_t index) {
    return db->names[entry->first_alias + index].name;
}

/*
 * glibc reads a line into the buffer, for which it needs two more bytes, and puts the pointers to
 * the aliases after it, for which it needs two more pointers and alignment. It fails with ERANGE on
 * any line before the result that does not fit, comments included.
 */
size_t simdinet_netdb_buffer_size(const simdinet_netdb *db) {
    return db->max_line + 2 + (db->max_aliases + 3) * sizeof(char *);
}
