/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* columns_packed.c - parse_packed: addresses of 4 or 16 bytes in one column. */
#include "gather.h"
#include "map.h"
#include "parser.h"

#include <string.h>

/* Writes the offsets and bytes of n addresses; returns how many bytes. */
static size_t pack(const column *addresses, const column *families, int32_t *offsets, uint8_t *to) {
    const uint8_t *from = addresses->buffers[1], *validity = addresses->buffers[0];
    const uint8_t *ipv6 = families->buffers[1];
    size_t used = 0;
    for (size_t i = 0; i < addresses->length; i++, from += 16) {
        offsets[i] = (int32_t)used;
        if (validity != NULL && !get_bit(validity, i))
            continue;
        size_t size = get_bit(ipv6, i) ? 16 : 4;
        memcpy(to + used, from + 16 - size, size);
        used += size;
    }
    offsets[addresses->length] = (int32_t)used;
    return used;
}

static column *pack_addresses(column *addresses, const column *families) {
    size_t n = addresses->length;
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
        used = pack(addresses, families, out->buffers[1], out->buffers[2]);
        Py_END_ALLOW_THREADS
        column_shrink(out, 2, used);
        out->null_count = addresses->null_count;
        out->buffers[0] = addresses->buffers[0];
        addresses->buffers[0] = NULL;
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
    column *addresses, *families;
    if (parse_values(c, &mixed_parser, &addresses, &families) < 0)
        return false;
    column *packed = pack_addresses(addresses, families);
    column_release(addresses);
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
