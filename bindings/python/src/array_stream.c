/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* array_stream.c - an Arrow stream of the matches that an iterator of Python yields. */
#include "array.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct iterator_stream {
    PyObject *iterator;
    PyObject *array_type;
    char error[512];
} iterator_stream;

static int iterator_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    return export_schema(&type_match, "", out) ? 0 : ENOMEM;
}

/* The number of an exception: consumers make exceptions of their own from it. */
static int number_of(PyObject *type, PyObject *value) {
    if (PyErr_GivenExceptionMatches(type, PyExc_MemoryError))
        return ENOMEM;
    if (PyErr_GivenExceptionMatches(type, PyExc_NotImplementedError))
        return ENOSYS;
    if (PyErr_GivenExceptionMatches(type, PyExc_ValueError) ||
        PyErr_GivenExceptionMatches(type, PyExc_TypeError))
        return EINVAL;
    long number = 0;
    if (PyErr_GivenExceptionMatches(type, PyExc_OSError)) {
        PyObject *attribute = PyObject_GetAttrString(value, "errno");
        if (attribute != NULL && PyLong_Check(attribute))
            number = PyLong_AsLong(attribute);
        Py_XDECREF(attribute);
        PyErr_Clear();
    }
    return number > 0 && number <= INT_MAX ? (int)number : EIO;
}

/* Keeps the text of the exception for get_last_error, and returns its number. */
static int keep_error(iterator_stream *state) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    int number = number_of(type, value);
    PyObject *name = PyObject_GetAttrString(type, "__name__");
    PyObject *text =
        name == NULL || value == NULL ? NULL : PyUnicode_FromFormat("%U: %S", name, value);
    Py_ssize_t len;
    const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &len);
    if (utf8 == NULL) {
        utf8 = "an exception";
        len = (Py_ssize_t)strlen(utf8);
    }
    if (len >= (Py_ssize_t)sizeof state->error) {
        len = sizeof state->error - 1;
        while ((utf8[len] & 0xc0) == 0x80)
            len--; /* not within a character */
    }
    memcpy(state->error, utf8, (size_t)len);
    state->error[len] = '\0';
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return number;
}

static int iterator_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    iterator_stream *state = stream->private_data;
    PyGILState_STATE gil = PyGILState_Ensure();
    int code = 0;
    *out = (struct ArrowArray){0};
    PyObject *item = PyIter_Next(state->iterator);
    if (item == NULL) {
        if (PyErr_Occurred())
            code = keep_error(state);
    } else if ((PyObject *)Py_TYPE(item) != state->array_type ||
               ((array_object *)item)->type != &type_match) {
        PyErr_SetString(PyExc_TypeError, "the iterator must yield matches");
        code = keep_error(state);
    } else {
        column *col = array_contiguous((array_object *)item);
        if (col == NULL)
            code = keep_error(state);
        else if (!export_column(col, out))
            code = ENOMEM;
        column_release(col);
    }
    Py_XDECREF(item);
    PyGILState_Release(gil);
    return code;
}

static const char *iterator_error(struct ArrowArrayStream *stream) {
    return ((iterator_stream *)stream->private_data)->error;
}

static void release_iterator(struct ArrowArrayStream *stream) {
    iterator_stream *state = stream->private_data;
    PyGILState_STATE gil = PyGILState_Ensure();
    Py_DECREF(state->iterator);
    Py_DECREF(state->array_type);
    PyGILState_Release(gil);
    free(state);
    stream->release = NULL;
}

static PyObject *stream_of_iterator(PyObject *module, PyObject *iterator) {
    if (!PyIter_Check(iterator)) {
        PyErr_SetString(PyExc_TypeError, "an iterator is expected");
        return NULL;
    }
    /* The consumer may call from any thread; PyGILState_Ensure serves the main interpreter alone. */
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0) {
        PyErr_SetString(
            PyExc_RuntimeError,
            "a stream is only available in the main interpreter; iterate over the matches");
        return NULL;
    }
    struct ArrowArrayStream *stream = calloc(1, sizeof *stream);
    iterator_stream *state = calloc(1, sizeof *state);
    if (stream == NULL || state == NULL) {
        free(stream);
        free(state);
        return PyErr_NoMemory();
    }
    Py_INCREF(iterator);
    state->iterator = iterator;
    state->array_type = state_of(module)->array_type;
    Py_INCREF(state->array_type);
    *stream = (struct ArrowArrayStream){iterator_schema, iterator_next, iterator_error,
                                        release_iterator, state};
    PyObject *capsule = PyCapsule_New(stream, "arrow_array_stream", free_stream_capsule);
    if (capsule == NULL) {
        stream->release(stream);
        free(stream);
    }
    return capsule;
}

PyMethodDef array_stream_methods[] = {
    {"stream_of_iterator", stream_of_iterator, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
