/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_swap.c - htons_array, htonl_array, htonll_array and their inverses. */
#include "array.h"
#include "simdinet.h"

static PyObject *swap_buffer(PyObject *module, PyObject *object, const column_type *type,
                             void (*swap)(void *, const void *, size_t)) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    PyObject *array = NULL;
    if (view.len % (Py_ssize_t)type->width != 0) {
        PyErr_Format(PyExc_ValueError, "the buffer has %zd bytes, not a multiple of %zu", view.len,
                     type->width);
    } else {
        size_t n = (size_t)view.len / type->width;
        column *out = column_new(type, n);
        chunk_list list = {0};
        if (out == NULL || !column_allocate(out, 1, (size_t)view.len)) {
            column_release(out);
            PyErr_NoMemory();
        } else {
            Py_BEGIN_ALLOW_THREADS
            swap(out->buffers[1], view.buf, n);
            Py_END_ALLOW_THREADS
            array = append_chunk(&list, out) ? new_array(state_of(module), type, &list)
                                             : PyErr_NoMemory();
        }
    }
    PyBuffer_Release(&view);
    return array;
}

#define SWAP_FUNCTION(name, type)                                                                  \
    static PyObject *column_##name(PyObject *module, PyObject *object) {                           \
        return swap_buffer(module, object, &(type), simdinet_##name##_array);                      \
    }
SWAP_FUNCTION(htons, type_uint16)
SWAP_FUNCTION(htonl, type_uint32)
SWAP_FUNCTION(htonll, type_uint64)
SWAP_FUNCTION(ntohs, type_uint16)
SWAP_FUNCTION(ntohl, type_uint32)
SWAP_FUNCTION(ntohll, type_uint64)

#define SWAP_DOC(name, bits, from, to)                                                             \
    name "_array(buffer, /)\n--\n\n"                                                               \
         "The " bits "-bit unsigned integers of a contiguous buffer, from " from " to " to         \
         " byte order: an Array.\n\nRaises ValueError if the bytes are not a whole number of "     \
         "them.\n\n"
PyDoc_STRVAR(htons_doc, SWAP_DOC("htons", "16", "host", "network"));
PyDoc_STRVAR(htonl_doc, SWAP_DOC("htonl", "32", "host",
                                 "network") ">>> "
                                            "bytes(memoryview(simdinet.htonl_array(memoryview("
                                            "simdinet.ntohl_array(b'1234')))))\n"
                                            "b'1234'\n");
PyDoc_STRVAR(htonll_doc, SWAP_DOC("htonll", "64", "host", "network"));
PyDoc_STRVAR(ntohs_doc, SWAP_DOC("ntohs", "16", "network", "host"));
PyDoc_STRVAR(ntohl_doc, SWAP_DOC("ntohl", "32", "network", "host"));
PyDoc_STRVAR(ntohll_doc, SWAP_DOC("ntohll", "64", "network", "host"));

PyMethodDef columns_swap_methods[] = {
    {"htons_array", column_htons, METH_O, htons_doc},
    {"htonl_array", column_htonl, METH_O, htonl_doc},
    {"htonll_array", column_htonll, METH_O, htonll_doc},
    {"ntohs_array", column_ntohs, METH_O, ntohs_doc},
    {"ntohl_array", column_ntohl, METH_O, ntohl_doc},
    {"ntohll_array", column_ntohll, METH_O, ntohll_doc},
    {NULL, NULL, 0, NULL},
};
