/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * nameinfo.c - getnameinfo: numbers and services here, reverse lookups by the C library.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {
    KNOWN_FLAGS = 0xff,
    /* The longest text of an address, '%', and an interface's name or a number of ten digits. */
    HOST_SIZE = SIMDINET_IPV6_TEXT_SIZE + 1 + IF_NAMESIZE
};

/* Writes '%' and the zone's name where the address is confined to a link, else its number. */
static size_t format_zone(const struct in6_addr *address, uint32_t scope, char *out) {
    out[0] = '%';
    if ((IN6_IS_ADDR_LINKLOCAL(address) || IN6_IS_ADDR_MC_LINKLOCAL(address)) &&
        simdinet_if_indextoname(scope, out + 1))
        return 1 + strlen(out + 1);
    return 1 + (size_t)sprintf(out + 1, "%u", scope);
}

static int store(const char *text, size_t len, char *buf, socklen_t cap) {
    if (len >= cap)
        return EAI_OVERFLOW;
    memcpy(buf, text, len + 1);
    return 0;
}

static int numeric_host(const struct sockaddr *sa, char *host, socklen_t hostlen) {
    char room[HOST_SIZE];
    char *text = hostlen >= sizeof room ? host : room;
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
    return text == host ? 0 : store(room, len, host, hostlen);
}

/* Every address has a service, so there is no error but the room. */
static int service_name(uint16_t port, char *serv, socklen_t servlen, int flags) {
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
    return store(number, simdinet_format_port(port, number), serv, servlen);
}

static int reverse_lookup(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                          int flags) {
    int kept = simdinet_errno_save();
    int code = getnameinfo(sa, salen, host, hostlen, NULL, 0, flags);
    int trouble = simdinet_errno_check(kept);
    return code == 0 ? 0 : simdinet_addrinfo_error_code(code, trouble);
}

static size_t address_size(sa_family_t family) {
    return family == AF_INET    ? sizeof(struct sockaddr_in)
           : family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                : SIZE_MAX;
}

int simdinet_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                         char *serv, socklen_t servlen, int flags) {
    if (flags & ~KNOWN_FLAGS)
        return EAI_BADFLAGS;
    if (!sa || salen < sizeof sa->sa_family)
        return EAI_FAMILY;
    bool want_host = host && hostlen > 0, want_service = serv && servlen > 0;
    if (sa->sa_family == AF_UNIX)
        return getnameinfo(sa, salen, host, hostlen, serv, servlen, flags);
    if ((flags & NI_NAMEREQD) && !host && !serv)
        return EAI_NONAME;
    if (salen < address_size(sa->sa_family))
        return EAI_FAMILY;
    if (want_host) {
        int code;
        if (!(flags & NI_NUMERICHOST))
            code = reverse_lookup(sa, salen, host, hostlen, flags);
        else
            code = flags & NI_NAMEREQD ? EAI_NONAME : numeric_host(sa, host, hostlen);
        if (code != 0)
            return code;
    }
    if (!want_service)
        return 0;
    /* The port stands at the same place in both. */
    uint16_t port = ntohs(((const struct sockaddr_in *)(const void *)sa)->sin_port);
    return service_name(port, serv, servlen, flags);
}

/* Reads the address of simdinet_getnameinfo_text into *out. */
static int read_address(const char *host, int64_t port, int nitems, uint32_t flowinfo,
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

int simdinet_getnameinfo_text(const char *host, size_t hlen, int64_t port, int nitems,
                              uint32_t flowinfo, uint32_t scope, int flags, char *h, size_t hcap,
                              char *s, size_t scap, simdinet_error *error) {
    if (!host || nitems < 2 || nitems > 4)
        return simdinet_fail(error, SIMDINET_E_VALUE);
    if (flowinfo > 0xfffff)
        return simdinet_fail(error, SIMDINET_E_RANGE);
    simdinet_text text;
    int status = simdinet_text_open(&text, host, hlen, error);
    if (status != SIMDINET_OK)
        return status;
    struct sockaddr_in6 address;
    status = read_address(text.z, port, nitems, flowinfo, scope, &address, error);
    simdinet_text_close(&text);
    if (status != SIMDINET_OK)
        return status;
    char name[NI_MAXHOST], service[NI_MAXSERV];
    const struct sockaddr *sa = (const struct sockaddr *)(const void *)&address;
    int code = simdinet_getnameinfo(sa, (socklen_t)address_size(sa->sa_family), name, sizeof name,
                                    service, sizeof service, flags);
    if (code != 0)
        return simdinet_fail_gai(error, code);
    size_t name_len = strlen(name), service_len = strlen(service);
    if (name_len >= hcap)
        return simdinet_fail_space(error, name_len + 1);
    status = simdinet_text_store(service, service_len, s, scap, NULL, error);
    if (status == SIMDINET_OK)
        memcpy(h, name, name_len + 1);
    return status;
}
