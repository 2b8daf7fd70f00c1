/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * host.c - the name of this host.
 */
#include "simdinet_socket.h"

#include <limits.h>
#include <unistd.h>

int simdinet_gethostname(char *name, size_t len) {
    return gethostname(name, len);
}

int simdinet_sethostname(const char *name, size_t len) {
    /* The kernel takes an int, and cuts what is larger. */
    return sethostname(name, len < INT_MAX ? len : INT_MAX);
}
