/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "label_database.h"

#include "exit_status.h"
#include "log.h"
#include "raw_reader.h"

#ifdef SIMDINET_WITH_MMDB

#    include "mmdb.h"
#    include "text.h"

#    include <arpa/inet.h>
#    include <errno.h>
#    include <netinet/in.h>
#    include <signal.h>
#    include <stdatomic.h>
#    include <stdio.h>
#    include <stdlib.h>
#    include <string.h>
#    include <sys/stat.h>
#    include <unistd.h>

enum { MAX_PATH = 16, IPV4_START = 96u };

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

static bool is_scalar(const MMDB_entry_data_s *value) {
    return value->has_data && value->type != MMDB_DATA_TYPE_MAP &&
           value->type != MMDB_DATA_TYPE_ARRAY;
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
    const label_database *database;
    uint64_t records;   /* to read */
    bool found, nested; /* the field is a value; is a map or an array */
} field_search;

/* record_visitor: stops at a record with a value for the field. */
static int find_field(void *context, MMDB_entry_s *record) {
    field_search *search = context;
    MMDB_entry_data_s value;
    int status = read_field(search->database, record, &value);
    if (status != MMDB_SUCCESS)
        return status;
    search->nested |= value.has_data && !is_scalar(&value);
    search->found = is_scalar(&value);
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

/* Whether one of that many records has a value for the field. Not found: *nested, whether it is a map or an array. */
static int search_field(label_database *database, uint64_t records, bool *found, bool *nested) {
    field_search search = {.database = database, .records = records};
    const int status = mmdb_visit_records(&database->mmdb, find_field, &search);
    *found = search.found;
    *nested = search.nested;
    return status;
}

/* No field is named: chooses one of default_fields, or the only one. False: logged. */
static bool choose_field(label_database *database) {
    field_list fields = {0};
    bool found = false, nested;
    int status = MMDB_SUCCESS;
    for (size_t i = 0; i < sizeof default_fields / sizeof *default_fields; i++) {
        if (!set_path(database, default_fields[i]))
            return false;
        status = search_field(database, FIELD_RECORDS, &found, &nested);
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

/* Checks that a record has the field that is named. False: logged. */
static bool check_field(label_database *database, const char *field) {
    field_list fields = {0};
    char problem[200];
    bool found, nested;
    if (!set_path(database, field))
        return false;
    int status = search_field(database, UINT64_MAX, &found, &nested);
    if (status == MMDB_SUCCESS && !found)
        status = field_list_collect(&fields, &database->mmdb);
    if (status != MMDB_SUCCESS) {
        found = fail(database, status);
    } else if (!found) {
        snprintf(problem, sizeof problem,
                 nested ? "the field '%.100s' is not a single value"
                        : "no record has the field '%.100s'",
                 field);
        log_fields(database, problem, &fields);
    }
    field_list_free(&fields);
    return found;
}

/* The file is mapped: to read what is no longer in it raises SIGBUS. */
static const char *mapped_name;

static void write_message(const char *text) {
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(EXIT_TROUBLE);
}

static void end_after_bus_error(int signal) {
    (void)signal;
    write_message("simdinet: ");
    write_message(mapped_name);
    write_message(": ");
    write_message(raw_error(READ_SHRANK));
    write_message("\n");
    _exit(EXIT_TROUBLE);
}

static void expect_bus_error(const char *name) {
    struct sigaction action = {.sa_handler = end_after_bus_error};
    mapped_name = name;
    sigaction(SIGBUS, &action, NULL);
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
    else if (!shared_library_load(&mmdb_library))
        problem = mmdb_library.error;
    if (problem) {
        log_error("%s: %s", database->name, problem);
        return false;
    }
    int result = status.st_size == 0
                     ? MMDB_INVALID_METADATA_ERROR
                     : mmdb.MMDB_open(database->name, MMDB_MODE_MMAP, &database->mmdb);
    if (result == MMDB_SUCCESS) {
        expect_bus_error(database->name);
        return true;
    }
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
    free(database->field);
    free(database);
}

/* ---- lookup ----------------------------------------------------------------------------------- */

static bool is_mapped(const uint8_t address[16]) {
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address, prefix, sizeof prefix) == 0;
}

/* The shortest decimal number that reads as the value. */
static size_t format_double(char *to, double value, int precision, bool single) {
    int len;
    do
        len = snprintf(to, LABEL_TEXT_SIZE, "%.*g", precision, value);
    while (single ? precision++ < 9 && strtof(to, NULL) != (float)value
                  : precision++ < 17 && strtod(to, NULL) != value);
    return (size_t)len;
}

static size_t format_bytes(char *to, const char *prefix, const uint8_t *bytes, size_t n) {
    size_t len = (size_t)sprintf(to, "%s", prefix);
    for (size_t i = 0; i < n; i++)
        len += (size_t)sprintf(to + len, "%02x", bytes[i]);
    return len;
}

static size_t format_uint128(char *to, const MMDB_entry_data_s *value) {
    uint8_t bytes[16];
#    if MMDB_UINT128_IS_BYTE_ARRAY
    memcpy(bytes, value->uint128, sizeof bytes);
#    else
    for (unsigned i = 0; i < 16; i++)
        bytes[i] = (uint8_t)(value->uint128 >> (120 - 8 * i));
#    endif
    return format_bytes(to, "0x", bytes, sizeof bytes);
}

/* Formats a value. False: it is too long. */
static bool format_value(database_label *out, const MMDB_entry_data_s *value) {
    char *to = out->text;
    out->label = to;
    switch (value->type) {
    case MMDB_DATA_TYPE_UTF8_STRING:
        out->label = value->utf8_string;
        out->label_len = value->data_size;
        return true;
    case MMDB_DATA_TYPE_BYTES:
        if (value->data_size > (LABEL_TEXT_SIZE - 1) / 2)
            return false;
        out->label_len = format_bytes(to, "", value->bytes, value->data_size);
        return true;
    case MMDB_DATA_TYPE_DOUBLE:
        out->label_len = format_double(to, value->double_value, 15, false);
        return true;
    case MMDB_DATA_TYPE_FLOAT:
        out->label_len = format_double(to, (double)value->float_value, 6, true);
        return true;
    case MMDB_DATA_TYPE_UINT128:
        out->label_len = format_uint128(to, value);
        return true;
    case MMDB_DATA_TYPE_BOOLEAN:
        out->label = value->boolean ? "true" : "false";
        out->label_len = strlen(out->label);
        return true;
    case MMDB_DATA_TYPE_INT32:
        out->label_len = (size_t)snprintf(to, LABEL_TEXT_SIZE, "%ld", (long)value->int32);
        return true;
    case MMDB_DATA_TYPE_UINT16:
        out->label_len = (size_t)(put_number(to, value->uint16) - to);
        return true;
    case MMDB_DATA_TYPE_UINT32:
        out->label_len = (size_t)(put_number(to, value->uint32) - to);
        return true;
    default:
        out->label_len = (size_t)(put_number(to, value->uint64) - to);
        return true;
    }
}

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
    return !is_scalar(&value) || format_value(out, &value) ||
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
