/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * resolve_deadline - resolves a host and a service with a timeout.
 *
 * usage: resolve_deadline HOST SERVICE MILLISECONDS
 */
#include <simdinet_socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: resolve_deadline HOST SERVICE MILLISECONDS\n", stderr);
        return 2;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    int code = simdinet_getaddrinfo_deadline(argv[1], argv[2], &hints, atoi(argv[3]), &list);
    if (code != 0) {
        simdinet_error error = {
            .status = SIMDINET_E_GAI, .detail = code, .sys_errno = code == EAI_SYSTEM ? errno : 0};
        char reason[128];
        simdinet_strerror(&error, reason, sizeof reason);
        fprintf(stderr, "resolve_deadline: %s: %s\n", argv[1], reason);
        return 1;
    }
    for (const struct addrinfo *entry = list; entry; entry = entry->ai_next) {
        char host[NI_MAXHOST], port[NI_MAXSERV];
        if (simdinet_getnameinfo(entry->ai_addr, entry->ai_addrlen, host, sizeof host, port,
                                 sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
            printf(entry->ai_family == AF_INET6 ? "[%s]:%s\n" : "%s:%s\n", host, port);
    }
    simdinet_freeaddrinfo(list);
    return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
