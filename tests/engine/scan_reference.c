/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The reference scan: every rule of docs/scan.md, one function each, in the order of its numbers. */
#include "scan_reference.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- tables ----------------------------------------------------------------------------------- */

/* Bounds. Each is the largest number of bytes that its rule looks at. */
enum {
    MAX_CSI_PARAMETERS = 40, /* rule 1 */
    MAX_SERVICE = 15,        /* rules 5 and 9; RFC 6335 5.1 */
    MAX_KEY = 64,            /* rule 10: the word before the colon */
    MAX_WORD = 64,           /* rules 13 and 15: the word before the slash */
    MAX_KEY_GAP = 48,        /* rule 14: between the key and the number */
    MAX_USER_AGENT = 128,    /* rule 15 */
    MAX_HEADER = 128,        /* rule 16 */
    MAX_PATH = 64,           /* rule 17 */
    LONG_RUN = 68,           /* a rejected run is listed whatever follows it */
    MAX_DOTTED_RUN = 80,     /* section "Doubtful" */
    MAX_PART_OFFSET = 80     /* section "Doubtful": from where the run begins */
};

static const char DIGITS[] = "0123456789";
static const char HEX_LETTERS[] = "abcdefABCDEF";
static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz";
static const char BLANKS[] = " \t";
static const char LINE_ENDS[] = "\r\n";
static const char QUOTES[] = "\"'`";
static const char CSI_PARAMETERS[] = "0123456789;:?";
static const char ESCAPED_LETTERS[] = "tnr";
static const char UNRESERVED_MARKS[] = "-._~"; /* RFC 3986 2.3, beside letters and digits */
static const char BGP_LETTERS[] = "eilar";
static const char BGP_MARKS[] = "*>|&"; /* before the letter; or "* ", or "*" and a small letter */

/* Rule 1: ESC, and how JSON, C, Python and rsyslog write it. */
static const char *const ESC_SPELLINGS[] = {"\x1b",  "\\u001b", "\\u001B", "\\x1b",
                                            "\\x1B", "\\033",   "\\e",     "#033"};
/* Rule 11: what may stand before and after a bare "::" beside blanks, quotes and line ends. */
static const char UNSPECIFIED_BEFORE[] = "=([<";
static const char UNSPECIFIED_AFTER[] = ",)];>|";
/* Rule 13 b: ends of a word after which an address follows (Squid). */
static const char *const PROXY_WORDS[] = {"DIRECT", "PARENT", "SIBLING",   "DST",
                                          "HIT",    "CARP",   "ROUNDROBIN"};
/* Rule 13 d, in any case. */
static const char *const ADDRESS_WORDS[] = {"ip", "localhost", "inside", "outside", "dmz"};
/* Rule 13 e: ends of a host's name. */
static const char *const HOST_SUFFIXES[] = {".internal", ".local", ".localdomain", ".lan",
                                            ".com",      ".net",   ".org"};
/* Rule 14: keys, in any case, also as the end of a word. */
static const char *const VERSION_KEYS[] = {"version", "revision", "firmware"};
static const char IMAGE_KEY[] = "image";        /* only where a blank or the line's end follows */
static const char KEY_GAP[] = " \"'`\\:=>-([{"; /* what stands between a key and its number */
static const char KEY_SEPARATORS[] = ":=>-";
static const char *const VERSION_MARKS[] = {"~~", ">= ", "(= "};
/* Rule 15 b. */
static const char *const BROWSER_WORDS[] = {"Mozilla", "Opera", "Safari", "Android", "Profile"};
/* Rule 17: directories that packages are installed in; ends of a version. */
static const char *const PACKAGE_DIRECTORIES[] = {"/usr/", "/opt/", "/lib/"};
static const char *const RELEASE_SUFFIXES[] = {"-rc", "-alpha", "-beta", "-snapshot", "-microsoft"};
static const char *const PACKAGE_MARKS[] = {".el", ".fc", ".amzn", ".x86_64", ".noarch"};
static const char *const DEVICE_BUSES[] = {":pci\\",  ":usb\\",  ":hid\\",
                                           ":acpi\\", ":root\\", ":swd\\"};
/* Rule 4: files named after an address. */
static const char *const FILE_SUFFIXES[] = {".cap", ".pcap", ".log", ".txt"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- bytes ------------------------------------------------------------------------------------ */

struct scan_text {
    const char *bytes;
    size_t len;
    unsigned char *in_escape; /* 1 for a byte of an escape, rules 1 to 3 */
    unsigned options;
    scan_callback *callback;
    void *user;
};

/* text[i], or -1 before the start and after the end. i may have wrapped around below 0. */
static int byte_at(const struct scan_text *t, size_t i) {
    return i < t->len ? (unsigned char)t->bytes[i] : -1;
}

static bool one_of(int byte, const char *set) {
    return byte > 0 && strchr(set, byte) != NULL;
}

static bool is_digit(int byte) {
    return one_of(byte, DIGITS);
}

static bool is_hex(int byte) {
    return is_digit(byte) || one_of(byte, HEX_LETTERS);
}

static bool is_letter(int byte) {
    return one_of(byte, UPPER) || one_of(byte, LOWER);
}

static bool is_alnum(int byte) {
    return is_letter(byte) || is_digit(byte);
}

static bool is_word(int byte) {
    return is_alnum(byte) || byte == '_';
}

static bool is_unreserved(int byte) {
    return is_alnum(byte) || one_of(byte, UNRESERVED_MARKS);
}

static int lower(int byte) {
    const char *at = byte > 0 ? strchr(UPPER, byte) : NULL;
    return at ? LOWER[at - UPPER] : byte;
}

static bool escaped_at(const struct scan_text *t, size_t i) {
    return i < t->len && t->in_escape[i];
}

/* A byte of its class that is not part of an escape. */
static bool hex_at(const struct scan_text *t, size_t i) {
    return is_hex(byte_at(t, i)) && !escaped_at(t, i);
}

static bool digit_at(const struct scan_text *t, size_t i) {
    return is_digit(byte_at(t, i)) && !escaped_at(t, i);
}

static bool word_at(const struct scan_text *t, size_t i) {
    return is_word(byte_at(t, i)) && !escaped_at(t, i);
}

static bool unreserved_at(const struct scan_text *t, size_t i) {
    return is_unreserved(byte_at(t, i)) && !escaped_at(t, i);
}

/* Whether word stands at i, and whether it ends at end; in any case with fold. */
static bool text_at(const struct scan_text *t, size_t i, const char *word, bool fold) {
    for (size_t k = 0; word[k]; k++) {
        int byte = byte_at(t, i + k);
        if ((fold ? lower(byte) : byte) != (unsigned char)word[k])
            return false;
    }
    return true;
}

static bool text_before(const struct scan_text *t, size_t end, const char *word, bool fold) {
    return end >= strlen(word) && text_at(t, end - strlen(word), word, fold);
}

/* \t, \n and \r as two bytes, rule 2. */
static bool escaped_blank_at(const struct scan_text *t, size_t i) {
    return byte_at(t, i) == '\\' && escaped_at(t, i) && one_of(byte_at(t, i + 1), ESCAPED_LETTERS);
}

static bool blank_or_line_end_before(const struct scan_text *t, size_t i) {
    int byte = byte_at(t, i - 1);
    return byte < 0 || one_of(byte, BLANKS) || one_of(byte, LINE_ENDS) ||
           (i >= 2 && escaped_blank_at(t, i - 2));
}

static bool blank_or_line_end_after(const struct scan_text *t, size_t i) {
    int byte = byte_at(t, i);
    return byte < 0 || one_of(byte, BLANKS) || one_of(byte, LINE_ENDS) || escaped_blank_at(t, i);
}

/* ---- addresses -------------------------------------------------------------------------------- */

/* Four octets without leading zeros are exactly text[start, end). */
static bool parse_ipv4(const struct scan_text *t, size_t start, size_t end, uint8_t *address) {
    size_t at = start;
    for (int octet = 0; octet < 4; octet++) {
        size_t first = at;
        unsigned value = 0;
        while (at < end && at - first < 3 && is_digit(byte_at(t, at)))
            value = value * 10 + (unsigned)(byte_at(t, at++) - '0');
        if (at == first || value > 255 || (byte_at(t, first) == '0' && at - first > 1))
            return false;
        address[octet] = (uint8_t)value;
        if (octet < 3 && !(at < end && byte_at(t, at++) == '.'))
            return false;
    }
    return at == end;
}

/* RFC 4291 2.2: text[start, end) is exactly an IPv6 address. */
static bool parse_ipv6(const struct scan_text *t, size_t start, size_t end, uint8_t *address) {
    uint8_t bytes[16] = {0};
    size_t n = 0, compressed = SIZE_MAX, at = start;
    if (end - start < 2 || end - start > 45)
        return false;
    if (byte_at(t, at) == ':' && byte_at(t, ++at) != ':')
        return false;
    while (at < end) {
        if (byte_at(t, at) == ':') { /* the second of "::" */
            if (compressed != SIZE_MAX)
                return false;
            compressed = n;
            if (++at == end)
                break;
        }
        size_t first = at;
        unsigned value = 0;
        while (at < end && is_hex(byte_at(t, at)) && at - first < 4) {
            int byte = lower(byte_at(t, at++));
            value = value * 16 + (unsigned)(is_digit(byte) ? byte - '0' : byte - 'a' + 10);
        }
        if (at == first || n == 16)
            return false;
        if (at < end && byte_at(t, at) == '.') { /* an embedded IPv4 address */
            if (n > 12 || !parse_ipv4(t, first, end, bytes + n))
                return false;
            n += 4;
            break;
        }
        bytes[n++] = (uint8_t)(value >> 8);
        bytes[n++] = (uint8_t)value;
        if (at < end && (byte_at(t, at) != ':' || ++at == end))
            return false; /* a group of five digits, or a last single colon */
    }
    if (compressed == SIZE_MAX ? n != 16 : n == 16)
        return false;
    memset(address, 0, 16);
    if (compressed == SIZE_MAX)
        compressed = n;
    memcpy(address, bytes, compressed);
    memcpy(address + 16 - (n - compressed), bytes + compressed, n - compressed);
    return true;
}

/* One to five digits, no leading zero, at most 65535. Returns the end, or start. */
static size_t parse_port(const struct scan_text *t, size_t start, unsigned *port) {
    size_t at = start;
    unsigned value = 0;
    while (at - start < 6 && digit_at(t, at))
        value = value * 10 + (unsigned)(byte_at(t, at++) - '0');
    if (value > 65535 || (at - start > 1 && byte_at(t, start) == '0') || at - start > 5)
        return start;
    *port = value;
    return at;
}

/* ---- rules 1 to 3: escapes -------------------------------------------------------------------- */

/* Rule 1: ESC [ parameters letter. Returns its length, or 0. */
static size_t control_sequence_length(const struct scan_text *t, size_t start) {
    for (size_t k = 0; k < COUNT(ESC_SPELLINGS); k++) {
        size_t bracket = start + strlen(ESC_SPELLINGS[k]), at = bracket + 1;
        if (!text_at(t, start, ESC_SPELLINGS[k], false) || byte_at(t, bracket) != '[')
            continue;
        while (one_of(byte_at(t, at), CSI_PARAMETERS) && at - bracket <= MAX_CSI_PARAMETERS)
            at++;
        return is_letter(byte_at(t, at)) ? at + 1 - start : 0;
    }
    return 0;
}

static size_t hex_digits(const struct scan_text *t, size_t start, size_t n) {
    size_t k = 0;
    while (k < n && is_hex(byte_at(t, start + k)))
        k++;
    return k;
}

/* Rule 2: \t, \n, \r, \u with four hexadecimal digits (RFC 8259 7), and \x with two. */
static size_t backslash_escape_length(const struct scan_text *t, size_t start) {
    if (byte_at(t, start) != '\\')
        return 0;
    if (one_of(byte_at(t, start + 1), ESCAPED_LETTERS))
        return 2;
    if (byte_at(t, start + 1) == 'x')
        return hex_digits(t, start + 2, 2) == 2 ? 4 : 0;
    return byte_at(t, start + 1) == 'u' && hex_digits(t, start + 2, 4) == 4 ? 6 : 0;
}

/*
 * Rule 3: % and two hexadecimal digits (RFC 3986 2.1). Not a control character other than tab, LF
 * and CR, nor two decimal digits before a dot and a digit: those are an octet (%192.0.2.1).
 */
static size_t percent_escape_length(const struct scan_text *t, size_t start) {
    int high = byte_at(t, start + 1), low = lower(byte_at(t, start + 2));
    if (byte_at(t, start) != '%' || hex_digits(t, start + 1, 2) != 2)
        return 0;
    if (high == '1' || (high == '0' && low != '9' && low != 'a' && low != 'd'))
        return 0;
    if (is_digit(high) && is_digit(low) && byte_at(t, start + 3) == '.' &&
        is_digit(byte_at(t, start + 4)))
        return 0;
    return 3;
}

static void mark_escapes(struct scan_text *t) {
    for (size_t i = 0; i < t->len;) {
        size_t n = control_sequence_length(t, i);
        if (n == 0)
            n = backslash_escape_length(t, i);
        if (n == 0)
            n = percent_escape_length(t, i);
        memset(t->in_escape + i, n > 0, n ? n : 1);
        i += n ? n : 1;
    }
}

/* ---- neighbours ------------------------------------------------------------------------------- */

/* Nothing before start that makes the candidate the end of something longer. */
static bool delimited_before(const struct scan_text *t, size_t start) {
    if (start == 0 || escaped_at(t, start - 1))
        return true;
    if (byte_at(t, start - 1) == '.')
        return !(start >= 2 && digit_at(t, start - 2));
    return !word_at(t, start - 1);
}

/* Nothing after end that makes a dotted quad, or a port, the start of something longer. */
static bool delimited_after(const struct scan_text *t, size_t end) {
    if (byte_at(t, end) == '.')
        return !is_alnum(byte_at(t, end + 1));
    return !word_at(t, end);
}

/* Six groups of two hexadecimal digits, and no word byte after: 192.0.2.1.00:00:5e:00:53:01. */
static bool hardware_address_at(const struct scan_text *t, size_t start) {
    for (size_t k = 0; k < 17; k++) {
        int byte = byte_at(t, start + k);
        if (k % 3 == 2 ? byte != ':' : !is_hex(byte))
            return false;
    }
    return !is_word(byte_at(t, start + 17)) && byte_at(t, start + 17) != ':';
}

/* Rule 4: a dot and a word after a dotted quad, and the quad is an address all the same. */
static bool address_with_suffix(const struct scan_text *t, size_t end) {
    if (byte_at(t, end) == '.' && hardware_address_at(t, end + 1))
        return true;
    for (size_t k = 0; k < COUNT(FILE_SUFFIXES); k++)
        if (text_at(t, end, FILE_SUFFIXES[k], false) &&
            delimited_after(t, end + strlen(FILE_SUFFIXES[k])))
            return true;
    return false;
}

/* ---- rules 5 and 9: address.port -------------------------------------------------------------- */

struct dot_port {
    size_t end;
    unsigned port;
    bool service;
};

/* A dot at `dot`, then a port or a service name and the end of the word. */
static bool parse_dot_port(const struct scan_text *t, size_t dot, struct dot_port *found) {
    size_t start = dot + 1;
    if (byte_at(t, dot) != '.')
        return false;
    found->port = 0;
    found->end = parse_port(t, start, &found->port);
    found->service = false;
    if (found->end == start && one_of(byte_at(t, start), LOWER)) {
        size_t at = start;
        while (at - start <= MAX_SERVICE &&
               (one_of(byte_at(t, at), LOWER) || is_digit(byte_at(t, at)) || byte_at(t, at) == '-'))
            at++;
        found->service = at - start >= 2 && at - start <= MAX_SERVICE;
        found->end = at;
    }
    return found->end > start && (found->service || is_digit(byte_at(t, start))) &&
           delimited_after(t, found->end);
}

/* " > " or " - " stands on one side of text[start, end). */
static bool mark_beside(const struct scan_text *t, size_t start, size_t end, const char *mark) {
    return text_before(t, start, mark, false) || text_at(t, end, mark, false);
}

/* The end of the run of numbers and dots at start, and how many numbers it has. */
static size_t dotted_run_end(const struct scan_text *t, size_t start, size_t *numbers) {
    size_t at = start;
    *numbers = 0;
    while (digit_at(t, at)) {
        while (digit_at(t, at))
            at++;
        ++*numbers;
        if (byte_at(t, at) != '.' || !digit_at(t, at + 1))
            break;
        at++;
    }
    return at;
}

/* address.port with a port that is no octet, or with `service` a name, starts here. Returns its end or 0. */
static size_t wide_pair_at(const struct scan_text *t, size_t start, bool service) {
    struct dot_port found;
    uint8_t address[4];
    size_t end = start;
    for (int octet = 0; octet < 4; octet++) {
        if (octet && byte_at(t, end++) != '.')
            return 0;
        while (digit_at(t, end) && end - start < 16)
            end++;
    }
    bool pair = parse_ipv4(t, start, end, address) && parse_dot_port(t, end, &found) &&
                ((service && found.service) || found.port > 255);
    return pair ? found.end : 0;
}

/* Another such pair and one blank stand before start. One of the two has a number. */
static bool wide_pair_before(const struct scan_text *t, size_t start, bool number) {
    if (byte_at(t, start - 1) != ' ')
        return false;
    for (size_t back = 2; back <= 1 + 16 + MAX_SERVICE && back <= start; back++)
        if (delimited_before(t, start - back) && wide_pair_at(t, start - back, number) == start - 1)
            return true;
    return false;
}

/* Rule 5, for text[start, dot): an IPv4 address with another number or a word after it. */
static bool is_ipv4_dot_port(const struct scan_text *t, size_t start, size_t dot,
                             struct dot_port *found) {
    if ((t->options & SCAN_OPTION_NO_DOT_PORT) || !parse_dot_port(t, dot, found))
        return false;
    if (mark_beside(t, start, found->end, " > "))
        return true;
    if (!found->service && mark_beside(t, start, found->end, " - "))
        return true;
    if (!found->service && found->port <= 255)
        return false;
    if (text_before(t, start, "  ", false) || text_at(t, found->end, "  ", false))
        return true; /* a column of netstat */
    if (!found->service && byte_at(t, found->end) == ':')
        return true;
    return wide_pair_before(t, start, !found->service);
}

static bool has_long_group(const struct scan_text *t, size_t start, size_t end) {
    size_t group = 0;
    for (size_t i = start; i < end; i++) {
        group = is_hex(byte_at(t, i)) ? group + 1 : 0;
        if (group == 3)
            return true;
    }
    return false;
}

/* No group of three digits or more, no prefix, zone, bracket or embedded IPv4; not "::1". */
static bool is_short(const struct scan_text *t, size_t start, size_t end) {
    int after = byte_at(t, end);
    if (after == '/' || after == '%' || byte_at(t, start - 1) == '[')
        return false;
    if (end - start == 3 && text_at(t, start, "::1", false))
        return false;
    for (size_t i = start; i < end; i++)
        if (byte_at(t, i) == '.')
            return false;
    return !has_long_group(t, start, end);
}

/* Rule 9, for an IPv6 address with a dot after it. */
static bool is_ipv6_dot_port(const struct scan_text *t, size_t start, size_t dot,
                             struct dot_port *found) {
    if ((t->options & SCAN_OPTION_NO_DOT_PORT) || !parse_dot_port(t, dot, found))
        return false;
    if (mark_beside(t, start, found->end, " > "))
        return true;
    if (found->service || dot - start == 2)
        return false;
    return found->port > 255 || has_long_group(t, start, dot);
}

/* ---- rule 6: colon-hex before IPv4 ------------------------------------------------------------ */

/* "::", or six groups that are not all of two digits, stand before the colon that stands before start. */
static bool colon_hex_before(const struct scan_text *t, size_t start) {
    size_t at = start;
    bool two_digits = true;
    for (int groups = 0; groups < 6; groups++) {
        if (byte_at(t, at - 1) != ':')
            return false;
        at--;
        if (byte_at(t, at - 1) == ':')
            return true;
        size_t end = at;
        while (end - at < 5 && at > 0 && hex_at(t, at - 1))
            at--;
        if (at == end || end - at > 4)
            return false;
        two_digits = two_digits && end - at == 2;
    }
    return !two_digits;
}

/* ---- rules 7 to 12: IPv6 ---------------------------------------------------------------------- */

static size_t count_colons(const struct scan_text *t, size_t start, size_t end) {
    size_t n = 0;
    for (size_t i = start; i < end; i++)
        n += byte_at(t, i) == ':';
    return n;
}

/* Groups of exactly two digits, single colons between them: their number, or 0. */
static size_t groups_of_two(const struct scan_text *t, size_t start, size_t end) {
    size_t n = (end - start + 1) / 3;
    if ((end - start) % 3 != 2)
        return 0;
    for (size_t i = start; i < end; i++)
        if ((i - start) % 3 == 2 ? byte_at(t, i) != ':' : !is_hex(byte_at(t, i)))
            return 0;
    return n;
}

/* Rule 7: a last single colon, and a blank, a slash or the line's end after it. Returns the end without. */
static size_t without_last_colon(const struct scan_text *t, size_t start, size_t end) {
    bool single = end - start > 2 && byte_at(t, end - 1) == ':' && byte_at(t, end - 2) != ':';
    bool closed = blank_or_line_end_after(t, end) || byte_at(t, end) == '/';
    if ((t->options & SCAN_OPTION_NO_COLON_AFTER) || !single || !closed)
        return end;
    return end - 1;
}

/* Rule 8 a: eight groups, a colon and a port. Returns where the address ends, or 0. */
static size_t full_address_and_port(const struct scan_text *t, size_t start, unsigned *port) {
    size_t at = start;
    bool two_digits = true;
    for (int group = 0; group < 8; group++) {
        size_t n = hex_digits(t, at, 4);
        at += n;
        two_digits = two_digits && n == 2;
        if (n == 0 || byte_at(t, at++) != ':')
            return 0;
    }
    size_t end = parse_port(t, at, port);
    if (two_digits || end < at + 2 || word_at(t, end) || (byte_at(t, end) == ':' && end < at + 3) ||
        (byte_at(t, end) == '.' && is_alnum(byte_at(t, end + 1))))
        return 0;
    return at - 1;
}

/* Rule 8 b: a last group of five decimal digits. Returns where the address ends, or 0. */
static size_t address_and_wide_port(const struct scan_text *t, size_t start, size_t end,
                                    unsigned *port) {
    if (end - start < 9 || byte_at(t, end - 6) != ':' || parse_port(t, end - 5, port) != end)
        return 0;
    return end - 6;
}

/* Rule 11: "::~~" separates the fields of a record; "300::~~" is a number and no address. */
static bool field_separator_after(const struct scan_text *t, size_t start, size_t end) {
    return byte_at(t, end) == '~' && end > start + 1 && text_before(t, end, "::", false);
}

/* Rule 11: "A::" and "AF::" are names, unless a prefix, a zone or a bracket stands beside them. */
static bool name_before_colons(const struct scan_text *t, size_t start, size_t end) {
    size_t letters = 0;
    while (is_letter(byte_at(t, start + letters)))
        letters++;
    if (t->options & SCAN_OPTION_UNSPECIFIED || letters < 1 || letters > 2)
        return false;
    if (end != start + letters + 2 || !text_at(t, start + letters, "::", false))
        return false;
    return byte_at(t, end) != '/' && byte_at(t, end) != '%' && byte_at(t, start - 1) != '[';
}

/* Rule 11: whether a bare "::" at start is reported. */
static bool unspecified_stands_alone(const struct scan_text *t, size_t start) {
    int before = byte_at(t, start - 1), after = byte_at(t, start + 2);
    if (t->options & SCAN_OPTION_UNSPECIFIED)
        return true;
    if (after == '/' && is_digit(byte_at(t, start + 3)))
        return true;
    if (before == '[' && after == ']')
        return true;
    bool open = blank_or_line_end_before(t, start) || one_of(before, QUOTES) ||
                one_of(before, UNSPECIFIED_BEFORE);
    bool closed = blank_or_line_end_after(t, start + 2) || one_of(after, QUOTES) ||
                  (one_of(after, UNSPECIFIED_AFTER) && after != ']');
    return open && closed;
}

/* Rule 8: the last group may be a port of two to four digits. */
static bool may_end_in_port(const struct scan_text *t, size_t start, size_t end) {
    uint8_t address[16];
    unsigned port;
    int after = byte_at(t, end);
    size_t at = end;
    if (after == '/' || after == '%' || (byte_at(t, start - 1) == '[' && after == ']'))
        return false;
    while (at > start && is_hex(byte_at(t, at - 1)))
        at--;
    return end - at >= 2 && parse_port(t, at, &port) == end && at - start > 3 &&
           parse_ipv6(t, start, at - 1, address);
}

/* Rule 12: the letter of a BGP table stands before start, and a prefix length after end. */
static bool bgp_letter_before(const struct scan_text *t, size_t start, size_t end) {
    if ((t->options & SCAN_OPTION_NO_BGP_LETTER) || start < 2 ||
        !one_of(byte_at(t, start - 1), BGP_LETTERS))
        return false;
    bool prefix = byte_at(t, end) == '/' && is_digit(byte_at(t, end + 1));
    if (!prefix && !text_at(t, end, "  ", false))
        return false;
    int before = byte_at(t, start - 2);
    return one_of(before, BGP_MARKS) ||
           ((before == ' ' || one_of(before, LOWER)) && start >= 3 && byte_at(t, start - 3) == '*');
}

/* Decimal digits among the last four bytes before end. */
static size_t decimals_of_four(const struct scan_text *t, size_t end) {
    size_t n = 0;
    for (size_t k = 1; k <= 4; k++)
        n += is_digit(byte_at(t, end - k));
    return n;
}

/*
 * text[start, end) can be a key: it has a byte that is no hexadecimal digit, or decimal digits only
 * and more than a group can have. Not a letter and then a group of three or four digits, nor what
 * ends like one: the rest of g2001:db8::1 and node2001:db8::1 is not an address.
 */
static bool is_key(const struct scan_text *t, size_t start, size_t end) {
    size_t at = end, decimal = 0;
    while (at > start && is_hex(byte_at(t, at - 1)))
        decimal += is_digit(byte_at(t, --at));
    size_t n = end - at;
    if (at == start)
        return n > 4 && decimal == n;
    if (n > 4 && decimals_of_four(t, end) >= 2)
        return false;
    return end - start >= 2 && !(decimal > 0 && (n == 3 || n == 4));
}

/*
 * Rule 10: where the address starts after a key that ends in text[start, end), or SIZE_MAX. *weak: what
 * stands before the colon is not a key, or what stands before the key speaks against it.
 */
static size_t start_after_key(const struct scan_text *t, size_t start, size_t end, bool *weak) {
    size_t colon = start, word = start;
    if (t->options & SCAN_OPTION_NO_KEY_CUT)
        return SIZE_MAX;
    while (colon < end && byte_at(t, colon) != ':')
        colon++;
    while (word > 0 && word_at(t, word - 1) && colon - word <= MAX_KEY)
        word--;
    bool key = colon - word <= MAX_KEY && is_key(t, word, colon);
    if (!key && colon > start)
        return SIZE_MAX;
    if (!key && !word_at(t, start - 1))
        return SIZE_MAX;
    *weak = !key || one_of(byte_at(t, word - 1), ":.>*");
    if (byte_at(t, colon + 1) == ':' && byte_at(t, colon + 2) != ':')
        return SIZE_MAX; /* std::cafe */
    return colon + 1;
}

/* Rule 10: an address that stands out: a first group of four digits, three colons or more, no "::" at
 * the end, for x:1000:1000::/home is a line of a passwd file. */
static bool stands_out(const struct scan_text *t, size_t start, size_t end) {
    return hex_digits(t, start, 4) == 4 && count_colons(t, start, end) >= 3 &&
           !text_before(t, end, "::", false);
}

/* ---- rules 13 to 17: version-like IPv4 -------------------------------------------------------- */

/* The bytes of the slash that ends at end: "/", "\/" or "%2F". */
static size_t slash_before(const struct scan_text *t, size_t end) {
    if (text_before(t, end, "%2f", true) && escaped_at(t, end - 1))
        return 3;
    return byte_at(t, end - 1) != '/' ? 0 : byte_at(t, end - 2) == '\\' ? 2 : 1;
}

/* Where the run of unreserved bytes starts that ends at end; at most MAX_WORD + 1 bytes. */
static size_t word_start(const struct scan_text *t, size_t end) {
    size_t start = end;
    while (start > 0 && end - start <= MAX_WORD && unreserved_at(t, start - 1))
        start--;
    return start;
}

/* Rule 13 a: ":" and a digit, or "(" digits ")", follow. */
static bool port_follows(const struct scan_text *t, size_t end) {
    unsigned port;
    if (byte_at(t, end) == ':')
        return is_digit(byte_at(t, end + 1));
    size_t close = parse_port(t, end + 1, &port);
    return byte_at(t, end) == '(' && close > end + 1 && byte_at(t, close) == ')';
}

/* Rule 13 b: a proxy's word for where it went. */
static bool proxy_word(const struct scan_text *t, size_t word, size_t end) {
    if (text_before(t, word, "- ", false))
        return true;
    for (size_t k = 0; k < COUNT(PROXY_WORDS); k++)
        if (end - word >= strlen(PROXY_WORDS[k]) && text_before(t, end, PROXY_WORDS[k], false))
            return true;
    return false;
}

/* Rule 13 c: networks that no version lies in. */
static bool private_number(const uint8_t *a) {
    return (a[0] == 192 && a[1] == 168) || (a[0] == 172 && (a[1] & 0xf0) == 16) ||
           (a[0] == 169 && a[1] == 254) || (a[0] == 127 && a[3] != 0);
}

/* Six groups of two digits end at end, with a mark between two of them. */
static bool hardware_address_before(const struct scan_text *t, size_t end, int mark) {
    for (size_t k = 1; k <= 17; k++) {
        int byte = byte_at(t, end - k);
        if (k % 3 == 0 ? byte != mark : !is_hex(byte))
            return false;
    }
    return !is_word(byte_at(t, end - 18)) && byte_at(t, end - 18) != mark;
}

/* Rule 13 d and e: the word is an address, names one, or is a host's name before 10/8. */
static bool address_word(const struct scan_text *t, size_t word, size_t end,
                         const uint8_t *number) {
    uint8_t address[4];
    if (parse_ipv4(t, word, end, address))
        return true; /* a netmask follows */
    if (hardware_address_before(t, end, ':') || hardware_address_before(t, end, '-'))
        return true;
    for (size_t k = 0; k < COUNT(ADDRESS_WORDS); k++)
        if (end - word == strlen(ADDRESS_WORDS[k]) && text_at(t, word, ADDRESS_WORDS[k], true))
            return true;
    if (number[0] != 10)
        return false;
    if (text_at(t, word, "ip-", false) && is_digit(byte_at(t, word + 3)))
        return true;
    for (size_t k = 0; k < COUNT(HOST_SUFFIXES); k++)
        if (end - word >= strlen(HOST_SUFFIXES[k]) && text_before(t, end, HOST_SUFFIXES[k], false))
            return true;
    return false;
}

/* Rule 13: word/number. */
static bool version_after_slash(const struct scan_text *t, size_t start, size_t end,
                                const uint8_t *number) {
    size_t slash = start - slash_before(t, start), word = word_start(t, slash);
    if (slash == start || !is_alnum(byte_at(t, slash - 1)) || escaped_at(t, slash - 1))
        return false;
    bool this_network = number[0] == 0 && (number[1] || number[2] || number[3]);
    if (slash - word > MAX_WORD || (slash_before(t, word) && !this_network))
        return false;
    return !port_follows(t, end) && !proxy_word(t, word, slash) && !private_number(number) &&
           !address_word(t, word, slash, number);
}

/* Rule 14: a key, then quotes, blanks, one separator and brackets. */
static bool version_after_key(const struct scan_text *t, size_t start, size_t end) {
    size_t at = start, separators = 0;
    for (size_t k = 0; k < COUNT(VERSION_MARKS); k++)
        if (text_before(t, start, VERSION_MARKS[k], false))
            return true;
    if (text_before(t, start, "rv:", false) &&
        (!word_at(t, start - 4) || byte_at(t, start - 4) == '_'))
        return true;
    while (at > 0 && start - at < MAX_KEY_GAP && one_of(byte_at(t, at - 1), KEY_GAP)) {
        at--;
        separators += one_of(byte_at(t, at), KEY_SEPARATORS) && !text_at(t, at, "=>", false);
    }
    if (at == start || separators > 1)
        return false;
    for (size_t k = 0; k < COUNT(VERSION_KEYS); k++)
        if (text_before(t, at, VERSION_KEYS[k], true))
            return true;
    if (separators && text_before(t, at, IMAGE_KEY, true) && blank_or_line_end_after(t, end))
        return true;
    if (!text_before(t, at, "FW", false) || word_at(t, at - 3))
        return false;
    return byte_at(t, at) == ':' ||
           (byte_at(t, at) == ' ' && byte_at(t, end) == '/' && is_letter(byte_at(t, end + 1)));
}

/* Rule 15 a: inside the parentheses of a user agent. */
static bool version_in_parentheses(const struct scan_text *t, size_t start, size_t end) {
    bool semicolon = text_at(t, end, "; U;", false) || text_at(t, end, "; U)", false);
    if (byte_at(t, end) != ';' && byte_at(t, end) != ')')
        return false;
    for (size_t at = start; at > 0 && start - at < MAX_USER_AGENT; at--) {
        int byte = byte_at(t, at - 1);
        if (byte == '(')
            return semicolon;
        if (byte == ')' || one_of(byte, LINE_ENDS))
            return false;
        semicolon = semicolon || byte == ';';
    }
    return false;
}

/* Rule 15 b: a/Word/number after a browser's name. */
static bool version_after_browser(const struct scan_text *t, size_t start) {
    size_t slash = start - slash_before(t, start), word = word_start(t, slash);
    if (slash == start || slash == word || slash - word > MAX_WORD || !slash_before(t, word))
        return false;
    if (!is_alnum(byte_at(t, word - slash_before(t, word) - 1)))
        return false;
    for (size_t at = word; at > 0 && start - at < MAX_USER_AGENT; at--) {
        if (one_of(byte_at(t, at), QUOTES) || one_of(byte_at(t, at), LINE_ENDS))
            return false;
        for (size_t k = 0; k < COUNT(BROWSER_WORDS); k++)
            if (text_at(t, at - 1, BROWSER_WORDS[k], false))
                return true;
    }
    return false;
}

/* Rule 15 c: a browser's version in quotes, which are escaped in a string of JSON. */
static bool browser_version(const struct scan_text *t, size_t start, size_t end,
                            const uint8_t *number) {
    const size_t quote = byte_at(t, end) == '\\' ? end + 1 : end;
    if (number[0] < 101 || number[0] > 168 || number[0] == 127)
        return false;
    if (number[1] != 0 || number[2] != 0 || number[3] != 0)
        return false;
    return one_of(byte_at(t, start - 1), QUOTES) && one_of(byte_at(t, quote), QUOTES) &&
           one_of(byte_at(t, start - 2), KEY_GAP);
}

/* Rule 16: CEF:0|vendor|product|number. */
static bool version_in_header(const struct scan_text *t, size_t start) {
    size_t at = start;
    if (byte_at(t, start - 1) != '|')
        return false;
    for (int bars = 0; bars < 3; bars++) {
        while (byte_at(t, at - 1) != '|') {
            if (at == 0 || start - at >= MAX_HEADER || one_of(byte_at(t, at - 1), LINE_ENDS))
                return false;
            at--;
        }
        at--;
    }
    while (start - at < MAX_HEADER && (digit_at(t, at - 1) || byte_at(t, at - 1) == '.'))
        at--;
    size_t name = text_before(t, at, "CEF:", false)    ? 4
                  : text_before(t, at, "LEEF:", false) ? 5
                                                       : 0;
    return name > 0 && start - at + name <= MAX_HEADER;
}

/* Rule 17: a package in a directory of packages, or the mark of a release after the number. */
static bool version_of_package(const struct scan_text *t, size_t start, size_t end) {
    for (size_t k = 0; k < COUNT(RELEASE_SUFFIXES); k++)
        if (text_at(t, end, RELEASE_SUFFIXES[k], true))
            return true;
    for (size_t k = 0; k < COUNT(DEVICE_BUSES); k++)
        if (text_at(t, end, DEVICE_BUSES[k], true))
            return true;
    if (text_at(t, end, "-r", false) && is_digit(byte_at(t, end + 2)))
        return true;
    if (byte_at(t, start - 1) != '-')
        return false;
    unsigned release;
    size_t mark = parse_port(t, end + 1, &release);
    for (size_t k = 0; k < COUNT(PACKAGE_MARKS); k++)
        if (byte_at(t, end) == '-' && mark > end + 1 && text_at(t, mark, PACKAGE_MARKS[k], false))
            return true;
    for (size_t at = start - 1; at < start && start - at < MAX_PATH; at--) {
        if (!is_unreserved(byte_at(t, at)) && byte_at(t, at) != '/' && byte_at(t, at) != '+')
            return false;
        for (size_t k = 0; k < COUNT(PACKAGE_DIRECTORIES); k++)
            if (text_at(t, at, PACKAGE_DIRECTORIES[k], false))
                return true;
    }
    return false;
}

static unsigned version_flags(const struct scan_text *t, size_t start, size_t end,
                              const uint8_t *number) {
    unsigned flags = 0;
    if (version_after_slash(t, start, end, number))
        flags |= SCAN_VERSION_SLASH;
    if (version_after_key(t, start, end))
        flags |= SCAN_VERSION_KEY;
    if (version_in_parentheses(t, start, end) || version_after_browser(t, start) ||
        browser_version(t, start, end, number))
        flags |= SCAN_VERSION_USER_AGENT;
    if (version_in_header(t, start))
        flags |= SCAN_VERSION_HEADER;
    if (version_of_package(t, start, end))
        flags |= SCAN_VERSION_PACKAGE;
    return flags & ~(t->options & SCAN_OPTION_NO_VERSIONS);
}

/* ---- candidates ------------------------------------------------------------------------------- */

static void report(const struct scan_text *t, struct scan_match *match, size_t start, size_t end) {
    match->offset = start;
    match->length = (uint32_t)(end - start);
    if (!(match->flags & SCAN_PORT))
        match->port = 0;
    t->callback(match, t->user);
}

static const uint8_t MAPPED_PREFIX[12] = {[10] = 0xff, [11] = 0xff};

static unsigned mapped_flag(const struct scan_match *match) {
    return match->family == 6 && memcmp(match->address, MAPPED_PREFIX, 12) == 0 ? SCAN_MAPPED : 0;
}

/*
 * A rejected candidate, text[start, end). With SCAN_OPTION_EAGER it is reported all the same when
 * text[start, stop) reads as an address; stop is 0 where nothing does.
 */
static bool reject(const struct scan_text *t, struct scan_match *match, size_t start, size_t end,
                   size_t stop, enum scan_rejected rule) {
    bool doubtful = (t->options & SCAN_OPTION_EAGER) && stop > start;
    match->flags = doubtful ? match->flags | SCAN_DOUBTFUL | mapped_flag(match) : 0;
    match->rejected = (uint8_t)rule;
    report(t, match, start, doubtful ? stop : end);
    return false;
}

/* Rule 4: why the dotted quad text[start, quad) is left out. */
static enum scan_rejected verify_ipv4_at(const struct scan_text *t, size_t start, size_t quad,
                                         size_t numbers, struct scan_match *match) {
    struct dot_port port;
    if (!delimited_before(t, start)) {
        if (!bgp_letter_before(t, start, quad))
            return SCAN_WORD_BEFORE;
        match->flags |= SCAN_BGP_LETTER;
    }
    if (numbers > 5)
        return SCAN_DOTTED_RUN;
    if (colon_hex_before(t, start))
        return SCAN_COLON_HEX_BEFORE;
    if (is_ipv4_dot_port(t, start, quad, &port)) {
        match->flags |= port.service ? SCAN_SERVICE : SCAN_PORT;
        match->port = (uint16_t)port.port;
    } else if (!delimited_after(t, quad) && !address_with_suffix(t, quad)) {
        return numbers == 5 ? SCAN_DOTTED_RUN : SCAN_WORD_AFTER;
    }
    match->flags |= version_flags(t, start, quad, match->address);
    return SCAN_ACCEPTED;
}

/* ---- section "Doubtful": addresses in longer runs --------------------------------------------- */

static void report_doubtful(const struct scan_text *t, struct scan_match *match, size_t start,
                            size_t end, enum scan_rejected rule) {
    match->flags = SCAN_DOUBTFUL | mapped_flag(match);
    match->rejected = (uint8_t)rule;
    report(t, match, start, end);
}

struct number {
    size_t start, end;
    int octet; /* -1: it is none */
};

/* One to three digits, up to 255; else -1. Leading zeros count as none. */
static int octet_at(const struct scan_text *t, size_t start, size_t end) {
    unsigned value = 0;
    for (size_t at = start; at < end; at++)
        value = value > 255 ? value : value * 10 + (unsigned)(byte_at(t, at) - '0');
    return value > 255 || end - start > 3 || end == start ? -1 : (int)value;
}

/* Octal, quoted-printable and doubly encoded escapes end in digits. */
static bool may_be_after_escape(const struct scan_text *t, size_t start) {
    return one_of(byte_at(t, start - 1), "#\\=") || byte_at(t, start - 3) == '%';
}

/* The numbers of a dotted run that end within MAX_DOTTED_RUN bytes. */
static size_t read_numbers(const struct scan_text *t, size_t start, size_t end,
                           struct number numbers[MAX_DOTTED_RUN]) {
    size_t n = 0;
    for (size_t at = start; at < end && n < MAX_DOTTED_RUN; at++) {
        struct number number = {.start = at};
        while (is_digit(byte_at(t, at)))
            at++;
        number.end = at;
        number.octet = octet_at(t, number.start, at);
        if (n == 0 && number.octet < 0 && may_be_after_escape(t, start)) {
            /* The longest end that is an octet and does not begin with 0, or the last digit. */
            for (size_t size = 3; size > 0 && number.octet < 0; size--)
                if (at - start >= size && (size == 1 || byte_at(t, at - size) != '0')) {
                    number.start = at - size;
                    number.octet = octet_at(t, number.start, at);
                }
        }
        if (at - start > MAX_DOTTED_RUN)
            break;
        numbers[n++] = number;
    }
    return n;
}

/* Reports the quads of each sequence of octets in a dotted run, from its first number on. Returns how
 * many. */
static size_t report_quads(const struct scan_text *t, size_t start, size_t end) {
    struct number numbers[MAX_DOTTED_RUN];
    size_t n = read_numbers(t, start, end, numbers), found = 0;
    for (size_t i = 0; i + 4 <= n;) {
        struct scan_match match = {.family = 4};
        size_t octets = 0;
        for (; octets < 4 && numbers[i + octets].octet >= 0; octets++)
            match.address[octets] = (uint8_t)numbers[i + octets].octet;
        if (octets < 4) {
            i += octets + 1;
            continue;
        }
        report_doubtful(t, &match, numbers[i].start, numbers[i + 3].end,
                        n > 4 ? SCAN_DOTTED_RUN : SCAN_INVALID_IPV4);
        found++;
        i += 4;
    }
    return found;
}

/* A group of 2000::/3, fc00::/7 or fe80::/10, and a colon. */
static bool usual_group_at(const struct scan_text *t, size_t start) {
    int high = lower(byte_at(t, start)), low = lower(byte_at(t, start + 1));
    if (hex_digits(t, start, 4) != 4 || byte_at(t, start + 4) != ':')
        return false;
    if (high == 'f' && low == 'e')
        return one_of(lower(byte_at(t, start + 2)), "89ab");
    return one_of(high, "23") || (high == 'f' && one_of(low, "cd"));
}

/*
 * The end of the longest address that starts at start and that a colon, or the end of the run, follows; or
 * another digit, where the first group is usual or there are eight. 0: none. `end` is the end of the run, or of the four numbers after it.
 */
static size_t longest_part(const struct scan_text *t, size_t start, size_t end) {
    uint8_t address[16];
    size_t longest = 0;
    for (size_t at = start + 3; at <= end && at - start <= 45; at++) {
        bool after = at == end || byte_at(t, at) == ':';
        bool more = at < end && is_hex(byte_at(t, at)) && hex_digits(t, at - 4, 4) == 4 &&
                    byte_at(t, at - 5) == ':' &&
                    (usual_group_at(t, start) || count_colons(t, start, at) == 7);
        if ((after || more) && parse_ipv6(t, start, at, address))
            longest = at;
    }
    return longest;
}

/* Six groups of two digits and a colon. */
static bool hardware_address_and_colon(const struct scan_text *t, size_t start) {
    for (size_t k = 0; k < 18; k++) {
        int byte = byte_at(t, start + k);
        if (k % 3 == 2 ? byte != ':' : !is_hex(byte))
            return false;
    }
    return true;
}

/* The start of the next address of the kind of usual_group_at that ends after stop, or SIZE_MAX. */
static size_t longer_usual_part(const struct scan_text *t, size_t at, size_t stop, size_t end) {
    for (size_t next = at + 1; next < stop && !usual_group_at(t, at); next++)
        if (byte_at(t, next - 1) == ':' && usual_group_at(t, next) &&
            longest_part(t, next, end) > stop)
            return next;
    return SIZE_MAX;
}

/* ":::80", of which the second colon is at `at`. */
static bool port_of_unspecified(const struct scan_text *t, size_t at, size_t end) {
    size_t digits = at + 2;
    while (digits < end && is_digit(byte_at(t, digits)))
        digits++;
    return byte_at(t, at - 1) == ':' && byte_at(t, at) == ':' && byte_at(t, at + 1) == ':' &&
           digits == end && digits > at + 2;
}

/*
 * Reports the addresses in text[from, end), from left to right the longest: from a colon, or the start
 * of the run, to a colon or the end of the run. Returns how many.
 */
static size_t report_parts(const struct scan_text *t, size_t start, size_t from, size_t end) {
    size_t found = 0, group_end = start;
    while (is_hex(byte_at(t, group_end)))
        group_end++;
    for (size_t at = from; at < end && at - start <= MAX_PART_OFFSET;) {
        bool in_first = group_end - start > 4 && at == group_end - 4 && usual_group_at(t, at);
        if (at > start && !in_first && byte_at(t, at - 1) != ':') {
            at++;
            continue;
        }
        if (hardware_address_and_colon(t, at)) {
            at += 18;
            continue;
        }
        size_t stop = longest_part(t, at, end);
        if (stop == 0 || (at > start && port_of_unspecified(t, at, end))) {
            at++;
            continue;
        }
        size_t usual = longer_usual_part(t, at, stop, end);
        if (usual != SIZE_MAX) {
            at = usual;
            continue;
        }
        struct scan_match match = {.family = 6};
        parse_ipv6(t, at, stop, match.address);
        report_doubtful(t, &match, at, stop, SCAN_INVALID_IPV6);
        found++;
        at = stop;
    }
    return found;
}

/* Whether an address of the kind of usual_group_at begins in the digits of the key before a match. */
static bool key_has_group(const struct scan_text *t, size_t start, size_t end, size_t first,
                          const struct scan_match *match) {
    size_t digits = 0;
    while (is_hex(byte_at(t, start + digits)))
        digits++;
    return match->flags & SCAN_KEY_CUT && digits > 4 && first > start + digits &&
           usual_group_at(t, start + digits - 4) &&
           longest_part(t, start + digits - 4, end) > first;
}

/* A dotted run of four numbers or more. */
static void verify_ipv4(const struct scan_text *t, size_t start, size_t end, size_t numbers) {
    struct scan_match match = {.family = 4};
    uint8_t address[4];
    size_t quad = start;
    for (int dots = 0; quad < end && (byte_at(t, quad) != '.' || ++dots < 4); quad++)
        ;
    enum scan_rejected rejected = numbers == 4 ? SCAN_INVALID_IPV4 : SCAN_DOTTED_RUN;
    bool valid = parse_ipv4(t, start, quad, address);
    if (valid) {
        memcpy(match.address, address, 4);
        rejected = verify_ipv4_at(t, start, quad, numbers, &match);
    }
    if (rejected == SCAN_ACCEPTED)
        report(t, &match, start, quad);
    else if (numbers == 4 && valid)
        reject(t, &match, start, end, quad, rejected);
    else if (!(t->options & SCAN_OPTION_EAGER) || report_quads(t, start, end) == 0)
        reject(t, &match, start, end, 0, rejected);
}

/* What a run of colons and hexadecimal digits is when it is not an address. */
static enum scan_rejected kind_of_invalid(const struct scan_text *t, size_t start, size_t end) {
    size_t n = groups_of_two(t, start, end);
    if (n == 3 && !one_of(byte_at(t, start), HEX_LETTERS))
        return SCAN_CLOCK_TIME;
    return n >= 6 ? SCAN_HARDWARE_ADDRESS : SCAN_INVALID_IPV6;
}

/*
 * Whether an address starts at start in the run of colons and hexadecimal digits that ends at
 * `end`, and at `dotted` with the numbers after dots. Sets *stop to where the address ends.
 */
static enum scan_rejected verify_ipv6_at(const struct scan_text *t, size_t start, size_t end,
                                         size_t dotted, struct scan_match *match, size_t *stop) {
    struct dot_port dot_port;
    unsigned port;
    size_t last = without_last_colon(t, start, end);
    *stop = dotted;
    if (dotted > end && hardware_address_and_colon(t, start) && count_colons(t, start, end) == 6)
        return SCAN_INVALID_IPV6; /* an IPv4 address follows a hardware address */
    if (parse_ipv6(t, start, dotted, match->address)) { /* all of it */
        if (word_at(t, dotted) || (dotted > end && !delimited_after(t, dotted)))
            return SCAN_WORD_AFTER;
        if (dotted == end && is_ipv6_dot_port(t, start, end, &dot_port)) {
            match->flags |= dot_port.service ? SCAN_SERVICE : SCAN_PORT; /* a service name */
            match->port = (uint16_t)dot_port.port;
        } else if (field_separator_after(t, start, end) || name_before_colons(t, start, dotted) ||
                   (dotted - start == 2 && !unspecified_stands_alone(t, start))) {
            return SCAN_UNSPECIFIED;
        }
        if (groups_of_two(t, start, end) == 8 && !(t->options & SCAN_OPTION_EUI64))
            return SCAN_HARDWARE_ADDRESS;
        if (dotted == end && may_end_in_port(t, start, end))
            match->flags |= SCAN_AMBIGUOUS_PORT;
        return SCAN_ACCEPTED;
    }
    if (dotted > end) { /* rule 9 */
        *stop = end;
        if (parse_ipv6(t, start, end, match->address) &&
            is_ipv6_dot_port(t, start, end, &dot_port)) {
            if (groups_of_two(t, start, end) == 8 && !(t->options & SCAN_OPTION_EUI64))
                return SCAN_HARDWARE_ADDRESS;
            match->flags |= SCAN_PORT;
            match->port = (uint16_t)dot_port.port;
            return SCAN_ACCEPTED;
        }
        size_t quad = dotted; /* rule 9 after an embedded IPv4 address */
        while (quad > end && byte_at(t, quad - 1) != '.')
            quad--;
        *stop = quad - 1;
        if (parse_ipv6(t, start, quad - 1, match->address) &&
            is_ipv6_dot_port(t, start, quad - 1, &dot_port)) {
            match->flags |= SCAN_PORT;
            match->port = (uint16_t)dot_port.port;
            return SCAN_ACCEPTED;
        }
        return SCAN_INVALID_IPV6;
    }
    *stop = last; /* rule 7 */
    if (last < end && last - start > 2 && parse_ipv6(t, start, last, match->address) &&
        groups_of_two(t, start, last) != 8)
        return SCAN_ACCEPTED;
    if (t->options & SCAN_OPTION_NO_COLON_PORT)
        return SCAN_INVALID_IPV6;
    *stop = full_address_and_port(t, start, &port);
    if (*stop == 0 && !word_at(t, last))
        *stop = address_and_wide_port(t, start, last, &port);
    if (*stop > start + 2 && parse_ipv6(t, start, *stop, match->address)) {
        match->flags |= SCAN_PORT;
        match->port = (uint16_t)port;
        return SCAN_ACCEPTED;
    }
    return SCAN_INVALID_IPV6;
}

/* Three dots or more stand within 45 bytes after the colons. */
static bool ends_in_quad(const struct scan_text *t, size_t end, size_t dotted) {
    size_t dots = 0;
    for (size_t i = end; i < dotted && i <= end + 45; i++)
        dots += byte_at(t, i) == '.';
    return dots >= 3;
}

/* The run of colons and hexadecimal digits text[start, end), and the dotted numbers after it. */
static bool verify_ipv6(const struct scan_text *t, size_t start, size_t end, size_t dotted,
                        size_t *next) {
    struct scan_match match = {.family = 6};
    size_t stop, first = start;
    enum scan_rejected rejected = verify_ipv6_at(t, start, end, dotted, &match, &stop);
    if (rejected == SCAN_ACCEPTED && !delimited_before(t, start)) {
        rejected = SCAN_WORD_BEFORE;
        if (bgp_letter_before(t, start, stop)) {
            rejected = SCAN_ACCEPTED;
            match.flags |= SCAN_BGP_LETTER;
        }
    }
    if (rejected != SCAN_ACCEPTED) { /* rule 10 */
        struct scan_match cut = {.family = 6, .flags = SCAN_KEY_CUT};
        bool weak = false;
        size_t cut_stop, after = start_after_key(t, start, end, &weak);
        if (after < end && count_colons(t, after, end) >= 2 &&
            verify_ipv6_at(t, after, end, dotted, &cut, &cut_stop) == SCAN_ACCEPTED &&
            (!weak || stands_out(t, after, cut_stop))) {
            rejected = SCAN_ACCEPTED;
            first = after;
            stop = cut_stop;
            match = cut;
        }
    }
    bool eager = t->options & SCAN_OPTION_EAGER, quad = ends_in_quad(t, end, dotted);
    if (eager && rejected == SCAN_ACCEPTED && key_has_group(t, start, end, first, &match))
        rejected = SCAN_INVALID_IPV6;
    *next = stop;
    size_t parts_end = quad ? dotted : end;
    if (rejected == SCAN_INVALID_IPV6 && eager && groups_of_two(t, start, end) < 6 &&
        report_parts(t, start, start, parts_end) > 0)
        return false;
    if (rejected == SCAN_INVALID_IPV6 && quad && end - start < LONG_RUN)
        return false; /* it is looked at as IPv4, and reported or rejected there */
    if (rejected == SCAN_INVALID_IPV6)
        return reject(t, &match, start, dotted, 0, kind_of_invalid(t, start, end));
    if (rejected != SCAN_ACCEPTED) {
        reject(t, &match, start, dotted, stop, rejected);
        if (eager)
            report_parts(t, start, stop, parts_end);
        return false;
    }
    if (stop - first == 2)
        match.flags |= SCAN_BARE_UNSPECIFIED;
    else if (is_short(t, first, stop))
        match.flags |= SCAN_SHORT;
    match.flags |= mapped_flag(&match);
    report(t, &match, first, stop);
    if (eager)
        report_parts(t, start, stop, parts_end);
    struct dot_port port;
    if (match.flags & SCAN_PORT && is_digit(byte_at(t, stop - 1)) && parse_dot_port(t, stop, &port))
        *next = port.end; /* a number after a digit and a dot starts nothing else */
    return true;
}

static bool colon_hex_at(const struct scan_text *t, size_t i) {
    return hex_at(t, i) || byte_at(t, i) == ':';
}

/* Every candidate, from left to right. A run is looked at once, so the time is linear. */
static void find_candidates(const struct scan_text *t) {
    size_t i = 0, run_end = 0; /* run_end: colon-hex before it was looked at */
    while (i < t->len) {
        if (escaped_at(t, i)) {
            i++;
            continue;
        }
        if (i >= run_end && colon_hex_at(t, i)) {
            size_t end = i, dotted;
            while (colon_hex_at(t, end) && !escaped_at(t, end))
                end++;
            dotted = end;
            while (byte_at(t, dotted) == '.' && digit_at(t, dotted + 1))
                for (dotted++; digit_at(t, dotted); dotted++)
                    ;
            run_end = end;
            size_t next;
            if (count_colons(t, i, end) >= 2 && verify_ipv6(t, i, end, dotted, &next)) {
                i = next;
                continue;
            }
        }
        if (digit_at(t, i) && (i == 0 || !digit_at(t, i - 1))) {
            size_t numbers, end = dotted_run_end(t, i, &numbers);
            if (numbers >= 4)
                verify_ipv4(t, i, end, numbers);
            i = end;
            continue;
        }
        i++;
    }
}

int scan_reference(const char *text, size_t len, unsigned options, scan_callback *callback,
                   void *user) {
    struct scan_text t = {text, len, calloc(len + 1, 1), options, callback, user};
    if (t.in_escape == NULL)
        return ENOMEM;
    if (!(options & SCAN_OPTION_NO_ESCAPES))
        mark_escapes(&t);
    find_candidates(&t);
    free(t.in_escape);
    return 0;
}

const char *scan_rejected_name(unsigned rejected) {
    static const char *const names[SCAN_REJECTED_RULES] = {
        "accepted",         "word-before",  "word-after",       "dotted-run", "invalid-ipv4",
        "colon-hex-before", "invalid-ipv6", "hardware-address", "clock-time", "bare-unspecified",
    };
    return rejected < SCAN_REJECTED_RULES ? names[rejected] : "?";
}
