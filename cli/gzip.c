/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * gzip.c - gzip members through zlib.
 */
#include "decoder.h"

#ifdef SIMDINET_WITH_ZLIB

#    include <stdlib.h>
#    include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window bits: neither raw deflate nor a zlib header */

static bool gzip_open(decoder *d) {
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream && inflateInit2(stream, MAX_WBITS + GZIP_ONLY) != Z_OK) {
        free(stream);
        stream = NULL;
    }
    d->state = stream;
    return stream != NULL;
}

static step_result gzip_step(decoder *d, decoder_io *io) {
    z_stream *stream = d->state;
    stream->next_in = (Bytef *)(uintptr_t)io->in;
    stream->avail_in = (uInt)io->in_len;
    stream->next_out = (Bytef *)io->out;
    stream->avail_out = (uInt)io->out_len;
    int result = inflate(stream, Z_NO_FLUSH);
    io->in += io->in_len - stream->avail_in;
    io->in_len = stream->avail_in;
    io->out += io->out_len - stream->avail_out;
    io->out_len = stream->avail_out;
    if (result == Z_STREAM_END) {
        inflateReset(stream);
        return STEP_BOUNDARY;
    }
    if (result == Z_OK || result == Z_BUF_ERROR)
        return STEP_CONTINUE;
    return step_fail(d, result == Z_MEM_ERROR ? "out of memory" : "corrupt gzip data");
}

static void gzip_close(decoder *d) {
    inflateEnd(d->state);
    free(d->state);
}

const decoder_type gzip_decoder = {.truncated = "unexpected end of gzip data",
                                   .zero_padding = true,
                                   .open = gzip_open,
                                   .step = gzip_step,
                                   .close = gzip_close};

#else

const decoder_type gzip_decoder = {.unsupported = "gzip data, and simdinet was built without zlib"};

#endif
