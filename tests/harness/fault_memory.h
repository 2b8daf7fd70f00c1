/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_memory.h - an allocator that counts and fails on demand, for the whole program with the C
 * library. The sanitizers replace the allocator themselves: with them no allocation is counted or
 * fails.
 */
#ifndef FAULT_MEMORY_H
#define FAULT_MEMORY_H

#include <stdbool.h>

/* Whether this build counts. */
bool fault_memory_counts(void);

/* Makes the nth allocation of any thread fail, counted from 0. */
void fault_memory_arm(long n);

/* Disarms the fault. Returns whether it was hit. */
bool fault_memory_disarm(void);

/* The number of allocated bytes. */
long fault_memory_bytes(void);

#endif
