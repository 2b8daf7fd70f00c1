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
    int octet; /* -1: it is none */
} dotted_number;

enum { MAX_NUMBERS = MAX_DOTTED_RUN / 2 + 1 };

/* The numbers of the run at start that end within MAX_DOTTED_RUN bytes. */
static size_t read_dotted_numbers(const scan_text *t, size_t start, dotted_number *numbers) {
    const size_t stop = start + MAX_DOTTED_RUN;
    size_t n = 0, at = start;
    while (class_at(t, at) & CLASS_DIGIT) {
        dotted_number number = {.start = at};
        unsigned value = 0;
        for (; at <= stop && class_at(t, at) & CLASS_DIGIT; at++)
            value = value > 255 ? value : value * 10 + (unsigned)(byte_at(t, at) - '0');
        if (at > stop)
            break;
        const bool zeros = byte_at(t, number.start) == '0' && at - number.start > 1;
        number.end = at;
        number.octet = value > 255 || zeros ? -1 : (int)value;
        numbers[n++] = number;
        if (byte_at(t, at) != '.')
            break;
        at++;
    }
    return n;
}

/* How much four octets look like the address of a host. */
static unsigned plausibility_of_quad(const dotted_number *a) {
    const int first = a[0].octet, second = a[1].octet;
    if (first == 0 || first >= 240 || a[3].octet == 0)
        return 0;
    const bool private = first == 10 || (first == 172 && (second & 0xf0) == 16) ||
                         (first == 192 && second == 168) || (first == 169 && second == 254);
    return private ? 3 : 1;
}

/* Which of n octets begins the first quad: the choice after which the quads are most plausible. */
static size_t align_quads(const dotted_number *octets, size_t n, bool prefer_last) {
    size_t best = 0;
    unsigned most = 0;
    for (size_t first = 0; first <= n % 4; first++) {
        unsigned sum = 0;
        for (size_t i = first; i + 4 <= n; i += 4)
            sum += plausibility_of_quad(octets + i);
        if (first == 0 || sum > most || (sum == most && prefer_last)) {
            best = first;
            most = sum;
        }
    }
    return best;
}

bool simdinet_scan_find_quad(const scan_text *t, size_t start, size_t from, simdinet_match *match,
                             bool *any) {
    dotted_number numbers[MAX_NUMBERS];
    const size_t n = read_dotted_numbers(t, start, numbers);
    *any = false;
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && numbers[end].octet >= 0)
            end++;
        /* An object identifier begins with 0, 1 or 2, and may end in an address. */
        const bool identifier = end - i > 5 && numbers[i].octet <= 2;
        const bool prefer_last = i > 0 || identifier || !is_delimited_before(t, start);
        for (size_t at = i + align_quads(numbers + i, end - i, prefer_last); at + 4 <= end;
             at += 4) {
            *any = true;
            if (numbers[at].start < from)
                continue;
            *match = (simdinet_match){
                .offset = numbers[at].start,
                .length = (uint16_t)(numbers[at + 3].end - numbers[at].start),
                .family = 4,
                .rule = SIMDINET_RULE_DOTTED_RUN,
                .flags = SIMDINET_MATCH_DOUBTFUL,
            };
            for (size_t k = 0; k < 4; k++)
                match->address[k] = (uint8_t)numbers[at + k].octet;
            return true;
        }
        i = end + 1;
    }
    return false;
}

/* ---- more than one address between colons ------------------------------------------------------- */

/* The end of the longest address that starts at start and that a colon, or end, follows; 0: none. An
 * address with "::" has at most seven groups, another one eight. */
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

bool simdinet_scan_find_part(const scan_text *t, size_t start, size_t begin, size_t end,
                             size_t from, simdinet_match *match, bool *any) {
    *any = false;
    for (size_t at = begin; at < end && at - start <= MAX_PART_OFFSET;) {
        if (at > start && byte_at(t, at - 1) != ':') {
            at++;
            continue;
        }
        if (is_hardware_address_and_colon(t, at)) {
            at += 18;
            continue;
        }
        const size_t stop = longest_part(t, at, end);
        if (stop == 0) {
            at++;
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
            return t->impl->parse_ipv6(t->bytes + at, stop - at, match->address);
        }
        at = stop;
    }
    return false;
}
