/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * inet.c - inet_pton, inet_ntop, inet_aton and inet_ntoa on the address engine.
 *
 * pton and aton call the engine's functions for NUL-terminated text, which saves a strlen.
 */
#include "simdinet_socket.h"

#include <errno.h>
#include <string.h>

int simdinet_inet_pton(int af, const char *src, void *dst) {
    if (af == AF_INET)
        return simdinet_parse_ipv4_z(src, dst);
    if (af == AF_INET6)
        return simdinet_parse_ipv6_z(src, dst);
    errno = EAFNOSUPPORT;
    return -1;
}

/* Another family, or a buffer smaller than the longest address. Out of line: its buffer would give
 * every call a stack frame. */
static __attribute__((noinline, cold)) const char *inet_ntop_checked(int af, const void *src,
                                                                     char *dst, socklen_t size) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    size_t length;
    if (af != AF_INET && af != AF_INET6) {
        errno = EAFNOSUPPORT;
        return NULL;
    }
    length = af == AF_INET ? simdinet_format_ipv4(src, text) : simdinet_format_ipv6(src, text);
    if (length >= size) {
        errno = ENOSPC;
        return NULL;
    }
    memcpy(dst, text, length + 1);
    return dst;
}

const char *simdinet_inet_ntop(int af, const void *src, char *dst, socklen_t size) {
    if (af == AF_INET && size >= SIMDINET_IPV4_TEXT_SIZE)
        simdinet_format_ipv4(src, dst);
    else if (af == AF_INET6 && size >= SIMDINET_IPV6_TEXT_SIZE)
        simdinet_format_ipv6(src, dst);
    else
        return inet_ntop_checked(af, src, dst, size);
    return dst;
}

int simdinet_inet_ntoa(struct in_addr in, char out[SIMDINET_IPV4_TEXT_SIZE]) {
    uint8_t address[4];
    memcpy(address, &in.s_addr, 4);
    simdinet_format_ipv4(address, out);
    return SIMDINET_OK;
}

/* The value of a digit, or base if c is not a digit of that base. Independent of the locale. */
static unsigned digit_value(char c, unsigned base) {
    unsigned value = base;
    if (c >= '0' && c <= '9')
        value = (unsigned)(c - '0');
    else if (c >= 'a' && c <= 'f')
        value = (unsigned)(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
        value = (unsigned)(c - 'A') + 10;
    return value < base ? value : base;
}

/* Parses one number and moves *cp past it. False: no digit, or above 2^32 - 1. */
static bool parse_aton_number(const char **cp, uint32_t *out) {
    const char *p = *cp;
    unsigned base = 10;
    uint64_t value = 0;
    if (*p < '0' || *p > '9')
        return false;
    if (*p == '0') {
        base = 8;
        if (p[1] == 'x' || p[1] == 'X') {
            base = 16;
            p += 2;
        }
    }
    const char *digits = p;
    for (unsigned digit; (digit = digit_value(*p, base)) < base; p++) {
        value = value * base + digit;
        if (value > UINT32_MAX)
            return false;
    }
    *cp = p;
    *out = (uint32_t)value;
    return p > digits;
}

int simdinet_inet_aton(const char *cp, struct in_addr *inp) {
    struct in_addr address;
    if (!simdinet_parse_ipv4_z(cp, (uint8_t *)&address.s_addr)) {
        uint32_t value = 0, number;
        for (unsigned before = 0;; before++) {
            if (!parse_aton_number(&cp, &number))
                return 0;
            if (*cp != '.' || before == 3) {
                if (number > UINT32_MAX >> 8 * before)
                    return 0;
                value |= number;
                break;
            }
            if (number > 255)
                return 0;
            value |= number << (24 - 8 * before);
            cp++;
        }
        if (*cp != '\0' && *cp != ' ' && !(*cp >= '\t' && *cp <= '\r'))
            return 0;
        address.s_addr = simdinet_htonl(value);
    }
    if (inp)
        *inp = address;
    return 1;
}
