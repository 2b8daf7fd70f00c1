/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* extract.c - ip_extract: the addresses in a text, VARCHAR[]; ip_scan: the same as structs. */
#include "extension.h"
#include "scan_texts.h"

#include <stdlib.h>

/* The list vector that is written, and its child. */
typedef struct list_output {
    duckdb_vector vector, child;
    duckdb_list_entry *entries;
    idx_t length, capacity;
    bool structs;
    match_vectors columns;
    duckdb_string_t *texts;
} list_output;

/* The vectors of the child move when it grows. */
static void load_child(list_output *out) {
    out->child = duckdb_list_vector_get_child(out->vector);
    for (unsigned i = 0; i < MATCH_COLUMNS && out->structs; i++) {
        out->columns.vectors[i] = duckdb_struct_vector_get_child(out->child, i);
        out->columns.data[i] = duckdb_vector_get_data(out->columns.vectors[i]);
    }
    out->texts = out->structs ? NULL : duckdb_vector_get_data(out->child);
}

static bool reserve_child(list_output *out, idx_t capacity) {
    out->capacity = capacity;
    /* The size is what is copied when the child grows. */
    if (duckdb_list_vector_set_size(out->vector, out->length) != DuckDBSuccess ||
        duckdb_list_vector_reserve(out->vector, out->capacity) != DuckDBSuccess)
        return false;
    load_child(out);
    return true;
}

static bool append_match(void *context, size_t row, const char *text, const simdinet_match *match,
                         size_t offset) {
    list_output *out = context;
    if (out->length == out->capacity && !reserve_child(out, out->capacity * 2))
        return false;
    const idx_t at = out->length++;
    if (out->entries[row].length++ == 0)
        out->entries[row].offset = at;
    if (out->structs)
        set_match(&out->columns, at, text, match, offset);
    else
        set_string(out->child, out->texts, at, text + match->offset, match->length);
    return true;
}

static void free_scanner(text_scanner **scanner) {
    free(*scanner);
}

static void extract_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector result,
                          bool structs) {
    const idx_t n = duckdb_data_chunk_get_size(input);
    duckdb_vector column = duckdb_data_chunk_get_vector(input, 0);
    const duckdb_string_t *texts = duckdb_vector_get_data(column);
    const uint64_t *validity = duckdb_vector_get_validity(column);
    output_vector nulls = {.vector = result};
    list_output out = {
        .vector = result, .entries = duckdb_vector_get_data(result), .structs = structs};
    CLEANUP(free_scanner) text_scanner *scanner = malloc(sizeof *scanner);
    bool done = scanner != NULL && reserve_child(&out, n + 1);
    if (done)
        text_scanner_init(scanner, SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6, append_match, &out);
    for (idx_t i = 0; i < n && done; i++) {
        out.entries[i] = (duckdb_list_entry){0, 0};
        if (!row_is_valid(validity, i)) {
            set_null(&nulls, i);
            continue;
        }
        size_t len;
        const char *text = string_bytes(&texts[i], &len);
        done = text_scanner_add(scanner, i, text, len);
    }
    done = done && text_scanner_flush(scanner) &&
           duckdb_list_vector_set_size(result, out.length) == DuckDBSuccess;
    if (!done)
        duckdb_scalar_function_set_error(info, structs ? "ip_scan: out of memory"
                                                       : "ip_extract: out of memory");
}

static void extract_texts(duckdb_function_info info, duckdb_data_chunk input,
                          duckdb_vector result) {
    extract_chunk(info, input, result, false);
}

static void extract_structs(duckdb_function_info info, duckdb_data_chunk input,
                            duckdb_vector result) {
    extract_chunk(info, input, result, true);
}

static duckdb_logical_type list_of(duckdb_logical_type item) {
    duckdb_logical_type list = duckdb_create_list_type(item);
    duckdb_destroy_logical_type(&item);
    return list;
}

static duckdb_logical_type match_type(void) {
    duckdb_logical_type types[MATCH_COLUMNS];
    const char *names[MATCH_COLUMNS];
    for (unsigned i = 0; i < MATCH_COLUMNS; i++) {
        types[i] = duckdb_create_logical_type(match_column_types[i]);
        names[i] = match_column_names[i];
    }
    duckdb_logical_type type = duckdb_create_struct_type(types, names, MATCH_COLUMNS);
    for (unsigned i = 0; i < MATCH_COLUMNS; i++)
        duckdb_destroy_logical_type(&types[i]);
    return type;
}

bool register_extract(registration *to) {
    const duckdb_type text = DUCKDB_TYPE_VARCHAR;
    return register_scalar(to, "ip_extract", &text, 1, list_of(duckdb_create_logical_type(text)),
                           extract_texts, NULL, NULL) &&
           register_scalar(to, "ip_scan", &text, 1, list_of(match_type()), extract_structs, NULL,
                           NULL);
}
