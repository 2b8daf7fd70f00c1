/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "reverse_name.h"
#include "digit.h"
#include "mapped.h"

#include <string.h>
#include <strings.h>

static const char ipv4_zone[] = "in-addr.arpa", ipv6_zone[] = "ip6.arpa";

enum {
    NIBBLES = 32,
    BLOCK = 64, /* bytes that are searched at once */
};

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
    if (dot < 2 * NIBBLES - 1)
        return false;
    const size_t start = dot - (2 * NIBBLES - 1);
    for (size_t i = 0; i < NIBBLES; i++) {
        const size_t at = dot - 1 - 2 * i;
        const int nibble = hex_value(text[at]);
        if (nibble < 0 || text[at + 1] != '.')
            return false;
        uint8_t *byte = &name->address.address[i / 2];
        *byte = (uint8_t)(*byte << 4 | nibble);
    }
    name->start = start;
    name->address.family = 6;
    if (is_mapped(name->address.address))
        name->address.flags = SIMDINET_MATCH_MAPPED;
    /* Not a label of one nibble more. */
    return start < 2 || text[start - 1] != '.' || hex_value(text[start - 2]) < 0 ||
           (start > 2 && is_label_byte(text[start - 3]));
}

/* The end of a name that has a zone at text[at], or 0. */
static size_t zone_end(const char *text, size_t len, size_t at, const char *zone, size_t length) {
    const size_t end = at + length;
    return len >= end && strncasecmp(text + at, zone, length) == 0 &&
                   !(len > end && is_label_byte(text[end]))
               ? end
               : 0;
}

/* Sets the name of an IPv4 address below the zone after text[dot], if it is one that starts in [from, end). */
static bool read_ipv4_name(reverse_name_search *search, size_t dot, size_t from) {
    reverse_name *name = &search->ipv4;
    *name = (reverse_name){.zone = dot + 1};
    name->end = zone_end(search->text, search->len, dot + 1, ipv4_zone, sizeof ipv4_zone - 1);
    return name->end > 0 && read_octets(search->text, dot, search->matches, search->n, name) &&
           name->start >= from && name->start < search->end;
}

/* The next name of an IPv4 address, which a match precedes the zone of. */
static bool find_ipv4_by_match(reverse_name_search *search, size_t from) {
    while (search->next_match < search->n) {
        const simdinet_match *match = &search->matches[search->next_match++];
        const size_t dot = match->offset + match->length;
        if (dot + 1 < search->len && search->text[dot] == '.' &&
            (search->text[dot + 1] | 0x20) == 'i' && read_ipv4_name(search, dot, from))
            return true;
    }
    return false;
}

/* The same by a search for ".arpa". */
static bool find_ipv4_by_zone(reverse_name_search *search, size_t from) {
    const size_t len = search->len, end = search->end, before = sizeof ipv4_zone - 1 - 3;
    const size_t limit = len - end < REVERSE_NAME_MAX ? len : end + REVERSE_NAME_MAX;
    while ((search->ipv4_from = find_arpa(search->text, search->ipv4_from, limit)) < limit) {
        const size_t at = search->ipv4_from++;
        if (at > before && search->text[at - before - 1] == '.' &&
            read_ipv4_name(search, at - before - 1, from))
            return true;
    }
    return false;
}

/* Whether every second of text[at, at + 8) is a dot: the first of them, or the second. */
static bool has_dots_between(const char *text, size_t at) {
    uint64_t bytes, even, odd;
    memcpy(&bytes, text + at, 8);
    memcpy(&even, (const char[8]){'.', 0, '.', 0, '.', 0, '.', 0}, 8);
    memcpy(&odd, (const char[8]){0, '.', 0, '.', 0, '.', 0, '.'}, 8);
    return (bytes & ~(odd / '.' * 0xff)) == even || (bytes & ~(even / '.' * 0xff)) == odd;
}

/*
 * The next name of an IPv6 address. Its nibbles and dots have 64 bytes, so that eight of them are at one of the
 * positions that are STEP bytes apart.
 */
static bool find_ipv6(reverse_name_search *search, size_t from) {
    enum { STEP = 2 * NIBBLES - 7 };
    const char *const text = search->text;
    const size_t len = search->len, last = search->end + (size_t)2 * NIBBLES;
    const size_t limit = last < len ? last : len;
    reverse_name *name = &search->ipv6;
    size_t at = search->ipv6_from;
    for (; at + 8 <= limit; at += STEP) {
        if (!has_dots_between(text, at))
            continue;
        size_t dot = at + (text[at] != '.');
        while (dot + 2 < len && dot - at < (size_t)2 * NIBBLES && text[dot + 2] == '.')
            dot += 2;
        *name = (reverse_name){.zone = dot + 1};
        name->end = zone_end(text, len, dot + 1, ipv6_zone, sizeof ipv6_zone - 1);
        if (name->end == 0 && dot + 2 < len && is_label_byte(text[dot + 1]) &&
            is_label_byte(text[dot + 2]))
            name->end = name->zone; /* in another zone */
        if (name->end > 0 && read_nibbles(text, dot, name) && name->start >= from &&
            name->start < search->end) {
            search->ipv6_from = name->end;
            return true;
        }
    }
    search->ipv6_from = at;
    return false;
}

static const reverse_name no_name = {.start = SIZE_MAX};

static void find_ipv4(reverse_name_search *search, size_t from) {
    if (!(search->by_matches ? find_ipv4_by_match : find_ipv4_by_zone)(search, from))
        search->ipv4 = no_name;
}

reverse_name_search reverse_names(const char *text, size_t len, size_t from, size_t end,
                                  const simdinet_match *matches, size_t n, bool by_matches) {
    reverse_name_search search = {.text = text,
                                  .len = len,
                                  .end = end,
                                  .matches = matches,
                                  .n = n,
                                  .by_matches = by_matches,
                                  .ipv4_from = from,
                                  .ipv6_from = from};
    find_ipv4(&search, from);
    if (!find_ipv6(&search, from))
        search.ipv6 = no_name;
    return search;
}

bool next_reverse_name(reverse_name_search *search, size_t from, reverse_name *name) {
    while (search->ipv4.start < from)
        find_ipv4(search, from);
    while (search->ipv6.start < from)
        if (!find_ipv6(search, from))
            search->ipv6 = no_name;
    *name = search->ipv4.start < search->ipv6.start ? search->ipv4 : search->ipv6;
    return name->start != SIZE_MAX;
}
