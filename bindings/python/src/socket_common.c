/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_common.c - errors, names and audit events of the socket functions. */
#include "socket_common.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static int load_attribute(PyObject **slot, PyObject *module, const char *name) {
    return fill_slot(slot, PyObject_GetAttrString(module, name)) == NULL ? -1 : 0;
}

int load_socket(module_state *state) {
    if (load_slot(&state->socket) != NULL)
        return 0;
    PyObject *socket = PyImport_ImportModule("socket");
    PyObject *core = PyImport_ImportModule("_socket");
    int failed = -1;
    if (socket != NULL && core != NULL &&
        load_attribute(&state->gaierror, socket, "gaierror") == 0 &&
        load_attribute(&state->herror, socket, "herror") == 0 &&
        load_attribute(&state->family_enum, socket, "AddressFamily") == 0 &&
        load_attribute(&state->type_enum, socket, "SocketKind") == 0 &&
        load_attribute(&state->set_timeout, core, "setdefaulttimeout") == 0)
        failed = 0;
    if (failed == 0 && (fill_slot(&state->family_members, PyDict_New()) == NULL ||
                        fill_slot(&state->type_members, PyDict_New()) == NULL))
        failed = -1;
    if (failed == 0) {
        Py_INCREF(socket);
        fill_slot(&state->socket, socket); /* last: the other slots are filled where it is */
    }
    Py_XDECREF(socket);
    Py_XDECREF(core);
    return failed;
}

PyObject *raise_errno(int number) {
    errno = number;
    return PyErr_SetFromErrno(PyExc_OSError);
}

static PyObject *raise_numbered(PyObject *type, int number, const char *message) {
    PyObject *value = Py_BuildValue("(is)", number, message);
    if (value != NULL) {
        PyErr_SetObject(type, value);
        Py_DECREF(value);
    }
    return NULL;
}

PyObject *raise_gaierror(module_state *state, int code, int system_error) {
    if (code == EAI_SYSTEM)
        return raise_errno(system_error);
    if (load_socket(state) < 0)
        return NULL;
    return raise_numbered(state->gaierror, code, gai_strerror(code));
}

PyObject *raise_socket_error(module_state *state, const simdinet_error *error) {
    switch (error->status) {
    case SIMDINET_E_GAI:
        return raise_gaierror(state, error->detail, error->sys_errno);
    case SIMDINET_E_HERR:
        if (load_socket(state) < 0)
            return NULL;
        return raise_numbered(state->herror, error->detail, hstrerror(error->detail));
    case SIMDINET_E_ERRNO:
        return raise_errno(error->sys_errno);
    case SIMDINET_E_NOMEM:
        return PyErr_NoMemory();
    case SIMDINET_E_AMBIGUOUS:
        PyErr_SetString(PyExc_OSError, "wildcard resolved to multiple address");
        return NULL;
    default: {
        char message[256];
        simdinet_strerror(error, message, sizeof message);
        PyErr_SetString(PyExc_OSError, message);
        return NULL;
    }
    }
}

int audit_event(module_state *state, const char *event, const char *format, ...) {
    PyObject *audit = load_slot(&state->audit);
    if (audit == NULL) {
        audit = PySys_GetObject("audit"); /* borrowed */
        if (audit == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "lost sys.audit");
            return -1;
        }
        Py_INCREF(audit);
        audit = fill_slot(&state->audit, audit);
    }
    va_list values;
    va_start(values, format);
    PyObject *arguments = Py_VaBuildValue(format, values);
    va_end(values);
    PyObject *name = PyUnicode_FromString(event);
    PyObject *event_tuple = name == NULL ? NULL : PyTuple_Pack(1, name);
    PyObject *all = NULL;
    if (arguments != NULL && event_tuple != NULL)
        all = PySequence_Concat(event_tuple, arguments);
    PyObject *done = all == NULL ? NULL : PyObject_CallObject(audit, all);
    Py_XDECREF(arguments);
    Py_XDECREF(name);
    Py_XDECREF(event_tuple);
    Py_XDECREF(all);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

bool is_plain_host(PyObject *string, const char *text, Py_ssize_t len) {
    if (PyUnicode_GetLength(string) != len)
        return false; /* not ASCII */
    Py_ssize_t label = 0;
    for (Py_ssize_t i = 0; i < len; i++) {
        if (text[i] == '\0')
            return false;
        if (text[i] != '.') {
            label++;
            continue;
        }
        if (label == 0 || label > 63)
            return false;
        label = 0;
    }
    return label <= 63;
}

int convert_host(PyObject *argument, const char *format, host_name *host) {
    *host = (host_name){0};
    if (PyUnicode_Check(argument)) {
        Py_ssize_t len;
        const char *text = PyUnicode_AsUTF8AndSize(argument, &len);
        if (text == NULL)
            PyErr_Clear(); /* a surrogate: the codec has the message */
        else if (is_plain_host(argument, text, len)) {
            Py_INCREF(argument);
            host->owner = argument;
            host->text = text;
            host->len = (size_t)len;
            return 0;
        }
    }
    PyObject *arguments = PyTuple_Pack(1, argument);
    if (arguments == NULL)
        return -1;
    int parsed = PyArg_ParseTuple(arguments, format, "idna", &host->encoded);
    Py_DECREF(arguments);
    if (!parsed)
        return -1;
    host->text = host->encoded;
    host->len = strlen(host->encoded);
    return 0;
}

void release_host(host_name *host) {
    PyMem_Free(host->encoded);
    Py_XDECREF(host->owner);
}
