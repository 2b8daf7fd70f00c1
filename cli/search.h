/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * search.h - scans all inputs of a subcommand, one after the other.
 */
#ifndef SIMDINET_SEARCH_H
#define SIMDINET_SEARCH_H

#include "scan_range.h"

typedef struct {
    scan_counts counts;
    double seconds;
    bool text_named; /* a message said that a file is not a capture */
    bool failed;     /* an input could not be read or the output not written; logged */
} search_result;

/*
 * Scans the files in order and continues after one that cannot be read. prints_last: all output comes
 * after the last input, which allows a progress line. quiet: no progress line.
 */
search_result search_files(const scan_config *config, int n_files, char *const *files,
                           bool prints_last, bool quiet, const match_sink *sink, void *state);

/* --stats: prints the counts to stderr, with *distinct unless it is NULL. */
void print_stats(const search_result *result, const uint64_t *distinct);

#endif
