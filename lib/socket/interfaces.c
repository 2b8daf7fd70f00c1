/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * interfaces.c - names and indexes of network interfaces.
 *
 * Direct calls of the system. A descriptor kept open would save two of three system calls, but a
 * program that closes all descriptors would close or reuse it; a cache would be stale after a
 * rename.
 */
#include "simdinet_socket.h"

#include <errno.h>

unsigned simdinet_if_nametoindex(const char *name) {
    return if_nametoindex(name);
}

char *simdinet_if_indextoname(unsigned index, char name[IF_NAMESIZE]) {
    return if_indextoname(index, name);
}

struct if_nameindex *simdinet_if_nameindex(void) {
    struct if_nameindex *array = if_nameindex();
    /* POSIX specifies ENOBUFS when out of memory; glibc returns either. */
    if (!array && errno == ENOMEM)
        errno = ENOBUFS;
    return array;
}

void simdinet_if_freenameindex(struct if_nameindex *array) {
    if_freenameindex(array);
}
