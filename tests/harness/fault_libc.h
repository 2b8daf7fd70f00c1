/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_libc.h - lets the nth call that this library makes of one function of the C library fail.
 * The linker hands each call to a function of fault_libc.c first (--wrap).
 */
#ifndef FAULT_LIBC_H
#define FAULT_LIBC_H

#include "simdinet_socket.h"

#include <stdbool.h>

/* What becomes of a fault, for a call that does not succeed in spite of it. */
typedef enum {
    IS_SEEN,   /* the error is `seen` */
    IS_MEMORY, /* the error is what the call says when memory is short */
    IS_HIDDEN, /* nothing: the call succeeds */
} fault_outcome;

typedef struct {
    const char *function;
    int returned;  /* by functions that return a code */
    int sys_errno; /* what is left in errno */
    int herr;      /* what is left in *h_errnop */
    fault_outcome outcome;
    simdinet_error seen;
} libc_fault;

/* Ends with a row without a function. */
extern const libc_fault libc_faults[];

/* From now on the nth call of the function that a fault names fails, counted from 0. */
void fault_libc_arm(const libc_fault *fault, long n);

/* Nothing fails any more. Returns whether the fault was met. */
bool fault_libc_disarm(void);

/* Lets files look empty to fstat, as those in /proc do. */
void fault_libc_hide_sizes(bool hide);

/* How many blocks the library holds. */
long fault_libc_blocks(void);

#endif
