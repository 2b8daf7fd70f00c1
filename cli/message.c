/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * message.c - what goes to stderr, and the last word on stdio's stdout.
 */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void complain_errno(const char *subject) {
    complain("%s: %s", subject, strerror(errno));
}

void complain(const char *format, ...) {
    va_list arguments;
    progress_clear();
    flockfile(stderr);
    fputs("simdinet: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    funlockfile(stderr);
}

int usage_error(const char *subcommand) {
    if (subcommand)
        fprintf(stderr, "Try 'simdinet %s --help'.\n", subcommand);
    else
        fputs("Try 'simdinet --help'.\n", stderr);
    return EXIT_TROUBLE;
}

int finish_stdout(int status) {
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain_errno("standard output");
        return EXIT_TROUBLE;
    }
    return status;
}
