/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * line_selector.h - from selected matches to the lines that hold them, or to the lines that do not.
 *
 * The start of a line is searched backwards from a match and its end forwards, and no byte is searched
 * twice for either. A line without a match costs nothing unless invert is set.
 */
#ifndef SIMDINET_LINE_SELECTOR_H
#define SIMDINET_LINE_SELECTOR_H

#include "network_set.h"
#include "printer.h"

typedef struct {
    const address_filter *filter;
    bool invert;
    bool
        print; /* the selected lines; otherwise they are only counted, and have no limit of length */
    bool quiet; /* stop the search at the first one */
} line_config;

/*
 * Offsets count from the start of the input. All lines that start before settled are finished. The
 * current line starts at line, and [line, seen) holds no newline.
 */
typedef struct {
    const line_config *config;
    printer printer;
    uint64_t settled;
    uint64_t line; /* LINE_UNKNOWN: the range starts within a line of the previous range */
    uint64_t seen;
    bool hit; /* the current line holds a selected match, the first of which is: */
    simdinet_match first;
} line_selector;

#define LINE_UNKNOWN UINT64_MAX

/* Whether the match is reported and accepted by the filter. */
bool is_selected(const range_scanner *scanner, const line_config *config,
                 const simdinet_match *match);

/* match_sink.begin and match_sink.on_view, for a sink with whole_lines. A line to print that is longer
 * than MAX_LINE, or than memory allows, is logged and skipped: scan_job.failed. */
void select_lines_begin(range_scanner *scanner, line_selector *selector);
sink_result select_lines(range_scanner *scanner, line_selector *selector, const buffer_view *view,
                         size_t *keep);

#endif
