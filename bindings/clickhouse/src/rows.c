/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* rows.c - chunks of RowBinary strings from standard input, and results to standard output. */
#include "rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, WRITE_SIZE = 256 * 1024 };

/* A longer string than ClickHouse accepts in RowBinary. */
#define MAX_STRING (UINT64_C(1) << 30)

struct row_reader {
    char *bytes;
    size_t begin, end, capacity;
    bool ended;
};

/* ---- messages --------------------------------------------------------------------------------------- */

static bool fail(const char *message) {
    fprintf(stderr, "simdinet-clickhouse: %s\n", message);
    return false;
}

int report_out_of_memory(void) {
    fail("out of memory");
    return 2;
}

/* ---- output ------------------------------------------------------------------------------------------- */

bool buffer_put(byte_buffer *buffer, const void *bytes, size_t len) {
    if (len > buffer->capacity - buffer->len) {
        const size_t capacity = (buffer->len + len) * 2;
        char *larger = realloc(buffer->bytes, capacity);
        if (larger == NULL)
            return fail("out of memory");
        buffer->bytes = larger;
        buffer->capacity = capacity;
    }
    if (len > 0)
        memcpy(buffer->bytes + buffer->len, bytes, len);
    buffer->len += len;
    return true;
}

bool buffer_put_varint(byte_buffer *buffer, uint64_t value) {
    uint8_t bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (uint8_t)(value | 0x80);
    bytes[n++] = (uint8_t)value;
    return buffer_put(buffer, bytes, n);
}

static bool flush_buffer(byte_buffer *buffer) {
    for (size_t at = 0; at < buffer->len;) {
        const ssize_t n = write(STDOUT_FILENO, buffer->bytes + at, buffer->len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(strerror(errno));
        at += (size_t)n;
    }
    buffer->len = 0;
    return true;
}

bool buffer_flush_large(byte_buffer *buffer) {
    return buffer->len < WRITE_SIZE || flush_buffer(buffer);
}

/* ---- input -------------------------------------------------------------------------------------------- */

/* Reads until n bytes are there. Returns false at the end of the input, and for errors with a message. */
static bool fill(row_reader *reader, size_t n) {
    if (n > reader->capacity - reader->begin) {
        memmove(reader->bytes, reader->bytes + reader->begin, reader->end - reader->begin);
        reader->end -= reader->begin;
        reader->begin = 0;
    }
    if (n > reader->capacity) {
        char *larger = realloc(reader->bytes, n + READ_SIZE);
        if (larger == NULL)
            return fail("out of memory");
        reader->bytes = larger;
        reader->capacity = n + READ_SIZE;
    }
    while (reader->end - reader->begin < n) {
        const ssize_t got =
            read(STDIN_FILENO, reader->bytes + reader->end, reader->capacity - reader->end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(strerror(errno));
        if (got == 0) {
            reader->ended = true;
            return false;
        }
        reader->end += (size_t)got;
    }
    return true;
}

static bool read_byte(row_reader *reader, uint8_t *byte) {
    if (reader->begin == reader->end && !fill(reader, 1))
        return false;
    *byte = (uint8_t)reader->bytes[reader->begin++];
    return true;
}

static bool fail_at_end(const row_reader *reader) {
    return reader->ended ? fail("unexpected end of the input") : false;
}

static bool read_varint(row_reader *reader, uint64_t *value) {
    uint8_t byte;
    *value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (!read_byte(reader, &byte))
            return fail_at_end(reader);
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return fail("invalid length of a string");
}

bool read_row(row_reader *reader, const char **text, size_t *len) {
    uint64_t size;
    if (!read_varint(reader, &size))
        return false;
    if (size > MAX_STRING)
        return fail("a string is longer than 1 GiB");
    if (reader->end - reader->begin < size && !fill(reader, (size_t)size))
        return fail_at_end(reader);
    *text = reader->bytes + reader->begin;
    *len = (size_t)size;
    reader->begin += (size_t)size;
    return true;
}

/* "N\n", or the end of the input. */
typedef enum { HEADER_READ, HEADER_END, HEADER_INVALID } header_result;

static header_result read_header(row_reader *reader, uint64_t *rows) {
    uint8_t byte;
    *rows = 0;
    for (unsigned digits = 0;; digits++) {
        if (!read_byte(reader, &byte))
            return reader->ended && digits == 0 ? HEADER_END
                                                : (fail_at_end(reader), HEADER_INVALID);
        if (byte == '\n' && digits > 0)
            return HEADER_READ;
        if (byte < '0' || byte > '9' || digits == 18) {
            fail("the input does not begin with a number of rows: send_chunk_header is needed");
            return HEADER_INVALID;
        }
        *rows = *rows * 10 + (uint64_t)(byte - '0');
    }
}

int run_filter(chunk_function function, void *context) {
    row_reader reader = {.capacity = READ_SIZE};
    byte_buffer out = {0};
    uint64_t rows;
    header_result header = HEADER_INVALID;
    reader.bytes = malloc(reader.capacity);
    if (reader.bytes == NULL)
        return report_out_of_memory();
    while ((header = read_header(&reader, &rows)) == HEADER_READ)
        if (!function(&reader, &out, rows, context) || !flush_buffer(&out)) {
            header = HEADER_INVALID;
            break;
        }
    free(reader.bytes);
    free(out.bytes);
    return header == HEADER_END ? 0 : 2;
}
