/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "compress.h"

#include <stdint.h>
#include <string.h>

#include "fuzz.h"

#ifdef SIMDINET_WITH_ZLIB
#    include <zlib.h>

/* The least memory, for it is asked for each time. */
enum { WINDOW = 9, GZIP_ONLY = 16, MEMORY = 1, LEVEL = 6 };

static size_t pack_gzip(const char *text, size_t size, char *to, size_t room) {
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text,
                       .avail_in = (uInt)size,
                       .next_out = (Bytef *)to,
                       .avail_out = (uInt)room};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW + GZIP_ONLY, MEMORY, Z_DEFAULT_STRATEGY) !=
            Z_OK ||
        deflate(&stream, Z_FINISH) != Z_STREAM_END)
        fail(text, size, "pack: no gzip data: %s", stream.msg ? stream.msg : "no room");
    deflateEnd(&stream);
    return room - stream.avail_out;
}
#endif

#ifdef SIMDINET_WITH_ZSTD
#    include <zstd.h>

static size_t pack_zstd(const char *text, size_t size, char *to, size_t room) {
    static ZSTD_CCtx *context;
    if (!context)
        context = ZSTD_createCCtx();
    size_t len = ZSTD_compressCCtx(context, to, room, text, size, 1);
    if (ZSTD_isError(len))
        fail(text, size, "pack: no zstd data: %s", ZSTD_getErrorName(len));
    return len;
}
#endif

static size_t pack_one(packing how, const char *text, size_t size, char *to, size_t room) {
    (void)how, (void)text, (void)size, (void)to, (void)room; /* where there is neither library */
#ifdef SIMDINET_WITH_ZLIB
    if (how == GZIP)
        return pack_gzip(text, size, to, room);
#endif
#ifdef SIMDINET_WITH_ZSTD
    if (how == ZSTD)
        return pack_zstd(text, size, to, room);
#endif
    return 0;
}

size_t pack(packing how, bool twice, const char *text, size_t size, char *to, size_t room) {
    size_t first = twice ? size / 2 : 0;
    size_t len = twice ? pack_one(how, text, first, to, room) : 0;
    return len + pack_one(how, text + first, size - first, to + len, room - len);
}

bool looks_packed(const char *text, size_t size) {
    return (size >= 2 && memcmp(text, "\x1f\x8b", 2) == 0) ||
           (size >= 4 && memcmp(text, "\x28\xb5\x2f\xfd", 4) == 0) ||
           (size >= 4 && (*text & 0xf0) == 0x50 && memcmp(text + 1, "\x2a\x4d\x18", 3) == 0);
}
