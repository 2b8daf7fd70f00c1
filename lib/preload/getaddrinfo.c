/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * getaddrinfo.c - getaddrinfo and getnameinfo, and their check mode.
 *
 * Lists have the layout of the C library's (lib/socket/addrinfo_list_libc.c): its freeaddrinfo
 * frees them.
 *
 * If simdinet passed a call to the C library, a difference is one between two calls of the C
 * library, as with name servers that rotate addresses. Such differences are counted separately.
 */
#include "interpose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- getaddrinfo ----------------------------------------------------------------------------- */

static bool same_lists(const struct addrinfo *a, const struct addrinfo *b) {
    for (; a && b; a = a->ai_next, b = b->ai_next) {
        if (a->ai_flags != b->ai_flags || a->ai_family != b->ai_family ||
            a->ai_socktype != b->ai_socktype || a->ai_protocol != b->ai_protocol ||
            a->ai_addrlen != b->ai_addrlen || memcmp(a->ai_addr, b->ai_addr, a->ai_addrlen) != 0)
            return false;
        if (!a->ai_canonname != !b->ai_canonname ||
            (a->ai_canonname && strcmp(a->ai_canonname, b->ai_canonname) != 0))
            return false;
    }
    return !a && !b;
}

/* The result of a call. The list is &untouched if nothing was stored. */
typedef struct {
    int code;
    int sys_errno; /* if the code is EAI_SYSTEM */
    struct addrinfo *list;
} list_result;

static struct addrinfo untouched;

static list_result call_getaddrinfo(__typeof__(getaddrinfo) *function, const char *node,
                                    const char *service, const struct addrinfo *hints) {
    list_result result = {.list = &untouched};
    result.code = function(node, service, hints, &result.list);
    result.sys_errno = result.code == EAI_SYSTEM ? errno : 0;
    return result;
}

static void add_list(preload_line *line, const list_result *result) {
    preload_line_add(line, "%d, errno %d", result->code, result->sys_errno);
    if (result->code != 0)
        preload_line_add(line, result->list == &untouched ? "" : ", and a list stored");
    for (const struct addrinfo *info = result->code == 0 ? result->list : NULL; info;
         info = info->ai_next) {
        preload_line_add(line, " [flags 0x%x, %d, %d, %d, ", (unsigned)info->ai_flags,
                         info->ai_family, info->ai_socktype, info->ai_protocol);
        preload_line_hex(line, info->ai_addr, info->ai_addrlen);
        if (info->ai_canonname) {
            preload_line_add(line, ", ");
            preload_line_quote(line, info->ai_canonname);
        }
        preload_line_add(line, "]");
    }
}

static void report_lists(const char *node, const char *service, const struct addrinfo *hints,
                         const list_result *own_result, const list_result *libc_result) {
    preload_line line;
    if (!preload_line_begin(&line, PRELOAD_getaddrinfo))
        return;
    preload_line_add(&line, "(");
    preload_line_quote(&line, node);
    preload_line_add(&line, ", ");
    preload_line_quote(&line, service);
    if (hints)
        preload_line_add(&line, ", flags 0x%x, %d, %d, %d): ", (unsigned)hints->ai_flags,
                         hints->ai_family, hints->ai_socktype, hints->ai_protocol);
    else
        preload_line_add(&line, ", no hints): ");
    add_list(&line, own_result);
    preload_line_add(&line, "; the C library: ");
    add_list(&line, libc_result);
    preload_line_write(&line);
}

static int getaddrinfo_checked(const char *node, const char *service, const struct addrinfo *hints,
                               struct addrinfo **res) {
    int saved_errno = errno;
    list_result libc_result = call_getaddrinfo(PRELOAD_LIBC(getaddrinfo), node, service, hints);
    errno = saved_errno;
    unsigned long by_libc = preload_libc_calls;
    list_result own_result = call_getaddrinfo(simdinet_getaddrinfo, node, service, hints);
    int own_errno = errno;
    by_libc = preload_libc_calls - by_libc;
    bool same = own_result.code == libc_result.code &&
                own_result.sys_errno == libc_result.sys_errno &&
                (own_result.code == 0 ? same_lists(own_result.list, libc_result.list)
                                      : own_result.list == libc_result.list);
    preload_count(PRELOAD_getaddrinfo, by_libc != 0,
                  same      ? PRELOAD_SAME
                  : by_libc ? PRELOAD_VARIED
                            : PRELOAD_DIFFERENT);
    if (!same && !by_libc)
        report_lists(node, service, hints, &own_result, &libc_result);
    if (libc_result.code == 0)
        freeaddrinfo(libc_result.list);
    if (own_result.list != &untouched)
        *res = own_result.list;
    errno = own_errno;
    return own_result.code;
}

SIMDINET_API int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                             struct addrinfo **res) {
    return preload_checks() ? getaddrinfo_checked(node, service, hints, res)
                            : simdinet_getaddrinfo(node, service, hints, res);
}

/* ---- getnameinfo ----------------------------------------------------------------------------- */

/* The result of a call. Texts that were not requested are NULL. */
typedef struct {
    int code;
    int sys_errno; /* if the code is EAI_SYSTEM */
    const char *host;
    const char *serv;
} names_result;

static names_result call_getnameinfo(__typeof__(getnameinfo) *function, const struct sockaddr *sa,
                                     socklen_t salen, char *host, socklen_t hostlen, char *serv,
                                     socklen_t servlen, int flags) {
    names_result result = {0};
    result.code = function(sa, salen, host, hostlen, serv, servlen, flags);
    result.sys_errno = result.code == EAI_SYSTEM ? errno : 0;
    if (result.code == 0 && host && hostlen > 0)
        result.host = host;
    if (result.code == 0 && serv && servlen > 0)
        result.serv = serv;
    return result;
}

static bool same_texts(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void add_names(preload_line *line, const names_result *result) {
    preload_line_add(line, "%d, errno %d, ", result->code, result->sys_errno);
    preload_line_quote(line, result->host);
    preload_line_add(line, " ");
    preload_line_quote(line, result->serv);
}

static void compare_names(const struct sockaddr *sa, socklen_t salen, int flags, bool by_libc,
                          const names_result *own_result, const names_result *libc_result) {
    bool same_host = own_result->code == libc_result->code &&
                     own_result->sys_errno == libc_result->sys_errno &&
                     same_texts(own_result->host, libc_result->host);
    /* Only the host is passed on; but if one of the two calls fails there is no service either. */
    bool same_serv =
        own_result->code != libc_result->code || same_texts(own_result->serv, libc_result->serv);
    bool varied = by_libc && !same_host && same_serv;
    bool same = same_host && same_serv;
    preload_count(PRELOAD_getnameinfo, by_libc,
                  same     ? PRELOAD_SAME
                  : varied ? PRELOAD_VARIED
                           : PRELOAD_DIFFERENT);
    preload_line line;
    if (same || varied || !preload_line_begin(&line, PRELOAD_getnameinfo))
        return;
    preload_line_add(&line, "(");
    preload_line_hex(&line, sa, sa ? salen : 0);
    preload_line_add(&line, ", flags 0x%x): ", (unsigned)flags);
    add_names(&line, own_result);
    preload_line_add(&line, "; the C library: ");
    add_names(&line, libc_result);
    preload_line_write(&line);
}

static int getnameinfo_checked(const struct sockaddr *sa, socklen_t salen, char *host,
                               socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
    /* No name is longer than 1 MiB. Out of memory: no comparison. */
    const socklen_t max_len = 1 << 20;
    socklen_t libc_hostlen = hostlen < max_len ? hostlen : max_len;
    socklen_t libc_servlen = servlen < max_len ? servlen : max_len;
    char *texts = malloc((size_t)libc_hostlen + libc_servlen + 1);
    if (!texts)
        return simdinet_getnameinfo(sa, salen, host, hostlen, serv, servlen, flags);
    int saved_errno = errno;
    names_result libc_result =
        call_getnameinfo(PRELOAD_LIBC(getnameinfo), sa, salen, host ? texts : NULL, libc_hostlen,
                         serv ? texts + libc_hostlen : NULL, libc_servlen, flags);
    errno = saved_errno;
    unsigned long by_libc = preload_libc_calls;
    names_result own_result =
        call_getnameinfo(simdinet_getnameinfo, sa, salen, host, hostlen, serv, servlen, flags);
    int own_errno = errno;
    compare_names(sa, salen, flags, preload_libc_calls != by_libc, &own_result, &libc_result);
    free(texts);
    errno = own_errno;
    return own_result.code;
}

SIMDINET_API int getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                             socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
    return preload_checks() ? getnameinfo_checked(sa, salen, host, hostlen, serv, servlen, flags)
                            : simdinet_getnameinfo(sa, salen, host, hostlen, serv, servlen, flags);
}
