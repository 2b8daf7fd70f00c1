/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * addrinfo_list.c - addrinfo lists, each one heap block, and the error codes of failed calls.
 *
 * POSIX allows freeing any sublist, so each entry has its index in the block, and the block counts
 * the entries in use. A list that is freed as a whole, the usual case, needs no atomic operation.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    struct addrinfo info; /* first: a pointer to it is a pointer to the entry */
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } address;
    uint32_t index;
} addrinfo_entry;

typedef struct {
    _Atomic uint32_t used;
    uint32_t count;
    addrinfo_entry entries[]; /* followed by the canonical names */
} addrinfo_block;

static addrinfo_block *addrinfo_block_new(size_t count, size_t text) {
    addrinfo_block *block = malloc(sizeof *block + count * sizeof block->entries[0] + text);
    if (block) {
        atomic_init(&block->used, (uint32_t)count);
        block->count = (uint32_t)count;
    }
    return block;
}

int simdinet_addrinfo_create(const simdinet_addrinfo_plan *plan, struct addrinfo **res) {
    size_t text = plan->canonical ? strlen(plan->canonical) + 1 : 0;
    addrinfo_block *block = addrinfo_block_new(plan->n, text);
    if (!block)
        return EAI_MEMORY;
    bool ipv4 = plan->family == AF_INET;
    for (size_t i = 0; i < plan->n; i++) {
        addrinfo_entry *entry = &block->entries[i];
        entry->info = (struct addrinfo){
            .ai_flags = plan->flags,
            .ai_family = plan->family,
            .ai_socktype = plan->entries[i].socktype,
            .ai_protocol = plan->entries[i].protocol,
            .ai_addrlen = ipv4 ? sizeof entry->address.in : sizeof entry->address.in6,
            .ai_addr = &entry->address.any,
            .ai_next = i + 1 < plan->n ? &entry[1].info : NULL,
        };
        uint16_t port = htons(plan->entries[i].port);
        if (ipv4) {
            entry->address.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
            memcpy(&entry->address.in.sin_addr, plan->address, 4);
        } else {
            entry->address.in6 = (struct sockaddr_in6){
                .sin6_family = AF_INET6, .sin6_port = port, .sin6_scope_id = plan->scope};
            memcpy(&entry->address.in6.sin6_addr, plan->address, 16);
        }
        entry->index = (uint32_t)i;
    }
    if (plan->canonical) {
        char *canonical = (char *)&block->entries[plan->n];
        block->entries[0].info.ai_canonname = memcpy(canonical, plan->canonical, text);
    }
    *res = &block->entries[0].info;
    return 0;
}

static int addrinfo_copy(const struct addrinfo *from, struct addrinfo **res) {
    size_t count = 0, text = 0;
    for (const struct addrinfo *info = from; info; info = info->ai_next) {
        count++;
        text += info->ai_canonname ? strlen(info->ai_canonname) + 1 : 0;
    }
    addrinfo_block *block = addrinfo_block_new(count, text);
    if (!block)
        return EAI_MEMORY;
    char *canonical = (char *)&block->entries[count];
    struct addrinfo **link = res;
    for (size_t i = 0; i < count; i++, from = from->ai_next) {
        addrinfo_entry *entry = &block->entries[i];
        entry->info = *from;
        entry->info.ai_addr = &entry->address.any;
        entry->info.ai_next = NULL;
        if (entry->info.ai_addrlen > sizeof entry->address)
            entry->info.ai_addrlen = sizeof entry->address; /* no family of getaddrinfo is larger */
        memcpy(&entry->address, from->ai_addr, entry->info.ai_addrlen);
        if (from->ai_canonname) {
            entry->info.ai_canonname = canonical;
            canonical = stpcpy(canonical, from->ai_canonname) + 1;
        }
        entry->index = (uint32_t)i;
        *link = &entry->info;
        link = &entry->info.ai_next;
    }
    return 0;
}

int simdinet_addrinfo_adopt(struct addrinfo *libc_list, struct addrinfo **res) {
    int code = addrinfo_copy(libc_list, res);
    freeaddrinfo(libc_list);
    return code;
}

int simdinet_addrinfo_error_code(int libc_code, int sys_errno) {
    if (sys_errno == ENOMEM)
        return EAI_MEMORY;
    if (sys_errno == 0)
        return libc_code;
    errno = sys_errno;
    return EAI_SYSTEM;
}

static addrinfo_block *addrinfo_block_of(addrinfo_entry *entry) {
    /* cppcheck-suppress [nullPointerRedundantCheck, nullPointerArithmeticRedundantCheck] ; callers check */
    return (addrinfo_block *)((char *)(entry - entry->index) - offsetof(addrinfo_block, entries));
}

void simdinet_freeaddrinfo(struct addrinfo *list) {
    while (list) {
        addrinfo_entry *first = (addrinfo_entry *)list;
        addrinfo_block *block = addrinfo_block_of(first);
        uint32_t end = first->index + 1;
        /* The consecutive entries of this block; a caller may have linked lists together. */
        for (list = list->ai_next; end < block->count && list == &block->entries[end].info;
             list = list->ai_next)
            end++;
        uint32_t freed = end - first->index;
        if (freed == block->count ||
            atomic_fetch_sub_explicit(&block->used, freed, memory_order_acq_rel) == freed)
            free(block);
    }
}
