/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * getnameinfo.c - getnameinfo: numeric hosts and services are formatted here; reverse lookups are
 * the C library's.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {
    NI_KNOWN_FLAGS = 0xff,
    /* The longest address, '%', and an interface name or a number of ten digits. */
    MAX_HOST_SIZE = SIMDINET_IPV6_TEXT_SIZE + 1 + IF_NAMESIZE
};

/* Formats '%' and the zone: an interface name for link-local scope, otherwise a number. */
static size_t format_zone(const struct in6_addr *address, uint32_t scope, char *out) {
    out[0] = '%';
    if ((IN6_IS_ADDR_LINKLOCAL(address) || IN6_IS_ADDR_MC_LINKLOCAL(address)) &&
        simdinet_if_indextoname(scope, out + 1))
        return 1 + strlen(out + 1);
    return 1 + (size_t)sprintf(out + 1, "%u", scope);
}

static int store_nameinfo(const char *text, size_t len, char *buf, socklen_t size) {
    if (len >= size)
        return EAI_OVERFLOW;
    /* cppcheck-suppress uninitvar ; the argument len comes from the call that writes text */
    memcpy(buf, text, len + 1);
    return 0;
}

static int format_numeric_host(const struct sockaddr *sa, char *host, socklen_t hostlen) {
    char local[MAX_HOST_SIZE];
    char *text = hostlen >= sizeof local ? host : local;
    size_t len;
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;
        len = simdinet_format_ipv4((const uint8_t *)&in->sin_addr, text);
    } else {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)sa;
        len = simdinet_format_ipv6(in6->sin6_addr.s6_addr, text);
        if (in6->sin6_scope_id != 0)
            len += format_zone(&in6->sin6_addr, in6->sin6_scope_id, text + len);
    }
    return text == host ? 0 : store_nameinfo(local, len, host, hostlen);
}

/* A port without a service name is formatted as a number, so the only errors are a short buffer and
 * no memory. */
static int service_nameinfo(uint16_t port, char *serv, socklen_t servlen, int flags) {
    char number[6];
    const char *proto = flags & NI_DGRAM ? "udp" : "tcp";
    if (!(flags & NI_NUMERICSERV)) {
        int status = simdinet_getservbyport(port, proto, 3, serv, (size_t)servlen, NULL, NULL);
        if (status == SIMDINET_OK)
            return 0;
        if (status == SIMDINET_E_NOSPACE)
            return EAI_OVERFLOW;
        if (status == SIMDINET_E_NOMEM)
            return EAI_MEMORY;
    }
    return store_nameinfo(number, simdinet_format_port(port, number), serv, servlen);
}

static int libc_reverse_lookup(const struct sockaddr *sa, socklen_t salen, char *host,
                               socklen_t hostlen, int flags) {
    int saved_errno = simdinet_errno_save();
    int libc_code = getnameinfo(sa, salen, host, hostlen, NULL, 0, flags);
    int sys_errno = simdinet_errno_check(saved_errno);
    return libc_code == 0 ? 0 : simdinet_addrinfo_error_code(libc_code, sys_errno);
}

static size_t sockaddr_size(sa_family_t family) {
    return family == AF_INET    ? sizeof(struct sockaddr_in)
           : family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                : SIZE_MAX;
}

int simdinet_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                         char *serv, socklen_t servlen, int flags) {
    if (flags & ~NI_KNOWN_FLAGS)
        return EAI_BADFLAGS;
    if (!sa || salen < sizeof sa->sa_family)
        return EAI_FAMILY;
    bool want_host = host && hostlen > 0, want_service = serv && servlen > 0;
    if (sa->sa_family == AF_UNIX)
        return getnameinfo(sa, salen, host, hostlen, serv, servlen, flags);
    if ((flags & NI_NAMEREQD) && !host && !serv)
        return EAI_NONAME;
    if (salen < sockaddr_size(sa->sa_family))
        return EAI_FAMILY;
    if (want_host) {
        int code;
        if (!(flags & NI_NUMERICHOST))
            code = libc_reverse_lookup(sa, salen, host, hostlen, flags);
        else
            code = flags & NI_NAMEREQD ? EAI_NONAME : format_numeric_host(sa, host, hostlen);
        if (code != 0)
            return code;
    }
    if (!want_service)
        return 0;
    /* sin_port and sin6_port have the same offset. */
    uint16_t port = ntohs(((const struct sockaddr_in *)(const void *)sa)->sin_port);
    return service_nameinfo(port, serv, servlen, flags);
}

/* Parses the address of simdinet_getnameinfo_text. */
static int parse_nameinfo_address(const char *host, int64_t port, int nitems, uint32_t flowinfo,
                                  uint32_t scope, struct sockaddr_in6 *out, simdinet_error *error) {
    char service[24];
    snprintf(service, sizeof service, "%lld", (long long)port);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *list;
    int code = simdinet_getaddrinfo(host, service, &hints, &list);
    if (code != 0)
        return simdinet_fail_gai(error, code);
    int status = SIMDINET_OK;
    if (list->ai_next) {
        status = simdinet_fail(error, SIMDINET_E_AMBIGUOUS);
    } else if (list->ai_family == AF_INET && nitems != 2) {
        status = simdinet_fail(error, SIMDINET_E_SHAPE);
    } else {
        memcpy(out, list->ai_addr, list->ai_addrlen);
        if (list->ai_family == AF_INET6) {
            out->sin6_flowinfo = simdinet_htonl(flowinfo);
            out->sin6_scope_id = scope;
        }
    }
    simdinet_freeaddrinfo(list);
    return status;
}

int simdinet_getnameinfo_text(const char *host, size_t host_len, int64_t port, int nitems,
                              uint32_t flowinfo, uint32_t scope, int flags, char *name,
                              size_t name_size, char *service, size_t service_size,
                              simdinet_error *error) {
    if (!host || nitems < 2 || nitems > 4)
        return simdinet_fail(error, SIMDINET_E_VALUE);
    if (flowinfo > 0xfffff)
        return simdinet_fail(error, SIMDINET_E_RANGE);
    simdinet_zstring text;
    int status = simdinet_zstring_init(&text, host, host_len, error);
    if (status != SIMDINET_OK)
        return status;
    struct sockaddr_in6 address;
    status = parse_nameinfo_address(text.z, port, nitems, flowinfo, scope, &address, error);
    simdinet_zstring_free(&text);
    if (status != SIMDINET_OK)
        return status;
    char found_name[NI_MAXHOST], found_service[NI_MAXSERV];
    const struct sockaddr *sa = (const struct sockaddr *)(const void *)&address;
    int code = simdinet_getnameinfo(sa, (socklen_t)sockaddr_size(sa->sa_family), found_name,
                                    sizeof found_name, found_service, sizeof found_service, flags);
    if (code != 0)
        return simdinet_fail_gai(error, code);
    size_t name_len = strlen(found_name), service_len = strlen(found_service);
    if (name_len >= name_size)
        return simdinet_fail_space(error, name_len + 1);
    status = simdinet_store_text(found_service, service_len, service, service_size, NULL, error);
    if (status == SIMDINET_OK)
        memcpy(name, found_name, name_len + 1);
    return status;
}
