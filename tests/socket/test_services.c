/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The tables of services and protocols: results equal the C library's, also for malformed files,
 * and follow every edit of the files.
 */
#include "harness/clock.h"
#include "harness/namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* ---- entries compared with the C library ----------------------------------------------------- */

enum { ENTRY_SIZE = 16384 };

/* The result of getservbyname_r and the like; a protocol is a service without a protocol. */
typedef struct {
    int code;
    int sys_errno;
    bool found;
    bool points_to_entry;
    struct servent entry;
    char buf[ENTRY_SIZE];
} buffer_is_enough;

typedef int by_name(const char *name, const char *proto, struct servent *entry, char *buf,
                    size_t buflen, struct servent **result);
typedef int by_port(int port, const char *proto, struct servent *entry, char *buf, size_t buflen,
                    struct servent **result);
typedef int by_protocol(const char *name, struct protoent *entry, char *buf, size_t buflen,
                        struct protoent **result);

typedef struct {
    by_name *name;
    by_port *port;
    by_protocol *protocol;
} entry_calls;

static const entry_calls calls[2] = {
    {getservbyname_r, getservbyport_r, getprotobyname_r},
    {simdinet_getservbyname_r, simdinet_getservbyport_r, simdinet_getprotobyname_r},
};

/* A query: a service by name, or by port where that is NULL; or a protocol by name. */
typedef struct {
    const char *name;
    const char *proto;
    int port;
    bool protocol;
    size_t buflen;
    size_t misalignment; /* offset of the buffer from an aligned address */
} entry_question;

static void ask_entry(const entry_calls *function, const entry_question *query,
                      buffer_is_enough *answer) {
    struct servent *result = (struct servent *)(void *)answer;
    char *buf = answer->buf + query->misalignment;
    memset(answer, 0x55, sizeof *answer);
    errno = 77;
    if (query->protocol) {
        struct protoent entry, *found = (struct protoent *)(void *)answer;
        answer->code = function->protocol(query->name, &entry, buf, query->buflen, &found);
        result = found ? &answer->entry : NULL;
        answer->points_to_entry = found == &entry;
        answer->entry = (struct servent){entry.p_name, entry.p_aliases, entry.p_proto, NULL};
    } else {
        answer->code = query->name ? function->name(query->name, query->proto, &answer->entry, buf,
                                                    query->buflen, &result)
                                   : function->port(query->port, query->proto, &answer->entry, buf,
                                                    query->buflen, &result);
        answer->points_to_entry = result == &answer->entry;
    }
    answer->sys_errno = errno;
    answer->found = result != NULL;
}

static bool same_entries(const buffer_is_enough *a, const buffer_is_enough *b) {
    if (a->code != b->code || a->sys_errno != b->sys_errno || a->found != b->found ||
        a->points_to_entry != b->points_to_entry)
        return false;
    if (!a->found)
        return true;
    size_t i = 0;
    for (; a->entry.s_aliases[i] && b->entry.s_aliases[i]; i++)
        if (strcmp(a->entry.s_aliases[i], b->entry.s_aliases[i]) != 0)
            return false;
    bool same_proto = a->entry.s_proto && b->entry.s_proto
                          ? strcmp(a->entry.s_proto, b->entry.s_proto) == 0
                          : a->entry.s_proto == b->entry.s_proto;
    return !a->entry.s_aliases[i] && !b->entry.s_aliases[i] && same_proto &&
           strcmp(a->entry.s_name, b->entry.s_name) == 0 && a->entry.s_port == b->entry.s_port;
}

static void expect_same_entry(const entry_question *query) {
    static buffer_is_enough answers[2];
    for (int function = 0; function < 2; function++)
        ask_entry(&calls[function], query, &answers[function]);
    cr_expect(same_entries(&answers[0], &answers[1]),
              "%s %s, port %d, protocol %s, %zu bytes at %zu: %d (errno %d), not %d (errno %d)",
              query->protocol ? "protocol" : "service", query->name ? query->name : "by port",
              query->port, query->proto ? query->proto : "any", query->buflen, query->misalignment,
              answers[1].code, answers[1].sys_errno, answers[0].code, answers[0].sys_errno);
}

/* With a large buffer, and with one that can be too small for the C library. */
static void expect_same_entries(const char *name, int port, const char *proto) {
    static const size_t sizes[] = {ENTRY_SIZE - 8, 1024, 60};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        expect_same_entry(&(entry_question){name, proto, port, false, sizes[i], 0});
        if (name)
            expect_same_entry(&(entry_question){name, proto, port, true, sizes[i], 0});
    }
}

static void expect_same_buffers(const char *name) {
    for (size_t size = 0; size < 400; size++)
        for (size_t misalignment = 0; misalignment < 8; misalignment += size < 120 ? 1 : 3) {
            expect_same_entry(&(entry_question){name, NULL, 0, false, size, misalignment});
            expect_same_entry(&(entry_question){name, NULL, 0, true, size, misalignment});
            expect_same_entry(
                &(entry_question){NULL, "tcp", simdinet_htons(13), false, size, misalignment});
        }
}

/* ---- look-ups compared with the C library ---------------------------------------------------- */

static void expect_same_name(const char *name) {
    char buffer[16384];
    struct servent service, *found;
    struct protoent protocol, *protocol_found;
    for (size_t i = 0; i < PROTOS; i++) {
        getservbyname_r(name, protos[i], &service, buffer, sizeof buffer, &found);
        int expected = found ? simdinet_ntohs((uint16_t)service.s_port) : -SIMDINET_E_NOTFOUND;
        cr_expect_eq(port_of(name, protos[i]), expected, "%s/%s: %d, not %d", name,
                     protos[i] ? protos[i] : "any", port_of(name, protos[i]), expected);
        expect_same_entries(name, 0, protos[i]);
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
        if (port < 1100)
            expect_same_entries(NULL, simdinet_htons(port), protos[i]);
    }
}

/* Looks up every word of a file as a name and as a port. */
static void expect_same_words(const char *path) {
    char text[65536];
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    for (size_t i = 0; i < len; i++)
        text[i] = text[i] ? text[i] : '\n';
    char *rest = text;
    for (char *word; (word = strsep(&rest, " \t\n\r\v\f#"));) {
        char *end;
        unsigned long number = strtoul(word, &end, 0);
        expect_same_name(word);
        if (end != word)
            expect_same_port((uint16_t)number);
    }
}

Test(services, equal_libc) {
    expect_same_words("/etc/services");
    expect_same_words("/etc/protocols");
    for (unsigned port = 0; port < 65536; port += port < 1100 ? 1 : 7)
        expect_same_port((uint16_t)port);
}

static const char malformed_services[] = "# a comment\n"
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

Test(services, malformed_files_equal_libc) {
    enter("malformed_files_equal_libc");
    namespaces_write("services", malformed_services);
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
    expect_same_entries(NULL, -1, NULL);
    expect_same_entries(NULL, 0x10000 + simdinet_htons(10), NULL);
    expect_same_buffers("alias2");
    expect_same_buffers("icmp");
    expect_same_buffers("nosuch");
}

/*
 * Copies a file. glibc 2.36 misreads a line that begins with blanks and has no newline, because the
 * file or a NUL ends it: it moves the line over the blanks without its terminator, and reads the
 * rest of the old text as part of it. The copy omits these blanks.
 */
static void copy_without_that(FILE *from, FILE *to) {
    char *line = NULL;
    size_t size = 0;
    for (ssize_t len; (len = getline(&line, &size, from)) > 0;) {
        size_t blanks = strspn(line, " \t\v\f\r");
        if (strchr(line, '\n'))
            blanks = 0;
        fwrite(line + blanks, 1, (size_t)len - blanks, to);
    }
    free(line);
}

/* fuzz_services compares these files with a model of the C library; here they are compared with the
 * C library. */
Test(services, fuzzed_files_equal_libc) {
    static char path[4096];
    size_t files = 0;
    DIR *corpus = opendir(TEST_FUZZ_CORPUS "/services");
    cr_assert(corpus, "%s", TEST_FUZZ_CORPUS);
    enter("fuzzed_files_equal_libc");
    for (struct dirent *entry; (entry = readdir(corpus));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, TEST_FUZZ_CORPUS "/services/%s", entry->d_name);
        FILE *from = fopen(path, "r");
        cr_assert(from, "%s", path);
        /* The first byte selects the database, the next two are a number to look up. */
        const char *target = fgetc(from) & 1 ? "/etc/protocols" : "/etc/services";
        fseek(from, 3, SEEK_SET);
        FILE *to = fopen(target, "w");
        cr_assert(to, "%s", target);
        copy_without_that(from, to);
        fclose(from);
        fclose(to);
        expect_same_words(target);
        unlink(target);
        files++;
    }
    closedir(corpus);
    cr_expect_gt(files, 0);
}

Test(services, finds_an_entry_larger_than_any_fixed_buffer) {
    enter("finds_an_entry_larger_than_any_fixed_buffer");
    char *text = malloc(60000);
    char *cursor = text + sprintf(text, "many 40/tcp");
    for (int i = 0; i < 3000; i++)
        cursor += sprintf(cursor, " alias-%d", i);
    sprintf(cursor, "\nafter 41/tcp\n");
    namespaces_write("services", text);
    cr_expect_eq(port_of("alias-2999", "tcp"), 40);
    cr_expect_eq(port_of("after", "tcp"), 41);
    static const char *const sought[] = {"many", "alias-0", "after", "nosuch"};
    for (size_t i = 0; i < sizeof sought / sizeof sought[0]; i++)
        expect_same_entries(sought[i], 0, NULL);
    static buffer_is_enough large;
    static char buffer[120000];
    struct servent *found;
    cr_expect_eq(simdinet_getservbyport_r(simdinet_htons(40), NULL, &large.entry, buffer,
                                          sizeof buffer, &found),
                 0);
    cr_assert_eq(found, &large.entry);
    cr_expect_str_eq(found->s_aliases[2999], "alias-2999");
    cr_expect_eq(found->s_aliases[3000], NULL);
    namespaces_write("nsswitch.conf", "services: files files [NOTFOUND=return]\n");
    pause_milliseconds(1100);
    cr_expect_eq(port_of("alias-2999", "tcp"), 40, "from the C library, with a grown buffer");
    free(text);
}

/* ---- edits ----------------------------------------------------------------------------------- */

Test(services, every_edit_is_effective_at_once) {
    enter("every_edit_is_effective_at_once");
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

Test(services, file_can_be_removed_and_restored) {
    enter("file_can_be_removed_and_restored");
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

/* Without "files" in nsswitch.conf the table is not used, although it has the entry. */
Test(services, follows_nsswitch_within_a_second) {
    enter("follows_nsswitch_within_a_second");
    namespaces_write("services", "there 60/tcp\n");
    cr_expect_eq(port_of("there", "tcp"), 60);
    namespaces_write("nsswitch.conf", "services: nosuchsource\n");
    pause_milliseconds(1100);
    cr_expect_eq(port_of("there", "tcp"), -SIMDINET_E_NOTFOUND);
    namespaces_write("nsswitch.conf", "# comment\n services :\tdb  files # both\n");
    pause_milliseconds(1100);
    cr_expect_eq(port_of("there", "tcp"), 60);
}

Test(services, can_be_a_second_late_when_allowed) {
    enter("can_be_a_second_late_when_allowed");
    simdinet_services_allow_stale(1);
    /* Again if a busy machine takes a second for these calls. */
    double taken = 1;
    for (int attempt = 0; attempt < 20 && taken >= 0.9; attempt++) {
        namespaces_replace("services", "late 70/tcp\n");
        pause_milliseconds(1100);
        double begin = seconds_now();
        cr_expect_eq(port_of("late", "tcp"), 70);
        namespaces_replace("services", "late 71/tcp\n");
        int port = port_of("late", "tcp");
        taken = seconds_now() - begin;
        cr_expect(port == 70 || (taken >= 0.9 && port == 71), "%d", port);
    }
    cr_expect_lt(taken, 0.9);
    pause_milliseconds(1100);
    cr_expect_eq(port_of("late", "tcp"), 71);
    namespaces_replace("services", "late 72/tcp\n");
    simdinet_services_allow_stale(0);
    cr_expect_eq(port_of("late", "tcp"), 72);
}

/* ---- arguments ------------------------------------------------------------------------------- */

Test(services, refuses_invalid_arguments) {
    enter("refuses_invalid_arguments");
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
