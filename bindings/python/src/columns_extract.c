/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_extract.c - extract_lines: the addresses in each value of a column, with their texts. */
#include "map.h"
#include "scan_rows.h"
#include "text_builder.h"

#include <stdlib.h>

enum { FIELD_OFFSET, FIELD_LENGTH, FIELD_FAMILY, FIELD_ADDRESS, FIELD_TEXT };

/* The fields of type_extracted: numbers with memory for as many matches, bytes, text. */
typedef struct extraction {
    column *col;
    size_t capacity;
    text_builder addresses, texts;
} extraction;

static bool resize_numbers(extraction *e, size_t capacity) {
    for (int i = FIELD_OFFSET; i <= FIELD_FAMILY; i++) {
        column *field = e->col->fields[i];
        void *larger = realloc(field->buffers[1], capacity * field->type->width + 1);
        if (larger == NULL)
            return false;
        field->buffers[1] = larger;
    }
    e->capacity = capacity;
    return true;
}

static bool open_extraction(extraction *e, size_t capacity) {
    *e = (extraction){.col = column_new(&type_extracted, 0)};
    if (e->col == NULL || !resize_numbers(e, capacity))
        return false;
    column **fields = e->col->fields;
    column_release(fields[FIELD_ADDRESS]);
    column_release(fields[FIELD_TEXT]);
    fields[FIELD_ADDRESS] = fields[FIELD_TEXT] = NULL;
    const bool opened = text_open(&e->addresses, &type_binary, capacity) &&
                        text_open(&e->texts, &type_text, capacity);
    fields[FIELD_ADDRESS] = e->addresses.col;
    fields[FIELD_TEXT] = e->texts.col;
    return opened;
}

static bool store_extracted(void *context, const char *text, const simdinet_match *matches,
                            const size_t *row_starts, size_t n) {
    extraction *e = context;
    const size_t stored = e->col->length;
    if (stored + n > e->capacity && !resize_numbers(e, (stored + n) * 2))
        return false;
    column **fields = e->col->fields;
    int64_t *offsets = (int64_t *)fields[FIELD_OFFSET]->buffers[1] + stored;
    int32_t *lengths = (int32_t *)fields[FIELD_LENGTH]->buffers[1] + stored;
    int8_t *families = (int8_t *)fields[FIELD_FAMILY]->buffers[1] + stored;
    for (size_t i = 0; i < n; i++) {
        const simdinet_match *match = &matches[i];
        offsets[i] = (int64_t)(match->offset - row_starts[i]);
        lengths[i] = match->length;
        families[i] = (int8_t)match->family;
        if (!text_write(&e->addresses, match->address, match->family == 4 ? 4 : 16) ||
            !text_end(&e->addresses) ||
            !text_write(&e->texts, text + match->offset, match->length) || !text_end(&e->texts))
            return false;
    }
    e->col->length += n;
    for (int i = FIELD_OFFSET; i <= FIELD_FAMILY; i++)
        fields[i]->length = e->col->length;
    return true;
}

static column *extract_values(const chunk *c, const scan_options *options) {
    column *out = column_new(&type_extractions, c->n);
    if (out == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    extraction e;
    int failed = -1;
    if (!open_extraction(&e, c->n))
        PyErr_NoMemory();
    else
        failed = scan_rows_into(c, options, store_extracted, &e, out);
    if (e.addresses.too_long || e.texts.too_long)
        PyErr_SetString(PyExc_ValueError, "the addresses of a chunk exceed 2 GiB");
    column_release(out->fields[0]);
    out->fields[0] = e.col;
    if (failed < 0) {
        column_release(out);
        return NULL;
    }
    text_shrink(&e.addresses);
    text_shrink(&e.texts);
    return out;
}

static bool extract_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                          chunk_list *families) {
    (void)i;
    (void)families;
    return append_expanded(out, c, extract_values(c, context));
}

static PyObject *column_extract_lines(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "flags", "versions", NULL};
    PyObject *object;
    scan_options options = {.type = &type_extractions,
                            .flags = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6};
    int versions = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$O&p:extract_lines", names, &object,
                                     convert_scan_flags, &options.flags, &versions))
        return NULL;
    options.flags &= ~(unsigned)(SIMDINET_SCAN_PARTIAL | SIMDINET_SCAN_REJECTED);
    options.versions = versions != 0;
    return map_chunks(module, object, &type_extractions, false, extract_chunk, &options);
}

PyMethodDef columns_extract_methods[] = {
    {"extract_lines", (PyCFunction)(void (*)(void))column_extract_lines,
     METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
