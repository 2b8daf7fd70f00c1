/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * addrinfo.h - equality of the lists of getaddrinfo.
 */
#ifndef ADDRINFO_H
#define ADDRINFO_H

#include <netdb.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/* Whether two lists have equal entries in the same order, with flags and canonical names. */
static inline bool same_addrinfo_lists(const struct addrinfo *a, const struct addrinfo *b) {
    for (; a && b; a = a->ai_next, b = b->ai_next) {
        if (a->ai_flags != b->ai_flags || a->ai_family != b->ai_family ||
            a->ai_socktype != b->ai_socktype || a->ai_protocol != b->ai_protocol ||
            a->ai_addrlen != b->ai_addrlen || memcmp(a->ai_addr, b->ai_addr, a->ai_addrlen) != 0)
            return false;
        if (!a->ai_canonname != !b->ai_canonname ||
            (a->ai_canonname && strcmp(a->ai_canonname, b->ai_canonname) != 0))
            return false;
    }
    return !a && !b;
}

#endif
