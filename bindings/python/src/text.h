/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* text.h - the text of one argument: str, or an object with the buffer protocol. */
#ifndef SIMDINET_TEXT_H
#define SIMDINET_TEXT_H

#include "binding.h"

typedef struct text_argument {
    const char *text;
    Py_ssize_t len;
    Py_buffer view;    /* of a buffer; obj is NULL for str and bytes */
    PyObject *encoded; /* bytes of a str with surrogates, or NULL */
} text_argument;

/* Stores the UTF-8 of a str, or the bytes of a buffer. Returns 0, and release_text must follow; or -1 with
 * TypeError. */
int convert_text(PyObject *object, text_argument *text);

/* The bytes of a str with surrogates: of errors='surrogateescape' those that were decoded. NULL with an exception. */
PyObject *encode_surrogates(PyObject *string);

static inline void release_text(text_argument *text) {
    if (text->view.obj != NULL)
        PyBuffer_Release(&text->view);
    Py_XDECREF(text->encoded);
}

#endif
