/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Names over DNS, with NSD on the loopback interface: every kind of answer equals the C library's,
 * and a server that never answers does not delay a call with a deadline.
 */
#include "harness/addrinfo.h"
#include "harness/clock.h"
#include "harness/exit_child.h"
#include "harness/name_server.h"
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void start_server(void) {
    const char *reason = name_server_start("test_resolver");
    if (reason)
        cr_skip_test("%s", reason);
}

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

/* ---- comparison with the C library ----------------------------------------------------------- */

/* Compares code and list of getaddrinfo, with and without a deadline. Returns code and number of
 * addresses. */
static int expect_same(const char *name, int family, int flags, unsigned *count) {
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags};
    struct addrinfo *expected = NULL, *result = NULL, *timed = NULL;
    int code = getaddrinfo(name, "80", &hints, &expected);
    cr_expect_eq(simdinet_getaddrinfo(name, "80", &hints, &result), code, "%s", name);
    cr_expect_eq(simdinet_getaddrinfo_deadline(name, "80", &hints, 20000, &timed), code, "%s",
                 name);
    *count = 0;
    for (struct addrinfo *entry = result; entry; entry = entry->ai_next)
        ++*count;
    cr_expect(same_addrinfo_lists(result, expected), "%s", name);
    cr_expect(same_addrinfo_lists(timed, expected), "%s with a deadline", name);
    if (expected)
        freeaddrinfo(expected);
    simdinet_freeaddrinfo(result);
    simdinet_freeaddrinfo(timed);
    return code;
}

Test(resolver, answers_of_a_server_equal_libc, .timeout = 60) {
    static const struct {
        const char *name;
        int family;
        int code;
        unsigned count;
    } cases[] = {
        {"four.example.test", AF_INET, 0, 1},
        {"four.example.test", AF_UNSPEC, 0, 1},
        {"six.example.test", AF_INET6, 0, 1},
        {"both.example.test", AF_UNSPEC, 0, 2},
        {"BOTH.Example.test.", AF_INET6, 0, 1},
        {"alias.example.test", AF_UNSPEC, 0, 2},
        {"many.example.test", AF_INET, 0, 100},
        {"nowhere.example.test", AF_UNSPEC, EAI_NONAME, 0},
        {"dangling.example.test", AF_UNSPEC, EAI_NONAME, 0},
        {"text.example.test", AF_UNSPEC, EAI_NODATA, 0},
        {"four.example.test", AF_INET6, EAI_NODATA, 0},
        {"any.broken.test", AF_UNSPEC, EAI_AGAIN, 0},
    };
    start_server();
    unsigned before = namespaces_descriptors();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned count;
        int code = expect_same(cases[i].name, cases[i].family, 0, &count);
        cr_expect_eq(code, cases[i].code, "%s: %d", cases[i].name, code);
        cr_expect_eq(count, cases[i].count, "%s: %u addresses", cases[i].name, count);
        expect_same(cases[i].name, cases[i].family, AI_CANONNAME | AI_ADDRCONFIG, &count);
        expect_same(cases[i].name, AF_INET6, AI_V4MAPPED | AI_ALL, &count);
    }
    unsigned count;
    cr_expect_neq(expect_same("loop1.example.test", AF_INET, 0, &count), 0);
    cr_expect_eq(namespaces_descriptors(), before);
}

Test(resolver, hosts_of_a_server, .timeout = 60) {
    start_server();
    char text[64];
    simdinet_error error;
    simdinet_hostent *host;
    cr_assert_eq(simdinet_gethostbyname("alias.example.test", SIMDINET_ZSTR, text, &error),
                 SIMDINET_OK);
    cr_expect_str_eq(text, "192.0.2.99");
    cr_assert_eq(simdinet_gethostbyname_ex("alias.example.test", SIMDINET_ZSTR, &host, &error),
                 SIMDINET_OK);
    cr_expect_str_eq(host->name, "end.example.test");
    cr_expect_eq(host->naliases, 2);
    cr_expect_str_eq(host->aliases[0], "alias.example.test");
    cr_expect_null(host->aliases[2]);
    simdinet_free(host);
    cr_assert_eq(simdinet_gethostbyname_ex("many.example.test", SIMDINET_ZSTR, &host, &error),
                 SIMDINET_OK);
    cr_expect_geq(host->naddrs, 48, "more than the first buffer holds");
    simdinet_free(host);
    cr_assert_eq(simdinet_gethostbyaddr("192.0.2.4", SIMDINET_ZSTR, &host, &error), SIMDINET_OK);
    cr_expect_str_eq(host->name, "four.example.test");
    cr_expect_eq(host->family, AF_INET);
    cr_expect_eq(host->naddrs, 1);
    simdinet_free(host);
    cr_expect_eq(simdinet_gethostbyaddr("192.0.2.5", SIMDINET_ZSTR, &host, &error),
                 SIMDINET_E_HERR);
    cr_expect_eq(error.detail, HOST_NOT_FOUND);
    cr_expect_eq(simdinet_gethostbyname("six.example.test", SIMDINET_ZSTR, text, &error),
                 SIMDINET_E_GAI);
    cr_expect_eq(error.detail, EAI_NODATA);
    struct sockaddr_in address = {.sin_family = AF_INET};
    simdinet_inet_pton(AF_INET, "192.0.2.4", &address.sin_addr);
    cr_expect_eq(simdinet_getnameinfo((struct sockaddr *)&address, sizeof address, text,
                                      sizeof text, NULL, 0, NI_NAMEREQD),
                 0);
    cr_expect_str_eq(text, "four.example.test");
    cr_expect_eq(simdinet_getfqdn("192.0.2.4", SIMDINET_ZSTR, text, sizeof text, NULL, &error),
                 SIMDINET_OK);
    cr_expect_str_eq(text, "four.example.test");
}

/* ---- deadlines ------------------------------------------------------------------------------- */

/* A server that receives queries and never answers. Returns its descriptor. */
static int listen_in_silence(void) {
    enter("test_resolver");
    namespaces_write("nsswitch.conf", "hosts: files dns\n");
    namespaces_write("resolv.conf", "nameserver 127.0.0.2\noptions timeout:1 attempts:1\n");
    return namespaces_listen("127.0.0.2");
}

/* The signals blocked by every thread but this one, from /proc. */
static unsigned long long blocked_elsewhere(void) {
    unsigned long long all = ~0ULL, blocked;
    char path[64], line[256];
    DIR *folder = opendir("/proc/self/task");
    for (struct dirent *task; folder && (task = readdir(folder));) {
        if (atoi(task->d_name) <= 0 || atoi(task->d_name) == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%d/status", atoi(task->d_name));
        FILE *status = fopen(path, "r");
        while (status && fgets(line, sizeof line, status))
            if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
                all &= blocked;
        if (status)
            fclose(status);
    }
    if (folder)
        closedir(folder);
    return all;
}

Test(deadline, ends_an_unanswered_call, .timeout = 60) {
    int silent = listen_in_silence();
    unsigned descriptors = namespaces_descriptors(), threads = namespaces_threads();
    struct addrinfo hints = {.ai_family = AF_INET}, untouched, *list = &untouched;
    double taken = 1;
    /* Before the resolver's own timeout, a second. A busy machine may make some calls late. */
    for (int attempt = 0; attempt < 20 && taken >= 0.9; attempt++) {
        cr_expect(namespaces_await_threads(threads));
        double begin = seconds_now();
        errno = 0;
        int code = simdinet_getaddrinfo_deadline("never.example.test", NULL, &hints, 150, &list);
        int sys_errno = errno;
        taken = seconds_now() - begin;
        cr_expect_eq(code, EAI_SYSTEM);
        cr_expect_eq(sys_errno, ETIMEDOUT);
        cr_expect_eq(list, &untouched);
        cr_expect_geq(taken, 0.15);
    }
    cr_expect_lt(taken, 0.9, "each of 20 calls is late, the last one by %f seconds", taken - 0.15);
    /* The thread of the lookup handles synchronous signals only. */
    cr_expect(blocked_elsewhere() >> (SIGUSR1 - 1) & 1);
    cr_expect_not(blocked_elsewhere() >> (SIGSYS - 1) & 1);
    /* The abandoned thread ends with the resolver's own timeout, and leaks nothing. */
    cr_expect(namespaces_await_threads(threads));
    cr_expect_eq(namespaces_descriptors(), descriptors);
    /* Without a deadline, or with a long one, the code is the resolver's. */
    cr_expect_eq(simdinet_getaddrinfo_deadline("never.example.test", NULL, &hints, -1, &list),
                 EAI_AGAIN);
    cr_expect_eq(
        simdinet_getaddrinfo_deadline("never.example.test", NULL, &hints, INT64_MAX, &list),
        EAI_AGAIN);
    close(silent);
}

Test(deadline, of_zero_answers_numeric_hosts, .timeout = 60) {
    int silent = listen_in_silence();
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
    cr_expect_eq(simdinet_getaddrinfo_deadline("192.0.2.1", "80", &hints, 0, &list), 0);
    simdinet_freeaddrinfo(list);
    cr_expect_eq(simdinet_getaddrinfo_deadline("localhost", "80", &hints, 0, &list), EAI_SYSTEM);
    cr_expect_eq(errno, ETIMEDOUT);
    cr_expect_eq(simdinet_getaddrinfo_deadline("localhost", "80", &hints, 5000, &list), 0);
    cr_expect_eq(list->ai_family, AF_INET);
    simdinet_freeaddrinfo(list);
    close(silent);
}

Test(deadline, bounds_the_number_of_abandoned_threads, .timeout = 60) {
    int silent = listen_in_silence();
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    unsigned threads = namespaces_threads();
    for (int i = 0; i < 100; i++) {
        cr_expect_eq(simdinet_getaddrinfo_deadline("never.example.test", NULL, &hints, 1, &list),
                     EAI_SYSTEM);
        cr_expect_eq(errno, ETIMEDOUT);
    }
    cr_expect_leq(namespaces_threads(), threads + 64);
    /* The child of a fork has none of those threads, and can start its own. */
    pid_t child = fork();
    if (child == 0) {
        int code = simdinet_getaddrinfo_deadline("never.example.test", NULL, &hints, 1, &list);
        exit_child(code == EAI_SYSTEM && errno == ETIMEDOUT && namespaces_threads() == 2 ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
    /* A call with a long deadline waits for one of them to end. */
    cr_expect_eq(simdinet_getaddrinfo_deadline("localhost", NULL, &hints, 20000, &list), 0);
    simdinet_freeaddrinfo(list);
    cr_expect(namespaces_await_threads(threads));
    close(silent);
}
