/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_lines.h - reads tests/data/scan_lines.tsv, one labelled line of text a record.
 */
#ifndef SCAN_LINES_H
#define SCAN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "simdinet.h"

/* The most bytes of a line or of what is expected of it, and the most matches. */
#define SCAN_LINE_SIZE    512
#define SCAN_LINE_MATCHES 16

typedef struct scan_line {
    size_t number; /* from 1 */
    char rule[64];
    char expected[SCAN_LINE_SIZE]; /* as scan_line_write writes it */
    char text[SCAN_LINE_SIZE];     /* may contain NULs */
    size_t len;
} scan_line;

/* Reads the next line, and skips comments. Returns false at the end; aborts if the file is malformed. */
bool scan_line_read(FILE *file, scan_line *line);

/*
 * Writes matches as the file has them: "address flags", separated by ", ". A version-like match is
 * in parentheses. The text of an address is that of the line.
 */
void scan_line_write(const char *text, const simdinet_match *matches, size_t n,
                     char out[SCAN_LINE_SIZE]);

#endif
