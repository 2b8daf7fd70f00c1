/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_version.c - rules 13 to 17 of docs/scan.md: IPv4 addresses that are version-like.
 */
#include "scan_text.h"
#include "scan_verify.h"

/* The length of the slash that ends at end: "/", "\/" or "%2F"; or 0. */
static size_t slash_length(const scan_text *t, size_t end) {
    if (byte_at(t, end - 1) == '/')
        return byte_at(t, end - 2) == '\\' ? 2 : 1;
    return to_lower(byte_at(t, end - 1)) == 'f' && word_ends_at_any_case(t, end, "%2f") &&
                   is_escaped(t, end - 1)
               ? 3
               : 0;
}

/* Rule 13 a: a colon and a digit, or a port in parentheses, follow. */
static bool is_port_after(const scan_text *t, size_t end) {
    uint16_t port;
    if (byte_at(t, end) == ':')
        return class_at(t, end + 1) & CLASS_DIGIT;
    if (byte_at(t, end) != '(')
        return false;
    const size_t close = port_end(t, end + 1, &port);
    return close > end + 1 && byte_at(t, close) == ')';
}

/* Rule 13 c: networks that no version number lies in. */
static bool is_private_number(const uint8_t *a) {
    return (a[0] == 192 && a[1] == 168) || (a[0] == 172 && (a[1] & 0xf0) == 16) ||
           (a[0] == 169 && a[1] == 254) || (a[0] == 127 && a[3] != 0);
}

/* Rule 13 d and e: the word names an address, is one, or names a host before an address of 10/8. */
static bool is_address_word(const scan_text *t, size_t word, size_t end, const uint8_t *number) {
    uint8_t address[16];
    if (class_at(t, word) & CLASS_DIGIT && quad_end(t, word, address) == end)
        return true; /* a netmask follows */
    if (is_hardware_address_before(t, end, ':') || is_hardware_address_before(t, end, '-'))
        return true;
    for (const char *const *name = simdinet_scan_address_words; *name; name++)
        if (end - word == strlen(*name) && word_starts_at_any_case(t, word, *name))
            return true;
    if (number[0] != 10)
        return false;
    if (word_starts_at(t, word, "ip-") && class_at(t, word + 3) & CLASS_DIGIT)
        return true;
    return any_ends_word(t, word, end, simdinet_scan_host_suffixes);
}

/* Rule 13: no host has an address of 0.0.0.0/8 (RFC 1122 section 3.2.1.3). */
static bool is_this_network(const uint8_t *a) {
    return a[0] == 0 && (a[1] | a[2] | a[3]) != 0;
}

/* Rule 13: word/number; slash and word are where these start. */
static bool is_version_after_slash(const scan_text *t, size_t word, size_t slash, size_t end,
                                   const uint8_t *number) {
    if (!is_at(t, slash - 1, CLASS_LETTER | CLASS_DIGIT) || slash - word > MAX_WORD ||
        (slash_length(t, word) && !is_this_network(number)))
        return false;
    return !is_port_after(t, end) && !word_ends_at(t, word, "- ") &&
           !any_ends_word(t, word, slash, simdinet_scan_proxy_words) &&
           !is_private_number(number) && !is_address_word(t, word, slash, number);
}

/* The last browser's name that starts before end, with no quote or line end between the two. */
static size_t find_browser(const scan_text *t, scan_lookback *lookback, size_t end) {
    const size_t reach = end > lookback->browser_end ? end - lookback->browser_end : SIZE_MAX;
    const size_t known = reach <= MAX_USER_AGENT ? lookback->browser : 0;
    const size_t limit = reach <= MAX_USER_AGENT ? reach
                         : end < MAX_USER_AGENT  ? end
                                                 : MAX_USER_AGENT;
    size_t found = known, at = end;
    for (const size_t stop = end - limit; at > stop; at--) {
        const unsigned classes = simdinet_scan_classes[(unsigned char)t->bytes[at - 1]];
        if (classes & (CLASS_QUOTE | CLASS_LINE_END)) {
            found = 0;
            break;
        }
        if (classes & CLASS_LETTER && !(classes & CLASS_LOWER) &&
            any_starts_at(t, at - 1, simdinet_scan_browser_words)) {
            found = at;
            break;
        }
    }
    lookback->browser_end = end;
    lookback->browser = found;
    return found;
}

/* Rule 15 b: a/Word/number after a browser's name. */
static bool is_version_after_browser(const scan_text *t, scan_lookback *lookback, size_t word,
                                     size_t slash, size_t start) {
    if (slash == word || slash - word > MAX_WORD || !slash_length(t, word) ||
        !is_alnum_at(t, word - slash_length(t, word) - 1))
        return false;
    const size_t browser = find_browser(t, lookback, word);
    return browser && start - browser < MAX_USER_AGENT;
}

static bool is_key_separator(int byte) {
    return byte == ':' || byte == '=' || byte == '>' || byte == '-';
}

/* Rule 14: a key, then quotes, blanks, one separator and brackets. */
static bool is_version_after_key(const scan_text *t, size_t start, size_t end) {
    size_t at = start, separators = 0;
    if (word_ends_at(t, start, "~~") || word_ends_at(t, start, ">= ") ||
        word_ends_at(t, start, "(= "))
        return true;
    if (word_ends_at(t, start, "rv:") &&
        (byte_at(t, start - 4) == '_' || !is_at(t, start - 4, CLASS_WORD)))
        return true;
    while (start - at < MAX_KEY_GAP && class_at(t, at - 1) & CLASS_KEY_GAP) {
        at--;
        separators += is_key_separator(byte_at(t, at)) && !word_starts_at(t, at, "=>");
    }
    if (at == start || separators > 1)
        return false;
    if (any_ends_at_any_case(t, at, simdinet_scan_version_keys))
        return true;
    if (separators && word_ends_at_any_case(t, at, "image") && is_blank_or_end_after(t, end))
        return true;
    const bool more = byte_at(t, end) == '/' && class_at(t, end + 1) & CLASS_LETTER;
    return (byte_at(t, at) == ':' || (byte_at(t, at) == ' ' && more)) &&
           word_ends_at(t, at, "FW") && !is_at(t, at - 3, CLASS_WORD);
}

/* Rule 15 a: inside the parentheses of a user agent, after a semicolon or before "; U". */
static bool is_version_in_parentheses(const scan_text *t, scan_lookback *lookback, size_t start,
                                      size_t end) {
    const bool security =
        word_starts_at(t, end, "; U") && (byte_at(t, end + 3) == ';' || byte_at(t, end + 3) == ')');
    const size_t reach =
        start > lookback->parenthesis_end ? start - lookback->parenthesis_end : SIZE_MAX;
    const bool known = reach <= MAX_USER_AGENT;
    const size_t limit = known ? reach : start < MAX_USER_AGENT ? start : MAX_USER_AGENT;
    size_t open = known ? lookback->open : 0;
    bool semicolon = false, stopped = false;
    for (size_t at = start; at > start - limit && !stopped; at--) {
        const char byte = t->bytes[at - 1];
        semicolon |= byte == ';';
        stopped = byte == '(' || byte == ')' || byte == '\r' || byte == '\n';
        open = stopped ? (byte == '(' ? at : 0) : open;
    }
    lookback->semicolon = semicolon | (!stopped && known && lookback->semicolon);
    lookback->open = open;
    lookback->parenthesis_end = start;
    return open && (lookback->semicolon || security) && start - open < MAX_USER_AGENT;
}

/* Rule 15 c: a browser's version without its details, as a quoted value: "120.0.0.0". */
static bool is_browser_version(const scan_text *t, size_t start, size_t end,
                               const uint8_t *number) {
    const size_t quote = end + (byte_at(t, end) == '\\');
    return number[1] == 0 && number[2] == 0 && number[3] == 0 && number[0] > 100 &&
           number[0] < 169 && number[0] != 127 && class_at(t, start - 1) & CLASS_QUOTE &&
           class_at(t, start - 2) & CLASS_KEY_GAP && class_at(t, quote) & CLASS_QUOTE;
}

/* Rule 16: the fourth field of "CEF:0|vendor|product|number". */
static bool is_version_in_header(const scan_text *t, size_t start) {
    size_t at = start;
    for (int bars = 0; bars < 3; bars++) {
        while (byte_at(t, at - 1) != '|') {
            if (at == 0 || start - at >= MAX_HEADER || class_at(t, at - 1) & CLASS_LINE_END)
                return false;
            at--;
        }
        at--;
    }
    while (start - at < MAX_HEADER && (is_at(t, at - 1, CLASS_DIGIT) || byte_at(t, at - 1) == '.'))
        at--;
    const size_t name = word_ends_at(t, at, "CEF:") ? 4 : word_ends_at(t, at, "LEEF:") ? 5 : 0;
    return name > 0 && start - at + name <= MAX_HEADER;
}

/* Rule 17: a package in a directory of packages, or the mark of a release after the number. */
static bool is_version_of_package(const scan_text *t, size_t start, size_t end) {
    const int after = byte_at(t, end);
    if (after == ':' && any_starts_at_any_case(t, end, simdinet_scan_device_buses))
        return true;
    if (after == '-' && (any_starts_at_any_case(t, end, simdinet_scan_release_suffixes) ||
                         (byte_at(t, end + 1) == 'r' && class_at(t, end + 2) & CLASS_DIGIT)))
        return true;
    if (byte_at(t, start - 1) != '-')
        return false;
    uint16_t release;
    const size_t mark = port_end(t, end + 1, &release);
    if (after == '-' && mark > end + 1 && any_starts_at(t, mark, simdinet_scan_package_marks))
        return true;
    for (size_t at = start - 1; at < start && start - at < MAX_PATH; at--) {
        if (byte_at(t, at) == '/') {
            if (any_starts_at(t, at, simdinet_scan_package_directories))
                return true;
        } else if (!(class_at(t, at) & CLASS_UNRESERVED) && byte_at(t, at) != '+') {
            return false;
        }
    }
    return false;
}

/* Each rule is tried only where the byte on either side calls for it. */
uint32_t simdinet_scan_version_flags(const scan_text *t, scan_lookback *lookback, size_t start,
                                     size_t end, const uint8_t *number) {
    const int before = byte_at(t, start - 1), after = byte_at(t, end);
    uint32_t flags = 0;
    const size_t slash = start - slash_length(t, start);
    if (slash < start) {
        const size_t word = run_start(t, slash, CLASS_UNRESERVED, MAX_WORD);
        if (is_version_after_slash(t, word, slash, end, number))
            flags |= SIMDINET_MATCH_VERSION_SLASH;
        if (is_version_after_browser(t, lookback, word, slash, start))
            flags |= SIMDINET_MATCH_VERSION_USER_AGENT;
    }
    if ((before == '~' || class_at(t, start - 1) & CLASS_KEY_GAP) &&
        is_version_after_key(t, start, end))
        flags |= SIMDINET_MATCH_VERSION_KEY;
    if ((after == ';' || after == ')') && is_version_in_parentheses(t, lookback, start, end))
        flags |= SIMDINET_MATCH_VERSION_USER_AGENT;
    if (is_browser_version(t, start, end, number))
        flags |= SIMDINET_MATCH_VERSION_USER_AGENT;
    if (before == '|' && is_version_in_header(t, start))
        flags |= SIMDINET_MATCH_VERSION_HEADER;
    if ((before == '-' || after == '-' || after == ':') && is_version_of_package(t, start, end))
        flags |= SIMDINET_MATCH_VERSION_PACKAGE;
    return flags & ~(t->flags & SIMDINET_SCAN_NO_VERSIONS);
}
