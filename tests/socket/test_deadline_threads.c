/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lookups with a deadline from several threads, with a server that never answers: lookups answered
 * at once, lookups that expire, and lookups that can do either. At most MAX_LOOKUPS abandoned
 * lookups run at a time; a child process inherits none and can start its own. Not a Criterion test,
 * because the thread sanitizer does not support it.
 *
 * usage: test_deadline_threads
 */
#include "harness/clock.h"
#include "harness/exit_child.h"
#include "harness/namespaces.h"
#include "harness/sanitized.h"
#include "simdinet_socket.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_LOOKUPS = 64,    /* at a time, in lib/socket/getaddrinfo_deadline.c */
    EXPIRING = 3,        /* threads */
    EXPIRING_ROUNDS = 9, /* of two lookups, all of which can be abandoned: below the bound */
    CROWD = 4,
    CROWD_ROUNDS = 20, /* together above the bound */
    HOSTS = 4000       /* lines before the last one, read in about the shortest deadline */
};

/* The outcome of a lookup. WRONG: any other result. */
typedef enum { WRONG = 0, ANSWERED = 1, EXPIRED = 2, GIVEN_UP = 4 } outcome;

static const char never[] = "never.example.test.", hosted[] = "seven.test", numeric[] = "192.0.2.7";

static atomic_uint wrong;
static atomic_uint answered, expired, given_up;
static atomic_long min_delay = 1000000; /* in microseconds */

static void check(bool good, const char *what) {
    if (good)
        return;
    atomic_fetch_add(&wrong, 1);
    fprintf(stderr, "test_deadline_threads: wrong: %s\n", what);
}

/* ---- a lookup -------------------------------------------------------------------------------- */

/* Exactly 192.0.2.7, port 80. */
static bool is_seven(const struct addrinfo *list) {
    static const uint8_t seven[4] = {192, 0, 2, 7};
    struct sockaddr_in address;
    if (!list || list->ai_next || list->ai_family != AF_INET ||
        list->ai_addrlen != sizeof address || list->ai_socktype != SOCK_STREAM)
        return false;
    memcpy(&address, list->ai_addr, sizeof address);
    return memcmp(&address.sin_addr, seven, 4) == 0 && address.sin_port == simdinet_htons(80);
}

/* A busy processor delays single lookups. Only when all are late is the library at fault, which
 * shows best with a long deadline. */
static bool ends_in_time(int64_t milliseconds, double taken) {
    double late = taken - (double)milliseconds / 1000;
    long microseconds = (long)(late * 1e6), least = atomic_load(&min_delay);
    while (milliseconds >= 40 && microseconds < least &&
           !atomic_compare_exchange_weak(&min_delay, &least, microseconds))
        ;
    return late >= 0 && late < 5;
}

static outcome look_up(const char *node, int64_t milliseconds) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, untouched;
    struct addrinfo *list = &untouched;
    double begin = seconds_now();
    errno = 0;
    int code = simdinet_getaddrinfo_deadline(node, "80", &hints, milliseconds, &list);
    int sys_errno = errno;
    double taken = seconds_now() - begin;
    if (code == 0) {
        bool good = is_seven(list);
        simdinet_freeaddrinfo(list);
        return good ? ANSWERED : WRONG;
    }
    if (list != &untouched)
        return WRONG;
    if (code == EAI_AGAIN)
        return GIVEN_UP;
    if (code != EAI_SYSTEM || sys_errno != ETIMEDOUT || milliseconds < 0)
        return WRONG;
    return ends_in_time(milliseconds, taken) ? EXPIRED : WRONG;
}

/* may: the set of allowed outcomes. */
static outcome expect(const char *node, int64_t milliseconds, unsigned may) {
    outcome found = look_up(node, milliseconds);
    if (!(found & may)) {
        atomic_fetch_add(&wrong, 1);
        fprintf(stderr, "test_deadline_threads: wrong: %s in %lld ms: outcome %d, not one of %u\n",
                node, (long long)milliseconds, (int)found, may);
    }
    atomic_fetch_add(found == ANSWERED ? &answered : found == EXPIRED ? &expired : &given_up, 1);
    return found;
}

/* ---- abandoned threads ----------------------------------------------------------------------- */

/* They end with the resolver's own timeout, and close their descriptors. */
static void await_those_left_behind(unsigned threads, unsigned descriptors) {
    check(namespaces_await_threads(threads), "a thread does not end");
    check(namespaces_descriptors() == descriptors, "a descriptor leaks");
}

/* ---- children -------------------------------------------------------------------------------- */

/* Uses nothing of the C library but a thread: its locks can stay held in the child. An alarm ends a
 * child that hangs. */
static bool child_can_look_up(void) {
    pid_t child = fork();
    if (child == 0) {
        alarm(60);
        bool good = look_up(numeric, 20) == ANSWERED && look_up(never, 0) == EXPIRED &&
                    look_up(never, 20) == EXPIRED && namespaces_threads() == 2;
        exit_child(good ? 0 : 1);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* The exit of a process does not wait for its lookups; the resolver's timeout is 30 seconds
 * here. */
static void exit_with_one_left_behind(void) {
    namespaces_write("resolv.conf", "nameserver 127.0.0.2\noptions timeout:30 attempts:1\n");
    fflush(stdout);
    double begin = seconds_now();
    pid_t child = fork();
    if (child == 0) {
        alarm(60);
        exit(look_up(never, 20) == EXPIRED ? 0 : 1);
    }
    int status = -1;
    check(child > 0 && waitpid(child, &status, 0) == child && status == 0,
          "a process with an abandoned lookup fails");
    check(seconds_now() - begin < 15, "a process waits for its abandoned lookup");
}

/* ---- all at once ----------------------------------------------------------------------------- */

static atomic_bool stop;

static void *answer_at_once(void *unused) {
    while (!atomic_load(&stop)) {
        expect(numeric, 0, ANSWERED);
        expect(numeric, 1, ANSWERED);
        expect(hosted, 0, EXPIRED);
        expect(hosted, 20000, ANSWERED);
        expect(hosted, -1, ANSWERED);
    }
    return unused;
}

/* The second lookup of each pair ends with its deadline. */
static void *be_in_a_hurry(void *unused) {
    for (int i = 0; i < EXPIRING_ROUNDS; i++) {
        expect(never, 10 + 5 * i, EXPIRED);
        expect(hosted, 1 + i % 3, ANSWERED | EXPIRED);
    }
    return unused;
}

/* The resolver gives up after a second. */
static void *be_patient(void *unused) {
    expect(never, 20000, GIVEN_UP);
    return unused;
}

static void *be_about_as_patient(void *unused) {
    expect(never, 1000, EXPIRED | GIVEN_UP);
    return unused;
}

static pthread_t start(void *(*run)(void *)) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, NULL) != 0)
        abort();
    return thread;
}

static void report(const char *what, unsigned long forks) {
    printf("%s: %u answered, %u expired, %u given up, %lu forks, %u wrong\n", what,
           atomic_exchange(&answered, 0), atomic_exchange(&expired, 0),
           atomic_exchange(&given_up, 0), forks, atomic_load(&wrong));
}

static void look_up_all_at_once(void) {
    pthread_t hurried[EXPIRING], others[4];
    void *(*const of_others[4])(void *) = {answer_at_once, answer_at_once, be_patient,
                                           be_about_as_patient};
    unsigned long forks = 0;
    for (int i = 0; i < 4; i++)
        others[i] = start(of_others[i]);
    for (int i = 0; i < EXPIRING; i++)
        hurried[i] = start(be_in_a_hurry);
    for (; !no_fork_among_threads() && forks < 5; forks++) {
        pause_milliseconds(20);
        check(child_can_look_up(), "a child, while lookups are made");
    }
    for (int i = 0; i < EXPIRING; i++)
        pthread_join(hurried[i], NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < 4; i++)
        pthread_join(others[i], NULL);
    check(atomic_load(&min_delay) < 200000, "every deadline is late");
    report("all at once", forks);
}

/* ---- more lookups than the bound ------------------------------------------------------------- */

static void *crowd(void *unused) {
    for (int i = 0; i < CROWD_ROUNDS; i++)
        expect(never, 1, EXPIRED);
    return unused;
}

static void look_up_too_often(unsigned at_rest) {
    pthread_t threads[CROWD];
    double begin = seconds_now();
    for (int i = 0; i < CROWD; i++)
        threads[i] = start(crowd);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    unsigned abandoned = namespaces_threads() - at_rest;
    /* Before the first of them has ended. */
    if (seconds_now() - begin < 0.9)
        check(abandoned >= MAX_LOOKUPS, "a lookup is refused below the bound");
    pause_milliseconds(20); /* for those that were joined */
    check(namespaces_threads() <= at_rest + MAX_LOOKUPS, "more lookups than the bound");
    /* The child has none of those threads. */
    if (!no_fork_among_threads())
        check(child_can_look_up(), "a child, at the bound");
    report("too often", !no_fork_among_threads());
}

/* ---- the servers ----------------------------------------------------------------------------- */

static void write_hosts(void) {
    size_t line = sizeof "198.51.100.255 between1234567.test\n";
    char *text = malloc(HOSTS * line + 64), *cursor = text;
    if (!text)
        abort();
    for (int i = 0; i < HOSTS; i++)
        cursor += sprintf(cursor, "198.51.100.%d between%d.test\n", i % 256, i);
    sprintf(cursor, "192.0.2.7 %s\n", hosted);
    namespaces_write("hosts", text);
    free(text);
}

int main(void) {
    if (namespaces_enter("test_deadline_threads"))
        return 0;
    if (no_fork_among_threads())
        printf("skipped: test_deadline_threads: forks: %s\n", no_fork_among_threads());
    write_hosts();
    namespaces_write("nsswitch.conf", "hosts: files dns\n");
    int silent = namespaces_listen("127.0.0.2"); /* receives queries and never answers */
    exit_with_one_left_behind();
    namespaces_write("resolv.conf", "nameserver 127.0.0.2\noptions timeout:1 attempts:1\n");
    unsigned threads = namespaces_threads_at_rest(), descriptors = namespaces_descriptors();
    look_up_all_at_once();
    await_those_left_behind(threads, descriptors);
    look_up_too_often(threads);
    await_those_left_behind(threads, descriptors);
    /* Below the bound again. This process, too, ends before its last lookup. */
    expect(never, 1, EXPIRED);
    close(silent);
    return atomic_load(&wrong) > 0;
}
