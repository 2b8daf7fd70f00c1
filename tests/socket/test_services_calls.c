/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The system calls of a service look-up, and signal handlers that run during them: the linker
 * redirects the library's calls of open and free to this file (--wrap).
 */
#include "harness/clock.h"
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_ulong opens;
static atomic_bool signal_at_open, signal_at_free;
static sigset_t blocked_at_open;

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
    pthread_sigmask(SIG_SETMASK, NULL, &blocked_at_open);
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

/* ---- signals whose handlers fork ------------------------------------------------------------- */

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

/* A sandbox can answer open with a signal; a blocked synchronous signal would end the process. */
Test(services, synchronous_signals_are_not_blocked) {
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    enter("synchronous_signals_are_not_blocked");
    namespaces_write("services", "trapped 77/tcp\n");
    cr_expect_eq(port_of("trapped"), 77);
    cr_expect(sigismember(&blocked_at_open, SIGUSR1));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        cr_expect_not(sigismember(&blocked_at_open, own[i]), "%s", strsignal(own[i]));
}

/* The lock is held while files are read, and a fork takes it as well. */
Test(services, handler_can_fork_while_a_file_is_read, .timeout = 60) {
    enter("handler_can_fork_while_a_file_is_read");
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
    cr_expect_not(sigismember(&now, SIGUSR1), "the signal mask is restored");
}

static void *hold_a_table(void *argument) {
    pthread_barrier_t *barrier = argument;
    port_of("held");
    pthread_barrier_wait(barrier);
    pthread_barrier_wait(barrier);
    atomic_store(&signal_at_free, true);
    return NULL;
}

/* A thread that ends releases its table, of which it is the last owner. */
Test(services, handler_can_fork_while_a_thread_ends, .timeout = 60) {
    enter("handler_can_fork_while_a_thread_ends");
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

/* ---- missing files --------------------------------------------------------------------------- */

static void *look_up_often(void *unused) {
    for (int i = 0; i < 500; i++)
        port_of("nowhere");
    return unused;
}

/* A missing file is checked once a second by all threads together, and so is nsswitch.conf. */
Test(services, missing_file_is_checked_once_a_second) {
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    enter("missing_file_is_checked_once_a_second");
    double begin = seconds_now();
    atomic_store(&opens, 0);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, look_up_often, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    double most = 2 * (seconds_now() - begin + 2);
    cr_expect_geq(atomic_load(&opens), 2);
    cr_expect_leq((double)atomic_load(&opens), most, "%lu opens", atomic_load(&opens));
    /* The C library, used meanwhile, finds it as soon as it exists. */
    namespaces_write("services", "nowhere 50/tcp\n");
    cr_expect_eq(port_of("nowhere"), 50);
    namespaces_replace("services", "nowhere 51/tcp\n");
    cr_expect_eq(port_of("nowhere"), 51);
    pause_milliseconds(1100);
    unsigned long before = atomic_load(&opens);
    cr_expect_eq(port_of("nowhere"), 51);
    cr_expect_gt(atomic_load(&opens), before, "the table is used again");
}

/* nsswitch.conf is read once a second even when the file changes continuously. */
Test(services, reads_nsswitch_once_a_second) {
    enum { EDITS = 200 };
    enter("reads_nsswitch_once_a_second");
    unsigned long all = 0;
    double begin = seconds_now();
    for (int i = 0; i < EDITS; i++) {
        namespaces_replace("services", i % 2 ? "edited 60/tcp\n" : "edited 61/tcp\n");
        atomic_store(&opens, 0);
        cr_expect_eq(port_of("edited"), i % 2 ? 60 : 61);
        all += atomic_load(&opens);
    }
    cr_expect_geq(all, EDITS);
    cr_expect_leq((double)all, EDITS + seconds_now() - begin + 2, "%lu opens", all);
}
