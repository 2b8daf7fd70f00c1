/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * numeric.c - numeric hosts and services, as glibc's getaddrinfo parses them.
 */
#include "internal.h"

#include <limits.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* Any form of inet_aton, but without the trailing text that inet_aton allows after white space. */
static bool parse_ipv4_host(const char *host, uint8_t out[4]) {
    if (simdinet_parse_ipv4_z(host, out))
        return true;
    struct in_addr address;
    if (!simdinet_is_digit(*host) || !simdinet_inet_aton(host, &address))
        return false;
    for (const char *p = host; *p; p++)
        if (simdinet_is_space(*p))
            return false;
    memcpy(out, &address, 4);
    return true;
}

/*
 * A colon among the first five bytes: every IPv6 text has one, no IPv4 text does. A dot ends the
 * search: nearly every IPv4 text has one among its first four bytes.
 */
static bool has_ipv6_colon(const char *host) {
    for (int i = 0; i < 5 && host[i] && host[i] != '.'; i++)
        if (host[i] == ':')
            return true;
    return false;
}

/*
 * A zone is an interface name if the address has link-local or interface-local scope, otherwise a
 * number, not necessarily the index of an interface. As in glibc, address is the result: for an
 * IPv4-mapped address that is resolved as IPv4, its four bytes.
 */
static bool parse_zone(const char *zone, const uint8_t address[4], uint32_t *out) {
    bool link_local = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
    bool multicast = address[0] == 0xff && ((address[1] & 0x0f) == 1 || (address[1] & 0x0f) == 2);
    if (link_local || multicast) {
        *out = simdinet_if_nametoindex(zone);
        if (*out != 0)
            return true;
    }
    uint64_t value = 0;
    if (!simdinet_is_digit(*zone))
        return false;
    for (; simdinet_is_digit(*zone); zone++) {
        value = value * 10 + (uint64_t)(*zone - '0');
        if (value > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)value;
    return *zone == '\0';
}

static bool parse_ipv6_host(const char *host, uint8_t out[16], const char **zone) {
    *zone = NULL;
    if (simdinet_parse_ipv6_z(host, out))
        return true;
    const char *percent = strchr(host, '%');
    if (!percent || !simdinet_parse_ipv6(host, (size_t)(percent - host), out))
        return false;
    *zone = percent + 1;
    return true;
}

simdinet_host_kind simdinet_parse_numeric_host(const char *host, int family, int flags,
                                               simdinet_addrinfo_plan *plan, int *code) {
    const char *zone;
    plan->scope = 0;
    bool colon = has_ipv6_colon(host);
    if (!colon && parse_ipv4_host(host, plan->address)) {
        plan->family = AF_INET;
        if (family != AF_INET6)
            return SIMDINET_HOST_NUMERIC;
        if (!(flags & AI_V4MAPPED)) {
            *code = EAI_ADDRFAMILY;
            return SIMDINET_HOST_INVALID;
        }
        plan->family = AF_INET6;
        memcpy(plan->address + 12, plan->address, 4);
        memcpy(plan->address, mapped_prefix, 12);
        return SIMDINET_HOST_NUMERIC;
    }
    if (!colon || !parse_ipv6_host(host, plan->address, &zone))
        return SIMDINET_HOST_NAME;
    plan->family = AF_INET6;
    if (family == AF_INET) {
        if (memcmp(plan->address, mapped_prefix, 12) != 0) {
            *code = EAI_ADDRFAMILY;
            return SIMDINET_HOST_INVALID;
        }
        plan->family = AF_INET;
        memcpy(plan->address, plan->address + 12, 4);
    }
    if (zone && !parse_zone(zone, plan->address, &plan->scope)) {
        *code = EAI_NONAME;
        return SIMDINET_HOST_INVALID;
    }
    return SIMDINET_HOST_NUMERIC;
}

bool simdinet_parse_numeric_service(const char *service, int32_t *out) {
    const char *p = service;
    uint32_t port = 0;
    /* Nine digits cannot overflow. Anything else, and the empty text, is left to the loop below. */
    for (; simdinet_is_digit(*p) && p - service < 9; p++)
        port = port * 10 + (uint32_t)(*p - '0');
    if (*p == '\0' && p > service) {
        *out = (int32_t)port;
        return true;
    }
    p = service;
    while (simdinet_is_space(*p))
        p++;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (!simdinet_is_digit(*p))
        return false;
    unsigned long value = 0;
    bool saturated = false;
    for (; simdinet_is_digit(*p); p++) {
        unsigned long digit = (unsigned long)(*p - '0');
        saturated |= value > (ULONG_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (saturated)
        value = ULONG_MAX;
    else if (negative)
        value = 0UL - value;
    *out = (int32_t)(uint32_t)value;
    return *p == '\0';
}

size_t simdinet_format_port(uint16_t port, char out[6]) {
    char digits[5];
    size_t n = 0;
    unsigned rest = port;
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    out[n] = '\0';
    return n;
}
