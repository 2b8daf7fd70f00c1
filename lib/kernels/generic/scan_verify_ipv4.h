/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify_ipv4.h - verifies one IPv4 candidate, for every vector width. scan_verify.h says which
 * candidate takes which of these functions.
 */
#ifndef SIMDINET_SCAN_VERIFY_IPV4_H
#define SIMDINET_SCAN_VERIFY_IPV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "impl.h"
#include "kernels/kernel.h"
#include "kernels/tables/scan_tables.h"
#include "scan_candidate.h"

/* Reads the IPv4 address at text, of which 16 bytes are readable; it ends before the first byte that
 * cannot continue its last octet. Returns its length, 15 at most, and sets *valid; out and the length
 * are unspecified when it is false. Twelve zeros follow the four bytes of the address. */
REQUIRES size_t IMPL(read_octets)(const char *text, uint8_t *out, bool *valid);

/* A bit for each of 16 bytes, 1 for those in the set. */
REQUIRES uint32_t IMPL(find_set)(const char *text, const scan_set *set);

static inline size_t IMPL(read_ipv4_prefix)(const char *text, uint8_t *out) {
    bool valid;
    const size_t length = IMPL(read_octets)(text, out, &valid);
    return valid ? length : 0;
}

/* Reads the candidate whose first dot is at dot, between digits, as read_octets does. It starts after
 * the last of the three bytes before the dot that is no digit. VERIFY_BEFORE and VERIFY_AFTER bytes
 * around it are readable. */
REQUIRES uint32_t IMPL(key_of_quad)(const char *dot);
REQUIRES scan_quad IMPL(read_quad)(const char *dot, uint32_t key, uint8_t *out);

/* Reads the address, and accepts it where the bytes on both sides are plain. Returns what remains to
 * be looked at. */
static ALWAYS_INLINE unsigned IMPL(verify_ipv4_position)(const char *text, const char *dot,
                                                         uint32_t key,
                                                         simdinet_candidate *candidate) {
    const simdinet_scan_neighbor *neighbors = simdinet_scan_neighbors;
    const scan_quad quad = IMPL(read_quad)(dot, key, candidate->address);
    if (quad.length == 0)
        DEFINED(candidate->address); /* nothing of it is used */
    const char *at = quad.start, *end = at + quad.length;
    candidate->offset = (size_t)(at - text);
    store_head(candidate, quad.head);
    const unsigned before = neighbors[(uint8_t)at[-1]].before_ipv4;
    const unsigned after = neighbors[(uint8_t)end[0]].after_ipv4;
    return before + neighbors[(uint8_t)at[-2]].second_ipv4 + after +
           neighbors[(uint8_t)end[1]].next_ipv4;
}

/* Rule 15 a, for a candidate before ";" or ")": version-like after an open "(" and a ";", on one line. */
static inline void IMPL(verify_before_closing)(const char *text, simdinet_candidate *candidate) {
    enum { BLOCKS = 8 };
    const char *at = text + candidate->offset;
    bool semicolon = false, version = false;
    if (candidate->offset < 16 * BLOCKS) {
        doubt_address(candidate, 1);
        return;
    }
    for (int i = 0; i < BLOCKS; i++) {
        at -= 16;
        const uint32_t stops = IMPL(find_set)(at, &simdinet_scan_constants.parentheses);
        const uint32_t semicolons = IMPL(find_set)(at, &simdinet_scan_constants.semicolon);
        if (stops) {
            const unsigned last = 31 - (unsigned)__builtin_clz(stops);
            version = (at[last] == '(') & (semicolon | (semicolons >> last != 0));
            break;
        }
        semicolon |= semicolons != 0;
    }
    candidate->flags |= version * SIMDINET_CANDIDATE_VERSION_USER_AGENT;
    const char *end = text + candidate->offset + candidate->length;
    doubt_address(candidate, (end[0] == ';') & (end[1] == ' ') & (end[2] == 'U'));
}

/*
 * Rules 4 and 5, for a candidate before a dot and a letter or a digit: "4.3.2.1.in-addr.arpa", "1.2.3.4.5".
 * Rejected but for the suffix of a file, a hardware address, a port, and the name of a service.
 */
static inline void IMPL(verify_before_dot)(const char *text, simdinet_candidate *candidate) {
    static const char suffixes[4][4] = {".cap", ".pca", ".log", ".txt"};
    const char *end = text + candidate->offset + candidate->length;
    const uint32_t head = load_u32(end);
    bool suffix = false;
    for (size_t i = 0; i < 4; i++)
        suffix |= head == load_u32(suffixes[i]);
    const bool digit = is_decimal(end + 1);
    const scan_set *set =
        digit ? &simdinet_scan_constants.decimal : &simdinet_scan_constants.service;
    const unsigned width = (unsigned)__builtin_ctz(~IMPL(find_set)(end + 1, set));
    const unsigned after = class_of(end + 1 + width), next = class_of(end + 2 + width);
    const bool more = ((after & CLASS_WORD) != 0) |
                      (((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0));
    /* Without a blank on one side, or a colon after it, it is not a port. An escape may end in the
     * first number: then the last one is its fourth. */
    const char *at = text + candidate->offset;
    const bool escape = ((class_of(at - 1) & (CLASS_WORD | CLASS_DOT)) != 0) | (at[-1] == '%');
    const bool mark = escape | (at[-1] == ' ') | (end[1 + width] == ' ') | (end[1 + width] == ':');
    const bool port = (width >= 2u - digit) & !more & mark;
    const bool word = (class_of(at - 1) & CLASS_WORD) != 0; /* decided by may_be_escaped */
    reject_if(candidate, !(suffix | (end[3] == ':') | port | word));
    /* After a blank, " > " on one side makes a number a port: "192.0.2.1.443 > ". */
    const bool arrow_before = is_arrow(at - 3), arrow_after = is_arrow(end + 1 + width);
    if (digit & (arrow_before | arrow_after) & port & (at[-1] == ' ') &
        (candidate->result == SIMDINET_VERIFY_UNDECIDED) & (end[3] != ':')) {
        const uint32_t number = port_of_digits(end + 1, width);
        candidate->flags |= SIMDINET_CANDIDATE_PORT | number << SIMDINET_CANDIDATE_PORT_SHIFT;
        candidate->result = number < 65536 ? SIMDINET_VERIFY_ADDRESS : SIMDINET_VERIFY_UNDECIDED;
    }
}

/* The key before a candidate after a byte of CLASS_KEY_GAP: where the last other byte is, counted back
 * from the candidate; 16 when there is none among the last 16. */
static inline unsigned IMPL(width_of_key_gap)(const char *at) {
    const uint32_t others = ~IMPL(find_set)(at - 16, &simdinet_scan_constants.key_gap) & 0xffff;
    return (unsigned)__builtin_clz(others << 16 | 0x8000);
}

/* Rule 14: undecided after a word that may be a version key. */
static inline void IMPL(verify_after_key)(const char *text, simdinet_candidate *candidate) {
    static const char endings[3][4] = {"sion", "ware", "mage"}; /* version, firmware, image */
    const char *at = text + candidate->offset;
    const unsigned width = IMPL(width_of_key_gap)(at);
    const char *end = at - width; /* of the word */
    const uint32_t ending = load_u32(end - 4) | 0x20202020;
    bool key = (end[-2] == 'F') & (end[-1] == 'W');
    for (size_t i = 0; i < 3; i++)
        key |= ending == load_u32(endings[i]);
    const bool mark = (at[-2] == '=') & (at[-1] == ' ');
    const bool browser = may_be_browser(candidate);
    doubt_address(candidate, key | mark | browser | (width == 16));
}

/* The word before the slash before a candidate, counted back from the slash: 16 when it may be longer. */
static inline unsigned IMPL(width_of_word)(const char *slash) {
    const uint32_t others =
        ~IMPL(find_set)(slash - 16, &simdinet_scan_constants.unreserved) & 0xffff;
    return (unsigned)__builtin_clz(others << 16 | 0x8000);
}

/* Rule 17: undecided where a path may end in "-" before a candidate, or a release follows it. */
static inline void IMPL(verify_after_dash)(const char *text, simdinet_candidate *candidate) {
    const char *at = text + candidate->offset;
    const unsigned width = IMPL(width_of_word)(at);
    const char edge = at[-1 - (int)width];
    doubt_address(candidate,
                  (width == 16) | (edge == '/') | (edge == '+') | (at[candidate->length] == '-'));
}

/* Rule 13, for a candidate after a slash: most are "Product/1.2.3.4" with a word that ends in a small
 * letter, which is version-like. Returns 1 where it takes more to decide. */
static inline unsigned IMPL(verify_product)(const char *text, simdinet_candidate *candidate) {
    const char *at = text + candidate->offset, *slash = at - 1;
    const char after = at[candidate->length];
    const unsigned width = IMPL(width_of_word)(slash);
    const char *word = slash - width;
    /* The lengths of ip, inside, outside, dmz and localhost, by their first letter. */
    static const uint16_t lengths[32] = {['i' & 31] = 1 << 2 | 1 << 6,
                                         ['o' & 31] = 1 << 7,
                                         ['d' & 31] = 1 << 3,
                                         ['l' & 31] = 1 << 9};
    const unsigned named = lengths[*word & 31] >> width & 1;
    const unsigned lower = class_of(slash - 1) & CLASS_LOWER;
    /* Another slash, "- ", or what may be a part of an escape before the word. */
    const unsigned edge = class_of(word - 1) & CLASS_ODD_BEFORE_WORD;
    const bool proxy = (word[-1] == ' ') & (word[-2] == '-');
    const bool hardware = (width == 2) & (word[-1] == ':'); /* 00:11:22:33:44:5e/192.0.2.1 */
    const bool version = (lower != 0) & (edge == 0) & !named & !proxy & !hardware & (width < 16) &
                         (after != ':') & (after != '(') & !may_be_private(candidate->address[0]);
    candidate->flags |= version * SIMDINET_CANDIDATE_VERSION_SLASH;
    return !version;
}

/* Rules 13 and 15 b, for the others: not version-like where no word precedes the slash, as in
 * "http://1.2.3.4", where a path starts at the word, or where a port follows. */
static inline void IMPL(verify_after_slash)(const char *text, simdinet_candidate *candidate) {
    const char *at = text + candidate->offset, *slash = at - 1;
    const char *after = at + candidate->length;
    const unsigned width = IMPL(width_of_word)(slash);
    const char *word = slash - width;
    const bool edge = ((class_of(word - 1) & CLASS_ODD_BEFORE_WORD) != 0) |
                      ((word[-1] == ' ') & (word[-2] == '-'));
    const bool escaped = slash[-1] == '\\';
    const bool no_word =
        (width == 0) & (!escaped | ((class_of(slash - 2) & CLASS_UNRESERVED) == 0));
    const bool path =
        (candidate->address[0] != 0) & (width > 0) & (width < 16) & (word[-1] == '/') &
        ((class_of(word - 2) & (CLASS_WORD | CLASS_UNRESERVED)) == 0) & (word[-2] != '\\');
    const bool port = (*after == ':') & ((class_of(after + 1) & CLASS_DIGIT) != 0);
    const bool host = port & (width > 0) & (width < 16) & !edge;
    doubt_address(candidate, !(no_word | path | host));
}

#endif
