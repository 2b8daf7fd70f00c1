/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * extension.h - what the functions of the DuckDB extension share: access to vectors, and types.
 *
 * The extension uses version 1.2.0 of DuckDB's C extension API, which later versions keep. DuckDB flattens constant and
 * dictionary vectors before a scalar function is called.
 */
#ifndef SIMDINET_DUCKDB_EXTENSION_H
#define SIMDINET_DUCKDB_EXTENSION_H

#define DUCKDB_EXTENSION_API_VERSION_MAJOR 1
#define DUCKDB_EXTENSION_API_VERSION_MINOR 2
#define DUCKDB_EXTENSION_API_VERSION_PATCH 0
#include <duckdb_extension.h>

#include "simdinet.h"

#include <stdbool.h>
#include <string.h>

DUCKDB_EXTENSION_EXTERN

/* The longest string that a duckdb_string_t holds itself. */
enum { MAX_INLINED = 12 };

/* Functions are registered one by one: the ones before a failure stay. failed is its name. */
typedef struct registration {
    duckdb_connection connection;
    const char *failed;
} registration;

/* Register functions. Return false on failure. */
bool register_extract(registration *to);
bool register_extract_table(registration *to);
bool register_parse(registration *to);
bool register_networks(registration *to);

/*
 * Functions of the API that allocate in a vector throw C++ exceptions through the frames of the extension, which is
 * compiled with -fexceptions: what is allocated at that time is released by a cleanup function.
 */
#define CLEANUP(function) __attribute__((cleanup(function)))

/* ---- vectors ----------------------------------------------------------------------------------- */

/* The bytes of a string, inlined or not; they are not copied. */
static inline const char *string_bytes(const duckdb_string_t *string, size_t *len) {
    *len = string->value.inlined.length;
    return *len <= MAX_INLINED ? string->value.inlined.inlined : string->value.pointer.ptr;
}

static inline bool row_is_valid(const uint64_t *validity, idx_t row) {
    return validity == NULL || (validity[row / 64] >> row % 64 & 1);
}

/* A vector that is written, and its bitmap once there is a null. */
typedef struct output_vector {
    duckdb_vector vector;
    uint64_t *validity;
} output_vector;

static inline void set_null(output_vector *out, idx_t row) {
    if (out->validity == NULL) {
        duckdb_vector_ensure_validity_writable(out->vector);
        out->validity = duckdb_vector_get_validity(out->vector);
    }
    out->validity[row / 64] &= ~(UINT64_C(1) << row % 64);
}

/* Stores a string; short ones without the allocator of the vector. data is that of the vector. */
static inline void set_string(duckdb_vector vector, duckdb_string_t *data, idx_t row,
                              const void *text, size_t len) {
    if (len > MAX_INLINED) {
        duckdb_vector_assign_string_element_len(vector, row, text, len);
        return;
    }
    memset(&data[row], 0, sizeof data[row]);
    data[row].value.inlined.length = (uint32_t)len;
    memcpy(data[row].value.inlined.inlined, text, len);
}

/* ---- types -------------------------------------------------------------------------------------- */

/* The columns of a match, in order. */
enum { MATCH_OFFSET, MATCH_LENGTH, MATCH_FAMILY, MATCH_ADDRESS, MATCH_TEXT, MATCH_COLUMNS };

extern const char *const match_column_names[MATCH_COLUMNS];
extern const duckdb_type match_column_types[MATCH_COLUMNS];

/* The vectors of these columns, and where they hold their values. */
typedef struct match_vectors {
    duckdb_vector vectors[MATCH_COLUMNS];
    void *data[MATCH_COLUMNS];
} match_vectors;

/* Stores a match of a text, with its offset. */
static inline void set_match(const match_vectors *to, idx_t row, const char *text,
                             const simdinet_match *match, size_t offset) {
    ((int64_t *)to->data[MATCH_OFFSET])[row] = (int64_t)offset;
    ((int32_t *)to->data[MATCH_LENGTH])[row] = match->length;
    ((int8_t *)to->data[MATCH_FAMILY])[row] = (int8_t)match->family;
    set_string(to->vectors[MATCH_ADDRESS], to->data[MATCH_ADDRESS], row, match->address,
               match->family == 4 ? 4 : 16);
    set_string(to->vectors[MATCH_TEXT], to->data[MATCH_TEXT], row, text + match->offset,
               match->length);
}

/* Registers a scalar function of n texts; the result type is taken over. Returns false on failure. */
bool register_scalar(registration *to, const char *name, const duckdb_type *parameters, size_t n,
                     duckdb_logical_type result, duckdb_scalar_function_t function, void *extra,
                     duckdb_delete_callback_t destroy);

#endif
