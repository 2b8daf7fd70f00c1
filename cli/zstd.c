/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * zstd.c - zstd frames through libzstd.
 *
 * The frame header sets the memory of its decoder: usually 8 MiB, at most 128 MiB as for the zstd
 * command, on top of this command's own.
 */
#include "decoder.h"

#ifdef SIMDINET_WITH_ZSTD

#    include <zstd.h>
#    include <zstd_errors.h>

static const char *error_text(size_t result) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
        return "zstd data requires more than 128 MiB of memory";
    case ZSTD_error_memory_allocation:
        return "out of memory";
    case ZSTD_error_dictionary_wrong:
        return "zstd data requires a dictionary";
    default:
        return "corrupt zstd data";
    }
}

/*
 * How much input to pass in one step. A call that fails does not return how much text it wrote before
 * the error, so each call gets one frame header, block or checksum, regardless of how the input arrives.
 * ZSTD_decompressStream returns the size of the next block plus that of the following block header, or
 * less; a frame starts with five bytes.
 */
enum { FRAME_START = 5, BLOCK_HEADER = 3 };

static size_t next_step(size_t hint) {
    return hint == 0 ? FRAME_START : hint > BLOCK_HEADER ? hint - BLOCK_HEADER : hint;
}

static bool zstd_open(decoder *d) {
    d->state = ZSTD_createDStream();
    d->max_in = FRAME_START;
    return d->state != NULL;
}

static step_result zstd_step(decoder *d, decoder_io *io) {
    ZSTD_inBuffer in = {io->in, io->in_len, 0};
    ZSTD_outBuffer text = {io->out, io->out_len, 0};
    size_t result = ZSTD_decompressStream(d->state, &text, &in);
    io->in += in.pos;
    io->in_len -= in.pos;
    io->out += text.pos;
    io->out_len -= text.pos;
    if (ZSTD_isError(result))
        return step_fail(d, error_text(result));
    d->max_in = next_step(result);
    return result == 0 ? STEP_BOUNDARY : STEP_CONTINUE;
}

static void zstd_close(decoder *d) {
    ZSTD_freeDStream(d->state);
}

const decoder_type zstd_decoder = {.truncated = "unexpected end of zstd data",
                                   .open = zstd_open,
                                   .step = zstd_step,
                                   .close = zstd_close};

#else

const decoder_type zstd_decoder = {.unsupported =
                                       "zstd data, and simdinet was built without libzstd"};

#endif
