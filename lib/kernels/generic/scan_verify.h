/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_verify.h - candidates to addresses, for every vector width.
 *
 * Whether a candidate is an address, and of which family, is random to a branch predictor, and a
 * misprediction costs more than a whole verification. So candidates are not skipped by branches:
 * they are sorted into lists, where an entry that does not belong is overwritten by the next one, and
 * every entry of a list takes the same path. A candidate whose neighbouring bytes call for more than
 * a few instructions is left undecided; the engine then applies all rules of docs/scan.md. Nothing is
 * accepted or rejected here that these rules would decide otherwise.
 */
#ifndef SIMDINET_SCAN_VERIFY_GENERIC_H
#define SIMDINET_SCAN_VERIFY_GENERIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "impl.h"
#include "kernels/kernel.h"
#include "kernels/tables/scan_tables.h"
#include "scan_candidate.h"

/* Reads the IPv4 address at text, of which 16 bytes are readable; it ends before the first byte that
 * cannot continue its last octet. Returns its length, or 0, and then out is unspecified. Twelve zeros
 * follow the four bytes of the address. */
REQUIRES size_t IMPL(read_ipv4_prefix)(const char *text, uint8_t *out);

REQUIRES bool IMPL(parse_ipv6)(const char *text, size_t len, uint8_t *out);

/* A bit for each of 16 bytes, 1 for those in the set. */
REQUIRES uint32_t IMPL(find_set)(const char *text, const scan_set *set);

/* ---- IPv4 --------------------------------------------------------------------------------------- */

/* Reads the address, and accepts it where the bytes on both sides are plain. */
static inline unsigned IMPL(verify_ipv4_position)(const char *text, size_t dot,
                                                  simdinet_candidate *candidate) {
    const char *at = text + dot;
    const unsigned two = is_decimal(at - 2);
    at -= 1 + two + (two & is_decimal(at - 3));
    const size_t length = IMPL(read_ipv4_prefix)(at, candidate->address);
    const unsigned before = class_of(at - 1), after = class_of(at + length);
    candidate->offset = (size_t)(at - text);
    candidate->length = (uint16_t)length;
    candidate->family = 4;
    candidate->result = length != 0;
    candidate->flags = 0;
    /* A colon and a letter follow; a byte of a gap precedes, and another or the end of a key. */
    _Static_assert(CLASS_COLON << 1 == CLASS_LETTER && CLASS_KEY_GAP << 1 == CLASS_KEY_NEAR,
                   "one shift brings the classes of two bytes together");
    const unsigned odd = (before & CLASS_ODD_BEFORE_IPV4) | (after & CLASS_ODD_AFTER_IPV4) |
                         (after << 1 & class_of(at + length + 1) & CLASS_LETTER);
    const unsigned gap = before << 1 & class_of(at - 2) & CLASS_KEY_NEAR;
    return (odd != 0) * LOOK_ODD | (gap != 0) * LOOK_KEY_GAP |
           (before / CLASS_SLASH & 1) * LOOK_SLASH;
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
    const bool port = (width >= 2u - digit) & !more;
    reject_if(candidate, !(suffix | (end[3] == ':') | port));
}

/* Rule 14, for a candidate after a byte of CLASS_KEY_GAP: undecided where the last other byte ends a
 * word that may be a version key, or where there is no such byte among the last 16. */
static inline void IMPL(verify_after_key_gap)(const char *text, simdinet_candidate *candidate) {
    static const char endings[3][4] = {"sion", "ware", "mage"}; /* version, firmware, image */
    const char *at = text + candidate->offset;
    const uint32_t others = ~IMPL(find_set)(at - 16, &simdinet_scan_constants.key_gap) & 0xffff;
    const unsigned width = (unsigned)__builtin_clz(others << 16 | 0x8000);
    const char *end = at - width; /* of the word */
    const uint32_t ending = load_u32(end - 4) | 0x20202020;
    bool key = (end[-2] == 'F') & (end[-1] == 'W');
    for (size_t i = 0; i < 3; i++)
        key |= ending == load_u32(endings[i]);
    const bool mark = (at[-2] == '=') & (at[-1] == ' ');
    doubt_address(candidate, key | mark | (width == 16));
}

/*
 * Rules 13 and 15 b, for a candidate after a slash. Most are "Product/1.2.3.4" with a word of small
 * letters at its end, which is version-like, or "//1.2.3.4", which is not.
 */
static inline void IMPL(verify_after_slash)(const char *text, simdinet_candidate *candidate) {
    const char *at = text + candidate->offset, *slash = at - 1;
    const char *after = at + candidate->length;
    const uint32_t others =
        ~IMPL(find_set)(slash - 16, &simdinet_scan_constants.unreserved) & 0xffff;
    const unsigned width = (unsigned)__builtin_clz(others << 16 | 0x8000);
    const char *word = slash - width;
    const uint8_t *a = candidate->address;
    const unsigned last = class_of(slash - 1);
    const bool is_private =
        (a[0] == 10) | (a[0] == 127) | (a[0] == 169) | (a[0] == 172) | (a[0] == 192);
    /* The lengths of ip, inside, outside, dmz and localhost, by their first letter. */
    static const uint16_t lengths[32] = {['i' & 31] = 1 << 2 | 1 << 6,
                                         ['o' & 31] = 1 << 7,
                                         ['d' & 31] = 1 << 3,
                                         ['l' & 31] = 1 << 9};
    const bool named = lengths[*word & 31] >> width & 1;
    /* Another slash, "- ", or what may be a part of an escape before the word. */
    const bool edge = ((class_of(word - 1) & CLASS_ODD_BEFORE_WORD) != 0) |
                      ((word[-1] == ' ') & (word[-2] == '-'));
    const bool port = (*after == ':') & ((class_of(after + 1) & CLASS_DIGIT) != 0);
    const bool version = ((last & CLASS_LOWER) != 0) & (width < 16) & !is_private & !named & !edge &
                         (*after != ':') & (*after != '(');
    /* No word, as in "http://1.2.3.4" and "http:\/\/1.2.3.4"; a path that starts at the word; a port. */
    const bool escaped = slash[-1] == '\\';
    const bool no_word =
        (width == 0) & (!escaped | ((class_of(slash - 2) & CLASS_UNRESERVED) == 0));
    const bool path = (width > 0) & (width < 16) & (word[-1] == '/') &
                      ((class_of(word - 2) & (CLASS_WORD | CLASS_UNRESERVED)) == 0) &
                      (word[-2] != '\\');
    const bool host = port & (width > 0) & (width < 16) & !edge;
    candidate->flags |= version * SIMDINET_CANDIDATE_VERSION_SLASH;
    doubt_address(candidate, !(no_word | path | host | version));
}

/* ---- IPv6 --------------------------------------------------------------------------------------- */

/* Parses a candidate of a known length: a mapped address begins with 80 zero bits and 16 ones. */
static inline void IMPL(parse_run)(const char *text, simdinet_candidate *candidate) {
    static const uint8_t mapped[4] = {0, 0, 255, 255};
    uint64_t head;
    uint32_t middle;
    const bool parsed =
        IMPL(parse_ipv6)(text + candidate->offset, candidate->length, candidate->address);
    memcpy(&head, candidate->address, sizeof head);
    memcpy(&middle, candidate->address + 8, sizeof middle);
    const bool is_mapped = (head == 0) & (middle == load_u32(mapped));
    candidate->flags |= is_mapped * SIMDINET_CANDIDATE_MAPPED;
    /* What does not parse may be an address and a port, or after a key. */
    set_result(candidate, parsed, !parsed);
}

/* The last group of the run is the first octet of an embedded IPv4 address (RFC 4291 section 2.2). */
static inline void IMPL(verify_embedded)(const char *text, simdinet_candidate *candidate) {
    const char *begin = text + candidate->offset, *octets = begin + candidate->length;
    while (octets[-1] != ':')
        octets--;
    const char *end = octets + IMPL(read_ipv4_prefix)(octets, candidate->address);
    const unsigned after = class_of(end), next = class_of(end + 1);
    const bool more = ((after & CLASS_WORD) != 0) |
                      (((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0));
    set_result(candidate, false, true);
    if (end == octets || more)
        return;
    candidate->length = (uint16_t)(end - begin);
    IMPL(parse_run)(text, candidate);
}

/* ---- lists -------------------------------------------------------------------------------------- */

/* Runs with a letter, a dot or the like beside them, "::", and those with too many groups. */
static OUT_OF_LINE void IMPL(verify_odd_runs)(verify_batch batch, uint16_t *list, size_t n) {
    candidate_list embedded_list, bare_list;
    size_t plain = 0, embedded = 0, bare = 0;
    const char *text = batch.chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint16_t i = list[k];
        const odd_plan plan = plan_odd_run(batch.chunk, batch.positions[i], &batch.candidates[i]);
        list[plain] = i;
        plain += plan.parse;
        embedded_list[embedded] = i;
        embedded += plan.embedded;
        bare_list[bare] = i;
        bare += plan.bare;
    }
    for (size_t k = 0; k < plain; k++) {
        IMPL(parse_run)(text, &batch.candidates[list[k]]);
        flag_run(batch.chunk, &batch.candidates[list[k]]);
    }
    for (size_t k = 0; k < embedded; k++)
        IMPL(verify_embedded)(text, &batch.candidates[embedded_list[k]]);
    for (size_t k = 0; k < bare; k++) {
        simdinet_candidate *candidate = &batch.candidates[bare_list[k]];
        candidate->result = SIMDINET_VERIFY_ADDRESS;
        candidate->flags = SIMDINET_CANDIDATE_BARE_UNSPECIFIED;
        memset(candidate->address, 0, sizeof candidate->address);
    }
}

static OUT_OF_LINE void IMPL(verify_runs)(verify_batch batch, const uint16_t *list, size_t n) {
    candidate_list plain_list, flag_list, embedded_list, odd_list;
    size_t plain = 0, flagged = 0, embedded = 0, odd = 0;
    for (size_t k = 0; k < n; k++) {
        const uint16_t i = list[k];
        const run_plan plan = plan_run(batch.chunk, batch.positions[i], &batch.candidates[i]);
        plain_list[plain] = i;
        plain += plan.parse;
        flag_list[flagged] = i;
        flagged += plan.flag;
        embedded_list[embedded] = i;
        embedded += plan.embedded;
        odd_list[odd] = i;
        odd += plan.odd;
    }
    for (size_t k = 0; k < plain; k++)
        IMPL(parse_run)(batch.chunk->text, &batch.candidates[plain_list[k]]);
    for (size_t k = 0; k < flagged; k++)
        flag_run(batch.chunk, &batch.candidates[flag_list[k]]);
    for (size_t k = 0; k < embedded; k++)
        IMPL(verify_embedded)(batch.chunk->text, &batch.candidates[embedded_list[k]]);
    IMPL(verify_odd_runs)(batch, odd_list, odd);
}

/* Those with a letter, a dot, a slash or the like beside them. */
static OUT_OF_LINE void IMPL(verify_odd_list)(verify_batch batch, uint16_t *list, size_t n) {
    candidate_list colon_list, dot_list;
    size_t colons = 0, dots = 0, closing = 0;
    const char *const text = batch.chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint16_t i = list[k];
        const unsigned look = verify_odd(text, &batch.candidates[i]);
        colon_list[colons] = i;
        colons += look / LOOK_COLON & 1;
        dot_list[dots] = i;
        dots += look / LOOK_DOT & 1;
        list[closing] = i;
        closing += look / LOOK_CLOSING;
    }
    for (size_t k = 0; k < dots; k++)
        IMPL(verify_before_dot)(text, &batch.candidates[dot_list[k]]);
    for (size_t k = 0; k < closing; k++)
        IMPL(verify_before_closing)(text, &batch.candidates[list[k]]);
    for (size_t k = 0; k < colons; k++)
        verify_after_colon(text, &batch.candidates[colon_list[k]]);
}

static OUT_OF_LINE void IMPL(verify_dots)(verify_batch batch, const uint16_t *list, size_t n) {
    candidate_list odd_list, gap_list, slash_list;
    size_t odd = 0, gaps = 0, slashes = 0;
    const char *const text = batch.chunk->text;
    const size_t origin = batch.chunk->begin - 64; /* may wrap, and wraps back */
    const char *ahead = text + batch.chunk->end;
    const size_t lines = lines_ahead(batch.chunk, n);
    for (size_t k = 0; k < n; k++) {
        const uint16_t i = list[k];
        for (size_t line = 0; line < lines; line++, ahead += 64)
            __builtin_prefetch(ahead);
        const unsigned look =
            IMPL(verify_ipv4_position)(text, origin + batch.positions[i], &batch.candidates[i]);
        odd_list[odd] = i;
        odd += look & LOOK_ODD;
        gap_list[gaps] = i;
        gaps += look / LOOK_KEY_GAP & 1;
        slash_list[slashes] = i;
        slashes += look / LOOK_SLASH;
    }
    IMPL(verify_odd_list)(batch, odd_list, odd);
    for (size_t k = 0; k < slashes; k++)
        IMPL(verify_after_slash)(text, &batch.candidates[slash_list[k]]);
    for (size_t k = 0; k < gaps; k++)
        IMPL(verify_after_key_gap)(text, &batch.candidates[gap_list[k]]);
}

static void IMPL(verify_candidates)(const simdinet_scan_chunk *chunk, size_t first, size_t n,
                                    simdinet_candidate *candidates) {
    candidate_list dot_list, run_list;
    size_t dots = 0, runs = 0;
    const uint16_t *positions = chunk->positions + first;
    const char *const text = chunk->text;
    const size_t origin = chunk->begin - 64; /* may wrap, and wraps back */
    if (chunk->begin >= 64 + VERIFY_BEFORE && chunk->len - chunk->end >= VERIFY_AFTER) {
        for (size_t i = 0; i < n; i++) {
            const bool dot = text[origin + positions[i]] == '.';
            dot_list[dots] = (uint16_t)i;
            run_list[i - dots] = (uint16_t)i;
            dots += dot;
        }
        runs = n - dots;
    } else {
        for (size_t i = 0; i < n; i++) {
            const size_t at = origin + positions[i];
            const bool dot = text[at] == '.';
            if (at < 64 + VERIFY_BEFORE || chunk->len - at < VERIFY_AFTER)
                leave_undecided(chunk, positions[i], dot, &candidates[i]);
            else if (dot)
                dot_list[dots++] = (uint16_t)i;
            else
                run_list[runs++] = (uint16_t)i;
        }
    }
    const verify_batch batch = {chunk, positions, candidates};
    IMPL(verify_runs)(batch, run_list, runs);
    IMPL(verify_dots)(batch, dot_list, dots);
}

#endif
