/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * exit_child.h - ends a child process of a test: without the exit handlers of the test framework,
 * but with the coverage counters written.
 */
#ifndef EXIT_CHILD_H
#define EXIT_CHILD_H

#include <unistd.h>

/* Defined by gcc's runtime in a coverage build. */
extern void __gcov_dump(void) __attribute__((weak));

static inline void exit_child(int status) {
    if (__gcov_dump)
        __gcov_dump();
    _exit(status);
}

#endif
