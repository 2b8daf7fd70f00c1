/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * thread_families.h - checks of the public functions, by family, which any thread can run at any
 * time.
 */
#ifndef THREAD_FAMILIES_H
#define THREAD_FAMILIES_H

#include <stdbool.h>

typedef struct {
    const char *name;
    bool (*check)(void);
    bool after_fork; /* can be called in the child of a fork among threads */
} thread_family;

/* Ends with a null name. */
extern const thread_family thread_families[];

/* Prepares inputs and expected results without the library. To be called before threads start. */
void thread_families_prepare(void);

#endif
