/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * input.h - the text of one input. What its first bytes show to be compressed is decompressed, and UTF-16
 * with a byte order mark becomes UTF-8, in compressed data as well.
 */
#ifndef SIMDINET_INPUT_H
#define SIMDINET_INPUT_H

#include "file_format.h"
#include "utf16.h"

/* Do not move an input while it is open. */
typedef struct {
    raw_reader raw;
    bool compressed;
    decoder decoder;
    utf16_reader *utf16;         /* or NULL */
    bool capture;                /* pcap or pcapng: input_read returns its bytes */
    char head[FORMAT_HEAD_SIZE]; /* head[head_at, head_len): the first decompressed bytes */
    size_t head_at, head_len;
    char capture_error[256]; /* the message of libpcap */
    bool seekable;           /* text in a regular file as it is stored: input_read_at works */
    uint64_t begin, end;     /* of a regular file: the offset at open, and its size */
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
