/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * addrinfo_list_libc.c - addrinfo lists that the C library's freeaddrinfo frees, instead of
 * addrinfo_list.c.
 *
 * For the LD_PRELOAD interposer: its lists may be freed by libraries that are bound to the C
 * library's freeaddrinfo. The layout is glibc's: a heap block for each entry and its address, one
 * for the canonical name. Error codes are the C library's, too.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static struct addrinfo *addrinfo_new(const simdinet_addrinfo_plan *plan,
                                     const simdinet_addrinfo_entry *entry) {
    bool ipv4 = plan->family == AF_INET;
    socklen_t size = ipv4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    struct addrinfo *info = malloc(sizeof *info + size);
    if (!info)
        return NULL;
    *info = (struct addrinfo){
        .ai_flags = plan->flags,
        .ai_family = plan->family,
        .ai_socktype = entry->socktype,
        .ai_protocol = entry->protocol,
        .ai_addrlen = size,
        .ai_addr = (struct sockaddr *)(info + 1),
    };
    if (ipv4) {
        struct sockaddr_in *in = (struct sockaddr_in *)(info + 1);
        *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(entry->port)};
        memcpy(&in->sin_addr, plan->address, 4);
    } else {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(info + 1);
        *in6 = (struct sockaddr_in6){
            .sin6_family = AF_INET6, .sin6_port = htons(entry->port), .sin6_scope_id = plan->scope};
        memcpy(&in6->sin6_addr, plan->address, 16);
    }
    return info;
}

int simdinet_addrinfo_create(const simdinet_addrinfo_plan *plan, struct addrinfo **res) {
    struct addrinfo *list = NULL, **link = &list;
    for (size_t i = 0; i < plan->n; i++) {
        *link = addrinfo_new(plan, &plan->entries[i]);
        if (*link && i == 0 && plan->canonical)
            (*link)->ai_canonname = strdup(plan->canonical);
        if (!*link || (i == 0 && plan->canonical && !(*link)->ai_canonname)) {
            freeaddrinfo(list);
            return EAI_MEMORY;
        }
        link = &(*link)->ai_next;
    }
    *res = list;
    return 0;
}

int simdinet_addrinfo_adopt(struct addrinfo *libc_list, struct addrinfo **res) {
    *res = libc_list;
    return 0;
}

int simdinet_addrinfo_error_code(int libc_code, int sys_errno) {
    (void)sys_errno;
    return libc_code;
}

void simdinet_freeaddrinfo(struct addrinfo *list) {
    freeaddrinfo(list);
}
