/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_rules.h - what the rules of both families share: letters of BGP tables (rule 12 of docs/scan.md),
 * dotted runs, and rejection.
 */
#ifndef SIMDINET_SCAN_RULES_H
#define SIMDINET_SCAN_RULES_H

#include "scan_text.h"

/* Rule 12: the letter of a BGP table stands before start. */
static inline bool may_follow_bgp_letter(const scan_text *t, size_t start) {
    const int letter = byte_at(t, start - 1), before = byte_at(t, start - 2);
    if (t->flags & SIMDINET_SCAN_NO_BGP ||
        !(letter == 'e' || letter == 'i' || letter == 'l' || letter == 'a' || letter == 'r'))
        return false;
    return before == '*' || before == '>' || before == '|' || before == '&' ||
           ((before == ' ' || class_at(t, start - 2) & CLASS_LOWER) &&
            byte_at(t, start - 3) == '*');
}

/* Rule 12: such a letter, and a prefix length or two blanks after end. */
static inline bool is_bgp_letter_before(const scan_text *t, size_t start, size_t end) {
    return may_follow_bgp_letter(t, start) &&
           ((byte_at(t, end) == '/' && class_at(t, end + 1) & CLASS_DIGIT) ||
            word_starts_at(t, end, "  "));
}

/* How many numbers follow the one that ends at end, each after a dot: at most max are counted, in at
 * most MAX_IPV6 bytes. */
static inline size_t numbers_after(const scan_text *t, size_t end, size_t max) {
    const size_t stop = end + MAX_IPV6;
    size_t n = 0;
    while (n < max && byte_at(t, end) == '.' && class_at(t, end + 1) & CLASS_DIGIT) {
        n++;
        for (end++; n < max && end < stop && class_at(t, end) & CLASS_DIGIT; end++)
            ;
    }
    return n;
}

/* The end of the numbers and dots that start at start, at most max bytes from it. */
static inline size_t dotted_run_end(const scan_text *t, size_t start, size_t max) {
    size_t end = start;
    while (end - start < max && (class_at(t, end) & CLASS_DIGIT ||
                                 (byte_at(t, end) == '.' && class_at(t, end + 1) & CLASS_DIGIT)))
        end++;
    return end;
}

/* Whether a candidate of these octets or groups is reported although a rule rejects it. */
static inline bool reject(const scan_text *t, simdinet_scan_rule rule, bool reads_as_address,
                          simdinet_match *match) {
    const bool recall = reads_as_address && t->flags & SIMDINET_SCAN_RECALL;
    match->rule = (uint8_t)rule;
    match->flags = recall ? match->flags | SIMDINET_MATCH_DOUBTFUL : SIMDINET_MATCH_REJECTED;
    match->port = recall ? match->port : 0;
    if (!recall)
        memset(match->address, 0, sizeof match->address);
    return recall;
}

#endif
