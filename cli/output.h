/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * output.h - a buffer before stdout, written with write(2).
 */
#ifndef SIMDINET_OUTPUT_H
#define SIMDINET_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *buffer;
    size_t used;
    size_t size;
    bool line_buffered;                /* flush after each line */
    bool failed;                       /* a write failed and was logged; nothing more is written */
    bool (*await_turn)(void *context); /* called before each write; false cancels it. May be NULL */
    void *context;
} output;

/* The largest length that output_reserve accepts. */
enum { OUTPUT_MAX_RESERVE = 4096 };

/* size is at least OUTPUT_MAX_RESERVE. False: out of memory. */
bool output_open(output *out, size_t size, bool line_buffered);

void output_close(output *out);

/* Calls await_turn, if set. False: do not write. */
bool output_await_turn(output *out);

/* Writes the buffered bytes. False: this or an earlier write failed. */
bool output_flush(output *out);

/* Appends len bytes, any number of them. */
bool output_write(output *out, const char *text, size_t len);

/* Writes len bytes to stdout unbuffered; logs the first failure. */
bool write_stdout(const char *text, size_t len);

/* Room for the next len <= OUTPUT_MAX_RESERVE bytes; NULL: a write failed. output_commit follows. */
static inline char *output_reserve(output *out, size_t len) {
    if (out->size - out->used < len && !output_flush(out))
        return NULL;
    return out->buffer + out->used;
}

/* Appends what was written to the reserved room up to end. */
static inline void output_commit(output *out, const char *end) {
    out->used = (size_t)(end - out->buffer);
}

/* Ends a line or record. */
static inline bool output_end_line(output *out) {
    return !out->line_buffered || output_flush(out);
}

#endif
