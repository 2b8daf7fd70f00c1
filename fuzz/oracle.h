/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * oracle.h - the output that the command must have for a text on standard input, computed in the simplest
 * way: from the whole text, one address and one line after the other.
 */
#ifndef FUZZ_ORACLE_H
#define FUZZ_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

/* The longest line that `format` accepts with small buffers. */
enum { FORMAT_MAX_LINE = 63 };

/* The longest text that the oracle accepts. */
enum { ORACLE_MAX_TEXT = 8 * 1024 };

typedef struct expectation {
    int status;
    const char *text; /* valid until the next call */
    size_t len;
} expectation;

/* False: the oracle does not support the arguments. argv[0] is the name of the subcommand. */
bool expect(int argc, char *const *argv, const char *text, size_t size, expectation *out);

#endif
