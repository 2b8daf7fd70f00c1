/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_scan.c - scan, and scan_lines. */
#include "map.h"
#include "matches.h"
#include "scan_rows.h"
#include "text.h"
#include "text_builder.h"

#include <stdlib.h>
#include <string.h>

int convert_scan_flags(PyObject *object, void *to) {
    long flags = PyLong_AsLong(object);
    if (flags == -1 && PyErr_Occurred())
        return 0;
    if (flags < 0 || flags > INT32_MAX) {
        PyErr_Format(PyExc_ValueError, "flags must be of simdinet.Scan, not %ld", flags);
        return 0;
    }
    *(unsigned *)to = (unsigned)flags;
    return 1;
}

/* The exception of a builder that failed; frees its column. */
static PyObject *raise_builder_error(match_builder *builder) {
    if (builder->addresses.too_long)
        PyErr_SetString(
            PyExc_ValueError,
            "the addresses in the text exceed 2 GiB; simdinet.open reads it in batches");
    else
        PyErr_NoMemory();
    column_release(builder->col);
    return NULL;
}

static PyObject *matches_array(PyObject *module, match_builder *builder) {
    chunk_list list = {0};
    builder_shrink(builder);
    return append_chunk(&list, builder->col) ? new_array(state_of(module), &type_match, &list)
                                             : PyErr_NoMemory();
}

static PyObject *column_scan(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "flags", "versions", NULL};
    PyObject *object;
    unsigned flags = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    int versions = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$O&p:scan", names, &object,
                                     convert_scan_flags, &flags, &versions))
        return NULL;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    match_builder builder = {0};
    bool done;
    Py_BEGIN_ALLOW_THREADS
    done =
        builder_open(&builder, 0) && scan_into(&builder, text.text, 0, (size_t)text.len, 0,
                                               flags & ~SIMDINET_SCAN_PARTIAL, versions != 0, NULL);
    Py_END_ALLOW_THREADS
    release_text(&text);
    if (!done)
        return raise_builder_error(&builder);
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
    if (!PyArg_ParseTuple(arguments, "OnKO&p:scan_part", &object, &start, &base, convert_scan_flags,
                          &flags, &versions))
        return NULL;
    text_argument text;
    if (convert_text(object, &text) < 0)
        return NULL;
    if (start < 0 || start > text.len) {
        release_text(&text);
        PyErr_SetString(PyExc_ValueError, "start is outside of the text");
        return NULL;
    }
    match_builder builder = {0};
    size_t consumed = 0;
    bool done;
    Py_BEGIN_ALLOW_THREADS
    done =
        builder_open(&builder, 0) && scan_into(&builder, text.text, (size_t)start, (size_t)text.len,
                                               base, flags, versions != 0, &consumed);
    Py_END_ALLOW_THREADS
    release_text(&text);
    if (!done)
        return raise_builder_error(&builder);
    PyObject *matches = matches_array(module, &builder);
    return matches == NULL ? NULL : Py_BuildValue("(Nn)", matches, (Py_ssize_t)consumed);
}

/* ---- scan_lines and scan_texts ------------------------------------------------------------------- */

static bool store_structs(void *context, const char *text, const simdinet_match *matches,
                          const size_t *row_starts, size_t n) {
    (void)text;
    return builder_append(context, matches, row_starts, 0, n);
}

static bool store_texts(void *context, const char *text, const simdinet_match *matches,
                        const size_t *row_starts, size_t n) {
    (void)row_starts;
    text_builder *builder = context;
    for (size_t i = 0; i < n; i++)
        if (!text_write(builder, text + matches[i].offset, matches[i].length) || !text_end(builder))
            return false;
    return true;
}

static column *scan_values(const chunk *c, const scan_options *options) {
    column *out = column_new(options->type, c->n);
    if (out == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    column_release(out->fields[0]);
    out->fields[0] = NULL;
    int failed = -1;
    if (options->type == &type_matches) {
        match_builder builder = {0};
        if (!builder_open(&builder, c->n))
            PyErr_NoMemory();
        else
            failed = scan_rows_into(c, options, store_structs, &builder, out);
        if (failed == 0)
            builder_shrink(&builder);
        if (builder.addresses.too_long)
            PyErr_SetString(PyExc_ValueError, "the addresses in a chunk exceed 2 GiB");
        out->fields[0] = builder.col;
    } else {
        text_builder builder = {0};
        if (!text_open(&builder, &type_text, c->n))
            PyErr_NoMemory();
        else
            failed = scan_rows_into(c, options, store_texts, &builder, out);
        if (failed == 0)
            text_shrink(&builder);
        if (builder.too_long)
            PyErr_SetString(PyExc_ValueError,
                            "the addresses of a chunk have more than 2 GiB of text");
        out->fields[0] = builder.col;
    }
    if (failed < 0) {
        column_release(out);
        return NULL;
    }
    return out;
}

static bool scan_rows_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                            chunk_list *families) {
    (void)i;
    (void)families;
    return append_expanded(out, c, scan_values(c, context));
}

static PyObject *scan_column(PyObject *module, PyObject *arguments, PyObject *keywords,
                             const char *format, const column_type *type) {
    static char *names[] = {"", "flags", "versions", NULL};
    PyObject *object;
    scan_options options = {.type = type, .flags = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6};
    int versions = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, format, names, &object,
                                     convert_scan_flags, &options.flags, &versions))
        return NULL;
    options.flags &= ~SIMDINET_SCAN_PARTIAL;
    options.versions = versions != 0;
    return map_chunks(module, object, type, false, scan_rows_chunk, &options);
}

static PyObject *column_scan_lines(PyObject *module, PyObject *arguments, PyObject *keywords) {
    return scan_column(module, arguments, keywords, "O|$O&p:scan_lines", &type_matches);
}

/* scan_texts(column, *, flags, versions): the same as texts, an Array of n lists of str. */
static PyObject *column_scan_texts(PyObject *module, PyObject *arguments, PyObject *keywords) {
    return scan_column(module, arguments, keywords, "O|$O&p:scan_texts", &type_texts);
}

/* clang-format off */
#define FIELDS \
    "family (uint8) is 4 or 6, flags (uint32) are of Match. address (binary) has 4 or 16 bytes,\n" \
    "as of parse_packed; format, networks, classify and truncate take it. port (uint16) is 0\n" \
    "without Match.PORT, which marks ports that are written as part of the address, as in\n" \
    "192.0.2.1.443 of tcpdump; a port after a colon, as in 192.0.2.1:443 and [::1]:443, is not\n" \
    "read. rule (uint8), a Rule, is why a candidate is rejected. flags are of Scan; by default\n" \
    "IPV4 and IPV6. Matches that look like version numbers (Match.VERSION) are left out unless\n" \
    "versions is true.\n\n"
/* clang-format on */

PyDoc_STRVAR(scan_doc,
             "scan(text, /, *, flags=3, versions=False)\n--\n\n"
             "The addresses in a text, str or bytes-like: an Array of structs, one for each, in\n"
             "order.\n\n"
             "offset (uint64) and length (uint16) are in bytes, those of UTF-8 of a str.\n" FIELDS
             ">>> found = simdinet.scan('from 192.0.2.1 to [2001:db8::1]:443')\n"
             ">>> [(match['offset'], match['length'], match['family']) for match in found]\n"
             "[(5, 9, 4), (19, 11, 6)]\n");
PyDoc_STRVAR(
    scan_lines_doc,
    "scan_lines(column, /, *, flags=3, versions=False)\n--\n\n"
    "The addresses in each of n texts: an Array of n lists of structs, null for nulls.\n\n"
    "offset (uint64) and length (uint16) are in bytes, in characters of a NumPy array of "
    "U.\n" FIELDS
    ">>> [len(found) for found in simdinet.scan_lines(['192.0.2.1 ::1', 'none'])]\n[2, 0]\n");

PyMethodDef columns_scan_methods[] = {
    {"scan", (PyCFunction)(void (*)(void))column_scan, METH_VARARGS | METH_KEYWORDS, scan_doc},
    {"scan_lines", (PyCFunction)(void (*)(void))column_scan_lines, METH_VARARGS | METH_KEYWORDS,
     scan_lines_doc},
    {"scan_texts", (PyCFunction)(void (*)(void))column_scan_texts, METH_VARARGS | METH_KEYWORDS,
     NULL},
    {"scan_part", column_scan_part, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
