/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * explain.c - why a text is not an address, and at which byte.
 *
 * A parser of its own, one character at a time, that stops at the first error. The tests check that
 * it accepts exactly what the kernels accept.
 */
#include "simdinet.h"

static bool is_decimal_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c) {
    return is_decimal_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static simdinet_reason explain_as(simdinet_reason reason, size_t byte, size_t *at) {
    *at = byte;
    return reason;
}

/* The octets from text[i] on: of an IPv4 address, or of the one embedded in an IPv6 address. */
static simdinet_reason explain_octets(const char *text, size_t i, size_t len, size_t *at) {
    for (unsigned octets = 0;; i++) {
        size_t start = i;
        unsigned value = 0;
        for (; i < len && is_decimal_digit(text[i]); i++)
            if (value < 1000) /* out of range already; more digits could overflow */
                value = 10 * value + (unsigned)(text[i] - '0');
        if (i == start) {
            if (i == len)
                return explain_as(SIMDINET_REASON_END, len, at);
            return explain_as(
                text[i] == '.' ? SIMDINET_REASON_OCTET_MISSING : SIMDINET_REASON_CHARACTER, i, at);
        }
        if (octets == 4)
            return explain_as(SIMDINET_REASON_OCTET_COUNT_HIGH, start, at);
        if (text[start] == '0' && i - start > 1)
            return explain_as(SIMDINET_REASON_LEADING_ZERO, start, at);
        if (value > 255)
            return explain_as(SIMDINET_REASON_OCTET_RANGE, start, at);
        octets++;
        if (i == len) {
            if (octets == 4)
                return explain_as(SIMDINET_REASON_NONE, len, at);
            return explain_as(SIMDINET_REASON_OCTET_COUNT_LOW, len, at);
        }
        if (text[i] != '.')
            return explain_as(SIMDINET_REASON_CHARACTER, i, at);
    }
}

static simdinet_reason explain_groups(const char *text, size_t len, size_t *at) {
    bool compressed = false;
    size_t compression_at = 0;
    unsigned groups = 0;
    size_t i = 0;
    if (text[0] == ':') {
        if (len == 1 || text[1] != ':')
            return explain_as(SIMDINET_REASON_SINGLE_COLON, 0, at);
        compressed = true;
        i = 2;
    }
    while (i < len) {
        size_t start = i;
        while (i < len && is_hex_digit(text[i]))
            i++;
        if (i < len && text[i] == '.' && i > start) {
            simdinet_reason reason = explain_octets(text, start, len, at);
            if (reason == SIMDINET_REASON_CHARACTER && text[*at] == ':')
                return explain_as(SIMDINET_REASON_EMBEDDED_IPV4, start, at);
            if (reason != SIMDINET_REASON_NONE)
                return reason;
            if (groups > 6)
                return explain_as(SIMDINET_REASON_GROUP_COUNT_HIGH, start, at);
            groups += 2;
            break;
        }
        if (i == start)
            return explain_as(text[i] == ':' ? SIMDINET_REASON_SECOND_COMPRESSION
                                             : SIMDINET_REASON_CHARACTER,
                              i, at);
        if (i - start > 4)
            return explain_as(SIMDINET_REASON_GROUP_LENGTH, start, at);
        if (groups == 8)
            return explain_as(SIMDINET_REASON_GROUP_COUNT_HIGH, start, at);
        groups++;
        if (i == len)
            break;
        if (text[i] != ':')
            return explain_as(SIMDINET_REASON_CHARACTER, i, at);
        i++;
        if (i == len)
            return explain_as(SIMDINET_REASON_SINGLE_COLON, i - 1, at);
        if (text[i] == ':') {
            if (compressed)
                return explain_as(SIMDINET_REASON_SECOND_COMPRESSION, i - 1, at);
            compressed = true;
            compression_at = i - 1;
            i++;
        }
    }
    if (compressed && groups == 8)
        return explain_as(SIMDINET_REASON_GROUP_COUNT_HIGH, compression_at, at);
    if (!compressed && groups < 8)
        return explain_as(SIMDINET_REASON_GROUP_COUNT_LOW, len, at);
    return explain_as(SIMDINET_REASON_NONE, len, at);
}

simdinet_reason simdinet_explain_ipv4(const char *text, size_t len, size_t *at) {
    size_t ignored;
    if (len == 0)
        return explain_as(SIMDINET_REASON_EMPTY, 0, at ? at : &ignored);
    return explain_octets(text, 0, len, at ? at : &ignored);
}

simdinet_reason simdinet_explain_ipv6(const char *text, size_t len, size_t *at) {
    size_t ignored;
    if (len == 0)
        return explain_as(SIMDINET_REASON_EMPTY, 0, at ? at : &ignored);
    return explain_groups(text, len, at ? at : &ignored);
}

const char *simdinet_reason_text(simdinet_reason reason) {
    switch (reason) {
    case SIMDINET_REASON_NONE:
        return "valid address";
    case SIMDINET_REASON_EMPTY:
        return "empty text";
    case SIMDINET_REASON_CHARACTER:
        return "unexpected character";
    case SIMDINET_REASON_END:
        return "unexpected end";
    case SIMDINET_REASON_OCTET_MISSING:
        return "missing octet";
    case SIMDINET_REASON_OCTET_RANGE:
        return "octet out of range (0-255)";
    case SIMDINET_REASON_LEADING_ZERO:
        return "leading zero in octet";
    case SIMDINET_REASON_OCTET_COUNT_LOW:
        return "fewer than four octets";
    case SIMDINET_REASON_OCTET_COUNT_HIGH:
        return "more than four octets";
    case SIMDINET_REASON_GROUP_LENGTH:
        return "group longer than four digits";
    case SIMDINET_REASON_GROUP_COUNT_LOW:
        return "fewer than eight groups";
    case SIMDINET_REASON_GROUP_COUNT_HIGH:
        return "more than eight groups";
    case SIMDINET_REASON_SINGLE_COLON:
        return "single colon at start or end";
    case SIMDINET_REASON_SECOND_COMPRESSION:
        return "second \"::\"";
    case SIMDINET_REASON_EMBEDDED_IPV4:
        return "embedded IPv4 address not at the end";
    case SIMDINET_REASON_NULL:
        return "null";
    case SIMDINET_REASON_PREFIX_MISSING:
        return "missing prefix length";
    case SIMDINET_REASON_PREFIX_RANGE:
        return "prefix length out of range";
    case SIMDINET_REASON_NETMASK:
        return "netmask with a 1 bit after a 0 bit";
    case SIMDINET_REASON_HOST_BITS:
        return "bit set past the prefix length";
    case SIMDINET_REASON_NUMBER_ZERO:
        return "leading zero in number";
    case SIMDINET_REASON_RANGE_FAMILY:
        return "range of mixed address families";
    case SIMDINET_REASON_RANGE_ORDER:
        return "range ends before it starts";
    case SIMDINET_REASON_BRACKET:
        return "missing \"]\"";
    case SIMDINET_REASON_ZONE_MISSING:
        return "missing zone";
    case SIMDINET_REASON_PORT_MISSING:
        return "missing port";
    case SIMDINET_REASON_PORT_RANGE:
        return "port out of range (0-65535)";
    }
    return "unknown reason";
}
