/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * field.h - a field of a line of CSV, TSV and the like.
 */
#ifndef SIMDINET_FIELD_H
#define SIMDINET_FIELD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds the field with this number, from 1, in line[0, len): *at and *field_len. A field in double quotes
 * may hold the delimiter (RFC 4180); its quotes are not part of it, and two quotes in it stay two. Where text
 * follows the closing quote, or there is none, the field has its quotes. False: the line has fewer fields.
 */
bool find_field(const char *line, size_t len, char delimiter, size_t number, size_t *at,
                size_t *field_len);

#endif
