/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify_ipv4.c - an IPv4 candidate by all rules of docs/scan.md.
 */
#include "scan_ports.h"
#include "scan_rules.h"
#include "scan_verify.h"

/* Why four octets text[start, end) are rejected. */
static simdinet_scan_rule verify_ipv4_at(const scan_text *t, scan_lookback *lookback, size_t start,
                                         size_t end, simdinet_match *match) {
    dot_port port;
    if (!is_delimited_before(t, start)) {
        if (!is_bgp_letter_before(t, start, end))
            return SIMDINET_RULE_WORD_BEFORE;
        match->flags |= SIMDINET_MATCH_BGP;
    }
    const size_t more = numbers_after(t, end, 2);
    if (more > 1)
        return SIMDINET_RULE_DOTTED_RUN;
    if (is_colon_hex_before(t, start))
        return SIMDINET_RULE_COLON_HEX;
    if (is_ipv4_dot_port(t, start, end, &port)) {
        match->flags |= port.is_service ? SIMDINET_MATCH_SERVICE : SIMDINET_MATCH_PORT;
        match->port = port.port;
    } else if (!is_delimited_after(t, end) && !is_address_with_suffix(t, end)) {
        return more == 1 ? SIMDINET_RULE_DOTTED_RUN : SIMDINET_RULE_WORD_AFTER;
    }
    match->flags |= simdinet_scan_version_flags(t, lookback, start, end, match->address);
    return SIMDINET_RULE_NONE;
}

/* The start of the numbers and dots that end at end, or more than MAX_IPV6 bytes from it. */
static size_t dotted_run_start(const scan_text *t, size_t end) {
    size_t start = end;
    while (end - start <= MAX_IPV6 &&
           (is_at(t, start - 1, CLASS_DIGIT) ||
            (byte_at(t, start - 1) == '.' && is_at(t, start - 2, CLASS_DIGIT))))
        start--;
    return start;
}

/* The end of an IPv6 address that covers the byte at start, or start. A doubtful one may end within the
 * first number: "1:2:3:4:5:6:7:8a12" and "7.0.0.1". */
static size_t covered_end(const scan_text *t, size_t start) {
    const unsigned inside = t->flags & SIMDINET_SCAN_RECALL ? CLASS_COLON | CLASS_HEX : CLASS_COLON;
    simdinet_match match = {.family = 6};
    size_t end = 0;
    if (!(class_at(t, start - 1) & inside))
        return start;
    while (end <= start && simdinet_scan_verify_ipv6(t, start - 1, end, &match)) {
        end = match.offset + match.length;
        if (match.offset > start)
            break;
    }
    return end > start && match.offset <= start ? end : start;
}

/* The first number of the dotted run around a position, or SIZE_MAX when it is too far away. */
static size_t first_of_run(const scan_text *t, size_t position) {
    size_t start = position;
    while (position - start <= MAX_DOTTED_RUN &&
           (class_at(t, start - 1) & CLASS_DIGIT ||
            (byte_at(t, start - 1) == '.' && class_at(t, start - 2) & CLASS_DIGIT)))
        start--;
    if (position - start > MAX_DOTTED_RUN)
        return SIZE_MAX;
    const size_t escape = escape_end(t, start);
    return escape ? escape + (byte_at(t, escape) == '.') : start;
}

/* With SIMDINET_SCAN_RECALL: the run around a position, which starts at start. Sets *listed whether the
 * run is to be listed where nothing is found. */
static bool verify_dotted_run(const scan_text *t, scan_lookback *lookback, size_t start,
                              size_t from, simdinet_match *match, bool *listed) {
    const size_t covered = covered_end(t, start), end = quad_end(t, start, match->address);
    bool any = false;
    if (from < covered)
        from = covered;
    *listed = covered == start;
    match->offset = start;
    if (end) {
        const simdinet_scan_rule rule = verify_ipv4_at(t, lookback, start, end, match);
        match->length = (uint16_t)(end - start);
        if (rule == SIMDINET_RULE_NONE ||
            (numbers_after(t, end, 1) == 0 && reject(t, rule, true, match))) {
            *listed = false;
            return start >= from;
        }
    }
    const bool found = simdinet_scan_find_quad(t, start, from, match, &any);
    *listed = *listed && !any;
    return found;
}

/* Whether four rejected octets are the end of an IPv6 address that is listed itself, accepted or rejected. */
static bool is_listed_as_ipv6(const scan_text *t, size_t start, simdinet_scan_rule rule) {
    const unsigned families = t->flags & (SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6);
    if (rule != SIMDINET_RULE_COLON_HEX || !(t->flags & SIMDINET_SCAN_REJECTED) ||
        families == SIMDINET_SCAN_IPV4)
        return false;
    if (covered_end(t, start) > start)
        return true;
    simdinet_match match = {.family = 6};
    return !simdinet_scan_verify_ipv6(t, start - 1, 0, &match) && match.offset < start &&
           match.length > start - match.offset;
}

bool simdinet_scan_verify_ipv4(const scan_text *t, scan_lookback *lookback, size_t position,
                               size_t from, simdinet_match *match) {
    if (t->flags & SIMDINET_SCAN_RECALL) {
        const size_t first = first_of_run(t, position);
        bool listed = true;
        if (first != SIZE_MAX && verify_dotted_run(t, lookback, first, from, match, &listed))
            return true;
        *match = (simdinet_match){.family = 4};
        if (!listed)
            return false;
    }
    size_t start = position;
    while (position - start < MAX_REJECTED && class_at(t, start - 1) & CLASS_DIGIT)
        start--;
    const size_t escape = escape_end(t, start);
    if (escape) /* up to the first dot: the candidate is the four numbers after it */
        start = escape + (byte_at(t, escape) == '.');
    const bool in_run = byte_at(t, start - 1) == '.' && is_at(t, start - 2, CLASS_DIGIT);
    const size_t end = in_run ? 0 : quad_end(t, start, match->address);
    simdinet_scan_rule rule = in_run ? SIMDINET_RULE_DOTTED_RUN : SIMDINET_RULE_INVALID_IPV4;
    match->offset = start;
    if (end) {
        rule = verify_ipv4_at(t, lookback, start, end, match);
        match->length = (uint16_t)(end - start);
        if (rule == SIMDINET_RULE_NONE)
            return true;
        reject(t, rule, false, match);
        if (is_listed_as_ipv6(t, start, rule)) {
            match->length = 0;
            return false;
        }
    }
    /* A long run has a candidate in each chunk. It is listed once, from its first number on. */
    if (in_run && t->flags & SIMDINET_SCAN_REJECTED)
        match->offset = start = dotted_run_start(t, start);
    const size_t run_end = dotted_run_end(t, start, MAX_REJECTED);
    size_t dots = 0, dot = position; /* where the number at position ends */
    while (class_at(t, dot) & CLASS_DIGIT)
        dot++;
    for (size_t i = start; i < run_end; i++)
        dots += byte_at(t, i) == '.';
    if (!end)
        reject(t, dots > 3 ? SIMDINET_RULE_DOTTED_RUN : rule, false, match);
    const bool listed = dots >= 3 && dot <= start + MAX_IPV6; /* found wherever a scan starts */
    match->length = (uint16_t)(listed ? run_end - start : 0);
    return false;
}
