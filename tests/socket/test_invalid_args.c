/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Invalid arguments of the socket functions with their errors, and rare results: missing texts,
 * short buffers, rearranged lists, nsswitch.conf without files.
 */
#include "harness/exit_child.h"
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

/* ---- getnameinfo ----------------------------------------------------------------------------- */

Test(invalid_args, address_without_a_family) {
    char host[64] = "before", service[64] = "before";
    const struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(80)};
    const struct sockaddr *sa = (const struct sockaddr *)(const void *)&in;
    const int numeric = NI_NUMERICHOST | NI_NUMERICSERV;
    cr_expect_eq(simdinet_getnameinfo(NULL, sizeof in, host, 64, service, 64, numeric), EAI_FAMILY);
    cr_expect_eq(simdinet_getnameinfo(sa, 1, host, 64, service, 64, numeric), EAI_FAMILY);
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in - 1, host, 64, service, 64, numeric),
                 EAI_FAMILY);
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, host, 64, service, 64, 0x100), EAI_BADFLAGS);
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, host, 7, service, 64, numeric), EAI_OVERFLOW);
    cr_expect_str_eq(host, "before");
    cr_expect_str_eq(service, "before");
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, host, 8, service, 2, numeric), EAI_OVERFLOW);
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, host, 8, service, 3, numeric), 0);
    cr_expect_str_eq(host, "0.0.0.0");
    cr_expect_str_eq(service, "80");
}

Test(invalid_args, buffer_too_small_for_a_service) {
    enter("buffer_too_small_for_a_service");
    namespaces_write("services", "http 80/tcp\n");
    char service[8] = "before";
    const struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(80)};
    const struct sockaddr *sa = (const struct sockaddr *)(const void *)&in;
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, NULL, 0, service, 4, 0), EAI_OVERFLOW);
    cr_expect_str_eq(service, "before");
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, NULL, 0, service, 5, 0), 0);
    cr_expect_str_eq(service, "http");
}

Test(invalid_args, local_sockets_are_accepted) {
    const struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/some.socket"};
    char service[64];
    cr_expect_eq(simdinet_getnameinfo((const struct sockaddr *)(const void *)&un, sizeof un, NULL,
                                      0, service, sizeof service, 0),
                 0);
    cr_expect_str_eq(service, "/run/some.socket");
}

Test(invalid_args, tuples_that_are_not_addresses) {
    char host[16] = "before", service[16];
    simdinet_error error;
    for (int items = 1; items <= 5; items++) {
        int status = simdinet_getnameinfo_text("::1", 3, 80, items, 0, 0, NI_NUMERICHOST, host,
                                               sizeof host, service, sizeof service, &error);
        cr_expect_eq(status, items < 2 || items > 4 ? SIMDINET_E_VALUE : SIMDINET_OK, "%d items",
                     items);
    }
    cr_expect_eq(simdinet_getnameinfo_text(NULL, 0, 80, 2, 0, 0, 0, host, sizeof host, service,
                                           sizeof service, &error),
                 SIMDINET_E_VALUE);
    cr_expect_str_eq(host, "::1");
    cr_expect_eq(simdinet_getnameinfo_text("192.0.2.1", 9, 80, 2, 0, 0,
                                           NI_NUMERICHOST | NI_NUMERICSERV, host, 9, service,
                                           sizeof service, &error),
                 SIMDINET_E_NOSPACE);
    cr_expect_eq(error.needed, 10);
    cr_expect_eq(simdinet_getnameinfo_text("192.0.2.1", 9, 80, 2, 0, 0,
                                           NI_NUMERICHOST | NI_NUMERICSERV, host, 10, service, 2,
                                           &error),
                 SIMDINET_E_NOSPACE);
    cr_expect_eq(error.needed, 3);
    cr_expect_str_eq(host, "::1", "untouched");
}

/* ---- hosts ----------------------------------------------------------------------------------- */

Test(invalid_args, hosts_without_a_name) {
    simdinet_hostent *host = NULL;
    simdinet_error error;
    char text[SIMDINET_IPV4_TEXT_SIZE] = "before";
    cr_expect_eq(simdinet_gethostbyname(NULL, 0, text, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_gethostbyname("a\0b", 3, text, &error), SIMDINET_E_NUL);
    cr_expect_str_eq(text, "before");
    cr_expect_eq(simdinet_gethostbyname_ex(NULL, 0, &host, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_gethostbyname_ex("a\0b", 3, &host, &error), SIMDINET_E_NUL);
    cr_expect_eq(simdinet_gethostbyaddr(NULL, 0, &host, &error), SIMDINET_E_VALUE);
    cr_expect_null(host);
}

/* Every byte that Python's str.strip removes, at both ends, and its neighbours in ASCII, which
 * remain. */
Test(invalid_args, full_names_are_stripped) {
    enter("full_names_are_stripped");
    namespaces_write("hosts", "192.0.2.1 short full.example.test\n");
    static const char blanks[] = "\t\n\v\f\r\x1c\x1d\x1e\x1f ", others[] = "\x08\x0e\x1b!";
    char name[64], expected[64];
    simdinet_error error;
    for (const char *c = blanks; *c; c++) {
        const char text[] = {*c, *c, 's', 'h', 'o', 'r', 't', *c};
        cr_expect_eq(simdinet_getfqdn(text, sizeof text, name, sizeof name, NULL, &error),
                     SIMDINET_OK);
        cr_expect_str_eq(name, "full.example.test", "byte %#x", (unsigned)*c);
    }
    for (const char *c = others; *c; c++) {
        snprintf(expected, sizeof expected, "%cshort", *c);
        cr_expect_eq(simdinet_getfqdn(expected, SIMDINET_ZSTR, name, sizeof name, NULL, &error),
                     SIMDINET_OK);
        cr_expect_str_eq(name, expected, "byte %#x", (unsigned)*c);
    }
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Split and joined in another order, as some programs sort addresses. */
Test(invalid_args, lists_are_freed_in_any_order) {
    struct addrinfo hints = {0}, *first, *other;
    for (int order = 0; order < 3; order++) {
        cr_assert_eq(simdinet_getaddrinfo("192.0.2.1", "80", &hints, &first), 0);
        cr_assert_eq(simdinet_getaddrinfo("::1", "80", &hints, &other), 0);
        struct addrinfo *second = first->ai_next, *third = second->ai_next;
        cr_assert(third && !third->ai_next);
        if (order == 0) { /* entry by entry, the last one first */
            first->ai_next = second->ai_next = NULL;
            simdinet_freeaddrinfo(third);
            simdinet_freeaddrinfo(second);
            simdinet_freeaddrinfo(first);
            simdinet_freeaddrinfo(other);
        } else if (order == 1) { /* one list inside the other */
            first->ai_next = other;
            other->ai_next->ai_next->ai_next = second;
            simdinet_freeaddrinfo(first);
        } else { /* backwards */
            third->ai_next = second;
            second->ai_next = first;
            first->ai_next = other;
            simdinet_freeaddrinfo(third);
        }
    }
}

/* ---- protocols and services of the C library ------------------------------------------------- */

Test(invalid_args, protocols_of_the_c_library) {
    enter("protocols_of_the_c_library");
    namespaces_write("nsswitch.conf", "protocols: files [NOTFOUND=return]\n");
    namespaces_write("protocols", "tcp 6 TCP\n");
    simdinet_error error;
    int number = 1234;
    cr_expect_eq(simdinet_getprotobyname(NULL, 0, &number, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_getprotobyname("udp", 3, &number, &error), SIMDINET_E_NOTFOUND);
    cr_expect_eq(number, 1234, "untouched");
    cr_expect_eq(simdinet_getprotobyname("tcpx", 3, &number, &error), SIMDINET_OK);
    cr_expect_eq(number, 6);
}

/* The syntax of nsswitch.conf besides the names of sources, except a line without sources, on which
 * glibc 2.36 can crash. Each file is read by a new process, because a process reads it again after
 * a second only. */
Test(invalid_args, services_follow_nsswitch) {
    static const struct {
        const char *text;
        bool found;
    } cases[] = {
        {"services: files\n", true},
        {"  services\t:\tfiles # and no more\n", true},
        {"services: db files\n", true},
        {"services: db\n", false},
        {"services: filesystem\n", false},
        {"services: nothing files\n", true},
        {"services: files\nservices: files\n", true},
        {"servicesx: nothing\n", true},
        {"hosts: nothing\n", true}, /* the default of the C library: files */
        {"", true},
    };
    enter("services_follow_nsswitch");
    namespaces_write("services", "known 77/tcp\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        namespaces_write("nsswitch.conf", cases[i].text);
        pid_t child = fork();
        if (child == 0) {
            simdinet_error error;
            uint16_t port = 0;
            int status = simdinet_getservbyname("known", 5, "tcp", 3, &port, &error);
            const struct servent *libc = getservbyname("known", "tcp");
            bool ok = cases[i].found ? status == SIMDINET_OK && port == 77
                                     : status == SIMDINET_E_NOTFOUND && port == 0;
            exit_child(ok && (libc != NULL) == cases[i].found ? 0 : 1);
        }
        int status = -1;
        waitpid(child, &status, 0);
        cr_expect_eq(status, 0, "\"%s\"", cases[i].text);
    }
}

/* ---- descriptors ----------------------------------------------------------------------------- */

Test(invalid_args, descriptors_that_are_not_open) {
    simdinet_error error = {0};
    cr_expect_eq(simdinet_applydefaulttimeout(-1, &error), SIMDINET_OK, "without a descriptor");
    cr_expect_eq(simdinet_setdefaulttimeout(0.5, &error), SIMDINET_OK);
    cr_expect_eq(simdinet_applydefaulttimeout(-1, &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, EBADF);
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_expect_eq(simdinet_applydefaulttimeout(ends[0], &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, ENOTSOCK);
    cr_expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    cr_expect_eq(simdinet_setdefaulttimeout(0, &error), SIMDINET_OK);
    cr_expect_eq(simdinet_applydefaulttimeout(ends[0], &error), SIMDINET_OK,
                 "already non-blocking");
    close(ends[0]);
    close(ends[1]);
}

/* ---- deadlines ------------------------------------------------------------------------------- */

/* With and without each argument, and with carries of every part of a second. */
Test(invalid_args, deadlines_of_trivial_calls) {
    enter("deadlines_of_trivial_calls");
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
    for (int64_t milliseconds = 4000; milliseconds < 5000; milliseconds += 27) {
        cr_assert_eq(simdinet_getaddrinfo_deadline("localhost", NULL, &hints, milliseconds, &list),
                     0);
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)list->ai_addr;
        cr_expect_eq(in->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
        simdinet_freeaddrinfo(list);
    }
    /* Their ends do not fit in a time_t of 32 bits, or of any size. */
    const int64_t longest[] = {INT64_C(70) * 366 * 86400 * 1000, INT64_MAX};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(simdinet_getaddrinfo_deadline("localhost", NULL, &hints, longest[i], &list),
                     0);
        simdinet_freeaddrinfo(list);
    }
    cr_assert_eq(simdinet_getaddrinfo_deadline("127.0.0.1", "80", NULL, 5000, &list), 0);
    simdinet_freeaddrinfo(list);
    cr_assert_eq(simdinet_getaddrinfo_deadline(NULL, "80", NULL, 5000, &list), 0);
    simdinet_freeaddrinfo(list);
    cr_expect_eq(simdinet_getaddrinfo_deadline(NULL, NULL, NULL, 5000, &list), EAI_NONAME);
    cr_expect_eq(simdinet_getaddrinfo_deadline("no.such.host", "80", NULL, 5000, &list),
                 EAI_NONAME);
}

Test(invalid_args, types_without_a_protocol) {
    struct addrinfo hints = {.ai_socktype = 77}, *list = NULL;
    cr_expect_eq(simdinet_getaddrinfo("192.0.2.1", NULL, &hints, &list), EAI_SOCKTYPE);
    cr_expect_null(list);
}
