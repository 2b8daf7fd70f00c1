/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Fails the nth call of each function of the C library that this library makes, with each of its
 * errors, for n = 0, 1, ... until no call is left to fail. Each time the error is the documented
 * one, or the call succeeds nevertheless; no block and no descriptor leaks; and the next call
 * succeeds.
 *
 * Unlike the other two fault tests this one runs with every sanitizer.
 */
#include "harness/exit_child.h"
#include "harness/fault_calls.h"
#include "harness/fault_libc.h"
#include "harness/namespaces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 10000, ADDRESSES = 3 };

static unsigned threads; /* while no call is running */

static bool begins(const char *text, const char *head) {
    return strncmp(text, head, strlen(head)) == 0;
}

/* getservbyname_r and its like return the codes of the C library. */
static bool is_entry_call(const fault_call *call) {
    return strstr(call->name, "_r") != NULL;
}

static bool uses_tables(const fault_call *call) {
    return fault_reads_tables(call) || begins(call->name, "getnameinfo_text") ||
           begins(call->name, "getaddrinfo, service");
}

static simdinet_error expected_error(const fault_call *call, const libc_fault *fault) {
    simdinet_error raw = {.status = SIMDINET_E_ERRNO, .sys_errno = fault->returned};
    simdinet_error no_zone = {.status = SIMDINET_E_GAI, .detail = EAI_NONAME};
    if (is_entry_call(call) && begins(fault->function, "get"))
        return raw;
    if (strcmp(fault->function, "if_nametoindex") == 0 && begins(call->name, "getaddrinfo"))
        return no_zone; /* after a failed look-up the interface is parsed as a number */
    return fault->outcome == IS_MEMORY ? call->memory : fault->seen;
}

static bool may_succeed(const fault_call *call, const libc_fault *fault) {
    if (fault->outcome == IS_HIDDEN)
        return true;
    /* Without memory for a table the C library is used. */
    if (fault->outcome == IS_MEMORY)
        return uses_tables(call) && strstr(fault->function, "alloc");
    if (strcmp(fault->function, "close") == 0)
        return strcmp(call->name, "close") != 0;
    /* After a failed look-up a host keeps its name, and a service is its number. The long name does
     * not exist. */
    return begins(call->name, "getfqdn") || begins(call->name, "getnameinfo_text") ||
           (fault->seen.status == SIMDINET_E_NOTFOUND && begins(call->name, "getservbyname, long"));
}

static void check_outcome(const fault_call *call, const libc_fault *fault, long n, int status,
                          const simdinet_error *error) {
    simdinet_error expected = expected_error(call, fault);
    bool good = status == SIMDINET_OK
                    ? may_succeed(call, fault)
                    : error->status == status && fault_same_error(error, &expected);
    fault_check(good, "%s, %s %ld (returns %d, errno %d): status %d, detail %d, errno %d",
                call->name, fault->function, n, fault->returned, fault->sys_errno, status,
                error->detail, error->sys_errno);
}

/* Makes a call with a fault, and checks its outcome. False: the fault was not hit. */
static bool make_with_fault(const fault_call *call, const libc_fault *fault, long n) {
    simdinet_error error = {0};
    fault_is_set = true;
    fault_keeps_names = fault->outcome != IS_MEMORY;
    fault_libc_arm(fault, n);
    int status = call->make(&error);
    bool hit = fault_libc_disarm();
    fault_is_set = fault_keeps_names = false;
    if (hit)
        check_outcome(call, fault, n, status, &error);
    else
        fault_check(status == SIMDINET_OK, "%s fails without a fault: %d", call->name, status);
    return hit;
}

static bool works(const fault_call *call) {
    simdinet_error error;
    return call->make(&error) == SIMDINET_OK;
}

/* ---- warm: the tables are loaded, and the process has made calls ----------------------------- */

static unsigned long fail_calls(const fault_call *call, const libc_fault *fault) {
    /* Once more than the bound of concurrent lookups, which a leaked count would reach. */
    enum { TURNS = 65 };
    int turns = begins(fault->function, "pthread_") && fault->outcome != IS_HIDDEN ? TURNS : 1;
    unsigned descriptors = namespaces_descriptors();
    unsigned long hit = 0;
    for (long n = 0; n < MOST; n++) {
        if (!namespaces_await_threads(threads))
            break;
        long blocks = fault_libc_blocks();
        bool reached = false;
        for (int turn = 0; turn < turns; turn++)
            reached = make_with_fault(call, fault, n);
        if (!namespaces_await_threads(threads))
            break;
        fault_check(fault_libc_blocks() == blocks, "%s, %s %ld: %ld blocks leak", call->name,
                    fault->function, n, fault_libc_blocks() - blocks);
        if (!reached)
            break;
        hit++;
    }
    fault_check(hit < MOST, "%s, %s: no end", call->name, fault->function);
    if (hit > 0) {
        fault_check(works(call), "%s, %s: fails afterwards", call->name, fault->function);
        fault_check(namespaces_await_threads(threads), "%s, %s: a thread remains", call->name,
                    fault->function);
        fault_check(namespaces_descriptors() == descriptors, "%s, %s: leaves descriptors",
                    call->name, fault->function);
    }
    return hit;
}

/* ---- cold: the first call of a process, which reads the files -------------------------------- */

/* The exit status of a child. */
enum { COLD_MET, COLD_UNTOUCHED, COLD_WRONG };

static int first_call(const fault_call *call, const libc_fault *fault, long n) {
    unsigned descriptors = namespaces_descriptors();
    unsigned long failures = fault_failures();
    bool hit = make_with_fault(call, fault, n);
    fault_check(works(call), "first %s, %s %ld: fails afterwards", call->name, fault->function, n);
    fault_check(namespaces_descriptors() == descriptors, "first %s, %s %ld: leaves descriptors",
                call->name, fault->function, n);
    return fault_failures() > failures ? COLD_WRONG : hit ? COLD_MET : COLD_UNTOUCHED;
}

static unsigned long fail_first_calls(const fault_call *call, const libc_fault *fault) {
    unsigned long hit = 0;
    for (int code = COLD_MET; code == COLD_MET && hit < MOST;) {
        pid_t child = fork();
        if (child == 0)
            exit_child(first_call(call, fault, (long)hit));
        int status = -1;
        waitpid(child, &status, 0);
        code = WIFEXITED(status) ? WEXITSTATUS(status) : COLD_WRONG;
        fault_check(code == COLD_MET || code == COLD_UNTOUCHED, "first %s, %s %lu: %#x", call->name,
                    fault->function, hit, (unsigned)status);
        hit += code == COLD_MET;
    }
    return hit;
}

/* ---- main ------------------------------------------------------------------------------------ */

/* Files of unknown size are read in another way. */
static unsigned long fail_first(const libc_fault *fault) {
    static const char *const functions[] = {"malloc", "calloc", "realloc",
                                            "open",   "fstat",  "stat",
                                            "read",   "close",  "pthread_setspecific"};
    unsigned long hit = 0;
    bool reads = false;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        reads |= strcmp(fault->function, functions[i]) == 0;
    if (!reads)
        return 0;
    for (const fault_call *call = fault_calls; call->name; call++)
        for (int hidden = 0; hidden < 2 && fault_reads_tables(call); hidden++) {
            fault_libc_hide_sizes(hidden);
            hit += fail_first_calls(call, fault);
        }
    fault_libc_hide_sizes(false);
    return hit;
}

static unsigned long fail_later(const libc_fault *fault) {
    unsigned long hit = 0;
    /* After a failed read of nsswitch.conf no table is used for a second. */
    if (strcmp(fault->function, "stat") == 0)
        fault_wait_for_tables();
    for (const fault_call *call = fault_calls; call->name; call++)
        hit += fail_calls(call, fault);
    return hit;
}

int main(void) {
    static unsigned long hit[128]; /* of each fault */
    unsigned long all = 0;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (!fault_enter("test_faults_libc", ADDRESSES))
        return EXIT_SUCCESS;
    for (const libc_fault *fault = libc_faults; fault->function; fault++)
        hit[fault - libc_faults] = fail_first(fault);
    for (int i = 0; i < 3; i++)
        for (const fault_call *call = fault_calls; call->name; call++)
            fault_check(works(call), "%s fails without a fault", call->name);
    threads = namespaces_threads_at_rest();
    for (const libc_fault *fault = libc_faults; fault->function; fault++)
        hit[fault - libc_faults] += fail_later(fault);
    fault_bypass_tables();
    for (const libc_fault *fault = libc_faults; fault->function; fault++) {
        unsigned long *count = &hit[fault - libc_faults];
        *count += fail_later(fault);
        fault_check(*count > 0, "%s (returns %d, errno %d) is never hit", fault->function,
                    fault->returned, fault->sys_errno);
        all += *count;
    }
    return fault_finish("test_faults_libc", all);
}
