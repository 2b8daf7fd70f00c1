/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* scalar.c - one address: parse, parse_int, explain, canonical and format. */
#include "scalar.h"

#include "text.h"

#include <string.h>

size_t parse_either(const char *text, size_t len, uint8_t address[16]) {
    if (simdinet_parse_ipv4(text, len, address))
        return 4;
    return simdinet_parse_ipv6(text, len, address) ? 16 : 0;
}

PyObject *raise_address_reason(module_state *state, PyObject *object, simdinet_reason reason,
                               size_t at) {
    PyObject *type = load_slot(&state->address_error);
    if (type == NULL) {
        PyObject *module = PyImport_ImportModule("simdinet._reason");
        if (module != NULL)
            type = fill_slot(&state->address_error, PyObject_GetAttrString(module, "AddressError"));
        Py_XDECREF(module);
        if (type == NULL)
            return NULL;
    }
    PyObject *error = PyObject_CallFunction(type, "Oin", object, (int)reason, (Py_ssize_t)at);
    if (error != NULL) {
        PyErr_SetObject(type, error);
        Py_DECREF(error);
    }
    return NULL;
}

PyObject *raise_address_error(module_state *state, PyObject *object, const char *text, size_t len) {
    size_t at;
    simdinet_reason reason = simdinet_explain_mixed(text, len, &at);
    return raise_address_reason(state, object, reason, at);
}

static PyObject *scalar_parse(PyObject *module, PyObject *object) {
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    uint8_t address[16];
    size_t size = parse_either(text.text, (size_t)text.len, address);
    PyObject *result =
        size != 0 ? PyBytes_FromStringAndSize((const char *)address, (Py_ssize_t)size)
                  : raise_address_error(state_of(module), object, text.text, (size_t)text.len);
    release_text(&text);
    return result;
}

static uint64_t big_endian(const uint8_t *bytes, size_t n) {
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* high * 2^64 + low */
static PyObject *int_of_halves(uint64_t high, uint64_t low) {
    if (high == 0)
        return PyLong_FromUnsignedLongLong(low);
    PyObject *upper = PyLong_FromUnsignedLongLong(high);
    PyObject *lower = PyLong_FromUnsignedLongLong(low);
    PyObject *bits = PyLong_FromLong(64);
    PyObject *shifted = NULL, *result = NULL;
    if (upper != NULL && lower != NULL && bits != NULL)
        shifted = PyNumber_Lshift(upper, bits);
    if (shifted != NULL)
        result = PyNumber_Or(shifted, lower);
    Py_XDECREF(upper);
    Py_XDECREF(lower);
    Py_XDECREF(bits);
    Py_XDECREF(shifted);
    return result;
}

static PyObject *scalar_parse_int(PyObject *module, PyObject *object) {
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    uint8_t address[16];
    size_t size = parse_either(text.text, (size_t)text.len, address);
    PyObject *result;
    if (size == 4)
        result = PyLong_FromUnsignedLong((unsigned long)big_endian(address, 4));
    else if (size == 16)
        result = int_of_halves(big_endian(address, 8), big_endian(address + 8, 8));
    else
        result = raise_address_error(state_of(module), object, text.text, (size_t)text.len);
    release_text(&text);
    return result;
}

static PyObject *scalar_explain(PyObject *module, PyObject *object) {
    (void)module;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    size_t at;
    simdinet_reason reason = simdinet_explain_mixed(text.text, (size_t)text.len, &at);
    release_text(&text);
    return Py_BuildValue("(in)", (int)reason, (Py_ssize_t)at);
}

static PyObject *text_of_address(const uint8_t *address, size_t size) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t len =
        size == 4 ? simdinet_format_ipv4(address, text) : simdinet_format_ipv6(address, text);
    return PyUnicode_FromStringAndSize(text, (Py_ssize_t)len);
}

static PyObject *scalar_canonical(PyObject *module, PyObject *object) {
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    uint8_t address[16];
    size_t size = parse_either(text.text, (size_t)text.len, address);
    PyObject *result =
        size != 0 ? text_of_address(address, size)
                  : raise_address_error(state_of(module), object, text.text, (size_t)text.len);
    release_text(&text);
    return result;
}

static void store_big_endian(uint64_t value, uint8_t *bytes, size_t n) {
    while (n-- != 0) {
        bytes[n] = (uint8_t)value;
        value >>= 8;
    }
}

size_t address_of_int(PyObject *number, bool wide, uint8_t address[16]) {
    unsigned long long low = PyLong_AsUnsignedLongLong(number);
    if (low == (unsigned long long)-1 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError))
            return 0;
        PyErr_Clear();
        PyObject *bits = PyLong_FromLong(64);
        PyObject *upper = bits == NULL ? NULL : PyNumber_Rshift(number, bits);
        unsigned long long high = upper == NULL ? 0 : PyLong_AsUnsignedLongLong(upper);
        Py_XDECREF(bits);
        Py_XDECREF(upper);
        if (PyErr_Occurred()) {
            if (PyErr_ExceptionMatches(PyExc_OverflowError))
                PyErr_SetString(PyExc_OverflowError, "an address must be 0 to 2**128 - 1");
            return 0;
        }
        store_big_endian(high, address, 8);
        store_big_endian(PyLong_AsUnsignedLongLongMask(number), address + 8, 8);
        return PyErr_Occurred() ? 0 : 16;
    }
    if (low <= UINT32_MAX && !wide) {
        store_big_endian(low, address, 4);
        return 4;
    }
    memset(address, 0, 8);
    store_big_endian(low, address + 8, 8);
    return 16;
}

PyObject *format_scalar(PyObject *object) {
    uint8_t address[16];
    if (PyLong_Check(object)) {
        size_t size = address_of_int(object, false, address);
        return size == 0 ? NULL : text_of_address(address, size);
    }
    text_argument bytes;
    if (convert_text(object, &bytes) < 0)
        return NULL;
    PyObject *result = NULL;
    if (bytes.len == 4 || bytes.len == 16)
        result = text_of_address((const uint8_t *)bytes.text, (size_t)bytes.len);
    else
        PyErr_Format(PyExc_ValueError, "an address has 4 or 16 bytes, not %zd", bytes.len);
    release_text(&bytes);
    return result;
}

static PyObject *scalar_reason_text(PyObject *module, PyObject *object) {
    (void)module;
    long reason = PyLong_AsLong(object);
    if (reason == -1 && PyErr_Occurred())
        return NULL;
    if (reason < 0 || reason > UINT8_MAX)
        reason = UINT8_MAX;
    return PyUnicode_FromString(simdinet_reason_text((simdinet_reason)reason));
}

static PyObject *scalar_implementation(PyObject *module, PyObject *unused) {
    (void)module;
    (void)unused;
    return PyUnicode_FromString(simdinet_active_implementation());
}

PyDoc_STRVAR(parse_doc,
             "parse(text, /)\n--\n\n"
             "The bytes of an IPv4 (4) or IPv6 (16) address, in network order.\n\n"
             "text is str, bytes, bytearray or memoryview. IPv4 is four decimal octets without\n"
             "leading zeros; IPv6 is any form of RFC 4291 section 2.2. Raises AddressError, a\n"
             "ValueError with reason and offset.\n\n"
             ">>> simdinet.parse('192.0.2.1')\nb'\\xc0\\x00\\x02\\x01'\n"
             ">>> simdinet.parse(b'::1').hex()\n'00000000000000000000000000000001'\n"
             ">>> simdinet.parse('192.0.2.256')\n"
             "Traceback (most recent call last):\n"
             "simdinet.AddressError: '192.0.2.256' is not valid: octet out of range "
             "(0-255) at offset 8\n");
PyDoc_STRVAR(parse_int_doc,
             "parse_int(text, /)\n--\n\n"
             "The number of an address: below 2**32 for IPv4, below 2**128 for IPv6.\n\n"
             "Raises AddressError as parse does.\n\n"
             ">>> simdinet.parse_int('192.0.2.1')\n3221225985\n");
PyDoc_STRVAR(canonical_doc,
             "canonical(text, /)\n--\n\n"
             "The canonical text of an address (RFC 5952). Raises AddressError as parse does.\n\n"
             ">>> simdinet.canonical('2001:DB8:0:0:0:0:0:1')\n'2001:db8::1'\n");
PyDoc_STRVAR(reason_text_doc, "reason_text(reason, /)\n--\n\nThe description of a reason.\n");
PyDoc_STRVAR(
    implementation_doc,
    "active_implementation()\n--\n\n"
    "The name of the implementation in use: 'avx512', 'avx2', 'sse42', 'neon' or 'scalar'.\n");

PyMethodDef scalar_methods[] = {
    {"parse", scalar_parse, METH_O, parse_doc},
    {"parse_int", scalar_parse_int, METH_O, parse_int_doc},
    {"canonical", scalar_canonical, METH_O, canonical_doc},
    {"explain", scalar_explain, METH_O, NULL},
    {"reason_text", scalar_reason_text, METH_O, reason_text_doc},
    {"active_implementation", scalar_implementation, METH_NOARGS, implementation_doc},
    {NULL, NULL, 0, NULL},
};
