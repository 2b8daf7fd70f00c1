/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The tables of services and protocols: equal to the C library's answers, also for odd files, and
 * equal to the files after every edit.
 */
#include "namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

static const char *const protos[] = {NULL, "tcp", "udp", "", "TCP", "sctp", "tcp4"};

enum { PROTOS = sizeof protos / sizeof protos[0] };

static int port_of(const char *name, const char *proto) {
    uint16_t port;
    int status = simdinet_getservbyname(name, SIMDINET_ZSTR, proto, SIMDINET_ZSTR, &port, NULL);
    return status == SIMDINET_OK ? port : -status;
}

/* ---- the same as the C library ---------------------------------------------------------------- */

static void expect_same_name(const char *name) {
    char buffer[16384];
    struct servent service, *found;
    struct protoent protocol, *protocol_found;
    for (size_t i = 0; i < PROTOS; i++) {
        getservbyname_r(name, protos[i], &service, buffer, sizeof buffer, &found);
        int theirs = found ? simdinet_ntohs((uint16_t)service.s_port) : -SIMDINET_E_NOTFOUND;
        cr_expect_eq(port_of(name, protos[i]), theirs, "%s/%s: %d, not %d", name,
                     protos[i] ? protos[i] : "any", port_of(name, protos[i]), theirs);
    }
    int number;
    int status = simdinet_getprotobyname(name, strlen(name), &number, NULL);
    getprotobyname_r(name, &protocol, buffer, sizeof buffer, &protocol_found);
    cr_expect_eq(status == SIMDINET_OK, protocol_found != NULL, "protocol %s", name);
    if (protocol_found && status == SIMDINET_OK)
        cr_expect_eq(number, protocol.p_proto, "protocol %s", name);
}

static void expect_same_port(uint16_t port) {
    char buffer[16384], name[8192];
    struct servent service, *found;
    for (size_t i = 0; i < PROTOS; i++) {
        getservbyport_r(simdinet_htons(port), protos[i], &service, buffer, sizeof buffer, &found);
        int status =
            simdinet_getservbyport(port, protos[i], SIMDINET_ZSTR, name, sizeof name, NULL, NULL);
        cr_expect_eq(status == SIMDINET_OK, found != NULL, "port %u/%s", port,
                     protos[i] ? protos[i] : "any");
        if (status == SIMDINET_OK && found)
            cr_expect_str_eq(name, service.s_name, "port %u", port);
    }
}

/* Every word of a file that could be a name. */
static void expect_same_words(const char *path) {
    char text[65536];
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    char *rest = text;
    for (char *word; (word = strsep(&rest, " \t\n\r\v\f#"));)
        expect_same_name(word);
}

Test(services, answers_as_the_system_does) {
    expect_same_words("/etc/services");
    expect_same_words("/etc/protocols");
    for (unsigned port = 0; port < 65536; port += port < 1100 ? 1 : 7)
        expect_same_port((uint16_t)port);
}

static const char odd_services[] = "# a comment\n"
                                   "\n"
                                   "   \t \n"
                                   "plain 10/tcp\n"
                                   "  indented\t11/tcp\talias1   alias2\t\n"
                                   "commented 12/udp # not-an-alias\n"
                                   "glued 13/tcp#alias\n"
                                   "noproto 14\n"
                                   "slash 15/\n"
                                   "slashes 16//tcp\n"
                                   "hex 0x11/tcp\n"
                                   "octal 022/tcp\n"
                                   "large 65600/tcp\n"
                                   "negative -1/tcp\n"
                                   "plus +21/tcp\n"
                                   "huge 99999999999999999999/tcp\n"
                                   "limit 4294967295/tcp\n"
                                   "beyond 4294967296/tcp\n"
                                   "wrapped -18446744073709551615/tcp\n"
                                   "noport\n"
                                   "word port/tcp\n"
                                   "trail 24x/tcp\n"
                                   "spaced 25 /tcp\n"
                                   "spaced2 26/ tcp\n"
                                   "return 27/tcp\r\n"
                                   "feed 28/tcp\fafter\vmore\n"
                                   "twice 29/tcp\n"
                                   "twice 30/udp twice\n"
                                   "other 31/tcp twice plain\n"
                                   "again 10/tcp\n"
                                   "again 10/udp\n"
                                   "UPPER 32/TCP Upper\n"
                                   "#hidden 33/tcp\n"
                                   "tab\t34/tcp\t#\n"
                                   "\x80\xff 35/tcp \xc3\xa9\n"
                                   "last 36/udp lastalias";

Test(services, reads_odd_files_as_the_system_does) {
    enter("reads_odd_files_as_the_system_does");
    namespaces_write("services", odd_services);
    namespaces_write("protocols", "# comment\n"
                                  "ip 0 IP\n"
                                  "  icmp\t1 ICMP # ping\n"
                                  "hex 0x11 HEX\n"
                                  "octal 010\n"
                                  "glued 7x\n"
                                  "comment 8#x\n"
                                  "minus -1\n"
                                  "huge 4294967296\n"
                                  "limit 4294967295\n"
                                  "empty\n"
                                  "last 255 end");
    expect_same_words("/etc/services");
    expect_same_words("/etc/protocols");
    expect_same_name("hidden");
    for (unsigned port = 0; port < 65536; port += port < 100 ? 1 : 61)
        expect_same_port((uint16_t)port);
    expect_same_port(64);
    expect_same_port(65535);
}

Test(services, finds_a_name_with_more_aliases_than_any_fixed_buffer_holds) {
    enter("finds_a_name_with_more_aliases_than_any_fixed_buffer_holds");
    char *text = malloc(60000);
    char *cursor = text + sprintf(text, "many 40/tcp");
    for (int i = 0; i < 3000; i++)
        cursor += sprintf(cursor, " alias-%d", i);
    sprintf(cursor, "\nafter 41/tcp\n");
    namespaces_write("services", text);
    cr_expect_eq(port_of("alias-2999", "tcp"), 40);
    cr_expect_eq(port_of("after", "tcp"), 41);
    namespaces_write("nsswitch.conf", "services: files files [NOTFOUND=return]\n");
    struct timespec second = {.tv_sec = 1, .tv_nsec = 100000000};
    nanosleep(&second, NULL);
    cr_expect_eq(port_of("alias-2999", "tcp"), 40, "from the C library, with a grown buffer");
    free(text);
}

/* ---- edits ------------------------------------------------------------------------------------ */

Test(services, sees_every_edit_at_once) {
    enter("sees_every_edit_at_once");
    char text[64];
    for (int port = 100; port < 200; port++) {
        snprintf(text, sizeof text, "moving %d/tcp\n", port);
        if (port % 2)
            namespaces_write("services", text);
        else
            namespaces_replace("services", text);
        cr_assert_eq(port_of("moving", "tcp"), port);
    }
}

Test(services, sees_a_file_go_and_come_back) {
    enter("sees_a_file_go_and_come_back");
    cr_expect_eq(port_of("coming", NULL), -SIMDINET_E_NOTFOUND);
    namespaces_write("services", "coming 50/tcp\n");
    cr_expect_eq(port_of("coming", NULL), 50);
    unlink("/etc/services");
    cr_expect_eq(port_of("coming", NULL), -SIMDINET_E_NOTFOUND);
    namespaces_write("services", "");
    cr_expect_eq(port_of("coming", NULL), -SIMDINET_E_NOTFOUND);
    namespaces_write("services", "coming 51/tcp\n");
    cr_expect_eq(port_of("coming", NULL), 51);
}

/* Where nsswitch.conf wants no files the table, which would have an answer, is not asked. */
Test(services, follows_nsswitch_within_a_second) {
    enter("follows_nsswitch_within_a_second");
    namespaces_write("services", "there 60/tcp\n");
    cr_expect_eq(port_of("there", "tcp"), 60);
    namespaces_write("nsswitch.conf", "services: nosuchsource\n");
    struct timespec second = {.tv_sec = 1, .tv_nsec = 100000000};
    nanosleep(&second, NULL);
    cr_expect_eq(port_of("there", "tcp"), -SIMDINET_E_NOTFOUND);
    namespaces_write("nsswitch.conf", "# comment\n services :\tdb  files # both\n");
    nanosleep(&second, NULL);
    cr_expect_eq(port_of("there", "tcp"), 60);
}

Test(services, may_be_a_second_late_when_allowed) {
    enter("may_be_a_second_late_when_allowed");
    namespaces_write("services", "late 70/tcp\n");
    simdinet_services_allow_stale(1);
    cr_expect_eq(port_of("late", "tcp"), 70);
    namespaces_replace("services", "late 71/tcp\n");
    cr_expect_eq(port_of("late", "tcp"), 70);
    struct timespec second = {.tv_sec = 1, .tv_nsec = 100000000};
    nanosleep(&second, NULL);
    cr_expect_eq(port_of("late", "tcp"), 71);
    namespaces_replace("services", "late 72/tcp\n");
    simdinet_services_allow_stale(0);
    cr_expect_eq(port_of("late", "tcp"), 72);
}

/* ---- fork -------------------------------------------------------------------------------------- */

Test(services, answers_in_the_child_of_a_fork) {
    enter("answers_in_the_child_of_a_fork");
    namespaces_write("services", "forked 77/tcp\n");
    cr_expect_eq(port_of("forked", "tcp"), 77);
    pid_t child = fork();
    if (child == 0) {
        bool same = port_of("forked", "tcp") == 77;
        namespaces_replace("services", "forked 78/tcp\n");
        _exit(same && port_of("forked", "tcp") == 78 ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
    cr_expect_eq(port_of("forked", "tcp"), 78);
}

/* ---- arguments -------------------------------------------------------------------------------- */

Test(services, refuses_what_it_cannot_answer) {
    enter("refuses_what_it_cannot_answer");
    namespaces_write("services", "name 80/tcp alias\n");
    simdinet_error error;
    uint16_t port = 1234;
    char buffer[5];
    size_t len = 99;
    cr_expect_eq(simdinet_getservbyname(NULL, 0, NULL, 0, &port, &error), SIMDINET_E_VALUE);
    cr_expect_eq(simdinet_getservbyname("na\0e", 4, NULL, 0, &port, &error), SIMDINET_E_NUL);
    cr_expect_eq(simdinet_getservbyname("name", 4, "t\0p", 3, &port, &error), SIMDINET_E_NUL);
    cr_expect_eq(simdinet_getservbyname("nam", 3, NULL, 0, &port, &error), SIMDINET_E_NOTFOUND);
    cr_expect_eq(simdinet_getservbyname("", 0, NULL, 0, &port, &error), SIMDINET_E_NOTFOUND);
    cr_expect_eq(port, 1234, "untouched");
    cr_expect_eq(simdinet_getservbyname("namex", 4, "tcpx", 3, &port, NULL), SIMDINET_OK);
    cr_expect_eq(port, 80);
    cr_expect_eq(simdinet_getservbyport(-1, NULL, 0, buffer, 5, &len, &error), SIMDINET_E_RANGE);
    cr_expect_eq(simdinet_getservbyport(65536, NULL, 0, buffer, 5, &len, &error), SIMDINET_E_RANGE);
    cr_expect_eq(simdinet_getservbyport(80, NULL, 0, buffer, 4, &len, &error), SIMDINET_E_NOSPACE);
    cr_expect_eq(error.needed, 5);
    cr_expect_eq(len, 99, "untouched");
    cr_expect_eq(simdinet_getservbyport(80, "tcp", 3, buffer, 5, &len, &error), SIMDINET_OK);
    cr_expect_str_eq(buffer, "name");
    cr_expect_eq(len, 4);
}
