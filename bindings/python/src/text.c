/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* text.c - the text of one argument: str, or an object with the buffer protocol. */
#include "text.h"

#include <string.h>

PyObject *encode_surrogates(PyObject *string) {
    PyErr_Clear(); /* the UnicodeEncodeError */
    PyObject *bytes = PyUnicode_AsEncodedString(string, "utf-8", "surrogateescape");
    if (bytes == NULL && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        bytes = PyUnicode_AsEncodedString(string, "utf-8", "surrogatepass");
    }
    return bytes;
}

int convert_text(PyObject *object, text_argument *text) {
    text->view.obj = NULL;
    text->encoded = NULL;
    if (PyUnicode_Check(object)) {
        text->text = PyUnicode_AsUTF8AndSize(object, &text->len);
        if (text->text != NULL)
            return 0;
        object = text->encoded = encode_surrogates(object);
        if (object == NULL)
            return -1;
    }
    if (PyBytes_Check(object)) {
        char *bytes;
        if (PyBytes_AsStringAndSize(object, &bytes, &text->len) < 0)
            return -1;
        text->text = bytes;
        return 0;
    }
    if (PyObject_GetBuffer(object, &text->view, PyBUF_ND | PyBUF_FORMAT) == 0) {
        const char *format = text->view.format;
        if (format == NULL || strcmp(format, "B") == 0 || strcmp(format, "b") == 0 ||
            strcmp(format, "c") == 0) {
            text->text = text->view.buf;
            text->len = text->view.len;
            return 0;
        }
        PyErr_Format(PyExc_TypeError,
                     "text must be str or bytes-like, not a buffer with format '%s'; columns have "
                     "functions of their own",
                     format);
        PyBuffer_Release(&text->view);
    } else {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Clear();
            PyObject *type = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
            if (type != NULL)
                PyErr_Format(PyExc_TypeError, "text must be str or bytes-like, not %U", type);
            Py_XDECREF(type);
        }
    }
    text->view.obj = NULL;
    return -1;
}
