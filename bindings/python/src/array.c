/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* array.c - simdinet.Array: a sequence of Python, with one chunk or several. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

bool append_chunk(chunk_list *list, column *chunk) {
    column **chunks =
        chunk == NULL ? NULL : realloc(list->chunks, (list->n + 1) * sizeof(column *));
    if (chunks == NULL) {
        column_release(chunk);
        return false;
    }
    list->chunks = chunks;
    chunks[list->n++] = chunk;
    return true;
}

void clear_chunks(chunk_list *list) {
    for (size_t i = 0; i < list->n; i++)
        column_release(list->chunks[i]);
    free(list->chunks);
    *list = (chunk_list){0};
}

PyObject *new_array(module_state *state, const column_type *type, chunk_list *list) {
    PyTypeObject *class = (PyTypeObject *)state->array_type;
    allocfunc allocate = (allocfunc)PyType_GetSlot(class, Py_tp_alloc);
    array_object *array = (array_object *)allocate(class, 0);
    if (array == NULL) {
        clear_chunks(list);
        return NULL;
    }
    array->type = type;
    array->chunks = list->chunks;
    array->n_chunks = list->n;
    for (size_t i = 0; i < list->n; i++)
        array->length += list->chunks[i]->length;
    *list = (chunk_list){0};
    return (PyObject *)array;
}

static void array_dealloc(PyObject *self) {
    array_object *array = (array_object *)self;
    PyTypeObject *class = Py_TYPE(self);
    chunk_list list = {array->chunks, array->n_chunks};
    clear_chunks(&list);
    Py_CLEAR(array->families);
    freefunc release = (freefunc)PyType_GetSlot(class, Py_tp_free);
    release(self);
    Py_DECREF(class);
}

column *array_contiguous(array_object *array) {
    if (array->n_chunks == 1)
        return column_retain(array->chunks[0]);
    if (!column_concatenation_fits(array->type, array->chunks, array->n_chunks)) {
        PyErr_Format(PyExc_OverflowError,
                     "%zu chunks of %s have more than 2 GiB of text or 2147483647 items, which do "
                     "not fit into one; __arrow_c_stream__ gives the chunks",
                     array->n_chunks, array->type->name);
        return NULL;
    }
    column *joined = column_concatenate(array->type, array->chunks, array->n_chunks);
    if (joined == NULL)
        PyErr_NoMemory();
    return joined;
}

/* ---- values -------------------------------------------------------------------------------------- */

static PyObject *number_value(const column *col, size_t i) {
    const char *at = (const char *)col->buffers[1] + i * col->type->width;
    uint64_t wide;
    uint32_t word;
    uint16_t half;
    switch (col->type->width) {
    case 1:
        return PyLong_FromLong((uint8_t)*at);
    case 2:
        memcpy(&half, at, sizeof half);
        return PyLong_FromLong(half);
    case 4:
        memcpy(&word, at, sizeof word);
        return PyLong_FromUnsignedLong(word);
    default:
        memcpy(&wide, at, sizeof wide);
        return PyLong_FromUnsignedLongLong(wide);
    }
}

static PyObject *struct_value(const column *col, size_t i) {
    PyObject *dict = PyDict_New();
    for (int field = 0; dict != NULL && field < col->type->n_fields; field++) {
        PyObject *value = column_value(col->fields[field], i);
        if (value == NULL || PyDict_SetItemString(dict, col->type->field_names[field], value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}

static PyObject *list_value(const column *col, size_t i) {
    const int32_t *offsets = col->buffers[1];
    PyObject *list = PyList_New(0);
    for (int32_t j = offsets[i]; list != NULL && j < offsets[i + 1]; j++) {
        PyObject *value = column_value(col->fields[0], (size_t)j);
        if (value == NULL || PyList_Append(list, value) < 0)
            Py_CLEAR(list);
        Py_XDECREF(value);
    }
    return list;
}

PyObject *column_value(const column *col, size_t i) {
    if (col->buffers[0] != NULL && !get_bit(col->buffers[0], i))
        return Py_BuildValue("");
    const int32_t *offsets = col->buffers[1];
    switch (col->type->kind) {
    case COLUMN_BOOL:
        return PyBool_FromLong(get_bit(col->buffers[1], i));
    case COLUMN_NUMBER:
        return number_value(col, i);
    case COLUMN_BYTES:
        return PyBytes_FromStringAndSize((const char *)col->buffers[1] + i * col->type->width,
                                         (Py_ssize_t)col->type->width);
    case COLUMN_TEXT:
        if (col->type == &type_binary)
            return PyBytes_FromStringAndSize((const char *)col->buffers[2] + offsets[i],
                                             offsets[i + 1] - offsets[i]);
        return PyUnicode_FromStringAndSize((const char *)col->buffers[2] + offsets[i],
                                           offsets[i + 1] - offsets[i]);
    case COLUMN_STRUCT:
        return struct_value(col, i);
    case COLUMN_LIST:
        return list_value(col, i);
    }
    return NULL;
}

static Py_ssize_t array_length(PyObject *self) {
    return (Py_ssize_t)((array_object *)self)->length;
}

static PyObject *array_item(PyObject *self, Py_ssize_t index) {
    array_object *array = (array_object *)self;
    if (index < 0 || (size_t)index >= array->length) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return NULL;
    }
    size_t i = (size_t)index;
    for (size_t chunk = 0; chunk < array->n_chunks; chunk++) {
        if (i < array->chunks[chunk]->length)
            return column_value(array->chunks[chunk], i);
        i -= array->chunks[chunk]->length;
    }
    return NULL;
}

/* Appends copies of the values of a slice, a chunk for each run of values in one chunk. false if there is no memory. */
static bool append_slice(chunk_list *list, array_object *array, Py_ssize_t start, Py_ssize_t step,
                         size_t n) {
    size_t *indices = malloc((n + 1) * sizeof *indices);
    size_t chunk = 0, first = 0; /* of the array, the first value of chunk */
    bool done = indices != NULL;
    for (size_t i = 0; done && i < n;) {
        size_t run = 0;
        for (; i < n; i++) {
            size_t at = (size_t)(start + (Py_ssize_t)i * step);
            if (run > 0 && (at < first || at - first >= array->chunks[chunk]->length))
                break;
            while (at < first)
                first -= array->chunks[--chunk]->length;
            while (at - first >= array->chunks[chunk]->length)
                first += array->chunks[chunk++]->length;
            indices[run++] = at - first;
        }
        done = append_chunk(list, column_take(array->chunks[chunk], indices, run));
    }
    free(indices);
    return done && (n > 0 || append_chunk(list, column_concatenate(array->type, NULL, 0)));
}

static PyObject *array_slice(array_object *array, PyObject *slice) {
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
        return NULL;
    Py_ssize_t n = PySlice_AdjustIndices((Py_ssize_t)array->length, &start, &stop, step);
    chunk_list list = {0};
    if (!append_slice(&list, array, start, step, (size_t)n)) {
        clear_chunks(&list);
        return PyErr_NoMemory();
    }
    module_state *state = PyType_GetModuleState(Py_TYPE((PyObject *)array));
    PyObject *result = new_array(state, array->type, &list);
    if (result != NULL && array->families != NULL) {
        PyObject *families = array_slice((array_object *)array->families, slice);
        if (families == NULL)
            Py_CLEAR(result);
        else
            ((array_object *)result)->families = families;
    }
    return result;
}

static PyObject *array_subscript(PyObject *self, PyObject *key) {
    if (PySlice_Check(key))
        return array_slice((array_object *)self, key);
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred())
        return NULL;
    return array_item(self, index < 0 ? index + (Py_ssize_t)((array_object *)self)->length : index);
}

PyObject *array_to_pylist(PyObject *self, PyObject *unused) {
    (void)unused;
    array_object *array = (array_object *)self;
    PyObject *list = PyList_New((Py_ssize_t)array->length);
    Py_ssize_t at = 0;
    for (size_t chunk = 0; list != NULL && chunk < array->n_chunks; chunk++) {
        const column *col = array->chunks[chunk];
        for (size_t i = 0; list != NULL && i < col->length; i++) {
            PyObject *value = column_value(col, i);
            if (value == NULL)
                Py_CLEAR(list);
            else
                PyList_SetItem(list, at++, value);
        }
    }
    return list;
}

/* Characters of values in a repr. */
#define MAX_SHOWN 2000

static PyObject *array_repr(PyObject *self) {
    array_object *array = (array_object *)self;
    PyObject *values = PyList_New(0);
    for (Py_ssize_t i = 0; values != NULL && i < 5 && (size_t)i < array->length; i++) {
        PyObject *value = array_item(self, i);
        if (value == NULL || PyList_Append(values, value) < 0)
            Py_CLEAR(values);
        Py_XDECREF(value);
    }
    PyObject *text = NULL;
    PyObject *shown = values == NULL ? NULL : PyObject_Repr(values);
    if (shown != NULL) {
        bool cut = PyUnicode_GetLength(shown) > MAX_SHOWN;
        if (cut) {
            PyObject *start = PyUnicode_Substring(shown, 0, MAX_SHOWN);
            Py_DECREF(shown);
            shown = start;
        }
        if (shown != NULL)
            text = PyUnicode_FromFormat("<simdinet.Array of %zu %s: %U%s>", array->length,
                                        array->type->name, shown,
                                        cut                 ? "..."
                                        : array->length > 5 ? ", ..."
                                                            : "");
    }
    Py_XDECREF(shown);
    Py_XDECREF(values);
    return text;
}

/* ---- attributes ---------------------------------------------------------------------------------- */

static PyObject *array_get_type(PyObject *self, void *unused) {
    (void)unused;
    return PyUnicode_FromString(((array_object *)self)->type->name);
}

static PyObject *array_get_null_count(PyObject *self, void *unused) {
    (void)unused;
    array_object *array = (array_object *)self;
    size_t nulls = 0;
    for (size_t i = 0; i < array->n_chunks; i++)
        nulls += array->chunks[i]->null_count;
    return PyLong_FromSize_t(nulls);
}

static PyObject *array_get_num_chunks(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromSize_t(((array_object *)self)->n_chunks);
}

static PyObject *array_get_families(PyObject *self, void *unused) {
    (void)unused;
    PyObject *families = ((array_object *)self)->families;
    return families == NULL ? Py_BuildValue("") : Py_BuildValue("O", families);
}

/* Only of Arrays without a buffer: pandas makes a NumPy array of what has the attribute. */
static PyObject *array_get_array(PyObject *self, void *unused) {
    (void)unused;
    if (((array_object *)self)->type->kind > COLUMN_BYTES)
        return PyObject_GetAttrString(self, "_to_objects");
    PyErr_SetString(PyExc_AttributeError, "__array__");
    return NULL;
}

static PyObject *array_field(PyObject *self, PyObject *name) {
    array_object *array = (array_object *)self;
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "the name of a field must be str");
        return NULL;
    }
    const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
    if (text == NULL)
        return NULL;
    int field = 0;
    while (field < array->type->n_fields && strcmp(array->type->field_names[field], text) != 0)
        field++;
    if (array->type->kind != COLUMN_STRUCT || field == array->type->n_fields) {
        PyErr_SetObject(PyExc_KeyError, name);
        return NULL;
    }
    chunk_list list = {0};
    for (size_t i = 0; i < array->n_chunks; i++) {
        if (!append_chunk(&list, column_retain(array->chunks[i]->fields[field]))) {
            clear_chunks(&list);
            return PyErr_NoMemory();
        }
    }
    return new_array(PyType_GetModuleState(Py_TYPE(self)), array->type->fields[field], &list);
}

PyDoc_STRVAR(
    array_doc,
    "An immutable column: what functions of columns return.\n\n"
    "A sequence of Python values, None for nulls; a slice is a copy. Other libraries take it\n"
    "through the Arrow PyCapsule interface (pyarrow.array shares the memory, polars.Series that "
    "of\n"
    "numbers), or, for addresses and numbers, the buffer protocol (numpy.asarray: uint8 of\n"
    "shape (n, 4) or (n, 16); bool and several chunks are copied; a null is zeros). NumPy makes\n"
    "an array of objects of others.\n\n"
    ">>> simdinet.parse_ipv4(['192.0.2.1', 'x'])\n"
    "<simdinet.Array of 2 fixed_size_binary[4]: [b'\\xc0\\x00\\x02\\x01', None]>\n");
PyDoc_STRVAR(to_pylist_doc, "to_pylist($self, /)\n--\n\nA list of all values, None for nulls.\n");
PyDoc_STRVAR(
    field_doc,
    "field($self, name, /)\n--\n\nA field of a struct column, as an Array that shares memory.\n\n"
    "Raises KeyError if there is none.\n");
PyDoc_STRVAR(schema_doc,
             "__arrow_c_schema__($self, /)\n--\n\nThe type, as a capsule of an ArrowSchema.\n");
PyDoc_STRVAR(export_doc,
             "__arrow_c_array__($self, /, requested_schema=None)\n--\n\n"
             "Capsules of an ArrowSchema and an ArrowArray; several chunks are copied into one.\n\n"
             "With more than 2 GiB, string becomes large_string and binary large_binary; other\n"
             "types raise OverflowError: __arrow_c_stream__ gives the chunks.\n");
PyDoc_STRVAR(stream_doc, "__arrow_c_stream__($self, /, requested_schema=None)\n--\n\n"
                         "A capsule of an ArrowArrayStream of the chunks.\n");

static PyMethodDef array_methods[] = {
    {"to_pylist", array_to_pylist, METH_NOARGS, to_pylist_doc},
    {"field", array_field, METH_O, field_doc},
    {"_to_objects", (PyCFunction)(void (*)(void))array_to_objects, METH_VARARGS | METH_KEYWORDS,
     NULL},
    {"__copy__", array_copy, METH_NOARGS, NULL},
    {"__reduce__", array_reduce, METH_NOARGS, NULL},
    {"__deepcopy__", array_copy, METH_O, NULL},
    {"__arrow_c_schema__", array_arrow_schema, METH_NOARGS, schema_doc},
    {"__arrow_c_array__", (PyCFunction)(void (*)(void))array_arrow_array,
     METH_VARARGS | METH_KEYWORDS, export_doc},
    {"__arrow_c_stream__", (PyCFunction)(void (*)(void))array_arrow_stream,
     METH_VARARGS | METH_KEYWORDS, stream_doc},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef array_attributes[] = {
    {"type", array_get_type, NULL, "The Arrow type, as text.", NULL},
    {"null_count", array_get_null_count, NULL, "The number of nulls.", NULL},
    {"num_chunks", array_get_num_chunks, NULL, "The number of chunks.", NULL},
    {"families", array_get_families, NULL,
     "Of addresses of both families, an Array of bool: True for IPv6. Else None.", NULL},
    {"__array__", array_get_array, NULL,
     "Of text, binary, structs and lists: a NumPy array of objects.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot array_slots[] = {
    {Py_tp_doc, (void *)array_doc},
    {Py_tp_dealloc, (void *)array_dealloc},
    {Py_tp_repr, (void *)array_repr},
    {Py_tp_iter, (void *)PySeqIter_New},
    {Py_tp_methods, array_methods},
    {Py_tp_getset, array_attributes},
    {Py_sq_length, (void *)array_length},
    {Py_sq_item, (void *)array_item},
    {Py_mp_length, (void *)array_length},
    {Py_mp_subscript, (void *)array_subscript},
    {Py_bf_getbuffer, (void *)array_get_buffer},
    {Py_bf_releasebuffer, (void *)array_release_buffer},
    {0, NULL},
};

/* No instances are made by calling the class, and it has no subclasses. */
static PyType_Spec array_spec = {
    .name = "simdinet.Array",
    .basicsize = sizeof(array_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = array_slots,
};

int add_array_type(PyObject *module) {
    module_state *state = state_of(module);
    state->array_type = PyType_FromModuleAndSpec(module, &array_spec, NULL);
    return state->array_type == NULL ? -1
                                     : PyModule_AddType(module, (PyTypeObject *)state->array_type);
}
