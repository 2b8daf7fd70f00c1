/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* input.c - a column as an argument: buffers and sequences; Arrow is in input_arrow.c. */
#include "input.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_DONE, STATE_ONE_CHUNK, STATE_ARROW };

static int wrong_type(PyObject *object, const char *expected) {
    PyObject *type = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
    if (type != NULL)
        PyErr_Format(PyExc_TypeError, "%s, not %U", expected, type);
    Py_XDECREF(type);
    return -1;
}

/* ---- buffers ------------------------------------------------------------------------------------- */

static bool other_byte_order(char order) {
    const uint16_t one = 1;
    bool little = *(const uint8_t *)&one == 1;
    return (order == '>' && little) || (order == '!' && little) || (order == '<' && !little);
}

/* The bytes from one item of a dimension to the next. Some exporters leave strides NULL although they are
 * requested (ctypes): the items are contiguous. */
static Py_ssize_t stride_of(const Py_buffer *view, int dimension) {
    if (view->strides != NULL)
        return view->strides[dimension];
    Py_ssize_t stride = view->itemsize;
    for (int i = view->ndim - 1; i > dimension; i--)
        stride *= view->shape[i];
    return stride;
}

/* Copies the rows of a buffer of bytes of two dimensions, whose bytes are not next to each other. */
static int copy_rows(input *in) {
    Py_ssize_t column_stride = stride_of(&in->view, 1);
    chunk *c = &in->current;
    if (c->width != 4 && c->width != 16)
        return 0; /* an error later */
    char *to = in->aligned[0] = malloc(c->n * c->width);
    if (to == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; j < c->width; j++)
            *to++ = c->bytes[(Py_ssize_t)i * c->stride + (Py_ssize_t)j * column_stride];
    c->bytes = in->aligned[0];
    c->stride = (ptrdiff_t)c->width;
    return 0;
}

/* Formats of struct: '15s' and '15w' (NumPy's S and U), 'I' and 'L' of 4 bytes, 'B' in rows of 4 or 16. */
static int open_buffer(input *in) {
    const Py_buffer *view = &in->view;
    chunk *c = &in->current;
    const char *format = view->format == NULL ? "B" : view->format;
    c->swapped = other_byte_order(*format);
    if (strchr("@=<>!", *format) != NULL && *format != '\0')
        format++;
    char type = format[0] == '\0' ? '\0' : format[strlen(format) - 1];
    bool number_before = strspn(format, "0123456789") == strlen(format) - 1;
    *c = (chunk){.swapped = c->swapped, .bytes = view->buf, .n = 0};
    if (view->ndim == 1 && view->shape != NULL && number_before) {
        c->n = (size_t)view->shape[0];
        c->stride = stride_of(view, 0);
        c->width = (size_t)view->itemsize;
        if (type == 's') {
            c->kind = CHUNK_FIXED;
            c->padded = true;
            c->utf8 = true;
            return 0;
        }
        if (type == 'w') {
            c->kind = CHUNK_WIDE;
            c->width /= 4;
            c->utf8 = true;
            return 0;
        }
        if ((type == 'I' || type == 'L') && view->itemsize == 4 && strlen(format) == 1) {
            c->kind = CHUNK_NUMBERS;
            return 0;
        }
    }
    if (view->ndim == 2 && view->shape != NULL && type == 'B' && strlen(format) == 1) {
        c->kind = CHUNK_FIXED;
        c->n = (size_t)view->shape[0];
        c->stride = stride_of(view, 0);
        c->width = (size_t)view->shape[1];
        return stride_of(view, 1) == 1 || c->n == 0 ? 0 : copy_rows(in);
    }
    PyErr_Format(PyExc_TypeError,
                 "a buffer with format '%s' and %d dimensions is not a column of text or addresses",
                 view->format == NULL ? "B" : view->format, view->ndim);
    return -1;
}

/* ---- opening ------------------------------------------------------------------------------------- */

static int open_list(input *in, PyObject *object) {
    /* A list or tuple is used as it is; others are iterated once. */
    if (PyList_Check(object) || PyTuple_Check(object)) {
        Py_INCREF(object);
        in->owners[0] = object;
    } else {
        in->owners[0] = PySequence_List(object);
        if (in->owners[0] == NULL) {
            if (PyErr_ExceptionMatches(PyExc_TypeError)) {
                PyErr_Clear();
                return wrong_type(object,
                                  "a column must be an Arrow array or stream, a NumPy array "
                                  "or a sequence");
            }
            return -1;
        }
    }
    in->current = (chunk){.kind = CHUNK_OBJECTS, .list = in->owners[0]};
    Py_ssize_t n = PySequence_Size(in->owners[0]);
    if (n < 0)
        return -1;
    in->current.n = (size_t)n;
    in->state = STATE_ONE_CHUNK;
    /* The first value that is not None tells text from addresses. */
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *value = PySequence_GetItem(in->owners[0], i);
        if (value == NULL)
            return -1;
        bool none = value == Py_None;
        in->current.utf8 = PyUnicode_Check(value);
        Py_DECREF(value);
        if (!none)
            break;
    }
    return 0;
}

static int open_any(input *in, PyObject *object) {
    if (PyUnicode_Check(object) || PyBytes_Check(object) || PyByteArray_Check(object))
        return wrong_type(
            object, "a column is expected: an Arrow array or stream, a NumPy array or a sequence");
    if (PyList_Check(object) || PyTuple_Check(object))
        return open_list(in, object);
    /* Objects with both may have several chunks, which an array would copy into one. */
    if (PyObject_HasAttrString(object, "__arrow_c_stream__")) {
        in->state = STATE_ARROW;
        return open_arrow_stream(in, object);
    }
    if (PyObject_HasAttrString(object, "__arrow_c_array__")) {
        in->state = STATE_ARROW;
        return open_arrow_array(in, object);
    }
    if (PyObject_GetBuffer(object, &in->view, PyBUF_RECORDS_RO) == 0) {
        /* NumPy's arrays of objects are read as sequences. */
        if (in->view.format != NULL && strcmp(in->view.format, "O") == 0) {
            PyBuffer_Release(&in->view);
            in->view.obj = NULL;
            return open_list(in, object);
        }
        in->state = STATE_ONE_CHUNK;
        return open_buffer(in);
    }
    PyErr_Clear();
    in->view.obj = NULL;
    return open_list(in, object);
}

int open_input(input *in, PyObject *object) {
    memset(in, 0, sizeof *in);
    if (open_any(in, object) == 0)
        return 0;
    close_input(in);
    return -1;
}

int next_chunk(input *in) {
    if (in->state == STATE_ARROW)
        return next_arrow_chunk(in);
    int more = in->state == STATE_ONE_CHUNK;
    in->state = STATE_DONE;
    return more;
}

void close_input(input *in) {
    /* A producer may be written in Python: its release functions must not see the exception. */
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    close_arrow(in);
    if (in->view.obj != NULL)
        PyBuffer_Release(&in->view);
    for (int i = 0; i < 3; i++)
        Py_CLEAR(in->owners[i]);
    memset(in, 0, sizeof *in);
    PyErr_Restore(type, value, traceback);
}
