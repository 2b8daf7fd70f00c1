/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_system.h - fails the nth system call of a kind, made by this library or the C library in
 * any thread. The kernel reports each call of the kinds below to a watching thread (seccomp user
 * notification), which lets it continue or fail.
 */
#ifndef FAULT_SYSTEM_H
#define FAULT_SYSTEM_H

#include <stdbool.h>

typedef struct {
    const char *name;
    int number;
    int error; /* errno of the failure: a typical lack of resources */
} fault_kind;

/* Ends with a null name. */
extern const fault_kind fault_kinds[];

/* Starts to watch this thread and those that it will create, permanently. Returns NULL, or what the
 * kernel refuses. */
const char *fault_system_watch(void);

/* Makes the nth call of this kind fail, counted from 0. */
void fault_system_arm(const fault_kind *kind, long n);

/* Disarms the fault. Returns whether it was hit. */
bool fault_system_disarm(void);

#endif
