/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_text.h - reading a text under the scan: bytes and words, escapes (rules 1 to 3 of docs/scan.md),
 * delimiters (rules 4 and 6), and numbers.
 *
 * Bytes are read by index. An index may lie outside the text, also by having wrapped below 0: there is
 * no byte, -1.
 */
#ifndef SIMDINET_SCAN_TEXT_H
#define SIMDINET_SCAN_TEXT_H

#include <string.h>

#include "kernels/kernel.h"
#include "simdinet.h"

/* A text under the scan. Its two ends count as line ends. */
typedef struct scan_text {
    const char *bytes;
    size_t len;
    const simdinet_implementation *impl;
    unsigned flags; /* of simdinet_scan */
} scan_text;

/*
 * How far each rule looks, in bytes. Several of them add up where one starts to look at the end of what
 * another one has found, so that more than SIMDINET_SCAN_CONTEXT bytes are read; no match depends on
 * what is further before it.
 */
enum {
    MAX_IPV6 = 45,
    MIN_FULL_AND_PORT = 18,  /* rule 8 a: "1:2:3:4:5:6:7:8:80" */
    MAX_CSI_PARAMETERS = 40, /* rule 1: 33 for two colours of 24 bits */
    MAX_SERVICE = 15,        /* rules 5 and 9: RFC 6335 section 5.1 */
    MAX_KEY = 64,            /* rule 10: the word before the colon */
    MAX_WORD = 64,           /* rules 13 and 15: the word before the slash */
    MAX_KEY_GAP = 48,        /* rule 14: between the key and the number */
    MAX_USER_AGENT = 128,    /* rule 15 */
    MAX_HEADER = 128,        /* rule 16 */
    MAX_PATH = 64,           /* rule 17 */
    MAX_COLON_HEX_RUN = 128, /* of hexadecimal digits and colons: before a position, and in all */
    MAX_REJECTED = 64,       /* what is reported of a rejected candidate */
    MAX_DOTTED_RUN = 80,     /* in which more than one IPv4 address is looked for */
    MAX_PART_OFFSET = 80,    /* of a further IPv6 address, from where its run begins */
};

/* ---- bytes -------------------------------------------------------------------------------------- */

/* A test counts the bytes that the rules read. */
#if defined(SIMDINET_COUNT_READS)
extern size_t simdinet_scan_reads;
#    define COUNT_READS(n) (simdinet_scan_reads += (n))
#else
#    define COUNT_READS(n) ((void)0)
#endif

static inline int byte_at(const scan_text *t, size_t i) {
    COUNT_READS(1);
    return i < t->len ? (unsigned char)t->bytes[i] : -1;
}

/* No class outside the text. */
static inline unsigned class_at(const scan_text *t, size_t i) {
    COUNT_READS(1);
    return i < t->len ? simdinet_scan_classes[(unsigned char)t->bytes[i]] : 0;
}

static inline bool is_alnum_at(const scan_text *t, size_t i) {
    return (class_at(t, i) & (CLASS_LETTER | CLASS_DIGIT)) != 0;
}

static inline int to_lower(int byte) {
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* Whether the word starts at i. */
static inline bool word_starts_at(const scan_text *t, size_t i, const char *word) {
    for (size_t k = 0; word[k]; k++)
        if (byte_at(t, i + k) != (unsigned char)word[k])
            return false;
    return true;
}

static inline bool word_starts_at_any_case(const scan_text *t, size_t i, const char *word) {
    for (size_t k = 0; word[k]; k++)
        if (to_lower(byte_at(t, i + k)) != (unsigned char)word[k])
            return false;
    return true;
}

/* Whether the word ends at end: backwards, since most words differ in their last byte. */
static inline bool word_ends_at(const scan_text *t, size_t end, const char *word) {
    size_t k = strlen(word);
    while (k > 0 && byte_at(t, end - 1) == (unsigned char)word[k - 1]) {
        end--;
        k--;
    }
    return k == 0;
}

static inline bool word_ends_at_any_case(const scan_text *t, size_t end, const char *word) {
    size_t k = strlen(word);
    while (k > 0 && to_lower(byte_at(t, end - 1)) == (unsigned char)word[k - 1]) {
        end--;
        k--;
    }
    return k == 0;
}

static inline bool any_starts_at(const scan_text *t, size_t i, const char *const *words) {
    for (; *words; words++)
        if (word_starts_at(t, i, *words))
            return true;
    return false;
}

static inline bool any_starts_at_any_case(const scan_text *t, size_t i, const char *const *words) {
    for (; *words; words++)
        if (word_starts_at_any_case(t, i, *words))
            return true;
    return false;
}

static inline bool any_ends_at_any_case(const scan_text *t, size_t end, const char *const *words) {
    for (; *words; words++)
        if (word_ends_at_any_case(t, end, *words))
            return true;
    return false;
}

/* Whether a word of the list ends at end and starts at start or after it. */
static inline bool any_ends_word(const scan_text *t, size_t start, size_t end,
                                 const char *const *words) {
    for (; *words; words++)
        if (end - start >= strlen(*words) && word_ends_at(t, end, *words))
            return true;
    return false;
}

/* ---- rules 1 to 3: escapes ---------------------------------------------------------------------- */

/* Where the control sequence ends whose first parameter or final byte is text[first], that is ESC,
 * "[", parameters and a letter; 0 when there is none. */
static inline size_t control_sequence_end(const scan_text *t, size_t first) {
    const char *const *spelling = simdinet_scan_escape_spellings;
    size_t end = first;
    if (byte_at(t, first - 1) != '[')
        return 0;
    while (*spelling && !word_ends_at(t, first - 1, *spelling))
        spelling++;
    if (!*spelling)
        return 0;
    while (end - first < MAX_CSI_PARAMETERS && class_at(t, end) & CLASS_CSI)
        end++;
    return class_at(t, end) & CLASS_LETTER ? end + 1 : 0;
}

/* Where the escape "%" and two digits ends that starts at percent; 0 when there is none. A control
 * character but tab, LF and CR is none, nor are two decimal digits that a dot and a digit follow. */
static inline size_t percent_escape_end(const scan_text *t, size_t percent) {
    const int high = byte_at(t, percent + 1), low = to_lower(byte_at(t, percent + 2));
    const unsigned digits = class_at(t, percent + 1) & class_at(t, percent + 2);
    if (!(digits & CLASS_HEX) || high == '1' ||
        (high == '0' && low != '9' && low != 'a' && low != 'd'))
        return 0;
    if (digits & CLASS_DIGIT && byte_at(t, percent + 3) == '.' &&
        class_at(t, percent + 4) & CLASS_DIGIT)
        return 0;
    return percent + 3;
}

/* Where the escape "\u" and four digits, or "\x" and two, ends that starts at backslash; 0 when there is
 * none. */
static inline size_t numeric_escape_end(const scan_text *t, size_t backslash) {
    const int letter = byte_at(t, backslash + 1);
    const size_t end = letter == 'u' ? backslash + 6 : letter == 'x' ? backslash + 4 : 0;
    for (size_t i = backslash + 2; i < end; i++)
        if (!(class_at(t, i) & CLASS_HEX))
            return 0;
    return end;
}

/*
 * Where the escape ends that text[i] is a part of, or 0. text[i] is a letter, a digit or a colon: the
 * bytes before it say which escape that can be.
 */
static inline size_t escape_end(const scan_text *t, size_t i) {
    size_t end = 0;
    const int before = byte_at(t, i - 1);
    if (t->flags & SIMDINET_SCAN_NO_ESCAPES || !(class_at(t, i - 1) & (CLASS_WORD | CLASS_CSI) ||
                                                 before == '\\' || before == '%' || before == '['))
        return 0;
    if (before == '\\' && (byte_at(t, i) == 't' || byte_at(t, i) == 'n' || byte_at(t, i) == 'r'))
        return i + 1;
    for (size_t k = 1; k <= 2; k++)
        if (byte_at(t, i - k) == '%' && (end = percent_escape_end(t, i - k)) > i)
            return end;
    for (size_t k = 1; k <= 5; k++)
        if (byte_at(t, i - k) == '\\' && (end = numeric_escape_end(t, i - k)) > i)
            return end;
    size_t first = i;
    while (i - first < MAX_CSI_PARAMETERS && class_at(t, first - 1) & CLASS_CSI)
        first--;
    end = control_sequence_end(t, first);
    return end > i ? end : 0;
}

static inline bool is_escaped(const scan_text *t, size_t i) {
    return class_at(t, i) & (CLASS_WORD | CLASS_COLON) && escape_end(t, i) != 0;
}

/* Whether text[i] is of these classes, and no part of an escape. */
static inline bool is_at(const scan_text *t, size_t i, unsigned classes) {
    return class_at(t, i) & classes && !is_escaped(t, i);
}

/* Whether text[i] and the next byte are "\t", "\n" or "\r". */
static inline bool is_escaped_blank(const scan_text *t, size_t i) {
    const int letter = byte_at(t, i + 1);
    return byte_at(t, i) == '\\' && (letter == 't' || letter == 'n' || letter == 'r') &&
           !(t->flags & SIMDINET_SCAN_NO_ESCAPES);
}

static inline bool is_blank_or_end_before(const scan_text *t, size_t i) {
    return byte_at(t, i - 1) < 0 || class_at(t, i - 1) & (CLASS_BLANK | CLASS_LINE_END) ||
           is_escaped_blank(t, i - 2);
}

static inline bool is_blank_or_end_after(const scan_text *t, size_t i) {
    return byte_at(t, i) < 0 || class_at(t, i) & (CLASS_BLANK | CLASS_LINE_END) ||
           is_escaped_blank(t, i);
}

/* Where the run of bytes of a class starts that ends at end, at most max + 1 bytes before it, and
 * after an escape. An escape starts with a byte of neither class, so at most one reaches into a run. */
static inline size_t run_start(const scan_text *t, size_t end, unsigned class, size_t max) {
    size_t start = end;
    while (end - start <= max && class_at(t, start - 1) & class)
        start--;
    const size_t escape = start < end ? escape_end(t, start) : 0;
    return escape ? escape : start;
}

/* ---- rules 4 and 6: neighbours ------------------------------------------------------------------ */

/* Nothing before start makes the candidate the end of something longer. */
static inline bool is_delimited_before(const scan_text *t, size_t start) {
    if (byte_at(t, start - 1) == '.')
        return !is_at(t, start - 2, CLASS_DIGIT);
    return !is_at(t, start - 1, CLASS_WORD);
}

/* Nothing after end makes four octets, or a port, the start of something longer. */
static inline bool is_delimited_after(const scan_text *t, size_t end) {
    if (byte_at(t, end) == '.')
        return !is_alnum_at(t, end + 1);
    return !(class_at(t, end) & CLASS_WORD);
}

/* Six groups of two hexadecimal digits and nothing more. */
static inline bool is_hardware_address_at(const scan_text *t, size_t start) {
    for (size_t k = 0; k < 17; k++)
        if (k % 3 == 2 ? byte_at(t, start + k) != ':' : !(class_at(t, start + k) & CLASS_HEX))
            return false;
    return !(class_at(t, start + 17) & (CLASS_WORD | CLASS_COLON));
}

/* Six groups of two hexadecimal digits, a colon after each. */
static inline bool is_hardware_address_and_colon(const scan_text *t, size_t start) {
    for (size_t k = 0; k < 18; k++)
        if (k % 3 == 2 ? byte_at(t, start + k) != ':' : !(class_at(t, start + k) & CLASS_HEX))
            return false;
    return true;
}

/* Six groups of two hexadecimal digits end at end, with a mark between two of them. */
static inline bool is_hardware_address_before(const scan_text *t, size_t end, char mark) {
    for (size_t k = 1; k <= 17; k++)
        if (k % 3 == 0 ? byte_at(t, end - k) != mark : !(class_at(t, end - k) & CLASS_HEX))
            return false;
    return !(class_at(t, end - 18) & CLASS_WORD) && byte_at(t, end - 18) != mark;
}

/* A dot and more follow four octets, and these are an address all the same. */
static inline bool is_address_with_suffix(const scan_text *t, size_t end) {
    if (byte_at(t, end) != '.')
        return false;
    if (is_hardware_address_at(t, end + 1))
        return true;
    for (const char *const *suffix = simdinet_scan_file_suffixes; *suffix; suffix++)
        if (word_starts_at(t, end, *suffix) && is_delimited_after(t, end + strlen(*suffix)))
            return true;
    return false;
}

/* "::", or six groups that are not a hardware address, stand before the colon before start. */
static inline bool is_colon_hex_before(const scan_text *t, size_t start) {
    size_t at = start;
    bool all_of_two = true;
    for (int groups = 0; groups < 6; groups++) {
        if (byte_at(t, at - 1) != ':')
            return false;
        at--;
        if (byte_at(t, at - 1) == ':')
            return true;
        const size_t end = at;
        at = run_start(t, end, CLASS_HEX, 4);
        if (at == end || end - at > 4)
            return false;
        all_of_two = all_of_two && end - at == 2;
    }
    return !all_of_two;
}

/* ---- numbers ------------------------------------------------------------------------------------ */

/* A number of one to five digits, without leading zeros, up to 65535. Returns its end, or start. */
static inline size_t port_end(const scan_text *t, size_t start, uint16_t *port) {
    size_t at = start;
    unsigned value = 0;
    while (at - start < 6 && class_at(t, at) & CLASS_DIGIT)
        value = value * 10 + (unsigned)(byte_at(t, at++) - '0');
    if (value > 65535 || at - start > 5 || (at - start > 1 && byte_at(t, start) == '0'))
        return start;
    *port = (uint16_t)value;
    return at;
}

/* Where four octets end that start at start, or 0. */
static inline size_t quad_end(const scan_text *t, size_t start, uint8_t address[16]) {
    char copy[16] = {0};
    size_t length;
    if (start >= t->len)
        return 0;
    if (t->len - start >= sizeof copy) {
        length = t->impl->read_ipv4_prefix(t->bytes + start, address);
    } else {
        memcpy(copy, t->bytes + start, t->len - start);
        length = t->impl->read_ipv4_prefix(copy, address);
    }
    return length ? start + length : 0;
}

#endif
