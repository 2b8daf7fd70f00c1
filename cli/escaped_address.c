/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "escaped_address.h"

#include "digit.h"
#include "mapped.h"
#include "text.h"

#include <string.h>

enum { ESCAPE = 3, GROUP = 4, MAX_DECODED = 9 * (GROUP + 1) + 15 };

static bool is_colon_at(const char *text, size_t len, size_t at) {
    return at + ESCAPE <= len && text[at] == '%' && text[at + 1] == '3' &&
           (text[at + 2] | 0x20) == 'a';
}

/* The start of the group that ends at end: of up to four digits, which may follow an escape, "%3D2001". */
static size_t group_start(const char *text, size_t end) {
    size_t digits = 0;
    while (digits < GROUP + 2 && digits < end && hex_value(text[end - digits - 1]) >= 0)
        digits++;
    if (digits >= 2 && digits < end && text[end - digits - 1] == '%')
        return end - digits + 2;
    return end - (digits < GROUP ? digits : GROUP);
}

/* Whether there is a group of three digits or there are eight groups: "a::b" is a name of C++. */
static bool stands_out(const char *text, size_t len) {
    size_t digits = 0, colons = 0;
    bool has_long_group = false;
    for (size_t i = 0; i < len; i++) {
        digits = text[i] == ':' ? 0 : digits + 1;
        colons += text[i] == ':';
        has_long_group |= digits == 3;
    }
    return has_long_group || (colons == 7 && !memmem(text, len, "::", 2));
}

/* How many numbers of one to three digits are at text[at], with dots between them: 5 at most. */
static unsigned count_numbers(const char *text, size_t len, size_t at, size_t *end) {
    unsigned numbers = 0;
    for (*end = at; numbers < 5 && at < len; at++) {
        size_t digits = 0;
        while (digits <= 3 && at + digits < len && is_digit(text[at + digits]))
            digits++;
        if (digits == 0 || digits > 3)
            break;
        numbers++;
        *end = at += digits;
        if (at == len || text[at] != '.')
            break;
    }
    return numbers;
}

/* Stores an address that text[start, end) is, and of which decoded is the text with colons. */
static void set_address(const char *decoded, size_t n, size_t end, escaped_address *address) {
    uint8_t bytes[16];
    if (!simdinet_parse_ipv6(decoded, n, bytes) || !stands_out(decoded, n))
        return;
    memcpy(address->address.address, bytes, sizeof bytes);
    address->end = end;
}

/*
 * Reads the longest address at text[start]: eight groups at most, or six and four numbers. Of a word of more than
 * four hexadecimal digits the first four are a group. Five numbers are none: the scan finds them.
 */
static bool read_address(const char *text, size_t len, size_t start, escaped_address *address) {
    char decoded[MAX_DECODED];
    size_t n = 0, at = start;
    *address = (escaped_address){.start = start};
    /* "::" at either end makes nine places of seven groups. */
    for (unsigned places = 0; places < 9; places++) {
        /* cppcheck-suppress uninitvar ; n bytes of it are written */
        const bool compressed = n >= 2 && decoded[n - 2] == ':';
        size_t digits = 0, quad_end;
        while (digits <= GROUP && at + digits < len && hex_value(text[at + digits]) >= 0)
            digits++;
        const unsigned numbers = count_numbers(text, len, at, &quad_end);
        if (numbers >= 4) {
            if (compressed)
                set_address(decoded, n, at, address);
            if (numbers == 4 && places > 0 && places < 8) {
                memcpy(decoded + n, text + at, quad_end - at);
                set_address(decoded, n + quad_end - at, quad_end, address);
            }
            break;
        }
        const size_t group = digits < GROUP ? digits : GROUP;
        memcpy(decoded + n, text + at, group);
        n += group;
        at += group;
        if (digits > 0 || compressed)
            set_address(decoded, n, at, address);
        if (digits > GROUP || (digits == 0 && compressed) || !is_colon_at(text, len, at))
            break;
        decoded[n++] = ':';
        at += ESCAPE;
    }
    return address->end > start;
}

static bool find_next(escaped_search *search, size_t from) {
    const char *const text = search->text;
    const size_t len = search->len, last = search->end + GROUP;
    const size_t limit = last < len ? last : len;
    escaped_address *next = &search->next;
    while (search->from < limit) {
        const char *escape = memchr(text + search->from, '%', limit - search->from);
        if (!escape)
            break;
        const size_t at = (size_t)(escape - text);
        search->from = at + 1;
        if (!is_colon_at(text, len, at))
            continue;
        const size_t start = group_start(text, at);
        if (start < from || start >= search->end || !read_address(text, len, start, next))
            continue;
        memcpy(next->colon, escape, ESCAPE);
        next->beside_colon = (start >= ESCAPE && is_colon_at(text, len, start - ESCAPE)) ||
                             is_colon_at(text, len, next->end);
        next->address.family = 6;
        if (is_mapped(next->address.address))
            next->address.flags = SIMDINET_MATCH_MAPPED;
        search->from = next->end;
        return true;
    }
    search->from = limit;
    next->start = SIZE_MAX;
    return false;
}

escaped_search escaped_addresses(const char *text, size_t len, size_t from, size_t end) {
    escaped_search search = {.text = text, .len = len, .end = end, .from = from};
    find_next(&search, from);
    return search;
}

bool next_escaped_address(escaped_search *search, size_t from, escaped_address *address) {
    while (search->next.start < from && find_next(search, from))
        ;
    *address = search->next;
    return search->next.start != SIZE_MAX;
}

char *put_escaped_text(char *to, const escaped_address *address, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        to = text[i] == ':' ? put_bytes(to, address->colon, ESCAPE) : put_bytes(to, text + i, 1);
    return to;
}
