/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * gzip.c - gzip members through zlib.
 */
#include "decoder.h"

#ifdef SIMDINET_WITH_ZLIB

#    include <stdlib.h>
#    include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window bits: neither raw deflate nor a zlib header */

static z_stream *open_stream(decoder *d) {
    if (!d->state) {
        z_stream *stream = calloc(1, sizeof *stream);
        if (stream && inflateInit2(stream, MAX_WBITS + GZIP_ONLY) != Z_OK) {
            free(stream);
            stream = NULL;
        }
        d->state = stream;
    }
    return d->state;
}

/* Zeros may follow a member: tape and block devices pad with them. */
static bool skip_padding(raw_reader *raw) {
    do {
        while (raw->at < raw->len && raw->buffer[raw->at] == 0)
            raw->at++;
        if (raw->at < raw->len || raw->ended)
            return true;
    } while (raw_fill(raw));
    return false;
}

static ssize_t gzip_read(decoder *d, char *to, size_t size) {
    raw_reader *raw = d->raw;
    z_stream *stream = open_stream(d);
    if (!stream)
        return decoder_fail(d, "out of memory");
    if (d->error)
        return -1;
    stream->next_out = (Bytef *)to;
    stream->avail_out = (uInt)size;
    while (stream->avail_out == size || (stream->avail_out > 0 && raw->at < raw->len)) {
        if (!(d->at_boundary && d->member_done ? skip_padding(raw) : raw_fill(raw)))
            return -1;
        bool ended = raw->at == raw->len;
        if (ended && d->at_boundary)
            break;
        /* Called without input as well: inflate may hold text that did not fit before. */
        stream->next_in = (Bytef *)raw->buffer + raw->at;
        stream->avail_in = (uInt)(raw->len - raw->at);
        d->at_boundary = false;
        int result = inflate(stream, Z_NO_FLUSH);
        raw->at = raw->len - stream->avail_in;
        if (result == Z_STREAM_END) {
            d->at_boundary = d->member_done = true;
            inflateReset(stream);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            /* Text first; the next call returns the error. */
            d->error = result == Z_MEM_ERROR ? "out of memory" : "corrupt gzip data";
            return stream->avail_out < size ? (ssize_t)(size - stream->avail_out) : -1;
        } else if (ended && stream->avail_out == size) {
            return decoder_fail(d, "unexpected end of gzip data");
        }
    }
    return (ssize_t)(size - stream->avail_out);
}

static void gzip_close(decoder *d) {
    if (d->state)
        inflateEnd(d->state);
    free(d->state);
    d->state = NULL;
}

#else

static ssize_t gzip_read(decoder *d, char *to, size_t size) {
    (void)to;
    (void)size;
    return decoder_fail(d, "gzip data, and simdinet was built without zlib");
}

static void gzip_close(decoder *d) {
    (void)d;
}

#endif

const decoder_type gzip_decoder = {gzip_read, gzip_close};
