/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_calls.h - shared by the fault tests: the calls under test, and the files that they read.
 * The programs are not Criterion tests, because the injected faults would hit Criterion as well.
 */
#ifndef FAULT_CALLS_H
#define FAULT_CALLS_H

#include "simdinet_socket.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
    const char *name;
    /* Makes the call and frees its result. Checks the result of a successful call, and after a
     * failure that the outputs are untouched. Returns the status; errno and return codes are
     * converted to one. */
    int (*make)(simdinet_error *error);
    /* The error without memory. SIMDINET_OK: the call does not allocate. */
    simdinet_error memory;
} fault_call;

/* Ends with a null name. */
extern const fault_call fault_calls[];

/* Whether a call looks up a service or a protocol, and nothing else. */
bool fault_reads_tables(const fault_call *call);

/*
 * Moves the process to namespaces of its own and writes the files that the calls read, with many
 * addresses, at most 200, for one name. False: the kernel refuses; prints that the named test is
 * skipped.
 */
bool fault_enter(const char *test, size_t many);

/* Waits until the library reads nsswitch.conf again, which it does once a second. */
void fault_wait_for_tables(void);

/* Makes the library look up services and protocols in the C library. */
void fault_bypass_tables(void);

/* The number of addresses of many.test, and of its aliases. */
extern size_t fault_addresses;

/* Set while a fault is armed. glibc 2.36 does not report one lack of memory: it then returns only
 * the first line of the hosts file that has the name. */
extern atomic_bool fault_is_set;

/* Set where a failed look-up of a host leaves its name unchanged. */
extern bool fault_keeps_names;

/* Set while the checks around a call use the system, so that the fault does not hit them. */
extern atomic_bool fault_is_paused;

/* Counts a check and prints a failed one. Thread-safe. */
__attribute__((format(printf, 2, 3))) void fault_check(bool good, const char *format, ...);

bool fault_same_error(const simdinet_error *a, const simdinet_error *b);

/* The number of failed checks. */
unsigned long fault_failures(void);

/* Prints the numbers of faults and checks; returns an exit status. */
int fault_finish(const char *test, unsigned long faults);

#endif
