/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - getservbyname, getservbyport, getprotobyname: from the tables, or from the C
 * library.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the C library ---------------------------------------------------------------------------- */

/* One question to the C library, with the buffer that its answer needs. */
typedef struct {
    const char *name; /* NULL: by port */
    const char *proto;
    int port; /* network order */
    struct servent service;
    struct protoent protocol;
    char *heap;
    char room[1024];
} question;

/* Asks, with a larger buffer as long as the C library wants one. */
static int ask(question *asked, int call(question *asked, char *buffer, size_t size, bool *found),
               simdinet_error *error) {
    char *buffer = asked->room;
    size_t size = sizeof asked->room;
    for (;;) {
        bool found;
        int kept = simdinet_errno_save();
        int code = call(asked, buffer, size, &found);
        int trouble = simdinet_errno_check(kept);
        if (code == 0 && found)
            return SIMDINET_OK;
        if (trouble)
            return simdinet_fail_errno(error, trouble);
        if (code == 0 || code == ENOENT) /* no such entry, or not even a file */
            return simdinet_fail(error, SIMDINET_E_NOTFOUND);
        if (code != ERANGE)
            return simdinet_fail_errno(error, code);
        free(asked->heap);
        size *= 2;
        buffer = asked->heap = malloc(size);
        if (!buffer)
            return simdinet_fail_memory(error);
    }
}

static int call_service(question *asked, char *buffer, size_t size, bool *found) {
    struct servent *result = NULL;
    int code =
        asked->name
            ? getservbyname_r(asked->name, asked->proto, &asked->service, buffer, size, &result)
            : getservbyport_r(asked->port, asked->proto, &asked->service, buffer, size, &result);
    *found = result != NULL;
    return code;
}

static int call_protocol(question *asked, char *buffer, size_t size, bool *found) {
    struct protoent *result = NULL;
    int code = simdinet_getprotobyname_libc(asked->name, &asked->protocol, buffer, size, &result);
    *found = result != NULL;
    return code;
}

/* ---- the public functions --------------------------------------------------------------------- */

/* E_NUL for a text with a NUL within, E_VALUE for one that is NULL and must not be. */
static int check_text(const char *s, size_t len, bool required, simdinet_error *error) {
    if (!s)
        return required ? simdinet_fail(error, SIMDINET_E_VALUE) : SIMDINET_OK;
    if (len != SIMDINET_ZSTR && len > 0 && memchr(s, '\0', len))
        return simdinet_fail(error, SIMDINET_E_NUL);
    return SIMDINET_OK;
}

static int libc_service_port(const char *name, size_t nlen, const char *proto, size_t plen,
                             uint16_t *port, simdinet_error *error) {
    simdinet_text texts[2];
    int status = simdinet_text_open(&texts[0], name, nlen, error);
    if (status != SIMDINET_OK)
        return status;
    status = simdinet_text_open(&texts[1], proto, plen, error);
    if (status == SIMDINET_OK) {
        question asked = {.name = texts[0].z, .proto = texts[1].z};
        status = ask(&asked, call_service, error);
        if (status == SIMDINET_OK)
            *port = simdinet_ntohs((uint16_t)asked.service.s_port);
        free(asked.heap);
        simdinet_text_close(&texts[1]);
    }
    simdinet_text_close(&texts[0]);
    return status;
}

int simdinet_getservbyname(const char *name, size_t nlen, const char *proto, size_t plen,
                           uint16_t *port, simdinet_error *error) {
    int status = check_text(name, nlen, true, error);
    if (status == SIMDINET_OK)
        status = check_text(proto, plen, false, error);
    if (status != SIMDINET_OK)
        return status;
    const simdinet_netdb *table = simdinet_netdb_current(SIMDINET_SERVICES);
    if (!table)
        return libc_service_port(name, nlen, proto, plen, port, error);
    const simdinet_netdb_entry *entry = simdinet_netdb_by_name(table, name, nlen, proto, plen);
    if (!entry)
        return simdinet_fail(error, SIMDINET_E_NOTFOUND);
    *port = (uint16_t)entry->number;
    return SIMDINET_OK;
}

static int libc_service_name(uint16_t port, const char *proto, size_t plen, char *buf, size_t cap,
                             size_t *len, simdinet_error *error) {
    simdinet_text text;
    int status = simdinet_text_open(&text, proto, plen, error);
    if (status != SIMDINET_OK)
        return status;
    question asked = {.proto = text.z, .port = simdinet_htons(port)};
    status = ask(&asked, call_service, error);
    if (status == SIMDINET_OK)
        status = simdinet_text_store(asked.service.s_name, strlen(asked.service.s_name), buf, cap,
                                     len, error);
    free(asked.heap);
    simdinet_text_close(&text);
    return status;
}

int simdinet_getservbyport(int64_t port, const char *proto, size_t plen, char *buf, size_t cap,
                           size_t *len, simdinet_error *error) {
    if (port < 0 || port > UINT16_MAX)
        return simdinet_fail(error, SIMDINET_E_RANGE);
    int status = check_text(proto, plen, false, error);
    if (status != SIMDINET_OK)
        return status;
    const simdinet_netdb *table = simdinet_netdb_current(SIMDINET_SERVICES);
    if (!table)
        return libc_service_name((uint16_t)port, proto, plen, buf, cap, len, error);
    const simdinet_netdb_entry *entry = simdinet_netdb_by_number(table, (int)port, proto, plen);
    if (!entry)
        return simdinet_fail(error, SIMDINET_E_NOTFOUND);
    return simdinet_text_store(entry->name, entry->name_len, buf, cap, len, error);
}

static int libc_protocol(const char *name, size_t nlen, int *num, simdinet_error *error) {
    simdinet_text text;
    int status = simdinet_text_open(&text, name, nlen, error);
    if (status != SIMDINET_OK)
        return status;
    question asked = {.name = text.z};
    status = ask(&asked, call_protocol, error);
    if (status == SIMDINET_OK)
        *num = asked.protocol.p_proto;
    free(asked.heap);
    simdinet_text_close(&text);
    return status;
}

int simdinet_getprotobyname(const char *name, size_t nlen, int *num, simdinet_error *error) {
    int status = check_text(name, nlen, true, error);
    if (status != SIMDINET_OK)
        return status;
    const simdinet_netdb *table = simdinet_netdb_current(SIMDINET_PROTOCOLS);
    if (!table)
        return libc_protocol(name, nlen, num, error);
    const simdinet_netdb_entry *entry = simdinet_netdb_by_name(table, name, nlen, NULL, 0);
    if (!entry)
        return simdinet_fail(error, SIMDINET_E_NOTFOUND);
    *num = entry->number;
    return SIMDINET_OK;
}
