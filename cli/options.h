/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * options.h - reads a command line by the option table.
 */
#ifndef SIMDINET_OPTIONS_H
#define SIMDINET_OPTIONS_H

#include "option_table.h"

typedef enum {
    OPTIONS_RUN,     /* run the subcommand */
    OPTIONS_HELP,    /* --help */
    OPTIONS_VERSION, /* --version */
    OPTIONS_ERROR,   /* logged */
} options_result;

/* Reads the arguments of a subcommand; argv[0] is its name. options_free follows in any case. */
options_result options_read(options *given, const subcommand *command, int argc, char **argv);

void options_free(options *given);

#endif
