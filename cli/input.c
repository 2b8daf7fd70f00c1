/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "input.h"

#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { MAGIC_SIZE = 4 };

/* Whether the common length of the two is equal. */
static bool prefix_equal(const char *text, size_t len, const char *magic, size_t magic_len) {
    return memcmp(text, magic, len < magic_len ? len : magic_len) == 0;
}

/* Whether len > 0 bytes match a zstd frame (RFC 8878 3.1.1) or skippable frame (3.1.2) as far as they go. */
static bool may_be_zstd(const char *text, size_t len) {
    return prefix_equal(text, len, "\x28\xb5\x2f\xfd", 4) ||
           ((text[0] & 0xf0) == 0x50 && prefix_equal(text + 1, len - 1, "\x2a\x4d\x18", 3));
}

static const decoder_type *sniff_format(const char *text, size_t len) {
    if (len >= 2 && prefix_equal(text, len, "\x1f\x8b", 2))
        return &gzip_decoder;
    return len >= MAGIC_SIZE && may_be_zstd(text, len) ? &zstd_decoder : NULL;
}

/* Whether more bytes may complete a magic number: a pipe may deliver it byte by byte. */
static bool may_become_magic(const char *text, size_t len) {
    return len < MAGIC_SIZE &&
           (len == 0 || (len < 2 && text[0] == '\x1f') || may_be_zstd(text, len));
}

static bool sniff_stream(input *in) {
    raw_reader *raw = &in->raw;
    while (!raw->ended && may_become_magic(raw->buffer, raw->len))
        if (!raw_read_more(raw))
            return false;
    in->type = sniff_format(raw->buffer, raw->len);
    return true;
}

/* Leaves the file offset where it is. A size of 0 is not trusted: files under /proc report it. */
static bool sniff_file(input *in, uint64_t size) {
    off_t begin = lseek(in->raw.fd, 0, SEEK_CUR);
    char magic[MAGIC_SIZE];
    size_t have = 0;
    if (begin < 0)
        return sniff_stream(in);
    in->begin = (uint64_t)begin;
    in->end = size;
    for (ssize_t got = 1; got > 0 && have < sizeof magic; have += (size_t)got) {
        got = raw_read_at(&in->raw, in->begin + have, magic + have, sizeof magic - have);
        if (got < 0)
            return false;
    }
    in->type = sniff_format(magic, have);
    in->seekable = !in->type && size > 0;
    posix_fadvise(in->raw.fd, begin, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

bool input_open(input *in, const char *name, const char **error) {
    struct stat status;
    *in = (input){0};
    if (!raw_open(&in->raw, name, &status, error))
        return false;
    in->decoder = (decoder){.raw = &in->raw, .at_boundary = true};
    if (in->raw.may_block ? sniff_stream(in) : sniff_file(in, (uint64_t)status.st_size)) {
        progress_next(in->end > in->begin ? in->end - in->begin : 0);
        return true;
    }
    *error = strerror(errno);
    input_close(in);
    return false;
}

ssize_t input_read(input *in, char *to, size_t size) {
    raw_reader *raw = &in->raw;
    if (in->type)
        return in->type->read(&in->decoder, to, size);
    if (raw->at == raw->len)
        return raw_read(raw, to, size);
    /* The bytes that sniff_stream read. */
    size_t len = raw->len - raw->at;
    if (len > size)
        len = size;
    memcpy(to, raw->buffer + raw->at, len);
    raw->at += len;
    return (ssize_t)len;
}

const char *input_error(const input *in) {
    return in->decoder.error ? in->decoder.error : strerror(errno);
}

ssize_t input_read_at(const input *in, uint64_t offset, char *to, size_t size) {
    return raw_read_at(&in->raw, offset, to, size);
}

bool input_ready(const input *in) {
    return raw_ready(&in->raw);
}

void input_close(input *in) {
    if (in->type)
        in->type->close(&in->decoder);
    raw_close(&in->raw);
}
