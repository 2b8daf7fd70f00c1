/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * decoder.h - decompression of concatenated gzip members and zstd frames.
 *
 * Both decoders return the text before a corrupt byte before they report the error, and return what is
 * decoded before a read that may block.
 */
#ifndef SIMDINET_DECODER_H
#define SIMDINET_DECODER_H

#include "raw_reader.h"

typedef struct {
    raw_reader *raw;
    void *state;       /* z_stream or ZSTD_DStream; allocated by the first read */
    bool at_boundary;  /* between two members or frames, where the input may end */
    bool member_done;  /* a gzip member was decoded: padding may follow */
    size_t step;       /* zstd: bytes of input for the next call */
    const char *error; /* NULL when a read returns -1: errno */
} decoder;

typedef struct {
    /* Decodes up to size bytes. Returns how many, 0 at the end, -1: error. */
    ssize_t (*read)(decoder *d, char *to, size_t size);
    void (*close)(decoder *d);
} decoder_type;

extern const decoder_type gzip_decoder, zstd_decoder;

static inline ssize_t decoder_fail(decoder *d, const char *error) {
    d->error = error;
    return -1;
}

#endif
