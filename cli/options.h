/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * options.h - what the user asked for: one table of options for all subcommands.
 */
#ifndef SIMDINET_OPTIONS_H
#define SIMDINET_OPTIONS_H

#include "networks.h"

#include <stdbool.h>
#include <stdint.h>

/* The subcommands that walk through input; bits, so that an option can belong to several. */
typedef enum { FOR_EXTRACT = 1, FOR_COUNT = 2, FOR_GREP = 4 } subcommand;

/* More threads would read faster than memory gives, and take more of it than was promised. */
enum { THREADS_MOST = 32 };

typedef struct {
    unsigned families; /* SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6; neither: both */
    bool versions;
    bool canonical;
    bool line_number;
    bool byte_offset;
    enum { NAMES_AUTO, NAMES_ALWAYS, NAMES_NEVER } names;
    enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
    bool json;
    bool null;
    bool unique;
    bool line_buffered;
    bool stats;
    unsigned threads;

    /* count */
    uint64_t top;
    unsigned by_ipv4, by_ipv6; /* the prefix lengths to count by, 32 and 128 for whole addresses */
    bool mapped;

    /* grep */
    networks *networks;
    bool networks_given;
    bool invert;
    bool count_lines;
    bool only_matching;
    bool quiet;

    int files;
    char **names_of_files; /* "-" where none were given */
} options;

/*
 * Reads the arguments of a subcommand. Returns true when it shall go to work, or false with its
 * exit status in *status: help was printed, or a mistake was complained about.
 */
bool options_read(options *given, subcommand command, int argc, char **argv, const char *help,
                  int *status);

/* Gives back what options_read made. */
void options_free(options *given);

/* Whether names of files, and colours, are to be printed. */
bool options_names(const options *given);
bool options_color(const options *given);

#endif
