/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* dictionary.c - the column of a dictionary-encoded chunk, from that of its distinct values. */
#include "gather.h"

#include <stdlib.h>
#include <string.h>

#define NULL_INDEX COLUMN_NO_INDEX
#define BAD_INDEX  ((size_t)-2)

static size_t index_at(const chunk *c, size_t i) {
    if (c->index_validity != NULL && !get_bit(c->index_validity, c->index_validity_start + i))
        return NULL_INDEX;
    uint64_t value = 0;
    uint8_t byte;
    uint16_t half;
    uint32_t word;
    const char *at = c->indices + i * (size_t)c->index_width;
    switch (c->index_width) {
    case 1:
        memcpy(&byte, at, sizeof byte);
        value = c->index_signed ? (uint64_t)(int8_t)byte : byte;
        break;
    case 2:
        memcpy(&half, at, sizeof half);
        value = c->index_signed ? (uint64_t)(int16_t)half : half;
        break;
    case 4:
        memcpy(&word, at, sizeof word);
        value = c->index_signed ? (uint64_t)(int32_t)word : word;
        break;
    default:
        memcpy(&value, at, sizeof value);
    }
    return value < c->n ? (size_t)value : BAD_INDEX;
}

static void take_bits(uint8_t *to, const uint8_t *from, const size_t *indices, size_t n) {
    memset(to, 0, bitmap_size(n));
    for (size_t i = 0; i < n; i++)
        if (indices[i] != NULL_INDEX && get_bit(from, indices[i]))
            set_bit(to, i);
}

static bool take_values(column *out, const column *from, const size_t *indices, size_t n) {
    size_t width = from->type->width;
    if (!column_allocate(out, 1, n * width))
        return false;
    char *to = out->buffers[1];
    for (size_t i = 0; i < n; i++, to += width) {
        if (indices[i] == NULL_INDEX)
            memset(to, 0, width);
        else
            memcpy(to, (const char *)from->buffers[1] + indices[i] * width, width);
    }
    return true;
}

/* The offsets of text or of a list; the total is stored to *total. */
static bool take_offsets(column *out, const column *from, const size_t *indices, size_t n,
                         size_t *total) {
    if (!column_allocate(out, 1, (n + 1) * sizeof(int32_t)))
        return false;
    const int32_t *source = from->buffers[1];
    int32_t *offsets = out->buffers[1];
    *total = 0;
    for (size_t i = 0; i < n; i++) {
        offsets[i] = (int32_t)*total;
        if (indices[i] != NULL_INDEX)
            *total += (size_t)(source[indices[i] + 1] - source[indices[i]]);
        if (*total > INT32_MAX)
            return false;
    }
    offsets[n] = (int32_t)*total;
    return true;
}

static bool take_text(column *out, const column *from, const size_t *indices, size_t n) {
    size_t total;
    if (!take_offsets(out, from, indices, n, &total) || !column_allocate(out, 2, total))
        return false;
    const int32_t *source = from->buffers[1];
    char *to = out->buffers[2];
    for (size_t i = 0; i < n; i++) {
        if (indices[i] == NULL_INDEX)
            continue;
        size_t size = (size_t)(source[indices[i] + 1] - source[indices[i]]);
        memcpy(to, (const char *)from->buffers[2] + source[indices[i]], size);
        to += size;
    }
    return true;
}

static bool take_list(column *out, const column *from, const size_t *indices, size_t n) {
    size_t total, at = 0;
    if (!take_offsets(out, from, indices, n, &total))
        return false;
    size_t *items = malloc((total + 1) * sizeof *items);
    if (items == NULL)
        return false;
    const int32_t *source = from->buffers[1];
    for (size_t i = 0; i < n; i++)
        if (indices[i] != NULL_INDEX)
            for (int32_t j = source[indices[i]]; j < source[indices[i] + 1]; j++)
                items[at++] = (size_t)j;
    column_release(out->fields[0]);
    out->fields[0] = column_take(from->fields[0], items, total);
    free(items);
    return out->fields[0] != NULL;
}

static bool take_fields(column *out, const column *from, const size_t *indices, size_t n) {
    for (int i = 0; i < from->type->n_fields; i++) {
        column_release(out->fields[i]);
        out->fields[i] = column_take(from->fields[i], indices, n);
        if (out->fields[i] == NULL)
            return false;
    }
    return true;
}

column *column_take(const column *from, const size_t *indices, size_t n) {
    column *out = column_new(from->type, n);
    if (out == NULL || !column_allocate(out, 0, bitmap_size(n)))
        goto fail;
    uint8_t *validity = out->buffers[0];
    memset(validity, 0, bitmap_size(n));
    for (size_t i = 0; i < n; i++)
        if (indices[i] != NULL_INDEX &&
            (from->buffers[0] == NULL || get_bit(from->buffers[0], indices[i])))
            set_bit(validity, i);
    bool done = false;
    switch (from->type->kind) {
    case COLUMN_BOOL:
        done = column_allocate(out, 1, bitmap_size(n));
        if (done)
            take_bits(out->buffers[1], from->buffers[1], indices, n);
        break;
    case COLUMN_NUMBER:
    case COLUMN_BYTES:
        done = take_values(out, from, indices, n);
        break;
    case COLUMN_TEXT:
        done = take_text(out, from, indices, n);
        break;
    case COLUMN_LIST:
        done = take_list(out, from, indices, n);
        break;
    case COLUMN_STRUCT:
        done = take_fields(out, from, indices, n);
        break;
    }
    if (!done)
        goto fail;
    column_set_valid(out, count_bits(validity, n));
    return out;
fail:
    column_release(out);
    return NULL;
}

bool append_taken(chunk_list *list, const column *from, const size_t *indices, size_t n) {
    size_t start = 0;
    do {
        size_t end = start, total = 0;
        for (; end < n; end++) {
            if (indices[end] != NULL_INDEX)
                total += column_weight(from, indices[end], indices[end] + 1);
            if (total > INT32_MAX && end > start)
                break;
        }
        if (!append_chunk(list, column_take(from, indices + start, end - start)))
            return false;
        start = end;
    } while (start < n);
    return true;
}

bool append_expanded(chunk_list *list, const chunk *c, column *values) {
    if (values == NULL || !c->dictionary) /* append_chunk fails for NULL, whose exception is set */
        return append_chunk(list, values);
    size_t n = c->n_indices, bad = 0;
    bool done = false;
    size_t *indices = malloc((n + 1) * sizeof *indices);
    if (indices != NULL) {
        Py_BEGIN_ALLOW_THREADS
        for (size_t i = 0; i < n; i++) {
            indices[i] = index_at(c, i);
            bad += indices[i] == BAD_INDEX;
        }
        done = bad == 0 && append_taken(list, values, indices, n);
        Py_END_ALLOW_THREADS
    }
    free(indices);
    column_release(values);
    if (bad != 0)
        PyErr_SetString(PyExc_ValueError,
                        "invalid Arrow array: an index outside of the dictionary");
    else if (!done)
        PyErr_NoMemory();
    return done;
}

column *expand_dictionary(const chunk *c, column *values) {
    if (values == NULL || !c->dictionary)
        return values;
    chunk_list list = {0};
    column *out = append_expanded(&list, c, values) ? column_retain(list.chunks[0]) : NULL;
    clear_chunks(&list);
    return out;
}
