/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "log.h"

#include "exit_status.h"
#include "progress.h"
#include "utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Messages quote file names and host names. Terminals interpret C0 and C1 control characters, and some
 * interpret stray bytes as C1. */
static void sanitize_control_chars(char *text) {
    size_t len = strlen(text), n;
    for (size_t i = 0; i < len; i += n) {
        const uint8_t *p = (const uint8_t *)text + i;
        n = utf8_length(p, len - i);
        if (n == 0 || utf8_is_control(p)) {
            n = n ? n : 1;
            memset(text + i, '?', n);
        }
    }
}

static bool is_held;
static size_t held;
static char held_text[64 * 1024];

static void print_held(void) {
    if (held == 0)
        return;
    fflush(stdout);
    progress_clear();
    fwrite(held_text, 1, held, stderr);
    held = 0;
}

void log_hold(void) {
    is_held = true;
}

void log_release(void) {
    print_held();
    is_held = false;
}

/* Prints a message, or holds it. */
static void print_message(const char *message) {
    static const char name[] = "simdinet: ";
    const size_t len = strlen(message), size = sizeof name - 1 + len + 1;
    if (size > sizeof held_text - held)
        print_held();
    if (is_held && size <= sizeof held_text) {
        memcpy(held_text + held, name, sizeof name - 1);
        memcpy(held_text + held + sizeof name - 1, message, len);
        held_text[held + size - 1] = '\n';
        held += size;
        return;
    }
    fflush(stdout);
    progress_clear();
    fprintf(stderr, "%s%s\n", name, message);
}

void log_error(const char *format, ...) {
    char brief[1024], *whole = NULL; /* longer messages are truncated when malloc fails */
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(brief, sizeof brief, format, arguments);
    va_end(arguments);
    if (len >= (int)sizeof brief && (whole = malloc((size_t)len + 1))) {
        va_start(arguments, format);
        vsnprintf(whole, (size_t)len + 1, format, arguments);
        va_end(arguments);
    }
    char *message = whole ? whole : brief;
    sanitize_control_chars(message);
    print_message(message);
    free(whole);
}

void log_errno(const char *subject) {
    log_error("%s: %s", subject, strerror(errno));
}

void log_out_of_memory(void) {
    static atomic_flag logged = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&logged))
        log_error("out of memory");
}

const char *log_excerpt(char to[LOG_EXCERPT_SIZE], const char *text, size_t len) {
    const size_t max = LOG_EXCERPT_SIZE - sizeof "...";
    size_t n = len < max ? len : max;
    for (size_t i = 0; i < n; i++)
        to[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    strcpy(to + n, len > n ? "..." : "");
    return to;
}

void log_try_help(const char *command) {
    fprintf(stderr, "Try 'simdinet %s%s--help'.\n", command ? command : "", command ? " " : "");
}

int finish_output(int status) {
    if (fflush(stdout) != 0 || ferror(stdout)) {
        log_errno("standard output");
        return EXIT_TROUBLE;
    }
    return status;
}
