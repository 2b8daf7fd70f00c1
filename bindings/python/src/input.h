/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* input.h - a column as an argument: Arrow arrays and streams, buffers (NumPy) and sequences.
 *
 * An input yields chunks, views of memory that belongs to the argument; nothing is copied. */
#ifndef SIMDINET_INPUT_H
#define SIMDINET_INPUT_H

#include "arrow.h"
#include "binding.h"
#include "column.h"

typedef enum chunk_kind {
    CHUNK_NULLS,   /* every value is null */
    CHUNK_TEXT32,  /* bytes, and 32-bit offsets */
    CHUNK_TEXT64,  /* bytes, and 64-bit offsets */
    CHUNK_VIEWS,   /* views of 16 bytes, and the buffers that they refer to */
    CHUNK_FIXED,   /* width bytes every stride bytes */
    CHUNK_WIDE,    /* the same of 32-bit characters; width is in characters */
    CHUNK_NUMBERS, /* unsigned 32-bit integers every stride bytes */
    CHUNK_OBJECTS, /* a list of Python */
} chunk_kind;

typedef struct chunk {
    chunk_kind kind;
    size_t n;
    const uint8_t *validity; /* a bitmap from bit validity_start on, or NULL */
    size_t validity_start;
    const char *bytes;            /* of TEXT32 and TEXT64, FIXED, WIDE, NUMBERS */
    const void *offsets;          /* of TEXT32 and TEXT64, value 0 first; views of VIEWS */
    ptrdiff_t stride;             /* of FIXED, WIDE, NUMBERS */
    size_t width;                 /* of FIXED and WIDE */
    bool utf8;                    /* text; otherwise bytes, which may be addresses */
    bool padded;                  /* FIXED: NULs at the end are no part of a value */
    bool swapped;                 /* WIDE and NUMBERS: of the other byte order */
    const void *const *variadic;  /* VIEWS: buffers */
    const int64_t *variadic_size; /* their sizes */
    size_t n_variadic;
    PyObject *list; /* OBJECTS */
    /* Dictionary-encoded: the above are the distinct values, and these their indices. */
    bool dictionary;
    size_t n_indices;
    const char *indices;
    int index_width;
    bool index_signed;
    const uint8_t *index_validity;
    size_t index_validity_start;
} chunk;

typedef struct input {
    chunk current;
    /* private */
    int state; /* what is left to yield */
    PyObject *owners[3];
    struct ArrowArrayStream *stream;
    struct ArrowSchema schema;
    struct ArrowArray array;
    Py_buffer view;
    void *aligned[2]; /* copies of misaligned offsets */
} input;

/* Opens a column. Returns 0, and close_input must follow; or -1 with TypeError or ValueError. */
int open_input(input *in, PyObject *object);
/* Makes the next chunk current. Returns 1, 0 after the last one, or -1 with an exception. */
int next_chunk(input *in);
void close_input(input *in);

/* input_arrow.c */
int open_arrow_stream(input *in, PyObject *object);
int open_arrow_array(input *in, PyObject *object);
int next_arrow_chunk(input *in);
void close_arrow(input *in);
/* Raises ValueError. Returns -1. */
int bad_array(const char *what);
/* Checks the length, the offset and the number of buffers. Returns 0, or -1 with ValueError. */
int check_array(const struct ArrowArray *array, int64_t n_buffers);

/* input_numbers.c. They return 0, or -1 with an exception. */
/* Floats, format "f" or "g", of which every value is null or NaN: pandas has float64 for a column without a value. */
int view_floats(chunk *c, const struct ArrowArray *array, const char *format);
/* Integers of 64 bits, as pandas and Polars have them, become numbers of 32 bits. */
int view_wide_numbers(input *in, chunk *c, const struct ArrowArray *array);
/* Raises TypeError, which names the type of an Arrow format. Returns -1. */
int unsupported_format(const char *format);

#endif
