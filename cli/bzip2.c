/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * bzip2.c - bzip2 streams through libbz2.
 */
#include "decoder.h"

#ifdef SIMDINET_WITH_BZIP2

#    include <bzlib.h>
#    include <stdlib.h>

#    define BZIP2_FUNCTIONS(F) F(BZ2_bzDecompressInit) F(BZ2_bzDecompress) F(BZ2_bzDecompressEnd)
DEFINE_LIBRARY(bzip2, BZIP2, BZIP2_FUNCTIONS);

static bool bzip2_open(decoder *d) {
    bz_stream *stream = calloc(1, sizeof *stream);
    if (stream && bzip2.BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK) {
        free(stream);
        stream = NULL;
    }
    d->state = stream;
    return stream != NULL;
}

static step_result bzip2_step(decoder *d, decoder_io *io) {
    bz_stream *stream = d->state;
    stream->next_in = (char *)(uintptr_t)io->in;
    stream->avail_in = (unsigned)io->in_len;
    stream->next_out = io->out;
    stream->avail_out = (unsigned)io->out_len;
    int result = bzip2.BZ2_bzDecompress(stream);
    io->in += io->in_len - stream->avail_in;
    io->in_len = stream->avail_in;
    io->out += io->out_len - stream->avail_out;
    io->out_len = stream->avail_out;
    if (result == BZ_OK)
        return STEP_CONTINUE;
    if (result != BZ_STREAM_END)
        return step_fail(d, result == BZ_MEM_ERROR ? "out of memory" : "corrupt bzip2 data");
    bzip2.BZ2_bzDecompressEnd(stream);
    if (bzip2.BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK)
        return step_fail(d, "out of memory");
    return STEP_BOUNDARY;
}

static void bzip2_close(decoder *d) {
    bzip2.BZ2_bzDecompressEnd(d->state);
    free(d->state);
}

const decoder_type bzip2_decoder = {.library = &bzip2_library,
                                    .truncated = "unexpected end of bzip2 data",
                                    .open = bzip2_open,
                                    .step = bzip2_step,
                                    .close = bzip2_close};

#else

const decoder_type bzip2_decoder = {.unsupported =
                                        "bzip2 data, and simdinet was built without libbz2"};

#endif
