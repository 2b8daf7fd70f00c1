/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the socket functions refuse, with its reason, and answers that only odd questions get: texts
 * that are missing, buffers that are short, lists that were cut, a name service that says no.
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

/* ---- getnameinfo ------------------------------------------------------------------------------ */

Test(refusals, of_addresses_without_a_family) {
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

Test(refusals, of_a_buffer_that_a_service_does_not_fit) {
    enter("of_a_buffer_that_a_service_does_not_fit");
    namespaces_write("services", "http 80/tcp\n");
    char service[8] = "before";
    const struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(80)};
    const struct sockaddr *sa = (const struct sockaddr *)(const void *)&in;
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, NULL, 0, service, 4, 0), EAI_OVERFLOW);
    cr_expect_str_eq(service, "before");
    cr_expect_eq(simdinet_getnameinfo(sa, sizeof in, NULL, 0, service, 5, 0), 0);
    cr_expect_str_eq(service, "http");
}

Test(refusals, but_not_of_local_sockets) {
    const struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/some.socket"};
    char service[64];
    cr_expect_eq(simdinet_getnameinfo((const struct sockaddr *)(const void *)&un, sizeof un, NULL,
                                      0, service, sizeof service, 0),
                 0);
    cr_expect_str_eq(service, "/run/some.socket");
}

Test(refusals, of_tuples_that_are_no_address) {
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

/* ---- hosts ------------------------------------------------------------------------------------ */

Test(refusals, of_hosts_without_a_name) {
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

/* Every byte that Python's strip takes off, at both ends, and its neighbours in ASCII, which stay. */
Test(refusals, of_full_names_do_not_mind_blanks) {
    enter("of_full_names_do_not_mind_blanks");
    namespaces_write("hosts", "192.0.2.1 short full.example.test\n");
    static const char blanks[] = "\t\n\v\f\r\x1c\x1d\x1e\x1f ", others[] = "\x08\x0e\x1b!";
    char name[64], wanted[64];
    simdinet_error error;
    for (const char *c = blanks; *c; c++) {
        const char text[] = {*c, *c, 's', 'h', 'o', 'r', 't', *c};
        cr_expect_eq(simdinet_getfqdn(text, sizeof text, name, sizeof name, NULL, &error),
                     SIMDINET_OK);
        cr_expect_str_eq(name, "full.example.test", "byte %#x", (unsigned)*c);
    }
    for (const char *c = others; *c; c++) {
        snprintf(wanted, sizeof wanted, "%cshort", *c);
        cr_expect_eq(simdinet_getfqdn(wanted, SIMDINET_ZSTR, name, sizeof name, NULL, &error),
                     SIMDINET_OK);
        cr_expect_str_eq(name, wanted, "byte %#x", (unsigned)*c);
    }
}

/* ---- lists ------------------------------------------------------------------------------------ */

/* Cut into its rows and put together in another order, as some programs sort addresses. */
Test(refusals, of_no_order_in_which_a_list_is_freed) {
    struct addrinfo hints = {0}, *first, *other;
    for (int turn = 0; turn < 3; turn++) {
        cr_assert_eq(simdinet_getaddrinfo("192.0.2.1", "80", &hints, &first), 0);
        cr_assert_eq(simdinet_getaddrinfo("::1", "80", &hints, &other), 0);
        struct addrinfo *second = first->ai_next, *third = second->ai_next;
        cr_assert(third && !third->ai_next);
        if (turn == 0) { /* row by row, the last one first */
            first->ai_next = second->ai_next = NULL;
            simdinet_freeaddrinfo(third);
            simdinet_freeaddrinfo(second);
            simdinet_freeaddrinfo(first);
            simdinet_freeaddrinfo(other);
        } else if (turn == 1) { /* one list in the other */
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

/* ---- protocols and services where the system is asked ----------------------------------------- */

Test(refusals, of_protocols_that_the_system_is_asked_for) {
    enter("of_protocols_that_the_system_is_asked_for");
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

/* What nsswitch.conf may hold besides the names of the sources; but for a line that names none, on which
 * glibc 2.36 itself may crash. Each is read by a process of its own, for a process looks again only
 * after a second. */
Test(refusals, of_services_follow_nsswitch_word_by_word) {
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
        {"hosts: nothing\n", true}, /* the C library's own choice: files */
        {"", true},
    };
    enter("of_services_follow_nsswitch_word_by_word");
    namespaces_write("services", "known 77/tcp\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        namespaces_write("nsswitch.conf", cases[i].text);
        pid_t child = fork();
        if (child == 0) {
            simdinet_error error;
            uint16_t port = 0;
            int status = simdinet_getservbyname("known", 5, "tcp", 3, &port, &error);
            const struct servent *libc = getservbyname("known", "tcp");
            bool right = cases[i].found ? status == SIMDINET_OK && port == 77
                                        : status == SIMDINET_E_NOTFOUND && port == 0;
            exit_child(right && (libc != NULL) == cases[i].found ? 0 : 1);
        }
        int status = -1;
        waitpid(child, &status, 0);
        cr_expect_eq(status, 0, "\"%s\"", cases[i].text);
    }
}

/* ---- descriptors ------------------------------------------------------------------------------ */

Test(refusals, of_descriptors_that_are_not_open) {
    simdinet_error error = {0};
    cr_expect_eq(simdinet_applydefaulttimeout(-1, &error), SIMDINET_OK, "there is none");
    cr_expect_eq(simdinet_setdefaulttimeout(0.5, &error), SIMDINET_OK);
    cr_expect_eq(simdinet_applydefaulttimeout(-1, &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, EBADF);
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_expect_eq(simdinet_applydefaulttimeout(ends[0], &error), SIMDINET_E_ERRNO);
    cr_expect_eq(error.sys_errno, ENOTSOCK);
    cr_expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    cr_expect_eq(simdinet_setdefaulttimeout(0, &error), SIMDINET_OK);
    cr_expect_eq(simdinet_applydefaulttimeout(ends[0], &error), SIMDINET_OK, "and is so already");
    close(ends[0]);
    close(ends[1]);
}

/* ---- deadlines -------------------------------------------------------------------------------- */

/* With and without each argument, and with every part of a second to add to. */
Test(refusals, of_deadlines_with_little_to_ask) {
    enter("of_deadlines_with_little_to_ask");
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
    for (int64_t milliseconds = 4000; milliseconds < 5000; milliseconds += 27) {
        cr_assert_eq(simdinet_getaddrinfo_deadline("localhost", NULL, &hints, milliseconds, &list),
                     0);
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)list->ai_addr;
        cr_expect_eq(in->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
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

Test(refusals, of_types_that_no_protocol_has) {
    struct addrinfo hints = {.ai_socktype = 77}, *list = NULL;
    cr_expect_eq(simdinet_getaddrinfo("192.0.2.1", NULL, &hints, &list), EAI_SOCKTYPE);
    cr_expect_null(list);
}
