/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_rewrite.c - truncate_lines: the values of a column of text with every address truncated. */
#include "gather.h"
#include "map.h"
#include "text_builder.h"
#include "truncate_text.h"

typedef struct rewrite_target {
    const truncation *truncated;
    text_builder builder;
    uint8_t *validity;
} rewrite_target;

static bool append_text(void *context, const char *text, size_t len) {
    return text_write(context, text, len);
}

static bool rewrite_block(void *context, size_t start, const block *b) {
    rewrite_target *t = context;
    for (size_t i = 0; i < b->n; i++) {
        if (b->texts[i] != NULL) {
            set_bit(t->validity, start + i);
            if (!truncate_text(t->truncated, b->texts[i], b->lengths[i], append_text, &t->builder))
                return false;
        }
        if (!text_end(&t->builder))
            return false;
    }
    return true;
}

static column *rewrite_values(const chunk *c, const truncation *truncated) {
    rewrite_target target = {.truncated = truncated};
    int failed = -1;
    if (!text_open(&target.builder, &type_text, c->n) ||
        !column_allocate(target.builder.col, 0, bitmap_size(c->n))) {
        PyErr_NoMemory();
    } else {
        target.validity = memset(target.builder.col->buffers[0], 0, bitmap_size(c->n));
        failed = for_each_block(c, rewrite_block, &target);
    }
    if (target.builder.too_long)
        PyErr_SetString(PyExc_ValueError, "the text of a chunk exceeds 2 GiB");
    column *out = target.builder.col;
    if (failed < 0) {
        column_release(out);
        return NULL;
    }
    column_set_valid(out, count_bits(target.validity, c->n));
    text_shrink(&target.builder);
    return out;
}

static bool rewrite_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                          chunk_list *families) {
    (void)i;
    (void)families;
    return append_expanded(out, c, rewrite_values(c, context));
}

static PyObject *column_truncate_lines(PyObject *module, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"", "ipv4", "ipv6", NULL};
    PyObject *object;
    int ipv4 = 24, ipv6 = 48;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|$ii:truncate_lines", names, &object,
                                     &ipv4, &ipv6))
        return NULL;
    if (ipv4 < 0 || ipv4 > 32 || ipv6 < 0 || ipv6 > 128)
        return PyErr_Format(PyExc_ValueError, "invalid prefix lengths %d and %d", ipv4, ipv6);
    truncation truncated = truncation_of((unsigned)ipv4, (unsigned)ipv6);
    return map_chunks(module, object, &type_text, false, rewrite_chunk, &truncated);
}

PyMethodDef columns_rewrite_methods[] = {
    {"truncate_lines", (PyCFunction)(void (*)(void))column_truncate_lines,
     METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
