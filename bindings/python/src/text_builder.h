/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* text_builder.h - a column of text, or of bytes, that grows. */
#ifndef SIMDINET_TEXT_BUILDER_H
#define SIMDINET_TEXT_BUILDER_H

#include "column.h"

#include <string.h>

typedef struct text_builder {
    column *col;          /* its length is what is stored */
    size_t used;          /* bytes that are stored */
    size_t values, bytes; /* for how many there is memory */
    bool too_long;        /* the text exceeds 2 GiB */
} text_builder;

/* Makes a column of type_text or type_binary with memory for as many values. false if there is no memory. */
bool text_open(text_builder *builder, const column_type *type, size_t values);
/* Makes space for more values and bytes. false if there is no memory, or if the text gets too long. */
bool text_grow(text_builder *builder, size_t values, size_t bytes);
/* Gives back memory that is not used. */
void text_shrink(text_builder *builder);

/* Appends to the value that is under way. false as text_grow. */
static inline bool text_write(text_builder *builder, const void *text, size_t len) {
    if (len > builder->bytes - builder->used && !text_grow(builder, 0, len))
        return false;
    memcpy((char *)builder->col->buffers[2] + builder->used, text, len);
    builder->used += len;
    return true;
}

/* Ends a value. false as text_grow. */
static inline bool text_end(text_builder *builder) {
    column *col = builder->col;
    if (col->length == builder->values && !text_grow(builder, 1, 0))
        return false;
    ((int32_t *)col->buffers[1])[++col->length] = (int32_t)builder->used;
    return true;
}

#endif
