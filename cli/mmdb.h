/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * mmdb.h - libmaxminddb, the records of a database, and the fields of its records.
 */
#ifndef SIMDINET_MMDB_H
#define SIMDINET_MMDB_H

#include "shared_library.h"

#ifdef SIMDINET_WITH_MMDB

#    include <maxminddb.h>

#    define MMDB_FUNCTIONS(F)                                                                      \
        F(MMDB_open)                                                                               \
        F(MMDB_close)                                                                              \
        F(MMDB_lookup_sockaddr)                                                                    \
        F(MMDB_aget_value)                                                                         \
        F(MMDB_read_node)                                                                          \
        F(MMDB_strerror)

struct mmdb_functions {
    MMDB_FUNCTIONS(LIBRARY_POINTER)
};
extern struct mmdb_functions mmdb;
extern shared_library mmdb_library;

/* Takes a record. Returns MMDB_SUCCESS, VISIT_STOP to end the visit, or an error. */
typedef int record_visitor(void *context, MMDB_entry_s *record);
enum { VISIT_STOP = -1 };

/* Visits the records of the nodes, some more than once. Returns MMDB_SUCCESS, or the error that ended it. */
int mmdb_visit_records(const MMDB_s *database, record_visitor *visitor, void *context);

/*
 * Decodes values one by one, of which there may be more than memory holds or time allows: pointers can make a
 * small file into any number of them.
 */
typedef struct {
    const MMDB_s *database;
    uint64_t values; /* that may still be decoded */
} value_reader;

/*
 * MMDB_aget_value of a path in a record, with at most that many values. Where the path leads to none, has_data is
 * false. Returns MMDB_SUCCESS, VISIT_STOP where there are more values, or an error.
 */
int mmdb_read_path(value_reader *reader, const MMDB_entry_s *record, const char *const *path,
                   MMDB_entry_data_s *value);

/* Names of fields that have a value, such as "country.iso_code". */
typedef struct {
    char **names;
    size_t n, capacity;
} field_list;

/* The number of records whose fields are considered where none is named. */
enum { FIELD_RECORDS = 1000 };

/* Appends the fields of these records, up to a limit. Returns MMDB_SUCCESS or an error. */
int field_list_collect(field_list *fields, const MMDB_s *database);
void field_list_free(field_list *fields);

/* Writes the names with commas between them, and "..." in place of those past size. Returns to. */
const char *field_list_format(const field_list *fields, char *to, size_t size);

#endif

#endif
