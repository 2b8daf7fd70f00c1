/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* column.h - the memory of one chunk of a column: reference-counted, immutable once it is shared. */
#ifndef SIMDINET_COLUMN_H
#define SIMDINET_COLUMN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_FIELDS 8

typedef enum column_kind {
    COLUMN_BOOL,   /* a bitmap */
    COLUMN_NUMBER, /* unsigned integers of width bytes */
    COLUMN_BYTES,  /* fixed-size binary of width bytes */
    COLUMN_TEXT,   /* UTF-8, or bytes, with 32-bit offsets */
    COLUMN_STRUCT, /* fields, of as many values each */
    COLUMN_LIST,   /* one field, with 32-bit offsets */
} column_kind;

/* Types have static storage duration. */
typedef struct column_type {
    column_kind kind;
    size_t width;
    const char *format; /* of ArrowSchema */
    const char *name;   /* for people to read */
    int n_fields;
    const char *field_names[MAX_FIELDS];
    const struct column_type *fields[MAX_FIELDS];
} column_type;

extern const column_type type_bool, type_uint8, type_uint16, type_uint32, type_uint64;
extern const column_type type_ipv4, type_ipv6, type_text, type_binary, type_explanation, type_match,
    type_matches, type_texts, type_large_text, type_large_binary, type_int8, type_int32, type_int64,
    type_extracted, type_extractions;

/* buffers are those of Arrow: a bitmap of valid values or NULL; values or offsets; text. */
typedef struct column {
    atomic_size_t references;
    const column_type *type;
    size_t length;
    size_t null_count;
    void *buffers[3];
    struct column *fields[MAX_FIELDS];
} column;

/* A column without buffers, its fields too. NULL if there is no memory. */
column *column_new(const column_type *type, size_t length);
/* Allocates size bytes, never NULL for 0 bytes, aligned to 64. */
bool column_allocate(column *col, int buffer, size_t size);
/* Gives back what exceeds size bytes of a buffer. */
void column_shrink(column *col, int buffer, size_t size);
/* Sets null_count to length - n_valid, and frees the bitmap if every value is valid. */
void column_set_valid(column *col, size_t n_valid);
column *column_retain(column *col);
void column_release(column *col); /* NULL is allowed; from any thread */

/* Concatenates columns of one type, which have less than 2 GiB of text. NULL if there is no memory. */
column *column_concatenate(const column_type *type, column *const *chunks, size_t n);
/* The same of type_text or type_binary with 64-bit offsets. The result is only for export. */
column *column_concatenate_large(const column_type *type, column *const *chunks, size_t n);
/* Whether the offsets of concatenated columns fit into 32 bits. */
bool column_concatenation_fits(const column_type *type, column *const *chunks, size_t n);
/* What values from up to to count in the 32-bit offsets of a column and its fields, all added up. */
size_t column_weight(const column *col, size_t from, size_t to);

static inline size_t bitmap_size(size_t n) {
    return (n + 7) / 8;
}

static inline bool get_bit(const uint8_t *bitmap, size_t i) {
    return bitmap[i / 8] >> (i % 8) & 1;
}

static inline void set_bit(uint8_t *bitmap, size_t i) {
    bitmap[i / 8] = (uint8_t)(bitmap[i / 8] | 1 << i % 8);
}

/* The values of a column at n indices below its length; null for COLUMN_NO_INDEX. NULL if there is no memory. */
#define COLUMN_NO_INDEX ((size_t)-1)
column *column_take(const column *from, const size_t *indices, size_t n);

/* Copies n bits from bit start of a bitmap to bit 0 of another; unused bits of the last byte are 0. */
void copy_bits(uint8_t *to, const uint8_t *from, size_t start, size_t n);
size_t count_bits(const uint8_t *bitmap, size_t n);

#endif
