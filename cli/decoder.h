/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * decoder.h - decompression of concatenated members, streams or frames.
 *
 * A decoder returns the text before a corrupt byte before it reports the error, and what is decoded
 * before a read that may block.
 */
#ifndef SIMDINET_DECODER_H
#define SIMDINET_DECODER_H

#include "raw_reader.h"
#include "shared_library.h"

typedef struct decoder_type decoder_type;

typedef struct {
    const decoder_type *type;
    raw_reader *raw;
    void *state;       /* of the library; allocated by the first read */
    bool at_boundary;  /* between two members, where the input may end */
    bool member_done;  /* a member was decoded: padding may follow */
    size_t max_in;     /* bytes of input for the next step; 0: any number */
    const char *error; /* NULL when a read returns -1: errno */
} decoder;

/* What one step reads and writes. The step advances both. */
typedef struct {
    const char *in;
    size_t
        in_len; /* 0: the library may hold text that did not fit before, or the input has ended */
    char *out;
    size_t out_len;
    bool ended; /* no input follows */
} decoder_io;

typedef enum {
    STEP_CONTINUE,
    STEP_BOUNDARY, /* a member is complete */
    STEP_FAILED    /* decoder.error is set; text before the error is written */
} step_result;

struct decoder_type {
    /* Why such data cannot be read. NULL: they can. The other members are then unset. */
    const char *unsupported;
    shared_library *library; /* loaded before the first call; NULL: none */
    const char *truncated;   /* the message for input that ends within a member */
    bool zero_padding;       /* zeros may follow a member */
    bool (*open)(decoder *d);
    step_result (*step)(decoder *d, decoder_io *io);
    void (*close)(decoder *d);
};

extern const decoder_type gzip_decoder, zstd_decoder, xz_decoder, bzip2_decoder, lz4_decoder;

/* Decodes up to size bytes. Returns how many, 0 at the end, -1: error, or errno if that is NULL. */
ssize_t decoder_read(decoder *d, char *to, size_t size);

void decoder_close(decoder *d);

static inline step_result step_fail(decoder *d, const char *error) {
    d->error = error;
    return STEP_FAILED;
}

#endif
