/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_network.c - classify and truncate. */
#include "addresses.h"
#include "simdinet_network_set.h"
#include "text_builder.h"

#include <string.h>

static bool copy_nulls(const addresses *a, column *out) {
    if (a->validity == NULL)
        return true;
    if (!column_allocate(out, 0, bitmap_size(a->n)))
        return false;
    memcpy(out->buffers[0], a->validity, bitmap_size(a->n));
    column_set_valid(out, count_bits(a->validity, a->n));
    return true;
}

static column *classify_addresses(const addresses *a, void *context) {
    (void)context;
    column *out = column_new(&type_uint32, a->n);
    if (out == NULL || !column_allocate(out, 1, a->n * sizeof(uint32_t)) || !copy_nulls(a, out)) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    uint32_t *classes = out->buffers[1];
    Py_BEGIN_ALLOW_THREADS
    if (a->width == 4)
        simdinet_classify_ipv4_column(a->bytes, a->n, a->validity, classes);
    else if (a->families == NULL)
        simdinet_classify_ipv6_column(a->bytes, a->n, a->validity, classes);
    else
        simdinet_classify_mixed_column(a->bytes, a->families, a->n, a->validity, classes);
    Py_END_ALLOW_THREADS
    return out;
}

/* Appends the names of classes, joined with commas. names are those of each bit. false as text_grow. */
static bool write_classes(text_builder *builder, uint32_t classes, const char *const names[32]) {
    const char *separator = "";
    for (; classes != 0; classes &= classes - 1) {
        const char *name = names[__builtin_ctz(classes)];
        if (name == NULL)
            continue;
        if (!text_write(builder, separator, strlen(separator)) ||
            !text_write(builder, name, strlen(name)))
            return false;
        separator = ",";
    }
    return text_end(builder);
}

static column *name_classes(const addresses *a, void *context) {
    column *classes = classify_addresses(a, context);
    if (classes == NULL)
        return NULL;
    const uint32_t *values = classes->buffers[1];
    const uint8_t *validity = classes->buffers[0];
    const char *names[32];
    for (int bit = 0; bit < 32; bit++)
        names[bit] = simdinet_class_name((uint32_t)1 << bit);
    text_builder builder = {0};
    bool done = text_open(&builder, &type_text, a->n);
    Py_BEGIN_ALLOW_THREADS
    for (size_t i = 0; done && i < a->n; i++)
        done = write_classes(&builder, validity == NULL || get_bit(validity, i) ? values[i] : 0,
                             names);
    Py_END_ALLOW_THREADS
    column_release(classes);
    if (done && copy_nulls(a, builder.col)) {
        text_shrink(&builder);
        return builder.col;
    }
    if (builder.too_long)
        PyErr_SetString(PyExc_ValueError, "the names of the classes of a chunk exceed 2 GiB");
    else
        PyErr_NoMemory();
    column_release(builder.col);
    return NULL;
}

/* class_names(column): the names of the classes, joined with commas. */
static PyObject *column_class_names(PyObject *module, PyObject *object) {
    const address_map map = {.type = &type_text, .from_text = true, .function = name_classes};
    return map_addresses(module, object, &map);
}

static PyObject *column_classify(PyObject *module, PyObject *object) {
    const address_map map = {
        .type = &type_uint32, .from_text = true, .function = classify_addresses};
    return map_addresses(module, object, &map);
}

/* Addresses of 16 bytes whose offsets fit into 32 bits; a multiple of 8. */
#define MAX_PACKED ((size_t)1 << 26)

/* Prefix lengths. */
typedef struct truncation {
    int ipv4, ipv6;
} truncation;

static column *truncate_addresses(const addresses *a, void *context) {
    const truncation *lengths = context;
    column *out = column_new(a->width == 4 ? &type_ipv4 : &type_ipv6, a->n);
    if (out == NULL || !column_allocate(out, 1, a->n * a->width) || !copy_nulls(a, out)) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    if (a->width == 4)
        simdinet_truncate_ipv4_column(a->bytes, a->n, (unsigned)lengths->ipv4, out->buffers[1]);
    else if (a->families == NULL)
        simdinet_truncate_ipv6_column(a->bytes, a->n, (unsigned)lengths->ipv6, out->buffers[1]);
    else
        simdinet_truncate_mixed_column(a->bytes, a->families, a->n, (unsigned)lengths->ipv4,
                                       (unsigned)lengths->ipv6, out->buffers[1]);
    Py_END_ALLOW_THREADS
    if (!a->packed)
        return out;
    column *packed = pack_addresses(out->buffers[1], a->families, a->validity, a->n);
    column_release(out);
    if (packed != NULL && !copy_nulls(a, packed)) {
        column_release(packed);
        PyErr_NoMemory();
        return NULL;
    }
    return packed;
}

static PyObject *column_truncate(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "ipv4", "ipv6", NULL};
    PyObject *object;
    truncation lengths = {24, 48};
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$ii:truncate", names, &object,
                                     &lengths.ipv4, &lengths.ipv6))
        return NULL;
    if (lengths.ipv4 < 0 || lengths.ipv4 > 32 || lengths.ipv6 < 0 || lengths.ipv6 > 128) {
        PyErr_SetString(PyExc_ValueError, "prefix lengths are 0 to 32 (ipv4) and 0 to 128 (ipv6)");
        return NULL;
    }
    const address_map map = {.from_text = true,
                             .keeps_families = true,
                             .function = truncate_addresses,
                             .context = &lengths,
                             .max_values = MAX_PACKED};
    return map_addresses(module, object, &map);
}

PyDoc_STRVAR(
    classify_doc,
    "classify(column, /)\n--\n\n"
    "The classes of each of n addresses by IANA's special-purpose registries: an Array of n\n"
    "uint32, of Class.\n\n"
    "column is as for format, or text, which is parsed as by parse_mixed. In a column of 16\n"
    "bytes a value, which is not of parse_mixed, ::ffff:a.b.c.d is IPv4. Elsewhere, such an\n"
    "address has Class.MAPPED and the classes of the IPv4 address in it.\n\n"
    ">>> classes = simdinet.classify(['10.0.0.1', '::1'])\n"
    ">>> [simdinet.Class(value).name for value in classes]\n['PRIVATE', 'LOOPBACK']\n");
PyDoc_STRVAR(
    truncate_doc,
    "truncate(column, /, *, ipv4=24, ipv6=48)\n--\n\n"
    "Each of n addresses with the bits past a prefix length cleared: an Array of n values.\n\n"
    "Fixed-size binary keeps its type and families, uint32 becomes 4 bytes. Binary, text and\n"
    "sequences become binary of 4 or 16 bytes, as of parse_packed.\n\n"
    "column is as for classify. Raises ValueError for a prefix length out of range.\n\n"
    ">>> "
    "simdinet.format(simdinet.truncate(simdinet.parse_ipv4(['192.0.2.77'])))[0]\n'192.0.2.0'\n");

PyMethodDef columns_network_methods[] = {
    {"classify", column_classify, METH_O, classify_doc},
    {"truncate", (PyCFunction)(void (*)(void))column_truncate, METH_VARARGS | METH_KEYWORDS,
     truncate_doc},
    {"class_names", column_class_names, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
