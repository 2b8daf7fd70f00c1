/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * exit_child.h - how a child process of a test ends: at once, and without what a test framework does at an
 * exit; but not without what it has counted, where a build counts coverage.
 */
#ifndef EXIT_CHILD_H
#define EXIT_CHILD_H

#include <unistd.h>

/* Of gcc's runtime, in a build that counts. */
extern void __gcov_dump(void) __attribute__((weak));

static inline void exit_child(int status) {
    if (__gcov_dump)
        __gcov_dump();
    _exit(status);
}

#endif
