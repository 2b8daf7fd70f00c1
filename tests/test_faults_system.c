/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The nth system call of a kind fails, for every kind and every n until the call passes untouched,
 * whether this library makes it or the C library for it. Each time the call names the reason, or
 * gives the whole answer; nothing is taken for a name that does not exist; no byte and no descriptor
 * has leaked; and the next call succeeds.
 */
#include "fault_calls.h"
#include "fault_memory.h"
#include "fault_system.h"
#include "leave.h"
#include "namespaces.h"
#include "sanitized.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 10000, ADDRESSES = 3 };

static unsigned threads; /* when no call is under way */

static bool is(const fault_call *call, const char *name, const fault_kind *kind,
               const char *system_call) {
    return strcmp(call->name, name) == 0 && strcmp(kind->name, system_call) == 0;
}

/* What is the C library's own doing, and cannot be told apart from here. */
static bool is_known(const fault_call *call, const fault_kind *kind, const simdinet_error *error,
                     const simdinet_error *usual) {
    /* The last line of a hosts file that cannot be read looks to us like memory that is short. */
    if (is(call, "gethostbyname_ex", kind, "read"))
        return error->status == SIMDINET_E_NOMEM;
    /* An interface that cannot be looked up is taken for a number, and is none. */
    if (is(call, "getaddrinfo, zone", kind, "ioctl"))
        return error->detail == EAI_NONAME;
    /* Over DNS a name does not exist for glibc 2.36 when one socket fails and the next does not. */
    if (usual->status != SIMDINET_OK && strstr(kind->name, "sock"))
        return error->detail == EAI_NONAME;
    return false;
}

/* usual: what the call says when nothing fails. */
static void check_error(const fault_call *call, const fault_kind *kind, long n,
                        const simdinet_error *error, const simdinet_error *usual) {
    bool good = error->sys_errno == kind->error || fault_same_error(error, usual) ||
                is_known(call, kind, error, usual);
    if (kind->error == ENOMEM)
        good = good || fault_same_error(error, &call->memory);
    fault_check(good, "%s, %s %ld: status %d, detail %d, errno %d", call->name, kind->name, n,
                error->status, error->detail, error->sys_errno);
}

static unsigned long fail_each(const fault_call *call, const fault_kind *kind,
                               const simdinet_error *usual) {
    unsigned descriptors = namespaces_descriptors();
    long n = 0;
    for (bool met = true; met && n < MOST; n++) {
        simdinet_error error = {0};
        fault_await_threads(threads);
        long bytes = fault_memory_bytes();
        fault_is_set = true;
        fault_keeps_names = kind->error != ENOMEM;
        fault_system_arm(kind, n);
        int status = call->make(&error);
        met = fault_system_disarm();
        fault_is_set = fault_keeps_names = false;
        if (status != SIMDINET_OK)
            check_error(call, kind, n, &error, usual);
        fault_check(met || status == usual->status, "%s fails untouched", call->name);
        fault_check(fault_await_threads(threads), "%s, %s %ld: a thread is left", call->name,
                    kind->name, n);
        bytes = fault_memory_bytes() - bytes;
        fault_check(bytes == 0, "%s, %s %ld: %ld bytes are left", call->name, kind->name, n, bytes);
    }
    simdinet_error error = {0};
    fault_check(n < MOST, "%s, %s: no end", call->name, kind->name);
    fault_check(call->make(&error) == usual->status, "%s, %s: does not work again", call->name,
                kind->name);
    fault_check(namespaces_descriptors() == descriptors, "%s, %s: descriptors are left", call->name,
                kind->name);
    return (unsigned long)(n - 1);
}

static unsigned long fail_all(const fault_call *call, int usual_status) {
    unsigned long faults = 0;
    simdinet_error usual = {0};
    for (int i = 0; i < 3; i++)
        fault_check(call->make(&usual) == usual_status, "%s by itself", call->name);
    if (usual_status == SIMDINET_OK)
        usual = (simdinet_error){0};
    for (const fault_kind *kind = fault_kinds; kind->name; kind++) {
        /* glibc 2.36 asserts that a connect never fails here, sysdeps/posix/getaddrinfo.c. */
        if (is(call, "getaddrinfo, no host", kind, "connect"))
            continue;
        if (SANITIZED && kind->error == ENOMEM)
            continue; /* the sanitizers give up without memory */
        faults += fail_each(call, kind, &usual);
    }
    return faults;
}

/* Names over DNS, where nobody listens. */
static unsigned long fail_over_dns(void) {
    static const struct {
        const char *name;
        int status;
    } calls[] = {{"getaddrinfo, name", SIMDINET_E_GAI},
                 {"getaddrinfo_deadline", SIMDINET_E_GAI},
                 {"gethostbyname", SIMDINET_E_GAI},
                 {"gethostbyaddr", SIMDINET_E_HERR},
                 {"getnameinfo", SIMDINET_E_GAI}};
    unsigned long faults = 0;
    namespaces_write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    namespaces_write("nsswitch.conf", "hosts: dns\n");
    for (const fault_call *call = fault_calls; call->name; call++)
        for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
            if (strcmp(call->name, calls[i].name) == 0)
                faults += fail_all(call, calls[i].status);
    return faults;
}

int main(void) {
    unsigned long faults = 0;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (!fault_enter("test_faults_system", ADDRESSES))
        return EXIT_SUCCESS;
    const char *refused = fault_system_watch();
    if (refused) {
        printf("skipped: test_faults_system: the kernel refuses %s (%s)\n", refused,
               strerror(errno));
        return EXIT_SUCCESS;
    }
    threads = fault_threads_at_rest();
    for (const fault_call *call = fault_calls; call->name; call++)
        faults += fail_all(call, SIMDINET_OK);
    fault_ask_system();
    for (const fault_call *call = fault_calls; call->name; call++)
        faults += fail_all(call, SIMDINET_OK);
    faults += fail_over_dns();
    int status = fault_finish("test_faults_system", faults);
    /* No handlers at the exit: a leak checker would stop the thread that watches, and wait for it. */
    fflush(stdout);
    leave(status);
}
