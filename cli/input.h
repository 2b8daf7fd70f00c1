/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * input.h - the text of one input, decompressed if its first bytes are those of gzip or zstd data.
 */
#ifndef SIMDINET_INPUT_H
#define SIMDINET_INPUT_H

#include "decoder.h"

typedef struct {
    raw_reader raw;
    const decoder_type *type; /* NULL: not compressed */
    decoder decoder;
    bool seekable;       /* an uncompressed regular file: input_read_at works */
    uint64_t begin, end; /* of a regular file: the offset at open, and its size */
} input;

/* Opens an input as raw_open does and reads its first bytes. False: *error is the reason. */
bool input_open(input *in, const char *name, const char **error);

/* Reads up to size bytes of text. Returns how many, 0 at the end, -1: input_error. */
ssize_t input_read(input *in, char *to, size_t size);

/* Why input_read returned -1. */
const char *input_error(const input *in);

/* Reads up to size bytes at an offset of a seekable input. -1: errno. Thread-safe. */
ssize_t input_read_at(const input *in, uint64_t offset, char *to, size_t size);

/* Whether input_read returns without waiting for a writer. */
bool input_ready(const input *in);

void input_close(input *in);

#endif
