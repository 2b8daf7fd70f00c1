/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* column.c - the memory of one chunk of a column. */
#include "column.h"

#include <stdlib.h>
#include <string.h>

const column_type type_bool = {COLUMN_BOOL, 0, "b", "bool", 0, {0}, {0}};
const column_type type_uint8 = {COLUMN_NUMBER, 1, "C", "uint8", 0, {0}, {0}};
const column_type type_uint16 = {COLUMN_NUMBER, 2, "S", "uint16", 0, {0}, {0}};
const column_type type_uint32 = {COLUMN_NUMBER, 4, "I", "uint32", 0, {0}, {0}};
const column_type type_uint64 = {COLUMN_NUMBER, 8, "L", "uint64", 0, {0}, {0}};
const column_type type_ipv4 = {COLUMN_BYTES, 4, "w:4", "fixed_size_binary[4]", 0, {0}, {0}};
const column_type type_ipv6 = {COLUMN_BYTES, 16, "w:16", "fixed_size_binary[16]", 0, {0}, {0}};
const column_type type_text = {COLUMN_TEXT, 1, "u", "string", 0, {0}, {0}};
/* Numbers for engines without unsigned ones; their values are not negative. */
const column_type type_int8 = {COLUMN_NUMBER, 1, "c", "int8", 0, {0}, {0}};
const column_type type_int32 = {COLUMN_NUMBER, 4, "i", "int32", 0, {0}, {0}};
const column_type type_int64 = {COLUMN_NUMBER, 8, "l", "int64", 0, {0}, {0}};
const column_type type_explanation = {.kind = COLUMN_STRUCT,
                                      .format = "+s",
                                      .name = "struct<reason: uint8, offset: uint32>",
                                      .n_fields = 2,
                                      .field_names = {"reason", "offset"},
                                      .fields = {&type_uint8, &type_uint32}};
const column_type type_match = {
    .kind = COLUMN_STRUCT,
    .format = "+s",
    .name = "struct<offset: uint64, length: uint16, family: uint8, flags: uint32, "
            "address: binary, port: uint16, rule: uint8>",
    .n_fields = 7,
    .field_names = {"offset", "length", "family", "flags", "address", "port", "rule"},
    .fields = {&type_uint64, &type_uint16, &type_uint8, &type_uint32, &type_binary, &type_uint16,
               &type_uint8}};
const column_type type_matches = {
    .kind = COLUMN_LIST,
    .format = "+l",
    .name = "list<struct<offset: uint64, length: uint16, family: uint8, flags: uint32, "
            "address: binary, port: uint16, rule: uint8>>",
    .n_fields = 1,
    .field_names = {"item"},
    .fields = {&type_match}};
const column_type type_extracted = {
    .kind = COLUMN_STRUCT,
    .format = "+s",
    .name = "struct<offset: int64, length: int32, family: int8, address: binary, text: string>",
    .n_fields = 5,
    .field_names = {"offset", "length", "family", "address", "text"},
    .fields = {&type_int64, &type_int32, &type_int8, &type_binary, &type_text}};
const column_type type_extractions = {
    .kind = COLUMN_LIST,
    .format = "+l",
    .name =
        "list<struct<offset: int64, length: int32, family: int8, address: binary, text: string>>",
    .n_fields = 1,
    .field_names = {"item"},
    .fields = {&type_extracted}};

const column_type type_binary = {COLUMN_TEXT, 1, "z", "binary", 0, {0}, {0}};
/* 64-bit offsets: of exported columns alone. */
const column_type type_large_text = {COLUMN_TEXT, 1, "U", "large_string", 0, {0}, {0}};
const column_type type_large_binary = {COLUMN_TEXT, 1, "Z", "large_binary", 0, {0}, {0}};
const column_type type_texts = {.kind = COLUMN_LIST,
                                .format = "+l",
                                .name = "list<string>",
                                .n_fields = 1,
                                .field_names = {"item"},
                                .fields = {&type_text}};

column *column_new(const column_type *type, size_t length) {
    column *col = calloc(1, sizeof *col);
    if (col == NULL)
        return NULL;
    atomic_init(&col->references, 1);
    col->type = type;
    col->length = length;
    for (int i = 0; i < type->n_fields; i++) {
        col->fields[i] = column_new(type->fields[i], length);
        if (col->fields[i] == NULL) {
            column_release(col);
            return NULL;
        }
    }
    return col;
}

bool column_allocate(column *col, int buffer, size_t size) {
    return posix_memalign(&col->buffers[buffer], 64, size == 0 ? 1 : size) == 0;
}

void column_shrink(column *col, int buffer, size_t size) {
    void *smaller = realloc(col->buffers[buffer], size + 1);
    if (smaller != NULL)
        col->buffers[buffer] = smaller;
}

void column_set_valid(column *col, size_t n_valid) {
    col->null_count = col->length - n_valid;
    if (col->null_count == 0) {
        free(col->buffers[0]);
        col->buffers[0] = NULL;
    }
}

column *column_retain(column *col) {
    atomic_fetch_add_explicit(&col->references, 1, memory_order_relaxed);
    return col;
}

void column_release(column *col) {
    if (col == NULL || atomic_fetch_sub_explicit(&col->references, 1, memory_order_acq_rel) != 1)
        return;
    for (int i = 0; i < 3; i++)
        free(col->buffers[i]);
    for (int i = 0; i < col->type->n_fields; i++)
        column_release(col->fields[i]);
    free(col);
}

/* ---- bitmaps ------------------------------------------------------------------------------------- */

void copy_bits(uint8_t *to, const uint8_t *from, size_t start, size_t n) {
    from += start / 8;
    unsigned shift = start % 8;
    size_t size = bitmap_size(n);
    if (shift == 0) {
        memcpy(to, from, size);
    } else {
        /* The last byte of the source is read only if it holds a bit that is copied. */
        for (size_t i = 0; i < size; i++) {
            unsigned high = (i + 1) * 8 - shift < n ? from[i + 1] : 0;
            to[i] = (uint8_t)(from[i] >> shift | high << (8 - shift));
        }
    }
    if (n % 8 != 0)
        to[size - 1] = (uint8_t)(to[size - 1] & ((1u << n % 8) - 1));
}

size_t count_bits(const uint8_t *bitmap, size_t n) {
    size_t count = 0, i = 0;
    for (; i + 64 <= n; i += 64) {
        uint64_t word;
        memcpy(&word, bitmap + i / 8, sizeof word);
        count += (size_t)__builtin_popcountll(word);
    }
    for (; i < n; i++)
        count += get_bit(bitmap, i);
    return count;
}

/* Copies n bits from bit 0 to bit start; bits before start are kept, those after it must be 0. NULL stands
 * for bits that are 1. */
static void append_bits(uint8_t *to, size_t start, const uint8_t *from, size_t n) {
    for (size_t i = 0; i < n;) {
        if (from != NULL && (start + i) % 8 == 0 && i % 8 == 0 && i + 8 <= n) {
            to[(start + i) / 8] = from[i / 8];
            i += 8;
            continue;
        }
        if (from == NULL || get_bit(from, i))
            set_bit(to, start + i);
        i++;
    }
}

/* ---- 32-bit offsets ------------------------------------------------------------------------------ */

size_t column_weight(const column *col, size_t from, size_t to) {
    const int32_t *offsets = col->buffers[1];
    size_t weight = 0;
    switch (col->type->kind) {
    case COLUMN_TEXT:
        return (size_t)(offsets[to] - offsets[from]);
    case COLUMN_LIST:
        return (size_t)(offsets[to] - offsets[from]) +
               column_weight(col->fields[0], (size_t)offsets[from], (size_t)offsets[to]);
    case COLUMN_STRUCT:
        for (int i = 0; i < col->type->n_fields; i++)
            weight += column_weight(col->fields[i], from, to);
        return weight;
    default:
        return 0;
    }
}

bool column_concatenation_fits(const column_type *type, column *const *chunks, size_t n) {
    size_t total = 0;
    bool offsets = type->kind == COLUMN_TEXT || type->kind == COLUMN_LIST;
    for (size_t i = 0; offsets && i < n; i++)
        total += (size_t)((const int32_t *)chunks[i]->buffers[1])[chunks[i]->length];
    bool fits = total <= INT32_MAX;
    column **parts = type->n_fields == 0 ? NULL : malloc((n + 1) * sizeof(column *));
    for (int field = 0; fits && parts != NULL && field < type->n_fields; field++) {
        for (size_t i = 0; i < n; i++)
            parts[i] = chunks[i]->fields[field];
        fits = column_concatenation_fits(type->fields[field], parts, n);
    }
    free(parts);
    return fits;
}

/* ---- concatenation ------------------------------------------------------------------------------- */

static bool join_bitmaps(column *out, int buffer, column *const *chunks, size_t n) {
    if (!column_allocate(out, buffer, bitmap_size(out->length)))
        return false;
    memset(out->buffers[buffer], 0, bitmap_size(out->length));
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        append_bits(out->buffers[buffer], at, chunks[i]->buffers[buffer], chunks[i]->length);
        at += chunks[i]->length;
    }
    return true;
}

static bool join_offsets(column *out, column *const *chunks, size_t n, size_t *total) {
    if (!column_allocate(out, 1, (out->length + 1) * sizeof(int32_t)))
        return false;
    int32_t *offsets = out->buffers[1];
    size_t at = 0;
    *total = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t *from = chunks[i]->buffers[1];
        if (*total + (size_t)from[chunks[i]->length] > INT32_MAX)
            return false;
        for (size_t j = 0; j < chunks[i]->length; j++)
            offsets[at++] = (int32_t)*total + from[j];
        *total += (size_t)from[chunks[i]->length];
    }
    offsets[at] = (int32_t)*total;
    return true;
}

static bool join_values(column *out, int buffer, column *const *chunks, size_t n, size_t total) {
    if (!column_allocate(out, buffer, total))
        return false;
    char *to = out->buffers[buffer];
    for (size_t i = 0; i < n; i++) {
        size_t size = buffer == 2 ? (size_t)((int32_t *)chunks[i]->buffers[1])[chunks[i]->length]
                                  : chunks[i]->length * out->type->width;
        memcpy(to, chunks[i]->buffers[buffer], size);
        to += size;
    }
    return true;
}

static bool join_field(column *out, int field, column *const *chunks, size_t n) {
    column **parts = malloc(n * sizeof(column *));
    if (parts == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        parts[i] = chunks[i]->fields[field];
    column_release(out->fields[field]);
    out->fields[field] = column_concatenate(out->type->fields[field], parts, n);
    free(parts);
    return out->fields[field] != NULL;
}

column *column_concatenate(const column_type *type, column *const *chunks, size_t n) {
    size_t length = 0, nulls = 0, total = 0;
    for (size_t i = 0; i < n; i++) {
        length += chunks[i]->length;
        nulls += chunks[i]->null_count;
    }
    column *out = column_new(type, length);
    if (out == NULL)
        return NULL;
    out->null_count = nulls;
    bool done = nulls == 0 || join_bitmaps(out, 0, chunks, n);
    switch (type->kind) {
    case COLUMN_BOOL:
        done = done && join_bitmaps(out, 1, chunks, n);
        break;
    case COLUMN_NUMBER:
    case COLUMN_BYTES:
        done = done && join_values(out, 1, chunks, n, length * type->width);
        break;
    case COLUMN_TEXT:
        done =
            done && join_offsets(out, chunks, n, &total) && join_values(out, 2, chunks, n, total);
        break;
    case COLUMN_LIST:
        done = done && join_offsets(out, chunks, n, &total);
        /* fall through */
    case COLUMN_STRUCT:
        for (int i = 0; done && i < type->n_fields; i++)
            done = join_field(out, i, chunks, n);
        break;
    }
    if (done)
        return out;
    column_release(out);
    return NULL;
}

column *column_concatenate_large(const column_type *type, column *const *chunks, size_t n) {
    size_t length = 0, nulls = 0, total = 0, at = 0;
    for (size_t i = 0; i < n; i++) {
        length += chunks[i]->length;
        nulls += chunks[i]->null_count;
        total += column_weight(chunks[i], 0, chunks[i]->length);
    }
    column *out = column_new(type == &type_binary ? &type_large_binary : &type_large_text, length);
    if (out == NULL)
        return NULL;
    out->null_count = nulls;
    if ((nulls != 0 && !join_bitmaps(out, 0, chunks, n)) ||
        !column_allocate(out, 1, (length + 1) * sizeof(int64_t)) ||
        !join_values(out, 2, chunks, n, total)) {
        column_release(out);
        return NULL;
    }
    int64_t *offsets = out->buffers[1];
    offsets[0] = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t *from = chunks[i]->buffers[1];
        const int64_t base = offsets[at];
        for (size_t j = 1; j <= chunks[i]->length; j++)
            offsets[++at] = base + from[j];
    }
    return out;
}
