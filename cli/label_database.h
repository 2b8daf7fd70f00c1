/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * label_database.h - labels of addresses from a MaxMind database, through libmaxminddb.
 */
#ifndef SIMDINET_LABEL_DATABASE_H
#define SIMDINET_LABEL_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct label_database label_database;

/* Room for a label that is no text of the database: a number, or up to 127 bytes in hexadecimal. */
enum { LABEL_TEXT_SIZE = 256 };

typedef struct {
    uint8_t first[16]; /* the network; of IPv4 4 bytes */
    bool ipv6;
    unsigned prefix_length;
    const char *label; /* not terminated; in text, or valid as long as the database */
    size_t label_len;  /* 0: the record does not have the field */
    char text[LABEL_TEXT_SIZE];
} database_label;

/*
 * Opens a database for the values of a field: names of maps and indices of arrays, separated by dots, as in
 * "country.iso_code". NULL: the first field of a list of common ones that the records have. NULL: logged.
 */
label_database *label_database_open(const char *name, const char *field);
void label_database_close(label_database *database);

/*
 * Finds the network and the label of an address. A mapped address is the IPv4 address in it, unless only a
 * network of IPv6 holds it. False: none, or the database is damaged, logged. Thread-safe.
 */
bool label_database_find(label_database *database, const uint8_t *address, bool ipv6,
                         database_label *out);

/* Whether a lookup failed. */
bool label_database_failed(const label_database *database);

/* Loads libmaxminddb. NULL: loaded; else why databases cannot be read. */
const char *label_database_load(void);

#endif
