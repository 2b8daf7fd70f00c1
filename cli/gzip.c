/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * gzip.c - gzip members, one after the other, through zlib.
 */
#include "source.h"

#ifdef SIMDINET_WITH_ZLIB

#    include <stdlib.h>
#    include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window bits: no raw deflate, no zlib wrapper */

static ssize_t fail(source *from, const char *reason) {
    from->reason = reason;
    return -1;
}

static z_stream *decoder_of(source *from) {
    if (!from->decoder) {
        z_stream *stream = calloc(1, sizeof *stream);
        if (stream && inflateInit2(stream, MAX_WBITS + GZIP_ONLY) != Z_OK) {
            free(stream);
            stream = NULL;
        }
        from->decoder = stream;
    }
    return from->decoder;
}

/* Between two members: zeros may follow, as tape and block devices leave them, or a member. */
static bool skip_padding(source *from) {
    do {
        while (from->raw_at < from->raw_len && from->raw[from->raw_at] == 0)
            from->raw_at++;
        if (from->raw_at < from->raw_len || from->raw_ended)
            return true;
    } while (source_fill_raw(from));
    return false;
}

ssize_t gzip_read(source *from, char *to, size_t room) {
    z_stream *stream = decoder_of(from);
    if (!stream)
        return fail(from, "out of memory");
    if (from->reason)
        return -1;
    stream->next_out = (Bytef *)to;
    stream->avail_out = (uInt)room;
    /* What there is gets handed over before a read that may wait. */
    while (stream->avail_out == room || (stream->avail_out > 0 && from->raw_at < from->raw_len)) {
        if (!(from->between && from->members > 0 ? skip_padding(from) : source_fill_raw(from)))
            return -1;
        bool ended = from->raw_at == from->raw_len;
        if (ended && from->between)
            break;
        /* The decoder may also hold text that had no room before: ask it even without more input. */
        stream->next_in = (Bytef *)from->raw + from->raw_at;
        stream->avail_in = (uInt)(from->raw_len - from->raw_at);
        from->between = false;
        int result = inflate(stream, Z_NO_FLUSH);
        from->raw_at = from->raw_len - stream->avail_in;
        if (result == Z_STREAM_END) {
            from->between = true;
            from->members++;
            inflateReset(stream);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            /* What was inflated is handed over first; what is wrong comes out at the next call. */
            from->reason = result == Z_MEM_ERROR ? "out of memory" : "the gzip data is damaged";
            return stream->avail_out < room ? (ssize_t)(room - stream->avail_out) : -1;
        } else if (ended && stream->avail_out == room) {
            return fail(from, "the gzip data ends too early");
        }
    }
    return (ssize_t)(room - stream->avail_out);
}

void gzip_close(source *from) {
    if (from->decoder)
        inflateEnd(from->decoder);
    free(from->decoder);
    from->decoder = NULL;
}

#else

ssize_t gzip_read(source *from, char *to, size_t room) {
    (void)to;
    (void)room;
    from->reason = "this is gzip data, and this simdinet was built without zlib";
    return -1;
}

void gzip_close(source *from) {
    (void)from;
}

#endif
