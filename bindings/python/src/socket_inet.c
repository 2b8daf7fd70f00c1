/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_inet.c - inet_aton, inet_ntoa, inet_pton and inet_ntop. */
#include "socket_common.h"

#include <errno.h>
#include <string.h>

static PyObject *socket_inet_aton(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *text;
    if (!PyArg_ParseTuple(arguments, "s:inet_aton", &text))
        return NULL;
    struct in_addr address;
    if (!simdinet_inet_aton(text, &address)) {
        PyErr_SetString(PyExc_OSError, "illegal IP address string passed to inet_aton");
        return NULL;
    }
    return PyBytes_FromStringAndSize((const char *)&address, sizeof address);
}

static PyObject *socket_inet_ntoa(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer packed;
    if (!PyArg_ParseTuple(arguments, "y*:inet_ntoa", &packed))
        return NULL;
    struct in_addr address;
    bool right = packed.len == (Py_ssize_t)sizeof address;
    if (right)
        memcpy(&address, packed.buf, sizeof address);
    PyBuffer_Release(&packed);
    if (!right) {
        PyErr_SetString(PyExc_OSError, "packed IP wrong length for inet_ntoa");
        return NULL;
    }
    char text[SIMDINET_IPV4_TEXT_SIZE];
    simdinet_inet_ntoa(address, text);
    return PyUnicode_FromString(text);
}

static PyObject *pton(int family, const char *text) {
    uint8_t address[16];
    int result = simdinet_inet_pton(family, text, address);
    if (result < 0)
        return raise_errno(errno);
    if (result == 0) {
        PyErr_SetString(PyExc_OSError, "illegal IP address string passed to inet_pton");
        return NULL;
    }
    return PyBytes_FromStringAndSize((const char *)address, family == AF_INET ? 4 : 16);
}

static PyObject *socket_inet_pton(PyObject *module, PyObject *const *values, Py_ssize_t n) {
    (void)module;
    /* The common case without a tuple: an int, and a str without a NUL. */
    if (n == 2 && PyLong_CheckExact(values[0]) && PyUnicode_Check(values[1])) {
        long family = PyLong_AsLong(values[0]);
        Py_ssize_t len;
        const char *text = PyUnicode_AsUTF8AndSize(values[1], &len);
        if (text != NULL && family >= 0 && family <= 255 && strlen(text) == (size_t)len)
            return pton((int)family, text);
        PyErr_Clear();
    }
    PyObject *arguments = PyTuple_New(n);
    if (arguments == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_INCREF(values[i]);
        PyTuple_SetItem(arguments, i, values[i]);
    }
    int family;
    const char *text;
    PyObject *result = NULL;
    if (PyArg_ParseTuple(arguments, "is:inet_pton", &family, &text))
        result = pton(family, text);
    Py_DECREF(arguments);
    return result;
}

static PyObject *socket_inet_ntop(PyObject *module, PyObject *arguments) {
    (void)module;
    int family;
    Py_buffer packed;
    if (!PyArg_ParseTuple(arguments, "iy*:inet_ntop", &family, &packed))
        return NULL;
    PyObject *result = NULL;
    char text[SIMDINET_IPV6_TEXT_SIZE];
    if (family != AF_INET && family != AF_INET6)
        PyErr_Format(PyExc_ValueError, "unknown address family %d", family);
    else if (packed.len != (family == AF_INET ? 4 : 16))
        PyErr_SetString(PyExc_ValueError, "invalid length of packed IP address string");
    else
        result = PyUnicode_FromString(simdinet_inet_ntop(family, packed.buf, text, sizeof text));
    PyBuffer_Release(&packed);
    return result;
}

PyDoc_STRVAR(
    aton_doc,
    "inet_aton(ip_addr, /)\n--\n\n"
    "Converts an IPv4 address in one to four numbers, each decimal, octal or hexadecimal, to\n"
    "4 bytes in network order.\n\n"
    "Raises OSError if the text is not an address, ValueError if it contains a NUL.\n\n"
    ">>> inet_aton('127.1')\nb'\\x7f\\x00\\x00\\x01'\n");
PyDoc_STRVAR(ntoa_doc, "inet_ntoa(packed_ip, /)\n--\n\n"
                       "Converts 4 bytes in network order to an IPv4 address in dotted decimal.\n\n"
                       "Raises OSError for any other number of bytes.\n\n"
                       ">>> inet_ntoa(b'\\x7f\\x00\\x00\\x01')\n'127.0.0.1'\n");
PyDoc_STRVAR(
    pton_doc,
    "inet_pton(address_family, ip_string, /)\n--\n\n"
    "Converts an address of family AF_INET or AF_INET6 to 4 or 16 bytes in network order.\n\n"
    "Raises OSError if the text is not an address, or for another family (errno\n"
    "EAFNOSUPPORT); ValueError if the text contains a NUL.\n\n"
    ">>> inet_pton(10, '2001:db8::1').hex()\n'20010db8000000000000000000000001'\n");
PyDoc_STRVAR(ntop_doc, "inet_ntop(address_family, packed_ip, /)\n--\n\n"
                       "Converts 4 (AF_INET) or 16 (AF_INET6) bytes in network order to text.\n\n"
                       "Raises ValueError for another family or another number of bytes.\n\n"
                       ">>> inet_ntop(10, bytes(15) + b'\\x01')\n'::1'\n");

PyMethodDef socket_inet_methods[] = {
    {"inet_aton", socket_inet_aton, METH_VARARGS, aton_doc},
    {"inet_ntoa", socket_inet_ntoa, METH_VARARGS, ntoa_doc},
    {"inet_pton", (PyCFunction)(void (*)(void))socket_inet_pton, METH_FASTCALL, pton_doc},
    {"inet_ntop", socket_inet_ntop, METH_VARARGS, ntop_doc},
    {NULL, NULL, 0, NULL},
};
