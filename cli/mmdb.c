/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "mmdb.h"

#ifdef SIMDINET_WITH_MMDB

#    include "growth.h"

#    include <stdio.h>
#    include <stdlib.h>
#    include <string.h>

static const char *const symbols[] = {MMDB_FUNCTIONS(LIBRARY_SYMBOL)};
struct mmdb_functions mmdb LIBRARY_ADDRESSES(MMDB_FUNCTIONS);
shared_library mmdb_library = {.soname = LIBRARY_SONAME(SIMDINET_MMDB_SONAME),
                               .symbols = symbols,
                               .functions = &mmdb,
                               .n = sizeof symbols / sizeof *symbols};

/*
 * The nodes are an array. To read it in order visits each of them once, also where a subtree belongs to several
 * networks, as that of IPv4 does.
 */
int mmdb_visit_records(const MMDB_s *database, record_visitor *visitor, void *context) {
    uint32_t last = UINT32_MAX;
    int status = MMDB_SUCCESS;
    for (uint32_t i = 0; i < database->metadata.node_count && status == MMDB_SUCCESS; i++) {
        MMDB_search_node_s node;
        status = mmdb.MMDB_read_node(database, i, &node);
        if (status == MMDB_SUCCESS && node.left_record_type == MMDB_RECORD_TYPE_DATA &&
            node.left_record_entry.offset != last) {
            last = node.left_record_entry.offset;
            status = visitor(context, &node.left_record_entry);
        }
        if (status == MMDB_SUCCESS && node.right_record_type == MMDB_RECORD_TYPE_DATA &&
            node.right_record_entry.offset != last) {
            last = node.right_record_entry.offset;
            status = visitor(context, &node.right_record_entry);
        }
    }
    return status == VISIT_STOP ? MMDB_SUCCESS : status;
}

/* ---- fields ----------------------------------------------------------------------------------- */

enum { MAX_RECORDS = 1000, MAX_NAME = 256, MAX_DEPTH = 16 };

typedef struct {
    field_list *fields;
    unsigned records;
    char name[MAX_NAME];
} field_collector;

bool field_list_has(const field_list *fields, const char *name) {
    for (size_t i = 0; i < fields->n; i++)
        if (strcmp(fields->names[i], name) == 0)
            return true;
    return false;
}

static int add_field(field_list *fields, const char *name) {
    if (field_list_has(fields, name))
        return MMDB_SUCCESS;
    char *copy = strdup(name);
    if (!copy || !grow((void **)&fields->names, fields->n, 1, &fields->capacity, sizeof copy)) {
        free(copy);
        return MMDB_OUT_OF_MEMORY_ERROR;
    }
    fields->names[fields->n++] = copy;
    return MMDB_SUCCESS;
}

/* Appends a name to the first len bytes. Returns the new length; MAX_NAME: too long. */
static size_t append_name(char name[MAX_NAME], size_t len, const char *text, size_t text_len) {
    int n = snprintf(name + len, MAX_NAME - len, "%s%.*s", len > 0 ? "." : "", (int)text_len, text);
    return n < 0 || (size_t)n >= MAX_NAME - len ? (size_t)MAX_NAME : len + (size_t)n;
}

/* Adds the fields of the value at *at, whose name has len bytes, and moves *at past it. */
static int collect_value(field_collector *to, MMDB_entry_data_list_s **at, size_t len,
                         unsigned depth) {
    if (!*at)
        return MMDB_INVALID_DATA_ERROR;
    const MMDB_entry_data_s *value = &(*at)->entry_data;
    const bool map = value->type == MMDB_DATA_TYPE_MAP;
    int status = MMDB_SUCCESS;
    *at = (*at)->next;
    if (!map && value->type != MMDB_DATA_TYPE_ARRAY)
        return len < MAX_NAME && depth <= MAX_DEPTH ? add_field(to->fields, to->name) : status;
    for (uint32_t i = 0; i < value->data_size && status == MMDB_SUCCESS; i++) {
        char index[16];
        size_t end = MAX_NAME;
        if (map && !*at)
            return MMDB_INVALID_DATA_ERROR;
        if (map) {
            const MMDB_entry_data_s *key = &(*at)->entry_data;
            *at = (*at)->next;
            if (key->type != MMDB_DATA_TYPE_UTF8_STRING) /* libmaxminddb reads any */
                return MMDB_INVALID_DATA_ERROR;
            if (len < MAX_NAME)
                end = append_name(to->name, len, key->utf8_string, key->data_size);
        } else if (len < MAX_NAME) {
            end = append_name(to->name, len, index, (size_t)sprintf(index, "%u", i));
        }
        status = collect_value(to, at, end, depth + 1);
        if (len < MAX_NAME)
            to->name[len] = '\0';
    }
    return status;
}

/* record_visitor */
static int collect_record(void *context, MMDB_entry_s *record) {
    field_collector *to = context;
    MMDB_entry_data_list_s *list = NULL;
    int status = mmdb.MMDB_get_entry_data_list(record, &list);
    if (status == MMDB_SUCCESS) {
        MMDB_entry_data_list_s *at = list;
        to->name[0] = '\0';
        status = collect_value(to, &at, 0, 0);
    }
    mmdb.MMDB_free_entry_data_list(list);
    if (status == MMDB_SUCCESS && ++to->records == MAX_RECORDS)
        return VISIT_STOP;
    return status;
}

int field_list_collect(field_list *fields, const MMDB_s *database) {
    field_collector to = {.fields = fields};
    return mmdb_visit_records(database, collect_record, &to);
}

void field_list_free(field_list *fields) {
    for (size_t i = 0; i < fields->n; i++)
        free(fields->names[i]);
    free(fields->names);
}

const char *field_list_format(const field_list *fields, char *to, size_t size) {
    size_t len = 0;
    *to = '\0';
    for (size_t i = 0; i < fields->n; i++) {
        const char *separator = i > 0 ? ", " : "";
        if (len + strlen(fields->names[i]) + sizeof ", , ..." > size) {
            snprintf(to + len, size - len, "%s...", separator);
            break;
        }
        len += (size_t)snprintf(to + len, size - len, "%s%s", separator, fields->names[i]);
    }
    return to;
}

#endif
