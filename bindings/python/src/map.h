/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* map.h - functions of one chunk, applied to all chunks of a column. */
#ifndef SIMDINET_MAP_H
#define SIMDINET_MAP_H

#include "array.h"
#include "input.h"

/* Appends what becomes of chunk i to *out, one column as a rule; and columns of bool, whether each address is IPv6,
 * to *families. Returns false if there is no memory, or with an exception. */
typedef bool (*chunk_function)(const chunk *c, size_t i, void *context, chunk_list *out,
                               chunk_list *families);

/* Calls a function for each chunk of a column, and returns the Array of what it makes: of a type or, if that is
 * NULL, of the addresses of either width. With families it has the attribute families, even without a chunk.
 * NULL with an exception. */
PyObject *map_chunks(PyObject *module, PyObject *object, const column_type *type, bool families,
                     chunk_function function, void *context);

#endif
