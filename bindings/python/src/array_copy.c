/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* array_copy.c - copies of simdinet.Array, its pickles, and NumPy arrays of objects. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

/* NumPy makes bytes of a fixed length of a sequence of bytes, and cuts the zeros at their ends. */
PyObject *array_to_objects(PyObject *self, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"dtype", "copy", NULL};
    PyObject *dtype = Py_None, *copy;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|OO:__array__", names, &dtype, &copy))
        return NULL;
    PyObject *numpy = PyImport_ImportModule("numpy");
    Py_ssize_t n = (Py_ssize_t)((array_object *)self)->length;
    PyObject *result =
        numpy == NULL ? NULL : PyObject_CallMethod(numpy, "empty", "ns", n, "object");
    PyObject *values = result == NULL ? NULL : array_to_pylist(self, NULL);
    for (Py_ssize_t i = 0; values != NULL && i < n; i++)
        if (PySequence_SetItem(result, i, PyList_GetItem(values, i)) < 0)
            Py_CLEAR(values);
    if (values == NULL)
        Py_CLEAR(result);
    Py_XDECREF(values);
    Py_XDECREF(numpy);
    if (result == NULL || dtype == Py_None)
        return result;
    PyObject *cast = PyObject_CallMethod(result, "astype", "O", dtype);
    Py_DECREF(result);
    return cast;
}

/* ---- pickles ------------------------------------------------------------------------------------- */

static const column_type *const pickled_types[] = {
    &type_bool,        &type_uint8, &type_uint16, &type_uint32, &type_uint64,    &type_ipv4,
    &type_ipv6,        &type_text,  &type_binary, &type_match,  &type_matches,   &type_texts,
    &type_explanation, &type_int8,  &type_int32,  &type_int64,  &type_extracted, &type_extractions};

/* The size of a buffer of a column, 0 if its type has no such buffer. */
static size_t buffer_size(const column *col, int buffer) {
    const column_kind kind = col->type->kind;
    if (buffer == 0 || (buffer == 1 && kind == COLUMN_BOOL))
        return bitmap_size(col->length);
    if (buffer == 1 && (kind == COLUMN_NUMBER || kind == COLUMN_BYTES))
        return col->length * col->type->width;
    if (buffer == 1 && kind != COLUMN_STRUCT)
        return (col->length + 1) * sizeof(int32_t);
    return buffer == 2 && kind == COLUMN_TEXT
               ? (size_t)((const int32_t *)col->buffers[1])[col->length]
               : 0;
}

/* A column as (length, bytes or None, bytes or None, bytes or None, (field, ...)). NULL with an exception. */
static PyObject *pack_column(const column *col) {
    PyObject *fields = PyTuple_New(col->type->n_fields);
    for (int i = 0; fields != NULL && i < col->type->n_fields; i++) {
        PyObject *field = pack_column(col->fields[i]);
        if (field == NULL || PyTuple_SetItem(fields, i, field) < 0)
            Py_CLEAR(fields);
    }
    if (fields == NULL)
        return NULL;
    const char *buffers[3];
    Py_ssize_t sizes[3];
    for (int i = 0; i < 3; i++) {
        buffers[i] = col->buffers[i];
        sizes[i] = buffers[i] == NULL ? 0 : (Py_ssize_t)buffer_size(col, i);
    }
    return Py_BuildValue("(ny#y#y#N)", (Py_ssize_t)col->length, buffers[0], sizes[0], buffers[1],
                         sizes[1], buffers[2], sizes[2], fields);
}

static bool offsets_are_valid(const column *col, size_t limit) {
    const int32_t *offsets = col->buffers[1];
    for (size_t i = 0; i < col->length; i++)
        if (offsets[i] < 0 || offsets[i] > offsets[i + 1])
            return false;
    return offsets[0] == 0 && (size_t)offsets[col->length] <= limit;
}

static column *unpack_column(const column_type *type, PyObject *packed);

/* Fills a column from what pack_column made. false if it does not fit together, or with an exception. */
static bool fill_column(column *col, const char *const buffers[3], const Py_ssize_t sizes[3],
                        PyObject *fields) {
    const column_type *type = col->type;
    for (int i = 0; i < 3; i++) {
        size_t size = buffer_size(col, i);
        if (i == 0 && buffers[0] == NULL)
            continue;
        if (size != (size_t)sizes[i] || !column_allocate(col, i, size))
            return false;
        if (size > 0)
            memcpy(col->buffers[i], buffers[i], size);
        if (i == 1 && type->kind == COLUMN_TEXT && !offsets_are_valid(col, (size_t)sizes[2]))
            return false;
    }
    if (buffers[0] != NULL)
        column_set_valid(col, count_bits(col->buffers[0], col->length));
    if (PyTuple_Size(fields) != type->n_fields)
        return false;
    for (int i = 0; i < type->n_fields; i++) {
        column_release(col->fields[i]);
        col->fields[i] = unpack_column(type->fields[i], PyTuple_GetItem(fields, i));
        if (col->fields[i] == NULL ||
            (type->kind == COLUMN_STRUCT && col->fields[i]->length != col->length))
            return false;
    }
    return type->kind != COLUMN_LIST || offsets_are_valid(col, col->fields[0]->length);
}

/* NULL with an exception. */
static column *unpack_column(const column_type *type, PyObject *packed) {
    Py_ssize_t length, sizes[3];
    const char *buffers[3];
    PyObject *fields;
    if (!PyTuple_Check(packed)) {
        PyErr_SetString(PyExc_TypeError, "a tuple is expected");
        return NULL;
    }
    if (!PyArg_ParseTuple(packed, "nz#z#z#O!", &length, &buffers[0], &sizes[0], &buffers[1],
                          &sizes[1], &buffers[2], &sizes[2], &PyTuple_Type, &fields))
        return NULL;
    column *col =
        length < 0 || length > PY_SSIZE_T_MAX / 32 ? NULL : column_new(type, (size_t)length);
    if (col != NULL && fill_column(col, buffers, sizes, fields))
        return col;
    column_release(col);
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "damaged pickle of an Array");
    return NULL;
}

PyObject *array_reduce(PyObject *self, PyObject *unused) {
    (void)unused;
    array_object *array = (array_object *)self;
    PyObject *chunks = PyTuple_New((Py_ssize_t)array->n_chunks);
    for (size_t i = 0; chunks != NULL && i < array->n_chunks; i++) {
        PyObject *chunk = pack_column(array->chunks[i]);
        if (chunk == NULL || PyTuple_SetItem(chunks, (Py_ssize_t)i, chunk) < 0)
            Py_CLEAR(chunks);
    }
    PyObject *module = PyImport_ImportModule("simdinet._simdinet");
    PyObject *function = module == NULL ? NULL : PyObject_GetAttrString(module, "unpickle_array");
    Py_XDECREF(module);
    if (function == NULL || chunks == NULL) {
        Py_XDECREF(function);
        Py_XDECREF(chunks);
        return NULL;
    }
    return Py_BuildValue("N(sNO)", function, array->type->name, chunks,
                         array->families == NULL ? Py_None : array->families);
}

/* unpickle_array(type, chunks, families) */
static PyObject *unpickle_array(PyObject *module, PyObject *arguments) {
    const char *name;
    PyObject *chunks, *families;
    module_state *state = state_of(module);
    if (!PyArg_ParseTuple(arguments, "sO!O:unpickle_array", &name, &PyTuple_Type, &chunks,
                          &families))
        return NULL;
    size_t at = 0, n_types = sizeof pickled_types / sizeof *pickled_types;
    while (at < n_types && strcmp(pickled_types[at]->name, name) != 0)
        at++;
    bool is_array = (PyObject *)Py_TYPE(families) == state->array_type;
    if (at == n_types ||
        (families != Py_None && (!is_array || ((array_object *)families)->type != &type_bool)))
        return PyErr_Format(PyExc_ValueError, "damaged pickle of an Array of %s", name);
    chunk_list list = {0};
    for (Py_ssize_t i = 0; i < PyTuple_Size(chunks); i++) {
        if (!append_chunk(&list, unpack_column(pickled_types[at], PyTuple_GetItem(chunks, i)))) {
            clear_chunks(&list);
            return PyErr_Occurred() ? NULL : PyErr_NoMemory();
        }
    }
    PyObject *result = new_array(state, pickled_types[at], &list);
    if (result != NULL && is_array) {
        Py_INCREF(families);
        ((array_object *)result)->families = families;
    }
    return result;
}

PyObject *array_copy(PyObject *self, PyObject *unused) {
    (void)unused;
    Py_INCREF(self);
    return self;
}

PyMethodDef array_copy_methods[] = {
    {"unpickle_array", unpickle_array, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
