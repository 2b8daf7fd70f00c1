/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * zstd.c - zstd frames, one after the other, through libzstd.
 *
 * A frame says how much memory its decoder needs, 8 MiB for most and 128 MiB at most, as for the
 * zstd command. That comes on top of what this command uses itself.
 */
#include "source.h"

#ifdef SIMDINET_WITH_ZSTD

#    include <zstd.h>
#    include <zstd_errors.h>

/* What keeps the decoder from going on is not always damage. */
static const char *reason_of(size_t result) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
        return "the zstd data needs more than 128 MiB of memory";
    case ZSTD_error_memory_allocation:
        return "out of memory";
    case ZSTD_error_dictionary_wrong:
        return "the zstd data needs a dictionary";
    default:
        return "the zstd data is damaged";
    }
}

static ssize_t fail(source *from, const char *reason) {
    from->reason = reason;
    return -1;
}

/*
 * How much to give to the decoder at once. Where it meets damage it does not say what it has written
 * before in the same call: so it gets a header, a block or a checksum a call, and what it is given
 * does not depend on how the data arrives. What it wants to have next is a block and the header of the
 * one behind it, or less; what a frame begins with is five bytes.
 */
enum { FRAME_BEGIN = 5, BLOCK_HEADER = 3 };

static size_t next_step(size_t wanted) {
    return wanted == 0 ? FRAME_BEGIN : wanted > BLOCK_HEADER ? wanted - BLOCK_HEADER : wanted;
}

ssize_t zstd_read(source *from, char *to, size_t room) {
    if (!from->decoder) {
        from->decoder = ZSTD_createDStream();
        from->step = FRAME_BEGIN;
    }
    if (!from->decoder)
        return fail(from, "out of memory");
    if (from->reason)
        return -1;
    ZSTD_outBuffer text = {to, room, 0};
    while (text.pos < room) {
        if (!source_fill_raw(from))
            return -1;
        /* What was inflated is handed over first; what is wrong comes out at the next call. The
         * decoder may also hold text that had no room before: ask it even without more input. */
        if (from->raw_at == from->raw_len && (from->between || text.pos > 0))
            break;
        size_t left = from->raw_len - from->raw_at;
        ZSTD_inBuffer raw = {from->raw, from->raw_at + (left < from->step ? left : from->step),
                             from->raw_at};
        bool had_input = from->raw_at < from->raw_len;
        size_t before = text.pos;
        size_t result = ZSTD_decompressStream(from->decoder, &text, &raw);
        from->raw_at = raw.pos;
        if (ZSTD_isError(result)) {
            /* Text that came before the damage first; the next call fails. */
            from->reason = reason_of(result);
            return text.pos > 0 ? (ssize_t)text.pos : -1;
        }
        from->step = next_step(result);
        from->between = result == 0;
        if (!had_input && text.pos == before)
            return fail(from, "the zstd data ends too early");
        if (from->raw_at == from->raw_len && text.pos > 0)
            break; /* hand over what there is before a read that may wait */
    }
    return (ssize_t)text.pos;
}

void zstd_close(source *from) {
    ZSTD_freeDStream(from->decoder);
    from->decoder = NULL;
}

#else

ssize_t zstd_read(source *from, char *to, size_t room) {
    (void)to;
    (void)room;
    from->reason = "this is zstd data, and this simdinet was built without libzstd";
    return -1;
}

void zstd_close(source *from) {
    (void)from;
}

#endif
