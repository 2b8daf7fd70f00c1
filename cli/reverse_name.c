/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "reverse_name.h"

#include <string.h>
#include <strings.h>

static const char ipv4_zone[] = "in-addr.arpa", ipv6_zone[] = "ip6.arpa";

enum {
    NIBBLES = 32,
    BLOCK = 64, /* bytes that are searched at once */
};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* The value of a hexadecimal digit; -1: not one. */
static int nibble_of(char byte) {
    const char lower = (char)(byte | 0x20);
    if (is_digit(byte))
        return byte - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_label_byte(char byte) {
    const char lower = (char)(byte | 0x20);
    return is_digit(byte) || (lower >= 'a' && lower <= 'z') || byte == '-' || byte == '_';
}

/* The offset of the next "rp" of ".arpa" in text[from, end), in either case; end: there is none. */
static size_t find_arpa(const char *text, size_t from, size_t end) {
    size_t at = from;
    for (; end - at > BLOCK; at += BLOCK) {
        unsigned char any = 0;
        for (size_t i = 0; i < BLOCK; i++)
            any |= (unsigned char)(((text[at + i] | 0x20) == 'r') &
                                   ((text[at + i + 1] | 0x20) == 'p'));
        if (any)
            break;
    }
    for (; at + 1 < end; at++)
        if ((text[at] | 0x20) == 'r' && (text[at + 1] | 0x20) == 'p')
            return at;
    return end;
}

/* Whether the zone, and a dot before it, end before text[end]. */
static bool ends_with_zone(const char *text, size_t end, const char *zone, size_t length) {
    return end > length && text[end - length - 1] == '.' &&
           strncasecmp(text + end - length, zone, length) == 0;
}

/* The match that starts in text[first, last] and ends at an offset; NULL: there is none. */
static const simdinet_match *match_before(const simdinet_match *matches, size_t n, size_t first,
                                          size_t last, size_t end) {
    size_t low = 0;
    for (size_t high = n; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (matches[middle].offset < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < n && matches[low].offset <= last; low++)
        if (matches[low].family == 4 && matches[low].offset + matches[low].length == end)
            return &matches[low];
    return NULL;
}

/* Reads four octets before the dot at text[dot], in reverse. */
static bool read_octets(const char *text, size_t dot, const simdinet_match *matches, size_t n,
                        reverse_name *name) {
    size_t at = dot;
    for (size_t i = 0; i < 4; i++) {
        unsigned value = 0, scale = 1;
        const size_t last = at;
        for (; at > 0 && last - at < 3 && is_digit(text[at - 1]); at--, scale *= 10)
            value += scale * (unsigned)(text[at - 1] - '0');
        if (at == last)
            return false;
        const simdinet_match *match = i == 3 ? match_before(matches, n, at, last - 1, dot) : NULL;
        if (match) { /* past the digits of an escape, if any */
            at = match->offset;
            value = match->address[0];
        } else if (value > 255 || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '%'))) {
            return false;
        }
        name->address.address[i] = (uint8_t)value;
        if (i < 3 && (at == 0 || text[--at] != '.'))
            return false;
    }
    name->start = at;
    name->address.family = 4;
    return at < 2 || text[at - 1] != '.' || !is_digit(text[at - 2]);
}

/* Reads 32 nibbles before the dot at text[dot]. */
static bool read_nibbles(const char *text, size_t dot, reverse_name *name) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (dot < 2 * NIBBLES - 1)
        return false;
    const size_t start = dot - (2 * NIBBLES - 1);
    for (size_t i = 0; i < NIBBLES; i++) {
        const size_t at = dot - 1 - 2 * i;
        const int nibble = nibble_of(text[at]);
        if (nibble < 0 || text[at + 1] != '.')
            return false;
        uint8_t *byte = &name->address.address[i / 2];
        *byte = (uint8_t)(*byte << 4 | nibble);
    }
    name->start = start;
    name->address.family = 6;
    if (memcmp(name->address.address, mapped, sizeof mapped) == 0)
        name->address.flags = SIMDINET_MATCH_MAPPED;
    /* Not a label of one nibble more. */
    return start < 2 || text[start - 1] != '.' || nibble_of(text[start - 2]) < 0 ||
           (start > 2 && is_label_byte(text[start - 3]));
}

bool find_reverse_name(const char *text, size_t len, size_t from, size_t end,
                       const simdinet_match *matches, size_t n, reverse_name *name) {
    const size_t limit = len - end < REVERSE_NAME_MAX ? len : end + REVERSE_NAME_MAX;
    for (size_t at = from; (at = find_arpa(text, at, limit)) < limit; at++) {
        const size_t name_end = at + 3; /* past "rpa" */
        if (name_end > len || (name_end < len && is_label_byte(text[name_end])))
            continue;
        *name = (reverse_name){.end = name_end};
        size_t length = sizeof ipv4_zone - 1;
        bool found = false;
        if (ends_with_zone(text, name_end, ipv4_zone, length)) {
            found = read_octets(text, name_end - length - 1, matches, n, name);
        } else if (ends_with_zone(text, name_end, ipv6_zone, length = sizeof ipv6_zone - 1)) {
            found = read_nibbles(text, name_end - length - 1, name);
        }
        name->zone = name_end - length;
        if (found && name->start >= end)
            return false;
        if (found && name->start >= from)
            return true;
    }
    return false;
}
