/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * gethostname.c - gethostname and sethostname.
 */
#include "simdinet_socket.h"

#include <limits.h>
#include <unistd.h>

int simdinet_gethostname(char *name, size_t len) {
    return gethostname(name, len);
}

int simdinet_sethostname(const char *name, size_t len) {
    /* The system call takes an int and would truncate a larger length. */
    return sethostname(name, len < INT_MAX ? len : INT_MAX);
}
