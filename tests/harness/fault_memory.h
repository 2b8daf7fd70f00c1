/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_memory.h - an allocator that counts and fails on demand, for the whole program and the C
 * library in it. The sanitizers, who replace the allocator themselves, do not allow that: with them
 * it is as if nothing were ever allocated.
 */
#ifndef FAULT_MEMORY_H
#define FAULT_MEMORY_H

#include <stdbool.h>

/* Whether this build counts. */
bool fault_memory_counts(void);

/* From now on the nth allocation of any thread fails, counted from 0. */
void fault_memory_arm(long n);

/* Nothing fails any more. Returns whether the fault was met. */
bool fault_memory_disarm(void);

/* How many bytes are allocated. */
long fault_memory_bytes(void);

#endif
