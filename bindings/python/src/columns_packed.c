/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_packed.c - parse_packed: addresses of 4 or 16 bytes in one column. */
#include "addresses.h"
#include "gather.h"
#include "map.h"
#include "parser.h"

#include <string.h>

/* Writes the offsets and bytes of n addresses; returns how many bytes. */
static size_t pack(const uint8_t *from, const uint8_t *ipv6, const uint8_t *validity, size_t n,
                   int32_t *offsets, uint8_t *to) {
    size_t used = 0;
    for (size_t i = 0; i < n; i++, from += 16) {
        offsets[i] = (int32_t)used;
        if (validity != NULL && !get_bit(validity, i))
            continue;
        size_t size = get_bit(ipv6, i) ? 16 : 4;
        memcpy(to + used, from + 16 - size, size);
        used += size;
    }
    offsets[n] = (int32_t)used;
    return used;
}

column *pack_addresses(const uint8_t *bytes, const uint8_t *families, const uint8_t *validity,
                       size_t n) {
    column *out = column_new(&type_binary, n);
    if (n > INT32_MAX / 16) {
        PyErr_Format(PyExc_ValueError, "a chunk of %zu addresses is too long; the limit is %d", n,
                     INT32_MAX / 16);
    } else if (out == NULL || !column_allocate(out, 1, (n + 1) * sizeof(int32_t)) ||
               !column_allocate(out, 2, n * 16)) {
        PyErr_NoMemory();
    } else {
        size_t used;
        Py_BEGIN_ALLOW_THREADS
        used = pack(bytes, families, validity, n, out->buffers[1], out->buffers[2]);
        Py_END_ALLOW_THREADS
        column_shrink(out, 2, used);
        return out;
    }
    column_release(out);
    return NULL;
}

static bool pack_chunk(const chunk *c, size_t i, void *context, chunk_list *out,
                       chunk_list *families_out) {
    (void)i;
    (void)context;
    (void)families_out;
    column *parsed, *families;
    if (parse_values(c, &mixed_parser, &parsed, &families) < 0)
        return false;
    column *packed = pack_addresses(parsed->buffers[1], families->buffers[1], parsed->buffers[0],
                                    parsed->length);
    if (packed != NULL) {
        packed->null_count = parsed->null_count;
        packed->buffers[0] = parsed->buffers[0];
        parsed->buffers[0] = NULL;
    }
    column_release(parsed);
    column_release(families);
    return append_expanded(out, c, packed);
}

static PyObject *column_parse_packed(PyObject *module, PyObject *object) {
    return map_chunks(module, object, &type_binary, false, pack_chunk, NULL);
}

PyDoc_STRVAR(
    parse_packed_doc,
    "parse_packed(column, /)\n--\n\n"
    "The addresses of both families of a column of n texts, with 4 bytes for IPv4 and 16 for\n"
    "IPv6: an Array of n binary values in network order; a text that is not an address\n"
    "becomes null.\n\n"
    "column is as for parse_mixed. The length of a value tells its family, also where another\n"
    "library keeps the column; format, classify, truncate and Networks take it.\n\n"
    ">>> simdinet.parse_packed(['192.0.2.1', '::1', 'x']).to_pylist()\n"
    "[b'\\xc0\\x00\\x02\\x01', "
    "b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01', "
    "None]\n");

PyMethodDef columns_packed_methods[] = {
    {"parse_packed", column_parse_packed, METH_O, parse_packed_doc},
    {NULL, NULL, 0, NULL},
};
