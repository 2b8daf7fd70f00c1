/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * compress.h - gzip and zstd data for the command.
 */
#ifndef FUZZ_COMPRESS_H
#define FUZZ_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum compression { UNCOMPRESSED, GZIP, ZSTD } compression;

/* The capacity that compress_text needs for a text of this size. */
#define COMPRESSED_CAPACITY(size) ((size) + (size) / 8 + 512)

/* Compresses a text, as two members if two is set. Returns the compressed size; 0: built without the library. */
size_t compress_text(compression how, bool two, const char *text, size_t size, char *to,
                     size_t capacity);

/* Whether the text starts with a magic number of gzip or zstd. */
bool looks_compressed(const char *text, size_t size);

#endif
