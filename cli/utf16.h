/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * utf16.h - UTF-16 to UTF-8. An unpaired surrogate becomes U+FFFD.
 */
#ifndef SIMDINET_UTF16_H
#define SIMDINET_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Returns how many bytes were read, 0 at the end, -1: error. */
typedef ssize_t utf16_source(void *context, char *to, size_t size);

typedef struct {
    utf16_source *source;
    void *context;
    bool big_endian;
    bool ended;
    uint16_t high; /* a high surrogate whose low one follows, or 0 */
    size_t at, len, out_at, out_len;
    char out[8]; /* out[out_at, out_len): text that did not fit */
    char in[16 * 1024];
} utf16_reader;

/* NULL: out of memory. */
utf16_reader *utf16_open(bool big_endian, utf16_source *source, void *context);
void utf16_close(utf16_reader *reader);

/* Reads up to size bytes of UTF-8. Returns how many, 0 at the end, -1: the source failed. */
ssize_t utf16_read(utf16_reader *reader, char *to, size_t size);

/* Whether text[0, len) may hold an address in UTF-16 of either byte order: digits beside a dot, or beside a colon. */
bool has_utf16_address(const char *text, size_t len);

#endif
