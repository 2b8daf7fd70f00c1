/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * message.c - options as getopt reads them, what goes to stderr, and the last word on stdio's stdout.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void complain_errno(const char *subject) {
    complain("%s: %s", subject, strerror(errno));
}

/* Names come from files and from strangers, and a terminal obeys some bytes: none reaches it. */
void complain(const char *format, ...) {
    char brief[1024], *whole = NULL; /* most messages fit, and without memory the others are cut */
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(brief, sizeof brief, format, arguments);
    va_end(arguments);
    if (len >= (int)sizeof brief && (whole = malloc((size_t)len + 1))) {
        va_start(arguments, format);
        vsnprintf(whole, (size_t)len + 1, format, arguments);
        va_end(arguments);
    }
    char *shown = whole ? whole : brief;
    for (char *p = shown; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    fflush(stdout);
    progress_clear();
    fprintf(stderr, "simdinet: %s\n", shown);
    free(whole);
}

void complain_memory(void) {
    static atomic_flag complained = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&complained))
        complain("out of memory");
}

int next_option(int argc, char **argv, const char *letters, const struct option *names) {
    char *called = argv[0], own_name[] = "simdinet";
    argv[0] = own_name;
    int option = getopt_long(argc, argv, letters, names, NULL);
    argv[0] = called;
    return option;
}

int print_help(const char *help) {
    fputs(help, stdout);
    return finish_output(EXIT_FOUND);
}

int print_version(void) {
    printf("simdinet %s (kernel: %s)\n", simdinet_version(), simdinet_active_kernel());
    return finish_output(EXIT_FOUND);
}

bool read_no_options(int argc, char **argv, const char *help, int *status) {
    static const struct option names[] = {
        {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {0}};
    int option = next_option(argc, argv, "hV", names);
    if (option == -1)
        return true;
    *status = option == 'h'   ? print_help(help)
              : option == 'V' ? print_version()
                              : usage_error(argv[0]);
    return false;
}

int usage_error(const char *subcommand) {
    if (subcommand)
        fprintf(stderr, "Try 'simdinet %s --help'.\n", subcommand);
    else
        fputs("Try 'simdinet --help'.\n", stderr);
    return EXIT_TROUBLE;
}

bool read_count(const char *option, const char *text, uint64_t *out) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno || value == 0) {
        complain("%s: '%s' is not a whole number above 0", option, text);
        return false;
    }
    *out = value;
    return true;
}

int finish_output(int status) {
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain_errno("standard output");
        return EXIT_TROUBLE;
    }
    return status;
}

double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
