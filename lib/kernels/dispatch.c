/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * registry.c - the implementations, best first; choosing one; naming one.
 */
#include "cpu.h"
#include "kernel.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The AVX-512 implementation wants 64-bit registers for its masks, and is not built where pointers have 32 bits. */
#if defined(__x86_64__) && defined(__LP64__)
#    define X86_64_ROW(impl) (&(impl))
#else
#    define X86_64_ROW(impl) NULL
#endif

#if defined(__x86_64__) || defined(__i386__)
#    define X86_ROW(impl)     (&(impl))
#    define AARCH64_ROW(impl) NULL
#elif defined(__aarch64__) && !defined(__AARCH64EB__) /* the NEON implementation is little-endian */
#    define X86_ROW(impl)     NULL
#    define AARCH64_ROW(impl) (&(impl))
#else
#    define X86_ROW(impl)     NULL
#    define AARCH64_ROW(impl) NULL
#endif

static const struct {
    const char *name;
    const simdinet_implementation *impl; /* NULL: made for another architecture */
} rows[SIMDINET_IMPLEMENTATIONS] = {
    {"avx512", X86_64_ROW(simdinet_implementation_avx512)},
    {"avx2", X86_ROW(simdinet_implementation_avx2)},
    {"sse42", X86_ROW(simdinet_implementation_sse42)},
    {"neon", AARCH64_ROW(simdinet_implementation_neon)},
    {"scalar", &simdinet_implementation_scalar},
};

/* Implementations are immutable, so this pointer is all the state there is. */
_Atomic(const simdinet_implementation *) simdinet_implementation_current;

const simdinet_implementation *simdinet_implementation_available(size_t index) {
    return index < SIMDINET_IMPLEMENTATIONS ? rows[index].impl : NULL;
}

const char *simdinet_implementation_name(size_t index) {
    return index < SIMDINET_IMPLEMENTATIONS ? rows[index].name : NULL;
}

const simdinet_implementation *simdinet_implementation_choose(uint32_t features, const char *name) {
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++) {
        const simdinet_implementation *impl = rows[i].impl;
        if (impl && (impl->features & ~features) == 0 && (!name || strcmp(name, rows[i].name) == 0))
            return impl;
    }
    return NULL;
}

const simdinet_implementation *simdinet_implementation_at(size_t index) {
    const char *name = simdinet_implementation_name(index);
    return name ? simdinet_implementation_choose(simdinet_cpu_features(), name) : NULL;
}

static const simdinet_implementation *choose_by_environment(void) {
    uint32_t features = simdinet_cpu_features();
    const char *name = getenv("SIMDINET_IMPLEMENTATION");
    const simdinet_implementation *impl =
        name ? simdinet_implementation_choose(features, name) : NULL;
    return impl ? impl : simdinet_implementation_choose(features, NULL);
}

const simdinet_implementation *simdinet_implementation_first_use(void) {
    const simdinet_implementation *none = NULL;
    const simdinet_implementation *impl = choose_by_environment();
    /* A thread that called simdinet_use_implementation meanwhile has decided; racing first calls agree. */
    if (atomic_compare_exchange_strong_explicit(&simdinet_implementation_current, &none, impl,
                                                memory_order_acq_rel, memory_order_acquire))
        return impl;
    return none;
}

bool simdinet_implementation_activate(const char *name) {
    const simdinet_implementation *impl =
        name ? simdinet_implementation_choose(simdinet_cpu_features(), name)
             : choose_by_environment();
    if (!impl)
        return false;
    atomic_store_explicit(&simdinet_implementation_current, impl, memory_order_release);
    return true;
}
