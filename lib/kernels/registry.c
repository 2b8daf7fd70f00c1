/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * registry.c - the rows, best first; choosing one; naming one.
 */
#include "cpu.h"
#include "kernel.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The AVX-512 row wants 64-bit registers for its masks, and is not built where pointers have 32 bits. */
#if defined(__x86_64__) && defined(__LP64__)
#    define X86_64_ROW(row) (&(row))
#else
#    define X86_64_ROW(row) NULL
#endif

#if defined(__x86_64__) || defined(__i386__)
#    define X86_ROW(row)     (&(row))
#    define AARCH64_ROW(row) NULL
#elif defined(__aarch64__) && !defined(__AARCH64EB__) /* the NEON row is little-endian */
#    define X86_ROW(row)     NULL
#    define AARCH64_ROW(row) (&(row))
#else
#    define X86_ROW(row)     NULL
#    define AARCH64_ROW(row) NULL
#endif

static const struct {
    const char *name;
    const simdinet_kernel *row; /* NULL: made for another architecture */
} rows[SIMDINET_KERNEL_ROWS] = {
    {"avx512", X86_64_ROW(simdinet_kernel_avx512)},
    {"avx2", X86_ROW(simdinet_kernel_avx2)},
    {"sse42", X86_ROW(simdinet_kernel_sse42)},
    {"neon", AARCH64_ROW(simdinet_kernel_neon)},
    {"scalar", &simdinet_kernel_scalar},
};

/* Rows are immutable, so this pointer is all the state there is. */
_Atomic(const simdinet_kernel *) simdinet_kernel_current;

const simdinet_kernel *simdinet_kernel_compiled(size_t index) {
    return index < SIMDINET_KERNEL_ROWS ? rows[index].row : NULL;
}

const char *simdinet_kernel_name(size_t index) {
    return index < SIMDINET_KERNEL_ROWS ? rows[index].name : NULL;
}

const simdinet_kernel *simdinet_kernel_choose(uint32_t features, const char *name) {
    for (size_t i = 0; i < SIMDINET_KERNEL_ROWS; i++) {
        const simdinet_kernel *row = rows[i].row;
        if (row && (row->features & ~features) == 0 && (!name || strcmp(name, rows[i].name) == 0))
            return row;
    }
    return NULL;
}

const simdinet_kernel *simdinet_kernel_at(size_t index) {
    const char *name = simdinet_kernel_name(index);
    return name ? simdinet_kernel_choose(simdinet_cpu_features(), name) : NULL;
}

static const simdinet_kernel *choose_by_environment(void) {
    uint32_t features = simdinet_cpu_features();
    const char *name = getenv("SIMDINET_KERNEL");
    const simdinet_kernel *row = name ? simdinet_kernel_choose(features, name) : NULL;
    return row ? row : simdinet_kernel_choose(features, NULL);
}

const simdinet_kernel *simdinet_kernel_first_use(void) {
    const simdinet_kernel *none = NULL;
    const simdinet_kernel *row = choose_by_environment();
    /* A thread that called simdinet_use_kernel meanwhile has decided; racing first calls agree. */
    if (atomic_compare_exchange_strong_explicit(&simdinet_kernel_current, &none, row,
                                                memory_order_acq_rel, memory_order_acquire))
        return row;
    return none;
}

bool simdinet_kernel_activate(const char *name) {
    const simdinet_kernel *row =
        name ? simdinet_kernel_choose(simdinet_cpu_features(), name) : choose_by_environment();
    if (!row)
        return false;
    atomic_store_explicit(&simdinet_kernel_current, row, memory_order_release);
    return true;
}
