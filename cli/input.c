/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "input.h"

#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The bytes as they are stored. */
static ssize_t read_stored(input *in, char *to, size_t size) {
    raw_reader *raw = &in->raw;
    if (raw->at == raw->len)
        return raw_read(raw, to, size);
    /* What sniff_stream read. */
    size_t len = raw->len - raw->at;
    if (len > size)
        len = size;
    memcpy(to, raw->buffer + raw->at, len);
    raw->at += len;
    return (ssize_t)len;
}

/* The decompressed bytes. */
static ssize_t read_bytes(void *context, char *to, size_t size) {
    input *in = context;
    size_t len = in->head_len - in->head_at;
    if (len == 0)
        return in->compressed ? decoder_read(&in->decoder, to, size) : read_stored(in, to, size);
    if (len > size)
        len = size;
    memcpy(to, in->head + in->head_at, len);
    in->head_at += len;
    return (ssize_t)len;
}

static bool sniff_stream(input *in, file_format *format) {
    raw_reader *raw = &in->raw;
    while (!raw->ended && format_is_open(raw->buffer, raw->len))
        if (!raw_read_more(raw))
            return false;
    *format = recognize_format(raw->buffer, raw->len, &in->decoder.type);
    return true;
}

/* Leaves the file offset where it is. */
static bool sniff_file(input *in, uint64_t size, file_format *format) {
    off_t begin = lseek(in->raw.fd, 0, SEEK_CUR);
    char head[FORMAT_HEAD_SIZE];
    size_t have = 0;
    if (begin < 0)
        return sniff_stream(in, format);
    in->begin = (uint64_t)begin;
    in->end = size;
    for (ssize_t got = 1; got > 0 && have < sizeof head && format_is_open(head, have);
         have += got > 0 ? (size_t)got : 0) {
        got = raw_read_at(&in->raw, in->begin + have, head + have, sizeof head - have);
        if (got < 0 && have == 0)
            return false;
    }
    *format = recognize_format(head, have, &in->decoder.type);
    /* A size of 0 is not trusted: files under /proc report it. */
    in->seekable = *format == FORMAT_TEXT && size > 0;
    posix_fadvise(in->raw.fd, begin, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

/* The format of decompressed data. A read that fails fails again later. */
static file_format sniff_decompressed(input *in, const decoder_type **type) {
    for (ssize_t got = 1; got > 0 && format_is_open(in->head, in->head_len);
         in->head_len += got > 0 ? (size_t)got : 0)
        got = decoder_read(&in->decoder, in->head + in->head_len, sizeof in->head - in->head_len);
    return recognize_format(in->head, in->head_len, type);
}

/* Skips the byte order mark. */
static bool open_utf16(input *in, bool big_endian) {
    char mark[2];
    for (size_t have = 0; have < sizeof mark;) {
        ssize_t got = read_bytes(in, mark + have, sizeof mark - have);
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return (in->utf16 = utf16_open(big_endian, read_bytes, in)) != NULL;
}

/* False: *error is the reason, or NULL and errno. */
static bool set_format(input *in, file_format format, const char **error) {
    *error = NULL;
    if (format == FORMAT_COMPRESSED) {
        const decoder_type *type;
        in->compressed = true;
        format = sniff_decompressed(in, &type);
        if (format == FORMAT_COMPRESSED)
            *error = "compressed data in compressed data are not supported";
        else if (format == FORMAT_UNSUPPORTED)
            *error = type->unsupported;
        if (*error)
            return false;
    }
    in->capture = format == FORMAT_CAPTURE;
    return (format != FORMAT_UTF16_LE && format != FORMAT_UTF16_BE) ||
           open_utf16(in, format == FORMAT_UTF16_BE);
}

bool input_open(input *in, const char *name, const char **error) {
    struct stat status;
    file_format format;
    *in = (input){0};
    if (!raw_open(&in->raw, name, &status, error))
        return false;
    in->decoder = (decoder){.raw = &in->raw, .at_boundary = true};
    bool ok = in->raw.may_block ? sniff_stream(in, &format)
                                : sniff_file(in, (uint64_t)status.st_size, &format);
    *error = NULL;
    if (ok && format == FORMAT_UNSUPPORTED) {
        *error = in->decoder.type->unsupported;
    } else if (ok && set_format(in, format, error)) {
        progress_next(in->end > in->begin ? in->end - in->begin : 0);
        return true;
    }
    if (!*error)
        *error = raw_error(errno);
    input_close(in);
    return false;
}

ssize_t input_read(input *in, char *to, size_t size) {
    return in->utf16 ? utf16_read(in->utf16, to, size) : read_bytes(in, to, size);
}

const char *input_error(const input *in) {
    return in->decoder.error ? in->decoder.error : raw_error(errno);
}

ssize_t input_read_at(const input *in, uint64_t offset, char *to, size_t size) {
    return raw_read_at(&in->raw, offset, to, size);
}

bool input_ready(const input *in) {
    return raw_ready(&in->raw);
}

void input_close(input *in) {
    utf16_close(in->utf16);
    decoder_close(&in->decoder);
    raw_close(&in->raw);
}
