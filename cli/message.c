/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * message.c - options as getopt_long reads them, what goes to stderr, and the last word on stdio's stdout.
 */
#include "cli.h"
#include "json.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void complain_errno(const char *subject) {
    complain("%s: %s", subject, strerror(errno));
}

/* Names come from files and from strangers, and a terminal obeys some characters, and some bytes that
 * are no UTF-8: none reaches it. */
static void make_harmless(char *text) {
    size_t len = strlen(text), n;
    for (size_t i = 0; i < len; i += n) {
        const uint8_t *p = (const uint8_t *)text + i;
        n = utf8_length(p, len - i);
        bool control = *p < ' ' || *p == 0x7f || (n == 2 && p[0] == 0xc2 && p[1] < 0xa0);
        if (n == 0 || control) {
            n = n ? n : 1;
            memset(text + i, '?', n);
        }
    }
}

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
    make_harmless(shown);
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

/* How many options a text may be short for; it may have an argument behind '='. */
static unsigned options_meant(const char *text, const struct option *names) {
    unsigned count = 0;
    for (const struct option *name = names; name->name; name++)
        count += strncmp(name->name, text, strcspn(text, "=")) == 0;
    return count;
}

/* Says what getopt_long has not understood. What it prints itself goes to a terminal as it came. */
static void complain_option(bool lacks_argument, const char *given, const char *letters,
                            const struct option *names) {
    bool is_letter = optopt != 0 && optopt <= UCHAR_MAX; /* below 0 where char is signed */
    bool is_long = strncmp(given, "--", 2) == 0;
    if (lacks_argument && is_long)
        complain("option '%s' requires an argument", given);
    else if (lacks_argument)
        complain("option requires an argument -- '%c'", optopt);
    else if (is_letter && (optopt == ':' || !strchr(letters, optopt)))
        complain("invalid option -- '%c'", optopt);
    else if (optopt != 0)
        complain("option '%.*s' doesn't allow an argument", (int)strcspn(given, "="), given);
    else if (options_meant(given + 2, names) > 1)
        complain("option '%s' is ambiguous", given);
    else
        complain("unrecognized option '%s'", given);
}

int next_option(int argc, char **argv, const char *letters, const struct option *names) {
    char telling[64]; /* the colon makes a missing argument another thing than an unknown option */
    snprintf(telling, sizeof telling, ":%s", letters);
    opterr = 0;
    int option = getopt_long(argc, argv, telling, names, NULL);
    if (option != '?' && option != ':')
        return option;
    complain_option(option == ':', argv[optind - 1], letters, names);
    return '?';
}

int print_help(const char *help) {
    fputs(help, stdout);
    return finish_output(EXIT_FOUND);
}

int print_version(void) {
    printf("simdinet %s (kernel: %s)\n", simdinet_version(), simdinet_active_implementation());
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
