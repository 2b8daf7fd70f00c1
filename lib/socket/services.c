/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - getservbyname, getservbyport and getprotobyname, from the cache or from the C
 * library.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the C library --------------------------------------------------------------------------- */

/* A call of the C library and its result buffer. */
typedef struct {
    const char *name; /* NULL: by port */
    const char *proto;
    int port; /* network order */
    struct servent service;
    struct protoent protocol;
    char *heap;
    char local[1024];
} libc_query;

/* Calls with larger and larger buffers while the C library returns ERANGE. */
static int libc_query_run(libc_query *query,
                          int call(libc_query *query, char *buffer, size_t size, bool *found),
                          simdinet_error *error) {
    char *buffer = query->local;
    size_t size = sizeof query->local;
    for (;;) {
        bool found;
        int saved_errno = simdinet_errno_save();
        int code = call(query, buffer, size, &found);
        int sys_errno = simdinet_errno_check(saved_errno);
        if (code == 0 && found)
            return SIMDINET_OK;
        if (sys_errno)
            return simdinet_fail_errno(error, sys_errno);
        if (code == 0 || code == ENOENT) /* no such entry, or no file */
            return simdinet_fail(error, SIMDINET_E_NOTFOUND);
        if (code != ERANGE)
            return simdinet_fail_errno(error, code);
        free(query->heap);
        size *= 2;
        buffer = query->heap = malloc(size);
        if (!buffer)
            return simdinet_fail_memory(error);
    }
}

static int libc_call_service(libc_query *query, char *buffer, size_t size, bool *found) {
    struct servent *result = NULL;
    int code =
        query->name
            ? getservbyname_r(query->name, query->proto, &query->service, buffer, size, &result)
            : getservbyport_r(query->port, query->proto, &query->service, buffer, size, &result);
    *found = result != NULL;
    return code;
}

static int libc_call_protocol(libc_query *query, char *buffer, size_t size, bool *found) {
    struct protoent *result = NULL;
    int code = simdinet_getprotobyname_libc(query->name, &query->protocol, buffer, size, &result);
    *found = result != NULL;
    return code;
}

/* ---- the public functions -------------------------------------------------------------------- */

/* E_NUL for text with a NUL inside, E_VALUE for NULL if it is required. */
static int check_service_text(const char *s, size_t len, bool required, simdinet_error *error) {
    if (!s)
        return required ? simdinet_fail(error, SIMDINET_E_VALUE) : SIMDINET_OK;
    if (len != SIMDINET_ZSTR && len > 0 && memchr(s, '\0', len))
        return simdinet_fail(error, SIMDINET_E_NUL);
    return SIMDINET_OK;
}

static int libc_getservbyname(const char *name, size_t name_len, const char *proto,
                              size_t proto_len, uint16_t *port, simdinet_error *error) {
    simdinet_zstring texts[2];
    int status = simdinet_zstring_init(&texts[0], name, name_len, error);
    if (status != SIMDINET_OK)
        return status;
    status = simdinet_zstring_init(&texts[1], proto, proto_len, error);
    if (status == SIMDINET_OK) {
        libc_query query = {.name = texts[0].z, .proto = texts[1].z};
        status = libc_query_run(&query, libc_call_service, error);
        if (status == SIMDINET_OK)
            *port = simdinet_ntohs((uint16_t)query.service.s_port);
        free(query.heap);
        simdinet_zstring_free(&texts[1]);
    }
    simdinet_zstring_free(&texts[0]);
    return status;
}

int simdinet_getservbyname(const char *name, size_t name_len, const char *proto, size_t proto_len,
                           uint16_t *port, simdinet_error *error) {
    int status = check_service_text(name, name_len, true, error);
    if (status == SIMDINET_OK)
        status = check_service_text(proto, proto_len, false, error);
    if (status != SIMDINET_OK)
        return status;
    const simdinet_netdb *db = simdinet_netdb_current(SIMDINET_SERVICES);
    if (!db)
        return libc_getservbyname(name, name_len, proto, proto_len, port, error);
    const simdinet_netdb_entry *entry =
        simdinet_netdb_by_name(db, name, name_len, proto, proto_len);
    if (!entry)
        return simdinet_fail(error, SIMDINET_E_NOTFOUND);
    *port = (uint16_t)entry->number;
    return SIMDINET_OK;
}

static int libc_getservbyport(uint16_t port, const char *proto, size_t proto_len, char *buf,
                              size_t size, size_t *out_len, simdinet_error *error) {
    simdinet_zstring text;
    int status = simdinet_zstring_init(&text, proto, proto_len, error);
    if (status != SIMDINET_OK)
        return status;
    libc_query query = {.proto = text.z, .port = simdinet_htons(port)};
    status = libc_query_run(&query, libc_call_service, error);
    if (status == SIMDINET_OK)
        status = simdinet_store_text(query.service.s_name, strlen(query.service.s_name), buf, size,
                                     out_len, error);
    free(query.heap);
    simdinet_zstring_free(&text);
    return status;
}

int simdinet_getservbyport(int64_t port, const char *proto, size_t proto_len, char *buf,
                           size_t size, size_t *out_len, simdinet_error *error) {
    if (port < 0 || port > UINT16_MAX)
        return simdinet_fail(error, SIMDINET_E_RANGE);
    int status = check_service_text(proto, proto_len, false, error);
    if (status != SIMDINET_OK)
        return status;
    const simdinet_netdb *db = simdinet_netdb_current(SIMDINET_SERVICES);
    if (!db)
        return libc_getservbyport((uint16_t)port, proto, proto_len, buf, size, out_len, error);
    const simdinet_netdb_entry *entry = simdinet_netdb_by_number(db, (int)port, proto, proto_len);
    if (!entry)
        return simdinet_fail(error, SIMDINET_E_NOTFOUND);
    return simdinet_store_text(entry->name, entry->name_len, buf, size, out_len, error);
}

static int libc_getprotobyname(const char *name, size_t name_len, int *number,
                               simdinet_error *error) {
    simdinet_zstring text;
    int status = simdinet_zstring_init(&text, name, name_len, error);
    if (status != SIMDINET_OK)
        return status;
    libc_query query = {.name = text.z};
    status = libc_query_run(&query, libc_call_protocol, error);
    if (status == SIMDINET_OK)
        *number = query.protocol.p_proto;
    free(query.heap);
    simdinet_zstring_free(&text);
    return status;
}

int simdinet_getprotobyname(const char *name, size_t name_len, int *number, simdinet_error *error) {
    int status = check_service_text(name, name_len, true, error);
    if (status != SIMDINET_OK)
        return status;
    const simdinet_netdb *db = simdinet_netdb_current(SIMDINET_PROTOCOLS);
    if (!db)
        return libc_getprotobyname(name, name_len, number, error);
    const simdinet_netdb_entry *entry = simdinet_netdb_by_name(db, name, name_len, NULL, 0);
    if (!entry)
        return simdinet_fail(error, SIMDINET_E_NOTFOUND);
    *number = entry->number;
    return SIMDINET_OK;
}
