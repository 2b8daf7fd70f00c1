/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_calls.h - what the tests of faults share: the calls that may fail, and the files that they
 * read. The programs are no Criterion tests: what they make fail would fail for Criterion, too.
 */
#ifndef FAULT_CALLS_H
#define FAULT_CALLS_H

#include "simdinet_socket.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
    const char *name;
    /* Makes the call and gives back what it got. Checks the answer, which is the same whenever there
     * is one; and after a failure that what the function promises not to touch is untouched. Returns
     * the status; the error of a function without one is put into its words. */
    int (*make)(simdinet_error *error);
    /* What it says when memory is short. SIMDINET_OK: it takes none. */
    simdinet_error memory;
} fault_call;

/* Ends with a row without a name. */
extern const fault_call fault_calls[];

/* Whether a call looks up a service or a protocol, and nothing else. */
bool fault_reads_tables(const fault_call *call);

/*
 * Moves the process to namespaces of its own and writes the files that the calls read, with so many
 * addresses, 200 at most, for one name. False: the kernel refuses that, and it was said that the
 * named test is skipped.
 */
bool fault_enter(const char *test, size_t many);

/* Waits until nsswitch.conf is due to be read again, as it is once a second. */
void fault_await_tables(void);

/* From now on no service or protocol comes from the library's own tables. */
void fault_ask_system(void);

/* How many addresses many.test has, and as many aliases. */
extern size_t fault_addresses;

/* Set while a call may meet a fault. glibc 2.36 hides one lack of memory: of the lines of the hosts
 * file that hold a name it then gives the first one alone, and says nothing. */
extern atomic_bool fault_is_set;

/* Set where a host that cannot be looked up may keep the name that it came with. */
extern bool fault_keeps_names;

/* Set while the checks around a call ask the system: they shall not meet the fault. */
extern atomic_bool fault_is_paused;

/* Counts a check; one that failed is printed, from the thread that it failed in. */
__attribute__((format(printf, 2, 3))) void fault_check(bool good, const char *format, ...);

bool fault_same_error(const simdinet_error *a, const simdinet_error *b);

/* How many checks failed. */
unsigned long fault_failures(void);

/* Prints how many faults there were and how many checks; returns an exit status. */
int fault_finish(const char *test, unsigned long faults);

#endif
