/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify_ipv6.c - an IPv6 candidate by all rules of docs/scan.md.
 */
#include "scan_rules.h"
#include "scan_rules_ipv6.h"
#include "scan_verify.h"

/*
 * Whether an address starts at start, in the run of hexadecimal digits and colons that ends at end,
 * and at dotted with the numbers after dots. Sets *stop to where the address ends.
 */
static simdinet_scan_rule verify_ipv6_at(const scan_text *t, size_t start, size_t end,
                                         size_t dotted, simdinet_match *match, size_t *stop) {
    dot_port found;
    uint16_t port = 0;
    *stop = dotted;
    if (dotted > end && is_hardware_address_and_colon(t, start) &&
        !memchr(t->bytes + start + 18, ':', end - start - 18))
        return SIMDINET_RULE_INVALID_IPV6; /* an IPv4 address follows a hardware address */
    if (parse_ipv6_at(t, start, dotted, match->address)) { /* all of it */
        if (class_at(t, dotted) & CLASS_WORD || (dotted > end && !is_delimited_after(t, dotted)))
            return SIMDINET_RULE_WORD_AFTER;
        if (dotted == end && is_ipv6_dot_port(t, start, end, &found)) {
            match->flags |= found.is_service ? SIMDINET_MATCH_SERVICE : SIMDINET_MATCH_PORT;
            match->port = found.port;
        } else if (is_field_separator(t, start, end) || is_name(t, start, dotted) ||
                   (dotted - start == 2 && !is_unspecified(t, start))) {
            return SIMDINET_RULE_BARE_UNSPECIFIED;
        }
        if (groups_of_two(t, start, end) == 8 && !(t->flags & SIMDINET_SCAN_EUI64))
            return SIMDINET_RULE_HARDWARE_ADDRESS;
        if (dotted == end && may_end_in_port(t, start, end))
            match->flags |= SIMDINET_MATCH_AMBIGUOUS_PORT;
        return SIMDINET_RULE_NONE;
    }
    if (dotted > end) { /* rule 9, also after an embedded IPv4 address */
        size_t last_dot = dotted - 1;
        while (byte_at(t, last_dot) != '.')
            last_dot--;
        *stop = end;
        if (!parse_ipv6_at(t, start, end, match->address) ||
            !is_ipv6_dot_port(t, start, end, &found)) {
            *stop = last_dot;
            if (!parse_ipv6_at(t, start, last_dot, match->address) ||
                !is_ipv6_dot_port(t, start, last_dot, &found))
                return SIMDINET_RULE_INVALID_IPV6;
        }
        if (groups_of_two(t, start, *stop) == 8 && !(t->flags & SIMDINET_SCAN_EUI64))
            return SIMDINET_RULE_HARDWARE_ADDRESS;
        port = found.port;
    } else { /* rules 7 and 8 */
        const size_t last = without_last_colon(t, start, end);
        *stop = last;
        if (last < end && last - start > 2 && parse_ipv6_at(t, start, last, match->address) &&
            groups_of_two(t, start, last) != 8)
            return SIMDINET_RULE_NONE;
        if (t->flags & SIMDINET_SCAN_NO_COLON_PORT)
            return SIMDINET_RULE_INVALID_IPV6;
        *stop = end - start >= MIN_FULL_AND_PORT ? full_address_end(t, start, &port) : 0;
        if (*stop == 0 && !(class_at(t, last) & CLASS_WORD))
            *stop = end_before_wide_port(t, start, last, &port);
        if (*stop <= start + 2 || !parse_ipv6_at(t, start, *stop, match->address))
            return SIMDINET_RULE_INVALID_IPV6;
    }
    match->flags |= SIMDINET_MATCH_PORT;
    match->port = port;
    return SIMDINET_RULE_NONE;
}

/* Rule 10: the address after a key. */
static bool verify_after_key(const scan_text *t, size_t start, size_t end, size_t dotted,
                             simdinet_match *match, size_t *stop) {
    bool weak = false;
    const size_t after = start_after_key(t, start, end, &weak);
    size_t colons = 0;
    for (size_t i = after; i < end && colons < 2; i++)
        colons += byte_at(t, i) == ':';
    simdinet_match found = {.offset = after, .family = 6, .flags = SIMDINET_MATCH_KEY};
    size_t found_stop;
    if (colons < 2 ||
        verify_ipv6_at(t, after, end, dotted, &found, &found_stop) != SIMDINET_RULE_NONE ||
        (weak && !stands_out(t, after, found_stop)))
        return false;
    *match = found;
    *stop = found_stop;
    return true;
}

/* Whether find_candidates has a position in text[start, end), at most MAX_IPV6 bytes from start: "::",
 * or the first of four colons with one to four bytes from one to the next. */
static bool has_candidate(const scan_text *t, size_t start, size_t end) {
    size_t last = end, chain = 0; /* the colon before, and how many such colons end there */
    for (size_t i = start; i < end; i++) {
        if (byte_at(t, i) != ':')
            continue;
        if (i - start <= MAX_IPV6 && i + 1 < end && byte_at(t, i + 1) == ':')
            return true;
        chain = chain > 0 && i - last <= 5 && i - last > 1 ? chain + 1 : i - start <= MAX_IPV6;
        last = i;
        if (chain == 4)
            return true;
    }
    return false;
}

/* A run of hexadecimal digits and colons, and the numbers after dots after it. */
typedef struct colon_hex_run {
    size_t start, end, dotted;
} colon_hex_run;

/* The run as a whole, or after a key. */
static bool verify_run(const scan_text *t, size_t position, simdinet_match *match,
                       colon_hex_run *run) {
    size_t start = position, stop = position;
    *run = (colon_hex_run){position, position, position};
    while (position - start < MAX_COLON_HEX_RUN &&
           class_at(t, start - 1) & (CLASS_HEX | CLASS_COLON))
        start--;
    if (position - start == MAX_COLON_HEX_RUN) {
        match->length = 0; /* no address begins so far before its first colons */
        return reject(t, SIMDINET_RULE_INVALID_IPV6, false, match);
    }
    const size_t escape = escape_end(t, start);
    if (escape)
        start = escape;
    else if (byte_at(t, start - 1) == '.' && is_at(t, start - 2, CLASS_DIGIT))
        while (class_at(t, start) & CLASS_DIGIT) /* the last number of a dotted run */
            start++;
    size_t end = start > position ? start : position; /* an escape may end past the position */
    while (end - start < MAX_COLON_HEX_RUN && class_at(t, end) & (CLASS_HEX | CLASS_COLON))
        end++;
    const size_t dotted = byte_at(t, end) == '.' ? dotted_run_end(t, end, MAX_REJECTED) : end;
    *run = (colon_hex_run){start, end, dotted};
    match->offset = start;
    const bool delimited = is_delimited_before(t, start);
    /* Where a word precedes, only a key or a letter of rule 12 makes it an address. */
    const bool only_key = !delimited && !may_follow_bgp_letter(t, start) &&
                          !(t->flags & (SIMDINET_SCAN_REJECTED | SIMDINET_SCAN_RECALL));
    simdinet_scan_rule rule = SIMDINET_RULE_WORD_BEFORE;
    if (!only_key)
        rule = verify_ipv6_at(t, start, end, dotted, match, &stop);
    if (rule == SIMDINET_RULE_NONE && !delimited) {
        if (is_bgp_letter_before(t, start, stop))
            match->flags |= SIMDINET_MATCH_BGP;
        else
            rule = SIMDINET_RULE_WORD_BEFORE;
    }
    if (rule != SIMDINET_RULE_NONE && verify_after_key(t, start, end, dotted, match, &stop))
        rule = SIMDINET_RULE_NONE;
    if (rule != SIMDINET_RULE_NONE) {
        const bool invalid = rule == SIMDINET_RULE_INVALID_IPV6;
        const bool reads_as_address =
            !only_key && !invalid && parse_ipv6_at(t, start, stop, match->address);
        if (invalid && groups_of_two(t, start, end) >= 6)
            rule = SIMDINET_RULE_HARDWARE_ADDRESS;
        const bool recall = reject(t, rule, reads_as_address, match);
        if (recall)
            match->flags |= simdinet_scan_mapped_flag(match->address);
        size_t rejected_end = dotted;
        if (dotted - end < MAX_REJECTED &&
            class_at(t, dotted) &
                (CLASS_HEX | CLASS_COLON)) /* the last number starts another run */
            while (rejected_end > end && byte_at(t, rejected_end) != '.')
                rejected_end--;
        const size_t length = (recall ? stop : rejected_end) - start;
        match->length = (uint16_t)(length < MAX_REJECTED ? length : MAX_REJECTED);
        /* Not listed: the four numbers at its end are a candidate of their own. Nor is what another
         * implementation, or a scan from another start, does not find. */
        const bool has_quad = (invalid || !delimited) && end - start < MAX_REJECTED + 4 &&
                              numbers_after(t, end, 3) == 3;
        if (!recall && (has_quad || !has_candidate(t, start, end)))
            match->length = 0;
        return recall;
    }
    match->length = (uint16_t)(stop - match->offset);
    if (match->length == 2)
        match->flags |= SIMDINET_MATCH_BARE_UNSPECIFIED;
    else if (is_short(t, match->offset, stop))
        match->flags |= SIMDINET_MATCH_SHORT;
    match->flags |= simdinet_scan_mapped_flag(match->address);
    return true;
}

/* With SIMDINET_SCAN_RECALL also the addresses in a part of the run: the rest after an address, or any
 * part of a run that does not read as one, unless it is of pairs of digits. */
bool simdinet_scan_verify_ipv6(const scan_text *t, size_t position, size_t from,
                               simdinet_match *match) {
    colon_hex_run run;
    bool any = false;
    if (t->flags & SIMDINET_SCAN_RECALL && !(t->flags & SIMDINET_SCAN_REJECTED) &&
        simdinet_scan_is_in_pairs(t, position))
        return false;
    bool found = verify_run(t, position, match, &run);
    if (!(t->flags & SIMDINET_SCAN_RECALL))
        return found;
    if (found && match->flags & SIMDINET_MATCH_KEY &&
        simdinet_scan_has_other_part(t, run.start, run.end, match))
        found = false;
    if (found && match->offset >= from)
        return true;
    const size_t begin = found ? match->offset + match->length : run.start;
    const bool quad = numbers_after(t, run.end, 3) == 3;
    if ((found || groups_of_two(t, run.start, run.end) < 6) &&
        simdinet_scan_find_part(t, run.start, begin, quad ? run.dotted : run.end, from, match,
                                &any))
        return true;
    if (found || any)
        match->length = 0;
    return false;
}
