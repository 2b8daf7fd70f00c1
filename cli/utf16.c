/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "utf16.h"

#include "digit.h"

#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

utf16_reader *utf16_open(bool big_endian, utf16_source *source, void *context) {
    utf16_reader *reader = malloc(sizeof *reader);
    if (!reader)
        return NULL;
    reader->source = source;
    reader->context = context;
    reader->big_endian = big_endian;
    reader->ended = false;
    reader->high = 0;
    reader->at = reader->len = reader->out_at = reader->out_len = 0;
    return reader;
}

void utf16_close(utf16_reader *reader) {
    free(reader);
}

static char *put_utf8(char *to, uint32_t code) {
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *to++ = (char)(0xe0 | code >> 12);
        } else {
            *to++ = (char)(0xf0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (code & 0x3f));
    return to;
}

/* Converts one unit: writes up to two characters, of 6 bytes together. */
static char *put_unit(utf16_reader *reader, char *to, uint16_t unit) {
    uint16_t high = reader->high;
    reader->high = 0;
    if (high && unit >= 0xdc00 && unit <= 0xdfff)
        return put_utf8(to, 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (unit - 0xdc00u));
    if (high)
        to = put_utf8(to, REPLACEMENT);
    if (unit >= 0xd800 && unit <= 0xdbff) {
        reader->high = unit;
        return to;
    }
    return put_utf8(to, unit >= 0xdc00 && unit <= 0xdfff ? REPLACEMENT : unit);
}

/* Converts what is buffered, as far as there is room for a unit. */
static char *convert(utf16_reader *reader, char *to, const char *end) {
    const uint8_t *in = (const uint8_t *)reader->in;
    size_t at = reader->at;
    const unsigned first = reader->big_endian ? 0 : 1, second = 1 - first;
    for (; reader->len - at >= 2 && end - to >= (ptrdiff_t)sizeof reader->out; at += 2) {
        uint16_t unit = (uint16_t)(in[at + first] << 8 | in[at + second]);
        if (unit < 0x80 && !reader->high)
            *to++ = (char)unit;
        else
            to = put_unit(reader, to, unit);
    }
    reader->at = at;
    return to;
}

/* The input ends within a character. */
static char *put_incomplete(utf16_reader *reader, char *to) {
    if (reader->high || reader->at < reader->len)
        to = put_utf8(to, REPLACEMENT);
    reader->high = 0;
    reader->at = reader->len;
    return to;
}

/* Moves the bytes of an incomplete unit to the front, and reads more. Returns how many, 0, -1. */
static ssize_t fill(utf16_reader *reader) {
    reader->len -= reader->at;
    memmove(reader->in, reader->in + reader->at, reader->len);
    reader->at = 0;
    ssize_t got =
        reader->source(reader->context, reader->in + reader->len, sizeof reader->in - reader->len);
    reader->len += got > 0 ? (size_t)got : 0;
    reader->ended = got == 0;
    return got;
}

static ssize_t take_pending(utf16_reader *reader, char *to, size_t size) {
    size_t len = reader->out_len - reader->out_at;
    if (len > size)
        len = size;
    memcpy(to, reader->out + reader->out_at, len);
    reader->out_at += len;
    return (ssize_t)len;
}

ssize_t utf16_read(utf16_reader *reader, char *to, size_t size) {
    if (reader->out_at < reader->out_len)
        return take_pending(reader, to, size);
    const bool small = size < sizeof reader->out;
    char *begin = small ? reader->out : to, *end = begin;
    const char *limit = small ? reader->out + sizeof reader->out : to + size;
    while (end == begin && !reader->ended) {
        if (reader->len - reader->at < 2 && fill(reader) < 0)
            return -1;
        end = reader->ended ? put_incomplete(reader, end) : convert(reader, end, limit);
    }
    if (!small)
        return end - begin;
    reader->out_at = 0;
    reader->out_len = (size_t)(end - begin);
    return take_pending(reader, to, size);
}

bool has_utf16_address(const char *text, size_t len) {
    const char *const end = text + len, *first = memchr(text, '\0', len);
    for (size_t kind = 0; first && kind < 2; kind++) {
        const char separator[] = {'\0', kind == 0 ? '.' : ':', '\0'};
        for (const char *at = first;
             (at = memmem(at, (size_t)(end - at), separator, sizeof separator)); at++) {
            if (at == text || end - at <= 3)
                continue;
            const char before = at[-1], after = at[3];
            if (kind == 0 ? is_digit(before) && is_digit(after)
                          : (hex_value(before) >= 0 || before == ':') && hex_value(after) >= 0)
                return true;
        }
    }
    return false;
}
