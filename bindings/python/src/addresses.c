/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* addresses.c - a chunk of addresses in bytes. */
#include "addresses.h"

#include "gather.h"
#include "map.h"
#include "parser.h"
#include "scalar.h"
#include "simdinet.h"

#include <stdlib.h>
#include <string.h>

static void release_addresses(addresses *a) {
    for (int i = 0; i < 3; i++)
        free(a->owned[i]);
    for (int i = 0; i < 2; i++)
        column_release(a->parsed[i]);
}

static void *own(addresses *a, int slot, size_t size) {
    a->owned[slot] = calloc(size + 1, 1);
    if (a->owned[slot] == NULL)
        PyErr_NoMemory();
    return a->owned[slot];
}

static int own_validity(addresses *a, const chunk *c) {
    if (c->kind != CHUNK_NULLS && c->validity == NULL)
        return 0;
    uint8_t *validity = own(a, 2, bitmap_size(c->n));
    if (validity == NULL)
        return -1;
    copy_validity(c, validity);
    a->validity = validity;
    return 0;
}

/* Of values of 16 bytes, whose families are not known, ::ffff:a.b.c.d is IPv4. */
static int own_families(addresses *a) {
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t *families = own(a, 1, bitmap_size(a->n));
    if (families == NULL)
        return -1;
    for (size_t i = 0; i < a->n; i++)
        if (memcmp(a->bytes + i * 16, prefix, sizeof prefix) != 0)
            set_bit(families, i);
    a->families = families;
    return 0;
}

static int view_fixed_addresses(const chunk *c, addresses *a) {
    if (c->width != 4 && c->width != 16) {
        PyErr_Format(PyExc_ValueError, "an address has 4 or 16 bytes, not %zu", c->width);
        return -1;
    }
    a->width = c->width;
    a->bytes = (const uint8_t *)c->bytes;
    if (c->stride == (ptrdiff_t)c->width || c->n == 0)
        return own_validity(a, c);
    uint8_t *rows = own(a, 0, c->n * c->width);
    for (size_t i = 0; rows != NULL && i < c->n; i++)
        memcpy(rows + i * c->width, c->bytes + (ptrdiff_t)i * c->stride, c->width);
    a->bytes = rows;
    return rows == NULL ? -1 : own_validity(a, c);
}

static int view_number_addresses(const chunk *c, addresses *a) {
    uint8_t *bytes = own(a, 0, c->n * 4);
    if (bytes == NULL)
        return -1;
    for (size_t i = 0; i < c->n; i++)
        memcpy(bytes + i * 4, c->bytes + (ptrdiff_t)i * c->stride, 4);
    /* Numbers of the other byte order become this machine's, and these network order. */
    if (c->swapped)
        simdinet_swap32(bytes, bytes, c->n);
    simdinet_htonl_array(bytes, bytes, c->n);
    a->width = 4;
    a->bytes = bytes;
    return own_validity(a, c);
}

/* ---- values of 4 or 16 bytes --------------------------------------------------------------------- */

typedef struct mixed_target {
    uint8_t *bytes;
    uint8_t *families;
    uint8_t *validity;
    size_t bad; /* the index of the first value of another length, plus 1 */
} mixed_target;

static void store_mixed(mixed_target *t, size_t i, const uint8_t *address, size_t size) {
    uint8_t *to = t->bytes + i * 16;
    set_bit(t->validity, i);
    if (size == 16) {
        set_bit(t->families, i);
        memcpy(to, address, 16);
    } else {
        to[10] = to[11] = 0xff;
        memcpy(to + 12, address, 4);
    }
}

static bool mixed_block(void *context, size_t start, const block *b) {
    mixed_target *t = context;
    for (size_t i = 0; i < b->n; i++) {
        if (b->texts[i] == NULL)
            continue;
        if (b->lengths[i] == 4 || b->lengths[i] == 16)
            store_mixed(t, start + i, (const uint8_t *)b->texts[i], b->lengths[i]);
        else if (t->bad == 0)
            t->bad = start + i + 1;
    }
    return true;
}

/* Value i of a list of bytes, int and None; *size stays 0 for None. Returns 0, or -1 with an exception. */
static int address_of_object(size_t i, PyObject *object, uint8_t address[16], size_t *size) {
    if (is_missing(object))
        return 0;
    if (PyBytes_Check(object)) {
        char *bytes;
        Py_ssize_t len;
        if (PyBytes_AsStringAndSize(object, &bytes, &len) < 0)
            return -1;
        if (len != 4 && len != 16) {
            PyErr_Format(PyExc_ValueError, "value %zu has %zd bytes; an address has 4 or 16", i,
                         len);
            return -1;
        }
        *size = (size_t)len;
        memcpy(address, bytes, *size);
        return 0;
    }
    if (!PyIndex_Check(object))
        return wrong_value(i, object, "bytes, int or None");
    PyObject *number = PyNumber_Index(object); /* also of NumPy's integers */
    *size = number == NULL ? 0 : address_of_int(number, false, address);
    Py_XDECREF(number);
    return *size == 0 ? -1 : 0;
}

/* A list of bytes, int and None. */
static int mixed_objects(const chunk *c, mixed_target *t) {
    for (size_t i = 0; i < c->n; i++) {
        PyObject *object = PySequence_GetItem(c->list, (Py_ssize_t)i);
        if (object == NULL)
            return -1;
        uint8_t address[16];
        size_t size = 0;
        int failed = address_of_object(i, object, address, &size);
        Py_DECREF(object);
        if (failed < 0)
            return -1;
        if (size != 0)
            store_mixed(t, i, address, size);
    }
    return 0;
}

static int view_mixed_addresses(const chunk *c, addresses *a) {
    mixed_target target = {own(a, 0, c->n * 16), own(a, 1, bitmap_size(c->n)),
                           own(a, 2, bitmap_size(c->n)), 0};
    if (target.bytes == NULL || target.families == NULL || target.validity == NULL)
        return -1;
    a->width = 16;
    a->packed = true;
    a->bytes = target.bytes;
    a->families = target.families;
    a->validity = target.validity;
    if (c->kind == CHUNK_OBJECTS)
        return mixed_objects(c, &target);
    if (for_each_block(c, mixed_block, &target) < 0)
        return -1;
    if (target.bad != 0) {
        PyErr_Format(PyExc_ValueError, "value %zu does not have 4 or 16 bytes", target.bad - 1);
        return -1;
    }
    return 0;
}

static int view_parsed_addresses(const chunk *c, addresses *a) {
    if (parse_values(c, &mixed_parser, &a->parsed[0], &a->parsed[1]) < 0)
        return -1;
    a->width = 16;
    a->packed = true;
    a->bytes = a->parsed[0]->buffers[1];
    a->validity = a->parsed[0]->buffers[0];
    a->families = a->parsed[1]->buffers[1];
    return 0;
}

/* families is a column of bool for values of 16 bytes, or NULL. Returns 0, or -1 with an exception;
 * release_addresses must follow. */
static int view_addresses(const chunk *c, const column *families, bool from_text, addresses *out) {
    *out = (addresses){.n = c->n};
    int failed;
    if (c->utf8 && !from_text) {
        PyErr_SetString(PyExc_TypeError, "a column of addresses is expected, not of text; "
                                         "parse_mixed makes one of the other");
        return -1;
    }
    if (from_text && c->utf8)
        failed = view_parsed_addresses(c, out);
    else if (c->kind == CHUNK_FIXED)
        failed = view_fixed_addresses(c, out);
    else if (c->kind == CHUNK_NUMBERS)
        failed = view_number_addresses(c, out);
    else
        failed = view_mixed_addresses(c, out);
    if (failed == 0 && families != NULL && out->width == 16 && families->length == c->n)
        out->families = families->buffers[1];
    else if (failed == 0 && from_text && c->kind == CHUNK_FIXED && out->width == 16)
        failed = own_families(out);
    return failed;
}

/* The families that belong to chunk i of an argument: those of an Array with the attribute. */
static const column *families_of(module_state *state, PyObject *object, size_t i) {
    if ((PyObject *)Py_TYPE(object) != state->array_type)
        return NULL;
    array_object *families = (array_object *)((array_object *)object)->families;
    return families == NULL || i >= families->n_chunks ? NULL : families->chunks[i];
}

/* The families of the values of a chunk. NULL if there is no memory. */
static column *families_column(const chunk *c, const addresses *a) {
    column *out = column_new(&type_bool, a->n);
    if (out == NULL || !column_allocate(out, 1, bitmap_size(a->n)) ||
        (a->validity != NULL && !column_allocate(out, 0, bitmap_size(a->n)))) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(out->buffers[1], a->families, bitmap_size(a->n));
    if (a->validity != NULL) {
        memcpy(out->buffers[0], a->validity, bitmap_size(a->n));
        column_set_valid(out, count_bits(a->validity, a->n));
    }
    return expand_dictionary(c, out);
}

typedef struct map_target {
    const address_map *map;
    module_state *state;
    PyObject *object;
} map_target;

/* The addresses from start on, n at most; start is a multiple of 8. */
static addresses slice_addresses(const addresses *a, size_t start, size_t n) {
    addresses slice = *a;
    slice.n = a->n - start < n ? a->n - start : n;
    slice.bytes += start * a->width;
    if (a->families != NULL)
        slice.families += start / 8;
    if (a->validity != NULL)
        slice.validity += start / 8;
    return slice;
}

static bool map_address_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                              chunk_list *families) {
    const map_target *target = context;
    const address_map *map = target->map;
    addresses a;
    bool done =
        view_addresses(c, families_of(target->state, target->object, i), map->from_text, &a) == 0;
    /* What belongs to a dictionary stays one column, and so does what has families. */
    bool whole = map->max_values == 0 || c->dictionary || (map->keeps_families && !a.packed);
    size_t step = whole ? a.n : map->max_values;
    if (step == 0)
        step = 1;
    for (size_t start = 0; done && (start < a.n || start == 0); start += step) {
        addresses slice = slice_addresses(&a, start, step);
        done = append_expanded(out, c, map->function(&slice, map->context));
    }
    if (done && map->keeps_families && a.families != NULL && !a.packed)
        done = append_chunk(families, families_column(c, &a));
    release_addresses(&a);
    return done;
}

PyObject *map_addresses(PyObject *module, PyObject *object, const address_map *map) {
    map_target target = {map, state_of(module), object};
    return map_chunks(module, object, map->type, false, map_address_chunk, &target);
}
