/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* addresses.c - a chunk of addresses in bytes. */
#include "addresses.h"

#include "gather.h"
#include "scalar.h"
#include "simdinet.h"

#include <stdlib.h>
#include <string.h>

void release_addresses(addresses *a) {
    for (int i = 0; i < 3; i++)
        free(a->owned[i]);
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

/* A list of bytes, int and None. */
static int mixed_objects(const chunk *c, mixed_target *t) {
    for (size_t i = 0; i < c->n; i++) {
        PyObject *object = PySequence_GetItem(c->list, (Py_ssize_t)i);
        if (object == NULL)
            return -1;
        uint8_t address[16];
        size_t size = 0;
        char *bytes;
        Py_ssize_t len;
        int failed = 0;
        if (PyLong_Check(object)) {
            size = address_of_int(object, false, address);
            failed = size == 0 ? -1 : 0;
        } else if (object != Py_None) {
            failed = PyBytes_AsStringAndSize(object, &bytes, &len);
            if (failed == 0 && len != 4 && len != 16) {
                PyErr_Format(PyExc_ValueError, "value %zu has %zd bytes; an address has 4 or 16", i,
                             len);
                failed = -1;
            } else if (failed == 0) {
                size = (size_t)len;
                memcpy(address, bytes, size);
            }
        }
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

int view_addresses(const chunk *c, const column *families, addresses *out) {
    *out = (addresses){.n = c->n};
    int failed;
    if (c->kind == CHUNK_FIXED)
        failed = view_fixed_addresses(c, out);
    else if (c->kind == CHUNK_NUMBERS)
        failed = view_number_addresses(c, out);
    else
        failed = view_mixed_addresses(c, out);
    if (failed == 0 && families != NULL && out->width == 16 && families->length == c->n)
        out->families = families->buffers[1];
    if (failed < 0)
        release_addresses(out);
    return failed;
}

const column *families_of(module_state *state, PyObject *object, size_t i) {
    if ((PyObject *)Py_TYPE(object) != state->array_type)
        return NULL;
    array_object *families = (array_object *)((array_object *)object)->families;
    return families == NULL || i >= families->n_chunks ? NULL : families->chunks[i];
}

PyObject *map_addresses(PyObject *module, PyObject *object, const column_type *type,
                        address_function function, void *context) {
    module_state *state = state_of(module);
    input in;
    if (open_input(&in, object) < 0)
        return NULL;
    chunk_list list = {0};
    int more;
    for (size_t i = 0; (more = next_chunk(&in)) == 1; i++) {
        addresses a;
        column *out = NULL;
        if (view_addresses(&in.current, families_of(state, object, i), &a) == 0) {
            out = expand_dictionary(&in.current, function(&a, context));
            release_addresses(&a);
        }
        if (!append_chunk(&list, out)) {
            if (!PyErr_Occurred())
                PyErr_NoMemory();
            break;
        }
    }
    close_input(&in);
    if (more != 0) {
        clear_chunks(&list);
        return NULL;
    }
    if (type == NULL)
        type = list.n > 0 ? list.chunks[0]->type : &type_ipv6;
    for (size_t i = 0; i < list.n; i++) {
        if (list.chunks[i]->type != type) {
            clear_chunks(&list);
            PyErr_SetString(PyExc_ValueError, "chunks with addresses of 4 and of 16 bytes");
            return NULL;
        }
    }
    return new_array(state, type, &list);
}
