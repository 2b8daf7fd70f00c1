/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_set.c - compiled sets of networks, and columns of addresses that are looked up in them. */
#include "addresses.h"
#include "scalar.h"
#include "simdinet_network_set.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define CAPSULE "simdinet._simdinet.network_set"

static void free_set_capsule(PyObject *capsule) {
    simdinet_free_network_set(PyCapsule_GetPointer(capsule, CAPSULE));
}

/* Parses one network of a list. Returns 0, or -1 with an exception. */
static int network_of(PyObject *module, PyObject *object, unsigned flags,
                      simdinet_network *network) {
    text_argument text;
    if (convert_text(object, &text) < 0)
        return -1;
    int failed = 0;
    if (!simdinet_parse_network(text.text, (size_t)text.len, flags, network)) {
        size_t at;
        simdinet_reason reason = simdinet_explain_network(text.text, (size_t)text.len, flags, &at);
        raise_address_reason(state_of(module), object, reason, at);
        failed = -1;
    }
    release_text(&text);
    return failed;
}

static PyObject *raise_set_error(simdinet_set_status status, PyObject *list, size_t at) {
    if (status == SIMDINET_SET_OUT_OF_MEMORY)
        return PyErr_NoMemory();
    if (status == SIMDINET_SET_DUPLICATE)
        PyErr_Format(PyExc_ValueError, "network %zu occurred before: %R", at,
                     PyList_GetItem(list, (Py_ssize_t)at));
    else
        PyErr_SetString(PyExc_ValueError, "the set would take more than 4 GB for a family");
    return NULL;
}

/* build_set(list of texts, clear_host_bits, mapped): a capsule. The value of a network is its index. */
static PyObject *build_set(PyObject *module, PyObject *arguments) {
    PyObject *list;
    int clear, mapped;
    if (!PyArg_ParseTuple(arguments, "Opp:build_set", &list, &clear, &mapped))
        return NULL;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "a list is expected");
        return NULL;
    }
    size_t n = (size_t)PyList_Size(list);
    simdinet_network *networks = calloc(n + 1, sizeof *networks);
    uint32_t *values = malloc((n + 1) * sizeof *values);
    PyObject *capsule = NULL;
    if (networks == NULL || values == NULL || n > UINT32_MAX) {
        PyErr_NoMemory();
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = (uint32_t)i;
        PyObject *item = PySequence_GetItem(list, (Py_ssize_t)i);
        int failed = item == NULL
                         ? -1
                         : network_of(module, item, clear ? SIMDINET_NETWORK_CLEAR_HOST_BITS : 0,
                                      &networks[i]);
        Py_XDECREF(item);
        if (failed < 0)
            goto done;
    }
    simdinet_network_set *set;
    simdinet_set_status status;
    size_t at = 0;
    Py_BEGIN_ALLOW_THREADS
    status = simdinet_build_network_set(networks, values, n,
                                        SIMDINET_SET_UNIQUE | (mapped ? SIMDINET_SET_MAPPED : 0),
                                        NULL, &set, &at);
    Py_END_ALLOW_THREADS
    if (status != SIMDINET_SET_OK) {
        raise_set_error(status, list, at);
        goto done;
    }
    capsule = PyCapsule_New(set, CAPSULE, free_set_capsule);
    if (capsule == NULL)
        simdinet_free_network_set(set);
done:
    free(networks);
    free(values);
    return capsule;
}

/* Looks up a chunk; values may be NULL. found is a bitmap that is written. */
static size_t look_up(const simdinet_network_set *set, const addresses *a, uint32_t *values,
                      uint8_t *found) {
    if (a->width == 4)
        return simdinet_lookup_ipv4_column(set, a->bytes, a->n, a->validity, values, NULL, found);
    if (a->families == NULL)
        return simdinet_lookup_ipv6_column(set, a->bytes, a->n, a->validity, values, NULL, found);
    return simdinet_lookup_mixed_column(set, a->bytes, a->families, a->n, a->validity, values, NULL,
                                        found);
}

static column *look_up_values(const addresses *a, void *set) {
    column *out = column_new(&type_uint32, a->n);
    if (out == NULL || !column_allocate(out, 0, bitmap_size(a->n)) ||
        !column_allocate(out, 1, a->n * sizeof(uint32_t))) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    size_t n_found;
    Py_BEGIN_ALLOW_THREADS
    n_found = look_up(set, a, out->buffers[1], out->buffers[0]);
    Py_END_ALLOW_THREADS
    column_set_valid(out, n_found);
    return out;
}

static column *look_up_bits(const addresses *a, void *set) {
    column *out = column_new(&type_bool, a->n);
    if (out == NULL || !column_allocate(out, 1, bitmap_size(a->n)) ||
        (a->validity != NULL && !column_allocate(out, 0, bitmap_size(a->n)))) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    look_up(set, a, NULL, out->buffers[1]);
    Py_END_ALLOW_THREADS
    if (a->validity != NULL) {
        memcpy(out->buffers[0], a->validity, bitmap_size(a->n));
        column_set_valid(out, count_bits(a->validity, a->n));
    }
    return out;
}

/* set_lookup(capsule, column, values): an Array of uint32, or of bool without values. */
static PyObject *set_lookup(PyObject *module, PyObject *arguments) {
    PyObject *capsule, *object;
    int values;
    if (!PyArg_ParseTuple(arguments, "OOp:set_lookup", &capsule, &object, &values))
        return NULL;
    void *set = PyCapsule_GetPointer(capsule, CAPSULE);
    if (set == NULL)
        return NULL;
    const address_map map = {.type = values ? &type_uint32 : &type_bool,
                             .from_text = true,
                             .function = values ? look_up_values : look_up_bits,
                             .context = set};
    return map_addresses(module, object, &map);
}

/* set_lookup_one(capsule, address): the index, or None. */
static PyObject *set_lookup_one(PyObject *module, PyObject *arguments) {
    PyObject *capsule, *object;
    if (!PyArg_ParseTuple(arguments, "OO:set_lookup_one", &capsule, &object))
        return NULL;
    const simdinet_network_set *set = PyCapsule_GetPointer(capsule, CAPSULE);
    if (set == NULL)
        return NULL;
    uint8_t address[16];
    size_t size = address_argument(module, object, address);
    if (size == 0)
        return NULL;
    uint32_t value;
    if (!simdinet_network_set_lookup(set, address, size == 4 ? 4 : 6, &value, NULL))
        return Py_BuildValue("");
    return PyLong_FromUnsignedLong(value);
}

PyMethodDef columns_set_methods[] = {
    {"build_set", build_set, METH_VARARGS, NULL},
    {"set_lookup", set_lookup, METH_VARARGS, NULL},
    {"set_lookup_one", set_lookup_one, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
