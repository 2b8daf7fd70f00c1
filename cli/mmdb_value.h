/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * mmdb_value.h - the text of a value of a MaxMind database.
 */
#ifndef SIMDINET_MMDB_VALUE_H
#define SIMDINET_MMDB_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* Room for a value that is not text: a number, or up to 127 bytes in hexadecimal. */
enum { MMDB_TEXT_SIZE = 256 };

#ifdef SIMDINET_WITH_MMDB

#    include <maxminddb.h>

/* Whether there is a value, and it is neither a map nor an array. */
bool mmdb_is_scalar(const MMDB_entry_data_s *value);

/* Sets the text of a scalar, which is not terminated: in to, or in the database. False: it is too long. */
bool mmdb_format(const MMDB_entry_data_s *value, char to[MMDB_TEXT_SIZE], const char **text,
                 size_t *len);

#endif

#endif
