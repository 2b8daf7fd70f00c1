/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "loggen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Large enough to hide the cost of a write(), small enough for the L2 cache. */
#define BUFFER_SIZE ((size_t)1 << 18)

_Noreturn void fail(const char *name) {
    fprintf(stderr, "loggen: %s: %s\n", name, strerror(errno));
    exit(2);
}

void output_open(output *out, const char *name) {
    *out = (output){.name = name, .file = fopen(name, "wb"), .bytes = malloc(BUFFER_SIZE)};
    if (!out->file || !out->bytes || setvbuf(out->file, NULL, _IONBF, 0) != 0)
        fail(name);
}

static void flush(output *out) {
    if (fwrite(out->bytes, 1, out->used, out->file) != out->used)
        fail(out->name);
    out->used = 0;
}

void output_close(output *out) {
    flush(out);
    if (fclose(out->file) != 0)
        fail(out->name);
    free(out->bytes);
}

/* Returns space for len bytes (at most BUFFER_SIZE) and counts them as written. */
static inline char *append(output *out, size_t len) {
    if (len > BUFFER_SIZE - out->used)
        flush(out);
    char *space = out->bytes + out->used;
    out->used += len;
    out->total += len;
    return space;
}

void put_bytes(generator *g, const char *bytes, size_t len) {
    memcpy(append(&g->log, len), bytes, len);
}

static size_t count_digits(uint64_t value) {
    size_t digits = 1;
    for (; value >= 10; value /= 10)
        digits++;
    return digits;
}

static void put_digits(output *out, uint64_t value, size_t digits) {
    char *text = append(out, digits);
    for (; digits > 0; value /= 10)
        text[--digits] = (char)('0' + value % 10);
}

void put_decimal(generator *g, uint64_t value) {
    put_digits(&g->log, value, count_digits(value));
}

void put_padded(generator *g, uint64_t value, unsigned digits) {
    put_digits(&g->log, value, digits);
}

void put_hex(generator *g, uint64_t value, unsigned digits) {
    char *text = append(&g->log, digits);
    for (; digits > 0; value >>= 4)
        text[--digits] = "0123456789abcdef"[value & 15];
}

void emit_address(generator *g, const char *text, size_t len) {
    output *truth = &g->truth;
    put_digits(truth, g->log.total, count_digits(g->log.total));
    char *space = append(truth, len + 2);
    space[0] = ':';
    memcpy(space + 1, text, len);
    space[len + 1] = '\n';
    put_bytes(g, text, len);
}
