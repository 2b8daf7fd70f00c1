/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_texts.h - the addresses in each of many texts.
 *
 * A call of simdinet_scan costs several times what the bytes of a short line cost. Short texts are therefore copied into
 * a buffer, with a line feed after each, and scanned together; long ones are scanned where they are. No rule of
 * docs/scan.md reads past a line feed, and the ends of a text count as line ends, so the result is that of separate
 * scans.
 */
#ifndef SIMDINET_SCAN_TEXTS_H
#define SIMDINET_SCAN_TEXTS_H

#include "simdinet.h"

#include <stdbool.h>
#include <string.h>

enum {
    SCAN_TEXTS_BUFFER = 32 * 1024, /* stays in a cache of the first or second level */
    SCAN_TEXTS_COPIED = 2048,      /* longer texts are not copied */
    SCAN_TEXTS_ROWS = 1024,
    SCAN_TEXTS_MATCHES = 512,
};

/* Receives a match in the text of a row, in order of rows. text + match->offset is the address, and offset where it is
 * in the text of the row. Returns false to stop. */
typedef bool (*text_match_sink)(void *context, size_t row, const char *text,
                                const simdinet_match *match, size_t offset);

typedef struct text_scanner {
    unsigned flags;
    text_match_sink sink;
    void *context;
    size_t used, n_rows;
    size_t rows[SCAN_TEXTS_ROWS], starts[SCAN_TEXTS_ROWS + 1];
    simdinet_match matches[SCAN_TEXTS_MATCHES];
    char buffer[SCAN_TEXTS_BUFFER];
} text_scanner;

static inline void text_scanner_init(text_scanner *scanner, unsigned flags, text_match_sink sink,
                                     void *context) {
    scanner->flags = flags;
    scanner->sink = sink;
    scanner->context = context;
    scanner->used = scanner->n_rows = 0;
}

/* Scans text that holds n rows; row i starts at starts[i]. What looks like a version number is left out. */
static inline bool text_scanner_run(text_scanner *scanner, const char *text, size_t len,
                                    const size_t *rows, const size_t *starts, size_t n_rows) {
    size_t at = 0, n, row = 0;
    do {
        at = simdinet_scan(text, at, len, scanner->flags, scanner->matches,
                           sizeof *scanner->matches, SCAN_TEXTS_MATCHES, &n);
        for (size_t i = 0; i < n; i++) {
            const simdinet_match *match = &scanner->matches[i];
            if (match->flags & SIMDINET_MATCH_VERSION)
                continue;
            while (row + 1 < n_rows && starts[row + 1] <= match->offset)
                row++;
            if (!scanner->sink(scanner->context, rows[row], text, match,
                               match->offset - starts[row]))
                return false;
        }
    } while (n == SCAN_TEXTS_MATCHES);
    return true;
}

/* Scans the texts that are waiting. Returns false if the sink does. */
static inline bool text_scanner_flush(text_scanner *scanner) {
    const size_t len = scanner->used, n_rows = scanner->n_rows;
    scanner->used = scanner->n_rows = 0;
    return text_scanner_run(scanner, scanner->buffer, len, scanner->rows, scanner->starts, n_rows);
}

/* Adds the text of a row; rows are in order. Returns false if the sink does. */
static inline bool text_scanner_add(text_scanner *scanner, size_t row, const char *text,
                                    size_t len) {
    if (len > SCAN_TEXTS_COPIED) {
        const size_t start = 0;
        return text_scanner_flush(scanner) && text_scanner_run(scanner, text, len, &row, &start, 1);
    }
    if ((scanner->n_rows == SCAN_TEXTS_ROWS || scanner->used + len + 1 > SCAN_TEXTS_BUFFER) &&
        !text_scanner_flush(scanner))
        return false;
    scanner->rows[scanner->n_rows] = row;
    scanner->starts[scanner->n_rows++] = scanner->used;
    if (len > 0)
        memcpy(scanner->buffer + scanner->used, text, len);
    scanner->used += len;
    scanner->buffer[scanner->used++] = '\n';
    return true;
}

#endif
