/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * output.h - what is printed, gathered in a buffer and written with write(2).
 */
#ifndef SIMDINET_OUTPUT_H
#define SIMDINET_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct crew;

typedef struct {
    char *buffer;
    size_t used;
    size_t size;
    bool each_line;    /* somebody watches: flush after every line */
    bool failed;       /* a write did not succeed; it was complained about */
    struct crew *crew; /* other threads print, too: wait for our turn before a write; or NULL */
    uint64_t ticket;   /* our place among them */
} output;

/* The room that output_room can give. */
enum { OUTPUT_ROOM_MOST = 4096 };

/* Allocates the buffer; false: no memory. size is OUTPUT_ROOM_MOST at least. */
bool output_open(output *out, size_t size, bool each_line);

void output_close(output *out);

/* Writes what is gathered. False: it failed, now or before. */
bool output_flush(output *out);

/* Prints len bytes, any number of them. */
bool output_write(output *out, const char *text, size_t len);

/* Writes len bytes to stdout past every buffer; complains about what does not succeed. */
bool write_stdout(const char *text, size_t len);

/* Where the next len <= OUTPUT_ROOM_MOST bytes can be put; NULL: a write failed. */
static inline char *output_room(output *out, size_t len) {
    if (out->size - out->used < len && !output_flush(out))
        return NULL;
    return out->buffer + out->used;
}

/* Says up to where the room was filled. */
static inline void output_filled(output *out, const char *end) {
    out->used = (size_t)(end - out->buffer);
}

/* A line, or what stands for one, is complete. */
static inline bool output_line_done(output *out) {
    return !out->each_line || output_flush(out);
}

/* Puts a number in decimal digits, 20 at most; returns the end of them. */
static inline char *put_number(char *to, uint64_t value) {
    char digits[20];
    size_t n = 0;
    do
        digits[sizeof digits - ++n] = (char)('0' + value % 10);
    while (value /= 10);
    memcpy(to, digits + sizeof digits - n, n);
    return to + n;
}

/* Puts a NUL-terminated text without its NUL; returns the end of it. */
static inline char *put_text(char *to, const char *text) {
    size_t len = strlen(text);
    memcpy(to, text, len);
    return to + len;
}

#endif
