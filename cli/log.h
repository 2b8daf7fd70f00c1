/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * log.h - diagnostics on stderr, each one line that begins with "simdinet: ".
 */
#ifndef SIMDINET_LOG_H
#define SIMDINET_LOG_H

#include <stddef.h>

/* Prints "simdinet: message", with '?' for control characters and malformed UTF-8. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "simdinet: subject: strerror(errno)". */
void log_errno(const char *subject);

/* Prints "simdinet: out of memory" once per process. Thread-safe. */
void log_out_of_memory(void);

/* The start of a text for a message: at most 60 bytes, and "..." after them if there are more. What is not
 * printable ASCII becomes '?'. Returns to. */
enum { LOG_EXCERPT_SIZE = 64 };
const char *log_excerpt(char to[LOG_EXCERPT_SIZE], const char *text, size_t len);

/* Messages between these calls are printed together, as far as a buffer holds them: a file may have as many invalid
 * lines as it has lines. Neither waits for anything in between. Not thread-safe. */
void log_hold(void);
void log_release(void);

/* Prints "Try 'simdinet COMMAND --help'."; NULL: without COMMAND. */
void log_try_help(const char *command);

/* Flushes stdio's stdout. Returns status, or EXIT_TROUBLE after an error message. */
int finish_output(int status);

#endif
