/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "mmdb.h"

#ifdef SIMDINET_WITH_MMDB

#    include "growth.h"

#    include <stdio.h>
#    include <stdlib.h>
#    include <string.h>

static const char *const symbols[] = {MMDB_FUNCTIONS(LIBRARY_SYMBOL)};
struct mmdb_functions mmdb LIBRARY_ADDRESSES(MMDB, MMDB_FUNCTIONS);
shared_library mmdb_library = {.soname = LIBRARY_SONAME(MMDB),
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

/*
 * A record is decoded value by value: pointers can make a small file into more values than memory holds, so that
 * MMDB_get_entry_data_list has no bound. MAX_NESTING is that of libmaxminddb.
 */
enum { MAX_FIELDS = 256, MAX_VALUES = 100000, MAX_NAME = 256, MAX_DEPTH = 16, MAX_NESTING = 512 };

typedef struct {
    field_list *fields;
    const MMDB_s *database;
    unsigned records, values;
    char name[MAX_NAME];
} field_collector;

/* gcc 12's -fanalyzer does not see that the list has the copy. */
#    if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#        pragma GCC diagnostic push
#        pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#    endif
static int add_field(field_list *fields, const char *name) {
    for (size_t i = 0; i < fields->n; i++)
        if (strcmp(fields->names[i], name) == 0)
            return MMDB_SUCCESS;
    if (fields->n == MAX_FIELDS)
        return VISIT_STOP;
    char *copy = strdup(name);
    if (!copy || !grow((void **)&fields->names, fields->n, 1, &fields->capacity, sizeof copy)) {
        free(copy);
        return MMDB_OUT_OF_MEMORY_ERROR;
    }
    fields->names[fields->n++] = copy;
    return MMDB_SUCCESS;
}

#    if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#        pragma GCC diagnostic pop
#    endif

/* Appends a name to the first len bytes. Returns the new length; MAX_NAME: too long. */
static size_t append_name(char name[MAX_NAME], size_t len, const char *text, size_t text_len) {
    if (len == MAX_NAME)
        return len;
    int n = snprintf(name + len, MAX_NAME - len, "%s%.*s", len > 0 ? "." : "", (int)text_len, text);
    return n < 0 || (size_t)n >= MAX_NAME - len ? (size_t)MAX_NAME : len + (size_t)n;
}

/* The bytes of a pointer that begins with this one. */
static uint32_t pointer_size(uint8_t control) {
    return 2 + (control >> 3 & 3);
}

/* Decodes the value at *offset, or the one that a pointer there leads to, and moves *offset past what is there. */
static int decode(field_collector *to, uint32_t *offset, MMDB_entry_data_s *value) {
    static const char *const whole[] = {NULL};
    MMDB_entry_s entry = {.mmdb = to->database, .offset = *offset};
    if (++to->values > MAX_VALUES)
        return VISIT_STOP;
    int status = mmdb.MMDB_aget_value(&entry, value, whole);
    if (status == MMDB_SUCCESS && value->offset == *offset)
        *offset = value->offset_to_next;
    else if (status == MMDB_SUCCESS)
        *offset += pointer_size(to->database->data_section[*offset]);
    return status;
}

/* Adds the fields of the value at *offset, whose name has len bytes, and moves *offset past it. */
static int collect_value(field_collector *to, uint32_t *offset, size_t len, unsigned depth) {
    MMDB_entry_data_s value;
    const uint32_t begin = *offset;
    int status = depth < MAX_NESTING ? decode(to, offset, &value) : MMDB_INVALID_DATA_ERROR;
    if (status != MMDB_SUCCESS)
        return status;
    const bool map = value.type == MMDB_DATA_TYPE_MAP, pointer = value.offset != begin;
    if (!map && value.type != MMDB_DATA_TYPE_ARRAY)
        return len < MAX_NAME && depth <= MAX_DEPTH ? add_field(to->fields, to->name) : status;
    uint32_t at = value.offset;
    const uint32_t n = value.data_size;
    if (pointer) /* the offset past the value itself, from which its elements follow */
        status = decode(to, &at, &value);
    else
        at = *offset;
    for (uint32_t i = 0; i < n && status == MMDB_SUCCESS; i++) {
        char index[16];
        size_t end;
        if (map) {
            status = decode(to, &at, &value);
            if (status == MMDB_SUCCESS && value.type != MMDB_DATA_TYPE_UTF8_STRING)
                status = MMDB_INVALID_DATA_ERROR;
            if (status != MMDB_SUCCESS)
                break;
            end = append_name(to->name, len, value.utf8_string, value.data_size);
        } else {
            end = append_name(to->name, len, index, (size_t)sprintf(index, "%u", i));
        }
        status = collect_value(to, &at, end, depth + 1);
        if (len < MAX_NAME)
            to->name[len] = '\0';
    }
    if (!pointer)
        *offset = at;
    return status;
}

/* record_visitor */
static int collect_record(void *context, MMDB_entry_s *record) {
    field_collector *to = context;
    uint32_t offset = record->offset;
    to->name[0] = '\0';
    int status = collect_value(to, &offset, 0, 0);
    return status == MMDB_SUCCESS && ++to->records == FIELD_RECORDS ? VISIT_STOP : status;
}

int field_list_collect(field_list *fields, const MMDB_s *database) {
    field_collector to = {.fields = fields, .database = database};
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
