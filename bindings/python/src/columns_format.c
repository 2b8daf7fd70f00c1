/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_format.c - format, of one address or of a column. */
#include "addresses.h"
#include "gather.h"
#include "scalar.h"
#include "simdinet.h"

#include <stdlib.h>
#include <string.h>

/* Offsets of text have 32 bits: 39 bytes for each address of this many always fit. Longer chunks become several. */
#define MAX_ADDRESSES ((size_t)1 << 25)

static column *format_addresses(const addresses *a, void *context) {
    (void)context;
    if (a->n > MAX_ADDRESSES) {
        PyErr_Format(PyExc_ValueError,
                     "a dictionary of %zu addresses is too long to format; the limit is %zu", a->n,
                     MAX_ADDRESSES);
        return NULL;
    }
    column *out = column_new(&type_text, a->n);
    size_t size = a->width == 4 ? SIMDINET_IPV4_COLUMN_SIZE(a->n) : SIMDINET_IPV6_COLUMN_SIZE(a->n);
    if (out == NULL || !column_allocate(out, 1, (a->n + 1) * sizeof(int32_t)) ||
        !column_allocate(out, 2, size) ||
        (a->validity != NULL && !column_allocate(out, 0, bitmap_size(a->n)))) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    int32_t *offsets = out->buffers[1];
    Py_BEGIN_ALLOW_THREADS
    offsets[0] = 0;
    if (a->width == 4)
        simdinet_format_ipv4_column(a->bytes, a->validity, a->n, out->buffers[2], size, offsets);
    else if (a->families == NULL)
        simdinet_format_ipv6_column(a->bytes, a->validity, a->n, out->buffers[2], size, offsets);
    else
        simdinet_format_mixed_column(a->bytes, a->families, a->validity, a->n, out->buffers[2],
                                     size, offsets);
    column_shrink(out, 2, (size_t)offsets[a->n]);
    if (a->validity != NULL) {
        memcpy(out->buffers[0], a->validity, bitmap_size(a->n));
        column_set_valid(out, count_bits(a->validity, a->n));
    }
    Py_END_ALLOW_THREADS
    return out;
}

static PyObject *column_format(PyObject *module, PyObject *object) {
    if (PyLong_Check(object) || PyBytes_Check(object) || PyByteArray_Check(object))
        return format_scalar(object);
    if (PyMemoryView_Check(object)) {
        Py_buffer view;
        if (PyObject_GetBuffer(object, &view, PyBUF_STRIDES) < 0)
            return NULL;
        bool scalar = view.ndim == 1 && view.itemsize == 1;
        PyBuffer_Release(&view);
        if (scalar)
            return format_scalar(object);
    }
    if (PyUnicode_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "an address in bytes or int, or a column of these, is "
                                         "expected, not str; canonical takes text");
        return NULL;
    }
    const address_map map = {
        .type = &type_text, .function = format_addresses, .max_values = MAX_ADDRESSES};
    return map_addresses(module, object, &map);
}

PyDoc_STRVAR(
    format_doc,
    "format(address_or_column, /)\n--\n\n"
    "The text of an address (RFC 5952), or an Array of the texts of n addresses.\n\n"
    "An address is 4 or 16 bytes in network order, or an int, which is IPv4 below 2**32.\n"
    "A column is an Arrow array or stream of fixed-size binary, binary, uint32 or int64, a\n"
    "NumPy array of uint32, uint8[n, 4] or uint8[n, 16], or a sequence of bytes, int and None.\n"
    "Numbers of a column of uint32 or int64 are IPv4, 0 to 2**32 - 1.\n"
    "An Array of parse_mixed is formatted with its families, other values of 16 bytes as\n"
    "IPv6. Raises ValueError for another number of bytes, OverflowError for an int out of\n"
    "range.\n\n"
    ">>> simdinet.format(b'\\xc0\\x00\\x02\\x01')\n'192.0.2.1'\n"
    ">>> simdinet.format(2**127)\n'8000::'\n"
    ">>> simdinet.format([3221225985, None, bytes(16)]).to_pylist()\n"
    "['192.0.2.1', None, '::']\n");

PyMethodDef columns_format_methods[] = {
    {"format", column_format, METH_O, format_doc},
    {NULL, NULL, 0, NULL},
};
