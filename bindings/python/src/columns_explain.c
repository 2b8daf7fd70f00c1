/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_explain.c - explain_column. */
#include "gather.h"
#include "map.h"
#include "parser.h"

#include <stdlib.h>

typedef struct explain_target {
    const address_parser *parser;
    uint8_t *reasons;
    uint32_t *offsets;
} explain_target;

static bool explain_block(void *context, size_t start, const block *b) {
    explain_target *t = context;
    uint8_t addresses[8 * 16], validity[1], families[1];
    for (size_t i = 0; i < b->n; i++) {
        if (i % 8 == 0)
            t->parser->pointers(b->texts + i, b->lengths + i, b->n - i < 8 ? b->n - i : 8, NULL,
                                addresses, validity, families);
        simdinet_reason reason = SIMDINET_REASON_NONE;
        size_t at = 0;
        if (b->texts[i] == NULL)
            reason = SIMDINET_REASON_NULL;
        else if (!(validity[0] >> i % 8 & 1))
            reason = t->parser->explain(b->texts[i], b->lengths[i], &at);
        t->reasons[start + i] = (uint8_t)reason;
        t->offsets[start + i] = at > UINT32_MAX ? UINT32_MAX : (uint32_t)at;
    }
    return true;
}

/* A value without an index into the dictionary is null, which is explained, too. */
static void explain_null_indices(column *out) {
    uint8_t *reasons = out->fields[0]->buffers[1];
    for (size_t i = 0; out->buffers[0] != NULL && i < out->length; i++)
        if (!get_bit(out->buffers[0], i))
            reasons[i] = SIMDINET_REASON_NULL;
    column *all[] = {out, out->fields[0], out->fields[1]};
    for (int i = 0; i < 3; i++) {
        free(all[i]->buffers[0]);
        all[i]->buffers[0] = NULL;
        all[i]->null_count = 0;
    }
}

static column *explain_values(const chunk *c, const address_parser *parser) {
    column *out = column_new(&type_explanation, c->n);
    if (out == NULL || !column_allocate(out->fields[0], 1, c->n) ||
        !column_allocate(out->fields[1], 1, c->n * sizeof(uint32_t))) {
        column_release(out);
        PyErr_NoMemory();
        return NULL;
    }
    explain_target target = {parser, out->fields[0]->buffers[1], out->fields[1]->buffers[1]};
    if (for_each_block(c, explain_block, &target) < 0) {
        column_release(out);
        return NULL;
    }
    out = expand_dictionary(c, out);
    if (out != NULL)
        explain_null_indices(out);
    return out;
}

static bool explain_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                          chunk_list *families) {
    (void)i;
    (void)families;
    return append_chunk(out, explain_values(c, context));
}

static PyObject *column_explain(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "family", NULL};
    PyObject *object, *family = Py_None;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$O:explain_column", names, &object,
                                     &family))
        return NULL;
    const address_parser *parser = &mixed_parser;
    if (family != Py_None) {
        long number = PyLong_AsLong(family);
        if (number == -1 && PyErr_Occurred())
            return NULL;
        if (number != 4 && number != 6) {
            PyErr_SetString(PyExc_ValueError, "family must be 4, 6 or None");
            return NULL;
        }
        parser = number == 4 ? &ipv4_parser : &ipv6_parser;
    }
    return map_chunks(module, object, &type_explanation, false, explain_chunk,
                      (void *)(uintptr_t)parser);
}

PyDoc_STRVAR(
    explain_doc,
    "explain_column(column, /, *, family=None)\n--\n\n"
    "Why each of n texts is not an address: an Array of n structs of reason (uint8, a Reason)\n"
    "and offset (uint32, in bytes of the text).\n\n"
    "family is 4, 6, or None for both. An address has Reason.NONE, a null Reason.NULL.\n\n"
    ">>> simdinet.explain_column(['192.0.2.1', '192.0.2.256']).to_pylist()\n"
    "[{'reason': 0, 'offset': 0}, {'reason': 5, 'offset': 8}]\n");

PyMethodDef columns_explain_methods[] = {
    {"explain_column", (PyCFunction)(void (*)(void))column_explain, METH_VARARGS | METH_KEYWORDS,
     explain_doc},
    {NULL, NULL, 0, NULL},
};
