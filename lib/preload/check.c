/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * check.c - SIMDINET_PRELOAD_CHECK: whether calls are compared, the counts, and the report.
 *
 * A report goes to standard error, or is appended to a file. Neither is held open, for a program may
 * close every descriptor that it does not know, and use the number again: standard error is written
 * to only if it still is what it was when the process began.
 */
#include "interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines about differences of one process: a program that always differs need not fill a disk. */
enum { MOST_LINES = 100 };

static const char variable[] = "SIMDINET_PRELOAD_CHECK";

atomic_int preload_check_state;

/* Set before main, and read afterwards. */
static char file[PATH_MAX]; /* "": standard error */
static char program[64];
static struct stat standard_error;
static bool have_standard_error;

static struct {
    atomic_ulong calls;
    atomic_ulong handed;
    atomic_ulong different;
    atomic_ulong varied;
} counts[PRELOAD_FUNCTIONS];

static atomic_uint lines;

/* ---- writing ---------------------------------------------------------------------------------- */

static void write_all(int fd, const char *text, size_t len) {
    while (len > 0) {
        ssize_t written = write(fd, text, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return;
        text += written;
        len -= (size_t)written;
    }
}

static void write_to_standard_error(const char *text, size_t len) {
    struct stat now;
    if (have_standard_error && fstat(STDERR_FILENO, &now) == 0 &&
        now.st_dev == standard_error.st_dev && now.st_ino == standard_error.st_ino)
        write_all(STDERR_FILENO, text, len);
}

static void write_report(const char *text, size_t len) {
    if (!*file) {
        write_to_standard_error(text, len);
        return;
    }
    int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0) {
        char message[PATH_MAX + 100];
        int size = snprintf(message, sizeof message, "simdinet: %s: %s\n", file, strerror(errno));
        write_to_standard_error(message, (size_t)size);
        return;
    }
    write_all(fd, text, len);
    close(fd);
}

/* ---- whether to check ------------------------------------------------------------------------- */

/* A privileged program must not be made to write files: it has no such variable. */
static const char *wish(void) {
    const char *value = secure_getenv(variable);
    return value && *value && strcmp(value, "0") != 0 ? value : NULL;
}

static bool understood(const char *value) {
    return strcmp(value, "1") == 0 || (*value == '/' && strlen(value) < sizeof file);
}

bool preload_check_begin(void) {
    if (atomic_load_explicit(&preload_check_state, memory_order_relaxed) == PRELOAD_CHECK_UNKNOWN) {
        const char *value = wish();
        int state = value && understood(value) ? PRELOAD_CHECK_ON : PRELOAD_CHECK_OFF;
        atomic_store_explicit(&preload_check_state, state, memory_order_relaxed);
    }
    return atomic_load_explicit(&preload_check_state, memory_order_relaxed) == PRELOAD_CHECK_ON;
}

/* What the parent counted is the parent's to report. */
static void forget(void) {
    for (int which = 0; which < PRELOAD_FUNCTIONS; which++) {
        atomic_store(&counts[which].calls, 0);
        atomic_store(&counts[which].handed, 0);
        atomic_store(&counts[which].different, 0);
        atomic_store(&counts[which].varied, 0);
    }
    atomic_store(&lines, 0);
}

__attribute__((constructor)) static void begin(void) {
    const char *value = wish();
    int before = errno;
    /* The choice of a kernel reads the environment, which later another thread may be changing. */
    simdinet_active_implementation();
    if (value) {
        have_standard_error = fstat(STDERR_FILENO, &standard_error) == 0;
        snprintf(program, sizeof program, "%s", program_invocation_short_name);
    }
    if (value && !understood(value)) {
        char message[200];
        int size = snprintf(message, sizeof message,
                            "simdinet: %s is neither 1 nor a path that begins with /: %.100s\n",
                            variable, value);
        write_to_standard_error(message, (size_t)size);
    }
    if (preload_check_begin() && value) {
        if (*value == '/')
            strcpy(file, value);
        pthread_atfork(NULL, NULL, forget);
    }
    errno = before;
}

/* ---- counts and the report -------------------------------------------------------------------- */

void preload_count(preload_function which, bool handed, preload_verdict verdict) {
    atomic_fetch_add_explicit(&counts[which].calls, 1, memory_order_relaxed);
    if (handed)
        atomic_fetch_add_explicit(&counts[which].handed, 1, memory_order_relaxed);
    if (verdict == PRELOAD_DIFFERENT)
        atomic_fetch_add_explicit(&counts[which].different, 1, memory_order_relaxed);
    if (verdict == PRELOAD_VARIED)
        atomic_fetch_add_explicit(&counts[which].varied, 1, memory_order_relaxed);
}

static void append(char *text, size_t size, size_t *len, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    *len += (size_t)vsnprintf(text + *len, size - *len, format, arguments);
    va_end(arguments);
}

/* A process that made no call has nothing to say: a shell script is many of them. */
__attribute__((destructor)) static void report(void) {
    unsigned long calls = 0, different = 0;
    for (int which = 0; which < PRELOAD_FUNCTIONS; which++) {
        calls += atomic_load(&counts[which].calls);
        different += atomic_load(&counts[which].different);
    }
    if (calls == 0)
        return;
    /* Fourteen lines, each of which is shorter than 200 bytes. */
    char text[14 * 200];
    size_t len = 0;
    append(text, sizeof text, &len,
           "simdinet: %lu call%s checked, %lu difference%s (%s, process %ld)\n", calls,
           calls == 1 ? "" : "s", different, different == 1 ? "" : "s", program, (long)getpid());
    for (int which = 0; which < PRELOAD_FUNCTIONS; which++) {
        unsigned long mine = atomic_load(&counts[which].calls);
        if (mine == 0)
            continue;
        append(text, sizeof text, &len,
               "simdinet:   %s: %lu checked, %lu different, %lu answered by the C library",
               preload_name((preload_function)which), mine, atomic_load(&counts[which].different),
               atomic_load(&counts[which].handed));
        unsigned long varied = atomic_load(&counts[which].varied);
        if (varied > 0)
            append(text, sizeof text, &len, ", %lu of them otherwise when asked again", varied);
        append(text, sizeof text, &len, "\n");
    }
    write_report(text, len);
}

/* ---- lines about differences ------------------------------------------------------------------ */

bool preload_line_begin(preload_line *line, preload_function which) {
    if (atomic_fetch_add(&lines, 1) >= MOST_LINES)
        return false;
    line->len = 0;
    preload_line_add(line, "simdinet: difference in %s", preload_name(which));
    return true;
}

void preload_line_add(preload_line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof line->text - line->len;
    size_t len = (size_t)vsnprintf(line->text + line->len, room, format, arguments);
    line->len += len < room ? len : room - 1;
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
    /* What does not fit is cut, the line's end is not. */
    line->text[line->len < sizeof line->text - 1 ? line->len : sizeof line->text - 2] = '\n';
    size_t len = line->len < sizeof line->text - 1 ? line->len + 1 : sizeof line->text - 1;
    write_report(line->text, len);
}
