/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * thread_families.h - the public functions, a family at a time, as something that any thread may do
 * at any moment and whose answers are known.
 */
#ifndef THREAD_FAMILIES_H
#define THREAD_FAMILIES_H

#include <stdbool.h>

typedef struct {
    const char *name;
    bool (*answers_right)(void);
    bool after_fork; /* may be asked in the child of a fork, whatever other threads were doing */
} thread_family;

/* Ends with a row without a name. */
extern const thread_family thread_families[];

/* Writes down what is asked and what the answers are, without the library. Before all threads. */
void thread_families_prepare(void);

#endif
