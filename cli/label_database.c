/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "label_database.h"

#include "log.h"

#ifdef SIMDINET_WITH_MMDB

#    include "mapped.h"
#    include "mapped_file.h"
#    include "mmdb.h"
#    include "mmdb_value.h"
#    include "raw_reader.h"

#    include <arpa/inet.h>
#    include <errno.h>
#    include <netinet/in.h>
#    include <stdatomic.h>
#    include <stdio.h>
#    include <stdlib.h>
#    include <string.h>
#    include <sys/stat.h>

enum { MAX_PATH = 16, IPV4_START = 96u };

_Static_assert((unsigned)LABEL_TEXT_SIZE >= (unsigned)MMDB_TEXT_SIZE, "a label is any value");

struct label_database {
    MMDB_s mmdb;
    const char *name;
    char *field;                    /* the elements of path, each terminated */
    const char *path[MAX_PATH + 1]; /* ends with NULL */
    atomic_bool failed, without_ipv6;
};

/* ---- the field -------------------------------------------------------------------------------- */

/* The fields of common databases, of which the first that a record has is the default. */
static const char *const default_fields[] = {"autonomous_system_number", "country.iso_code", "asn",
                                             "country_code", "country"};

/* False: logged. */
static bool set_path(label_database *database, const char *field) {
    size_t n = 0;
    free(database->field);
    database->field = strdup(field);
    if (!database->field) {
        log_out_of_memory();
        return false;
    }
    for (char *element = database->field, *dot; element; element = dot ? dot + 1 : NULL) {
        dot = strchr(element, '.');
        if (dot)
            *dot = '\0';
        if (n == MAX_PATH || (*element == '\0' && *field != '\0')) {
            log_error("invalid field '%s': %s", field,
                      n == MAX_PATH ? "more than 16 names" : "an empty name");
            return false;
        }
        database->path[n++] = element;
    }
    database->path[*field == '\0' ? 0 : n] = NULL; /* "": the record is the value */
    return true;
}

/* Reads the field of a record. Sets has_data to whether there is one. Returns MMDB_SUCCESS or an error. */
static int read_field(const label_database *database, MMDB_entry_s *record,
                      MMDB_entry_data_s *value) {
    int status = mmdb.MMDB_aget_value(record, value, database->path);
    if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR ||
        status == MMDB_INVALID_LOOKUP_PATH_ERROR) {
        value->has_data = false;
        return MMDB_SUCCESS;
    }
    return status;
}

/* ---- opening ---------------------------------------------------------------------------------- */

typedef struct {
    value_reader reader;
    const char *const *path;
    uint64_t records; /* to read */
    bool found, nested,
        stopped; /* the field is a value; is a map or an array; there are too many values */
} field_search;

/* record_visitor: stops at a record with a value for the field. */
static int find_field(void *context, MMDB_entry_s *record) {
    field_search *search = context;
    MMDB_entry_data_s value;
    int status = mmdb_read_path(&search->reader, record, search->path, &value);
    search->stopped = status == VISIT_STOP;
    if (status != MMDB_SUCCESS)
        return status;
    search->nested |= value.has_data && !mmdb_is_scalar(&value);
    search->found = mmdb_is_scalar(&value);
    return search->found || --search->records == 0 ? VISIT_STOP : MMDB_SUCCESS;
}

static bool fail(const label_database *database, int status) {
    if (status == MMDB_OUT_OF_MEMORY_ERROR)
        log_out_of_memory();
    else
        log_error("%s: not a valid MaxMind database: %s", database->name,
                  mmdb.MMDB_strerror(status));
    return false;
}

static bool log_fields(const label_database *database, const char *problem,
                       const field_list *fields) {
    char names[1024];
    log_error("%s: %s%s%s", database->name, problem, fields->n > 0 ? "; the fields are " : "",
              field_list_format(fields, names, sizeof names));
    return false;
}

/*
 * Searches that many records for a value of the field, which is time linear in the file: a record may have any
 * number of values, and many nodes may have one record.
 */
static field_search search_field(label_database *database, uint64_t records, int *status) {
    enum { RECORD_VALUES = 64, MORE_VALUES = 1000000 };
    const uint64_t most = 2 * (uint64_t)database->mmdb.metadata.node_count;
    field_search search = {
        .path = database->path, .records = records, .reader = {.database = &database->mmdb}};
    search.reader.values = (records < most ? records : most) * RECORD_VALUES + MORE_VALUES;
    *status = mmdb_visit_records(&database->mmdb, find_field, &search);
    return search;
}

/* No field is named: chooses one of default_fields, or the only one. False: logged. */
static bool choose_field(label_database *database) {
    field_list fields = {0};
    bool found = false;
    int status = MMDB_SUCCESS;
    for (size_t i = 0; i < sizeof default_fields / sizeof *default_fields; i++) {
        if (!set_path(database, default_fields[i]))
            return false;
        found = search_field(database, FIELD_RECORDS, &status).found;
        if (status != MMDB_SUCCESS)
            return fail(database, status);
        if (found)
            return true;
    }
    status = field_list_collect(&fields, &database->mmdb);
    if (status != MMDB_SUCCESS)
        fail(database, status);
    else if (fields.n == 1)
        found = set_path(database, fields.names[0]);
    else
        log_fields(database, fields.n > 0 ? "choose a field with --field" : "has no records",
                   &fields);
    field_list_free(&fields);
    return found;
}

/* Checks that a record has the field that is named, unless there are too many values. False: logged. */
static bool check_field(label_database *database, const char *field) {
    field_list fields = {0};
    char problem[200];
    int status;
    if (!set_path(database, field))
        return false;
    const field_search search = search_field(database, UINT64_MAX, &status);
    if (status == MMDB_SUCCESS && (search.found || search.stopped))
        return true;
    if (status == MMDB_SUCCESS)
        status = field_list_collect(&fields, &database->mmdb);
    if (status != MMDB_SUCCESS) {
        fail(database, status);
    } else {
        snprintf(problem, sizeof problem,
                 search.nested ? "the field '%.100s' is not a single value"
                               : "no record has the field '%.100s'",
                 field);
        log_fields(database, problem, &fields);
    }
    field_list_free(&fields);
    return false;
}

/* False: logged. */
static bool open_file(label_database *database) {
    struct stat status;
    const char *problem = NULL;
    if (stat(database->name, &status) != 0) {
        log_errno(database->name);
        return false;
    }
    if (S_ISDIR(status.st_mode))
        problem = "is a directory";
    else if (!S_ISREG(status.st_mode))
        problem = "is not a regular file";
    else if (is_output(&status))
        problem = "input file is also the output";
    else if (!shared_library_load(&mmdb_library))
        problem = mmdb_library.error;
    if (problem) {
        log_error("%s: %s", database->name, problem);
        return false;
    }
    mapped_file_expect(database->name);
    int result = status.st_size == 0
                     ? MMDB_INVALID_METADATA_ERROR
                     : mmdb.MMDB_open(database->name, MMDB_MODE_MMAP, &database->mmdb);
    if (result == MMDB_SUCCESS) {
        mapped_file_at(database->mmdb.file_content, (size_t)database->mmdb.file_size);
        return true;
    }
    mapped_file_end();
    if (result == MMDB_FILE_OPEN_ERROR || result == MMDB_IO_ERROR)
        log_errno(database->name);
    else
        fail(database, result);
    return false;
}

label_database *label_database_open(const char *name, const char *field) {
    label_database *database = calloc(1, sizeof *database);
    if (!database) {
        log_out_of_memory();
        return NULL;
    }
    database->name = name;
    if (!open_file(database)) {
        free(database);
        return NULL;
    }
    if (field ? check_field(database, field) : choose_field(database))
        return database;
    label_database_close(database);
    return NULL;
}

void label_database_close(label_database *database) {
    if (!database)
        return;
    mmdb.MMDB_close(&database->mmdb);
    mapped_file_end();
    free(database->field);
    free(database);
}

/* ---- lookup ----------------------------------------------------------------------------------- */

static bool fail_lookup(label_database *database, const char *reason) {
    if (!atomic_exchange(&database->failed, true))
        log_error("%s: %s", database->name, reason);
    return false;
}

static void log_without_ipv6(label_database *database) {
    if (!atomic_exchange(&database->without_ipv6, true))
        log_error("%s: the database has no IPv6 addresses; they get no label", database->name);
}

/* Looks up an address of a family. */
static bool find_in_family(label_database *database, const uint8_t *address, bool ipv6,
                           database_label *out) {
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } key;
    int status = MMDB_SUCCESS;
    memset(&key, 0, sizeof key);
    if (ipv6) {
        key.ipv6.sin6_family = AF_INET6;
        memcpy(&key.ipv6.sin6_addr, address, 16);
    } else {
        key.ipv4.sin_family = AF_INET;
        memcpy(&key.ipv4.sin_addr, address, 4);
    }
    MMDB_lookup_result_s result = mmdb.MMDB_lookup_sockaddr(&database->mmdb, &key.any, &status);
    MMDB_entry_data_s value = {.has_data = false};
    if (status == MMDB_SUCCESS && result.found_entry)
        status = read_field(database, &result.entry, &value);
    if (status != MMDB_SUCCESS)
        return fail_lookup(database, mmdb.MMDB_strerror(status));
    if (!result.found_entry)
        return false;
    out->ipv6 = ipv6;
    out->prefix_length = result.netmask;
    if (!ipv6 && database->mmdb.metadata.ip_version == 6) /* IPv4 is within ::/96 */
        out->prefix_length -= out->prefix_length < IPV4_START ? out->prefix_length : IPV4_START;
    memcpy(out->first, address, ipv6 ? 16 : 4);
    for (unsigned bit = out->prefix_length; bit < (ipv6 ? 128u : 32u); bit++)
        out->first[bit / 8] = (uint8_t)(out->first[bit / 8] & ~(0x80u >> bit % 8));
    out->label = "";
    out->label_len = 0;
    return !mmdb_is_scalar(&value) ||
           mmdb_format(&value, out->text, &out->label, &out->label_len) ||
           fail_lookup(database, "a value of more than 127 bytes is not printed");
}

bool label_database_find(label_database *database, const uint8_t *address, bool ipv6,
                         database_label *out) {
    const bool has_ipv6 = database->mmdb.metadata.ip_version == 6;
    if (!ipv6)
        return find_in_family(database, address, false, out);
    if (is_mapped(address))
        return find_in_family(database, address + 12, false, out) ||
               (has_ipv6 && find_in_family(database, address, true, out));
    if (has_ipv6)
        return find_in_family(database, address, true, out);
    log_without_ipv6(database);
    return false;
}

bool label_database_failed(const label_database *database) {
    return atomic_load(&database->failed);
}

const char *label_database_load(void) {
    return shared_library_load(&mmdb_library) ? NULL : mmdb_library.error;
}

#else

label_database *label_database_open(const char *name, const char *field) {
    (void)field;
    log_error("%s: this command was built without libmaxminddb", name);
    return NULL;
}

void label_database_close(label_database *database) {
    (void)database;
}

bool label_database_find(label_database *database, const uint8_t *address, bool ipv6,
                         database_label *out) {
    (void)database, (void)address, (void)ipv6, (void)out;
    return false;
}

bool label_database_failed(const label_database *database) {
    (void)database;
    return false;
}

const char *label_database_load(void) {
    return "this command was built without libmaxminddb";
}

#endif
