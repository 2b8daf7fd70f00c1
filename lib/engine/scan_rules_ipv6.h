/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_rules_ipv6.h - rules 7 to 11 of docs/scan.md, a function a rule.
 */
#ifndef SIMDINET_SCAN_RULES_IPV6_H
#define SIMDINET_SCAN_RULES_IPV6_H

#include "scan_ports.h"

static inline bool parse_ipv6_at(const scan_text *t, size_t start, size_t end,
                                 uint8_t address[16]) {
    return end - start >= 2 && end - start <= MAX_IPV6 &&
           t->impl->parse_ipv6(t->bytes + start, end - start, address);
}

/* The number of groups when all have exactly two digits and single colons between them, else 0. */
static inline size_t groups_of_two(const scan_text *t, size_t start, size_t end) {
    if ((end - start) % 3 != 2)
        return 0;
    for (size_t i = start; i < end; i++)
        if ((i - start) % 3 == 2 ? byte_at(t, i) != ':' : !(class_at(t, i) & CLASS_HEX))
            return 0;
    return (end - start + 1) / 3;
}

/* Rule 7: the end without a single colon before a blank, a slash or the end of the line. */
static inline size_t without_last_colon(const scan_text *t, size_t start, size_t end) {
    if (t->flags & SIMDINET_SCAN_NO_COLON_AFTER || end - start <= 2 || byte_at(t, end - 1) != ':' ||
        byte_at(t, end - 2) == ':' || !(is_blank_or_end_after(t, end) || byte_at(t, end) == '/'))
        return end;
    return end - 1;
}

/* Rule 8 a: eight groups, a colon and a port. Returns where the address ends, or 0. */
static inline size_t full_address_end(const scan_text *t, size_t start, uint16_t *port) {
    size_t at = start;
    bool all_of_two = true;
    for (int group = 0; group < 8; group++) {
        size_t digits = 0;
        while (digits < 4 && class_at(t, at) & CLASS_HEX) {
            digits++;
            at++;
        }
        all_of_two = all_of_two && digits == 2;
        if (digits == 0 || byte_at(t, at++) != ':')
            return 0;
    }
    const size_t end = port_end(t, at, port);
    const bool colon_after = byte_at(t, end) == ':';
    if (all_of_two || end < at + (colon_after ? 3 : 2) || !is_delimited_after(t, end))
        return 0;
    return at - 1;
}

/* Rule 8 b: a last group of five decimal digits. Returns where the address ends, or 0. */
static inline size_t end_before_wide_port(const scan_text *t, size_t start, size_t end,
                                          uint16_t *port) {
    if (end - start < 9 || byte_at(t, end - 6) != ':' || port_end(t, end - 5, port) != end)
        return 0;
    return end - 6;
}

/* Rule 8: the last group may be a port of two to four digits. */
static inline bool may_end_in_port(const scan_text *t, size_t start, size_t end) {
    const int after = byte_at(t, end);
    uint8_t address[16];
    uint16_t port;
    size_t at = end;
    if (after == '/' || after == '%' || (byte_at(t, start - 1) == '[' && after == ']'))
        return false;
    while (at > start && class_at(t, at - 1) & CLASS_HEX)
        at--;
    return end - at >= 2 && port_end(t, at, &port) == end && at - start > 3 &&
           parse_ipv6_at(t, start, at - 1, address);
}

/* Rule 11: "::~~" separates fields. */
static inline bool is_field_separator(const scan_text *t, size_t start, size_t end) {
    return byte_at(t, end) == '~' && end > start + 1 && word_ends_at(t, end, "::");
}

/* Rule 11: one or two letters before "::" are a name. */
static inline bool is_name(const scan_text *t, size_t start, size_t end) {
    const int after = byte_at(t, end);
    return !(t->flags & SIMDINET_SCAN_BARE_UNSPECIFIED) && end - start >= 3 && end - start <= 4 &&
           word_ends_at(t, end, "::") && class_at(t, start) & CLASS_LETTER &&
           (end - start == 3 || class_at(t, start + 1) & CLASS_LETTER) && after != '/' &&
           after != '%' && byte_at(t, start - 1) != '[';
}

/* Rule 11: whether the "::" at start is reported. */
static inline bool is_unspecified(const scan_text *t, size_t start) {
    const int before = byte_at(t, start - 1), after = byte_at(t, start + 2);
    if (t->flags & SIMDINET_SCAN_BARE_UNSPECIFIED ||
        (after == '/' && class_at(t, start + 3) & CLASS_DIGIT) || (before == '[' && after == ']'))
        return true;
    const bool opened = is_blank_or_end_before(t, start) || class_at(t, start - 1) & CLASS_QUOTE ||
                        before == '=' || before == '(' || before == '[' || before == '<';
    const bool closed = is_blank_or_end_after(t, start + 2) ||
                        class_at(t, start + 2) & CLASS_QUOTE || after == ',' || after == ')' ||
                        after == ';' || after == '>' || after == '|';
    return opened && closed;
}

/* Decimal digits among the last four bytes before end. */
static inline size_t decimals_of_four(const scan_text *t, size_t end) {
    size_t n = 0;
    for (size_t k = 1; k <= 4; k++)
        n += (class_at(t, end - k) & CLASS_DIGIT) != 0;
    return n;
}

/*
 * Rule 10: text[word, end) is a key, and not a group, with or without letters before it ("g2001").
 * A key of hexadecimal digits alone has more than four, all of them decimal.
 */
static inline bool is_key(const scan_text *t, size_t word, size_t end) {
    size_t at = end, decimals = 0;
    while (at > word && class_at(t, at - 1) & CLASS_HEX)
        decimals += (class_at(t, --at) & CLASS_DIGIT) != 0;
    const size_t digits = end - at;
    if (at == word)
        return digits > 4 && decimals == digits;
    if (digits > 4 && decimals_of_four(t, end) >= 2)
        return false;
    return end - word >= 2 && !(decimals > 0 && (digits == 3 || digits == 4));
}

/* Rule 10: where the address starts after a key that ends in text[start, end), or end. *weak: what stands
 * before the colon is not a key, or what stands before the key speaks against it. */
static inline size_t start_after_key(const scan_text *t, size_t start, size_t end, bool *weak) {
    size_t colon = start;
    if (t->flags & SIMDINET_SCAN_NO_KEY)
        return end;
    while (colon < end && byte_at(t, colon) != ':')
        colon++;
    const size_t word = run_start(t, colon, CLASS_WORD, MAX_KEY);
    const bool key = colon - word <= MAX_KEY && is_key(t, word, colon);
    if (!key && colon > start)
        return end;
    if (!key && !is_at(t, start - 1, CLASS_WORD))
        return end;
    const int before = byte_at(t, word - 1);
    *weak = !key || before == ':' || before == '.' || before == '>' || before == '*';
    if (byte_at(t, colon + 1) == ':' && byte_at(t, colon + 2) != ':')
        return end; /* std::cafe */
    return colon + 1;
}

/* Rule 10: a first group of four digits, three colons or more, and no "::" at the end. */
static inline bool stands_out(const scan_text *t, size_t start, size_t end) {
    size_t colons = 0;
    for (size_t i = start; i < end; i++)
        colons += byte_at(t, i) == ':';
    for (size_t i = start; i < start + 4; i++)
        if (!(class_at(t, i) & CLASS_HEX))
            return false;
    return colons >= 3 && !word_ends_at(t, end, "::");
}

/* No long group, no prefix, zone, bracket or embedded IPv4 address; not "::1". */
static inline bool is_short(const scan_text *t, size_t start, size_t end) {
    const int after = byte_at(t, end);
    if (after == '/' || after == '%' || byte_at(t, start - 1) == '[' ||
        (end - start == 3 && word_starts_at(t, start, "::1")))
        return false;
    return !has_long_group(t, start, end) && !memchr(t->bytes + start, '.', end - start);
}

#endif
