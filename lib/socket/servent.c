/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * entries.c - getservbyname_r, getservbyport_r and getprotobyname_r: whole entries, in the shapes
 * that glibc gave them.
 *
 * What glibc says of a buffer that is too small depends on every line that it reads on its way to
 * the answer. So a buffer in which it might not read all of them is handed to it.
 */
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

/* The first place for a pointer in the caller's buffer. */
static char **place_pointers(char *buf) {
    size_t align = _Alignof(char *);
    return (char **)(void *)(buf + (align - (uintptr_t)buf % align) % align);
}

static char *append(char **cursor, const char *text, size_t len) {
    char *copy = memcpy(*cursor, text, len + 1);
    *cursor += len + 1;
    return copy;
}

/* Copies the names of an entry to buf; the first of the pointers there is *aliases. */
static void copy_names(const simdinet_netdb *table, const simdinet_netdb_entry *entry, char *buf,
                       char **name, char ***aliases, char **proto) {
    char **pointers = place_pointers(buf);
    char *cursor = (char *)(pointers + entry->alias_count + 1);
    *name = append(&cursor, entry->name, entry->name_len);
    if (proto)
        *proto = append(&cursor, entry->proto, entry->proto_len);
    for (uint32_t i = 0; i < entry->alias_count; i++) {
        const char *alias = simdinet_netdb_alias(table, entry, i);
        pointers[i] = append(&cursor, alias, strlen(alias));
    }
    pointers[entry->alias_count] = NULL;
    *aliases = pointers;
}

/* The table of a database for an answer in a buffer of this size, or NULL: ask the C library. */
static const simdinet_netdb *table_for(simdinet_netdb_kind which, size_t buflen) {
    const simdinet_netdb *table = simdinet_netdb_current(which);
    return table && buflen >= simdinet_netdb_buffer_size(table) ? table : NULL;
}

/* glibc sets errno to what it returns, to 0 among it. */
static int answer_service(const simdinet_netdb *table, const simdinet_netdb_entry *found,
                          struct servent *entry, char *buf, struct servent **result) {
    errno = 0;
    *result = NULL;
    if (found) {
        copy_names(table, found, buf, &entry->s_name, &entry->s_aliases, &entry->s_proto);
        entry->s_port = simdinet_htons((uint16_t)found->number);
        *result = entry;
    }
    return 0;
}

int simdinet_getservbyname_r(const char *name, const char *proto, struct servent *entry, char *buf,
                             size_t buflen, struct servent **result) {
    const simdinet_netdb *table = table_for(SIMDINET_SERVICES, buflen);
    if (!table)
        return getservbyname_r(name, proto, entry, buf, buflen, result);
    const simdinet_netdb_entry *found =
        simdinet_netdb_by_name(table, name, SIMDINET_ZSTR, proto, SIMDINET_ZSTR);
    return answer_service(table, found, entry, buf, result);
}

int simdinet_getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                             size_t buflen, struct servent **result) {
    const simdinet_netdb *table = table_for(SIMDINET_SERVICES, buflen);
    if (!table)
        return getservbyport_r(port, proto, entry, buf, buflen, result);
    const simdinet_netdb_entry *found = NULL;
    if (port >= 0 && port <= UINT16_MAX)
        found =
            simdinet_netdb_by_number(table, simdinet_ntohs((uint16_t)port), proto, SIMDINET_ZSTR);
    return answer_service(table, found, entry, buf, result);
}

#if defined(__GLIBC__)

int simdinet_getprotobyname_libc(const char *name, struct protoent *entry, char *buf, size_t buflen,
                                 struct protoent **result) {
    return getprotobyname_r(name, entry, buf, buflen, result);
}

#else

/* musl has no such form. It walks a list of constants with an index that all threads share; the
 * texts that it returns outlive everything. */
int simdinet_getprotobyname_libc(const char *name, struct protoent *entry, char *buf, size_t buflen,
                                 struct protoent **result) {
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    (void)buf;
    (void)buflen;
    pthread_mutex_lock(&one_at_a_time);
    const struct protoent *found = getprotobyname(name);
    *result = found ? entry : NULL;
    if (found)
        *entry = *found;
    pthread_mutex_unlock(&one_at_a_time);
    return 0;
}

#endif

int simdinet_getprotobyname_r(const char *name, struct protoent *entry, char *buf, size_t buflen,
                              struct protoent **result) {
    const simdinet_netdb *table = table_for(SIMDINET_PROTOCOLS, buflen);
    if (!table)
        return simdinet_getprotobyname_libc(name, entry, buf, buflen, result);
    const simdinet_netdb_entry *found = simdinet_netdb_by_name(table, name, SIMDINET_ZSTR, NULL, 0);
    errno = 0;
    *result = NULL;
    if (found) {
        copy_names(table, found, buf, &entry->p_name, &entry->p_aliases, NULL);
        entry->p_proto = found->number;
        *result = entry;
    }
    return 0;
}
