/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * line_printer.h - selects and prints lines one by one, in input order: with context, up to a number of
 * lines, as JSON. line_selector.h is faster where these are not wanted.
 */
#ifndef SIMDINET_LINE_PRINTER_H
#define SIMDINET_LINE_PRINTER_H

#include "line_selector.h"

typedef struct {
    line_config lines;
    uint64_t max_count;     /* selected lines per input; UINT64_MAX: all */
    uint64_t before, after; /* lines of context */
    bool groups;            /* separate lines that are not adjacent */
    bool with_address;      /* only lines with any address */
    bool only_matching;     /* print the matches of the selected lines */
} line_print_config;

/* Offsets count from the start of the input. The current line starts at line; [line, seen) is searched and
 * holds no newline. */
typedef struct {
    const line_print_config *config;
    printer printer;
    uint64_t line, seen;
    bool hit, address;    /* the current line holds a selected match, any match */
    simdinet_match match; /* the first selected one, with hit */
    uint64_t number;      /* of the current line, from 1 */
    uint64_t selected;    /* lines of this input */
    uint64_t after_left;  /* lines of context to print */
    uint64_t printed;     /* where the last printed line ends */
    bool any_printed;     /* of any input */
    bool fresh;           /* nothing of this input is printed yet */
    size_t n_before;      /* unprinted lines before the current one, at most config->before */
    uint64_t *starts;     /* of these lines: a ring of config->before */
    size_t first;         /* the oldest in the ring */
} line_printer;

/* NULL: out of memory. */
line_printer *line_printer_new(const line_print_config *config, const print_config *print,
                               const scan_config *scan);
void line_printer_free(line_printer *p);

/* match_sink.begin and match_sink.on_view, for a sink with whole_lines and one thread. */
void line_printer_begin(range_scanner *scanner, line_printer *p);
sink_result line_printer_view(range_scanner *scanner, line_printer *p, const buffer_view *view,
                              size_t *keep);

#endif
