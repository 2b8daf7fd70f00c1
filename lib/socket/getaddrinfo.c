/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * getaddrinfo.c - getaddrinfo: numeric hosts and cached services are resolved here, everything else
 * by the C library.
 *
 * The order of the checks is glibc's: it determines which error is reported when there are several.
 */
#include "internal.h"

#include <string.h>

/* The flags that glibc accepts: the seven of POSIX, those of IDN, and two obsolete ones that it
 * ignores. musl accepts only those of POSIX. */
#if defined(AI_IDN)
enum { IDN_FLAGS = AI_IDN | AI_CANONIDN, OBSOLETE_FLAGS = 0x300 };
#else
enum { IDN_FLAGS = 0, OBSOLETE_FLAGS = 0 };
#endif

enum {
    AI_KNOWN_FLAGS = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL |
                     AI_ADDRCONFIG | AI_NUMERICSERV | IDN_FLAGS | OBSOLETE_FLAGS
};

/* The socket types and protocols of glibc, in the order of its results. */
static const struct {
    int socktype;
    int protocol;
    bool by_default;  /* also if the hints have neither type nor protocol */
    const char *name; /* of the protocol in the services file; NULL: no services */
} socket_types[SIMDINET_ADDRINFO_MAX] = {
    {SOCK_STREAM, IPPROTO_TCP, true, "tcp"},    {SOCK_DGRAM, IPPROTO_UDP, true, "udp"},
    {SOCK_DCCP, IPPROTO_DCCP, false, "dccp"},   {SOCK_DGRAM, IPPROTO_UDPLITE, false, "udplite"},
    {SOCK_STREAM, IPPROTO_SCTP, false, "sctp"}, {SOCK_SEQPACKET, IPPROTO_SCTP, false, "sctp"},
    {SOCK_RAW, 0 /* any */, true, NULL},
};

enum { SOCKET_TYPES = sizeof socket_types / sizeof socket_types[0] };

static void plan_add_entry(simdinet_addrinfo_plan *plan, size_t type, int protocol, uint16_t port) {
    plan->entries[plan->n++] = (simdinet_addrinfo_entry){
        .socktype = socket_types[type].socktype, .protocol = protocol, .port = port};
}

/* The first type that matches; SOCKET_TYPES for none. 0 in the hints matches any. */
static size_t find_socket_type(int socktype, int protocol) {
    size_t type = 0;
    for (; type < SOCKET_TYPES; type++) {
        bool any_protocol = protocol == 0 || socket_types[type].socktype == SOCK_RAW;
        if ((socktype == 0 || socktype == socket_types[type].socktype) &&
            (any_protocol || protocol == socket_types[type].protocol))
            break;
    }
    return type;
}

static const simdinet_netdb_entry *find_service(const simdinet_netdb *db, const char *service,
                                                size_t type) {
    return simdinet_netdb_by_name(db, service, SIMDINET_ZSTR, socket_types[type].name,
                                  SIMDINET_ZSTR);
}

/* The entries for a service name. */
static int plan_service(simdinet_addrinfo_plan *plan, const char *service, size_t only,
                        int protocol) {
    const simdinet_netdb *db = simdinet_netdb_current(SIMDINET_SERVICES);
    if (!db)
        return SIMDINET_NEEDS_LIBC;
    for (size_t type = 0; type < SOCKET_TYPES; type++) {
        if (!socket_types[type].name || (only < SOCKET_TYPES && type != only))
            continue;
        const simdinet_netdb_entry *entry = find_service(db, service, type);
        if (entry)
            plan_add_entry(plan, type,
                           only < SOCKET_TYPES && protocol ? protocol : socket_types[type].protocol,
                           (uint16_t)entry->number);
    }
    return plan->n > 0 ? 0 : EAI_SERVICE;
}

/* The entries of the list: types, protocols and ports. */
static int plan_entries(simdinet_addrinfo_plan *plan, const char *service,
                        const struct addrinfo *hints) {
    int32_t number = 0;
    bool has_service = service && *service;
    plan->n = 0;
    if (has_service && !simdinet_parse_numeric_service(service, &number)) {
        if (hints->ai_flags & AI_NUMERICSERV)
            return EAI_NONAME;
        number = -1;
    }
    size_t only = SOCKET_TYPES;
    if (hints->ai_socktype || hints->ai_protocol) {
        only = find_socket_type(hints->ai_socktype, hints->ai_protocol);
        if (only == SOCKET_TYPES) /* no such type: a protocol alone matches SOCK_RAW at least */
            return EAI_SOCKTYPE;
        if (has_service && !socket_types[only].name)
            return EAI_SERVICE;
    }
    if (number < 0)
        return plan_service(plan, service, only, hints->ai_protocol);
    if (only < SOCKET_TYPES) {
        bool raw = socket_types[only].socktype == SOCK_RAW;
        plan_add_entry(plan, only, raw ? hints->ai_protocol : socket_types[only].protocol,
                       (uint16_t)number);
        return 0;
    }
    for (size_t type = 0; type < SOCKET_TYPES; type++)
        if (socket_types[type].by_default)
            plan_add_entry(plan, type, socket_types[type].protocol, (uint16_t)number);
    return 0;
}

/* The address if there is no host: the wildcard, or loopback. */
static int plan_no_host(simdinet_addrinfo_plan *plan, const struct addrinfo *hints) {
    if (hints->ai_family == AF_UNSPEC)
        return SIMDINET_NEEDS_LIBC; /* the order of the two families depends on the routes */
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
    switch (simdinet_parse_numeric_host(node, hints->ai_family, hints->ai_flags, plan, &code)) {
    case SIMDINET_HOST_NUMERIC:
        return 0;
    case SIMDINET_HOST_INVALID:
        return code;
    default:
        return hints->ai_flags & AI_NUMERICHOST ? EAI_NONAME : SIMDINET_NEEDS_LIBC;
    }
}

static bool is_wildcard(const char *text) {
    return text && text[0] == '*' && text[1] == '\0';
}

int simdinet_getaddrinfo_local(const char *node, const char *service, const struct addrinfo *hints,
                               struct addrinfo **res) {
    if (is_wildcard(node))
        node = NULL;
    if (is_wildcard(service))
        service = NULL;
    if (!node && !service)
        return EAI_NONAME;
    if (!hints)
        return SIMDINET_NEEDS_LIBC;
    if ((hints->ai_flags & ~AI_KNOWN_FLAGS) || ((hints->ai_flags & AI_CANONNAME) && !node))
        return EAI_BADFLAGS;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET &&
        hints->ai_family != AF_INET6)
        return EAI_FAMILY;
    if (hints->ai_flags & (AI_ADDRCONFIG | IDN_FLAGS))
        return SIMDINET_NEEDS_LIBC;
    simdinet_addrinfo_plan plan;
    plan.flags = hints->ai_flags;
    plan.canonical = hints->ai_flags & AI_CANONNAME ? node : NULL;
    int code = plan_entries(&plan, service, hints);
    if (code == 0)
        code = node ? plan_host(&plan, node, hints) : plan_no_host(&plan, hints);
    return code == 0 ? simdinet_addrinfo_create(&plan, res) : code;
}

int simdinet_getaddrinfo_libc(const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **res) {
    struct addrinfo *list;
    int saved_errno = simdinet_errno_save();
    int libc_code = getaddrinfo(node, service, hints, &list);
    int sys_errno = simdinet_errno_check(saved_errno);
    return libc_code == 0 ? simdinet_addrinfo_adopt(list, res)
                          : simdinet_addrinfo_error_code(libc_code, sys_errno);
}

int simdinet_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                         struct addrinfo **res) {
    int code = simdinet_getaddrinfo_local(node, service, hints, res);
    return code == SIMDINET_NEEDS_LIBC ? simdinet_getaddrinfo_libc(node, service, hints, res)
                                       : code;
}
