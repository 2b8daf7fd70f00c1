/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* text_builder.c - a column of text, or of bytes, that grows. */
#include "text_builder.h"

#include <stdlib.h>

/* Bytes that a value is expected to have, an IPv4 address. */
#define EXPECTED 16

static bool resize(text_builder *builder, size_t values, size_t bytes) {
    void *offsets = realloc(builder->col->buffers[1], (values + 1) * sizeof(int32_t));
    if (offsets == NULL)
        return false;
    builder->col->buffers[1] = offsets;
    builder->values = values;
    void *text = realloc(builder->col->buffers[2], bytes + 1);
    if (text == NULL)
        return false;
    builder->col->buffers[2] = text;
    builder->bytes = bytes;
    return true;
}

bool text_open(text_builder *builder, const column_type *type, size_t values) {
    builder->col = column_new(type, 0);
    if (builder->col == NULL || !resize(builder, values, values * EXPECTED))
        return false;
    *(int32_t *)builder->col->buffers[1] = 0;
    return true;
}

bool text_grow(text_builder *builder, size_t values, size_t bytes) {
    if (bytes > INT32_MAX - builder->used) {
        builder->too_long = true;
        return false;
    }
    values += builder->col->length;
    bytes += builder->used;
    return resize(builder, values > builder->values ? values * 2 : builder->values,
                  bytes > builder->bytes ? bytes * 2 : builder->bytes);
}

void text_shrink(text_builder *builder) {
    column_shrink(builder->col, 1, (builder->col->length + 1) * sizeof(int32_t));
    column_shrink(builder->col, 2, builder->used);
}
