/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* array_buffer.c - the buffer protocol of simdinet.Array. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

/* What a view needs beyond the array: its shape, and the memory where the array has none of this form. */
typedef struct view_memory {
    Py_ssize_t shape[2];
    Py_ssize_t strides[2];
    column *contiguous;
    uint8_t *bytes; /* bool: one byte a value */
} view_memory;

static const char *buffer_format(const column_type *type) {
    if (type->kind == COLUMN_BOOL)
        return "?";
    if (type->kind == COLUMN_BYTES || type->width == 1)
        return "B";
    return type->width == 2 ? "H" : type->width == 4 ? "I" : "Q";
}

int array_get_buffer(PyObject *self, Py_buffer *view, int flags) {
    array_object *array = (array_object *)self;
    const column_type *type = array->type;
    view->obj = NULL;
    if (type->kind > COLUMN_BYTES) {
        PyErr_Format(PyExc_BufferError, "an Array of %s has no buffer", type->name);
        return -1;
    }
    if (flags & PyBUF_WRITABLE) {
        PyErr_SetString(PyExc_BufferError, "an Array is immutable");
        return -1;
    }
    if (type->kind == COLUMN_BYTES && (flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS) {
        PyErr_SetString(PyExc_BufferError, "the buffer is not in Fortran order");
        return -1;
    }
    view_memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memory->contiguous = array_contiguous(array);
    if (memory->contiguous == NULL)
        goto fail;
    bool rows = type->kind == COLUMN_BYTES;
    size_t item = type->kind == COLUMN_NUMBER ? type->width : 1;
    view->buf = memory->contiguous->buffers[1];
    if (type->kind == COLUMN_BOOL) {
        memory->bytes = malloc(array->length + 1);
        if (memory->bytes == NULL) {
            PyErr_NoMemory();
            goto fail;
        }
        for (size_t i = 0; i < array->length; i++)
            memory->bytes[i] = get_bit(view->buf, i);
        view->buf = memory->bytes;
    }
    memory->shape[0] = (Py_ssize_t)array->length;
    memory->shape[1] = (Py_ssize_t)type->width;
    memory->strides[0] = rows ? (Py_ssize_t)type->width : (Py_ssize_t)item;
    memory->strides[1] = 1;
    view->len = (Py_ssize_t)(array->length * (rows ? type->width : item));
    view->itemsize = (Py_ssize_t)item;
    view->readonly = 1;
    /* Without PyBUF_ND a buffer is bytes. */
    view->ndim = !(flags & PyBUF_ND) ? 1 : rows ? 2 : 1;
    view->format = flags & PyBUF_FORMAT ? (char *)(uintptr_t)buffer_format(type) : NULL;
    view->shape = flags & PyBUF_ND ? memory->shape : NULL;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? memory->strides : NULL;
    view->suboffsets = NULL;
    view->internal = memory;
    Py_INCREF(self);
    view->obj = self;
    return 0;
fail:
    column_release(memory->contiguous);
    free(memory);
    return -1;
}

void array_release_buffer(PyObject *self, Py_buffer *view) {
    (void)self;
    view_memory *memory = view->internal;
    column_release(memory->contiguous);
    free(memory->bytes);
    free(memory);
}
