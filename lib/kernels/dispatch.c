/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * dispatch.c - the implementations, best first, and the active one.
 */
#include "cpu.h"
#include "kernel.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The address of an implementation that is compiled for this target: others are not defined. */
#define IF_AVAILABLE_1(implementation) &implementation
#define IF_AVAILABLE_0(implementation) NULL
#define IF_AVAILABLE(available)        IF_AVAILABLE_##available
#define LIST_ENTRY(name, available)                                                                \
    {#name, IF_AVAILABLE(available)(simdinet_implementation_##name)},

static const struct {
    const char *name;
    const simdinet_implementation *impl; /* NULL: made for another architecture */
} implementations[] = {SIMDINET_EACH_IMPLEMENTATION(LIST_ENTRY)};

/* The only state: implementations are immutable. */
_Atomic(const simdinet_implementation *) simdinet_implementation_current;

const simdinet_implementation *simdinet_implementation_available(size_t index) {
    return index < SIMDINET_IMPLEMENTATIONS ? implementations[index].impl : NULL;
}

const char *simdinet_implementation_name(size_t index) {
    return index < SIMDINET_IMPLEMENTATIONS ? implementations[index].name : NULL;
}

const simdinet_implementation *simdinet_implementation_choose(uint32_t features, const char *name) {
    for (size_t i = 0; i < SIMDINET_IMPLEMENTATIONS; i++) {
        const simdinet_implementation *impl = implementations[i].impl;
        if (impl && (impl->features & ~features) == 0 &&
            (!name || strcmp(name, implementations[i].name) == 0))
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
    /* A concurrent simdinet_use_implementation takes precedence; concurrent first calls agree. */
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
