/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* extract_table.c - the table function ip_extract: a row for each address in a text, VARCHAR or BLOB. The API hands a
 * VARCHAR over as a C string, which ends at a NUL; a BLOB has any bytes. */
#include "extension.h"

enum { BATCH_SIZE = 256 };

/* The text, of duckdb_malloc. */
typedef struct bind_data {
    char *text;
    size_t len;
} bind_data;

static void free_bind_data(void *data) {
    bind_data *bound = data;
    duckdb_free(bound->text);
    duckdb_free(bound);
}

static void bind_text(duckdb_bind_info info) {
    for (unsigned i = 0; i < MATCH_COLUMNS; i++) {
        duckdb_logical_type type = duckdb_create_logical_type(match_column_types[i]);
        duckdb_bind_add_result_column(info, match_column_names[i], type);
        duckdb_destroy_logical_type(&type);
    }
    bind_data *bound = duckdb_malloc(sizeof *bound);
    if (bound == NULL) {
        duckdb_bind_set_error(info, "ip_extract: out of memory");
        return;
    }
    duckdb_value value = duckdb_bind_get_parameter(info, 0);
    *bound = (bind_data){0};
    if (!duckdb_is_null_value(value)) {
        /* The type belongs to the value. */
        const duckdb_type type = duckdb_get_type_id(duckdb_get_value_type(value));
        if (type == DUCKDB_TYPE_BLOB) {
            duckdb_blob blob = duckdb_get_blob(value);
            bound->text = blob.data;
            bound->len = blob.size;
        } else if (type == DUCKDB_TYPE_VARCHAR) {
            bound->text = duckdb_get_varchar(value);
            bound->len = bound->text == NULL ? 0 : strlen(bound->text);
        } else {
            duckdb_bind_set_error(info, "ip_extract: the argument must be VARCHAR or BLOB");
        }
    }
    duckdb_destroy_value(&value);
    duckdb_bind_set_bind_data(info, bound, free_bind_data);
}

static void init_scan(duckdb_init_info info) {
    size_t *at = duckdb_malloc(sizeof *at);
    if (at == NULL) {
        duckdb_init_set_error(info, "ip_extract: out of memory");
        return;
    }
    *at = 0;
    duckdb_init_set_max_threads(info, 1);
    duckdb_init_set_init_data(info, at, duckdb_free);
}

static void next_rows(duckdb_function_info info, duckdb_data_chunk output) {
    const bind_data *bound = duckdb_function_get_bind_data(info);
    size_t *at = duckdb_function_get_init_data(info);
    const idx_t capacity = duckdb_vector_size();
    simdinet_match matches[BATCH_SIZE];
    match_vectors columns;
    idx_t rows = 0;
    size_t n = BATCH_SIZE;
    for (unsigned i = 0; i < MATCH_COLUMNS; i++) {
        columns.vectors[i] = duckdb_data_chunk_get_vector(output, i);
        columns.data[i] = duckdb_vector_get_data(columns.vectors[i]);
    }
    /* The last call of a text finds fewer matches than it has space for. */
    while (n == BATCH_SIZE && rows + BATCH_SIZE <= capacity) {
        *at = simdinet_scan(bound->text, *at, bound->len, SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6,
                            matches, sizeof *matches, BATCH_SIZE, &n);
        for (size_t i = 0; i < n; i++)
            if (!(matches[i].flags & SIMDINET_MATCH_VERSION))
                set_match(&columns, rows++, bound->text, &matches[i], matches[i].offset);
    }
    duckdb_data_chunk_set_size(output, rows);
}

bool register_extract_table(registration *to) {
    duckdb_table_function table = duckdb_create_table_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
    duckdb_table_function_set_name(table, "ip_extract");
    duckdb_table_function_add_parameter(table, text);
    duckdb_destroy_logical_type(&text);
    duckdb_table_function_set_bind(table, bind_text);
    duckdb_table_function_set_init(table, init_scan);
    duckdb_table_function_set_function(table, next_rows);
    const bool done = duckdb_register_table_function(to->connection, table) == DuckDBSuccess;
    duckdb_destroy_table_function(&table);
    if (!done)
        to->failed = "ip_extract";
    return done;
}
