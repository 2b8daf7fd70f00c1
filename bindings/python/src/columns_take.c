/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_take.c - the values of networks as a column, and the values at indices. */
#include "array.h"
#include "text_builder.h"

#include <stdlib.h>
#include <string.h>

/* Which column a list of values makes. */
typedef enum values_kind {
    VALUES_TEXT,    /* str */
    VALUES_NUMBERS, /* int from 0 to 2^64 - 1 */
    VALUES_OTHER,
} values_kind;

static bool is_number(PyObject *object) {
    if (!PyLong_CheckExact(object))
        return false;
    PyLong_AsUnsignedLongLong(object);
    bool fits = PyErr_Occurred() == NULL;
    PyErr_Clear();
    return fits;
}

static values_kind kind_of(PyObject *list) {
    values_kind kind = VALUES_TEXT;
    bool any = false;
    for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
        PyObject *value = PyList_GetItem(list, i);
        if (value == Py_None)
            continue;
        values_kind next = PyUnicode_CheckExact(value) ? VALUES_TEXT
                           : is_number(value)          ? VALUES_NUMBERS
                                                       : VALUES_OTHER;
        if (next == VALUES_OTHER || (any && next != kind))
            return VALUES_OTHER;
        kind = next;
        any = true;
    }
    return kind;
}

static bool store_text(text_builder *builder, PyObject *value) {
    Py_ssize_t len = 0;
    const char *text = value == Py_None ? "" : PyUnicode_AsUTF8AndSize(value, &len);
    return text != NULL && text_write(builder, text, (size_t)len) && text_end(builder);
}

static column *column_of_values(PyObject *list, values_kind kind) {
    size_t n = (size_t)PyList_Size(list), n_valid = 0;
    text_builder builder = {0};
    column *out;
    bool done;
    if (kind == VALUES_TEXT) {
        done = text_open(&builder, &type_text, n);
        out = builder.col;
    } else {
        out = column_new(&type_uint64, n);
        done = out != NULL && column_allocate(out, 1, n * sizeof(uint64_t));
    }
    done = done && column_allocate(out, 0, bitmap_size(n));
    if (done)
        memset(out->buffers[0], 0, bitmap_size(n));
    for (size_t i = 0; done && i < n; i++) {
        PyObject *value = PyList_GetItem(list, (Py_ssize_t)i);
        if (value != Py_None) {
            set_bit(out->buffers[0], i);
            n_valid++;
        }
        if (kind == VALUES_TEXT)
            done = store_text(&builder, value);
        else
            ((uint64_t *)out->buffers[1])[i] =
                value == Py_None ? 0 : PyLong_AsUnsignedLongLong(value);
    }
    if (done) {
        column_set_valid(out, n_valid);
        return out;
    }
    if (builder.too_long)
        PyErr_SetString(PyExc_ValueError, "the values of the networks exceed 2 GiB of text");
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    column_release(out);
    return NULL;
}

/* column_of(list): an Array of str or of uint64, or None for a list of other values. The list is not shared. */
static PyObject *column_of(PyObject *module, PyObject *list) {
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is expected");
        return NULL;
    }
    values_kind kind = kind_of(list);
    if (kind == VALUES_OTHER)
        return Py_BuildValue("");
    chunk_list chunks = {0};
    column *out = column_of_values(list, kind);
    if (!append_chunk(&chunks, out))
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    return new_array(state_of(module), out->type, &chunks);
}

/* Appends the values at the indices of a column of uint32. false with an exception. */
static bool take_values_at(chunk_list *list, const column *values, const column *indices) {
    size_t *at = malloc((indices->length + 1) * sizeof *at);
    bool inside = true, done = false;
    if (at != NULL) {
        Py_BEGIN_ALLOW_THREADS
        for (size_t i = 0; i < indices->length; i++) {
            bool valid = indices->buffers[0] == NULL || get_bit(indices->buffers[0], i);
            at[i] = valid ? ((const uint32_t *)indices->buffers[1])[i] : COLUMN_NO_INDEX;
            inside = inside && (!valid || at[i] < values->length);
        }
        done = inside && append_taken(list, values, at, indices->length);
        Py_END_ALLOW_THREADS
    }
    free(at);
    if (!inside)
        PyErr_SetString(PyExc_IndexError, "index out of range");
    else if (!done)
        PyErr_NoMemory();
    return done;
}

/* take(values, indices): an Array of the values of one Array at the uint32 indices of another. */
static PyObject *take(PyObject *module, PyObject *arguments) {
    PyObject *type = state_of(module)->array_type, *values, *indices;
    if (!PyArg_ParseTuple(arguments, "O!O!:take", type, &values, type, &indices))
        return NULL;
    array_object *at = (array_object *)indices;
    if (at->type != &type_uint32) {
        PyErr_SetString(PyExc_TypeError, "indices of uint32 are expected");
        return NULL;
    }
    column *from = array_contiguous((array_object *)values);
    if (from == NULL)
        return NULL;
    chunk_list list = {0};
    bool done = true;
    for (size_t i = 0; done && i < at->n_chunks; i++)
        done = take_values_at(&list, from, at->chunks[i]);
    column_release(from);
    if (done)
        return new_array(state_of(module), ((array_object *)values)->type, &list);
    clear_chunks(&list);
    return NULL;
}

PyMethodDef columns_take_methods[] = {
    {"column_of", column_of, METH_O, NULL},
    {"take", take, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
