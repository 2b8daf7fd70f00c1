/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "line_reader.h"

#include "log.h"

#include <stdlib.h>
#include <string.h>

bool line_reader_open(line_reader *reader, const char *name, size_t size) {
    const char *error;
    *reader = (line_reader){.label = input_label(name), .size = size};
    if (!input_open(&reader->in, name, &error)) {
        log_error("%s: %s", reader->label, error);
        return false;
    }
    if (reader->in.capture) {
        log_error("%s: is a packet capture, not lines of text", reader->label);
        input_close(&reader->in);
        return false;
    }
    reader->text = raw_buffer_new(size);
    if (reader->text)
        return true;
    log_errno(reader->label);
    input_close(&reader->in);
    return false;
}

bool line_reader_adopt(line_reader *reader, const char *label, const raw_reader *raw,
                       const char *bytes, size_t len, size_t size) {
    *reader = (line_reader){.in.raw = *raw, .label = label, .size = size, .started = true};
    reader->text = raw_buffer_new(size);
    if (!reader->text) {
        log_errno(label);
        input_close(&reader->in);
        return false;
    }
    memcpy(reader->text, bytes, len);
    reader->len = len;
    return true;
}

void line_reader_close(line_reader *reader) {
    free(reader->text);
    input_close(&reader->in);
}

static ssize_t read_more(line_reader *reader) {
    ssize_t got = input_read(&reader->in, reader->text + reader->len, reader->size - reader->len);
    reader->len += got > 0 ? (size_t)got : 0;
    reader->ended = got == 0;
    return got;
}

/* Reads the first bytes, without the byte order mark that may start UTF-8. */
static ssize_t read_first(line_reader *reader) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t len;
    ssize_t got;
    do {
        got = read_more(reader);
        len = reader->len < 3 ? reader->len : 3;
    } while (got > 0 && len < 3 && memcmp(reader->text, mark, len) == 0);
    reader->started = true;
    if (len == 3 && memcmp(reader->text, mark, 3) == 0)
        reader->at = 3;
    return got;
}

ssize_t line_reader_fill(line_reader *reader) {
    if (!reader->started)
        return read_first(reader);
    reader->len -= reader->at;
    memmove(reader->text, reader->text + reader->at, reader->len);
    reader->at = 0;
    return read_more(reader);
}

static char *find_newline(const line_reader *reader, size_t from) {
    return from < reader->len ? memchr(reader->text + from, '\n', reader->len - from) : NULL;
}

bool line_reader_buffered(const line_reader *reader) {
    return find_newline(reader, reader->at) != NULL;
}

/* Discards up to the end of the line. */
static line_result skip_line(line_reader *reader) {
    char *newline;
    while (!(newline = find_newline(reader, reader->at))) {
        reader->at = reader->len;
        if (reader->ended)
            return LINE_END;
        if (line_reader_fill(reader) < 0)
            return LINE_ERROR;
    }
    reader->at = (size_t)(newline - reader->text) + 1;
    reader->skipping = false;
    return LINE_OK;
}

line_result line_reader_next(line_reader *reader, char **line, size_t *len, bool *terminated) {
    line_result skipped = reader->skipping ? skip_line(reader) : LINE_OK;
    size_t searched = 0; /* bytes past at that hold no newline */
    char *newline;
    if (skipped != LINE_OK)
        return skipped;
    while (!(newline = find_newline(reader, reader->at + searched))) {
        searched = reader->len - reader->at;
        if (searched == reader->size || reader->ended)
            break;
        if (line_reader_fill(reader) < 0)
            return LINE_ERROR;
    }
    *line = reader->text + reader->at;
    *len = newline ? (size_t)(newline - *line) : reader->len - reader->at;
    *terminated = newline != NULL;
    if (!newline && *len == 0)
        return LINE_END;
    reader->number++;
    reader->at += *len + (newline != NULL);
    reader->skipping = *len == reader->size;
    return reader->skipping ? LINE_TOO_LONG : LINE_OK;
}

void line_reader_log_error(const line_reader *reader) {
    log_error("%s: %s", reader->label, input_error(&reader->in));
}
