/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The tables of services in the child of a fork. Forks among lookups of other threads are in
 * test_services_threads.c.
 */
#include "harness/clock.h"
#include "harness/exit_child.h"
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

static int port_of(const char *name, const char *proto) {
    uint16_t port;
    int status = simdinet_getservbyname(name, SIMDINET_ZSTR, proto, SIMDINET_ZSTR, &port, NULL);
    return status == SIMDINET_OK ? port : -status;
}

Test(services, works_in_the_child_of_a_fork) {
    enter("works_in_the_child_of_a_fork");
    namespaces_write("services", "forked 77/tcp\n");
    cr_expect_eq(port_of("forked", "tcp"), 77);
    pid_t child = fork();
    if (child == 0) {
        bool same = port_of("forked", "tcp") == 77;
        namespaces_replace("services", "forked 78/tcp\n");
        exit_child(same && port_of("forked", "tcp") == 78 ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
    cr_expect_eq(port_of("forked", "tcp"), 78);
}

static void *look_up_and_wait(void *argument) {
    pthread_barrier_t *barrier = argument;
    port_of("forked", "tcp");
    pthread_barrier_wait(barrier);
    pause(); /* until the process ends */
    return NULL;
}

/* The parent's threads do not exist in the child, so they own no table there. */
Test(services, releases_a_table_in_the_child_of_a_fork) {
    enum { LINES = 20000 };
    enter("releases_a_table_in_the_child_of_a_fork");
    if (mallinfo2().uordblks == 0)
        cr_skip_test("a sanitizer replaces the allocator, and mallinfo2 reports nothing");
    char *text = malloc(LINES * 24), *cursor = text;
    for (int i = 0; i < LINES; i++)
        cursor += sprintf(cursor, "forked%d %d/tcp\n", i, i);
    sprintf(cursor, "forked 77/tcp\n");
    namespaces_write("services", text);
    free(text);
    /* A file modified within the last second is read at every call: wait, so that both threads
     * share one table. */
    pause_milliseconds(100);
    pthread_barrier_t barrier;
    pthread_t other;
    pthread_barrier_init(&barrier, NULL, 2);
    cr_assert_eq(pthread_create(&other, NULL, look_up_and_wait, &barrier), 0);
    pthread_barrier_wait(&barrier);
    cr_expect_eq(port_of("forked", "tcp"), 77);
    pid_t child = fork();
    if (child == 0) {
        struct mallinfo2 before = mallinfo2();
        namespaces_replace("services", "forked 78/tcp\n");
        bool ok = port_of("forked", "tcp") == 78;
        struct mallinfo2 after = mallinfo2();
        exit_child(ok && after.uordblks + after.hblkhd + 1000000 < before.uordblks + before.hblkhd
                       ? 0
                       : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
}
