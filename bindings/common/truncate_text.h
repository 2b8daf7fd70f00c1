/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * truncate_text.h - copies text with every address truncated, as "simdinet anonymize" does; names of reverse DNS are
 * not handled.
 */
#ifndef SIMDINET_TRUNCATE_TEXT_H
#define SIMDINET_TRUNCATE_TEXT_H

#include "simdinet.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct truncation {
    uint8_t ipv4_mask[16], ipv6_mask[16]; /* IPv4 as ::ffff:a.b.c.d */
} truncation;

/* Receives a part of the result. Returns false if there is no memory. */
typedef bool (*text_sink)(void *context, const char *text, size_t len);

/* Keeps ipv4 <= 32 and ipv6 <= 128 bits of each address. */
static inline truncation truncation_of(unsigned ipv4, unsigned ipv6) {
    truncation t = {{0}, {0}};
    for (unsigned bit = 0; bit < 96 + ipv4; bit++)
        t.ipv4_mask[bit / 8] = (uint8_t)(t.ipv4_mask[bit / 8] | 0x80u >> bit % 8);
    for (unsigned bit = 0; bit < ipv6; bit++)
        t.ipv6_mask[bit / 8] = (uint8_t)(t.ipv6_mask[bit / 8] | 0x80u >> bit % 8);
    return t;
}

/* Whether there is a group of three digits. */
static inline bool has_group_of_three(const char *text, size_t len) {
    size_t digits = 0;
    for (size_t i = 0; i < len && digits < 3; i++) {
        const char byte = text[i], lower = (char)(byte | 0x20);
        const bool hex = (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'f');
        digits = hex ? digits + 1 : 0;
    }
    return digits >= 3;
}

/* All eight groups: a "::" beside a colon would read differently. */
static inline size_t format_all_groups(const uint8_t address[16], char *to) {
    static const char digits[] = "0123456789abcdef";
    char *const start = to;
    for (unsigned i = 0; i < 16; i += 2) {
        const unsigned group = (unsigned)address[i] << 8 | address[i + 1];
        int shift = group >> 12 ? 12 : group >> 8 ? 8 : group >> 4 ? 4 : 0;
        if (i > 0)
            *to++ = ':';
        for (; shift >= 0; shift -= 4)
            *to++ = digits[group >> shift & 15];
    }
    return (size_t)(to - start);
}

/* The text that replaces a match; returns its length. */
static inline size_t format_truncated(const truncation *t, const simdinet_match *match,
                                      bool beside_colon, char to[SIMDINET_IPV6_TEXT_SIZE]) {
    static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t address[16];
    if (match->family == 4) {
        for (unsigned i = 0; i < 4; i++)
            address[i] = match->address[i] & t->ipv4_mask[12 + i];
        return simdinet_format_ipv4(address, to);
    }
    /* A match in doubt does not have SIMDINET_MATCH_MAPPED. */
    const bool mapped = memcmp(match->address, mapped_prefix, sizeof mapped_prefix) == 0;
    for (unsigned i = 0; i < 16; i++)
        address[i] = match->address[i] & (mapped ? t->ipv4_mask : t->ipv6_mask)[i];
    return beside_colon && !mapped ? format_all_groups(address, to)
                                   : simdinet_format_ipv6(address, to);
}

/* The value of a number of one to three digits up to 255, else -1. Moves *at to its end. */
static inline int octet_at(const char *text, size_t len, size_t *at) {
    const size_t start = *at;
    int value = 0;
    for (; *at < len && text[*at] >= '0' && text[*at] <= '9'; ++*at)
        value = value > 255 ? value : value * 10 + (text[*at] - '0');
    return *at == start || *at - start > 3 || value > 255 ? -1 : value;
}

/* How many octets a sequence has that starts at a number; 4 at most. */
static inline size_t count_octets(const char *text, size_t len, size_t at) {
    size_t n = 0;
    while (n < 4 && octet_at(text, len, &at) >= 0) {
        n++;
        if (at >= len || text[at] != '.')
            break;
        at++;
    }
    return n;
}

/*
 * Copies the dotted run at begin to the sink. Any four consecutive octets may be an address, so each number of
 * a sequence of octets loses what it loses in any of them: the first three what these octets of an address do,
 * and the others what the fourth does. Sets *end to the end of the run. Returns false if the sink does.
 */
static inline bool truncate_run(const truncation *t, const char *text, size_t len, size_t begin,
                                text_sink sink, void *context, size_t *end) {
    size_t at = begin, copied = begin, before = 0, octets = 0;
    while (at < len && text[at] >= '0' && text[at] <= '9') {
        const size_t first = at;
        char digits[4];
        const int octet = octet_at(text, len, &at);
        if (before == 0)
            octets = count_octets(text, len, first);
        if (octet < 0) {
            before = 0;
        } else {
            const int left = octet & t->ipv4_mask[12 + before];
            if (octets >= 4 && left != octet) {
                const int size = snprintf(digits, sizeof digits, "%d", left);
                if (!sink(context, text + copied, first - copied) ||
                    !sink(context, digits, (size_t)size))
                    return false;
                copied = at;
            }
            before += before < 3;
        }
        if (at + 1 >= len || text[at] != '.' || text[at + 1] < '0' || text[at + 1] > '9')
            break;
        at++;
    }
    *end = at;
    return sink(context, text + copied, at - copied);
}

/*
 * Copies a text of len bytes to the sink, with its addresses truncated. What is doubtful is replaced as well, but not
 * "d::" of std::string. Returns false if the sink does.
 */
static inline bool truncate_text(const truncation *t, const char *text, size_t len, text_sink sink,
                                 void *context) {
    enum { BATCH_SIZE = 64 };
    const unsigned flags =
        SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6 | SIMDINET_SCAN_RECALL | SIMDINET_SCAN_EUI64;
    simdinet_match matches[BATCH_SIZE];
    char replacement[SIMDINET_IPV6_TEXT_SIZE];
    size_t n, at = 0, copied = 0;
    do {
        at = simdinet_scan(text, at, len, flags, matches, sizeof *matches, BATCH_SIZE, &n);
        for (size_t i = 0; i < n; i++) {
            const simdinet_match *match = &matches[i];
            const size_t begin = (size_t)match->offset, end = begin + match->length;
            if (match->family == 6 && match->flags & SIMDINET_MATCH_DOUBTFUL &&
                !has_group_of_three(text + begin, match->length))
                continue;
            if (begin < copied) /* in a run */
                continue;
            if (match->family == 4 && match->flags & SIMDINET_MATCH_DOUBTFUL &&
                (match->rule == SIMDINET_RULE_DOTTED_RUN ||
                 match->rule == SIMDINET_RULE_INVALID_IPV4)) {
                if (!sink(context, text + copied, begin - copied) ||
                    !truncate_run(t, text, len, begin, sink, context, &copied))
                    return false;
                continue;
            }
            const bool beside_colon =
                (begin > 0 && text[begin - 1] == ':') || (end < len && text[end] == ':');
            const size_t size = format_truncated(t, match, beside_colon, replacement);
            if (!sink(context, text + copied, begin - copied) || !sink(context, replacement, size))
                return false;
            copied = end;
        }
    } while (n == BATCH_SIZE);
    return sink(context, text + copied, len - copied);
}

#endif
