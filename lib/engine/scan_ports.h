/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_ports.h - rules 5 and 9 of docs/scan.md: a port, or the name of a service, after an address and a dot.
 */
#ifndef SIMDINET_SCAN_PORTS_H
#define SIMDINET_SCAN_PORTS_H

#include "scan_text.h"

typedef struct dot_port {
    size_t end;
    uint16_t port;
    bool is_service; /* a name instead of a number */
} dot_port;

/* A dot, then a port or a service's name, and the end of the word. */
static inline bool parse_dot_port(const scan_text *t, size_t dot, dot_port *found) {
    const size_t start = dot + 1;
    if (byte_at(t, dot) != '.')
        return false;
    *found = (dot_port){.end = port_end(t, start, &found->port)};
    if (found->end > start) {
        port_end(t, start, &found->port);
        return is_delimited_after(t, found->end);
    }
    if (!(class_at(t, start) & CLASS_LOWER))
        return false;
    size_t at = start;
    while (at - start <= MAX_SERVICE &&
           (class_at(t, at) & (CLASS_LOWER | CLASS_DIGIT) || byte_at(t, at) == '-'))
        at++;
    found->is_service = true;
    found->end = at;
    return at - start >= 2 && at - start <= MAX_SERVICE && is_delimited_after(t, at);
}

static inline bool is_beside(const scan_text *t, size_t start, size_t end, const char *mark) {
    return word_ends_at(t, start, mark) || word_starts_at(t, end, mark);
}

/* Another address with a port that is no octet, and one blank, stand before start. One of the two ports is
 * a number. */
static inline bool is_pair_before(const scan_text *t, size_t start, bool number) {
    if (byte_at(t, start - 1) != ' ')
        return false;
    for (size_t back = 2; back <= 1 + 16 + MAX_SERVICE && back <= start; back++) {
        uint8_t address[16];
        dot_port port;
        const size_t from = start - back;
        if (class_at(t, from) & (CLASS_BLANK | CLASS_LINE_END))
            return false;
        if (!(class_at(t, from) & CLASS_DIGIT) || class_at(t, from - 1) & CLASS_DIGIT)
            continue;
        const size_t end = quad_end(t, from, address);
        if (end && is_delimited_before(t, from) && parse_dot_port(t, end, &port) &&
            (port.is_service ? number : port.port > 255) && port.end == start - 1)
            return true;
    }
    return false;
}

/* Rule 5, for four octets text[start, dot). */
static inline bool is_ipv4_dot_port(const scan_text *t, size_t start, size_t dot, dot_port *found) {
    if (t->flags & SIMDINET_SCAN_NO_DOT_PORT || !parse_dot_port(t, dot, found))
        return false;
    if (is_beside(t, start, found->end, " > "))
        return true;
    if (!found->is_service && is_beside(t, start, found->end, " - "))
        return true;
    if (!found->is_service && found->port <= 255)
        return false;
    if (is_beside(t, start, found->end, "  "))
        return true;
    if (!found->is_service && byte_at(t, found->end) == ':')
        return true;
    return is_pair_before(t, start, !found->is_service);
}

/* Three hexadecimal digits or more without a colon or a dot between them. */
static inline bool has_long_group(const scan_text *t, size_t start, size_t end) {
    size_t digits = 0;
    for (size_t i = start; i < end && digits < 3; i++)
        digits = class_at(t, i) & CLASS_HEX ? digits + 1 : 0;
    return digits == 3;
}

/* Rule 9, for an IPv6 address text[start, dot). */
static inline bool is_ipv6_dot_port(const scan_text *t, size_t start, size_t dot, dot_port *found) {
    if (t->flags & SIMDINET_SCAN_NO_DOT_PORT || !parse_dot_port(t, dot, found))
        return false;
    if (is_beside(t, start, found->end, " > "))
        return true;
    if (found->is_service || dot - start == 2)
        return false;
    return found->port > 255 || has_long_group(t, start, dot);
}

#endif
