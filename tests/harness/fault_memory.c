/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_memory.c - malloc and related functions, for the whole program.
 */
#include "fault_memory.h"

#include "sanitized.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_long fail_in = -1; /* allocations until the one that fails; -1: none does */
static atomic_long bytes;

bool fault_memory_counts(void) {
    return !SANITIZED;
}

void fault_memory_arm(long n) {
    atomic_store(&fail_in, n);
}

bool fault_memory_disarm(void) {
    return atomic_exchange(&fail_in, -1) < 0;
}

long fault_memory_bytes(void) {
    return atomic_load(&bytes);
}

#if !SANITIZED
/* Visible to the C library, also with hidden visibility by default. */
#    pragma GCC visibility push(default)
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

static bool fails_now(void) {
    if (atomic_load(&fail_in) < 0 || atomic_fetch_sub(&fail_in, 1) != 0)
        return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *block) {
    if (block)
        atomic_fetch_add(&bytes, (long)malloc_usable_size(block));
    return block;
}

static void forget(void *block) {
    if (block)
        atomic_fetch_sub(&bytes, (long)malloc_usable_size(block));
}

void *malloc(size_t size) {
    return fails_now() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    return fails_now() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
    if (fails_now())
        return NULL;
    forget(block);
    void *moved = __libc_realloc(block, size);
    return counted(moved ? moved : block);
}

void free(void *block) {
    int saved_errno = errno;
    forget(block);
    __libc_free(block);
    errno = saved_errno;
}
#    pragma GCC visibility pop
#endif
