/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * interfaces.c - names and indexes of network interfaces.
 *
 * Thin on purpose. A descriptor kept open would save two system calls of three, and would be lost
 * or taken over whenever a program closes all descriptors; a cache would be wrong after a rename.
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
    /* POSIX has one name for a lack of memory; glibc has two. */
    if (!array && errno == ENOMEM)
        errno = ENOBUFS;
    return array;
}

void simdinet_if_freenameindex(struct if_nameindex *array) {
    if_freenameindex(array);
}
