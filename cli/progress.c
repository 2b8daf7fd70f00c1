/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * progress.c - the progress line.
 *
 * Cost per read of about 100 KB: one atomic addition and one clock_gettime.
 */
#include "progress.h"

#include "clock.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const double first_after = 1.0, update_interval = 0.2; /* seconds */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool enabled;
static atomic_bool shown; /* read in a signal handler, too */
static double began, next_time;
static atomic_uint_fast64_t bytes_read;
static uint64_t input_began, input_size;

static const char clear_line[] = "\r\033[K";

/* Whether stdout may reach the terminal: the reader of a pipe often prints there. */
static bool output_may_reach_terminal(void) {
    struct stat output;
    return isatty(STDOUT_FILENO) || (fstat(STDOUT_FILENO, &output) == 0 &&
                                     (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode)));
}

void progress_enable(bool prints_last) {
    if (!isatty(STDERR_FILENO) || (!prints_last && output_may_reach_terminal()))
        return;
    enabled = true;
    began = clock_seconds();
    next_time = began + first_after;
}

/* SA_RESETHAND has restored the default action: raise ends the process. */
static void clear_and_raise(int number) {
    ssize_t written = shown ? write(STDERR_FILENO, clear_line, sizeof clear_line - 1) : 0;
    (void)written;
    raise(number);
}

static void clear_at_signals(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    static bool done;
    struct sigaction action = {.sa_handler = clear_and_raise, .sa_flags = (int)SA_RESETHAND},
                     before;
    for (size_t i = 0; !done && i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(numbers[i], &action, NULL);
    done = true;
}

static void clear(void) {
    if (shown)
        fputs(clear_line, stderr);
    shown = false;
}

void progress_next(uint64_t size) {
    if (!enabled)
        return;
    pthread_mutex_lock(&lock);
    clear();
    input_began = atomic_load(&bytes_read);
    input_size = size;
    pthread_mutex_unlock(&lock);
}

static void show(double time, uint64_t bytes) {
    double rate = (double)bytes / (time - began);
    uint64_t done = bytes - input_began;
    unsigned percent = done < input_size ? (unsigned)(done * 100 / input_size) : 100;
    clear_at_signals();
    shown = true;
    fprintf(stderr, "\rsimdinet: %.2f GB, %.2f GB/s, %u %% of this file\033[K", (double)bytes / 1e9,
            rate / 1e9, percent);
    fflush(stderr);
}

void progress_add(size_t bytes) {
    if (!enabled)
        return;
    uint64_t sum = atomic_fetch_add(&bytes_read, bytes) + bytes;
    double time = clock_seconds();
    /* Contended: another thread is updating the line. */
    if (pthread_mutex_trylock(&lock) != 0)
        return;
    if (time >= next_time && input_size > 0) {
        show(time, sum);
        next_time = time + update_interval;
    }
    pthread_mutex_unlock(&lock);
}

void progress_clear(void) {
    if (!enabled)
        return;
    pthread_mutex_lock(&lock);
    clear();
    pthread_mutex_unlock(&lock);
}
