/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * file_format.h - recognizes compressed data, encodings of text and packet captures by their first bytes.
 */
#ifndef SIMDINET_FILE_FORMAT_H
#define SIMDINET_FILE_FORMAT_H

#include "decoder.h"

typedef enum {
    FORMAT_TEXT, /* and all other bytes */
    FORMAT_COMPRESSED,
    FORMAT_UTF16_LE, /* with a byte order mark of two bytes */
    FORMAT_UTF16_BE,
    FORMAT_CAPTURE,    /* pcap or pcapng */
    FORMAT_UNSUPPORTED /* decoder_type.unsupported has the reason */
} file_format;

/* Bytes that decide every format. */
enum { FORMAT_HEAD_SIZE = 16 };

/* The format of data that start with head[0, len). *type: of compressed and unsupported data. */
file_format recognize_format(const char *head, size_t len, const decoder_type **type);

/* Whether bytes after head[0, len) may change the result. */
bool format_is_open(const char *head, size_t len);

#endif
