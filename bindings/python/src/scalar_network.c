/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* scalar_network.c - parse_network, format_network, parse_range, parse_endpoint and class_of. */
#include "scalar.h"
#include "simdinet_network.h"
#include "text.h"

#include <string.h>

static size_t bytes_of(unsigned family) {
    return family == 4 ? 4 : 16;
}

static PyObject *raise_reason(PyObject *module, PyObject *object, simdinet_reason reason,
                              size_t at) {
    return raise_address_reason(state_of(module), object, reason, at);
}

static PyObject *scalar_parse_network(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "clear_host_bits", NULL};
    PyObject *object;
    int clear = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$p:parse_network", names, &object,
                                     &clear))
        return NULL;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    unsigned flags = clear ? SIMDINET_NETWORK_CLEAR_HOST_BITS : 0;
    simdinet_network network;
    PyObject *result;
    if (simdinet_parse_network(text.text, (size_t)text.len, flags, &network)) {
        result = Py_BuildValue("(y#i)", (const char *)network.address,
                               (Py_ssize_t)bytes_of(network.family), (int)network.prefix_length);
    } else {
        size_t at;
        simdinet_reason reason = simdinet_explain_network(text.text, (size_t)text.len, flags, &at);
        result = raise_reason(module, object, reason, at);
    }
    release_text(&text);
    return result;
}

static PyObject *scalar_format_network(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer address;
    int prefix_length;
    if (!PyArg_ParseTuple(arguments, "y*i:format_network", &address, &prefix_length))
        return NULL;
    simdinet_network network;
    bool made = (address.len == 4 || address.len == 16) && prefix_length >= 0 &&
                simdinet_make_network(address.buf, address.len == 4 ? 4 : 6,
                                      (unsigned)prefix_length, &network);
    PyBuffer_Release(&address);
    if (!made) {
        PyErr_SetString(PyExc_ValueError,
                        "a network is 4 bytes and a prefix length of 0 to 32, or 16 bytes and "
                        "one of 0 to 128");
        return NULL;
    }
    char text[SIMDINET_NETWORK_TEXT_SIZE];
    return PyUnicode_FromStringAndSize(text, (Py_ssize_t)simdinet_format_network(&network, text));
}

static PyObject *scalar_parse_range(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "clear_host_bits", NULL};
    PyObject *object;
    int clear = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$p:parse_range", names, &object,
                                     &clear))
        return NULL;
    unsigned flags = clear ? SIMDINET_NETWORK_CLEAR_HOST_BITS : 0;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    simdinet_range range;
    PyObject *result;
    if (simdinet_parse_range(text.text, (size_t)text.len, flags, &range)) {
        Py_ssize_t size = (Py_ssize_t)bytes_of(range.family);
        result = Py_BuildValue("(y#y#)", (const char *)range.first, size, (const char *)range.last,
                               size);
    } else {
        size_t at;
        simdinet_reason reason = simdinet_explain_range(text.text, (size_t)text.len, flags, &at);
        result = raise_reason(module, object, reason, at);
    }
    release_text(&text);
    return result;
}

/* (address, port, zone, prefix_length); the last three are None if the text has none. */
static PyObject *scalar_parse_endpoint(PyObject *module, PyObject *object) {
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    simdinet_endpoint endpoint;
    PyObject *result;
    if (simdinet_parse_endpoint(text.text, (size_t)text.len, &endpoint)) {
        const char *zone =
            endpoint.zone_text.length == 0 ? NULL : text.text + endpoint.zone_text.offset;
        result = Py_BuildValue(
            "(y#Ns#N)", (const char *)endpoint.address, (Py_ssize_t)bytes_of(endpoint.family),
            endpoint.port_text.length == 0 ? Py_BuildValue("") : PyLong_FromLong(endpoint.port),
            zone, (Py_ssize_t)endpoint.zone_text.length,
            endpoint.prefix_text.length == 0 ? Py_BuildValue("")
                                             : PyLong_FromLong(endpoint.prefix_length));
    } else {
        size_t at;
        simdinet_reason reason = simdinet_explain_endpoint(text.text, (size_t)text.len, &at);
        result = raise_reason(module, object, reason, at);
    }
    release_text(&text);
    return result;
}

size_t address_argument(PyObject *module, PyObject *object, uint8_t address[16]) {
    text_argument text;
    if (convert_text(object, &text) < 0)
        return 0;
    size_t size = 0;
    if (PyUnicode_Check(object)) {
        size = parse_either(text.text, (size_t)text.len, address);
        if (size == 0)
            raise_address_error(state_of(module), object, text.text, (size_t)text.len);
    } else if (text.len == 4 || text.len == 16) {
        size = (size_t)text.len;
        memcpy(address, text.text, size);
    } else {
        PyErr_Format(PyExc_ValueError, "an address has 4 or 16 bytes, not %zd; text is str",
                     text.len);
    }
    release_text(&text);
    return size;
}

static PyObject *scalar_class_of(PyObject *module, PyObject *object) {
    uint8_t address[16];
    size_t size = address_argument(module, object, address);
    return size == 0 ? NULL
                     : PyLong_FromUnsignedLong(simdinet_classify(address, size == 4 ? 4 : 6));
}

PyDoc_STRVAR(
    parse_network_doc,
    "parse_network(text, /, *, clear_host_bits=False)\n--\n\n"
    "(address, prefix_length) of a network, 4 or 16 bytes and an int.\n\n"
    "text is '192.0.2.0/24', '2001:db8::/32', '10.0.0.0/255.0.0.0' or one address. Raises\n"
    "AddressError, also for a bit set past the prefix length, unless these are cleared.\n\n"
    ">>> simdinet.parse_network('192.0.2.0/24')\n(b'\\xc0\\x00\\x02\\x00', 24)\n"
    ">>> simdinet.parse_network('192.0.2.1/24')\n"
    "Traceback (most recent call last):\n"
    "simdinet.AddressError: '192.0.2.1/24' is not valid: bit set past the prefix length "
    "at offset 0\n");
PyDoc_STRVAR(
    format_network_doc,
    "format_network(address, prefix_length, /)\n--\n\n"
    "The text of the network of a prefix length that contains an address of 4 or 16 bytes.\n\n"
    "Raises ValueError.\n\n"
    ">>> simdinet.format_network(b'\\xc0\\x00\\x02\\x01', 24)\n'192.0.2.0/24'\n");
PyDoc_STRVAR(
    parse_range_doc,
    "parse_range(text, /, *, clear_host_bits=False)\n--\n\n"
    "(first, last) address of '192.0.2.1-192.0.2.9', or of a network. Raises AddressError.\n\n"
    ">>> simdinet.parse_range('192.0.2.1 - 192.0.2.9')\n"
    "(b'\\xc0\\x00\\x02\\x01', b'\\xc0\\x00\\x02\\t')\n");

PyMethodDef scalar_network_methods[] = {
    {"parse_network", (PyCFunction)(void (*)(void))scalar_parse_network,
     METH_VARARGS | METH_KEYWORDS, parse_network_doc},
    {"format_network", scalar_format_network, METH_VARARGS, format_network_doc},
    {"parse_range", (PyCFunction)(void (*)(void))scalar_parse_range, METH_VARARGS | METH_KEYWORDS,
     parse_range_doc},
    {"parse_endpoint", scalar_parse_endpoint, METH_O, NULL},
    {"class_of", scalar_class_of, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
