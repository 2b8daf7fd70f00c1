/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * servent.c - getservbyname_r, getservbyport_r and getprotobyname_r, with the results of glibc's.
 *
 * Whether glibc returns ERANGE depends on every line that it reads before the result. So a call
 * with a buffer that might be too small for one of the lines is passed to the C library.
 */
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

/* The first aligned pointer in the caller's buffer. */
static char **align_pointers(char *buf) {
    size_t align = _Alignof(char *);
    return (char **)(void *)(buf + (align - (uintptr_t)buf % align) % align);
}

static char *servent_copy_string(char **cursor, const char *text, size_t len) {
    char *copy = memcpy(*cursor, text, len + 1);
    *cursor += len + 1;
    return copy;
}

/* Copies the strings of an entry to buf, after the array of aliases. */
static void servent_copy_names(const simdinet_netdb *db, const simdinet_netdb_entry *entry,
                               char *buf, char **name, char ***aliases, char **proto) {
    char **pointers = align_pointers(buf);
    char *cursor = (char *)(pointers + entry->alias_count + 1);
    *name = servent_copy_string(&cursor, entry->name, entry->name_len);
    if (proto)
        *proto = servent_copy_string(&cursor, entry->proto, entry->proto_len);
    for (uint32_t i = 0; i < entry->alias_count; i++) {
        const char *alias = simdinet_netdb_alias(db, entry, i);
        pointers[i] = servent_copy_string(&cursor, alias, strlen(alias));
    }
    pointers[entry->alias_count] = NULL;
    *aliases = pointers;
}

/* The cached file if the buffer suffices for all of it; NULL: use the C library. */
static const simdinet_netdb *netdb_for_buffer(simdinet_netdb_kind kind, size_t buflen) {
    const simdinet_netdb *db = simdinet_netdb_current(kind);
    return db && buflen >= simdinet_netdb_buffer_size(db) ? db : NULL;
}

/* glibc sets errno to the return value, also to 0. */
static int fill_servent(const simdinet_netdb *db, const simdinet_netdb_entry *found,
                        struct servent *entry, char *buf, struct servent **result) {
    errno = 0;
    *result = NULL;
    if (found) {
        servent_copy_names(db, found, buf, &entry->s_name, &entry->s_aliases, &entry->s_proto);
        entry->s_port = simdinet_htons((uint16_t)found->number);
        *result = entry;
    }
    return 0;
}

int simdinet_getservbyname_r(const char *name, const char *proto, struct servent *entry, char *buf,
                             size_t buflen, struct servent **result) {
    const simdinet_netdb *db = netdb_for_buffer(SIMDINET_SERVICES, buflen);
    if (!db)
        return getservbyname_r(name, proto, entry, buf, buflen, result);
    const simdinet_netdb_entry *found =
        simdinet_netdb_by_name(db, name, SIMDINET_ZSTR, proto, SIMDINET_ZSTR);
    return fill_servent(db, found, entry, buf, result);
}

int simdinet_getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                             size_t buflen, struct servent **result) {
    const simdinet_netdb *db = netdb_for_buffer(SIMDINET_SERVICES, buflen);
    if (!db)
        return getservbyport_r(port, proto, entry, buf, buflen, result);
    const simdinet_netdb_entry *found = NULL;
    if (port >= 0 && port <= UINT16_MAX)
        found = simdinet_netdb_by_number(db, simdinet_ntohs((uint16_t)port), proto, SIMDINET_ZSTR);
    return fill_servent(db, found, entry, buf, result);
}

#if defined(__GLIBC__)

int simdinet_getprotobyname_libc(const char *name, struct protoent *entry, char *buf, size_t buflen,
                                 struct protoent **result) {
    return getprotobyname_r(name, entry, buf, buflen, result);
}

#else

/* musl has no getprotobyname_r. Its getprotobyname iterates over a constant list with an index that
 * all threads share; the strings that it returns have static storage duration. */
int simdinet_getprotobyname_libc(const char *name, struct protoent *entry, char *buf, size_t buflen,
                                 struct protoent **result) {
    static pthread_mutex_t getprotobyname_lock = PTHREAD_MUTEX_INITIALIZER;
    (void)buf;
    (void)buflen;
    pthread_mutex_lock(&getprotobyname_lock);
    const struct protoent *found = getprotobyname(name);
    *result = found ? entry : NULL;
    if (found)
        *entry = *found;
    pthread_mutex_unlock(&getprotobyname_lock);
    return 0;
}

#endif

int simdinet_getprotobyname_r(const char *name, struct protoent *entry, char *buf, size_t buflen,
                              struct protoent **result) {
    const simdinet_netdb *db = netdb_for_buffer(SIMDINET_PROTOCOLS, buflen);
    if (!db)
        return simdinet_getprotobyname_libc(name, entry, buf, buflen, result);
    const simdinet_netdb_entry *found = simdinet_netdb_by_name(db, name, SIMDINET_ZSTR, NULL, 0);
    errno = 0;
    *result = NULL;
    if (found) {
        servent_copy_names(db, found, buf, &entry->p_name, &entry->p_aliases, NULL);
        entry->p_proto = found->number;
        *result = entry;
    }
    return 0;
}
