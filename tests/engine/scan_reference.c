/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The rules of docs/scan.md, one small predicate each, in the order of that page. Nothing of the
 * library is called: a mistake in its parsers must not be a mistake here.
 */
#include "scan_reference.h"

#include <string.h>

/* ---- bytes, and what stands outside the text ------------------------------------------------- */

typedef struct text {
    const char *bytes;
    size_t len;
} text;

/* The result of byte_at before the first byte and after the last: equal to no byte. */
#define TEXT_EDGE (-1)

/*
 * Offsets may be computed below zero: size_t wraps, and the result is no offset of the text. The
 * predicates can so look left of the first byte without asking where it is.
 */
static int byte_at(text t, size_t at) {
    return at < t.len ? (unsigned char)t.bytes[at] : TEXT_EDGE;
}

static bool is_digit(int byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(int byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_hex(int byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_word(int byte) {
    return is_letter(byte) || is_digit(byte) || byte == '_';
}

/* RFC 3986, section 2.3. */
static bool is_unreserved(int byte) {
    return is_letter(byte) || is_digit(byte) || byte == '-' || byte == '.' || byte == '_' ||
           byte == '~';
}

static bool is_line_end(int byte) {
    return byte == '\r' || byte == '\n' || byte == TEXT_EDGE;
}

static bool is_blank(int byte) {
    return byte == ' ' || byte == '\t';
}

static bool is_quote(int byte) {
    return byte == '"' || byte == '\'' || byte == '`';
}

static bool is_hex_or_colon(int byte) {
    return is_hex(byte) || byte == ':';
}

/* ---- neighbours that both families share ----------------------------------------------------- */

/* IPv4 rule 2, IPv6 rule 3: a word byte, or the dot of a longer number. */
static bool joined_on_the_left(text t, size_t start) {
    return is_word(byte_at(t, start - 1)) ||
           (byte_at(t, start - 1) == '.' && is_digit(byte_at(t, start - 2)));
}

/* IPv4 rule 3, which IPv6 rule 4 applies after an embedded IPv4 address. */
static bool joined_on_the_right_of_ipv4(text t, size_t end) {
    int next = byte_at(t, end + 1);
    return is_word(byte_at(t, end)) ||
           (byte_at(t, end) == '.' && (is_letter(next) || is_digit(next)));
}

/* ---- IPv4 ------------------------------------------------------------------------------------ */

/* The length of the octet that the digits at `at` are, all of them; 0 when they are none. */
static size_t read_octet(text t, size_t at, uint8_t *octet) {
    unsigned value = 0;
    size_t digits = 0;
    while (digits < 4 && is_digit(byte_at(t, at + digits))) {
        value = value * 10 + (unsigned)(byte_at(t, at + digits) - '0');
        digits++;
    }
    bool leading_zero = digits > 1 && byte_at(t, at) == '0';
    if (digits < 1 || digits > 3 || leading_zero || value > 255) {
        return 0;
    }
    *octet = (uint8_t)value;
    return digits;
}

/* IPv4 rule 1. The length of the address that starts at start, or 0. */
static size_t read_ipv4(text t, size_t start, uint8_t address[4]) {
    size_t at = start;
    for (size_t i = 0; i < 4; i++) {
        if (i > 0) {
            if (byte_at(t, at) != '.') {
                return 0;
            }
            at++;
        }
        size_t digits = read_octet(t, at, &address[i]);
        if (digits == 0) {
            return 0;
        }
        at += digits;
    }
    return at - start;
}

/* The length of the hex group that ends before end and has no word byte or dot before it, or 0. */
static size_t hex_group_before(text t, size_t end) {
    size_t digits = 0;
    while (digits < 5 && is_hex(byte_at(t, end - 1 - digits))) {
        digits++;
    }
    int before = byte_at(t, end - 1 - digits);
    bool bounded = !is_word(before) && before != '.';
    return digits <= 4 && bounded ? digits : 0;
}

/* IPv4 rule 4. */
static bool ends_colon_hex_field(text t, size_t start) {
    size_t colon = start - 1;
    if (byte_at(t, colon) != ':') {
        return false;
    }
    if (byte_at(t, colon - 1) == ':') {
        return true;
    }
    size_t group = hex_group_before(t, colon);
    size_t second_colon = colon - group - 1;
    if (group == 0 || byte_at(t, second_colon) != ':') {
        return false;
    }
    return byte_at(t, second_colon - 1) == ':' || hex_group_before(t, second_colon) > 0;
}

/* ---- version-like IPv4 ----------------------------------------------------------------------- */

/* docs/scan.md: a product's name is looked at over this many bytes. */
#define PRODUCT_MAX 64

static bool follows_product_slash(text t, size_t start) {
    if (byte_at(t, start - 1) != '/' || !is_letter(byte_at(t, start - 2))) {
        return false;
    }
    size_t name = 0;
    while (name <= PRODUCT_MAX && is_unreserved(byte_at(t, start - 2 - name))) {
        name++;
    }
    return name <= PRODUCT_MAX && byte_at(t, start - 2 - name) != '/';
}

static bool follows_rv(text t, size_t start) {
    return byte_at(t, start - 1) == ':' && byte_at(t, start - 2) == 'v' &&
           byte_at(t, start - 3) == 'r' && !is_word(byte_at(t, start - 4));
}

static bool is_version_like(text t, size_t start) {
    return follows_product_slash(t, start) || follows_rv(t, start);
}

/* Verifies the candidate for an IPv4 address at start. */
static bool verify_ipv4(text t, size_t start, unsigned flags, simdinet_match *match) {
    /* Nearly every byte of a text ends here; the other rules may then be slow. */
    if (!is_digit(byte_at(t, start)) || joined_on_the_left(t, start)) {
        return false;
    }
    uint8_t address[4];
    size_t length = read_ipv4(t, start, address);
    if (length == 0 || joined_on_the_right_of_ipv4(t, start + length) ||
        ends_colon_hex_field(t, start)) {
        return false;
    }
    bool version = !(flags & SIMDINET_SCAN_VERSIONS) && is_version_like(t, start);
    *match = (simdinet_match){.offset = start,
                              .length = (uint16_t)length,
                              .family = 4,
                              .flags = version ? SIMDINET_MATCH_VERSION : 0};
    memcpy(match->address, address, sizeof(address));
    return true;
}

/* ---- IPv6 ------------------------------------------------------------------------------------ */

/* Six groups of four digits, their colons and an IPv4 tail of 15 bytes. */
#define IPV6_MAX 45

/* The length of the hexadecimal digits at `at`, five at most, and their value. */
static size_t read_group(text t, size_t at, unsigned *value) {
    size_t digits = 0;
    *value = 0;
    while (digits < 5 && is_hex(byte_at(t, at + digits))) {
        int byte = byte_at(t, at + digits);
        int digit = is_digit(byte) ? byte - '0' : (byte | 0x20) - 'a' + 10;
        *value = *value * 16 + (unsigned)digit;
        digits++;
    }
    return digits;
}

/* IPv6 rule 2, the grammar: all of [start, end) is one address. */
static bool read_ipv6(text t, size_t start, size_t end, uint8_t address[16]) {
    uint8_t bytes[16] = {0};
    size_t filled = 0;
    size_t gap = 0; /* how many bytes stand before "::" */
    bool has_gap = false;
    size_t at = start;

    if (byte_at(t, at) == ':') {
        if (byte_at(t, at + 1) != ':') {
            return false;
        }
        has_gap = true;
        at += 2;
    }
    /* Each iteration reads a group or the embedded IPv4 address, and the colons that follow. */
    while (at < end) {
        uint8_t tail[4];
        if (filled <= 12 && at + read_ipv4(t, at, tail) == end) {
            memcpy(bytes + filled, tail, 4);
            filled += 4;
            break;
        }
        unsigned value;
        size_t digits = read_group(t, at, &value);
        if (digits < 1 || digits > 4 || filled == 16) {
            return false;
        }
        bytes[filled++] = (uint8_t)(value >> 8);
        bytes[filled++] = (uint8_t)(value & 0xff);
        at += digits;
        if (at == end) {
            break;
        }
        if (byte_at(t, at) != ':' || at + 1 == end) {
            return false;
        }
        at++;
        if (byte_at(t, at) == ':') {
            if (has_gap) {
                return false;
            }
            has_gap = true;
            gap = filled;
            at++;
        }
    }
    if (has_gap ? filled > 14 : filled != 16) {
        return false; /* "::" stands for one group at least */
    }
    memset(address, 0, 16);
    memcpy(address, bytes, gap);
    memcpy(address + 16 - (filled - gap), bytes + gap, filled - gap);
    return true;
}

static bool starts_run(text t, size_t at) {
    return is_hex_or_colon(byte_at(t, at)) && !is_hex_or_colon(byte_at(t, at - 1));
}

/*
 * IPv6 rule 1: the end of the ".digits" after a run. Two dots in a row end it, as they end an
 * IPv4 address: the dots at the end of a candidate are not its own, and whether they are at its end
 * must not depend on a digit farther away than the two bytes that "Chunks" allows.
 */
static size_t dotted_end(text t, size_t end) {
    while (byte_at(t, end) == '.' && is_digit(byte_at(t, end + 1))) {
        end++;
        while (is_digit(byte_at(t, end))) {
            end++;
        }
    }
    return end;
}

/* IPv6 rule 5, the exception: "[::]", or alone between blanks, quotes and line ends. */
static bool stands_alone(text t, size_t start, size_t end) {
    int before = byte_at(t, start - 1);
    int after = byte_at(t, end);
    bool free_before = is_blank(before) || is_quote(before) || is_line_end(before);
    bool free_after = is_blank(after) || is_quote(after) || is_line_end(after);
    return (before == '[' && after == ']') || (free_before && free_after);
}

static bool is_bare_gap(size_t start, size_t end) {
    return end - start == 2; /* the only address of two bytes */
}

/* IPv6 rule 6, of a text that is known to be an address: xx:xx:xx:xx:xx:xx:xx:xx. */
static bool is_eui64(text t, size_t start, size_t end) {
    if (end - start != 8 * 3 - 1) {
        return false;
    }
    for (size_t i = 0; i < end - start; i++) {
        bool colon_place = i % 3 == 2;
        if ((byte_at(t, start + i) == ':') != colon_place) {
            return false;
        }
    }
    return true;
}

/* RFC 4291, section 2.5.5.2: ::ffff:0:0/96, however it is spelled. */
static bool is_mapped(const uint8_t address[16]) {
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return memcmp(address, prefix, sizeof(prefix)) == 0;
}

/* Verifies the run [start, run_end) of hexadecimal digits and colons with the dots after it. */
static bool verify_ipv6(text t, size_t start, size_t run_end, unsigned flags,
                        simdinet_match *match) {
    /* No address has fewer than two colons. Without this, long dotted numbers cost a square. */
    size_t colons = 0;
    for (size_t at = start; at < run_end; at++) {
        colons += byte_at(t, at) == ':';
    }
    if (colons < 2) {
        return false;
    }
    size_t end = dotted_end(t, run_end);
    bool has_tail = end > run_end;
    uint8_t address[16];
    if (end - start > IPV6_MAX || !read_ipv6(t, start, end, address)) {
        return false;
    }
    if (joined_on_the_left(t, start) || is_word(byte_at(t, end)) ||
        (has_tail && joined_on_the_right_of_ipv4(t, end))) {
        return false;
    }
    if (is_bare_gap(start, end) && !stands_alone(t, start, end) &&
        !(flags & SIMDINET_SCAN_BARE_UNSPECIFIED)) {
        return false;
    }
    if (is_eui64(t, start, end) && !(flags & SIMDINET_SCAN_EUI64)) {
        return false;
    }
    *match = (simdinet_match){.offset = start,
                              .length = (uint16_t)(end - start),
                              .family = 6,
                              .flags = is_mapped(address) ? SIMDINET_MATCH_MAPPED : 0};
    memcpy(match->address, address, sizeof(address));
    return true;
}

/* ---- the whole text -------------------------------------------------------------------------- */

size_t scan_reference(const char *bytes, size_t len, unsigned flags, simdinet_match *matches,
                      size_t capacity) {
    text t = {bytes, len};
    bool both = !(flags & (SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6));
    bool ipv4 = both || (flags & SIMDINET_SCAN_IPV4);
    bool ipv6 = both || (flags & SIMDINET_SCAN_IPV6);
    size_t count = 0;

    /* An IPv4 and an IPv6 match never share a byte, so that one walk finds both in order. */
    for (size_t at = 0; at < len; at++) {
        simdinet_match match;
        bool found = ipv4 && verify_ipv4(t, at, flags, &match);
        if (!found && ipv6 && starts_run(t, at)) {
            size_t run_end = at;
            while (is_hex_or_colon(byte_at(t, run_end))) {
                run_end++;
            }
            found = verify_ipv6(t, at, run_end, flags, &match);
        }
        if (found) {
            if (count < capacity) {
                matches[count] = match;
            }
            count++;
        }
    }
    return count;
}
