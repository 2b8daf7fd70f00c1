/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Threads: 64 concurrent first calls of a process; implementations switched and processes forked
 * during calls of every function. All results stay correct, and no child waits for a lock held by a
 * thread of its parent. Not a Criterion test, because the thread sanitizer does not support
 * Criterion.
 *
 * usage: test_threads [MILLISECONDS [RACES]]
 */
#include "harness/clock.h"
#include "harness/exit_child.h"
#include "harness/sanitized.h"
#include "harness/thread_families.h"
#include "simdinet.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FIRST_THREADS = 64,
    CALLERS = 6,
    TIMEOUT = 60 /* seconds; then a child counts as hanging */
};

static unsigned long failures;

static void expect(bool good, const char *what, const char *name) {
    if (good)
        return;
    failures++;
    fprintf(stderr, "wrong: %s: %s\n", what, name);
}

/* Runs work in a child process with a timeout. False: a wrong result, or none. */
static bool in_child(bool work(const thread_family *family), const thread_family *family) {
    pid_t child = fork();
    if (child == 0) {
        alarm(TIMEOUT);
        exit_child(work(family) ? 0 : 1);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool check_family(const thread_family *family) {
    return family->check();
}

/* Every family that can be called there. */
static bool check_after_fork(const thread_family *unused) {
    (void)unused;
    for (const thread_family *family = thread_families; family->name; family++)
        if (family->after_fork && !check_family(family)) {
            fprintf(stderr, "wrong: in the child of a fork: %s\n", family->name);
            return false;
        }
    return true;
}

static void start(pthread_t *thread, void *run(void *), const void *argument) {
    if (pthread_create(thread, NULL, run, (void *)(uintptr_t)argument) != 0) {
        fputs("no thread can be started\n", stderr);
        abort();
    }
}

/* ---- first calls ----------------------------------------------------------------------------- */

static size_t family_count(void) {
    size_t count = 0;
    while (thread_families[count].name)
        count++;
    return count;
}

static pthread_barrier_t together;
static atomic_uint wrong;

static void *call_first(void *argument) {
    const thread_family *family = argument;
    pthread_barrier_wait(&together);
    if (!family->check())
        atomic_fetch_add(&wrong, 1);
    return NULL;
}

/* Calls of one family; NULL: a different one in each thread. */
static bool first_calls(const thread_family *family) {
    pthread_t threads[FIRST_THREADS];
    size_t count = family_count();
    pthread_barrier_init(&together, NULL, FIRST_THREADS);
    for (size_t i = 0; i < FIRST_THREADS; i++)
        start(&threads[i], call_first, family ? family : &thread_families[i % count]);
    for (size_t i = 0; i < FIRST_THREADS; i++)
        pthread_join(threads[i], NULL);
    return atomic_load(&wrong) == 0;
}

/* ---- a fork during a first call -------------------------------------------------------------- */

static bool check_again(const thread_family *family) {
    return family->check() && in_child(check_family, family);
}

static void *fork_at_once(void *argument) {
    const thread_family *family = argument;
    pthread_barrier_wait(&together);
    if (!in_child(check_again, family))
        atomic_fetch_add(&wrong, 1);
    return NULL;
}

/* The first call of one thread while the other forks; the child calls, forks and calls again. */
static bool first_call_and_fork(const thread_family *family) {
    pthread_t caller, forker;
    pthread_barrier_init(&together, NULL, 2);
    start(&caller, call_first, family);
    start(&forker, fork_at_once, family);
    pthread_join(caller, NULL);
    pthread_join(forker, NULL);
    return atomic_load(&wrong) == 0;
}

static void fork_at_first_calls(long races) {
    for (long race = 0; race < races; race++)
        for (const thread_family *family = thread_families; family->name; family++)
            if (family->after_fork)
                expect(in_child(first_call_and_fork, family), "a fork at a first call",
                       family->name);
    printf("forks at first calls: %ld times each family\n", races);
}

/* ---- calls, switches and forks at once ------------------------------------------------------- */

static atomic_bool stopping;
static atomic_ulong calls;

/* Each thread starts with another family. */
static void *call_repeatedly(void *argument) {
    const thread_family *first = argument;
    size_t count = family_count(), at = (size_t)(first - thread_families);
    for (; !atomic_load(&stopping); at = (at + 1) % count) {
        if (!thread_families[at].check()) {
            fprintf(stderr, "wrong: among other calls: %s\n", thread_families[at].name);
            atomic_fetch_add(&wrong, 1);
        }
        atomic_fetch_add(&calls, 1);
    }
    return NULL;
}

/* Returns the number of switches. */
static unsigned long switch_repeatedly(double end) {
    unsigned long switches = 0;
    simdinet_implementation_info impl;
    while (seconds_now() < end)
        for (size_t i = 0; simdinet_describe_implementation(i, &impl, sizeof impl); i++)
            if (impl.supported) {
                expect(simdinet_use_implementation(impl.name), "the implementation cannot be used",
                       impl.name);
                switches++;
            }
    simdinet_use_implementation(NULL);
    return switches;
}

static atomic_ulong forks;

static void *fork_repeatedly(void *unused) {
    while (!no_fork_among_threads() && !atomic_load(&stopping)) {
        if (!in_child(check_after_fork, NULL))
            atomic_fetch_add(&wrong, 1);
        atomic_fetch_add(&forks, 1);
    }
    return unused;
}

static void all_at_once(double seconds) {
    pthread_t callers[CALLERS], forker;
    size_t count = family_count();
    for (size_t i = 0; i < CALLERS; i++)
        start(&callers[i], call_repeatedly, &thread_families[i * count / CALLERS]);
    start(&forker, fork_repeatedly, NULL);
    unsigned long switches = 0;
    do
        switches += switch_repeatedly(seconds_now() + seconds);
    while (atomic_load(&calls) == 0 || (!no_fork_among_threads() && atomic_load(&forks) == 0));
    atomic_store(&stopping, true);
    for (size_t i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    pthread_join(forker, NULL);
    printf("at once: %lu calls of a family, %lu switches of the implementation, %lu forks\n",
           atomic_load(&calls), switches, atomic_load(&forks));
    expect(switches > 0, "at once", "no switch");
    expect(atomic_load(&wrong) == 0, "at once", "wrong result");
}

int main(int argc, char **argv) {
    enum { REPETITIONS = 2 };
    double seconds = argc > 1 ? strtod(argv[1], NULL) / 1000 : 1.0;
    long races = argc > 2 ? strtol(argv[2], NULL, 10) : 20;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    thread_families_prepare();
    /* This process makes no call before its children have ended, so that theirs are first calls. */
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
        for (const thread_family *family = thread_families; family->name; family++)
            expect(in_child(first_calls, family), "first calls", family->name);
        expect(in_child(first_calls, NULL), "first calls", "of all families");
    }
    printf("first calls: %d times %zu families, %d threads each\n", REPETITIONS, family_count() + 1,
           FIRST_THREADS);
    if (no_fork_among_threads())
        printf("skipped: test_threads: forks: %s\n", no_fork_among_threads());
    else
        fork_at_first_calls(races);
    all_at_once(seconds);
    return failures > 0;
}
