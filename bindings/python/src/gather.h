/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* gather.h - the values of any chunk in blocks of pointers and lengths, and columns that repeat others. */
#ifndef SIMDINET_GATHER_H
#define SIMDINET_GATHER_H

#include "array.h"
#include "input.h"

/* Values in a block. A multiple of 8, so that a block begins at a byte of a bitmap. */
#define BLOCK_SIZE 1024

/* Chunks of more values are processed without the GIL. */
#define GIL_VALUES 256

typedef struct block {
    size_t n;
    const char *texts[BLOCK_SIZE]; /* NULL for a null */
    size_t lengths[BLOCK_SIZE];
} block;

/* Processes values start to start + b->n. Runs without the GIL. Returns false if there is no memory. */
typedef bool (*block_function)(void *context, size_t start, const block *b);

/* Calls a function for each block of a chunk, of its dictionary if it has one. Called with the GIL. Returns 0,
 * or -1 with an exception. */
int for_each_block(const chunk *c, block_function function, void *context);

/* Whether a value of a list is null: None, NaN, pandas.NA or numpy.ma.masked. */
bool is_missing(PyObject *object);
/* Raises TypeError for value i of a list. Returns -1. */
int wrong_value(size_t i, PyObject *object, const char *expected);

/* If the chunk is dictionary-encoded, turns a column of its distinct values into the column of all its values.
 * Takes values over, also on failure. NULL with an exception. Not for text, nor for lists. */
column *expand_dictionary(const chunk *c, column *values);

/* Appends that column, of more than 2 GiB of text as several. Takes values over, also on failure. false with an
 * exception. */
bool append_expanded(chunk_list *list, const chunk *c, column *values);

/* Writes the bitmap of a chunk's values that are not null, n bits from bit 0; false if none is null and nothing
 * was written. Only for chunks that have one. */
bool copy_validity(const chunk *c, uint8_t *to);

#endif
