/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * dispatch.c - section "which kernel runs", and the version.
 */
#include "kernels/kernel.h"
#include "simdinet.h"

#define TEXT_OF(x)       #x
#define VERSION(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)

const char *simdinet_version(void) {
    return VERSION(SIMDINET_VERSION_MAJOR, SIMDINET_VERSION_MINOR, SIMDINET_VERSION_PATCH);
}

bool simdinet_kernel_describe(size_t index, simdinet_kernel_info *info) {
    const char *name = simdinet_kernel_name(index);
    if (!name)
        return false;
    const simdinet_kernel *compiled = simdinet_kernel_compiled(index);
    const simdinet_kernel *row = simdinet_kernel_at(index);
    *info = (simdinet_kernel_info){
        .name = name,
        .requirements = compiled ? compiled->requirements : "another architecture",
        .compiled_in = compiled != NULL,
        .runs_here = row != NULL,
        .active = row != NULL && row == simdinet_kernel_active(),
    };
    return true;
}

bool simdinet_use_kernel(const char *name) {
    return simdinet_kernel_activate(name);
}

const char *simdinet_active_kernel(void) {
    return simdinet_kernel_active()->name;
}
