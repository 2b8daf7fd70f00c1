/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * cli.h - what every file of the command knows: exit statuses, the subcommands, messages.
 *
 * A byte's way through the command: source.c reads (and inflates) it, input.c shows it to the
 * scanner, a subcommand takes the addresses that were found, output.c writes what is printed.
 * crew.c lets several threads walk this way through one file at once.
 */
#ifndef SIMDINET_CLI_H
#define SIMDINET_CLI_H

#include "simdinet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses, as grep has them. An error wins over both others. */
enum { EXIT_FOUND = 0, EXIT_NONE = 1, EXIT_TROUBLE = 2 };

/* A size, and the one that takes its place where the fuzzers build the command: there a text of a few
 * hundred bytes shall meet every border between buffers, pieces and batches. */
#ifdef SIMDINET_SMALL_BUFFERS
#    define BUFFER_SIZED(usual, small) (small)
#else
#    define BUFFER_SIZED(usual, small) (usual)
#endif

/* Each subcommand gets its own name as argv[0] and returns an exit status. */
int command_extract(int argc, char **argv);
int command_count(int argc, char **argv);
int command_format(int argc, char **argv);
int command_grep(int argc, char **argv);
int command_parse(int argc, char **argv);
int command_info(int argc, char **argv);
int command_resolve(int argc, char **argv);
int command_interfaces(int argc, char **argv);
int command_services(int argc, char **argv);

/* ---- message.c -------------------------------------------------------------------------------- */

/* Prints "simdinet: SUBJECT: reason of errno" to stderr. */
void complain_errno(const char *subject);

/* Prints "simdinet: message" to stderr, with '?' for what a terminal might obey. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says that memory is short: once, however many threads find out. */
void complain_memory(void);

/* getopt_long for a subcommand, with messages as all others are: '?' when something was wrong. */
struct option;
int next_option(int argc, char **argv, const char *letters, const struct option *names);

/* What --help and --version do: they print to stdout and return an exit status. */
int print_help(const char *help);
int print_version(void);

/*
 * Reads the options of a subcommand that has none but these two. True: operands follow, from optind on.
 * False, with its exit status in *status: one of the two was there, or a mistake was complained about.
 */
bool read_no_options(int argc, char **argv, const char *help, int *status);

/* Says where help is found, after next_option has named what it did not understand. */
int usage_error(const char *subcommand);

/* Reads a whole number above zero; complains and returns false for any other text. */
bool read_count(const char *option, const char *text, uint64_t *out);

/* Flushes stdio's stdout and returns status, or complains and returns EXIT_TROUBLE. */
int finish_output(int status);

/* Seconds on a clock that only runs forward, for differences. */
double seconds_now(void);

/* ---- progress.c ------------------------------------------------------------------------------- */

/*
 * Lets work longer than a second show how far it is: on stderr when that is a terminal, while a regular
 * file is read, and only where nothing else writes to that terminal meanwhile. What goes to a terminal
 * or a pipe before the end, unless prints_last, does. Without this call the other functions do nothing.
 */
void progress_enable(bool prints_last);

/* Begins the next input. size is what will be read of it; 0: nobody knows, and nothing is shown. */
void progress_next(uint64_t size);

/* Counts bytes that were read. Any thread may call this. */
void progress_add(size_t bytes);

/* Takes the progress line off the terminal, before something else is written there. */
void progress_clear(void);

#endif
