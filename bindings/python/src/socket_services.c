/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_services.c - getservbyname, getservbyport and getprotobyname. */
#include "socket_common.h"

#include <string.h>

static PyObject *raise_not_found(module_state *state, const simdinet_error *error,
                                 const char *message) {
    if (error->status != SIMDINET_E_NOTFOUND)
        return raise_socket_error(state, error);
    PyErr_SetString(PyExc_OSError, message);
    return NULL;
}

static PyObject *socket_getservbyname(PyObject *module, PyObject *arguments) {
    module_state *state = state_of(module);
    const char *name, *protocol = NULL;
    if (!PyArg_ParseTuple(arguments, "s|s:getservbyname", &name, &protocol) ||
        audit_event(state, "socket.getservbyname", "(ss)", name, protocol) < 0)
        return NULL;
    uint16_t port;
    simdinet_error error;
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = simdinet_getservbyname(name, SIMDINET_ZSTR, protocol, SIMDINET_ZSTR, &port, &error);
    Py_END_ALLOW_THREADS
    if (status != SIMDINET_OK)
        return raise_not_found(state, &error, "service/proto not found");
    return PyLong_FromLong(port);
}

static PyObject *socket_getservbyport(PyObject *module, PyObject *arguments) {
    module_state *state = state_of(module);
    int port;
    const char *protocol = NULL;
    if (!PyArg_ParseTuple(arguments, "i|s:getservbyport", &port, &protocol))
        return NULL;
    if (port < 0 || port > 0xffff) {
        PyErr_SetString(PyExc_OverflowError, "getservbyport: port must be 0-65535.");
        return NULL;
    }
    if (audit_event(state, "socket.getservbyport", "(is)", port, protocol) < 0)
        return NULL;
    /* A name of a file of services is as long as its line: grow once to what is needed. */
    char small[1024];
    char *buffer = small;
    size_t len, size = sizeof small;
    PyObject *result = NULL;
    for (;;) {
        simdinet_error error;
        int status;
        Py_BEGIN_ALLOW_THREADS
        status = simdinet_getservbyport(port, protocol, SIMDINET_ZSTR, buffer, size, &len, &error);
        Py_END_ALLOW_THREADS
        if (status == SIMDINET_OK) {
            result = PyUnicode_DecodeUTF8(buffer, (Py_ssize_t)len, NULL);
            break;
        }
        if (status != SIMDINET_E_NOSPACE) {
            raise_not_found(state, &error, "port/proto not found");
            break;
        }
        if (buffer != small)
            PyMem_Free(buffer);
        size = error.needed;
        buffer = PyMem_Malloc(size);
        if (buffer == NULL)
            return PyErr_NoMemory();
    }
    if (buffer != small)
        PyMem_Free(buffer);
    return result;
}

static PyObject *socket_getprotobyname(PyObject *module, PyObject *arguments) {
    const char *name;
    if (!PyArg_ParseTuple(arguments, "s:getprotobyname", &name))
        return NULL;
    int number, status;
    simdinet_error error;
    Py_BEGIN_ALLOW_THREADS
    status = simdinet_getprotobyname(name, SIMDINET_ZSTR, &number, &error);
    Py_END_ALLOW_THREADS
    if (status != SIMDINET_OK)
        return raise_not_found(state_of(module), &error, "protocol not found");
    return PyLong_FromLong(number);
}

PyDoc_STRVAR(getservbyname_doc,
             "getservbyname(servicename[, protocolname])\n\n"
             "The port of a service; protocolname, 'tcp' or 'udp', restricts the lookup.\n\n"
             "Raises OSError if there is no such service.\n");
PyDoc_STRVAR(
    getservbyport_doc,
    "getservbyport(port[, protocolname])\n\n"
    "The name of the service at a port; protocolname, 'tcp' or 'udp', restricts the lookup.\n\n"
    "Raises OSError if there is none, OverflowError if port is not 0 to 65535.\n");
PyDoc_STRVAR(getprotobyname_doc, "getprotobyname(protocolname, /)\n--\n\n"
                                 "The number of a protocol.\n\n"
                                 "Raises OSError if there is no such protocol.\n");

PyMethodDef socket_services_methods[] = {
    {"getservbyname", socket_getservbyname, METH_VARARGS, getservbyname_doc},
    {"getservbyport", socket_getservbyport, METH_VARARGS, getservbyport_doc},
    {"getprotobyname", socket_getprotobyname, METH_VARARGS, getprotobyname_doc},
    {NULL, NULL, 0, NULL},
};
