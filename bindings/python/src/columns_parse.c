/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_parse.c - parse_ipv4, parse_ipv6, parse_mixed, is_ip, is_ipv4 and is_ipv6. */
#include "gather.h"
#include "map.h"
#include "parser.h"
#include "simdinet.h"

#include <stdlib.h>
#include <string.h>

/* ---- the functions of the three families, with one signature ------------------------------------- */

#define SINGLE_FAMILY(family)                                                                      \
    static size_t family##_text32(const char *bytes, const int32_t *offsets, size_t n,             \
                                  const uint8_t *validity, uint8_t *out, uint8_t *out_validity,    \
                                  uint8_t *families) {                                             \
        (void)families;                                                                            \
        return simdinet_parse_##family##_column(bytes, offsets, n, validity, out, out_validity);   \
    }                                                                                              \
    static size_t family##_text64(const char *bytes, const int64_t *offsets, size_t n,             \
                                  const uint8_t *validity, uint8_t *out, uint8_t *out_validity,    \
                                  uint8_t *families) {                                             \
        (void)families;                                                                            \
        return simdinet_parse_##family##_column64(bytes, offsets, n, validity, out, out_validity); \
    }                                                                                              \
    static size_t family##_pointers(const char *const *texts, const size_t *lengths, size_t n,     \
                                    const uint8_t *validity, uint8_t *out, uint8_t *out_validity,  \
                                    uint8_t *families) {                                           \
        (void)families;                                                                            \
        return simdinet_parse_##family##_pointers(texts, lengths, n, validity, out, out_validity); \
    }
SINGLE_FAMILY(ipv4)
SINGLE_FAMILY(ipv6)

const address_parser ipv4_parser = {4,           false,         ipv4_text32,
                                    ipv4_text64, ipv4_pointers, simdinet_explain_ipv4};
const address_parser ipv6_parser = {16,          false,         ipv6_text32,
                                    ipv6_text64, ipv6_pointers, simdinet_explain_ipv6};
const address_parser mixed_parser = {16,
                                     true,
                                     simdinet_parse_mixed_column,
                                     simdinet_parse_mixed_column64,
                                     simdinet_parse_mixed_pointers,
                                     simdinet_explain_mixed};

/* ---- one chunk ----------------------------------------------------------------------------------- */

/* The longest text of an address has 45 bytes: of a longer text, as many bytes as are no address either. */
#define MAX_COPIED 46

/* A block as an Arrow string array, whose kernels parse several values at a time. */
typedef struct packed_block {
    int32_t offsets[BLOCK_SIZE + 1];
    char bytes[BLOCK_SIZE * MAX_COPIED];
} packed_block;

typedef struct parse_target {
    const address_parser *parser;
    uint8_t *out; /* of n addresses, or of one block that is written again and again */
    bool one_block;
    uint8_t *validity; /* 1 for an address */
    uint8_t *families; /* NULL unless mixed */
    size_t n_valid;
    uint8_t *not_null; /* set to 1 for values of blocks that are not null, unless NULL */
    packed_block *packed;
} parse_target;

/* Where the results of the values from start on are written. */
static uint8_t *out_at(const parse_target *t, size_t start) {
    return t->one_block ? t->out : t->out + start * t->parser->width;
}

static uint8_t *families_at(const parse_target *t, size_t start) {
    return t->families == NULL ? NULL : t->families + start / 8;
}

static bool parse_block(void *context, size_t start, const block *b) {
    parse_target *t = context;
    packed_block *packed = t->packed;
    int32_t at = 0;
    for (size_t i = 0; i < b->n; i++) {
        packed->offsets[i] = at;
        if (b->texts[i] == NULL)
            continue;
        if (t->not_null != NULL)
            set_bit(t->not_null, start + i);
        size_t len = b->lengths[i] < MAX_COPIED ? b->lengths[i] : MAX_COPIED;
        memcpy(packed->bytes + at, b->texts[i], len);
        at += (int32_t)len;
    }
    packed->offsets[b->n] = at;
    t->n_valid += t->parser->text32(packed->bytes, packed->offsets, b->n, NULL, out_at(t, start),
                                    t->validity + start / 8, families_at(t, start));
    return true;
}

/* Parses a block with 64-bit offsets as one with 32-bit offsets, from its first byte on, if they fit. */
static size_t parse_text64(const parse_target *t, const char *bytes, const int64_t *offsets,
                           size_t n, const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                           uint8_t *families) {
    uint64_t any = 0;
    for (size_t i = 0; i <= n; i++) {
        uint64_t offset = (uint64_t)offsets[i] - (uint64_t)offsets[0];
        any |= offset;
        t->packed->offsets[i] = (int32_t)(uint32_t)offset;
    }
    if (any > INT32_MAX)
        return t->parser->text64(bytes, offsets, n, validity, out, out_validity, families);
    return t->parser->text32(bytes == NULL ? NULL : bytes + offsets[0], t->packed->offsets, n,
                             validity, out, out_validity, families);
}

static void parse_text(const chunk *c, parse_target *t) {
    const uint8_t *validity = copy_validity(c, t->validity) ? t->validity : NULL;
    size_t step = t->one_block || c->kind == CHUNK_TEXT64 ? BLOCK_SIZE : c->n;
    for (size_t start = 0; start < c->n; start += step) {
        size_t n = c->n - start < step ? c->n - start : step;
        const uint8_t *valid = validity == NULL ? NULL : validity + start / 8;
        if (c->kind == CHUNK_TEXT32)
            t->n_valid +=
                t->parser->text32(c->bytes, (const int32_t *)c->offsets + start, n, valid,
                                  out_at(t, start), t->validity + start / 8, families_at(t, start));
        else
            t->n_valid +=
                parse_text64(t, c->bytes, (const int64_t *)c->offsets + start, n, valid,
                             out_at(t, start), t->validity + start / 8, families_at(t, start));
    }
}

static int parse_chunk(const chunk *c, parse_target *t) {
    t->packed = malloc(sizeof *t->packed);
    if (t->packed == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int failed = 0;
    if (c->kind != CHUNK_TEXT32 && c->kind != CHUNK_TEXT64) {
        failed = for_each_block(c, parse_block, t);
    } else if (c->n > GIL_VALUES) {
        Py_BEGIN_ALLOW_THREADS
        parse_text(c, t);
        Py_END_ALLOW_THREADS
    } else {
        parse_text(c, t);
    }
    free(t->packed);
    return failed;
}

int parse_values(const chunk *c, const address_parser *parser, column **addresses,
                 column **families) {
    *families = NULL;
    *addresses = column_new(parser->width == 4 ? &type_ipv4 : &type_ipv6, c->n);
    if (*addresses == NULL || !column_allocate(*addresses, 0, bitmap_size(c->n)) ||
        !column_allocate(*addresses, 1, c->n * parser->width))
        goto no_memory;
    parse_target target = {
        .parser = parser, .out = (*addresses)->buffers[1], .validity = (*addresses)->buffers[0]};
    if (parser->mixed) {
        *families = column_new(&type_bool, c->n);
        if (*families == NULL || !column_allocate(*families, 0, bitmap_size(c->n)) ||
            !column_allocate(*families, 1, bitmap_size(c->n)))
            goto no_memory;
        target.families = (*families)->buffers[1];
    }
    if (parse_chunk(c, &target) < 0)
        goto fail;
    if (parser->mixed) {
        memcpy((*families)->buffers[0], target.validity, bitmap_size(c->n));
        column_set_valid(*families, target.n_valid);
    }
    column_set_valid(*addresses, target.n_valid);
    return 0;
no_memory:
    PyErr_NoMemory();
fail:
    column_release(*addresses);
    column_release(*families);
    *addresses = *families = NULL;
    return -1;
}

static bool parse_column_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                               chunk_list *families_out) {
    (void)i;
    column *addresses, *families;
    const address_parser *parser = context;
    if (parse_values(c, parser, &addresses, &families) < 0)
        return false;
    bool done = append_chunk(out, expand_dictionary(c, addresses));
    if (!done)
        column_release(families);
    else if (parser->mixed)
        done = append_chunk(families_out, expand_dictionary(c, families));
    return done;
}

static PyObject *parse_column(PyObject *module, PyObject *object, const address_parser *parser) {
    return map_chunks(module, object, parser->width == 4 ? &type_ipv4 : &type_ipv6, parser->mixed,
                      parse_column_chunk, (void *)(uintptr_t)parser);
}

static PyObject *column_parse_ipv4(PyObject *module, PyObject *object) {
    return parse_column(module, object, &ipv4_parser);
}

static PyObject *column_parse_ipv6(PyObject *module, PyObject *object) {
    return parse_column(module, object, &ipv6_parser);
}

static PyObject *column_parse_mixed(PyObject *module, PyObject *object) {
    return parse_column(module, object, &mixed_parser);
}

/* ---- is_ipv4, is_ipv6 ---------------------------------------------------------------------------- */

static column *test_values(const chunk *c, const address_parser *parser) {
    column *out = column_new(&type_bool, c->n);
    uint8_t *scratch = malloc(BLOCK_SIZE * 16);
    uint8_t *families = malloc(parser->mixed ? bitmap_size(c->n) + 1 : 1);
    parse_target target = {.parser = parser, .out = scratch, .one_block = true};
    bool object = c->kind == CHUNK_OBJECTS;
    if (out == NULL || scratch == NULL || families == NULL ||
        !column_allocate(out, 0, bitmap_size(c->n)) ||
        !column_allocate(out, 1, bitmap_size(c->n))) {
        PyErr_NoMemory();
        goto fail;
    }
    target.families = parser->mixed ? families : NULL;
    target.validity = out->buffers[1];
    if (object)
        target.not_null = memset(out->buffers[0], 0, bitmap_size(c->n));
    if (parse_chunk(c, &target) < 0)
        goto fail;
    /* The values that are null stay null. */
    bool nulls = object || copy_validity(c, out->buffers[0]);
    column_set_valid(out, nulls ? count_bits(out->buffers[0], c->n) : c->n);
    free(scratch);
    free(families);
    return expand_dictionary(c, out);
fail:
    free(scratch);
    free(families);
    column_release(out);
    return NULL;
}

static bool test_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                       chunk_list *families) {
    (void)i;
    (void)families;
    return append_chunk(out, test_values(c, context));
}

static PyObject *test_column(PyObject *module, PyObject *object, const address_parser *parser) {
    return map_chunks(module, object, &type_bool, false, test_chunk, (void *)(uintptr_t)parser);
}

static PyObject *column_is_ipv4(PyObject *module, PyObject *object) {
    return test_column(module, object, &ipv4_parser);
}

static PyObject *column_is_ipv6(PyObject *module, PyObject *object) {
    return test_column(module, object, &ipv6_parser);
}

static PyObject *column_is_ip(PyObject *module, PyObject *object) {
    return test_column(module, object, &mixed_parser);
}

#define COLUMN_DOC                                                                                 \
    "column is an Arrow array or stream of string, large_string, string_view, binary or\n"         \
    "dictionary (pyarrow, Polars, pandas 3, DuckDB, nanoarrow), a NumPy array of S or U, or a\n"   \
    "sequence of str, bytes and None. A null stays null. Raises TypeError for other columns.\n\n"

PyDoc_STRVAR(
    parse_ipv4_doc,
    "parse_ipv4(column, /)\n--\n\n"
    "The IPv4 addresses of a column of n texts: an Array of n values of 4 bytes in network\n"
    "order; a text that is not an address becomes null.\n\n" COLUMN_DOC
    ">>> simdinet.parse_ipv4(['192.0.2.1', 'x', None]).to_pylist()\n"
    "[b'\\xc0\\x00\\x02\\x01', None, None]\n");
PyDoc_STRVAR(
    parse_ipv6_doc,
    "parse_ipv6(column, /)\n--\n\n"
    "The IPv6 addresses of a column of n texts: an Array of n values of 16 bytes in network\n"
    "order; a text that is not an address becomes null.\n\n" COLUMN_DOC
    ">>> simdinet.parse_ipv6(['::1', '192.0.2.1'])[0].hex()\n"
    "'00000000000000000000000000000001'\n");
PyDoc_STRVAR(
    parse_mixed_doc,
    "parse_mixed(column, /)\n--\n\n"
    "The addresses of both families of a column of n texts: an Array of n values of 16 bytes\n"
    "in network order, IPv4 as ::ffff:a.b.c.d. Its attribute families is an Array of n bool,\n"
    "True where the text is IPv6; format uses it.\n\n" COLUMN_DOC
    ">>> addresses = simdinet.parse_mixed(['::1', '192.0.2.1', 'x'])\n"
    ">>> addresses.families.to_pylist()\n[True, False, None]\n"
    ">>> simdinet.format(addresses).to_pylist()\n['::1', '192.0.2.1', None]\n");
PyDoc_STRVAR(is_ipv4_doc, "is_ipv4(column, /)\n--\n\n"
                          "An Array of n bool: whether each text is an IPv4 address.\n\n" COLUMN_DOC
                          ">>> simdinet.is_ipv4(['192.0.2.1', '::1', None]).to_pylist()\n"
                          "[True, False, None]\n");
PyDoc_STRVAR(is_ipv6_doc, "is_ipv6(column, /)\n--\n\n"
                          "An Array of n bool: whether each text is an IPv6 address.\n\n" COLUMN_DOC
                          ">>> simdinet.is_ipv6(['192.0.2.1', '::1', None]).to_pylist()\n"
                          "[False, True, None]\n");

PyDoc_STRVAR(is_ip_doc,
             "is_ip(column, /)\n--\n\n"
             "An Array of n bool: whether each text is an address of either family.\n\n" COLUMN_DOC
             ">>> simdinet.is_ip(['192.0.2.1', '::1', 'x', None]).to_pylist()\n"
             "[True, True, False, None]\n");

PyMethodDef columns_parse_methods[] = {
    {"parse_ipv4", column_parse_ipv4, METH_O, parse_ipv4_doc},
    {"parse_ipv6", column_parse_ipv6, METH_O, parse_ipv6_doc},
    {"parse_mixed", column_parse_mixed, METH_O, parse_mixed_doc},
    {"is_ip", column_is_ip, METH_O, is_ip_doc},
    {"is_ipv4", column_is_ipv4, METH_O, is_ipv4_doc},
    {"is_ipv6", column_is_ipv6, METH_O, is_ipv6_doc},
    {NULL, NULL, 0, NULL},
};
