/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * line_reader.h - the lines of an input, through a buffer of fixed size. A UTF-8 byte order mark at the start
 * is skipped.
 */
#ifndef SIMDINET_LINE_READER_H
#define SIMDINET_LINE_READER_H

#include "input.h"

/* Do not move a reader while it is open. text[at, len) is read and not yet consumed. */
typedef struct {
    input in;
    const char *label;
    char *text;
    size_t size, at, len;
    bool started; /* the first bytes are read */
    bool ended;
    bool skipping;   /* the rest of a line that did not fit */
    uint64_t number; /* of the last line that line_reader_next returned, from 1 */
} line_reader;

typedef enum {
    LINE_OK,
    LINE_TOO_LONG, /* size bytes or more: the first size of them; the next call skips the rest */
    LINE_END,
    LINE_ERROR, /* input_error is the reason. An unterminated line before it is dropped */
} line_result;

/* Opens an input and allocates size bytes. False: logged. */
bool line_reader_open(line_reader *reader, const char *name, size_t size);

/* Takes over an open descriptor of which bytes[0, len) were read; len <= size. False: logged, and closed. */
bool line_reader_adopt(line_reader *reader, const char *label, const raw_reader *raw,
                       const char *bytes, size_t len, size_t size);

void line_reader_close(line_reader *reader);

/* Moves text[at, len) to the front and reads more. reader->ended: there is no more. -1: input_error. */
ssize_t line_reader_fill(line_reader *reader);

/* Whether a complete line is buffered: line_reader_next returns it without a read. */
bool line_reader_buffered(const line_reader *reader);

/* Stores the next line without its LF; *terminated: it had one. *line is valid until the next call. */
line_result line_reader_next(line_reader *reader, char **line, size_t *len, bool *terminated);

/* Logs "LABEL: reason" after LINE_ERROR or a negative result of line_reader_fill. */
void line_reader_log_error(const line_reader *reader);

#endif
