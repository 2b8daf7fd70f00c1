/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* rows.h - chunks of RowBinary strings from standard input, and results to standard output. */
#ifndef SIMDINET_CLICKHOUSE_ROWS_H
#define SIMDINET_CLICKHOUSE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. */
typedef struct byte_buffer {
    char *bytes;
    size_t len, capacity;
} byte_buffer;

/* Append. Return false, with a message, if there is no memory. */
bool buffer_put(byte_buffer *buffer, const void *bytes, size_t len);
bool buffer_put_varint(byte_buffer *buffer, uint64_t value);

/* Writes a buffer to standard output if it is large. Returns false with a message. */
bool buffer_flush_large(byte_buffer *buffer);

typedef struct row_reader row_reader;

/* The next string of a chunk, valid until the next call. Returns false with a message. */
bool read_row(row_reader *reader, const char **text, size_t *len);

/* Reads the n rows of a chunk and appends their results to out. Returns false with a message. */
typedef bool (*chunk_function)(row_reader *reader, byte_buffer *out, uint64_t n, void *context);

/* Calls a function for each chunk of the input. Returns the exit status. */
int run_filter(chunk_function function, void *context);

/* Prints a message; returns the exit status. */
int report_out_of_memory(void);

#endif
