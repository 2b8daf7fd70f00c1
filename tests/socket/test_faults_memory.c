/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Fails the nth allocation of a call, in this library and in the C library, for n = 0, 1, ... until
 * no allocation is left to fail. Each time the call reports an out-of-memory error or gives its
 * complete result; no byte and no descriptor leaks; and the next call succeeds.
 *
 * The sanitizers allow no other allocator: there only test_faults_libc runs, for the allocations of
 * this library.
 */
#include "harness/exit_child.h"
#include "harness/fault_calls.h"
#include "harness/fault_memory.h"
#include "harness/namespaces.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Makes a call whose nth allocation fails. False: it makes fewer. */
static bool make_with_fault(const fault_call *call, long n, int *status, simdinet_error *error) {
    *error = (simdinet_error){0};
    fault_is_set = true;
    fault_memory_arm(n);
    *status = call->make(error);
    bool reached = fault_memory_disarm();
    fault_is_set = false;
    return reached;
}

static void check_status(const fault_call *call, long n, int status, const simdinet_error *error) {
    if (status == SIMDINET_OK)
        return;
    fault_check(error->status == status, "%s, allocation %ld: returns %d, error %d", call->name, n,
                status, error->status);
    fault_check(fault_same_error(error, &call->memory),
                "%s, allocation %ld: status %d, detail %d, errno %d", call->name, n, error->status,
                error->detail, error->sys_errno);
}

/* ---- warm: one-time allocations of the process are made -------------------------------------- */

enum { MOST = 10000 };

static unsigned threads; /* while no call is running */

static unsigned long fail_each_allocation(const fault_call *call) {
    simdinet_error error = {0};
    for (int i = 0; i < 3; i++) {
        bool good = call->make(&error) == SIMDINET_OK;
        fault_check(good, "%s fails without a fault: status %d, detail %d", call->name,
                    error.status, error.detail);
    }
    unsigned descriptors = namespaces_descriptors();
    unsigned long failed = 0;
    long n = 0;
    for (bool reached = true; reached && n < MOST; n++) {
        int status;
        if (!namespaces_await_threads(threads))
            break;
        long bytes = fault_memory_bytes();
        reached = make_with_fault(call, n, &status, &error);
        if (!namespaces_await_threads(threads))
            break;
        bytes = fault_memory_bytes() - bytes;
        fault_check(bytes == 0, "%s, allocation %ld: %ld bytes leak", call->name, n, bytes);
        check_status(call, n, status, &error);
        fault_check(reached || status == SIMDINET_OK, "%s fails without a fault", call->name);
        failed += status != SIMDINET_OK;
    }
    fault_check(n < MOST, "%s: too many allocations", call->name);
    fault_check(failed == 0 || call->memory.status != SIMDINET_OK, "%s allocates", call->name);
    fault_check(call->make(&error) == SIMDINET_OK, "%s fails afterwards", call->name);
    fault_check(namespaces_await_threads(threads), "%s a thread remains", call->name);
    fault_check(namespaces_descriptors() == descriptors, "%s descriptors leak", call->name);
    printf("%s: %ld allocations, %lu failures\n", call->name, n - 1, failed);
    return (unsigned long)(n - 1);
}

/* ---- cold: the first call of a process, which builds the tables ------------------------------ */

/* The exit status of a child. */
enum { COLD_GOOD, COLD_UNTOUCHED, COLD_WRONG };

static void first_call(const fault_call *call, long n) {
    simdinet_error error;
    int status;
    bool reached = make_with_fault(call, n, &status, &error);
    /* Without memory for a table the C library is used, which can run out of memory as well. */
    bool good = status == SIMDINET_OK || fault_same_error(&error, &call->memory);
    good = good && call->make(&error) == SIMDINET_OK;
    exit_child(!good ? COLD_WRONG : reached ? COLD_GOOD : COLD_UNTOUCHED);
}

static unsigned long fail_first_calls(const fault_call *call) {
    int code = COLD_GOOD;
    long n = 0;
    for (; code == COLD_GOOD && n < MOST; n++) {
        pid_t child = fork();
        if (child == 0)
            first_call(call, n);
        int status = -1;
        waitpid(child, &status, 0);
        code = WIFEXITED(status) ? WEXITSTATUS(status) : COLD_WRONG;
        fault_check(code != COLD_WRONG, "first %s, allocation %ld: %#x", call->name, n,
                    (unsigned)status);
    }
    printf("first %s: %ld allocations\n", call->name, n - 1);
    return (unsigned long)(n - 1);
}

/* ---- main ------------------------------------------------------------------------------------ */

/* More addresses than the initial buffers hold. */
enum { MANY = 80 };

int main(void) {
    unsigned long faults = 0;
    if (!fault_memory_counts()) {
        puts("skipped: test_faults_memory: the sanitizers replace the allocator themselves");
        return EXIT_SUCCESS;
    }
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (!fault_enter("test_faults_memory", MANY))
        return EXIT_SUCCESS;
    /* Without first calls of the C library: when memory is short in its first look-up, glibc 2.36
     * aborts, or keeps a lock. */
    for (const fault_call *call = fault_calls; call->name; call++)
        if (fault_reads_tables(call))
            faults += fail_first_calls(call);
    threads = namespaces_threads_at_rest();
    for (const fault_call *call = fault_calls; call->name; call++)
        faults += fail_each_allocation(call);
    fault_bypass_tables();
    puts("answers of the C library:");
    for (const fault_call *call = fault_calls; call->name; call++)
        faults += fail_each_allocation(call);
    return fault_finish("test_faults_memory", faults);
}
