/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - getservbyname, getservbyport, getprotobyname, their _r forms, and the check mode.
 *
 * The forms without a buffer return thread-local memory, one block per function. The C library has
 * static buffers for all threads, so the check mode compares with its _r forms.
 */
#include "interpose.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A call of any of the six functions. */
typedef struct {
    preload_function function;
    enum { SERVICE_BY_NAME, SERVICE_BY_PORT, PROTOCOL_BY_NAME, KINDS } kind;
    const char *name;
    const char *proto;
    int port; /* network order */
} lookup;

typedef union {
    struct servent service;
    struct protoent protocol;
} any_entry;

typedef struct {
    int code;
    int sys_errno;
    any_entry *entry; /* NULL: no entry */
} lookup_result;

static lookup_result run_lookup(const lookup *call, bool own, any_entry *entry, char *buf,
                                size_t buflen) {
    struct servent *service = NULL;
    struct protoent *protocol = NULL;
    lookup_result result;
    if (call->kind == SERVICE_BY_NAME)
        result.code = (own ? simdinet_getservbyname_r : PRELOAD_LIBC(getservbyname_r))(
            call->name, call->proto, &entry->service, buf, buflen, &service);
    else if (call->kind == SERVICE_BY_PORT)
        result.code = (own ? simdinet_getservbyport_r : PRELOAD_LIBC(getservbyport_r))(
            call->port, call->proto, &entry->service, buf, buflen, &service);
    else
        result.code = (own ? simdinet_getprotobyname_r : PRELOAD_LIBC(getprotobyname_r))(
            call->name, &entry->protocol, buf, buflen, &protocol);
    result.sys_errno = errno;
    result.entry = service || protocol ? entry : NULL;
    return result;
}

/* ---- comparison ------------------------------------------------------------------------------ */

static bool same_names(char *const *a, char *const *b) {
    for (; *a && *b; a++, b++)
        if (strcmp(*a, *b) != 0)
            return false;
    return !*a && !*b;
}

static bool same_entries(const lookup *call, const any_entry *a, const any_entry *b) {
    if (!a || !b)
        return a == b;
    if (call->kind == PROTOCOL_BY_NAME)
        return strcmp(a->protocol.p_name, b->protocol.p_name) == 0 &&
               same_names(a->protocol.p_aliases, b->protocol.p_aliases) &&
               a->protocol.p_proto == b->protocol.p_proto;
    return strcmp(a->service.s_name, b->service.s_name) == 0 &&
           same_names(a->service.s_aliases, b->service.s_aliases) &&
           a->service.s_port == b->service.s_port &&
           strcmp(a->service.s_proto, b->service.s_proto) == 0;
}

static void add_lookup_result(preload_line *line, const lookup *call, const lookup_result *result) {
    preload_line_add(line, "%d, errno %d", result->code, result->sys_errno);
    if (!result->entry) {
        preload_line_add(line, ", none");
        return;
    }
    const any_entry *entry = result->entry;
    bool protocol = call->kind == PROTOCOL_BY_NAME;
    preload_line_add(line, ", ");
    preload_line_quote(line, protocol ? entry->protocol.p_name : entry->service.s_name);
    if (protocol)
        preload_line_add(line, " %d", entry->protocol.p_proto);
    else
        preload_line_add(line, " %d ", simdinet_ntohs((uint16_t)entry->service.s_port));
    if (!protocol)
        preload_line_quote(line, entry->service.s_proto);
    char *const *alias = protocol ? entry->protocol.p_aliases : entry->service.s_aliases;
    for (; *alias; alias++) {
        preload_line_add(line, " ");
        preload_line_quote(line, *alias);
    }
}

static void check_lookup(const lookup *call, const lookup_result *own_result,
                         const lookup_result *libc_result, bool by_libc) {
    bool same = own_result->code == libc_result->code &&
                own_result->sys_errno == libc_result->sys_errno &&
                same_entries(call, own_result->entry, libc_result->entry);
    preload_count(call->function, by_libc, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (same || !preload_line_begin(&line, call->function))
        return;
    preload_line_add(&line, "(");
    if (call->kind == SERVICE_BY_PORT)
        preload_line_add(&line, "%d", call->port);
    else
        preload_line_quote(&line, call->name);
    if (call->kind != PROTOCOL_BY_NAME) {
        preload_line_add(&line, ", ");
        preload_line_quote(&line, call->proto);
    }
    preload_line_add(&line, "): ");
    add_lookup_result(&line, call, own_result);
    preload_line_add(&line, "; the C library: ");
    add_lookup_result(&line, call, libc_result);
    preload_line_write(&line);
}

/* ---- _r forms -------------------------------------------------------------------------------- */

static int lookup_checked(const lookup *call, void *entry, char *buf, size_t buflen, bool *found) {
    any_entry libc_entry;
    /* The same size and alignment, which determine what fits. No entry is longer than 1 MiB. Out
     * of memory: no comparison. */
    const size_t align = _Alignof(max_align_t), max_len = 1 << 20;
    size_t libc_len = buflen < max_len ? buflen : max_len;
    char *libc_buf = malloc(libc_len + align);
    lookup_result libc_result = {0};
    int saved_errno = errno;
    if (libc_buf)
        libc_result =
            run_lookup(call, false, &libc_entry, libc_buf + (uintptr_t)buf % align, libc_len);
    errno = saved_errno;
    unsigned long by_libc = preload_libc_calls;
    any_entry own_entry;
    lookup_result own_result = run_lookup(call, true, &own_entry, buf, buflen);
    if (own_result.entry)
        memcpy(entry, &own_entry,
               call->kind == PROTOCOL_BY_NAME ? sizeof(struct protoent) : sizeof(struct servent));
    if (libc_buf)
        check_lookup(call, &own_result, &libc_result, preload_libc_calls != by_libc);
    free(libc_buf);
    *found = own_result.entry != NULL;
    errno = own_result.sys_errno;
    return own_result.code;
}

static int service_checked(const lookup *call, struct servent *entry, char *buf, size_t buflen,
                           struct servent **result) {
    bool found;
    int code = lookup_checked(call, entry, buf, buflen, &found);
    *result = found ? entry : NULL;
    return code;
}

SIMDINET_API int getservbyname_r(const char *name, const char *proto, struct servent *entry,
                                 char *buf, size_t buflen, struct servent **result) {
    if (!preload_checks())
        return simdinet_getservbyname_r(name, proto, entry, buf, buflen, result);
    lookup call = {PRELOAD_getservbyname_r, SERVICE_BY_NAME, name, proto, 0};
    return service_checked(&call, entry, buf, buflen, result);
}

SIMDINET_API int getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                                 size_t buflen, struct servent **result) {
    if (!preload_checks())
        return simdinet_getservbyport_r(port, proto, entry, buf, buflen, result);
    lookup call = {PRELOAD_getservbyport_r, SERVICE_BY_PORT, NULL, proto, port};
    return service_checked(&call, entry, buf, buflen, result);
}

SIMDINET_API int getprotobyname_r(const char *name, struct protoent *entry, char *buf,
                                  size_t buflen, struct protoent **result) {
    if (!preload_checks())
        return simdinet_getprotobyname_r(name, entry, buf, buflen, result);
    lookup call = {PRELOAD_getprotobyname_r, PROTOCOL_BY_NAME, name, NULL, 0};
    bool found;
    int code = lookup_checked(&call, entry, buf, buflen, &found);
    *result = found ? entry : NULL;
    return code;
}

/* ---- thread-local results -------------------------------------------------------------------- */

typedef struct {
    any_entry entry;
    char *buf;
    size_t buflen;
} result_block;

static _Thread_local result_block result_blocks[KINDS];
static pthread_once_t block_key_once = PTHREAD_ONCE_INIT;
static pthread_key_t block_key;
static bool have_block_key;

static void free_result_blocks(void *block) {
    for (int kind = 0; kind < KINDS; kind++) {
        free(((result_block *)block)[kind].buf);
        ((result_block *)block)[kind].buf = NULL;
    }
}

static void create_block_key(void) {
    have_block_key = pthread_key_create(&block_key, free_result_blocks) == 0;
}

/* False: out of memory, and the block is freed. */
static bool grow_block(result_block *block) {
    size_t size = block->buf ? 2 * block->buflen : 1024;
    char *larger = realloc(block->buf, size);
    if (larger) {
        /* Without a key the memory of a thread is leaked when it ends. */
        pthread_once(&block_key_once, create_block_key);
        if (have_block_key && !block->buf)
            pthread_setspecific(block_key, result_blocks);
        block->buflen = size;
    } else {
        free(block->buf);
        errno = ENOMEM;
    }
    block->buf = larger;
    return larger != NULL;
}

/* Calls with larger and larger buffers until the result fits. */
static lookup_result run_until_fits(const lookup *call, bool own, result_block *block) {
    lookup_result result = {0};
    do {
        if ((result.code == ERANGE || !block->buf) && !grow_block(block))
            return (lookup_result){.code = 0, .sys_errno = ENOMEM};
        result = run_lookup(call, own, &block->entry, block->buf, block->buflen);
    } while (result.code == ERANGE);
    result.code = 0; /* these functions return no code */
    return result;
}

static any_entry *thread_lookup_checked(const lookup *call) {
    result_block other = {0};
    int saved_errno = errno;
    /* First: the arguments may point into the last result. */
    lookup_result libc_result = run_until_fits(call, false, &other);
    unsigned long by_libc = preload_libc_calls;
    errno = saved_errno;
    lookup_result own_result = run_until_fits(call, true, &result_blocks[call->kind]);
    check_lookup(call, &own_result, &libc_result, preload_libc_calls != by_libc);
    free(other.buf);
    errno = own_result.sys_errno;
    return own_result.entry;
}

static any_entry *thread_lookup(const lookup *call) {
    return preload_checks() ? thread_lookup_checked(call)
                            : run_until_fits(call, true, &result_blocks[call->kind]).entry;
}

SIMDINET_API struct servent *getservbyname(const char *name, const char *proto) {
    lookup call = {PRELOAD_getservbyname, SERVICE_BY_NAME, name, proto, 0};
    any_entry *found = thread_lookup(&call);
    return found ? &found->service : NULL;
}

SIMDINET_API struct servent *getservbyport(int port, const char *proto) {
    lookup call = {PRELOAD_getservbyport, SERVICE_BY_PORT, NULL, proto, port};
    any_entry *found = thread_lookup(&call);
    return found ? &found->service : NULL;
}

SIMDINET_API struct protoent *getprotobyname(const char *name) {
    lookup call = {PRELOAD_getprotobyname, PROTOCOL_BY_NAME, name, NULL, 0};
    any_entry *found = thread_lookup(&call);
    return found ? &found->protocol : NULL;
}
