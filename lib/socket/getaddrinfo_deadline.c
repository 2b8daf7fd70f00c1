/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * deadline.c - getaddrinfo with a bound on time.
 *
 * The C library's resolver can be neither interrupted nor driven from outside, and the options that
 * shorten its patience belong to a whole resolver state and count in seconds for each server and
 * search domain. So the call runs in a thread of its own, and what is shared with that thread
 * belongs to whichever of the two comes last.
 */
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Against a caller that retries for ever while no server answers. */
enum { MOST_LOOKUPS = 64 };

static atomic_int lookups;

/* How soon the end of a lookup is seen by those that wait for one. */
enum { PAUSE = 1000000 }; /* in ns */

/* None of their threads is in the child. */
static void after_fork_in_child(void) {
    atomic_store(&lookups, 0);
}

__attribute__((constructor)) static void set_up(void) {
    pthread_atfork(NULL, NULL, after_fork_in_child);
}

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t finished;
    bool done;      /* by the thread, result and all */
    bool abandoned; /* by the caller */
    int code;
    int sys_errno;
    struct addrinfo *result;
    struct addrinfo hints;
    const struct addrinfo *hints_given; /* NULL or &hints */
    const char *node;
    const char *service;
    char text[];
} lookup;

static void free_lookup(lookup *job) {
    pthread_cond_destroy(&job->finished);
    pthread_mutex_destroy(&job->lock);
    free(job);
    atomic_fetch_sub(&lookups, 1);
}

static void *run(void *argument) {
    lookup *job = argument;
    struct addrinfo *result = NULL;
    int code = simdinet_getaddrinfo_libc(job->node, job->service, job->hints_given, &result);
    int sys_errno = errno;
    pthread_mutex_lock(&job->lock);
    job->code = code;
    job->sys_errno = sys_errno;
    job->result = result;
    job->done = true;
    bool last = job->abandoned;
    if (!last)
        pthread_cond_signal(&job->finished);
    pthread_mutex_unlock(&job->lock);
    if (last) {
        simdinet_freeaddrinfo(result);
        free_lookup(job);
    }
    return NULL;
}

static const char *append(char **cursor, const char *text) {
    if (!text)
        return NULL;
    const char *copy = *cursor;
    *cursor = stpcpy(*cursor, text) + 1;
    return copy;
}

static bool init_locks(lookup *job) {
    pthread_condattr_t attributes;
    if (pthread_mutex_init(&job->lock, NULL) != 0)
        return false;
    bool good = pthread_condattr_init(&attributes) == 0;
    if (good) {
        good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&job->finished, &attributes) == 0;
        pthread_condattr_destroy(&attributes);
    }
    if (!good)
        pthread_mutex_destroy(&job->lock);
    return good;
}

static lookup *new_lookup(const char *node, const char *service, const struct addrinfo *hints) {
    size_t text = (node ? strlen(node) + 1 : 0) + (service ? strlen(service) + 1 : 0);
    lookup *job = calloc(1, sizeof *job + text);
    if (!job || !init_locks(job)) {
        free(job);
        return NULL;
    }
    char *cursor = job->text;
    job->node = append(&cursor, node);
    job->service = append(&cursor, service);
    if (hints) {
        job->hints = *hints;
        job->hints_given = &job->hints;
    }
    return job;
}

/* No signal of the program's is to be handled on a thread that it does not know. */
static int start(lookup *job) {
    pthread_attr_t attributes;
    sigset_t before;
    pthread_t thread;
    int code = pthread_attr_init(&attributes);
    if (code != 0)
        return code;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    simdinet_block_signals(&before);
    code = pthread_create(&thread, &attributes, run, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return code;
}

static struct timespec time_after(int64_t milliseconds) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += (time_t)(milliseconds / 1000);
    time.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

static int time_out(void) {
    errno = ETIMEDOUT;
    return EAI_SYSTEM;
}

static bool has_passed(const struct timespec *until) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > until->tv_sec ||
           (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

/*
 * Waits until there are fewer lookups than there may be. To look again and again is slower than to be
 * told; but there is no lock in it that a fork could find held. False: that was too late.
 */
static bool take_place(const struct timespec *until) {
    const struct timespec pause = {.tv_nsec = PAUSE};
    while (atomic_fetch_add(&lookups, 1) >= MOST_LOOKUPS) {
        atomic_fetch_sub(&lookups, 1);
        if (has_passed(until))
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static int wait_for(lookup *job, const struct timespec *until, struct addrinfo **res) {
    int waited = 0, cancel_state;
    /* A thread that is cancelled while it waits would take the lock with it. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    pthread_mutex_lock(&job->lock);
    while (!job->done && waited == 0)
        waited = pthread_cond_timedwait(&job->finished, &job->lock, until);
    bool done = job->done;
    job->abandoned = !done;
    pthread_mutex_unlock(&job->lock);
    pthread_setcancelstate(cancel_state, NULL);
    if (!done)
        return time_out();
    int code = job->code, sys_errno = job->sys_errno;
    if (code == 0)
        *res = job->result;
    free_lookup(job);
    if (code == EAI_SYSTEM)
        errno = sys_errno;
    return code;
}

int simdinet_getaddrinfo_deadline(const char *node, const char *service,
                                  const struct addrinfo *hints, int64_t timeout_ms,
                                  struct addrinfo **res) {
    int code = simdinet_getaddrinfo_local(node, service, hints, res);
    if (code != SIMDINET_NEEDS_LIBC)
        return code;
    if (timeout_ms < 0)
        return simdinet_getaddrinfo_libc(node, service, hints, res);
    if (timeout_ms == 0)
        return time_out();
    /* A century is no bound, and keeps the sum of times within range. */
    const int64_t century = INT64_C(100) * 366 * 86400 * 1000;
    struct timespec until = time_after(timeout_ms < century ? timeout_ms : century);
    if (!take_place(&until))
        return time_out();
    lookup *job = new_lookup(node, service, hints);
    if (!job) {
        atomic_fetch_sub(&lookups, 1);
        return EAI_MEMORY;
    }
    code = start(job);
    if (code != 0) {
        free_lookup(job);
        errno = code;
        return code == ENOMEM ? EAI_MEMORY : EAI_SYSTEM;
    }
    return wait_for(job, &until, res);
}
