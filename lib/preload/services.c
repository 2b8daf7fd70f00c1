/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * services.c - getservbyname, getservbyport, getprotobyname and their forms with a buffer, and the
 * comparisons.
 *
 * The forms without a buffer answer in memory of the calling thread, each function in its own. In
 * the C library they have one place for all threads, so what they are compared with is the C
 * library's other form.
 */
#include "interpose.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A question that any of the six functions asks. */
typedef struct {
    preload_function which;
    enum { SERVICE_BY_NAME, SERVICE_BY_PORT, PROTOCOL_BY_NAME, KINDS } kind;
    const char *name;
    const char *proto;
    int port; /* network order */
} question;

typedef union {
    struct servent service;
    struct protoent protocol;
} any_entry;

typedef struct {
    int code;
    int sys_errno;
    any_entry *entry; /* NULL: there is none */
} answer;

static answer ask(const question *asked, bool ours, any_entry *entry, char *buf, size_t buflen) {
    struct servent *service = NULL;
    struct protoent *protocol = NULL;
    answer got;
    if (asked->kind == SERVICE_BY_NAME)
        got.code = (ours ? simdinet_getservbyname_r : PRELOAD_REAL(getservbyname_r))(
            asked->name, asked->proto, &entry->service, buf, buflen, &service);
    else if (asked->kind == SERVICE_BY_PORT)
        got.code = (ours ? simdinet_getservbyport_r : PRELOAD_REAL(getservbyport_r))(
            asked->port, asked->proto, &entry->service, buf, buflen, &service);
    else
        got.code = (ours ? simdinet_getprotobyname_r : PRELOAD_REAL(getprotobyname_r))(
            asked->name, &entry->protocol, buf, buflen, &protocol);
    got.sys_errno = errno;
    got.entry = service || protocol ? entry : NULL;
    return got;
}

/* ---- comparison ------------------------------------------------------------------------------- */

static bool same_names(char *const *a, char *const *b) {
    for (; *a && *b; a++, b++)
        if (strcmp(*a, *b) != 0)
            return false;
    return !*a && !*b;
}

static bool same_entries(const question *asked, const any_entry *a, const any_entry *b) {
    if (!a || !b)
        return a == b;
    if (asked->kind == PROTOCOL_BY_NAME)
        return strcmp(a->protocol.p_name, b->protocol.p_name) == 0 &&
               same_names(a->protocol.p_aliases, b->protocol.p_aliases) &&
               a->protocol.p_proto == b->protocol.p_proto;
    return strcmp(a->service.s_name, b->service.s_name) == 0 &&
           same_names(a->service.s_aliases, b->service.s_aliases) &&
           a->service.s_port == b->service.s_port &&
           strcmp(a->service.s_proto, b->service.s_proto) == 0;
}

static void add_answer(preload_line *line, const question *asked, const answer *got) {
    preload_line_add(line, "%d, errno %d", got->code, got->sys_errno);
    if (!got->entry) {
        preload_line_add(line, ", none");
        return;
    }
    const any_entry *entry = got->entry;
    bool protocol = asked->kind == PROTOCOL_BY_NAME;
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

static void compare(const question *asked, const answer *ours, const answer *theirs, bool handed) {
    bool same = ours->code == theirs->code && ours->sys_errno == theirs->sys_errno &&
                same_entries(asked, ours->entry, theirs->entry);
    preload_count(asked->which, handed, same ? PRELOAD_SAME : PRELOAD_DIFFERENT);
    preload_line line;
    if (same || !preload_line_begin(&line, asked->which))
        return;
    preload_line_add(&line, "(");
    if (asked->kind == SERVICE_BY_PORT)
        preload_line_add(&line, "%d", asked->port);
    else
        preload_line_quote(&line, asked->name);
    if (asked->kind != PROTOCOL_BY_NAME) {
        preload_line_add(&line, ", ");
        preload_line_quote(&line, asked->proto);
    }
    preload_line_add(&line, "): ");
    add_answer(&line, asked, ours);
    preload_line_add(&line, "; the C library: ");
    add_answer(&line, asked, theirs);
    preload_line_write(&line);
}

/* ---- with the caller's buffer ----------------------------------------------------------------- */

static int answer_and_compare(const question *asked, void *entry, char *buf, size_t buflen,
                              bool *found) {
    any_entry their_entry;
    /* A buffer of the same size and alignment, for these decide what fits. Nobody has an entry of a
     * megabyte. Without memory, no comparison. */
    const size_t align = _Alignof(max_align_t), most = 1 << 20;
    size_t theirs_len = buflen < most ? buflen : most;
    char *theirs_buf = malloc(theirs_len + align);
    answer theirs = {0};
    int before = errno;
    if (theirs_buf)
        theirs = ask(asked, false, &their_entry, theirs_buf + (uintptr_t)buf % align, theirs_len);
    errno = before;
    unsigned long handed = preload_handed;
    any_entry our_entry;
    answer ours = ask(asked, true, &our_entry, buf, buflen);
    if (ours.entry)
        memcpy(entry, &our_entry,
               asked->kind == PROTOCOL_BY_NAME ? sizeof(struct protoent) : sizeof(struct servent));
    if (theirs_buf)
        compare(asked, &ours, &theirs, preload_handed != handed);
    free(theirs_buf);
    *found = ours.entry != NULL;
    errno = ours.sys_errno;
    return ours.code;
}

static int service_and_compare(const question *asked, struct servent *entry, char *buf,
                               size_t buflen, struct servent **result) {
    bool found;
    int code = answer_and_compare(asked, entry, buf, buflen, &found);
    *result = found ? entry : NULL;
    return code;
}

SIMDINET_API int getservbyname_r(const char *name, const char *proto, struct servent *entry,
                                 char *buf, size_t buflen, struct servent **result) {
    if (!preload_checks())
        return simdinet_getservbyname_r(name, proto, entry, buf, buflen, result);
    question asked = {PRELOAD_getservbyname_r, SERVICE_BY_NAME, name, proto, 0};
    return service_and_compare(&asked, entry, buf, buflen, result);
}

SIMDINET_API int getservbyport_r(int port, const char *proto, struct servent *entry, char *buf,
                                 size_t buflen, struct servent **result) {
    if (!preload_checks())
        return simdinet_getservbyport_r(port, proto, entry, buf, buflen, result);
    question asked = {PRELOAD_getservbyport_r, SERVICE_BY_PORT, NULL, proto, port};
    return service_and_compare(&asked, entry, buf, buflen, result);
}

SIMDINET_API int getprotobyname_r(const char *name, struct protoent *entry, char *buf,
                                  size_t buflen, struct protoent **result) {
    if (!preload_checks())
        return simdinet_getprotobyname_r(name, entry, buf, buflen, result);
    question asked = {PRELOAD_getprotobyname_r, PROTOCOL_BY_NAME, name, NULL, 0};
    bool found;
    int code = answer_and_compare(&asked, entry, buf, buflen, &found);
    *result = found ? entry : NULL;
    return code;
}

/* ---- in the thread's memory ------------------------------------------------------------------- */

typedef struct {
    any_entry entry;
    char *buf;
    size_t buflen;
} place;

static _Thread_local place places[KINDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;
static bool have_thread_end;

static void free_places(void *mine) {
    for (int kind = 0; kind < KINDS; kind++) {
        free(((place *)mine)[kind].buf);
        ((place *)mine)[kind].buf = NULL;
    }
}

static void make_thread_end(void) {
    have_thread_end = pthread_key_create(&thread_end, free_places) == 0;
}

/* False without memory; the place then has none. */
static bool grow(place *mine) {
    size_t size = mine->buf ? 2 * mine->buflen : 1024;
    char *larger = realloc(mine->buf, size);
    if (larger) {
        /* Where a thread's end cannot be noticed its memory stays, and nothing worse comes of it. */
        pthread_once(&once, make_thread_end);
        if (have_thread_end && !mine->buf)
            pthread_setspecific(thread_end, places);
        mine->buflen = size;
    } else {
        free(mine->buf);
        errno = ENOMEM;
    }
    mine->buf = larger;
    return larger != NULL;
}

/* Asks until the answer fits. */
static answer ask_until_it_fits(const question *asked, bool ours, place *mine) {
    answer got = {0};
    do {
        if ((got.code == ERANGE || !mine->buf) && !grow(mine))
            return (answer){.code = 0, .sys_errno = ENOMEM};
        got = ask(asked, ours, &mine->entry, mine->buf, mine->buflen);
    } while (got.code == ERANGE);
    got.code = 0; /* which these functions do not return */
    return got;
}

static any_entry *answer_and_compare_in_place(const question *asked) {
    place other = {0};
    int before = errno;
    /* First, for the question may stand in the last answer. */
    answer theirs = ask_until_it_fits(asked, false, &other);
    unsigned long handed = preload_handed;
    errno = before;
    answer ours = ask_until_it_fits(asked, true, &places[asked->kind]);
    compare(asked, &ours, &theirs, preload_handed != handed);
    free(other.buf);
    errno = ours.sys_errno;
    return ours.entry;
}

static any_entry *answer_in_place(const question *asked) {
    return preload_checks() ? answer_and_compare_in_place(asked)
                            : ask_until_it_fits(asked, true, &places[asked->kind]).entry;
}

SIMDINET_API struct servent *getservbyname(const char *name, const char *proto) {
    question asked = {PRELOAD_getservbyname, SERVICE_BY_NAME, name, proto, 0};
    any_entry *found = answer_in_place(&asked);
    return found ? &found->service : NULL;
}

SIMDINET_API struct servent *getservbyport(int port, const char *proto) {
    question asked = {PRELOAD_getservbyport, SERVICE_BY_PORT, NULL, proto, port};
    any_entry *found = answer_in_place(&asked);
    return found ? &found->service : NULL;
}

SIMDINET_API struct protoent *getprotobyname(const char *name) {
    question asked = {PRELOAD_getprotobyname, PROTOCOL_BY_NAME, name, NULL, 0};
    any_entry *found = answer_in_place(&asked);
    return found ? &found->protocol : NULL;
}
