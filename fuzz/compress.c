/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "compress.h"

#include <stdint.h>
#include <string.h>

#include "fuzz.h"

#ifdef SIMDINET_WITH_ZLIB
#    include <zlib.h>

/* Small: the state is allocated for each input. */
enum { WINDOW = 9, GZIP_ONLY = 16, MEMORY = 1, LEVEL = 6 };

static size_t compress_gzip(const char *text, size_t size, char *to, size_t capacity) {
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text,
                       .avail_in = (uInt)size,
                       .next_out = (Bytef *)to,
                       .avail_out = (uInt)capacity};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW + GZIP_ONLY, MEMORY, Z_DEFAULT_STRATEGY) !=
            Z_OK ||
        deflate(&stream, Z_FINISH) != Z_STREAM_END)
        fail(text, size, "compress: gzip: %s", stream.msg ? stream.msg : "output too small");
    deflateEnd(&stream);
    return capacity - stream.avail_out;
}
#endif

#ifdef SIMDINET_WITH_ZSTD
#    include <zstd.h>

static size_t compress_zstd(const char *text, size_t size, char *to, size_t capacity) {
    static ZSTD_CCtx *context;
    if (!context)
        context = ZSTD_createCCtx();
    size_t len = ZSTD_compressCCtx(context, to, capacity, text, size, 1);
    if (ZSTD_isError(len))
        fail(text, size, "compress: zstd: %s", ZSTD_getErrorName(len));
    return len;
}
#endif

static size_t compress_one(compression how, const char *text, size_t size, char *to,
                           size_t capacity) {
    (void)how, (void)text, (void)size, (void)to, (void)capacity; /* without either library */
#ifdef SIMDINET_WITH_ZLIB
    if (how == GZIP)
        return compress_gzip(text, size, to, capacity);
#endif
#ifdef SIMDINET_WITH_ZSTD
    if (how == ZSTD)
        return compress_zstd(text, size, to, capacity);
#endif
    return 0;
}

size_t compress_text(compression how, bool two, const char *text, size_t size, char *to,
                     size_t capacity) {
    size_t first = two ? size / 2 : 0;
    size_t len = two ? compress_one(how, text, first, to, capacity) : 0;
    return len + compress_one(how, text + first, size - first, to + len, capacity - len);
}

bool looks_compressed(const char *text, size_t size) {
    return (size >= 2 && memcmp(text, "\x1f\x8b", 2) == 0) ||
           (size >= 4 && memcmp(text, "\x28\xb5\x2f\xfd", 4) == 0) ||
           (size >= 4 && (*text & 0xf0) == 0x50 && memcmp(text + 1, "\x2a\x4d\x18", 3) == 0);
}
