/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_scan.c - scan, and scan_lines. */
#include "array.h"
#include "gather.h"
#include "matches.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static PyObject *matches_array(PyObject *module, match_builder *builder) {
    chunk_list list = {0};
    return append_chunk(&list, builder->col) ? new_array(state_of(module), &type_match, &list)
                                             : PyErr_NoMemory();
}

static PyObject *column_scan(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "flags", "versions", NULL};
    PyObject *object;
    unsigned flags = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    int versions = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$Ip:scan", names, &object, &flags,
                                     &versions))
        return NULL;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    match_builder builder = {.versions = versions != 0};
    bool done;
    Py_BEGIN_ALLOW_THREADS
    done = scan_into(&builder, text.text, 0, (size_t)text.len, 0, flags & ~SIMDINET_SCAN_PARTIAL,
                     NULL);
    Py_END_ALLOW_THREADS
    release_text(&text);
    if (!done) {
        column_release(builder.col);
        return PyErr_NoMemory();
    }
    return matches_array(module, &builder);
}

/* One step of a stream: (matches, consumed). base is the offset of the text in the stream, start what has been
 * scanned of it already. */
static PyObject *column_scan_part(PyObject *module, PyObject *arguments) {
    PyObject *object;
    Py_ssize_t start;
    unsigned long long base;
    unsigned flags;
    int versions;
    if (!PyArg_ParseTuple(arguments, "OnKIp:scan_part", &object, &start, &base, &flags, &versions))
        return NULL;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    if (start < 0 || start > text.len) {
        release_text(&text);
        PyErr_SetString(PyExc_ValueError, "start is outside of the text");
        return NULL;
    }
    match_builder builder = {.versions = versions != 0};
    size_t consumed = 0;
    bool done;
    Py_BEGIN_ALLOW_THREADS
    done = scan_into(&builder, text.text, (size_t)start, (size_t)text.len, base, flags, &consumed);
    Py_END_ALLOW_THREADS
    release_text(&text);
    if (!done) {
        column_release(builder.col);
        return PyErr_NoMemory();
    }
    PyObject *matches = matches_array(module, &builder);
    return matches == NULL ? NULL : Py_BuildValue("(Nn)", matches, (Py_ssize_t)consumed);
}

/* ---- scan_lines ---------------------------------------------------------------------------------- */

typedef struct scan_target {
    match_builder builder;
    int32_t *offsets;
    uint8_t *validity;
    unsigned flags;
    bool too_many;
} scan_target;

static bool scan_block(void *context, size_t start, const block *b) {
    scan_target *t = context;
    for (size_t i = 0; i < b->n; i++) {
        if (b->texts[i] != NULL) {
            set_bit(t->validity, start + i);
            if (!scan_into(&t->builder, b->texts[i], 0, b->lengths[i], 0, t->flags, NULL))
                return false;
        }
        size_t n = t->builder.col == NULL ? 0 : t->builder.col->length;
        if (n > INT32_MAX) {
            t->too_many = true;
            return false;
        }
        t->offsets[start + i + 1] = (int32_t)n;
    }
    return true;
}

static column *scan_chunk(const chunk *c, unsigned flags, bool versions) {
    column *out = column_new(&type_matches, c->n);
    scan_target target = {.builder = {.col = column_new(&type_match, 0), .versions = versions},
                          .flags = flags};
    if (out == NULL || target.builder.col == NULL || !column_allocate(out, 0, bitmap_size(c->n)) ||
        !column_allocate(out, 1, (c->n + 1) * sizeof(int32_t)))
        goto no_memory;
    for (int i = 0; i < type_match.n_fields; i++)
        if (!column_allocate(target.builder.col->fields[i], 1, 0))
            goto no_memory;
    target.validity = memset(out->buffers[0], 0, bitmap_size(c->n));
    target.offsets = out->buffers[1];
    target.offsets[0] = 0;
    if (for_each_block(c, scan_block, &target) < 0)
        goto fail;
    column_set_valid(out, count_bits(target.validity, c->n));
    column_release(out->fields[0]);
    out->fields[0] = target.builder.col;
    return expand_dictionary(c, out);
no_memory:
    PyErr_NoMemory();
fail:
    if (target.too_many)
        PyErr_SetString(PyExc_ValueError, "a chunk has more than 2147483647 addresses");
    column_release(target.builder.col);
    column_release(out);
    return NULL;
}

static PyObject *column_scan_lines(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "flags", "versions", NULL};
    PyObject *object;
    unsigned flags = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    int versions = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$Ip:scan_lines", names, &object,
                                     &flags, &versions))
        return NULL;
    input in;
    if (open_input(&in, object) < 0)
        return NULL;
    chunk_list list = {0};
    int more;
    while ((more = next_chunk(&in)) == 1) {
        if (!append_chunk(&list,
                          scan_chunk(&in.current, flags & ~SIMDINET_SCAN_PARTIAL, versions != 0))) {
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
    return new_array(state_of(module), &type_matches, &list);
}

#define FIELDS                                                                                     \
    "offset (uint64) and length (uint16) are in bytes of the text, family (uint8) is 4 or 6,\n"    \
    "flags (uint32) are of Match, address has 16 bytes (IPv4 as ::ffff:a.b.c.d), port (uint16) "   \
    "is\n"                                                                                         \
    "0 without Match.PORT, rule (uint8) is why a candidate is rejected. Matches that look like "   \
    "version numbers\n"                                                                            \
    "(Match.VERSION) are left out unless versions is true.\n\n"

PyDoc_STRVAR(scan_doc,
             "scan(text, /, *, flags=Scan.IPV4 | Scan.IPV6, versions=False)\n\n"
             "The addresses in a text, str or bytes-like: an Array of structs, one for each, in "
             "order.\n\n" FIELDS
             ">>> found = simdinet.scan('from 192.0.2.1 to [2001:db8::1]:443')\n"
             ">>> [(match['offset'], match['length'], match['family']) for match in found]\n"
             "[(5, 9, 4), (19, 11, 6)]\n");
PyDoc_STRVAR(
    scan_lines_doc,
    "scan_lines(column, /, *, flags=Scan.IPV4 | Scan.IPV6, versions=False)\n\n"
    "The addresses in each of n texts: an Array of n lists of structs.\n\n" FIELDS
    ">>> [len(found) for found in simdinet.scan_lines(['192.0.2.1 ::1', 'none'])]\n[2, 0]\n");

PyMethodDef columns_scan_methods[] = {
    {"scan", (PyCFunction)(void (*)(void))column_scan, METH_VARARGS | METH_KEYWORDS, scan_doc},
    {"scan_lines", (PyCFunction)(void (*)(void))column_scan_lines, METH_VARARGS | METH_KEYWORDS,
     scan_lines_doc},
    {"scan_part", column_scan_part, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
