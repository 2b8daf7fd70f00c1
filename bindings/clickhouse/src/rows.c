/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* rows.c - chunks of texts from standard input, and results to standard output. */
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    READ_SIZE = 256 * 1024,
    WRITE_SIZE = 256 * 1024,
    KEPT_SIZE = 1024 * 1024, /* of a buffer between two chunks */
    PIPE_SIZE = 1024 * 1024, /* what ClickHouse writes at once */
    MAX_NAME = 256,          /* of a column or a type */
};

/* A longer string than ClickHouse accepts in RowBinary. */
#define MAX_STRING (UINT64_C(1) << 30)

struct row_reader {
    char *bytes;
    size_t begin, end, capacity;
    bool ended;
    bool nullable; /* the rows of this chunk: a byte comes before each */
    bool fixed;    /* each has fixed_size bytes, without a length */
    size_t fixed_size;
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

void buffer_trim(byte_buffer *buffer) {
    if (buffer->capacity <= KEPT_SIZE || buffer->len > 0)
        return;
    free(buffer->bytes);
    *buffer = (byte_buffer){0};
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
    if (reader->begin == reader->end)
        reader->begin = reader->end = 0;
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

/* A string in the buffer, until the next read. */
static bool read_bytes(row_reader *reader, uint64_t size, const char **text, size_t *len) {
    if (size > MAX_STRING)
        return fail("a string is longer than 1 GiB");
    if (reader->end - reader->begin < size && !fill(reader, (size_t)size))
        return fail_at_end(reader);
    *text = reader->bytes + reader->begin;
    *len = (size_t)size;
    reader->begin += (size_t)size;
    return true;
}

bool read_row(row_reader *reader, const char **text, size_t *len) {
    uint64_t size = reader->fixed_size;
    uint8_t null = 0;
    if (reader->nullable && !read_byte(reader, &null))
        return fail_at_end(reader);
    if (null != 0)
        return fail("a text is NULL");
    if (!reader->fixed && !read_varint(reader, &size))
        return false;
    return read_bytes(reader, size, text, len);
}

/* ---- chunks ------------------------------------------------------------------------------------------- */

typedef enum { HEADER_READ, HEADER_END, HEADER_INVALID } header_result;

/* "N\n", or the end of the input. */
static header_result read_number_of_rows(row_reader *reader, uint64_t *rows) {
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

/* The name of a column or of its type, without the NUL of a C string. */
static bool read_name(row_reader *reader, const char **name, size_t *len) {
    uint64_t size;
    if (!read_varint(reader, &size))
        return false;
    if (size > MAX_NAME)
        return fail("the format is not RowBinaryWithNamesAndTypes");
    return read_bytes(reader, size, name, len);
}

/* Removes "NAME(" and ")" around a type. */
static bool unwrap(const char *name, const char **type, size_t *len) {
    const size_t n = strlen(name);
    if (*len < n + 2 || memcmp(*type, name, n) != 0 || (*type)[n] != '(' ||
        (*type)[*len - 1] != ')')
        return false;
    *type += n + 1;
    *len -= n + 2;
    return true;
}

/* How the rows of a type are read. */
static bool set_type(row_reader *reader, const char *type, size_t len) {
    const char *inner = type;
    size_t n = len;
    reader->fixed_size = 0;
    unwrap("LowCardinality", &inner, &n);
    reader->nullable = unwrap("Nullable", &inner, &n);
    reader->fixed = unwrap("FixedString", &inner, &n);
    bool known = reader->fixed ? n > 0 && n < 10 : n == 6 && memcmp(inner, "String", 6) == 0;
    for (size_t i = 0; i < n && reader->fixed; i++) {
        known = known && inner[i] >= '0' && inner[i] <= '9';
        reader->fixed_size = reader->fixed_size * 10 + (size_t)(inner[i] - '0');
    }
    if (!known)
        fprintf(stderr, "simdinet-clickhouse: the argument is %.*s, not String\n", (int)len, type);
    return known;
}

static bool read_columns(row_reader *reader) {
    uint64_t n;
    const char *name;
    size_t len;
    if (!read_varint(reader, &n))
        return false;
    if (n != 1)
        return fail("the input does not have one column of RowBinaryWithNamesAndTypes");
    return read_name(reader, &name, &len) && read_name(reader, &name, &len) &&
           set_type(reader, name, len);
}

static bool put_name(byte_buffer *out, const char *name) {
    const size_t len = strlen(name);
    return buffer_put_varint(out, len) && buffer_put(out, name, len);
}

/* Gives memory back that a large row took. */
static bool trim_reader(row_reader *reader) {
    if (reader->capacity <= KEPT_SIZE || reader->end - reader->begin > READ_SIZE)
        return true;
    char *smaller = malloc(READ_SIZE);
    if (smaller == NULL)
        return fail("out of memory");
    memcpy(smaller, reader->bytes + reader->begin, reader->end - reader->begin);
    free(reader->bytes);
    reader->bytes = smaller;
    reader->end -= reader->begin;
    reader->begin = 0;
    reader->capacity = READ_SIZE;
    return true;
}

int run_filter(const char *name, const char *type, chunk_function function, void *context) {
    row_reader reader = {.capacity = READ_SIZE};
    byte_buffer out = {0};
    uint64_t rows;
    header_result header = HEADER_INVALID;
    reader.bytes = malloc(reader.capacity);
    if (reader.bytes == NULL)
        return report_out_of_memory();
#ifdef F_SETPIPE_SZ
    /* Fewer switches between ClickHouse and this process. Not possible for files and past a limit of the user. */
    (void)fcntl(STDIN_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
    (void)fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
#endif
    while ((header = read_number_of_rows(&reader, &rows)) == HEADER_READ) {
        if (!read_columns(&reader) || !buffer_put_varint(&out, 1) || !put_name(&out, name) ||
            !put_name(&out, type) || !function(&reader, &out, rows, context) ||
            !flush_buffer(&out) || !trim_reader(&reader)) {
            header = HEADER_INVALID;
            break;
        }
        buffer_trim(&out);
    }
    free(reader.bytes);
    free(out.bytes);
    return header == HEADER_END ? 0 : 2;
}
