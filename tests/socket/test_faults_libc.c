/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The nth call that this library makes of a function of the C library fails, in every way in which
 * that function does, for every n until the call passes untouched. Each time the error is the one
 * that the header promises, or the call succeeds in spite of it; no block and no descriptor has
 * leaked; and the next call succeeds.
 *
 * Unlike the other two tests of faults this one runs with every sanitizer.
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

static unsigned threads; /* when no call is under way */

static bool begins(const char *text, const char *head) {
    return strncmp(text, head, strlen(head)) == 0;
}

/* The shapes of getservbyname_r return what the C library does. */
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
        return no_zone; /* an interface that cannot be looked up is taken for a number */
    return fault->outcome == IS_MEMORY ? call->memory : fault->seen;
}

static bool may_succeed(const fault_call *call, const libc_fault *fault) {
    if (fault->outcome == IS_HIDDEN)
        return true;
    /* Without memory for a table the C library answers. */
    if (fault->outcome == IS_MEMORY)
        return uses_tables(call) && strstr(fault->function, "alloc");
    if (strcmp(fault->function, "close") == 0)
        return strcmp(call->name, "close") != 0;
    /* What cannot be looked up: a host keeps its name, a service is its number. The long name is
     * nobody's anyway. */
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

/* Makes a call that meets a fault, and checks what becomes of it. False: it met none. */
static bool make_with_fault(const fault_call *call, const libc_fault *fault, long n) {
    simdinet_error error = {0};
    fault_is_set = true;
    fault_keeps_names = fault->outcome != IS_MEMORY;
    fault_libc_arm(fault, n);
    int status = call->make(&error);
    bool met = fault_libc_disarm();
    fault_is_set = fault_keeps_names = false;
    if (met)
        check_outcome(call, fault, n, status, &error);
    else
        fault_check(status == SIMDINET_OK, "%s fails untouched: %d", call->name, status);
    return met;
}

static bool works(const fault_call *call) {
    simdinet_error error;
    return call->make(&error) == SIMDINET_OK;
}

/* ---- warm: the tables are there, and this process has asked before ----------------------------- */

static unsigned long fail_calls(const fault_call *call, const libc_fault *fault) {
    /* Once more than there may be lookups at once, for each of which a count must come back. */
    enum { TURNS = 65 };
    int turns = begins(fault->function, "pthread_") && fault->outcome != IS_HIDDEN ? TURNS : 1;
    unsigned descriptors = namespaces_descriptors();
    unsigned long met = 0;
    for (long n = 0; n < MOST; n++) {
        if (!namespaces_await_threads(threads))
            break;
        long blocks = fault_libc_blocks();
        bool reached = false;
        for (int turn = 0; turn < turns; turn++)
            reached = make_with_fault(call, fault, n);
        if (!namespaces_await_threads(threads))
            break;
        fault_check(fault_libc_blocks() == blocks, "%s, %s %ld: %ld blocks left", call->name,
                    fault->function, n, fault_libc_blocks() - blocks);
        if (!reached)
            break;
        met++;
    }
    fault_check(met < MOST, "%s, %s: no end", call->name, fault->function);
    if (met > 0) {
        fault_check(works(call), "%s, %s: does not work again", call->name, fault->function);
        fault_check(namespaces_await_threads(threads), "%s, %s: leaves a thread", call->name,
                    fault->function);
        fault_check(namespaces_descriptors() == descriptors, "%s, %s: leaves descriptors",
                    call->name, fault->function);
    }
    return met;
}

/* ---- cold: the first call of a process, which reads the files ---------------------------------- */

/* What a child says by its exit status. */
enum { COLD_MET, COLD_UNTOUCHED, COLD_WRONG };

static int first_call(const fault_call *call, const libc_fault *fault, long n) {
    unsigned descriptors = namespaces_descriptors();
    unsigned long failures = fault_failures();
    bool met = make_with_fault(call, fault, n);
    fault_check(works(call), "first %s, %s %ld: does not work again", call->name, fault->function,
                n);
    fault_check(namespaces_descriptors() == descriptors, "first %s, %s %ld: leaves descriptors",
                call->name, fault->function, n);
    return fault_failures() > failures ? COLD_WRONG : met ? COLD_MET : COLD_UNTOUCHED;
}

static unsigned long fail_first_calls(const fault_call *call, const libc_fault *fault) {
    unsigned long met = 0;
    for (int code = COLD_MET; code == COLD_MET && met < MOST;) {
        pid_t child = fork();
        if (child == 0)
            exit_child(first_call(call, fault, (long)met));
        int status = -1;
        waitpid(child, &status, 0);
        code = WIFEXITED(status) ? WEXITSTATUS(status) : COLD_WRONG;
        fault_check(code == COLD_MET || code == COLD_UNTOUCHED, "first %s, %s %lu: %#x", call->name,
                    fault->function, met, (unsigned)status);
        met += code == COLD_MET;
    }
    return met;
}

/* ---- all of it -------------------------------------------------------------------------------- */

/* Files whose size is not known beforehand are read another way. */
static unsigned long fail_first(const libc_fault *fault) {
    static const char *const functions[] = {"malloc", "calloc", "realloc",
                                            "open",   "fstat",  "stat",
                                            "read",   "close",  "pthread_setspecific"};
    unsigned long met = 0;
    bool reads = false;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        reads |= strcmp(fault->function, functions[i]) == 0;
    if (!reads)
        return 0;
    for (const fault_call *call = fault_calls; call->name; call++)
        for (int hidden = 0; hidden < 2 && fault_reads_tables(call); hidden++) {
            fault_libc_hide_sizes(hidden);
            met += fail_first_calls(call, fault);
        }
    fault_libc_hide_sizes(false);
    return met;
}

static unsigned long fail_later(const libc_fault *fault) {
    unsigned long met = 0;
    /* The fault before may have met nsswitch.conf: then no table is asked for a second. */
    if (strcmp(fault->function, "stat") == 0)
        fault_await_tables();
    for (const fault_call *call = fault_calls; call->name; call++)
        met += fail_calls(call, fault);
    return met;
}

int main(void) {
    static unsigned long met[128]; /* of each fault */
    unsigned long all = 0;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (!fault_enter("test_faults_libc", ADDRESSES))
        return EXIT_SUCCESS;
    for (const libc_fault *fault = libc_faults; fault->function; fault++)
        met[fault - libc_faults] = fail_first(fault);
    for (int i = 0; i < 3; i++)
        for (const fault_call *call = fault_calls; call->name; call++)
            fault_check(works(call), "%s fails by itself", call->name);
    threads = namespaces_threads_at_rest();
    for (const libc_fault *fault = libc_faults; fault->function; fault++)
        met[fault - libc_faults] += fail_later(fault);
    fault_ask_system();
    for (const libc_fault *fault = libc_faults; fault->function; fault++) {
        unsigned long *count = &met[fault - libc_faults];
        *count += fail_later(fault);
        fault_check(*count > 0, "%s (returns %d, errno %d) is never met", fault->function,
                    fault->returned, fault->sys_errno);
        all += *count;
    }
    return fault_finish("test_faults_libc", all);
}
