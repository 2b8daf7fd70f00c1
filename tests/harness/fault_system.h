/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_system.h - lets the nth system call of a kind fail, whoever makes it: this library, or the
 * C library on its behalf, in any thread. The kernel hands each call of the kinds below to a thread
 * that watches (seccomp's user notification), and that thread lets it pass or fail.
 */
#ifndef FAULT_SYSTEM_H
#define FAULT_SYSTEM_H

#include <stdbool.h>

typedef struct {
    const char *name;
    int number;
    int error; /* how it fails: as this kind of call does when something is short */
} fault_kind;

/* Ends with a row without a name. */
extern const fault_kind fault_kinds[];

/* Begins to watch this thread and those that it will start, for good. Returns NULL, or what the
 * kernel refuses. */
const char *fault_system_watch(void);

/* From now on the nth call of this kind fails, counted from 0. */
void fault_system_arm(const fault_kind *kind, long n);

/* Nothing fails any more. Returns whether the fault was met. */
bool fault_system_disarm(void);

#endif
