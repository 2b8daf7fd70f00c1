/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * libc.c - the next definitions of the replaced functions, from dlsym(RTLD_NEXT).
 *
 * They are looked up when the library is loaded, or by an earlier call, from the constructor of
 * another library. There is no lock: the dynamic linker has one, which a thread in dlopen may hold
 * while a constructor calls this library. Threads that look up a function at the same time get the
 * same result.
 */
#include "interpose.h"

#include <dlfcn.h>

static const char *const function_names[PRELOAD_FUNCTIONS] = {
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

static _Atomic(void *) next_functions[PRELOAD_FUNCTIONS];

_Thread_local unsigned long preload_libc_calls;

const char *preload_name(preload_function function) {
    return function_names[function];
}

void *preload_libc_function(preload_function function) {
    void *address = atomic_load_explicit(&next_functions[function], memory_order_relaxed);
    if (!address) {
        address = dlsym(RTLD_NEXT, function_names[function]);
        atomic_store_explicit(&next_functions[function], address, memory_order_relaxed);
    }
    return address;
}

/* Before there are threads: in the child of a fork the linker's lock may stay locked. */
__attribute__((constructor)) static void find_next_functions(void) {
    for (int function = 0; function < PRELOAD_FUNCTIONS; function++)
        preload_libc_function((preload_function)function);
}

/* ---- the calls of lib/socket ----------------------------------------------------------------- */

__typeof__(getaddrinfo) simdinet_libc_getaddrinfo;
__typeof__(getnameinfo) simdinet_libc_getnameinfo;
__typeof__(getservbyname_r) simdinet_libc_getservbyname_r;
__typeof__(getservbyport_r) simdinet_libc_getservbyport_r;
__typeof__(getprotobyname_r) simdinet_libc_getprotobyname_r;

int simdinet_libc_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **res) {
    preload_libc_calls++;
    return PRELOAD_LIBC(getaddrinfo)(node, service, hints, res);
}

int simdinet_libc_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                              socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
    preload_libc_calls++;
    return PRELOAD_LIBC(getnameinfo)(sa, salen, host, hostlen, serv, servlen, flags);
}

int simdinet_libc_getservbyname_r(const char *name, const char *proto, struct servent *entry,
                                  char *buf, size_t buflen, struct servent **result) {
    preload_libc_calls++;
    return PRELOAD_LIBC(getservbyname_r)(name, proto, entry, buf, buflen, result);
}

int simdinet_libc_getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                                  size_t buflen, struct servent **result) {
    preload_libc_calls++;
    return PRELOAD_LIBC(getservbyport_r)(port, proto, entry, buf, buflen, result);
}

int simdinet_libc_getprotobyname_r(const char *name, struct protoent *entry, char *buf,
                                   size_t buflen, struct protoent **result) {
    preload_libc_calls++;
    return PRELOAD_LIBC(getprotobyname_r)(name, entry, buf, buflen, result);
}
