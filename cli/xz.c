/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * xz.c - xz streams, and the .lzma and .lz files of its relatives, through liblzma.
 *
 * The dictionary sets the memory of the decoder: 8 MiB by default, 64 MiB for xz -9, and at most 128 MiB
 * as for zstd.
 */
#include "decoder.h"

#ifdef SIMDINET_WITH_LZMA

#    include <lzma.h>
#    include <stdlib.h>

#    define LZMA_FUNCTIONS(F) F(lzma_auto_decoder) F(lzma_code) F(lzma_end)
DEFINE_LIBRARY(lzma, LZMA, LZMA_FUNCTIONS);

static const uint64_t max_memory = (uint64_t)128 << 20;

static const char *error_text(lzma_ret result) {
    switch (result) {
    case LZMA_MEM_ERROR:
        return "out of memory";
    case LZMA_MEMLIMIT_ERROR:
        return "xz data requires more than 128 MiB of memory";
    case LZMA_OPTIONS_ERROR:
        return "xz data with options that this liblzma does not support";
    default:
        return "corrupt xz data";
    }
}

static bool xz_open(decoder *d) {
    lzma_stream *stream = malloc(sizeof *stream);
    if (!stream)
        return false;
    *stream = (lzma_stream)LZMA_STREAM_INIT;
    if (lzma.lzma_auto_decoder(stream, max_memory, LZMA_CONCATENATED) != LZMA_OK) {
        free(stream);
        return false;
    }
    d->state = stream;
    return true;
}

/* liblzma decodes all streams and their padding; the boundary is the end of the input. */
static step_result xz_step(decoder *d, decoder_io *io) {
    lzma_stream *stream = d->state;
    stream->next_in = (const uint8_t *)io->in;
    stream->avail_in = io->in_len;
    stream->next_out = (uint8_t *)io->out;
    stream->avail_out = io->out_len;
    lzma_ret result = lzma.lzma_code(stream, io->ended ? LZMA_FINISH : LZMA_RUN);
    io->in += io->in_len - stream->avail_in;
    io->in_len = stream->avail_in;
    io->out += io->out_len - stream->avail_out;
    io->out_len = stream->avail_out;
    if (result == LZMA_OK || result == LZMA_BUF_ERROR)
        return STEP_CONTINUE;
    if (result == LZMA_STREAM_END && io->ended)
        return STEP_BOUNDARY;
    return step_fail(d, error_text(result));
}

static void xz_close(decoder *d) {
    lzma.lzma_end(d->state);
    free(d->state);
}

const decoder_type xz_decoder = {.library = &lzma_library,
                                 .truncated = "unexpected end of xz data",
                                 .open = xz_open,
                                 .step = xz_step,
                                 .close = xz_close};

#else

const decoder_type xz_decoder = {.unsupported = "xz data, and simdinet was built without liblzma"};

#endif
