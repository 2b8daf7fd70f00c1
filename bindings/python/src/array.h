/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* array.h - simdinet.Array: what functions of columns return. */
#ifndef SIMDINET_ARRAY_H
#define SIMDINET_ARRAY_H

#include "arrow.h"
#include "binding.h"
#include "column.h"

typedef struct array_object {
    PyObject ob_base;
    const column_type *type;
    column **chunks; /* of malloc */
    size_t n_chunks;
    size_t length;
    PyObject *families; /* an Array of bool next to mixed addresses, or NULL */
} array_object;

/* Chunks that a function makes, one after the other. */
typedef struct chunk_list {
    column **chunks;
    size_t n;
} chunk_list;

/* Appends a column, which the list then owns, also on failure; NULL is a failure. Needs no GIL. */
bool append_chunk(chunk_list *list, column *chunk);
void clear_chunks(chunk_list *list);

/* A new Array of the chunks, which it takes over, also on failure. */
PyObject *new_array(module_state *state, const column_type *type, chunk_list *list);

/* Value i of a column as a Python object. */
PyObject *column_value(const column *col, size_t i);

/* The methods of the PyCapsule interface, array_export.c. */
PyObject *array_arrow_schema(PyObject *self, PyObject *unused);
PyObject *array_arrow_array(PyObject *self, PyObject *arguments, PyObject *keywords);
PyObject *array_arrow_stream(PyObject *self, PyObject *arguments, PyObject *keywords);

/* The type and a column as structs of Arrow, which own what they point to. false if there is no memory. */
bool export_schema(const column_type *type, const char *name, struct ArrowSchema *out);
bool export_column(column *col, struct ArrowArray *out);
/* The destructor of a capsule of a stream in memory of calloc. */
void free_stream_capsule(PyObject *capsule);

/* Copies, array_copy.c. */
PyObject *array_to_pylist(PyObject *self, PyObject *unused);
PyObject *array_to_objects(PyObject *self, PyObject *arguments, PyObject *keywords);
PyObject *array_copy(PyObject *self, PyObject *unused);
PyObject *array_reduce(PyObject *self, PyObject *unused);

/* The buffer protocol, array_buffer.c. */
int array_get_buffer(PyObject *self, Py_buffer *view, int flags);
void array_release_buffer(PyObject *self, Py_buffer *view);

/* Appends the values of a column at n indices, COLUMN_NO_INDEX for null, as one column, or as several of up to 2 GiB of
 * text each. false if there is no memory. Needs no GIL. */
bool append_taken(chunk_list *list, const column *from, const size_t *indices, size_t n);

/* All chunks as one column, a new reference: the only chunk itself, or a copy. NULL with MemoryError, or with
 * OverflowError if they have more than 2 GiB of text. */
column *array_contiguous(array_object *array);

/* Adds the class to the module. */
int add_array_type(PyObject *module);

#endif
