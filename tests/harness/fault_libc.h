/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_libc.h - fails the nth call that this library makes of a function of the C library. The
 * linker redirects the calls to fault_libc.c (--wrap).
 */
#ifndef FAULT_LIBC_H
#define FAULT_LIBC_H

#include "simdinet_socket.h"

#include <stdbool.h>

/* The outcome of a fault, for a call that does not succeed nevertheless. */
typedef enum {
    IS_SEEN,   /* the error is `seen` */
    IS_MEMORY, /* the error is that of the call without memory */
    IS_HIDDEN, /* the call succeeds */
} fault_outcome;

typedef struct {
    const char *function;
    int returned;  /* return value of functions that return a code */
    int sys_errno; /* errno */
    int herr;      /* *h_errnop */
    fault_outcome outcome;
    simdinet_error seen;
} libc_fault;

/* Ends with a null function. */
extern const libc_fault libc_faults[];

/* Makes the nth call of the function of a fault fail, counted from 0. */
void fault_libc_arm(const libc_fault *fault, long n);

/* Disarms the fault. Returns whether it was hit. */
bool fault_libc_disarm(void);

/* Makes fstat report size 0, as for files in /proc. */
void fault_libc_hide_sizes(bool hide);

/* The number of blocks that the library has allocated. */
long fault_libc_blocks(void);

#endif
