/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_hosts.c - gethostbyname, gethostbyname_ex, gethostbyaddr, gethostname and sethostname. */
#include "socket_common.h"

#include <errno.h>

static PyObject *socket_gethostbyname(PyObject *module, PyObject *argument) {
    module_state *state = state_of(module);
    host_name host;
    if (convert_host(argument, "et:gethostbyname", &host) < 0)
        return NULL;
    PyObject *result = NULL;
    if (audit_event(state, "socket.gethostbyname", "(O)", argument) == 0) {
        char text[SIMDINET_IPV4_TEXT_SIZE];
        simdinet_error error;
        int status;
        Py_BEGIN_ALLOW_THREADS
        status = simdinet_gethostbyname(host.text, host.len, text, &error);
        Py_END_ALLOW_THREADS
        result =
            status == SIMDINET_OK ? PyUnicode_FromString(text) : raise_socket_error(state, &error);
    }
    release_host(&host);
    return result;
}

/* (name, aliases, addresses) */
static PyObject *host_tuple(const simdinet_hostent *host) {
    PyObject *aliases = PyList_New(0);
    PyObject *addresses = PyList_New(0);
    if (aliases == NULL || addresses == NULL)
        goto fail;
    for (size_t i = 0; i < host->naliases; i++) {
        PyObject *alias = PyUnicode_DecodeFSDefault(host->aliases[i]);
        int failed = alias == NULL ? -1 : PyList_Append(aliases, alias);
        Py_XDECREF(alias);
        if (failed < 0)
            goto fail;
    }
    for (size_t i = 0; i < host->naddrs; i++) {
        char text[SIMDINET_IPV6_TEXT_SIZE];
        simdinet_inet_ntop(host->family, host->addrs[i], text, sizeof text);
        PyObject *address = PyUnicode_FromString(text);
        int failed = address == NULL ? -1 : PyList_Append(addresses, address);
        Py_XDECREF(address);
        if (failed < 0)
            goto fail;
    }
    PyObject *name = PyUnicode_DecodeFSDefault(host->name);
    if (name == NULL)
        goto fail;
    return Py_BuildValue("(NNN)", name, aliases, addresses);
fail:
    Py_XDECREF(aliases);
    Py_XDECREF(addresses);
    return NULL;
}

static PyObject *
look_up_host(PyObject *module, PyObject *argument, const char *format, const char *event,
             int (*look_up)(const char *, size_t, simdinet_hostent **, simdinet_error *)) {
    module_state *state = state_of(module);
    host_name host;
    if (convert_host(argument, format, &host) < 0)
        return NULL;
    PyObject *result = NULL;
    if (audit_event(state, event, "(O)", argument) == 0) {
        simdinet_hostent *found;
        simdinet_error error;
        int status;
        Py_BEGIN_ALLOW_THREADS
        status = look_up(host.text, host.len, &found, &error);
        Py_END_ALLOW_THREADS
        if (status == SIMDINET_OK) {
            result = host_tuple(found);
            simdinet_free(found);
        } else {
            raise_socket_error(state, &error);
        }
    }
    release_host(&host);
    return result;
}

static PyObject *socket_gethostbyname_ex(PyObject *module, PyObject *argument) {
    return look_up_host(module, argument, "et:gethostbyname_ex", "socket.gethostbyname",
                        simdinet_gethostbyname_ex);
}

static PyObject *socket_gethostbyaddr(PyObject *module, PyObject *argument) {
    return look_up_host(module, argument, "et:gethostbyaddr", "socket.gethostbyaddr",
                        simdinet_gethostbyaddr);
}

static PyObject *socket_gethostname(PyObject *module, PyObject *unused) {
    (void)unused;
    if (audit_event(state_of(module), "socket.gethostname", "()") < 0)
        return NULL;
    char name[1025];
    int failed, number;
    Py_BEGIN_ALLOW_THREADS
    failed = simdinet_gethostname(name, sizeof name);
    number = errno;
    Py_END_ALLOW_THREADS
    if (failed != 0)
        return raise_errno(number);
    name[sizeof name - 1] = '\0';
    return PyUnicode_DecodeFSDefault(name);
}

static PyObject *socket_sethostname(PyObject *module, PyObject *arguments) {
    PyObject *name; /* bytes may hold a NUL, str may not */
    if (!PyArg_ParseTuple(arguments, "S:sethostname", &name)) {
        PyErr_Clear();
        if (!PyArg_ParseTuple(arguments, "O&:sethostname", PyUnicode_FSConverter, &name))
            return NULL;
    } else {
        Py_INCREF(name);
    }
    PyObject *result = NULL;
    char *bytes;
    Py_ssize_t len;
    if (audit_event(state_of(module), "socket.sethostname", "(O)", name) == 0 &&
        PyBytes_AsStringAndSize(name, &bytes, &len) == 0) {
        int failed, number;
        Py_BEGIN_ALLOW_THREADS
        failed = simdinet_sethostname(bytes, (size_t)len);
        number = errno;
        Py_END_ALLOW_THREADS
        result = failed != 0 ? raise_errno(number) : Py_BuildValue("");
    }
    Py_DECREF(name);
    return result;
}

PyDoc_STRVAR(gethostbyname_doc,
             "gethostbyname(host, /)\n--\n\n"
             "The IPv4 address of a host, as text.\n\n"
             "host is str, encoded with the codec idna, or bytes or bytearray. Raises gaierror.\n\n"
             ">>> gethostbyname('127.1')\n'127.0.0.1'\n");
PyDoc_STRVAR(
    gethostbyname_ex_doc,
    "gethostbyname_ex(host, /)\n--\n\n"
    "(name, aliases, addresses): the canonical name of a host, the list of its other names\n"
    "and the list of its IPv4 addresses.\n\n"
    "Raises gaierror if host is not known, and herror if only the second lookup fails.\n\n"
    ">>> gethostbyname_ex('192.0.2.1')\n('192.0.2.1', [], ['192.0.2.1'])\n");
PyDoc_STRVAR(
    gethostbyaddr_doc,
    "gethostbyaddr(host, /)\n--\n\n"
    "(name, aliases, addresses) of the host with an IPv4 or IPv6 address.\n\n"
    "Raises herror if the address has no name, gaierror if host is a name that is not known.\n");
PyDoc_STRVAR(gethostname_doc, "gethostname()\n--\n\nThe name of this host.\n");
PyDoc_STRVAR(sethostname_doc,
             "sethostname(name, /)\n--\n\n"
             "Sets the name of this host, str or bytes.\n\n"
             "Raises PermissionError without CAP_SYS_ADMIN, OSError (EINVAL) above 64 bytes.\n");

PyMethodDef socket_hosts_methods[] = {
    {"gethostbyname", socket_gethostbyname, METH_O, gethostbyname_doc},
    {"gethostbyname_ex", socket_gethostbyname_ex, METH_O, gethostbyname_ex_doc},
    {"gethostbyaddr", socket_gethostbyaddr, METH_O, gethostbyaddr_doc},
    {"gethostname", socket_gethostname, METH_NOARGS, gethostname_doc},
    {"sethostname", socket_sethostname, METH_VARARGS, sethostname_doc},
    {NULL, NULL, 0, NULL},
};
