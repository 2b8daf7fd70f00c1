/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * expect.h - what the command prints about a text that comes by standard input, worked out in the
 * plainest way: the whole text at once, one address and one line after the other.
 */
#ifndef FUZZ_EXPECT_H
#define FUZZ_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

/* The longest line that `format` takes for a number where buffers are small. */
enum { FORMAT_LINE_MOST = 63 };

/* The longest text that anything is expected of. */
enum { EXPECT_TEXT_MOST = 8 * 1024 };

typedef struct expectation {
    int status;
    const char *text; /* lives until the next call */
    size_t len;
} expectation;

/*
 * False: nothing is expected, for the arguments are not among those that are known here. argv[0] is
 * the name of the subcommand.
 */
bool expect(int argc, char *const *argv, const char *text, size_t size, expectation *out);

#endif
