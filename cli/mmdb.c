/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "mmdb.h"

#ifdef SIMDINET_WITH_MMDB

#    include "growth.h"

#    include <stdint.h>
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

/* ---- values ----------------------------------------------------------------------------------- */

enum { MAX_NESTING = 512 }; /* that of libmaxminddb */

/* The bytes of a pointer that begins with this one. */
static uint32_t pointer_size(uint8_t control) {
    return 2 + (control >> 3 & 3);
}

/* Decodes the value at *offset, or the one that a pointer there leads to, and moves *offset past what is there. */
static int decode(value_reader *reader, uint32_t *offset, MMDB_entry_data_s *value) {
    static const char *const whole[] = {NULL};
    MMDB_entry_s entry = {.mmdb = reader->database, .offset = *offset};
    if (reader->values == 0)
        return VISIT_STOP;
    reader->values--;
    int status = mmdb.MMDB_aget_value(&entry, value, whole);
    if (status == MMDB_SUCCESS && value->offset == *offset)
        *offset = value->offset_to_next;
    else if (status == MMDB_SUCCESS)
        *offset += pointer_size(reader->database->data_section[*offset]);
    return status;
}

/* The same for a key. */
static int decode_key(value_reader *reader, uint32_t *offset, MMDB_entry_data_s *key) {
    const int status = decode(reader, offset, key);
    return status == MMDB_SUCCESS && key->type != MMDB_DATA_TYPE_UTF8_STRING
               ? MMDB_INVALID_DATA_ERROR
               : status;
}

/* The same for a value, and sets *elements to where its elements begin. They are not passed over: *offset is there,
 * unless *pointed. */
static int decode_outer(value_reader *reader, uint32_t *offset, MMDB_entry_data_s *value,
                        uint32_t *elements, bool *pointed) {
    const uint32_t begin = *offset;
    const int status = decode(reader, offset, value);
    *pointed = status == MMDB_SUCCESS && value->offset != begin;
    *elements = *pointed ? value->offset : *offset;
    if (!*pointed || (value->type != MMDB_DATA_TYPE_MAP && value->type != MMDB_DATA_TYPE_ARRAY))
        return status;
    MMDB_entry_data_s again;
    return decode(reader, elements, &again);
}

/* Moves *offset past the value there and its elements. */
static int skip_value(value_reader *reader, uint32_t *offset, unsigned depth) {
    MMDB_entry_data_s value;
    const uint32_t begin = *offset;
    int status = depth < MAX_NESTING ? decode(reader, offset, &value) : MMDB_INVALID_DATA_ERROR;
    if (status != MMDB_SUCCESS || value.offset != begin ||
        (value.type != MMDB_DATA_TYPE_MAP && value.type != MMDB_DATA_TYPE_ARRAY))
        return status;
    const bool is_map = value.type == MMDB_DATA_TYPE_MAP;
    for (uint32_t i = 0; i < value.data_size && status == MMDB_SUCCESS; i++) {
        if (is_map)
            status = skip_value(reader, offset, depth + 1);
        if (status == MMDB_SUCCESS)
            status = skip_value(reader, offset, depth + 1);
    }
    return status;
}

/* Moves *offset from the first of n elements of a map to the value of a key. *found: there is one. */
static int find_key(value_reader *reader, uint32_t *offset, uint32_t n, const char *name,
                    bool *found) {
    int status = MMDB_SUCCESS;
    const size_t len = strlen(name);
    for (uint32_t i = 0; i < n && status == MMDB_SUCCESS; i++) {
        MMDB_entry_data_s key;
        status = decode_key(reader, offset, &key);
        *found = status == MMDB_SUCCESS && key.data_size == len &&
                 memcmp(key.utf8_string, name, len) == 0;
        if (*found)
            break;
        if (status == MMDB_SUCCESS)
            status = skip_value(reader, offset, 0);
    }
    return status;
}

/* The same for n elements of an array and an index, which counts from the end if it is negative. */
static int find_index(value_reader *reader, uint32_t *offset, uint32_t n, const char *name,
                      bool *found) {
    int status = MMDB_SUCCESS;
    char *end;
    const long index = strtol(name, &end, 10), from_start = index < 0 ? index + (long)n : index;
    *found = *end == '\0' && from_start >= 0 && from_start < (long)n;
    for (long i = 0; *found && i < from_start && status == MMDB_SUCCESS; i++)
        status = skip_value(reader, offset, 0);
    return status;
}

int mmdb_read_path(value_reader *reader, const MMDB_entry_s *record, const char *const *path,
                   MMDB_entry_data_s *value) {
    uint32_t offset = record->offset, elements;
    bool pointed, found = true;
    int status = decode_outer(reader, &offset, value, &elements, &pointed);
    for (; status == MMDB_SUCCESS && *path && found; path++) {
        const uint32_t n = value->data_size;
        found = false;
        if (value->type == MMDB_DATA_TYPE_MAP)
            status = find_key(reader, &elements, n, *path, &found);
        else if (value->type == MMDB_DATA_TYPE_ARRAY)
            status = find_index(reader, &elements, n, *path, &found);
        offset = elements;
        if (found && status == MMDB_SUCCESS)
            status = decode_outer(reader, &offset, value, &elements, &pointed);
    }
    value->has_data = status == MMDB_SUCCESS && found && value->has_data;
    return status;
}

/* ---- fields ----------------------------------------------------------------------------------- */

enum { MAX_FIELDS = 256, MAX_VALUES = 100000, MAX_NAME = 256, MAX_DEPTH = 16 };

typedef struct {
    field_list *fields;
    value_reader reader;
    unsigned records;
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

/* Adds the fields of the value at *offset, whose name has len bytes, and moves *offset past it. */
static int collect_value(field_collector *to, uint32_t *offset, size_t len, unsigned depth) {
    MMDB_entry_data_s value;
    uint32_t at;
    bool pointed;
    int status = depth < MAX_NESTING ? decode_outer(&to->reader, offset, &value, &at, &pointed)
                                     : MMDB_INVALID_DATA_ERROR;
    if (status != MMDB_SUCCESS)
        return status;
    const bool map = value.type == MMDB_DATA_TYPE_MAP;
    if (!map && value.type != MMDB_DATA_TYPE_ARRAY)
        return len < MAX_NAME && depth <= MAX_DEPTH ? add_field(to->fields, to->name) : status;
    const uint32_t n = value.data_size;
    for (uint32_t i = 0; i < n && status == MMDB_SUCCESS; i++) {
        char index[16];
        size_t end;
        if (map) {
            status = decode_key(&to->reader, &at, &value);
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
    if (!pointed)
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
    field_collector to = {.fields = fields, .reader = {.database = database, .values = MAX_VALUES}};
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
