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
 * How much input to pass in one call. A call that fails does not return how much text it wrote before
 * the error, so each call gets one frame header, block or checksum, regardless of how the input arrives.
 * ZSTD_decompressStream returns the size of the next block plus that of the following block header, or
 * less; a frame starts with five bytes.
 */
enum { FRAME_START = 5, BLOCK_HEADER = 3 };

static size_t next_step(size_t hint) {
    return hint == 0 ? FRAME_START : hint > BLOCK_HEADER ? hint - BLOCK_HEADER : hint;
}

static ssize_t zstd_read(decoder *d, char *to, size_t size) {
    raw_reader *raw = d->raw;
    if (!d->state) {
        d->state = ZSTD_createDStream();
        d->step = FRAME_START;
    }
    if (!d->state)
        return decoder_fail(d, "out of memory");
    if (d->error)
        return -1;
    ZSTD_outBuffer text = {to, size, 0};
    while (text.pos < size) {
        if (!raw_fill(raw))
            return -1;
        /* Called without input as well: the decoder may hold text that did not fit before. */
        if (raw->at == raw->len && (d->at_boundary || text.pos > 0))
            break;
        size_t left = raw->len - raw->at, before = text.pos;
        ZSTD_inBuffer in = {raw->buffer, raw->at + (left < d->step ? left : d->step), raw->at};
        size_t result = ZSTD_decompressStream(d->state, &text, &in);
        raw->at = in.pos;
        if (ZSTD_isError(result)) {
            /* Text first; the next call returns the error. */
            d->error = error_text(result);
            return text.pos > 0 ? (ssize_t)text.pos : -1;
        }
        d->step = next_step(result);
        d->at_boundary = result == 0;
        if (left == 0 && text.pos == before)
            return decoder_fail(d, "unexpected end of zstd data");
        if (raw->at == raw->len && text.pos > 0)
            break; /* the next read may block */
    }
    return (ssize_t)text.pos;
}

static void zstd_close(decoder *d) {
    ZSTD_freeDStream(d->state);
    d->state = NULL;
}

#else

static ssize_t zstd_read(decoder *d, char *to, size_t size) {
    (void)to;
    (void)size;
    return decoder_fail(d, "zstd data, and simdinet was built without libzstd");
}

static void zstd_close(decoder *d) {
    (void)d;
}

#endif

const decoder_type zstd_decoder = {zstd_read, zstd_close};
