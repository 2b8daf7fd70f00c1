/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a lookup of a service asks of the system, and what may come in between: the linker hands the
 * library's calls of open and free to this file first (--wrap).
 */
#include "namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_ulong opens;
static atomic_bool signal_at_open, signal_at_free;

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
void __real_free(void *block);
void __wrap_free(void *block);

int __wrap_open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    atomic_fetch_add(&opens, 1);
    if (atomic_load(&signal_at_open))
        raise(SIGUSR1);
    return __real_open(path, flags, mode);
}

void __wrap_free(void *block) {
    if (atomic_load(&signal_at_free))
        raise(SIGUSR1);
    __real_free(block);
}

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

static int port_of(const char *name) {
    uint16_t port;
    int status = simdinet_getservbyname(name, SIMDINET_ZSTR, "tcp", SIMDINET_ZSTR, &port, NULL);
    return status == SIMDINET_OK ? port : -status;
}

/* ---- signals whose handlers fork -------------------------------------------------------------- */

static volatile sig_atomic_t forks;

static void fork_now(int number) {
    (void)number;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    int status = -1;
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        forks++;
}

static void fork_at_signals(void) {
    struct sigaction action = {.sa_handler = fork_now};
    sigemptyset(&action.sa_mask);
    cr_assert_eq(sigaction(SIGUSR1, &action, NULL), 0);
}

/* The lock is held while files are read, and a fork wants it too. */
Test(services, lets_a_handler_fork_while_a_file_is_read, .timeout = 60) {
    enter("lets_a_handler_fork_while_a_file_is_read");
    fork_at_signals();
    namespaces_write("services", "forked 77/tcp\n");
    atomic_store(&signal_at_open, true);
    cr_expect_eq(port_of("forked"), 77);
    unlink("/etc/services");
    cr_expect_eq(port_of("forked"), -SIMDINET_E_NOTFOUND);
    atomic_store(&signal_at_open, false);
    cr_expect_geq(forks, 2);
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    cr_expect_not(sigismember(&now, SIGUSR1), "the mask is as it was");
}

static void *hold_a_table(void *argument) {
    pthread_barrier_t *barrier = argument;
    port_of("held");
    pthread_barrier_wait(barrier);
    pthread_barrier_wait(barrier);
    atomic_store(&signal_at_free, true);
    return NULL;
}

/* ... and while a thread that ends gives its table back, the last one to hold it. */
Test(services, lets_a_handler_fork_while_a_thread_ends, .timeout = 60) {
    enter("lets_a_handler_fork_while_a_thread_ends");
    fork_at_signals();
    namespaces_write("services", "held 77/tcp\n");
    pthread_barrier_t barrier;
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    cr_assert_eq(pthread_create(&thread, NULL, hold_a_table, &barrier), 0);
    pthread_barrier_wait(&barrier);
    namespaces_replace("services", "held 78/tcp\n");
    cr_expect_eq(port_of("held"), 78);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    atomic_store(&signal_at_free, false);
    cr_expect_geq(forks, 1);
}
