/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_byteorder.c - htons, htonl, ntohs, ntohl, CMSG_LEN and CMSG_SPACE. */
#include "socket_common.h"

/* Converts as the format "i" of PyArg_ParseTuple. Returns 0, or -1 with an exception. */
static int convert_int(PyObject *object, int *value) {
    PyObject *arguments = PyTuple_Pack(1, object);
    if (arguments == NULL)
        return -1;
    int parsed = PyArg_ParseTuple(arguments, "i", value);
    Py_DECREF(arguments);
    return parsed ? 0 : -1;
}

static PyObject *swap16(PyObject *object, const char *name, int (*swap)(int64_t, int, uint16_t *)) {
    int value;
    if (convert_int(object, &value) < 0)
        return NULL;
    uint16_t swapped;
    if (swap(value, 0, &swapped) == SIMDINET_OK)
        return PyLong_FromLong(swapped);
    if (value < 0)
        PyErr_Format(PyExc_OverflowError,
                     "%s: can't convert negative Python int to C 16-bit unsigned integer", name);
    else
        PyErr_Format(PyExc_OverflowError,
                     "%s: Python int too large to convert to C 16-bit unsigned integer", name);
    return NULL;
}

static PyObject *socket_htons(PyObject *module, PyObject *object) {
    (void)module;
    return swap16(object, "htons", simdinet_htons_checked);
}

static PyObject *socket_ntohs(PyObject *module, PyObject *object) {
    (void)module;
    return swap16(object, "ntohs", simdinet_ntohs_checked);
}

static PyObject *swap32(PyObject *object, int (*swap)(int64_t, int, uint32_t *)) {
    if (!PyLong_Check(object)) {
        PyObject *type = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
        if (type != NULL)
            PyErr_Format(PyExc_TypeError, "expected int, %U found", type);
        Py_XDECREF(type);
        return NULL;
    }
    unsigned long value = PyLong_AsUnsignedLong(object);
    if (value == (unsigned long)-1 && PyErr_Occurred())
        return NULL;
    uint32_t swapped;
    if (value > UINT32_MAX || swap((int64_t)value, 0, &swapped) != SIMDINET_OK) {
        PyErr_SetString(PyExc_OverflowError, "int larger than 32 bits");
        return NULL;
    }
    return PyLong_FromUnsignedLong(swapped);
}

static PyObject *socket_htonl(PyObject *module, PyObject *object) {
    (void)module;
    return swap32(object, simdinet_htonl_checked);
}

static PyObject *socket_ntohl(PyObject *module, PyObject *object) {
    (void)module;
    return swap32(object, simdinet_ntohl_checked);
}

static PyObject *control_size(PyObject *arguments, const char *format,
                              int (*size_of)(int64_t, size_t *), const char *message) {
    Py_ssize_t data;
    if (!PyArg_ParseTuple(arguments, format, &data))
        return NULL;
    size_t size;
    if (size_of(data, &size) != SIMDINET_OK) {
        PyErr_SetString(PyExc_OverflowError, message);
        return NULL;
    }
    return PyLong_FromSize_t(size);
}

static PyObject *socket_cmsg_len(PyObject *module, PyObject *arguments) {
    (void)module;
    return control_size(arguments, "n:CMSG_LEN", simdinet_cmsg_len,
                        "CMSG_LEN() argument out of range");
}

static PyObject *socket_cmsg_space(PyObject *module, PyObject *arguments) {
    (void)module;
    return control_size(arguments, "n:CMSG_SPACE", simdinet_cmsg_space,
                        "CMSG_SPACE() argument out of range");
}

PyDoc_STRVAR(htons_doc, "htons(x, /)\n--\n\n"
                        "Converts a 16-bit unsigned integer from host to network byte order.\n\n"
                        "Raises OverflowError if x is negative or above 65535.\n\n"
                        ">>> ntohs(htons(80))\n80\n");
PyDoc_STRVAR(ntohs_doc, "ntohs(x, /)\n--\n\n"
                        "Converts a 16-bit unsigned integer from network to host byte order.\n\n"
                        "Raises OverflowError if x is negative or above 65535.\n");
PyDoc_STRVAR(htonl_doc, "htonl(x, /)\n--\n\n"
                        "Converts a 32-bit unsigned integer from host to network byte order.\n\n"
                        "Raises OverflowError if x is negative or above 4294967295.\n\n"
                        ">>> ntohl(htonl(1))\n1\n");
PyDoc_STRVAR(ntohl_doc, "ntohl(x, /)\n--\n\n"
                        "Converts a 32-bit unsigned integer from network to host byte order.\n\n"
                        "Raises OverflowError if x is negative or above 4294967295.\n");
PyDoc_STRVAR(
    cmsg_len_doc,
    "CMSG_LEN(length, /)\n--\n\n"
    "The size in bytes of a control message with length bytes of data, without padding.\n\n"
    "Raises OverflowError if length is out of range.\n");
PyDoc_STRVAR(cmsg_space_doc,
             "CMSG_SPACE(length, /)\n--\n\n"
             "The size in bytes of a control message with length bytes of data and padding.\n\n"
             "Raises OverflowError if length is out of range.\n");

PyMethodDef socket_byteorder_methods[] = {
    {"htons", socket_htons, METH_O, htons_doc},
    {"ntohs", socket_ntohs, METH_O, ntohs_doc},
    {"htonl", socket_htonl, METH_O, htonl_doc},
    {"ntohl", socket_ntohl, METH_O, ntohl_doc},
    {"CMSG_LEN", socket_cmsg_len, METH_VARARGS, cmsg_len_doc},
    {"CMSG_SPACE", socket_cmsg_space, METH_VARARGS, cmsg_space_doc},
    {NULL, NULL, 0, NULL},
};
