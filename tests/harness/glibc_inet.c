/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * glibc_inet.c - inet_ntop and inet_aton with the results of glibc, for tests with another C
 * library. musl's inet_ntop compresses other zero runs and uses the dotted form for fewer prefixes,
 * and its inet_aton refuses text after the last part.
 *
 * Simple rather than fast: the tests compare the library with it here, and with glibc itself
 * elsewhere.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void format_ipv4(const uint8_t *bytes, char *out) {
    sprintf(out, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static void format_ipv6(const uint8_t *bytes, char *out) {
    unsigned groups[8];
    int start = -1, length = 1; /* of the first of the longest runs of two zeros at least */
    for (int i = 0; i < 8; i++)
        groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
    for (int i = 0; i < 8; i++) {
        int run = 0;
        while (i + run < 8 && groups[i + run] == 0)
            run++;
        if (run > length) {
            start = i;
            length = run;
        }
    }
    int dotted = start == 0 && (length == 6 || (length == 5 && groups[5] == 0xffff)) ? 6 : 8;
    for (int i = 0; i < dotted;) {
        if (i == start) {
            out += sprintf(out, i + length == 8 ? "::" : ":");
            i += length;
        } else {
            out += sprintf(out, i == 0 ? "%x" : ":%x", groups[i]);
            i++;
        }
    }
    if (dotted == 6) {
        *out++ = ':';
        format_ipv4(bytes + 12, out);
    }
}

const char *inet_ntop(int family, const void *restrict address, char *restrict out,
                      socklen_t size) {
    char text[INET6_ADDRSTRLEN];
    if (family != AF_INET && family != AF_INET6) {
        errno = EAFNOSUPPORT;
        return NULL;
    }
    if (family == AF_INET)
        format_ipv4(address, text);
    else
        format_ipv6(address, text);
    if (strlen(text) >= size) {
        errno = ENOSPC;
        return NULL;
    }
    return strcpy(out, text);
}

int inet_aton(const char *text, struct in_addr *out) {
    uint32_t address = 0;
    for (int part = 0; part < 4; part++) {
        if (*text < '0' || *text > '9')
            return 0;
        /* strtoull parses "0x" without a digit as 0, and leaves the x. */
        char *end;
        unsigned long long value = strtoull(text, &end, 0);
        if (*end == '.' && part < 3) {
            if (value > 255)
                return 0;
            address |= (uint32_t)value << (24 - 8 * part);
            text = end + 1;
            continue;
        }
        if ((*end && !strchr(" \t\n\v\f\r", *end)) || value > UINT32_MAX >> 8 * part)
            return 0;
        out->s_addr = htonl(address | (uint32_t)value);
        return 1;
    }
    return 0;
}
