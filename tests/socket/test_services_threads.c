/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Service look-ups from several threads while another replaces the file and forks: every result is
 * that of one version of the file, and no child waits for a lock held by a thread of its parent.
 * Not a Criterion test, because the thread sanitizer does not support Criterion.
 *
 * usage: test_services_threads [MILLISECONDS]
 */
#include "harness/clock.h"
#include "harness/exit_child.h"
#include "harness/namespaces.h"
#include "harness/sanitized.h"
#include "simdinet_socket.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READERS = 3 };

static int port_of(const char *name, const char *proto) {
    uint16_t port;
    int status = simdinet_getservbyname(name, SIMDINET_ZSTR, proto, SIMDINET_ZSTR, &port, NULL);
    return status == SIMDINET_OK ? port : -status;
}

typedef struct {
    atomic_bool stop;
    atomic_uint wrong;
    atomic_ulong lookups;
} race;

/* Both versions have the names, with different ports; one is the last line of both. */
static bool finds_both(void) {
    int first = port_of("first", "tcp"), last = port_of("last", "udp");
    return (first == 80 || first == 81) && (last == 90 || last == 91);
}

static void *look_up_all_the_time(void *argument) {
    race *shared = argument;
    while (!atomic_load(&shared->stop)) {
        if (!finds_both())
            atomic_fetch_add(&shared->wrong, 1);
        atomic_fetch_add(&shared->lookups, 2);
    }
    return NULL;
}

/* A thread that looks up once and ends, and must release its table. */
static void *look_up_once(void *argument) {
    race *shared = argument;
    if (port_of("between7", "tcp") != 1007)
        atomic_fetch_add(&shared->wrong, 1);
    return NULL;
}

/* An alarm ends a child that hangs. */
static bool child_finds_both(void) {
    pid_t child = fork();
    if (child == 0) {
        alarm(60);
        exit_child(finds_both() ? 0 : 1);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Ends after the time, and after a lookup. False: a wrong result. */
static bool run(const char *what, unsigned long milliseconds) {
    char text[2][4096];
    race shared = {0};
    pthread_t readers[READERS], once;
    for (int version = 0; version < 2; version++) {
        char *cursor = text[version] + sprintf(text[version], "first %d/tcp\n", 80 + version);
        for (int i = 0; i < 100; i++)
            cursor += sprintf(cursor, "between%d %d/tcp\n", i, 1000 + i);
        sprintf(cursor, "last %d/udp\n", 90 + version);
    }
    namespaces_replace("services", text[0]);
    for (int i = 0; i < READERS; i++)
        if (pthread_create(&readers[i], NULL, look_up_all_the_time, &shared) != 0)
            abort();
    double end = seconds_now() + (double)milliseconds / 1000;
    unsigned long forks = 0;
    for (unsigned long i = 0; seconds_now() < end || atomic_load(&shared.lookups) == 0; i++) {
        namespaces_replace("services", text[i % 2]);
        pause_milliseconds(2);
        if (pthread_create(&once, NULL, look_up_once, &shared) != 0)
            abort();
        pthread_join(once, NULL);
        if (no_fork_among_threads())
            continue;
        if (!child_finds_both())
            atomic_fetch_add(&shared.wrong, 1);
        forks++;
    }
    atomic_store(&shared.stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    printf("%s: %lu lookups, %lu forks, %u wrong\n", what, atomic_load(&shared.lookups), forks,
           atomic_load(&shared.wrong));
    return atomic_load(&shared.wrong) == 0;
}

int main(int argc, char **argv) {
    unsigned long milliseconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1200;
    if (namespaces_enter("test_services_threads"))
        return 0;
    if (no_fork_among_threads())
        printf("skipped: test_services_threads: forks: %s\n", no_fork_among_threads());
    bool good = run("a stat for each call", milliseconds);
    simdinet_services_allow_stale(1);
    good = run("a stat a second", milliseconds) && good;
    return !good;
}
