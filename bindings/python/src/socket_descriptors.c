/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_descriptors.c - close, getdefaulttimeout and setdefaulttimeout. */
#include "socket_common.h"

#include <errno.h>
#include <limits.h>
#include <math.h>

static PyObject *socket_close(PyObject *module, PyObject *argument) {
    long descriptor = PyLong_AsLong(argument);
    if (descriptor == -1 && PyErr_Occurred())
        return NULL;
    /* CPython truncates to int and closes another descriptor. */
    if (descriptor < INT_MIN || descriptor > INT_MAX)
        return raise_errno(EBADF);
    simdinet_error error;
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = simdinet_close((int)descriptor, &error);
    Py_END_ALLOW_THREADS
    return status == SIMDINET_OK ? Py_BuildValue("") : raise_socket_error(state_of(module), &error);
}

static PyObject *socket_getdefaulttimeout(PyObject *module, PyObject *unused) {
    (void)module;
    (void)unused;
    double seconds;
    return simdinet_getdefaulttimeout(&seconds) ? PyFloat_FromDouble(seconds) : Py_BuildValue("");
}

/* The seconds of a float or an int; CPython's conversion of an int fails above 64 bits. */
static int convert_seconds(PyObject *argument, double *seconds) {
    if (PyFloat_Check(argument)) {
        *seconds = PyFloat_AsDouble(argument);
        if (isnan(*seconds)) {
            PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
            return -1;
        }
        return 0;
    }
    long long whole = PyLong_AsLongLong(argument);
    if (whole == -1 && PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError))
            PyErr_SetString(PyExc_OverflowError, "timestamp too large to convert to C _PyTime_t");
        return -1;
    }
    *seconds = (double)whole;
    return 0;
}

static PyObject *socket_setdefaulttimeout(PyObject *module, PyObject *argument) {
    module_state *state = state_of(module);
    if (load_socket(state) < 0)
        return NULL;
    if (argument == Py_None) {
        simdinet_setdefaulttimeout_none();
    } else {
        double seconds;
        if (convert_seconds(argument, &seconds) < 0)
            return NULL;
        simdinet_error error;
        int status = simdinet_setdefaulttimeout(seconds, &error);
        if (status == SIMDINET_E_RANGE) {
            PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
            return NULL;
        }
        if (status != SIMDINET_OK) {
            PyErr_SetString(PyExc_ValueError, "Timeout value out of range");
            return NULL;
        }
    }
    /* Sockets of Python's class take their timeout from the module _socket. */
    return PyObject_CallFunctionObjArgs(state->set_timeout, argument, NULL);
}

PyDoc_STRVAR(close_doc, "close(fd, /)\n--\n\n"
                        "Closes the descriptor of a socket.\n\n"
                        "Raises OSError; ECONNRESET is success.\n");
PyDoc_STRVAR(getdefaulttimeout_doc,
             "getdefaulttimeout()\n--\n\n"
             "The default timeout of new sockets in seconds, a float, or None.\n");
PyDoc_STRVAR(
    setdefaulttimeout_doc,
    "setdefaulttimeout(timeout, /)\n--\n\n"
    "Sets the default timeout of new sockets, socket.socket's too, in seconds; None is none.\n\n"
    "Raises ValueError for negative values and NaN, OverflowError above 9223372036 seconds.\n\n"
    ">>> setdefaulttimeout(1.5)\n>>> getdefaulttimeout()\n1.5\n>>> setdefaulttimeout(None)\n");

PyMethodDef socket_descriptors_methods[] = {
    {"close", socket_close, METH_O, close_doc},
    {"getdefaulttimeout", socket_getdefaulttimeout, METH_NOARGS, getdefaulttimeout_doc},
    {"setdefaulttimeout", socket_setdefaulttimeout, METH_O, setdefaulttimeout_doc},
    {NULL, NULL, 0, NULL},
};
