/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Threads: the first call of a process comes from 64 of them at once; implementations are switched and processes
 * forked while others are in the midst of every kind of call; all answers stay right, and no child of
 * a fork waits for a lock that nobody holds. Not a Criterion test, for the thread sanitizer's sake.
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

enum { FIRST_THREADS = 64, ASKERS = 6, PATIENCE = 60 /* seconds until a child is taken to hang */ };

static unsigned long failures;

static void check(bool good, const char *what, const char *name) {
    if (good)
        return;
    failures++;
    fprintf(stderr, "wrong: %s: %s\n", what, name);
}

/* Runs work in a child, which ends when it hangs. False: a wrong answer, or none. */
static bool in_child(bool work(const thread_family *family), const thread_family *family) {
    pid_t child = fork();
    if (child == 0) {
        alarm(PATIENCE);
        exit_child(work(family) ? 0 : 1);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool ask(const thread_family *family) {
    return family->answers_right();
}

/* Of every family that may be asked there. */
static bool ask_after_fork(const thread_family *unused) {
    (void)unused;
    for (const thread_family *family = thread_families; family->name; family++)
        if (family->after_fork && !ask(family)) {
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

/* ---- first calls ------------------------------------------------------------------------------ */

static size_t family_count(void) {
    size_t count = 0;
    while (thread_families[count].name)
        count++;
    return count;
}

static pthread_barrier_t together;
static atomic_uint wrong;

static void *ask_first(void *argument) {
    const thread_family *family = argument;
    pthread_barrier_wait(&together);
    if (!family->answers_right())
        atomic_fetch_add(&wrong, 1);
    return NULL;
}

/* Of one family; NULL: each thread asks another one. */
static bool first_calls(const thread_family *family) {
    pthread_t threads[FIRST_THREADS];
    size_t count = family_count();
    pthread_barrier_init(&together, NULL, FIRST_THREADS);
    for (size_t i = 0; i < FIRST_THREADS; i++)
        start(&threads[i], ask_first, family ? family : &thread_families[i % count]);
    for (size_t i = 0; i < FIRST_THREADS; i++)
        pthread_join(threads[i], NULL);
    return atomic_load(&wrong) == 0;
}

/* ---- a fork during a first call --------------------------------------------------------------- */

static bool answers_once_more(const thread_family *family) {
    return family->answers_right() && in_child(ask, family);
}

static void *fork_at_once(void *argument) {
    const thread_family *family = argument;
    pthread_barrier_wait(&together);
    if (!in_child(answers_once_more, family))
        atomic_fetch_add(&wrong, 1);
    return NULL;
}

/* One thread asks for the first time while the other forks; the child asks, forks and asks. */
static bool first_call_and_fork(const thread_family *family) {
    pthread_t asker, forker;
    pthread_barrier_init(&together, NULL, 2);
    start(&asker, ask_first, family);
    start(&forker, fork_at_once, family);
    pthread_join(asker, NULL);
    pthread_join(forker, NULL);
    return atomic_load(&wrong) == 0;
}

static void fork_at_first_calls(long races) {
    for (long race = 0; race < races; race++)
        for (const thread_family *family = thread_families; family->name; family++)
            if (family->after_fork)
                check(in_child(first_call_and_fork, family), "a fork at a first call",
                      family->name);
    printf("forks at first calls: %ld times each family\n", races);
}

/* ---- calls, switched implementations and forks at once --------------------------------------------------- */

static atomic_bool stopping;
static atomic_ulong asked;

/* Each begins with another family. */
static void *keep_asking(void *argument) {
    const thread_family *first = argument;
    size_t count = family_count(), at = (size_t)(first - thread_families);
    for (; !atomic_load(&stopping); at = (at + 1) % count) {
        if (!thread_families[at].answers_right()) {
            fprintf(stderr, "wrong: among other calls: %s\n", thread_families[at].name);
            atomic_fetch_add(&wrong, 1);
        }
        atomic_fetch_add(&asked, 1);
    }
    return NULL;
}

/* Returns how often. */
static unsigned long keep_switching(double end) {
    unsigned long switches = 0;
    simdinet_implementation_info impl;
    while (seconds_now() < end)
        for (size_t i = 0; simdinet_describe_implementation(i, &impl, sizeof impl); i++)
            if (impl.supported) {
                check(simdinet_use_implementation(impl.name), "the implementation cannot be used",
                      impl.name);
                switches++;
            }
    simdinet_use_implementation(NULL);
    return switches;
}

static atomic_ulong forks;

static void *keep_forking(void *unused) {
    while (!no_fork_among_threads() && !atomic_load(&stopping)) {
        if (!in_child(ask_after_fork, NULL))
            atomic_fetch_add(&wrong, 1);
        atomic_fetch_add(&forks, 1);
    }
    return unused;
}

static void all_at_once(double seconds) {
    pthread_t askers[ASKERS], forker;
    size_t count = family_count();
    for (size_t i = 0; i < ASKERS; i++)
        start(&askers[i], keep_asking, &thread_families[i * count / ASKERS]);
    start(&forker, keep_forking, NULL);
    unsigned long switches = keep_switching(seconds_now() + seconds);
    atomic_store(&stopping, true);
    for (size_t i = 0; i < ASKERS; i++)
        pthread_join(askers[i], NULL);
    pthread_join(forker, NULL);
    printf("at once: %lu calls of a family, %lu switches of the implementation, %lu forks\n",
           atomic_load(&asked), switches, atomic_load(&forks));
    check(atomic_load(&asked) > 0 && switches > 0, "at once", "no call");
    check(no_fork_among_threads() || atomic_load(&forks) > 0, "at once", "no fork");
    check(atomic_load(&wrong) == 0, "at once", "an answer");
}

int main(int argc, char **argv) {
    enum { ROUNDS = 2 };
    double seconds = argc > 1 ? strtod(argv[1], NULL) / 1000 : 1.0;
    long races = argc > 2 ? strtol(argv[2], NULL, 10) : 20;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    thread_families_prepare();
    /* This process makes no call until the children, who begin as it is, are done. */
    for (int round = 0; round < ROUNDS; round++) {
        for (const thread_family *family = thread_families; family->name; family++)
            check(in_child(first_calls, family), "first calls", family->name);
        check(in_child(first_calls, NULL), "first calls", "of all families");
    }
    printf("first calls: %d times %zu families, %d threads each\n", ROUNDS, family_count() + 1,
           FIRST_THREADS);
    if (no_fork_among_threads())
        printf("skipped: test_threads: forks: %s\n", no_fork_among_threads());
    else
        fork_at_first_calls(races);
    all_at_once(seconds);
    return failures > 0;
}
