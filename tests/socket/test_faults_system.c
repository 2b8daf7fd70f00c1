/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Fails the nth system call of each kind, made by this library or by the C library, for n = 0, 1,
 * ... until none is left to fail. Each time the call reports the reason or gives its complete
 * result, and never that a name does not exist; no byte and no descriptor leaks; and the next call
 * succeeds.
 */
#include "harness/exit_child.h"
#include "harness/fault_calls.h"
#include "harness/fault_memory.h"
#include "harness/fault_system.h"
#include "harness/namespaces.h"
#include "harness/sanitized.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 10000, ADDRESSES = 3 };

static bool over_dns; /* every look-up of a name is a query */
static const char both_families[] = "getaddrinfo, both families";

static unsigned threads;            /* while no call is running */
static unsigned long times_hit[64]; /* each kind */

static bool is(const fault_call *call, const char *name, const fault_kind *kind,
               const char *system_call) {
    return strcmp(call->name, name) == 0 && strcmp(kind->name, system_call) == 0;
}

/* Results of the C library that this library cannot distinguish. */
static bool is_known(const fault_call *call, const fault_kind *kind, const simdinet_error *error) {
    /* glibc reports an unreadable last line of the hosts file like a lack of memory. */
    if (is(call, "gethostbyname_ex", kind, "read"))
        return error->status == SIMDINET_E_NOMEM;
    /* After a failed look-up the interface is parsed as a number, which it is not. */
    if (is(call, "getaddrinfo, zone", kind, "ioctl"))
        return error->detail == EAI_NONAME;
    if (!over_dns)
        return false;
    /* With two queries glibc 2.36 reports the errno of a later call than the failed socket. */
    if (strcmp(call->name, both_families) == 0 && error->detail == EAI_SYSTEM)
        return strcmp(kind->name, "socket") == 0 && error->sys_errno != 0;
    /* glibc reports that a name does not exist when one socket fails and the next does not. */
    if (error->detail == EAI_NONAME)
        return strstr(kind->name, "sock");
    return error->status == SIMDINET_E_GAI && error->detail == EAI_AGAIN;
}

/* normal: the result of the call without a fault. */
static void check_error(const fault_call *call, const fault_kind *kind, long n,
                        const simdinet_error *error, const simdinet_error *normal) {
    bool good = error->sys_errno == kind->error || fault_same_error(error, normal) ||
                is_known(call, kind, error);
    if (kind->error == ENOMEM)
        good = good || fault_same_error(error, &call->memory);
    fault_check(good, "%s, %s %ld: status %d, detail %d, errno %d", call->name, kind->name, n,
                error->status, error->detail, error->sys_errno);
}

static void fail_each(const fault_call *call, const fault_kind *kind,
                      const simdinet_error *normal) {
    unsigned descriptors = namespaces_descriptors();
    long n = 0;
    for (bool hit = true; hit && n < MOST; n++) {
        simdinet_error error = {0};
        if (!namespaces_await_threads(threads))
            break;
        long bytes = fault_memory_bytes();
        fault_is_set = true;
        fault_keeps_names = kind->error != ENOMEM;
        fault_system_arm(kind, n);
        int status = call->make(&error);
        hit = fault_system_disarm();
        fault_is_set = fault_keeps_names = false;
        if (status != SIMDINET_OK)
            check_error(call, kind, n, &error, normal);
        fault_check(hit || status == normal->status, "%s fails without a fault", call->name);
        fault_check(namespaces_await_threads(threads), "%s, %s %ld: a thread remains", call->name,
                    kind->name, n);
        bytes = fault_memory_bytes() - bytes;
        fault_check(bytes == 0, "%s, %s %ld: %ld bytes leak", call->name, kind->name, n, bytes);
    }
    simdinet_error error = {0};
    fault_check(n < MOST, "%s, %s: no end", call->name, kind->name);
    fault_check(call->make(&error) == normal->status, "%s, %s: fails afterwards", call->name,
                kind->name);
    fault_check(namespaces_descriptors() == descriptors, "%s, %s: descriptors leak", call->name,
                kind->name);
    times_hit[kind - fault_kinds] += (unsigned long)(n - 1);
}

/* glibc 2.36 asserts that a connect never fails here, sysdeps/posix/getaddrinfo.c. */
static bool is_asserted(const fault_call *call, const fault_kind *kind) {
    return is(call, "getaddrinfo, no host", kind, "connect");
}

static bool is_beyond_sanitizers(const fault_kind *kind) {
    return SANITIZED && kind->error == ENOMEM;
}

/* glibc keeps its stacks and arenas, which are made accessible once. */
static bool is_kept(const fault_kind *kind) {
    return strcmp(kind->name, "mprotect") == 0;
}

static void name_skipped(void) {
    for (const fault_kind *kind = fault_kinds; kind->name; kind++) {
        for (const fault_call *call = fault_calls; call->name; call++)
            if (is_asserted(call, kind))
                printf(
                    "skipped: test_faults_system: %s in \"%s\": glibc asserts that it succeeds\n",
                    kind->name, call->name);
        if (is_beyond_sanitizers(kind))
            printf("skipped: test_faults_system: %s: the sanitizers abort without memory\n",
                   kind->name);
        else if (is_kept(kind))
            printf("skipped: test_faults_system: %s: glibc caches its stacks\n", kind->name);
    }
}

/* Otherwise the C library makes a different system call, and the watched one tests nothing. */
static unsigned long check_each_hit(void) {
    unsigned long faults = 0;
    for (const fault_kind *kind = fault_kinds; kind->name; kind++) {
        unsigned long count = times_hit[kind - fault_kinds];
        fault_check(count > 0 || is_beyond_sanitizers(kind) || is_kept(kind), "%s is never hit",
                    kind->name);
        faults += count;
    }
    return faults;
}

static void fail_all(const fault_call *call, int normal_status) {
    simdinet_error normal = {0};
    for (int i = 0; i < 3; i++)
        fault_check(call->make(&normal) == normal_status, "%s fails without a fault", call->name);
    if (normal_status == SIMDINET_OK)
        normal = (simdinet_error){0};
    for (const fault_kind *kind = fault_kinds; kind->name; kind++)
        if (!is_asserted(call, kind) && !is_beyond_sanitizers(kind))
            fail_each(call, kind, &normal);
}

/* ---- names over DNS -------------------------------------------------------------------------- */

/* Turns a query into its answer: the addresses of many.test for type A, none for any other type. */
static size_t answer_query(uint8_t *query, size_t len) {
    static const uint8_t record[] = {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2};
    size_t end = 12; /* of the header; the labels of the name, its type and its class follow */
    while (end < len && query[end] != 0)
        end += 1u + query[end];
    if (end + 5 > len)
        return 0;
    bool of_ipv4 = query[end + 1] == 0 && query[end + 2] == 1;
    end += 5;
    query[2] = 0x85; /* an answer, and authoritative */
    query[3] = 0x80;
    memset(query + 6, 0, 6);
    for (uint8_t i = 1; of_ipv4 && i <= ADDRESSES; i++) {
        memcpy(query + end, record, sizeof record);
        query[end + sizeof record] = i;
        end += sizeof record + 1;
        query[7] = i;
    }
    return end;
}

static void *serve(void *argument) {
    int fd = *(int *)argument;
    for (;;) {
        uint8_t query[1024];
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(fd, query, 512, 0, (struct sockaddr *)&from, &from_len);
        size_t answer = len > 12 ? answer_query(query, (size_t)len) : 0;
        if (answer > 0)
            sendto(fd, query, answer, 0, (struct sockaddr *)&from, from_len);
    }
    return NULL;
}

/* Started before the watch, so that its own calls do not fail. */
static bool start_server(void) {
    static int fd;
    pthread_t server;
    fd = namespaces_listen("127.0.0.3");
    return pthread_create(&server, NULL, serve, &fd) == 0;
}

/* Two queries at a time, which use other system calls. */
static int list_both_families(simdinet_error *error) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, untouched, *list = &untouched;
    int code = simdinet_getaddrinfo("many.test", "80", &hints, &list), sys_errno = errno;
    size_t count = 0;
    for (struct addrinfo *entry = list; code == 0 && entry; entry = entry->ai_next)
        count++;
    fault_check(code == 0 ? count == ADDRESSES : list == &untouched, "%s: %zu addresses", __func__,
                count);
    if (code == 0)
        simdinet_freeaddrinfo(list);
    *error = (simdinet_error){.status = code == 0 ? SIMDINET_OK : SIMDINET_E_GAI,
                              .detail = code,
                              .sys_errno = code == EAI_SYSTEM ? sys_errno : 0};
    return error->status;
}

static void fail_with_server(void) {
    static const fault_call both = {
        both_families, list_both_families, {.status = SIMDINET_E_GAI, .detail = EAI_MEMORY}};
    namespaces_write("resolv.conf", "nameserver 127.0.0.3\noptions timeout:1 attempts:1\n");
    namespaces_write("nsswitch.conf", "hosts: dns\n");
    over_dns = true;
    /* Only its blocks of 64 KiB would grow the heap: they are not mapped here. */
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    fail_all(&both, SIMDINET_OK);
    for (const fault_call *call = fault_calls; call->name; call++)
        if (strcmp(call->name, "getaddrinfo, name") == 0 ||
            strcmp(call->name, "getaddrinfo_deadline") == 0)
            fail_all(call, SIMDINET_OK);
}

static void fail_where_nobody_listens(void) {
    static const struct {
        const char *name;
        int status;
    } calls[] = {{"getaddrinfo, name", SIMDINET_E_GAI},
                 {"getaddrinfo_deadline", SIMDINET_E_GAI},
                 {"gethostbyname", SIMDINET_E_GAI},
                 {"gethostbyaddr", SIMDINET_E_HERR},
                 {"getnameinfo", SIMDINET_E_GAI}};
    namespaces_write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    namespaces_write("nsswitch.conf", "hosts: dns\n");
    for (const fault_call *call = fault_calls; call->name; call++)
        for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
            if (strcmp(call->name, calls[i].name) == 0)
                fail_all(call, calls[i].status);
}

/* Makes the heap return all free memory to the kernel, so that each allocation needs a system call.
 * Memory from the start of the program is returned first; with a sanitizer that is more. */
static void ask_for_memory_each_time(void) {
    mallopt(M_TRIM_THRESHOLD, 0);
    mallopt(M_TOP_PAD, 0);
    mallopt(M_MMAP_THRESHOLD, 4096);
    malloc_trim(0);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (!fault_enter("test_faults_system", ADDRESSES))
        return EXIT_SUCCESS;
    ask_for_memory_each_time();
    fault_check(start_server(), "no server: %s", strerror(errno));
    const char *refused = fault_system_watch();
    if (refused) {
        printf("skipped: test_faults_system: the kernel refuses %s (%s)\n", refused,
               strerror(errno));
        return EXIT_SUCCESS;
    }
    name_skipped();
    threads = namespaces_threads_at_rest();
    for (const fault_call *call = fault_calls; call->name; call++)
        fail_all(call, SIMDINET_OK);
    fault_bypass_tables();
    for (const fault_call *call = fault_calls; call->name; call++)
        fail_all(call, SIMDINET_OK);
    fail_with_server();
    fail_where_nobody_listens();
    int status = fault_finish("test_faults_system", check_each_hit());
    /* Without exit handlers: a leak checker would stop the watching thread, and wait for it. */
    fflush(stdout);
    exit_child(status);
}
