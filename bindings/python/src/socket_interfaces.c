/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* socket_interfaces.c - if_nameindex, if_nametoindex and if_indextoname. */
#include "socket_common.h"

#include <errno.h>

static PyObject *socket_if_nameindex(PyObject *module, PyObject *unused) {
    (void)module;
    (void)unused;
    struct if_nameindex *interfaces;
    int number;
    Py_BEGIN_ALLOW_THREADS
    interfaces = simdinet_if_nameindex();
    number = errno;
    Py_END_ALLOW_THREADS
    if (interfaces == NULL)
        return raise_errno(number);
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && interfaces[i].if_name != NULL; i++) {
        PyObject *item = Py_BuildValue("(IN)", interfaces[i].if_index,
                                       PyUnicode_DecodeFSDefault(interfaces[i].if_name));
        if (item == NULL || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
    simdinet_if_freenameindex(interfaces);
    return list;
}

static PyObject *socket_if_nametoindex(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *name;
    if (!PyArg_ParseTuple(arguments, "O&:if_nametoindex", PyUnicode_FSConverter, &name))
        return NULL;
    const char *text = PyBytes_AsString(name);
    unsigned index = 0;
    if (text != NULL) {
        Py_BEGIN_ALLOW_THREADS
        index = simdinet_if_nametoindex(text);
        Py_END_ALLOW_THREADS
    }
    Py_DECREF(name);
    if (index != 0)
        return PyLong_FromUnsignedLong(index);
    if (text != NULL)
        PyErr_SetString(PyExc_OSError, "no interface with this name");
    return NULL;
}

static PyObject *socket_if_indextoname(PyObject *module, PyObject *argument) {
    module_state *state = state_of(module);
    unsigned long index = PyLong_AsUnsignedLong(argument);
    if (index == (unsigned long)-1 && PyErr_Occurred())
        return NULL;
    /* Earlier versions use the low 32 bits. */
    if (state->minor >= 13 && index > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C unsigned int");
        return NULL;
    }
    char name[IF_NAMESIZE];
    const char *found;
    int number;
    Py_BEGIN_ALLOW_THREADS
    found = simdinet_if_indextoname((unsigned)index, name);
    number = errno;
    Py_END_ALLOW_THREADS
    return found == NULL ? raise_errno(number) : PyUnicode_DecodeFSDefault(name);
}

PyDoc_STRVAR(nameindex_doc, "if_nameindex()\n--\n\n"
                            "A list of (index, name), one for each network interface.\n");
PyDoc_STRVAR(nametoindex_doc, "if_nametoindex(if_name, /)\n--\n\n"
                              "The index of the network interface with a name, str or bytes.\n\n"
                              "Raises OSError if there is none.\n");
PyDoc_STRVAR(indextoname_doc, "if_indextoname(if_index, /)\n--\n\n"
                              "The name of the network interface with an index.\n\n"
                              "Raises OSError (ENXIO) if there is none.\n");

PyMethodDef socket_interfaces_methods[] = {
    {"if_nameindex", socket_if_nameindex, METH_NOARGS, nameindex_doc},
    {"if_nametoindex", socket_if_nametoindex, METH_VARARGS, nametoindex_doc},
    {"if_indextoname", socket_if_indextoname, METH_O, indextoname_doc},
    {NULL, NULL, 0, NULL},
};
