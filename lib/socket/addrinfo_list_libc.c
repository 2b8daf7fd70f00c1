/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * list_system.c - lists of addrinfo that the C library's freeaddrinfo frees, in the place of list.c.
 *
 * For the drop-in, whose lists are freed by programs, and by libraries that may be bound to the C
 * library's own function: a heap block for each entry with its address, one for the canonical name,
 * as glibc has had it from the beginning. The codes of failed calls are the C library's as well.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static struct addrinfo *new_entry(const simdinet_addrinfo_plan *plan,
                                  const simdinet_addrinfo_entry *row) {
    bool ipv4 = plan->family == AF_INET;
    socklen_t size = ipv4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    struct addrinfo *info = malloc(sizeof *info + size);
    if (!info)
        return NULL;
    *info = (struct addrinfo){
        .ai_flags = plan->flags,
        .ai_family = plan->family,
        .ai_socktype = row->socktype,
        .ai_protocol = row->protocol,
        .ai_addrlen = size,
        .ai_addr = (struct sockaddr *)(info + 1),
    };
    if (ipv4) {
        struct sockaddr_in *in = (struct sockaddr_in *)(info + 1);
        *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(row->port)};
        memcpy(&in->sin_addr, plan->address, 4);
    } else {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(info + 1);
        *in6 = (struct sockaddr_in6){
            .sin6_family = AF_INET6, .sin6_port = htons(row->port), .sin6_scope_id = plan->scope};
        memcpy(&in6->sin6_addr, plan->address, 16);
    }
    return info;
}

int simdinet_addrinfo_create(const simdinet_addrinfo_plan *plan, struct addrinfo **res) {
    struct addrinfo *list = NULL, **link = &list;
    for (size_t i = 0; i < plan->count; i++) {
        *link = new_entry(plan, &plan->rows[i]);
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

int simdinet_addrinfo_adopt(struct addrinfo *theirs, struct addrinfo **res) {
    *res = theirs;
    return 0;
}

int simdinet_addrinfo_error_code(int theirs, int trouble) {
    (void)trouble;
    return theirs;
}

void simdinet_freeaddrinfo(struct addrinfo *list) {
    freeaddrinfo(list);
}
