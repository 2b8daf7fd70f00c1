/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_addrinfo.c - getaddrinfo and getnameinfo. */
#include "socket_common.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The member of an enum with this value, or the int where there is none. A new reference. */
static PyObject *member_of(PyObject *type, PyObject *members, int value) {
    PyObject *number = PyLong_FromLong(value);
    if (number == NULL)
        return NULL;
    PyObject *member = PyDict_GetItemWithError(members, number); /* borrowed */
    if (member != NULL || PyErr_Occurred()) {
        Py_XINCREF(member);
        Py_DECREF(number);
        return member;
    }
    member = PyObject_CallFunctionObjArgs(type, number, NULL);
    if (member == NULL && PyErr_ExceptionMatches(PyExc_ValueError)) {
        PyErr_Clear();
        Py_INCREF(number);
        member = number;
    }
    if (member != NULL && PyDict_SetItem(members, number, member) < 0)
        Py_CLEAR(member);
    Py_DECREF(number);
    return member;
}

/* (address, port) or (address, port, flowinfo, scope_id) */
static PyObject *address_tuple(const struct sockaddr *address) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        simdinet_inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        return Py_BuildValue("(si)", text, (int)simdinet_ntohs(in->sin_port));
    }
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
    simdinet_inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
    return Py_BuildValue("(siII)", text, (int)simdinet_ntohs(in6->sin6_port),
                         (unsigned)simdinet_ntohl(in6->sin6_flowinfo),
                         (unsigned)in6->sin6_scope_id);
}

static PyObject *result_list(module_state *state, const struct addrinfo *entry) {
    PyObject *list = PyList_New(0);
    for (; list != NULL && entry != NULL; entry = entry->ai_next) {
        PyObject *family = member_of(state->family_enum, state->family_members, entry->ai_family);
        PyObject *type = member_of(state->type_enum, state->type_members, entry->ai_socktype);
        PyObject *address = address_tuple(entry->ai_addr);
        PyObject *item = NULL;
        if (family != NULL && type != NULL && address != NULL)
            item = Py_BuildValue("(OOisO)", family, type, entry->ai_protocol,
                                 entry->ai_canonname == NULL ? "" : entry->ai_canonname, address);
        Py_XDECREF(family);
        Py_XDECREF(type);
        Py_XDECREF(address);
        if (item == NULL || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return list;
}

/* The text of a host: *text is NULL for None. *owner keeps it alive. */
static int convert_node(PyObject *host, PyObject **owner, const char **text) {
    *text = NULL;
    if (host == Py_None)
        return 0;
    if (PyUnicode_Check(host)) {
        Py_ssize_t len;
        const char *utf8 = PyUnicode_AsUTF8AndSize(host, &len);
        if (utf8 == NULL)
            PyErr_Clear(); /* a surrogate: the codec has the message */
        else if (is_plain_host(host, utf8, len)) {
            *text = utf8;
            return 0;
        }
        *owner = PyUnicode_AsEncodedString(host, "idna", NULL);
        if (*owner == NULL)
            return -1;
        *text = PyBytes_AsString(*owner);
        return *text == NULL ? -1 : 0;
    }
    if (PyBytes_Check(host)) {
        *text = PyBytes_AsString(host);
        return *text == NULL ? -1 : 0;
    }
    PyErr_SetString(PyExc_TypeError, "getaddrinfo() argument 1 must be string or None");
    return -1;
}

/* The same of a port, which may also be an int. */
static int convert_service(module_state *state, PyObject *port, PyObject **owner,
                           const char **text) {
    *text = NULL;
    if (port == Py_None)
        return 0;
    if (PyLong_CheckExact(port)) {
        /* Since 3.12 an int of any size is its decimal text. */
        if (state->minor < 12 && PyLong_AsLong(port) == -1 && PyErr_Occurred())
            return -1;
        *owner = PyObject_Str(port);
        if (*owner == NULL)
            return -1;
        *text = PyUnicode_AsUTF8AndSize(*owner, NULL);
        return *text == NULL ? -1 : 0;
    }
    if (PyUnicode_Check(port)) {
        *text = PyUnicode_AsUTF8AndSize(port, NULL);
        return *text == NULL ? -1 : 0;
    }
    if (PyBytes_Check(port)) {
        *text = PyBytes_AsString(port);
        return *text == NULL ? -1 : 0;
    }
    PyErr_SetString(PyExc_OSError, "Int or String expected");
    return -1;
}

static PyObject *socket_getaddrinfo(PyObject *module, PyObject *arguments) {
    module_state *state = state_of(module);
    PyObject *host, *port;
    struct addrinfo hints = {0};
    if (!PyArg_ParseTuple(arguments, "OO|iiii:getaddrinfo", &host, &port, &hints.ai_family,
                          &hints.ai_socktype, &hints.ai_protocol, &hints.ai_flags) ||
        load_socket(state) < 0)
        return NULL;
    PyObject *host_owner = NULL, *port_owner = NULL, *result = NULL;
    const char *node, *service;
    if (convert_node(host, &host_owner, &node) == 0 &&
        convert_service(state, port, &port_owner, &service) == 0 &&
        audit_event(state, "socket.getaddrinfo", "(OOiii)", host, port, hints.ai_family,
                    hints.ai_socktype, hints.ai_protocol) == 0) {
        struct addrinfo *list;
        int code, number;
        Py_BEGIN_ALLOW_THREADS
        code = simdinet_getaddrinfo(node, service, &hints, &list);
        number = errno;
        Py_END_ALLOW_THREADS
        if (code == 0) {
            result = result_list(state, list);
            simdinet_freeaddrinfo(list);
        } else {
            raise_gaierror(state, code, number);
        }
    }
    Py_XDECREF(host_owner);
    Py_XDECREF(port_owner);
    return result;
}

static PyObject *raise_flowinfo(void) {
    PyErr_SetString(PyExc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
    return NULL;
}

static PyObject *raise_nameinfo(module_state *state, const simdinet_error *error) {
    switch (error->status) {
    case SIMDINET_E_RANGE:
        return raise_flowinfo();
    case SIMDINET_E_SHAPE:
        PyErr_SetString(PyExc_OSError, "IPv4 sockaddr must be 2 tuple");
        return NULL;
    case SIMDINET_E_AMBIGUOUS:
        PyErr_SetString(PyExc_OSError, "sockaddr resolved to multiple addresses");
        return NULL;
    default:
        return raise_socket_error(state, error);
    }
}

static PyObject *socket_getnameinfo(PyObject *module, PyObject *arguments) {
    module_state *state = state_of(module);
    PyObject *address;
    int flags;
    if (!PyArg_ParseTuple(arguments, "Oi:getnameinfo", &address, &flags))
        return NULL;
    if (!PyTuple_Check(address)) {
        PyErr_SetString(PyExc_TypeError, "getnameinfo() argument 1 must be a tuple");
        return NULL;
    }
    const char *host;
    int port;
    unsigned flowinfo = 0, scope = 0;
    if (!PyArg_ParseTuple(address, "si|II;getnameinfo(): illegal sockaddr argument", &host, &port,
                          &flowinfo, &scope))
        return NULL;
    if (flowinfo > 0xfffff)
        return raise_flowinfo();
    if (audit_event(state, "socket.getnameinfo", "(O)", address) < 0)
        return NULL;
    char name[NI_MAXHOST], service[NI_MAXSERV];
    simdinet_error error;
    int status, items = (int)PyTuple_Size(address);
    Py_BEGIN_ALLOW_THREADS
    status = simdinet_getnameinfo_text(host, strlen(host), port, items, flowinfo, scope, flags,
                                       name, sizeof name, service, sizeof service, &error);
    Py_END_ALLOW_THREADS
    if (status != SIMDINET_OK)
        return raise_nameinfo(state, &error);
    PyObject *decoded = PyUnicode_DecodeFSDefault(name);
    return decoded == NULL ? NULL : Py_BuildValue("(Ns)", decoded, service);
}

PyDoc_STRVAR(
    getnameinfo_doc,
    "getnameinfo(sockaddr, flags, /)\n--\n\n"
    "(host, port), as text, of an address (host, port) or (host, port, flowinfo, scope_id).\n\n"
    "host must be numeric. flags are NI_*. Raises gaierror, OSError and OverflowError.\n\n"
    ">>> getnameinfo(('192.0.2.1', 80), 3)\n('192.0.2.1', '80')\n");

PyMethodDef socket_addrinfo_methods[] = {
    {"getaddrinfo", socket_getaddrinfo, METH_VARARGS, NULL},
    {"getnameinfo", socket_getnameinfo, METH_VARARGS, getnameinfo_doc},
    {NULL, NULL, 0, NULL},
};
