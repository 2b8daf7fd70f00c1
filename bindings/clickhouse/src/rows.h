/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * rows.h - chunks of texts from standard input, and results to standard output, as RowBinaryWithNamesAndTypes with
 * send_chunk_header.
 *
 * A chunk is its number of rows in decimal and a line feed; the number of columns, one; the name and the type of the
 * column, two strings; and the rows. A string is its length as LEB128 and its bytes. ClickHouse does not cast an
 * argument to the declared type in every version, so the type decides how rows are read: String, FixedString(N), and
 * Nullable of these, with a byte before each row.
 */
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

/* Frees the memory of an empty buffer if a large row made it large. */
void buffer_trim(byte_buffer *buffer);

/* Writes a buffer to standard output if it is large. Returns false with a message. */
bool buffer_flush_large(byte_buffer *buffer);

typedef struct row_reader row_reader;

/* The next text of a chunk, valid until the next call. Returns false with a message. */
bool read_row(row_reader *reader, const char **text, size_t *len);

/* Reads the n rows of a chunk and appends their results to out. Returns false with a message. */
typedef bool (*chunk_function)(row_reader *reader, byte_buffer *out, uint64_t n, void *context);

/* Calls a function for each chunk of the input. name and type are of the column of the results. Returns the exit
 * status. */
int run_filter(const char *name, const char *type, chunk_function function, void *context);

/* Prints a message; returns the exit status. */
int report_out_of_memory(void);

#endif
