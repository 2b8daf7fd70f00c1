/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_parts.c - a part is read only where nothing continues it: "192.0.2.1/24x" has no prefix length, and
 * "192.0.2.1:12:30" no port.
 */
#include "address_parts.h"
#include "digit.h"

#include <string.h>

/* text[at, len) is not read yet. */
typedef struct {
    const char *text;
    size_t len, at;
} part_reader;

enum { MAX_ZONE = 15 }; /* IFNAMSIZ - 1 */

static bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char byte_at(const part_reader *r, size_t at) {
    return (char)(at < r->len ? r->text[at] : '\0');
}

/* Whether no number or name continues past a number that ends at an offset. */
static bool ends_number(const part_reader *r, size_t at) {
    char c = byte_at(r, at);
    if (c == '.' || c == ':' || c == '-')
        return !is_word(byte_at(r, at + 1));
    return !is_word(c) && c != '%';
}

/* Reads a decimal number without leading zeros after a byte; -1: none. */
static int read_number(part_reader *r, char before, int max) {
    size_t at = r->at + 1, begin = at;
    int value = 0;
    if (byte_at(r, r->at) != before)
        return -1;
    while (is_digit(byte_at(r, at)) && value <= max)
        value = 10 * value + (r->text[at++] - '0');
    /* "10.0.0.1:80/index" has a port; "10.0.0.1/8/index" has no prefix length. */
    if (at == begin || value > max || (r->text[begin] == '0' && at - begin > 1) ||
        !ends_number(r, at) || (before == '/' && byte_at(r, at) == '/'))
        return -1;
    r->at = at;
    return value;
}

/* Reads "/24". A port may follow, as in "192.0.2.1/24:80"; any other number continues it. */
static int read_prefix_length(part_reader *r, int max) {
    part_reader ahead = *r;
    size_t end = r->at + 1;
    while (is_digit(byte_at(r, end)) && end - r->at <= 3)
        end++;
    ahead.at = end;
    if (byte_at(r, end) == ':' && read_number(&ahead, ':', 65535) >= 0)
        ahead = (part_reader){r->text, end, r->at};
    else
        ahead = *r;
    const int length = read_number(&ahead, '/', max);
    r->at = ahead.at;
    return length;
}

/* Reads "/255.255.255.0". Returns the prefix length; -1: none. */
static int read_netmask(part_reader *r) {
    const size_t begin = r->at + 1;
    size_t end = begin;
    uint8_t mask[4];
    if (byte_at(r, r->at) != '/')
        return -1;
    while (end - begin < SIMDINET_IPV4_TEXT_SIZE &&
           (is_digit(byte_at(r, end)) || (byte_at(r, end) == '.' && is_digit(byte_at(r, end + 1)))))
        end++;
    if (!ends_number(r, end) || byte_at(r, end) == '/' ||
        !simdinet_parse_ipv4(r->text + begin, end - begin, mask))
        return -1;
    const int length = simdinet_netmask_length(mask, 4);
    if (length >= 0)
        r->at = end;
    return length;
}

/* A zone is for link-local and multicast addresses: elsewhere a "%" starts an escape, as in "%2F". */
static bool may_have_zone(const simdinet_match *match) {
    return match->family == 6 &&
           (match->address[0] == 0xff ||
            (match->address[0] == 0xfe && (match->address[1] & 0xc0) == 0x80));
}

static void read_zone(part_reader *r, address_parts *out) {
    size_t begin = r->at + 1, end = begin;
    if (byte_at(r, r->at) != '%')
        return;
    while (is_word(byte_at(r, end)) || (byte_at(r, end) && strchr(".-~", r->text[end])))
        end++;
    while (end > begin && !is_word(r->text[end - 1]))
        end--;
    if (end == begin || end - begin > MAX_ZONE)
        return;
    out->zone = r->text + begin;
    out->zone_len = end - begin;
    r->at = end;
}

static size_t skip_spaces(const part_reader *r, size_t at) {
    while (byte_at(r, at) == ' ')
        at++;
    return at;
}

/* "-" and an address of the same family that is not before the first, with or without spaces. */
static void read_range(part_reader *r, const simdinet_match *match, address_parts *out) {
    uint8_t last[16] = {0};
    size_t dash = skip_spaces(r, r->at), begin, end;
    if (byte_at(r, dash) != '-' || dash - r->at > 1)
        return;
    begin = end = skip_spaces(r, dash + 1);
    if (begin - dash > 2)
        return;
    while (byte_at(r, end) && strchr("0123456789abcdefABCDEF.:", r->text[end]) &&
           end - begin < SIMDINET_IPV6_TEXT_SIZE)
        end++;
    while (end > begin && (r->text[end - 1] == '.' ||
                           (r->text[end - 1] == ':' && end > begin + 1 && r->text[end - 2] != ':')))
        end--;
    bool ok = match->family == 4 ? simdinet_parse_ipv4(r->text + begin, end - begin, last)
                                 : simdinet_parse_ipv6(r->text + begin, end - begin, last);
    /* In "A - B - [30/Nov/2026", the client and what it forwards for, there is no range. */
    const size_t next = skip_spaces(r, end);
    if (!ok || !ends_number(r, end) || byte_at(r, end) == '/' ||
        (next > end && byte_at(r, next) == '-') || memcmp(match->address, last, 16) > 0)
        return;
    out->last = r->text + begin;
    out->last_len = end - begin;
    memcpy(out->last_address, last, sizeof last);
    r->at = end;
}

/* Whether a "[" is before the match. */
static bool is_bracketed(const part_reader *r, const simdinet_match *match) {
    return match->offset > 0 && r->text[match->offset - 1] == '[';
}

/* In brackets any address has a zone if the bracket follows it. */
static void read_bracketed_zone(part_reader *r, address_parts *out) {
    const size_t before = r->at;
    read_zone(r, out);
    if (byte_at(r, r->at) == ']')
        return;
    out->zone = NULL;
    r->at = before;
}

/* "]:443" after "[", or ":443" after an IPv4 address; "[:]443" after a defanged one. */
static void read_port(part_reader *r, const simdinet_match *match, address_parts *out) {
    const size_t before = r->at;
    if (is_bracketed(r, match) && byte_at(r, r->at) == ']')
        r->at++;
    else if (match->family == 6)
        return;
    if (match->flags & SIMDINET_MATCH_DEFANGED && byte_at(r, r->at) == '[' &&
        byte_at(r, r->at + 1) == ':' && byte_at(r, r->at + 2) == ']') {
        r->at += 2;
        out->port = read_number(r, ']', 65535);
    } else {
        out->port = read_number(r, ':', 65535);
    }
    if (out->port < 0)
        r->at = before;
}

address_parts address_parts_find(const char *text, size_t len, const simdinet_match *match,
                                 unsigned parts) {
    part_reader r = {text, len, match->offset + match->length};
    address_parts out = {.prefix_length = -1, .port = -1};
    if (match->flags & SIMDINET_MATCH_PORT) {
        out.port = parts & PART_PORT ? match->port : -1;
        out.end = r.at;
        return out;
    }
    if (may_have_zone(match) && parts & PART_ZONE)
        read_zone(&r, &out);
    else if (match->family == 6 && parts & (PART_ZONE | PART_PORT) && is_bracketed(&r, match))
        read_bracketed_zone(&r, &out);
    if (!(parts & PART_ZONE))
        out.zone = NULL;
    if (parts & PART_PREFIX)
        out.prefix_length = read_prefix_length(&r, match->family == 4 ? 32 : 128);
    if (parts & PART_PREFIX && out.prefix_length < 0 && match->family == 4)
        out.prefix_length = read_netmask(&r);
    if (parts & PART_PORT)
        read_port(&r, match, &out);
    if (parts & PART_RANGE && out.prefix_length < 0 && out.port < 0)
        read_range(&r, match, &out);
    out.end = r.at;
    return out;
}
