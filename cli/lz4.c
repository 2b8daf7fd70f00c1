/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lz4.c - lz4 frames through liblz4.
 */
#include "decoder.h"

#ifdef SIMDINET_WITH_LZ4

#    include <lz4frame.h>

#    define LZ4_FUNCTIONS(F)                                                                       \
        F(LZ4F_createDecompressionContext)                                                         \
        F(LZ4F_decompress) F(LZ4F_isError) F(LZ4F_freeDecompressionContext)
DEFINE_LIBRARY(lz4, LZ4, LZ4_FUNCTIONS);

/*
 * A call that fails does not return how much text it wrote before the error, so each step gets one frame
 * header, block header, block or checksum. LZ4F_decompress returns the size of what is next, plus the
 * four bytes of the block header after a block; a frame starts with seven bytes or more.
 */
enum { FRAME_START = 7, BLOCK_HEADER = 4 };

static size_t next_step(size_t hint) {
    return hint == 0 ? FRAME_START : hint > BLOCK_HEADER ? hint - BLOCK_HEADER : hint;
}

static bool lz4_open(decoder *d) {
    LZ4F_dctx *context = NULL;
    if (lz4.LZ4F_isError(lz4.LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        return false;
    d->state = context;
    d->max_in = FRAME_START;
    return true;
}

static step_result lz4_step(decoder *d, decoder_io *io) {
    size_t in = io->in_len, out = io->out_len;
    size_t result = lz4.LZ4F_decompress(d->state, io->out, &out, io->in, &in, NULL);
    if (lz4.LZ4F_isError(result))
        return step_fail(d, "corrupt lz4 data");
    io->in += in;
    io->in_len -= in;
    io->out += out;
    io->out_len -= out;
    d->max_in = next_step(result);
    return result == 0 ? STEP_BOUNDARY : STEP_CONTINUE;
}

static void lz4_close(decoder *d) {
    lz4.LZ4F_freeDecompressionContext(d->state);
}

const decoder_type lz4_decoder = {.library = &lz4_library,
                                  .truncated = "unexpected end of lz4 data",
                                  .open = lz4_open,
                                  .step = lz4_step,
                                  .close = lz4_close};

#else

const decoder_type lz4_decoder = {.unsupported = "lz4 data, and simdinet was built without liblz4"};

#endif
