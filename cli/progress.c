/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * progress.c - how far long work is, on a terminal.
 *
 * Counting costs an atomic addition for each read of some 100 KB, and a look at the clock.
 */
#include "cli.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static const double first_after = 1.0, again_after = 0.2;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool enabled, shown;
static double began, next_time;
static atomic_uint_fast64_t bytes_read;
static uint64_t input_began, input_size;

void progress_enable(void) {
    if (!isatty(STDERR_FILENO))
        return;
    enabled = true;
    began = seconds_now();
    next_time = began + first_after;
}

void progress_next(uint64_t size) {
    if (!enabled)
        return;
    pthread_mutex_lock(&lock);
    input_began = atomic_load(&bytes_read);
    input_size = size;
    pthread_mutex_unlock(&lock);
}

static void show(double time, uint64_t bytes) {
    double rate = (double)bytes / (time - began);
    fprintf(stderr, "\rsimdinet: %.2f GB, %.2f GB/s", (double)bytes / 1e9, rate / 1e9);
    if (input_size > 0) {
        uint64_t done = bytes - input_began;
        unsigned percent = done < input_size ? (unsigned)(done * 100 / input_size) : 100;
        fprintf(stderr, ", %u %% of this file", percent);
    }
    fputs("\033[K", stderr);
    fflush(stderr);
    shown = true;
}

void progress_add(size_t bytes) {
    if (!enabled)
        return;
    uint64_t sum = atomic_fetch_add(&bytes_read, bytes) + bytes;
    double time = seconds_now();
    /* Whoever finds the lock taken has nothing to add to what the other thread shows. */
    if (pthread_mutex_trylock(&lock) != 0)
        return;
    if (time >= next_time) {
        show(time, sum);
        next_time = time + again_after;
    }
    pthread_mutex_unlock(&lock);
}

void progress_clear(void) {
    if (!enabled)
        return;
    pthread_mutex_lock(&lock);
    if (shown)
        fputs("\r\033[K", stderr);
    shown = false;
    pthread_mutex_unlock(&lock);
}
