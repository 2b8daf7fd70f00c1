/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cli.h - what the subcommands share: messages, exit statuses, and the way through the input.
 */
#ifndef SIMDINET_CLI_H
#define SIMDINET_CLI_H

#include "simdinet.h"

#include <stdint.h>
#include <stdio.h>

/* Exit statuses, as grep has them. An error wins over both others. */
enum { EXIT_FOUND = 0, EXIT_NONE = 1, EXIT_TROUBLE = 2 };

/* Each subcommand gets its own name as argv[0] and returns an exit status. */
int command_extract(int argc, char **argv);
int command_count(int argc, char **argv);
int command_parse(int argc, char **argv);
int command_info(int argc, char **argv);

/* ---- message.c -------------------------------------------------------------------------------- */

/* Prints "simdinet: SUBJECT: reason of errno" to stderr. */
void complain_errno(const char *subject);

/* Prints "simdinet: message" to stderr. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says where help is found, after getopt_long has named what it did not understand. */
int usage_error(const char *subcommand);

/* Reads a whole number above zero; complains and returns false for any other text. */
bool read_count(const char *option, const char *text, uint64_t *out);

/* Flushes stdout and returns status, or complains and returns EXIT_TROUBLE when it cannot. */
int finish_output(int status);

/* ---- input.c ---------------------------------------------------------------------------------- */

/* Matches of one file, in order. text + match.offset is the match; base is text's place in the
 * file. Returns false to stop everything. */
typedef bool match_sink(void *context, const char *text, uint64_t base,
                        const simdinet_match *matches, size_t count);

typedef struct {
    uint64_t bytes;
    uint64_t lines;
    uint64_t addresses;
    double seconds;
} scan_stats;

/*
 * Scans the named files one after the other, or stdin when there are none; "-" is stdin. Names each
 * file that cannot be read on stderr and goes on. What looks like a version number is left out.
 * Returns false when there was trouble of any kind.
 */
bool scan_files(int files, char *const *names, unsigned flags, match_sink *sink, void *context,
                scan_stats *stats);

/* Prints the figures of a scan to stderr, with distinct when it is not NULL. */
void print_stats(const scan_stats *stats, const uint64_t *distinct);

#endif
