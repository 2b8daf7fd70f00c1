/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * list.c - lists of addrinfo, each of them one heap block; and the codes of calls that have none.
 *
 * POSIX lets a caller free any part of a list, so every entry knows its place in its block, and the
 * block counts the entries that are still in use. A list that is freed in one piece, as nearly all
 * are, is recognised as such and needs no atomic operation.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    struct addrinfo info; /* first, so that a pointer to it is one to its entry */
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } address;
    uint32_t place;
} list_entry;

typedef struct {
    _Atomic uint32_t used;
    uint32_t count;
    list_entry entries[]; /* and behind them the canonical names */
} list_block;

static list_block *new_block(size_t count, size_t text) {
    list_block *block = malloc(sizeof *block + count * sizeof block->entries[0] + text);
    if (block) {
        atomic_init(&block->used, (uint32_t)count);
        block->count = (uint32_t)count;
    }
    return block;
}

int simdinet_addrinfo_create(const simdinet_addrinfo_plan *plan, struct addrinfo **res) {
    size_t text = plan->canonical ? strlen(plan->canonical) + 1 : 0;
    list_block *block = new_block(plan->count, text);
    if (!block)
        return EAI_MEMORY;
    bool ipv4 = plan->family == AF_INET;
    for (size_t i = 0; i < plan->count; i++) {
        list_entry *entry = &block->entries[i];
        entry->info = (struct addrinfo){
            .ai_flags = plan->flags,
            .ai_family = plan->family,
            .ai_socktype = plan->rows[i].socktype,
            .ai_protocol = plan->rows[i].protocol,
            .ai_addrlen = ipv4 ? sizeof entry->address.in : sizeof entry->address.in6,
            .ai_addr = &entry->address.any,
            .ai_next = i + 1 < plan->count ? &entry[1].info : NULL,
        };
        uint16_t port = htons(plan->rows[i].port);
        if (ipv4) {
            entry->address.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
            memcpy(&entry->address.in.sin_addr, plan->address, 4);
        } else {
            entry->address.in6 = (struct sockaddr_in6){
                .sin6_family = AF_INET6, .sin6_port = port, .sin6_scope_id = plan->scope};
            memcpy(&entry->address.in6.sin6_addr, plan->address, 16);
        }
        entry->place = (uint32_t)i;
    }
    if (plan->canonical) {
        char *canonical = (char *)&block->entries[plan->count];
        block->entries[0].info.ai_canonname = memcpy(canonical, plan->canonical, text);
    }
    *res = &block->entries[0].info;
    return 0;
}

static int copy_list(const struct addrinfo *from, struct addrinfo **res) {
    size_t count = 0, text = 0;
    for (const struct addrinfo *info = from; info; info = info->ai_next) {
        count++;
        text += info->ai_canonname ? strlen(info->ai_canonname) + 1 : 0;
    }
    list_block *block = new_block(count, text);
    if (!block)
        return EAI_MEMORY;
    char *canonical = (char *)&block->entries[count];
    struct addrinfo **link = res;
    for (size_t i = 0; i < count; i++, from = from->ai_next) {
        list_entry *entry = &block->entries[i];
        entry->info = *from;
        entry->info.ai_addr = &entry->address.any;
        entry->info.ai_next = NULL;
        if (entry->info.ai_addrlen > sizeof entry->address)
            entry->info.ai_addrlen = sizeof entry->address; /* getaddrinfo has no such family */
        memcpy(&entry->address, from->ai_addr, entry->info.ai_addrlen);
        if (from->ai_canonname) {
            entry->info.ai_canonname = canonical;
            canonical = stpcpy(canonical, from->ai_canonname) + 1;
        }
        entry->place = (uint32_t)i;
        *link = &entry->info;
        link = &entry->info.ai_next;
    }
    return 0;
}

int simdinet_addrinfo_adopt(struct addrinfo *theirs, struct addrinfo **res) {
    int code = copy_list(theirs, res);
    freeaddrinfo(theirs);
    return code;
}

int simdinet_addrinfo_error_code(int theirs, int trouble) {
    if (trouble == ENOMEM)
        return EAI_MEMORY;
    if (trouble == 0)
        return theirs;
    errno = trouble;
    return EAI_SYSTEM;
}

static list_block *block_of(list_entry *entry) {
    return (list_block *)((char *)(entry - entry->place) - offsetof(list_block, entries));
}

void simdinet_freeaddrinfo(struct addrinfo *list) {
    while (list) {
        list_entry *first = (list_entry *)list;
        list_block *block = block_of(first);
        uint32_t end = first->place + 1;
        /* The entries of this block that follow one another; a caller may have joined lists. */
        for (list = list->ai_next; end < block->count && list == &block->entries[end].info;
             list = list->ai_next)
            end++;
        uint32_t freed = end - first->place;
        if (freed == block->count ||
            atomic_fetch_sub_explicit(&block->used, freed, memory_order_acq_rel) == freed)
            free(block);
    }
}
