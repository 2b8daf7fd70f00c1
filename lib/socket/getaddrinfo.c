/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * resolver.c - getaddrinfo: what can be answered here is, the rest goes to the C library.
 *
 * The order of the checks is glibc's: it decides which error is reported when several things are
 * wrong at once.
 */
#include "internal.h"

#include <string.h>

/* Flags that glibc knows: POSIX's seven, the IDN ones, and two of old that it ignores. musl knows
 * POSIX's alone. */
#if defined(AI_IDN)
enum { IDN_FLAGS = AI_IDN | AI_CANONIDN, OLD_FLAGS = 0x300 };
#else
enum { IDN_FLAGS = 0, OLD_FLAGS = 0 };
#endif

enum {
    KNOWN_FLAGS = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL |
                  AI_ADDRCONFIG | AI_NUMERICSERV | IDN_FLAGS | OLD_FLAGS
};

/* The kinds of socket that glibc knows, in the order of its answers. */
static const struct {
    int socktype;
    int protocol;
    bool by_default;  /* an answer when the hints name neither type nor protocol */
    const char *name; /* of the protocol in the services file; NULL: has no services */
} kinds[SIMDINET_ADDRINFO_MAX] = {
    {SOCK_STREAM, IPPROTO_TCP, true, "tcp"},    {SOCK_DGRAM, IPPROTO_UDP, true, "udp"},
    {SOCK_DCCP, IPPROTO_DCCP, false, "dccp"},   {SOCK_DGRAM, IPPROTO_UDPLITE, false, "udplite"},
    {SOCK_STREAM, IPPROTO_SCTP, false, "sctp"}, {SOCK_SEQPACKET, IPPROTO_SCTP, false, "sctp"},
    {SOCK_RAW, 0 /* any */, true, NULL},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void add_implementation(simdinet_addrinfo_plan *plan, size_t kind, int protocol,
                               uint16_t port) {
    plan->rows[plan->count++] = (simdinet_addrinfo_entry){
        .socktype = kinds[kind].socktype, .protocol = protocol, .port = port};
}

/* The row that fits hints with a type or a protocol; KINDS for none. */
static size_t find_kind(int socktype, int protocol) {
    size_t kind = 0;
    for (; kind < KINDS; kind++) {
        bool any_protocol = protocol == 0 || kinds[kind].socktype == SOCK_RAW;
        if ((socktype == 0 || socktype == kinds[kind].socktype) &&
            (any_protocol || protocol == kinds[kind].protocol))
            break;
    }
    return kind;
}

static const simdinet_netdb_entry *find_service(const simdinet_netdb *table, const char *service,
                                                size_t kind) {
    return simdinet_netdb_by_name(table, service, SIMDINET_ZSTR, kinds[kind].name, SIMDINET_ZSTR);
}

/* Rows for a service with a name. */
static int plan_named(simdinet_addrinfo_plan *plan, const char *service, size_t only,
                      int protocol) {
    const simdinet_netdb *table = simdinet_netdb_current(SIMDINET_SERVICES);
    if (!table)
        return SIMDINET_NEEDS_LIBC;
    for (size_t kind = 0; kind < KINDS; kind++) {
        if (!kinds[kind].name || (only < KINDS && kind != only))
            continue;
        const simdinet_netdb_entry *entry = find_service(table, service, kind);
        if (entry)
            add_implementation(plan, kind,
                               only < KINDS && protocol ? protocol : kinds[kind].protocol,
                               (uint16_t)entry->number);
    }
    return plan->count > 0 ? 0 : EAI_SERVICE;
}

/* The rows of the answer: which types, protocols and ports. */
static int plan_rows(simdinet_addrinfo_plan *plan, const char *service,
                     const struct addrinfo *hints) {
    int32_t number = 0;
    bool present = service && *service;
    plan->count = 0;
    if (present && !simdinet_numeric_service(service, &number)) {
        if (hints->ai_flags & AI_NUMERICSERV)
            return EAI_NONAME;
        number = -1;
    }
    size_t only = KINDS;
    if (hints->ai_socktype || hints->ai_protocol) {
        only = find_kind(hints->ai_socktype, hints->ai_protocol);
        if (only == KINDS) /* for the type: a protocol alone fits the last row at least */
            return EAI_SOCKTYPE;
        if (present && !kinds[only].name)
            return EAI_SERVICE;
    }
    if (number < 0)
        return plan_named(plan, service, only, hints->ai_protocol);
    if (only < KINDS) {
        bool raw = kinds[only].socktype == SOCK_RAW;
        add_implementation(plan, only, raw ? hints->ai_protocol : kinds[only].protocol,
                           (uint16_t)number);
        return 0;
    }
    for (size_t kind = 0; kind < KINDS; kind++)
        if (kinds[kind].by_default)
            add_implementation(plan, kind, kinds[kind].protocol, (uint16_t)number);
    return 0;
}

/* The address of a host that is not given: every one of this machine, or its loopback. */
static int plan_no_host(simdinet_addrinfo_plan *plan, const struct addrinfo *hints) {
    if (hints->ai_family == AF_UNSPEC)
        return SIMDINET_NEEDS_LIBC; /* which of the two comes first takes a look at the routes */
    bool wildcard = hints->ai_flags & AI_PASSIVE;
    plan->family = hints->ai_family;
    plan->scope = 0;
    if (plan->family == AF_INET) {
        uint32_t address = simdinet_htonl(wildcard ? INADDR_ANY : INADDR_LOOPBACK);
        memcpy(plan->address, &address, 4);
    } else {
        memcpy(plan->address, wildcard ? &in6addr_any : &in6addr_loopback, 16);
    }
    return 0;
}

static int plan_host(simdinet_addrinfo_plan *plan, const char *node, const struct addrinfo *hints) {
    int code = 0;
    switch (simdinet_numeric_host(node, hints->ai_family, hints->ai_flags, plan, &code)) {
    case SIMDINET_NUMERIC:
        return 0;
    case SIMDINET_NUMERIC_WRONG:
        return code;
    default:
        return hints->ai_flags & AI_NUMERICHOST ? EAI_NONAME : SIMDINET_NEEDS_LIBC;
    }
}

static bool is_star(const char *text) {
    return text && text[0] == '*' && text[1] == '\0';
}

int simdinet_getaddrinfo_local(const char *node, const char *service, const struct addrinfo *hints,
                               struct addrinfo **res) {
    if (is_star(node))
        node = NULL;
    if (is_star(service))
        service = NULL;
    if (!node && !service)
        return EAI_NONAME;
    if (!hints)
        return SIMDINET_NEEDS_LIBC;
    if ((hints->ai_flags & ~KNOWN_FLAGS) || ((hints->ai_flags & AI_CANONNAME) && !node))
        return EAI_BADFLAGS;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET &&
        hints->ai_family != AF_INET6)
        return EAI_FAMILY;
    if (hints->ai_flags & (AI_ADDRCONFIG | IDN_FLAGS))
        return SIMDINET_NEEDS_LIBC;
    simdinet_addrinfo_plan plan;
    plan.flags = hints->ai_flags;
    plan.canonical = hints->ai_flags & AI_CANONNAME ? node : NULL;
    int code = plan_rows(&plan, service, hints);
    if (code == 0)
        code = node ? plan_host(&plan, node, hints) : plan_no_host(&plan, hints);
    return code == 0 ? simdinet_addrinfo_create(&plan, res) : code;
}

int simdinet_getaddrinfo_libc(const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **res) {
    struct addrinfo *list;
    int kept = simdinet_errno_save();
    int code = getaddrinfo(node, service, hints, &list);
    int trouble = simdinet_errno_check(kept);
    return code == 0 ? simdinet_addrinfo_adopt(list, res)
                     : simdinet_addrinfo_error_code(code, trouble);
}

int simdinet_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                         struct addrinfo **res) {
    int code = simdinet_getaddrinfo_local(node, service, hints, res);
    return code == SIMDINET_NEEDS_LIBC ? simdinet_getaddrinfo_libc(node, service, hints, res)
                                       : code;
}
