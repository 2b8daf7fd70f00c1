/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* extension.c - the entry point, and how functions are registered. */
#define DUCKDB_EXTENSION_NAME simdinet
#include "extension.h"

#include <stdio.h>

const char *const match_column_names[MATCH_COLUMNS] = {"offset", "length", "family", "address",
                                                       "text"};
const duckdb_type match_column_types[MATCH_COLUMNS] = {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_INTEGER,
                                                       DUCKDB_TYPE_TINYINT, DUCKDB_TYPE_BLOB,
                                                       DUCKDB_TYPE_VARCHAR};

bool register_scalar(registration *to, const char *name, const duckdb_type *parameters, size_t n,
                     duckdb_logical_type result, duckdb_scalar_function_t function, void *extra,
                     duckdb_delete_callback_t destroy) {
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
    const bool done = duckdb_register_scalar_function(to->connection, scalar) == DuckDBSuccess;
    duckdb_destroy_scalar_function(&scalar);
    if (!done)
        to->failed = name;
    return done;
}

DUCKDB_EXTENSION_ENTRYPOINT(duckdb_connection connection, duckdb_extension_info info,
                            struct duckdb_extension_access *access) {
    registration to = {.connection = connection, .failed = ""};
    char message[128];
    if (register_extract(&to) && register_extract_table(&to) && register_parse(&to) &&
        register_networks(&to))
        return true;
    snprintf(message, sizeof message,
             "simdinet: the function %s cannot be registered; another extension may have it",
             to.failed);
    access->set_error(info, message);
    return false;
}
