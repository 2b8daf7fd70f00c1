/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * getaddrinfo_deadline.c - getaddrinfo with a timeout.
 *
 * The C library's resolver can neither be interrupted nor driven by an event loop, and its own
 * timeout options apply to a whole resolver state, in seconds per server and search domain. So the
 * call runs in a thread of its own. The thread and the caller share a deadline_lookup; the last one
 * frees it.
 */
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Bounds the threads of a caller that retries while no server responds. */
enum { MAX_LOOKUPS = 64 };

static atomic_int active_lookups;

/* How often a call that waits for a slot checks for one. */
enum { SLOT_POLL_NS = 1000000 };

/* Longer timeouts are cut to 30 years: with the uptime added, that fits in a 32-bit time_t. */
static const int64_t max_timeout_ms = INT64_C(30) * 365 * 86400 * 1000;

/* The threads of lookups do not exist in the child. */
static void deadline_fork_child(void) {
    atomic_store(&active_lookups, 0);
}

__attribute__((constructor)) static void deadline_init(void) {
    pthread_atfork(NULL, NULL, deadline_fork_child);
}

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t finished;
    bool done;      /* set by the thread, after the result */
    bool abandoned; /* set by the caller */
    int code;
    int sys_errno;
    struct addrinfo *result;
    struct addrinfo hints;
    const struct addrinfo *hints_given; /* NULL or &hints */
    const char *node;
    const char *service;
    char text[];
} deadline_lookup;

static void lookup_free(deadline_lookup *lookup) {
    pthread_cond_destroy(&lookup->finished);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
    atomic_fetch_sub(&active_lookups, 1);
}

static void *lookup_thread(void *argument) {
    deadline_lookup *lookup = argument;
    struct addrinfo *result = NULL;
    int code =
        simdinet_getaddrinfo_libc(lookup->node, lookup->service, lookup->hints_given, &result);
    int sys_errno = errno;
    pthread_mutex_lock(&lookup->lock);
    lookup->code = code;
    lookup->sys_errno = sys_errno;
    lookup->result = result;
    lookup->done = true;
    bool last = lookup->abandoned;
    if (!last)
        pthread_cond_signal(&lookup->finished);
    pthread_mutex_unlock(&lookup->lock);
    if (last) {
        simdinet_freeaddrinfo(result);
        lookup_free(lookup);
    }
    return NULL;
}

static const char *lookup_copy_string(char **cursor, const char *text) {
    if (!text)
        return NULL;
    const char *copy = *cursor;
    *cursor = stpcpy(*cursor, text) + 1;
    return copy;
}

static bool lookup_init_locks(deadline_lookup *lookup) {
    pthread_condattr_t attributes;
    if (pthread_mutex_init(&lookup->lock, NULL) != 0)
        return false;
    bool good = pthread_condattr_init(&attributes) == 0;
    if (good) {
        good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&lookup->finished, &attributes) == 0;
        pthread_condattr_destroy(&attributes);
    }
    if (!good)
        pthread_mutex_destroy(&lookup->lock);
    return good;
}

static deadline_lookup *lookup_new(const char *node, const char *service,
                                   const struct addrinfo *hints) {
    size_t text = (node ? strlen(node) + 1 : 0) + (service ? strlen(service) + 1 : 0);
    deadline_lookup *lookup = calloc(1, sizeof *lookup + text);
    if (!lookup || !lookup_init_locks(lookup)) {
        free(lookup);
        return NULL;
    }
    char *cursor = lookup->text;
    lookup->node = lookup_copy_string(&cursor, node);
    lookup->service = lookup_copy_string(&cursor, service);
    if (hints) {
        lookup->hints = *hints;
        lookup->hints_given = &lookup->hints;
    }
    return lookup;
}

/* The thread blocks signals: the program's handlers must not run on it. */
static int lookup_start(deadline_lookup *lookup) {
    pthread_attr_t attributes;
    sigset_t before;
    pthread_t thread;
    int code = pthread_attr_init(&attributes);
    if (code != 0)
        return code;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    simdinet_block_signals(&before);
    code = pthread_create(&thread, &attributes, lookup_thread, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return code;
}

static struct timespec deadline_after(int64_t milliseconds) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += (time_t)(milliseconds / 1000);
    time.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (time.tv_nsec >= SIMDINET_SECOND_NS) {
        time.tv_nsec -= SIMDINET_SECOND_NS;
        time.tv_sec++;
    }
    return time;
}

static int fail_timeout(void) {
    errno = ETIMEDOUT;
    return EAI_SYSTEM;
}

static bool deadline_passed(const struct timespec *until) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > until->tv_sec ||
           (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

/*
 * Waits for one of the MAX_LOOKUPS slots. Polling is slower than a condition variable, but has no
 * lock that a fork could copy while it is held. False: the deadline has passed.
 */
static bool acquire_slot(const struct timespec *until) {
    const struct timespec pause = {.tv_nsec = SLOT_POLL_NS};
    while (atomic_fetch_add(&active_lookups, 1) >= MAX_LOOKUPS) {
        atomic_fetch_sub(&active_lookups, 1);
        if (deadline_passed(until))
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static int lookup_wait(deadline_lookup *lookup, const struct timespec *until,
                       struct addrinfo **res) {
    int waited = 0, cancel_state;
    /* A cancelled wait would leave the mutex locked. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    pthread_mutex_lock(&lookup->lock);
    while (!lookup->done && waited == 0)
        waited = pthread_cond_timedwait(&lookup->finished, &lookup->lock, until);
    bool done = lookup->done;
    lookup->abandoned = !done;
    pthread_mutex_unlock(&lookup->lock);
    pthread_setcancelstate(cancel_state, NULL);
    if (!done)
        return fail_timeout();
    int code = lookup->code, sys_errno = lookup->sys_errno;
    if (code == 0)
        *res = lookup->result;
    lookup_free(lookup);
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
        return fail_timeout();
    struct timespec until =
        deadline_after(timeout_ms < max_timeout_ms ? timeout_ms : max_timeout_ms);
    if (!acquire_slot(&until))
        return fail_timeout();
    deadline_lookup *lookup = lookup_new(node, service, hints);
    if (!lookup) {
        atomic_fetch_sub(&active_lookups, 1);
        return EAI_MEMORY;
    }
    code = lookup_start(lookup);
    if (code != 0) {
        lookup_free(lookup);
        errno = code;
        return code == ENOMEM ? EAI_MEMORY : EAI_SYSTEM;
    }
    return lookup_wait(lookup, &until, res);
}
