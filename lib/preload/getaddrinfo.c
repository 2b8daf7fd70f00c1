/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * resolver.c - getaddrinfo and getnameinfo, and their comparisons.
 *
 * Lists are made as the C library makes its own (lib/socket/addrinfo_list_libc.c), so freeaddrinfo stays
 * the C library's, and it does not matter who frees whose.
 *
 * What simdinet hands to the C library comes back as it is. When such an answer differs, the C
 * library was asked twice and did not say the same twice, as name servers do that rotate their
 * addresses. That is counted apart.
 */
#include "interpose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- getaddrinfo ------------------------------------------------------------------------------ */

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

/* What a call came to. The list stays untouched, not NULL, when nothing was stored. */
typedef struct {
    int code;
    int sys_errno; /* where the code is EAI_SYSTEM */
    struct addrinfo *list;
} found_list;

static struct addrinfo untouched;

static found_list ask(__typeof__(getaddrinfo) *function, const char *node, const char *service,
                      const struct addrinfo *hints) {
    found_list found = {.list = &untouched};
    found.code = function(node, service, hints, &found.list);
    found.sys_errno = found.code == EAI_SYSTEM ? errno : 0;
    return found;
}

static void add_list(preload_line *line, const found_list *found) {
    preload_line_add(line, "%d, errno %d", found->code, found->sys_errno);
    if (found->code != 0)
        preload_line_add(line, found->list == &untouched ? "" : ", and something stored");
    for (const struct addrinfo *info = found->code == 0 ? found->list : NULL; info;
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
                         const found_list *ours, const found_list *theirs) {
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
    add_list(&line, ours);
    preload_line_add(&line, "; the C library: ");
    add_list(&line, theirs);
    preload_line_write(&line);
}

static int checked_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                               struct addrinfo **res) {
    int before = errno;
    found_list theirs = ask(PRELOAD_REAL(getaddrinfo), node, service, hints);
    errno = before;
    unsigned long handed = preload_handed;
    found_list ours = ask(simdinet_getaddrinfo, node, service, hints);
    int our_errno = errno;
    handed = preload_handed - handed;
    bool same = ours.code == theirs.code && ours.sys_errno == theirs.sys_errno &&
                (ours.code == 0 ? same_lists(ours.list, theirs.list) : ours.list == theirs.list);
    preload_count(PRELOAD_getaddrinfo, handed != 0,
                  same     ? PRELOAD_SAME
                  : handed ? PRELOAD_VARIED
                           : PRELOAD_DIFFERENT);
    if (!same && !handed)
        report_lists(node, service, hints, &ours, &theirs);
    if (theirs.code == 0)
        freeaddrinfo(theirs.list);
    if (ours.list != &untouched)
        *res = ours.list;
    errno = our_errno;
    return ours.code;
}

SIMDINET_API int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                             struct addrinfo **res) {
    return preload_checks() ? checked_getaddrinfo(node, service, hints, res)
                            : simdinet_getaddrinfo(node, service, hints, res);
}

/* ---- getnameinfo ------------------------------------------------------------------------------ */

/* What a call came to: texts that were not asked for are NULL. */
typedef struct {
    int code;
    int sys_errno; /* where the code is EAI_SYSTEM */
    const char *host;
    const char *serv;
} found_names;

static found_names ask_names(__typeof__(getnameinfo) *function, const struct sockaddr *sa,
                             socklen_t salen, char *host, socklen_t hostlen, char *serv,
                             socklen_t servlen, int flags) {
    found_names found = {0};
    found.code = function(sa, salen, host, hostlen, serv, servlen, flags);
    found.sys_errno = found.code == EAI_SYSTEM ? errno : 0;
    if (found.code == 0 && host && hostlen > 0)
        found.host = host;
    if (found.code == 0 && serv && servlen > 0)
        found.serv = serv;
    return found;
}

static bool same_texts(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void add_names(preload_line *line, const found_names *found) {
    preload_line_add(line, "%d, errno %d, ", found->code, found->sys_errno);
    preload_line_quote(line, found->host);
    preload_line_add(line, " ");
    preload_line_quote(line, found->serv);
}

static void compare_names(const struct sockaddr *sa, socklen_t salen, int flags, bool handed,
                          const found_names *ours, const found_names *theirs) {
    bool same_host = ours->code == theirs->code && ours->sys_errno == theirs->sys_errno &&
                     same_texts(ours->host, theirs->host);
    /* Only the host is handed on; but when one of the two calls fails there is no service either. */
    bool same_serv = ours->code != theirs->code || same_texts(ours->serv, theirs->serv);
    bool varied = handed && !same_host && same_serv;
    bool same = same_host && same_serv;
    preload_count(PRELOAD_getnameinfo, handed,
                  same     ? PRELOAD_SAME
                  : varied ? PRELOAD_VARIED
                           : PRELOAD_DIFFERENT);
    preload_line line;
    if (same || varied || !preload_line_begin(&line, PRELOAD_getnameinfo))
        return;
    preload_line_add(&line, "(");
    preload_line_hex(&line, sa, sa ? salen : 0);
    preload_line_add(&line, ", flags 0x%x): ", (unsigned)flags);
    add_names(&line, ours);
    preload_line_add(&line, "; the C library: ");
    add_names(&line, theirs);
    preload_line_write(&line);
}

static int checked_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                               socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
    /* No name is as long as a megabyte. Without memory, no comparison. */
    const socklen_t most = 1 << 20;
    socklen_t their_hostlen = hostlen < most ? hostlen : most;
    socklen_t their_servlen = servlen < most ? servlen : most;
    char *texts = malloc((size_t)their_hostlen + their_servlen + 1);
    if (!texts)
        return simdinet_getnameinfo(sa, salen, host, hostlen, serv, servlen, flags);
    int before = errno;
    found_names theirs =
        ask_names(PRELOAD_REAL(getnameinfo), sa, salen, host ? texts : NULL, their_hostlen,
                  serv ? texts + their_hostlen : NULL, their_servlen, flags);
    errno = before;
    unsigned long handed = preload_handed;
    found_names ours =
        ask_names(simdinet_getnameinfo, sa, salen, host, hostlen, serv, servlen, flags);
    int our_errno = errno;
    compare_names(sa, salen, flags, preload_handed != handed, &ours, &theirs);
    free(texts);
    errno = our_errno;
    return ours.code;
}

SIMDINET_API int getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host,
                             socklen_t hostlen, char *serv, socklen_t servlen, int flags) {
    return preload_checks() ? checked_getnameinfo(sa, salen, host, hostlen, serv, servlen, flags)
                            : simdinet_getnameinfo(sa, salen, host, hostlen, serv, servlen, flags);
}
