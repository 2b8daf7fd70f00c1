/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "field.h"

#include "blank.h"

#include <string.h>

static size_t skip_blanks(const char *line, size_t len, size_t at, char delimiter) {
    while (at < len && is_blank(line[at]) && line[at] != delimiter)
        at++;
    return at;
}

/* The end of a quoted field that starts at a quote: past the closing one. */
static size_t quoted_end(const char *line, size_t len, size_t at) {
    for (at++; at < len; at++) {
        if (line[at] != '"')
            continue;
        if (at + 1 == len || line[at + 1] != '"')
            return at + 1;
        at++;
    }
    return len;
}

bool find_field(const char *line, size_t len, char delimiter, size_t number, size_t *at,
                size_t *field_len) {
    size_t begin = 0;
    for (;; number--) {
        const size_t first = skip_blanks(line, len, begin, delimiter);
        const bool quoted = first < len && line[first] == '"';
        const size_t from = quoted ? quoted_end(line, len, first) : begin;
        const char *next = from < len ? memchr(line + from, delimiter, len - from) : NULL;
        const size_t end = next ? (size_t)(next - line) : len;
        const bool closed = quoted && from > first + 1 && line[from - 1] == '"';
        if (number == 1 && closed && skip_blanks(line, len, from, delimiter) == end) {
            *at = first + 1;
            *field_len = from - 1 - *at;
            return true;
        }
        if (number == 1) {
            *at = begin;
            *field_len = end - begin;
            return true;
        }
        if (!next)
            return false;
        begin = end + 1;
    }
}
