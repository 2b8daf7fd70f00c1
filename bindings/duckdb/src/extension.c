/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* extension.c - the entry point, and how functions are registered. */
#define DUCKDB_EXTENSION_NAME simdinet
#include "extension.h"

const char *const match_column_names[MATCH_COLUMNS] = {"offset", "length", "family", "address",
                                                       "text"};
const duckdb_type match_column_types[MATCH_COLUMNS] = {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_INTEGER,
                                                       DUCKDB_TYPE_TINYINT, DUCKDB_TYPE_BLOB,
                                                       DUCKDB_TYPE_VARCHAR};

bool register_scalar(duckdb_connection connection, const char *name, const duckdb_type *parameters,
                     size_t n, duckdb_logical_type result, duckdb_scalar_function_t function,
                     void *extra, duckdb_delete_callback_t destroy) {
    duckdb_scalar_function scalar = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(scalar, name);
    for (size_t i = 0; i < n; i++) {
        duckdb_logical_type type = duckdb_create_logical_type(parameters[i]);
        duckdb_scalar_function_add_parameter(scalar, type);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_scalar_function_set_return_type(scalar, result);
    duckdb_destroy_logical_type(&result);
    if (extra != NULL)
        duckdb_scalar_function_set_extra_info(scalar, extra, destroy);
    duckdb_scalar_function_set_function(scalar, function);
    const bool done = duckdb_register_scalar_function(connection, scalar) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&scalar);
    return done;
}

DUCKDB_EXTENSION_ENTRYPOINT(duckdb_connection connection, duckdb_extension_info info,
                            struct duckdb_extension_access *access) {
    if (register_extract(connection) && register_extract_table(connection) &&
        register_parse(connection) && register_networks(connection))
        return true;
    access->set_error(info, "simdinet: a function cannot be registered");
    return false;
}
