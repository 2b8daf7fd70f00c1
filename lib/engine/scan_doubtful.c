/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_doubtful.c - addresses in runs that are longer than one: section "Doubtful addresses" of
 * docs/scan.md. These are reported with SIMDINET_SCAN_RECALL.
 */
#include "scan_text.h"
#include "scan_verify.h"

#include <string.h>

/* ---- more than four numbers --------------------------------------------------------------------- */

/* A number of a dotted run. */
typedef struct dotted_number {
    size_t start, end;
    int octet; /* -1: not an octet */
} dotted_number;

enum { MAX_NUMBERS = MAX_DOTTED_RUN / 2 + 1 };

/* The value of one to three digits up to 255, also with leading zeros; else -1. */
static int dotted_octet(const scan_text *t, size_t start, size_t end) {
    int value = 0;
    if (end - start > 3)
        return -1;
    for (size_t i = start; i < end; i++)
        value = value * 10 + byte_at(t, i) - '0';
    return value > 255 ? -1 : value;
}

/* Where the octet at the end of a run's first number starts, which digits of an octal, quoted-printable or
 * doubly encoded escape may precede: "#011", "\042", "=20", "%2522". Else its start. */
static size_t octet_after_escape(const scan_text *t, size_t start, size_t end) {
    const int before = byte_at(t, start - 1);
    size_t octet = start;
    if (before != '#' && before != '\\' && before != '=' && byte_at(t, start - 3) != '%')
        return start;
    if (end - octet > 3)
        octet = end - 3;
    while (octet + 1 < end && (byte_at(t, octet) == '0' || dotted_octet(t, octet, end) < 0))
        octet++;
    return octet;
}

/* The numbers of the run at start that end within MAX_DOTTED_RUN bytes. */
static size_t read_dotted_numbers(const scan_text *t, size_t start, dotted_number *numbers) {
    const size_t stop = start + MAX_DOTTED_RUN;
    size_t n = 0, at = start;
    while (class_at(t, at) & CLASS_DIGIT) {
        dotted_number number = {.start = at};
        while (at <= stop && class_at(t, at) & CLASS_DIGIT)
            at++;
        if (at > stop)
            break;
        number.end = at;
        number.octet = dotted_octet(t, number.start, at);
        if (n == 0 && number.octet < 0) {
            number.start = octet_after_escape(t, start, at);
            number.octet = dotted_octet(t, number.start, at);
        }
        numbers[n++] = number;
        if (byte_at(t, at) != '.')
            break;
        at++;
    }
    return n;
}

bool simdinet_scan_find_quad(const scan_text *t, size_t start, size_t from, simdinet_match *match,
                             bool *any) {
    dotted_number numbers[MAX_NUMBERS];
    const size_t n = read_dotted_numbers(t, start, numbers);
    size_t octets = 0; /* the last ones, less those in quads */
    *any = false;
    for (size_t i = 0; i < n; i++) {
        octets = numbers[i].octet < 0 ? 0 : octets + 1;
        if (octets < 4)
            continue;
        octets = 0;
        *any = true;
        const dotted_number *quad = &numbers[i - 3];
        if (quad->start < from)
            continue;
        *match = (simdinet_match){
            .offset = quad->start,
            .length = (uint16_t)(quad[3].end - quad->start),
            .family = 4,
            .rule = n > 4 ? SIMDINET_RULE_DOTTED_RUN : SIMDINET_RULE_INVALID_IPV4,
            .flags = SIMDINET_MATCH_DOUBTFUL,
        };
        for (size_t k = 0; k < 4; k++)
            match->address[k] = (uint8_t)quad[k].octet;
        return true;
    }
    return false;
}

/* ---- more than one address between colons ------------------------------------------------------- */

/* A first group of four digits, as of 2000::/3, fc00::/7 and fe80::/10, which have most addresses. */
static bool begins_usual_address(const scan_text *t, size_t start) {
    const int first = to_lower(byte_at(t, start)), second = to_lower(byte_at(t, start + 1)),
              third = to_lower(byte_at(t, start + 2));
    for (size_t i = start; i < start + 4; i++)
        if (!(class_at(t, i) & CLASS_HEX))
            return false;
    return byte_at(t, start + 4) == ':' &&
           (first == '2' || first == '3' ||
            (first == 'f' &&
             (second == 'c' || second == 'd' ||
              (second == 'e' && (third == '8' || third == '9' || third == 'a' || third == 'b')))));
}

/* The end of the longest address that starts at start and that a colon, or end, follows; 0: none. An
 * address with "::" has at most seven groups, another one eight. More digits may follow the last group if
 * the first one is usual, or there are eight. */
static size_t longest_part(const scan_text *t, size_t start, size_t end) {
    size_t at = start, longest = 0, groups = 0;
    bool compressed = byte_at(t, at) == ':';
    if (compressed && byte_at(t, at + 1) != ':')
        return 0;
    at += compressed ? 2 : 0;
    while (at < end && groups < 8) {
        const size_t group = at;
        while (at - group < 5 && class_at(t, at) & CLASS_HEX)
            at++;
        if (at - group > 4 &&
            (compressed ? begins_usual_address(t, start) && groups < 7 : groups == 7))
            return group + 4; /* "2001:db8::7777failed" */
        if (byte_at(t, at) == '.' && end - start <= MAX_IPV6) {
            uint8_t address[16];
            return t->impl->parse_ipv6(t->bytes + start, end - start, address) ? end : longest;
        }
        if (at == group || at - group > 4 || (at < end && byte_at(t, at) != ':'))
            break;
        groups++;
        if (compressed ? groups < 8 : groups == 8)
            longest = at;
        if (at == end)
            break;
        at++;
        if (byte_at(t, at) != ':' || at == end)
            continue;
        if (compressed)
            break;
        compressed = true;
        at++;
        if (groups < 8 && (at == end || byte_at(t, at) == ':'))
            longest = at;
    }
    return longest;
}

/* Where the run's first address may start: a usual one also after other digits of its first group. */
static size_t first_part(const scan_text *t, size_t start, size_t end) {
    size_t colon = start;
    while (colon < end && byte_at(t, colon) != ':')
        colon++;
    return colon - start > 4 && begins_usual_address(t, colon - 4) ? colon - 4 : start;
}

/* Where a usual address starts in text[start, stop) that ends after stop, or start. */
static size_t usual_part(const scan_text *t, size_t start, size_t stop, size_t end) {
    for (size_t at = start + 1; !begins_usual_address(t, start) && at < stop; at++)
        if (byte_at(t, at - 1) == ':' && begins_usual_address(t, at) &&
            longest_part(t, at, end) > stop)
            return at;
    return start;
}

/* A port after ":::", the "::" of which starts at start, as netstat writes it. */
static bool is_port_of_unspecified(const scan_text *t, size_t start, size_t end) {
    size_t at = start + 2;
    while (at < end && class_at(t, at) & CLASS_DIGIT)
        at++;
    return word_ends_at(t, start + 2, ":::") && at > start + 2 && at == end;
}

bool simdinet_scan_has_other_part(const scan_text *t, size_t start, size_t end,
                                  const simdinet_match *match) {
    const size_t first = first_part(t, start, end);
    return first > start && first < match->offset && longest_part(t, first, end) > match->offset;
}

bool simdinet_scan_find_part(const scan_text *t, size_t start, size_t begin, size_t end,
                             size_t from, simdinet_match *match, bool *any) {
    const size_t first = first_part(t, start, end);
    *any = false;
    for (size_t at = begin; at < end && at - start <= MAX_PART_OFFSET;) {
        if (at > start && at != first && byte_at(t, at - 1) != ':') {
            at++;
            continue;
        }
        if (is_hardware_address_and_colon(t, at)) {
            at += 18;
            continue;
        }
        const size_t stop = longest_part(t, at, end);
        if (stop == 0 || (at > start && is_port_of_unspecified(t, at, end))) {
            at++;
            continue;
        }
        const size_t usual = usual_part(t, at, stop, end);
        if (usual > at) {
            at = usual;
            continue;
        }
        *any = true;
        if (at >= from) {
            *match = (simdinet_match){
                .offset = at,
                .length = (uint16_t)(stop - at),
                .family = 6,
                .rule = SIMDINET_RULE_INVALID_IPV6,
                .flags = SIMDINET_MATCH_DOUBTFUL,
            };
            if (!t->impl->parse_ipv6(t->bytes + at, stop - at, match->address))
                return false;
            match->flags |= simdinet_scan_mapped_flag(match->address);
            return true;
        }
        at = stop;
    }
    return false;
}

/* ---- pairs of digits ---------------------------------------------------------------------------- */

/* Whether text[at, at + 3) are two hexadecimal digits and a colon. */
static bool is_pair_and_colon(const char *text, size_t at) {
    COUNT_READS(3);
    return simdinet_scan_classes[(unsigned char)text[at]] &
               simdinet_scan_classes[(unsigned char)text[at + 1]] & CLASS_HEX &&
           text[at + 2] == ':';
}

bool simdinet_scan_is_in_pairs(const scan_text *t, size_t position) {
    enum { MARGIN = MAX_COLON_HEX_RUN + 8 };
    if (position < MARGIN || position >= t->len || t->len - position < MARGIN)
        return false;
    const char *const text = t->bytes;
    size_t at = position, groups = 1;
    at += text[at] != ':';
    at += text[at] != ':';
    const size_t colon = at;
    if (!is_pair_and_colon(text, colon - 2))
        return false;
    size_t first = colon - 2, last = colon + 1;
    while (colon - first < MAX_COLON_HEX_RUN && is_pair_and_colon(text, first - 3)) {
        first -= 3;
        groups++;
    }
    while (last - colon < MAX_COLON_HEX_RUN && is_pair_and_colon(text, last)) {
        last += 3;
        groups++;
    }
    const int before = byte_at(t, first - 1), after = byte_at(t, last + 2);
    return groups >= 5 && groups != 7 && last - first < MAX_COLON_HEX_RUN - 2 &&
           class_at(t, last) & class_at(t, last + 1) & CLASS_HEX &&
           !(class_at(t, first - 1) & (CLASS_WORD | CLASS_CSI | CLASS_COLON)) && before != '.' &&
           before != '\\' && before != '%' && before != '[' &&
           !(class_at(t, last + 2) & (CLASS_WORD | CLASS_COLON)) && after != '.';
}
