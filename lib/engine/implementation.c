/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * implementation.c - sections "implementations" and "version".
 */
#include <string.h>

#include "kernels/kernel.h"
#include "simdinet.h"

#define STRINGIFY(x)            #x
#define VERSION_STRING(a, b, c) STRINGIFY(a) "." STRINGIFY(b) "." STRINGIFY(c)

const char *simdinet_version(void) {
    return VERSION_STRING(SIMDINET_VERSION_MAJOR, SIMDINET_VERSION_MINOR, SIMDINET_VERSION_PATCH);
}

bool simdinet_describe_implementation(size_t index, simdinet_implementation_info *info,
                                      size_t info_size) {
    const char *name = simdinet_implementation_name(index);
    if (!name)
        return false;
    const simdinet_implementation *available = simdinet_implementation_available(index);
    const simdinet_implementation *impl = simdinet_implementation_at(index);
    const simdinet_implementation_info full = {
        .name = name,
        .requirements = available ? available->requirements : "another architecture",
        .available = available != NULL,
        .supported = impl != NULL,
        .active = impl != NULL && impl == simdinet_implementation_active(),
    };
    size_t filled = info_size < sizeof full ? info_size : sizeof full;
    if (filled > 0)
        memcpy(info, &full, filled);
    if (info_size > filled)
        memset((char *)info + filled, 0, info_size - filled);
    return true;
}

bool simdinet_use_implementation(const char *name) {
    return simdinet_implementation_activate(name);
}

const char *simdinet_active_implementation(void) {
    return simdinet_implementation_active()->name;
}
