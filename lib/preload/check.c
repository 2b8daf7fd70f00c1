/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * check.c - SIMDINET_PRELOAD_CHECK: the mode, the counters and the report.
 *
 * A report goes to standard error, or is appended to a file. No descriptor is kept open, because a
 * program may close all descriptors and reuse their numbers. Standard error is written to only if
 * it is the same file as at the start of the process.
 */
#include "interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines per process: a program whose every call differs must not fill the disk. */
enum { MAX_LINES = 100 };

static const char check_variable[] = "SIMDINET_PRELOAD_CHECK";

atomic_int preload_check_state;

/* Set before main, constant afterwards. */
static char report_path[PATH_MAX]; /* "": standard error */
static char program_name[64];
static struct stat standard_error;
static bool have_standard_error;

static struct {
    atomic_ulong calls;
    atomic_ulong by_libc;
    atomic_ulong different;
    atomic_ulong varied;
} counts[PRELOAD_FUNCTIONS];

static atomic_ulong early_calls; /* while the mode was unknown */
static atomic_uint lines_begun;

/* ---- writing --------------------------------------------------------------------------------- */

/* Whether SIGPIPE is pending for this thread or its process. */
static bool sigpipe_pending(void) {
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

/* A pipe without a reader is an error and no signal, which would end the program. */
static bool write_all(int fd, const char *text, size_t len) {
    sigset_t sigpipe, mask;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    bool was_pending = sigpipe_pending();
    pthread_sigmask(SIG_BLOCK, &sigpipe, &mask);
    ssize_t written = 0;
    while (len > 0 && (written >= 0 || errno == EINTR)) {
        written = write(fd, text, len);
        text += written > 0 ? written : 0;
        len -= written > 0 ? (size_t)written : 0;
    }
    int error = errno;
    if (written < 0 && error == EPIPE && !was_pending)
        sigtimedwait(&sigpipe, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    errno = error;
    return len == 0;
}

static void write_to_standard_error(const char *text, size_t len) {
    struct stat now;
    if (have_standard_error && fstat(STDERR_FILENO, &now) == 0 &&
        now.st_dev == standard_error.st_dev && now.st_ino == standard_error.st_ino)
        write_all(STDERR_FILENO, text, len);
}

static void write_report(const char *text, size_t len) {
    if (!*report_path) {
        write_to_standard_error(text, len);
        return;
    }
    /* O_NONBLOCK: a FIFO may have no reader, or one that does not read. */
    int fd =
        open(report_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    if (fd < 0 || !write_all(fd, text, len)) {
        char message[PATH_MAX + 100];
        int size =
            snprintf(message, sizeof message, "simdinet: %s: %s\n", report_path, strerror(errno));
        write_to_standard_error(message, (size_t)size);
    }
    if (fd >= 0)
        close(fd);
}

/* ---- the mode -------------------------------------------------------------------------------- */

/* secure_getenv: the variable must not make a privileged program write files. */
static const char *check_value(void) {
    const char *value = secure_getenv(check_variable);
    return value && *value && strcmp(value, "0") != 0 ? value : NULL;
}

static bool is_valid_value(const char *value) {
    return strcmp(value, "1") == 0 || (*value == '/' && strlen(value) < sizeof report_path);
}

static void set_mode(const char *value) {
    int state = value && is_valid_value(value) ? PRELOAD_CHECK_ON : PRELOAD_CHECK_OFF;
    atomic_store_explicit(&preload_check_state, state, memory_order_relaxed);
}

bool preload_check_begin(void) {
    if (atomic_load_explicit(&preload_check_state, memory_order_relaxed) == PRELOAD_CHECK_UNKNOWN) {
        /* In .preinit_array there is no environment yet. The constructor sets the mode. */
        if (!environ) {
            atomic_fetch_add_explicit(&early_calls, 1, memory_order_relaxed);
            return false;
        }
        set_mode(check_value());
    }
    return atomic_load_explicit(&preload_check_state, memory_order_relaxed) == PRELOAD_CHECK_ON;
}

/* In the child of a fork: the parent reports what it counted. */
static void reset_counts(void) {
    for (int function = 0; function < PRELOAD_FUNCTIONS; function++) {
        atomic_store(&counts[function].calls, 0);
        atomic_store(&counts[function].by_libc, 0);
        atomic_store(&counts[function].different, 0);
        atomic_store(&counts[function].varied, 0);
    }
    atomic_store(&early_calls, 0);
    atomic_store(&lines_begun, 0);
}

__attribute__((constructor)) static void read_mode(void) {
    const char *value = check_value();
    int before = errno;
    /* Selects the implementation, which reads the environment, while no other thread can change
     * it. */
    simdinet_active_implementation();
    if (value) {
        have_standard_error = fstat(STDERR_FILENO, &standard_error) == 0;
        snprintf(program_name, sizeof program_name, "%s", program_invocation_short_name);
    }
    if (value && !is_valid_value(value)) {
        char message[200];
        int size = snprintf(message, sizeof message,
                            "simdinet: invalid %s '%.100s': expected 1 or an absolute path\n",
                            check_variable, value);
        write_to_standard_error(message, (size_t)size);
    }
    set_mode(value);
    if (value && is_valid_value(value)) {
        if (*value == '/')
            strcpy(report_path, value);
        pthread_atfork(NULL, NULL, reset_counts);
    }
    errno = before;
}

/* ---- counts and the report ------------------------------------------------------------------- */

void preload_count(preload_function function, bool by_libc, preload_result result) {
    atomic_fetch_add_explicit(&counts[function].calls, 1, memory_order_relaxed);
    if (by_libc)
        atomic_fetch_add_explicit(&counts[function].by_libc, 1, memory_order_relaxed);
    if (result == PRELOAD_DIFFERENT)
        atomic_fetch_add_explicit(&counts[function].different, 1, memory_order_relaxed);
    if (result == PRELOAD_VARIED)
        atomic_fetch_add_explicit(&counts[function].varied, 1, memory_order_relaxed);
}

static void append_text(char *text, size_t size, size_t *len, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    *len += (size_t)vsnprintf(text + *len, size - *len, format, arguments);
    va_end(arguments);
}

__attribute__((destructor)) static void report(void) {
    unsigned long calls = 0, different = 0, early = atomic_load(&early_calls);
    if (atomic_load(&preload_check_state) != PRELOAD_CHECK_ON)
        return;
    for (int function = 0; function < PRELOAD_FUNCTIONS; function++) {
        calls += atomic_load(&counts[function].calls);
        different += atomic_load(&counts[function].different);
    }
    char text[(2 + PRELOAD_FUNCTIONS) * 200]; /* no line has 200 bytes */
    size_t len = 0;
    append_text(text, sizeof text, &len,
                "simdinet: %lu call%s checked, %lu difference%s (%s, process %ld)\n", calls,
                calls == 1 ? "" : "s", different, different == 1 ? "" : "s", program_name,
                (long)getpid());
    if (early > 0)
        append_text(text, sizeof text, &len,
                    "simdinet:   %lu more before the C library was initialized, not checked\n",
                    early);
    for (int function = 0; function < PRELOAD_FUNCTIONS; function++) {
        unsigned long calls_of_function = atomic_load(&counts[function].calls);
        if (calls_of_function == 0)
            continue;
        append_text(text, sizeof text, &len,
                    "simdinet:   %s: %lu checked, %lu different, %lu passed to the C library",
                    preload_name((preload_function)function), calls_of_function,
                    atomic_load(&counts[function].different),
                    atomic_load(&counts[function].by_libc));
        unsigned long varied = atomic_load(&counts[function].varied);
        if (varied > 0)
            append_text(text, sizeof text, &len, ", %lu of them with varying results", varied);
        append_text(text, sizeof text, &len, "\n");
    }
    write_report(text, len);
}

/* ---- differences ----------------------------------------------------------------------------- */

bool preload_line_begin(preload_line *line, preload_function function) {
    if (atomic_fetch_add(&lines_begun, 1) >= MAX_LINES)
        return false;
    line->len = 0;
    preload_line_add(line, "simdinet: difference in %s", preload_name(function));
    return true;
}

void preload_line_add(preload_line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t space = sizeof line->text - line->len;
    size_t len = (size_t)vsnprintf(line->text + line->len, space, format, arguments);
    line->len += len < space ? len : space - 1;
    va_end(arguments);
}

void preload_line_quote(preload_line *line, const char *text) {
    if (!text) {
        preload_line_add(line, "NULL");
        return;
    }
    preload_line_add(line, "\"");
    for (const unsigned char *p = (const unsigned char *)text;
         *p && p < (const unsigned char *)text + 200; p++)
        preload_line_add(line, *p >= ' ' && *p <= '~' && *p != '"' && *p != '\\' ? "%c" : "\\x%02x",
                         *p);
    preload_line_add(line, "\"");
}

void preload_line_hex(preload_line *line, const void *bytes, size_t len) {
    for (size_t i = 0; i < len && i < 128; i++)
        preload_line_add(line, "%02x", ((const uint8_t *)bytes)[i]);
}

void preload_line_write(preload_line *line) {
    /* A truncated line still ends in a newline. */
    line->text[line->len < sizeof line->text - 1 ? line->len : sizeof line->text - 2] = '\n';
    size_t len = line->len < sizeof line->text - 1 ? line->len + 1 : sizeof line->text - 1;
    write_report(line->text, len);
}
