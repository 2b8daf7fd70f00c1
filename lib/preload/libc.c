/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * real.c - the functions behind ours.
 *
 * They are looked up when the library is loaded, and by whoever calls before that: another library's
 * constructor. There is no lock, for the dynamic linker has one of its own, which a thread in
 * dlopen may hold while a constructor calls us; threads that look a function up at once find the
 * same.
 */
#include "interpose.h"

#include <dlfcn.h>

static const char *const names[PRELOAD_FUNCTIONS] = {
    [PRELOAD_inet_pton] = "inet_pton",
    [PRELOAD_inet_ntop] = "inet_ntop",
    [PRELOAD_inet_aton] = "inet_aton",
    [PRELOAD_inet_ntoa] = "inet_ntoa",
    [PRELOAD_inet_addr] = "inet_addr",
    [PRELOAD_getservbyname] = "getservbyname",
    [PRELOAD_getservbyname_r] = "getservbyname_r",
    [PRELOAD_getservbyport] = "getservbyport",
    [PRELOAD_getservbyport_r] = "getservbyport_r",
    [PRELOAD_getprotobyname] = "getprotobyname",
    [PRELOAD_getprotobyname_r] = "getprotobyname_r",
    [PRELOAD_getnameinfo] = "getnameinfo",
    [PRELOAD_getaddrinfo] = "getaddrinfo",
};

static _Atomic(void *) found[PRELOAD_FUNCTIONS];

_Thread_local unsigned long preload_handed;

const char *preload_name(preload_function which) {
    return names[which];
}

void *preload_real(preload_function which) {
    void *address = atomic_load_explicit(&found[which], memory_order_relaxed);
    if (!address) {
        address = dlsym(RTLD_NEXT, names[which]);
        atomic_store_explicit(&found[which], address, memory_order_relaxed);
    }
    return address;
}

/* Before there are threads and forks: a child of a fork may find the linker's lock taken for ever. */
__attribute__((constructor)) static void find_all(void) {
    for (int which = 0; which < PRELOAD_FUNCTIONS; which++)
        preload_real((preload_function)which);
}

/* ---- what the socket room calls ---------------------------------------------------------------- */

__typeof__(getaddrinfo) simdinet_real_getaddrinfo;
__typeof__(getnameinfo) simdinet_real_getnameinfo;
__typeof__(getservbyname_r) simdinet_real_getservbyname_r;
__typeof__(getservbyport_r) simdinet_real_getservbyport_r;
__typeof__(getprotobyname_r) simdinet_real_getprotobyname_r;

int simdinet_real_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **res) {
    preload_handed++;
    return PRELOAD_REAL(getaddrinfo)(node, service, hints, res);
}

int simdinet_real_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                              socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
    preload_handed++;
    return PRELOAD_REAL(getnameinfo)(sa, salen, host, hostlen, serv, servlen, flags);
}

int simdinet_real_getservbyname_r(const char *name, const char *proto, struct servent *entry,
                                  char *buf, size_t buflen, struct servent **result) {
    preload_handed++;
    return PRELOAD_REAL(getservbyname_r)(name, proto, entry, buf, buflen, result);
}

int simdinet_real_getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                                  size_t buflen, struct servent **result) {
    preload_handed++;
    return PRELOAD_REAL(getservbyport_r)(port, proto, entry, buf, buflen, result);
}

int simdinet_real_getprotobyname_r(const char *name, struct protoent *entry, char *buf,
                                   size_t buflen, struct protoent **result) {
    preload_handed++;
    return PRELOAD_REAL(getprotobyname_r)(name, entry, buf, buflen, result);
}
