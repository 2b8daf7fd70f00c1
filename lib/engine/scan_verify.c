/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify.c - a candidate by all rules of docs/scan.md, a function a rule.
 *
 * The kernels decide most candidates from their neighbouring bytes; this file decides the others, and
 * all of them when a rejected candidate is to be reported.
 */
#include "scan_verify.h"
#include "scan_text.h"

/* ---- rules 7 to 12: IPv6 ------------------------------------------------------------------------ */

static bool parse_ipv6_at(const scan_text *t, size_t start, size_t end, uint8_t address[16]) {
    return end - start >= 2 && end - start <= MAX_IPV6 &&
           t->impl->parse_ipv6(t->bytes + start, end - start, address);
}

/* The number of groups when all have exactly two digits and single colons between them, else 0. */
static size_t groups_of_two(const scan_text *t, size_t start, size_t end) {
    if ((end - start) % 3 != 2)
        return 0;
    for (size_t i = start; i < end; i++)
        if ((i - start) % 3 == 2 ? byte_at(t, i) != ':' : !(class_at(t, i) & CLASS_HEX))
            return 0;
    return (end - start + 1) / 3;
}

/* Rule 7: the end without a single colon before a blank, a slash or the end of the line. */
static size_t without_last_colon(const scan_text *t, size_t start, size_t end) {
    if (t->flags & SIMDINET_SCAN_NO_COLON_AFTER || end - start <= 2 || byte_at(t, end - 1) != ':' ||
        byte_at(t, end - 2) == ':' || !(is_blank_or_end_after(t, end) || byte_at(t, end) == '/'))
        return end;
    return end - 1;
}

/* Rule 8 a: eight groups, a colon and a port. Returns where the address ends, or 0. */
static size_t full_address_end(const scan_text *t, size_t start, uint16_t *port) {
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
static size_t end_before_wide_port(const scan_text *t, size_t start, size_t end, uint16_t *port) {
    if (end - start < 9 || byte_at(t, end - 6) != ':' || port_end(t, end - 5, port) != end)
        return 0;
    return end - 6;
}

/* Rule 8: the last group may be a port of two to four digits. */
static bool may_end_in_port(const scan_text *t, size_t start, size_t end) {
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
static bool is_field_separator(const scan_text *t, size_t start, size_t end) {
    return byte_at(t, end) == '~' && end > start + 1 && word_ends_at(t, end, "::");
}

/* Rule 11: one or two letters before "::" are a name. */
static bool is_name(const scan_text *t, size_t start, size_t end) {
    const int after = byte_at(t, end);
    return !(t->flags & SIMDINET_SCAN_BARE_UNSPECIFIED) && end - start >= 3 && end - start <= 4 &&
           word_ends_at(t, end, "::") && class_at(t, start) & CLASS_LETTER &&
           (end - start == 3 || class_at(t, start + 1) & CLASS_LETTER) && after != '/' &&
           after != '%' && byte_at(t, start - 1) != '[';
}

/* Rule 11: whether the "::" at start is reported. */
static bool is_unspecified(const scan_text *t, size_t start) {
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

/* Rule 12: the letter of a BGP table stands before start. */
static bool may_follow_bgp_letter(const scan_text *t, size_t start) {
    const int letter = byte_at(t, start - 1), before = byte_at(t, start - 2);
    if (t->flags & SIMDINET_SCAN_NO_BGP ||
        !(letter == 'e' || letter == 'i' || letter == 'l' || letter == 'a' || letter == 'r'))
        return false;
    return before == '*' || before == '>' || before == '|' || before == '&' ||
           ((before == ' ' || class_at(t, start - 2) & CLASS_LOWER) &&
            byte_at(t, start - 3) == '*');
}

/* Rule 12: such a letter, and a prefix length or two blanks after end. */
static bool is_bgp_letter_before(const scan_text *t, size_t start, size_t end) {
    return may_follow_bgp_letter(t, start) &&
           ((byte_at(t, end) == '/' && class_at(t, end + 1) & CLASS_DIGIT) ||
            word_starts_at(t, end, "  "));
}

/* Decimal digits among the last four bytes before end. */
static size_t decimals_of_four(const scan_text *t, size_t end) {
    size_t n = 0;
    for (size_t k = 1; k <= 4; k++)
        n += (class_at(t, end - k) & CLASS_DIGIT) != 0;
    return n;
}

/*
 * Rule 10: text[word, end) is a key, and not a group, with or without letters before it ("g2001").
 * A key of hexadecimal digits alone has more than four, all of them decimal.
 */
static bool is_key(const scan_text *t, size_t word, size_t end) {
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
static size_t start_after_key(const scan_text *t, size_t start, size_t end, bool *weak) {
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
static bool stands_out(const scan_text *t, size_t start, size_t end) {
    size_t colons = 0;
    for (size_t i = start; i < end; i++)
        colons += byte_at(t, i) == ':';
    for (size_t i = start; i < start + 4; i++)
        if (!(class_at(t, i) & CLASS_HEX))
            return false;
    return colons >= 3 && !word_ends_at(t, end, "::");
}

/* ---- candidates --------------------------------------------------------------------------------- */

/* How many numbers follow the one that ends at end, each after a dot: at most max are counted, in at
 * most MAX_IPV6 bytes. */
static size_t numbers_after(const scan_text *t, size_t end, size_t max) {
    const size_t stop = end + MAX_IPV6;
    size_t n = 0;
    while (n < max && byte_at(t, end) == '.' && class_at(t, end + 1) & CLASS_DIGIT) {
        n++;
        for (end++; n < max && end < stop && class_at(t, end) & CLASS_DIGIT; end++)
            ;
    }
    return n;
}

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

/* Whether a candidate of these octets or groups is reported although a rule rejects it. */
static bool reject(const scan_text *t, simdinet_scan_rule rule, bool reads_as_address,
                   simdinet_match *match) {
    const bool recall = reads_as_address && t->flags & SIMDINET_SCAN_RECALL;
    match->rule = (uint8_t)rule;
    match->flags = recall ? match->flags | SIMDINET_MATCH_DOUBTFUL : SIMDINET_MATCH_REJECTED;
    match->port = recall ? match->port : 0;
    return recall;
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

/* The end of the numbers and dots that start at start, at most max bytes from it. */
static size_t dotted_run_end(const scan_text *t, size_t start, size_t max) {
    size_t end = start;
    while (end - start < max && (class_at(t, end) & CLASS_DIGIT ||
                                 (byte_at(t, end) == '.' && class_at(t, end + 1) & CLASS_DIGIT)))
        end++;
    return end;
}

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
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(match->address, mapped, sizeof mapped) == 0)
        match->flags |= SIMDINET_MATCH_MAPPED;
    return true;
}

/* With SIMDINET_SCAN_RECALL also the addresses in a part of the run: the rest after an address, or any
 * part of a run that does not read as one, unless it is of pairs of digits. */
static bool verify_ipv6(const scan_text *t, size_t position, size_t from, simdinet_match *match) {
    colon_hex_run run;
    bool any = false;
    const bool found = verify_run(t, position, match, &run);
    if (!(t->flags & SIMDINET_SCAN_RECALL) || (found && match->offset >= from))
        return found;
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

/* ---- IPv4 --------------------------------------------------------------------------------------- */

/* The end of an IPv6 address that covers the byte at start, or start. */
static size_t covered_end(const scan_text *t, size_t start) {
    simdinet_match match = {.family = 6};
    size_t end = 0;
    if (byte_at(t, start - 1) != ':')
        return start;
    while (end <= start && verify_ipv6(t, start - 1, end, &match)) {
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

/* Whether four rejected octets are the end of an IPv6 address that is reported itself. */
static bool is_listed_as_ipv6(const scan_text *t, size_t start, simdinet_scan_rule rule) {
    const unsigned families = t->flags & (SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6);
    return rule == SIMDINET_RULE_COLON_HEX && t->flags & SIMDINET_SCAN_REJECTED &&
           families != SIMDINET_SCAN_IPV4 && covered_end(t, start) > start;
}

static bool verify_ipv4(const scan_text *t, scan_lookback *lookback, size_t position, size_t from,
                        simdinet_match *match) {
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

bool simdinet_scan_verify(const scan_text *text, scan_lookback *lookback, unsigned family,
                          size_t position, size_t from, simdinet_match *match) {
    *match = (simdinet_match){.family = (uint8_t)family};
    return family == 4 ? verify_ipv4(text, lookback, position, from, match)
                       : verify_ipv6(text, position, from, match);
}

const char *simdinet_scan_rule_name(simdinet_scan_rule rule) {
    switch (rule) {
    case SIMDINET_RULE_NONE:
        return "none";
    case SIMDINET_RULE_WORD_BEFORE:
        return "word-before";
    case SIMDINET_RULE_WORD_AFTER:
        return "word-after";
    case SIMDINET_RULE_DOTTED_RUN:
        return "dotted-run";
    case SIMDINET_RULE_INVALID_IPV4:
        return "invalid-ipv4";
    case SIMDINET_RULE_COLON_HEX:
        return "colon-hex";
    case SIMDINET_RULE_INVALID_IPV6:
        return "invalid-ipv6";
    case SIMDINET_RULE_HARDWARE_ADDRESS:
        return "hardware-address";
    case SIMDINET_RULE_BARE_UNSPECIFIED:
        return "bare-unspecified";
    }
    return "unknown";
}
