/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_candidate.h - what the scans of all implementations share: masks, and decisions about a
 * candidate from its neighbouring bytes.
 */
#ifndef SIMDINET_SCAN_CANDIDATE_H
#define SIMDINET_SCAN_CANDIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "kernels/kernel.h"

/* ---- masks -------------------------------------------------------------------------------------- */

/* Masks of 64 bytes. */
typedef struct scan_classes {
    uint64_t digits;
    uint64_t dots;
    uint64_t colons;
    uint64_t runs; /* hexadecimal digits and colons */
} scan_classes;

static ALWAYS_INLINE void store_classes(simdinet_scan_chunk *chunk, size_t i, scan_classes classes,
                                        bool ipv6) {
    chunk->digits[i] = classes.digits;
    chunk->dots[i] = classes.dots;
    if (ipv6) {
        chunk->colons[i] = classes.colons;
        chunk->runs[i] = classes.runs;
    }
}

/* Of a word whose first bit has a position. */
static inline uint16_t position_of_lowest_bit(uint64_t bits, size_t word) {
    return (uint16_t)(word + (unsigned)__builtin_ctzll(bits));
}

/* The lower word of two neighbouring ones shifted as one: bit k comes to bit 0. */
static inline uint64_t shift_down(uint64_t low, uint64_t high, unsigned k) {
    return low >> k | high << (64 - k);
}

static inline uint64_t shift_up(uint64_t low, uint64_t high, unsigned k) {
    return high << k | low >> (64 - k);
}

/* The bytes that are read around a position: a word before the first number; 64 bytes from it. */
enum { VERIFY_BEFORE = 24, VERIFY_AFTER = 72 };

static inline unsigned class_of(const char *byte) {
    return simdinet_scan_classes[(uint8_t)*byte];
}

static inline bool is_decimal(const char *byte) {
    return (uint8_t)(*byte - '0') < 10;
}

/* At least 57 bits of a mask: from a bit on, and the 56 bits before one of the second word or a later
 * one, the nearest on top. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint64_t bits_from(const uint64_t *mask, size_t bit) {
    uint64_t bits;
    memcpy(&bits, (const uint8_t *)mask + bit / 8, sizeof bits);
    return bits >> bit % 8;
}

static inline uint64_t bits_before(const uint64_t *mask, size_t bit) {
    uint64_t bits;
    memcpy(&bits, (const uint8_t *)mask + bit / 8 - 7, sizeof bits);
    return bits >> bit % 8 << 8;
}
#else
static inline uint64_t bits_from(const uint64_t *mask, size_t bit) {
    return mask[bit / 64] >> bit % 64 | mask[bit / 64 + 1] << 1 << (63 - bit % 64);
}

static inline uint64_t bits_before(const uint64_t *mask, size_t bit) {
    return bits_from(mask, bit - 56) << 8;
}
#endif

/* The run of hexadecimal digits and colons around a position. A run that is too long for an address
 * comes out as one that is too long, too. */
static ALWAYS_INLINE size_t run_around(const simdinet_scan_chunk *chunk, size_t position,
                                       size_t *begin) {
    const uint64_t before = ~bits_before(chunk->runs, position);
    const uint64_t after = ~bits_from(chunk->runs, position) | UINT64_C(1) << 63;
    const size_t width = (size_t)__builtin_clzll(before);
    *begin = position - width;
    return width + (size_t)__builtin_ctzll(after);
}

/* The next four do without branches, which could not be predicted. */
_Static_assert(SIMDINET_VERIFY_REJECTED == 0 && SIMDINET_VERIFY_ADDRESS == 1 &&
                   SIMDINET_VERIFY_UNDECIDED == 2,
               "results are computed with");

static inline unsigned result_of(bool accepted, bool undecided) {
    return (unsigned)accepted | (unsigned)undecided << 1;
}

static inline void set_result(simdinet_candidate *candidate, unsigned accepted,
                              unsigned undecided) {
    candidate->result = (uint8_t)(undecided << 1 | (accepted & ~undecided));
}

/* An address becomes undecided. */
static inline void doubt_address(simdinet_candidate *candidate, unsigned undecided) {
    candidate->result = (uint8_t)(candidate->result + (candidate->result & undecided));
}

/* Whatever it was becomes rejected. */
static inline void reject_if(simdinet_candidate *candidate, unsigned rejected) {
    candidate->result = (uint8_t)(candidate->result & (rejected - 1));
}

/* ---- lists -------------------------------------------------------------------------------------- */

/* Indices of candidates among those of a batch, and space for one that is written in advance. */
typedef uint8_t candidate_list[SIMDINET_SCAN_BATCH + 1];

_Static_assert(SIMDINET_SCAN_BATCH <= 256, "an index is a byte");

/* The candidates of a batch. */
typedef struct verify_batch {
    const simdinet_scan_chunk *chunk;
    const char *block;         /* positions count from here, 64 bytes before the chunk */
    const uint16_t *positions; /* of the candidates */
    simdinet_candidate *candidates;
} verify_batch;

/*
 * Where candidates are dense, and only there, more is done before they are verified one by one: in a word
 * that has DENSE_WORD of them (scan_thin.h), and in a batch of DENSE_RUNS of IPv6 that are less than eight
 * bytes apart on average.
 */
enum { DENSE_WORD = 7, DENSE_RUNS = 16 };

/* The bytes from the first candidate of a list to the last. */
static inline size_t span_of(const verify_batch *batch, const uint8_t *list, size_t n) {
    return (size_t)(batch->positions[list[n - 1]] - batch->positions[list[0]]);
}

static inline void store_head(simdinet_candidate *candidate, uint64_t head) {
    _Static_assert(offsetof(simdinet_candidate, address) ==
                       offsetof(simdinet_candidate, length) + sizeof head,
                   "a head is eight bytes");
    memcpy(&candidate->length, &head, sizeof head);
}

/* A candidate so near to an end of the text that its neighbourhood is not all there. */
static inline void leave_undecided(size_t offset, bool ipv4, simdinet_candidate *candidate) {
    *candidate = (simdinet_candidate){
        .offset = offset, .result = SIMDINET_VERIFY_UNDECIDED, .family = ipv4 ? 4 : 6};
}

/*
 * How many cache lines of the next chunk to prefetch with each candidate of this one, so that they
 * arrive from memory while this one is verified. Where candidates outnumber lines, the hardware
 * keeps up. Rounding up may go on into the chunk after the next.
 */
static inline size_t lines_for_each(const simdinet_scan_chunk *chunk, size_t n) {
    const size_t lines = SIMDINET_SCAN_CHUNK / 64;
    if (n == 0 || n > lines || chunk->len - chunk->end < 2 * SIMDINET_SCAN_CHUNK)
        return 0;
    return (lines + n - 1) / n;
}

/*
 * Whether the letter, digit or _ before an address may be no part of a word: the end of an escape, as in
 * "\t192.0.2.1" and "%20192.0.2.1" (rules 1 to 3), or a letter of a BGP table (rule 12).
 */
static inline bool may_be_escaped(const char *at) {
    const uint32_t letters = 1u << ('e' & 31) | 1u << ('i' & 31) | 1u << ('l' & 31) |
                             1u << ('a' & 31) | 1u << ('r' & 31);
    const unsigned last = class_of(at - 1), second = class_of(at - 2);
    const bool sequence =
        ((last & CLASS_LETTER) != 0) & (((second & CLASS_CSI) != 0) | (at[-2] == '['));
    const bool digit = ((last & CLASS_HEX) != 0) & (((second & CLASS_HEX) != 0) | (at[-2] == '%') |
                                                    (at[-2] == 'u') | (at[-2] == 'x'));
    const bool column = (at[-3] == '*') & ((at[-2] == ' ') | ((second & CLASS_LOWER) != 0));
    const bool mark = (at[-2] == '*') | (at[-2] == '>') | (at[-2] == '|') | (at[-2] == '&');
    const bool bgp = ((last & CLASS_LOWER) != 0) & (letters >> (at[-1] & 31) & 1);
    return (at[-2] == '\\') | sequence | digit | (bgp & (column | mark));
}

/* Whether " > " is here. */
static inline bool is_arrow(const char *at) {
    return (at[0] == ' ') & (at[1] == '>') & (at[2] == ' ');
}

/* ---- IPv4 --------------------------------------------------------------------------------------- */

/* Where an IPv4 candidate starts, the length of its address, and its head. A rejected one has length 0. */
typedef struct scan_quad {
    const char *start;
    size_t length;
    uint64_t head;
} scan_quad;

/* Decides by a few bytes on each side. Returns the bits ODD_COLON, ODD_WORD_BEFORE, ODD_DOT, ODD_CLOSING and
 * ODD_DASH for what remains to be looked at. */
static inline unsigned verify_odd(const char *text, simdinet_candidate *candidate) {
    const simdinet_scan_odd_neighbor *neighbors = simdinet_scan_odd_neighbors;
    const char *at = text + candidate->offset, *end = at + candidate->length;
    const unsigned odd = (unsigned)neighbors[(uint8_t)at[-1]].before +
                         neighbors[(uint8_t)at[-2]].second + neighbors[(uint8_t)end[0]].after +
                         neighbors[(uint8_t)end[1]].next;
    const bool found = candidate->length != 0;
    const bool in_run = (odd & ODD_IN_RUN) != 0;
    const bool escape_in_run = in_run & ((at[-4] == '%') | (at[-4] == 'x') | (at[-6] == 'u'));
    const bool security = (*end == ';') & (end[1] == ' ') & (end[2] == 'U');
    const bool accepted = found & ((odd & (ODD_WORD_AFTER | ODD_IN_RUN)) == 0);
    const bool slow = accepted & ((odd & (ODD_MARK | ODD_DOT | ODD_NAME)) != 0);
    const bool escape = (odd & (ODD_WORD_BEFORE | ODD_PERCENT)) != 0;
    set_result(candidate, accepted, escape | escape_in_run | slow);
    return (odd & ODD_OPEN) != 0 && !security ? odd & ~(unsigned)ODD_CLOSING : odd;
}

/* "[", and before it the last byte of a spelling of ESC: see simdinet_scan_escape_spellings. */
static inline bool opens_sequence(const char *bracket) {
    return (bracket[0] == '[') &
           ((bracket[-1] == '\x1b') | (bracket[-1] == 'b') | (bracket[-1] == 'B') |
            (bracket[-1] == '3') | (bracket[-1] == 'e'));
}

/* Whether five groups or more, or a "::", are in the run before the colon before a candidate. */
static inline bool may_follow_groups(const simdinet_scan_chunk *chunk,
                                     const simdinet_candidate *candidate) {
    if (!(chunk->families & SIMDINET_SCAN_FIND_IPV6))
        return true; /* the masks are missing */
    const size_t colon = candidate->offset - 1 + 64 - chunk->begin;
    const uint64_t others = ~bits_before(chunk->runs, colon);
    const uint64_t run = ~(~UINT64_C(0) >> __builtin_clzll(others));
    const uint64_t colons = bits_before(chunk->colons, colon) & run;
    return (count_ones(colons) >= 5) | ((colons & colons << 1) != 0);
}

/*
 * Rule 6 and "rv:", for a candidate after a colon: rejected after "::" and after "::" and a group, as in
 * ::ffff:192.0.2.1; undecided after other groups of an address, and where "::" and a letter may end a
 * control sequence.
 */
static inline void verify_after_colon(const simdinet_scan_chunk *chunk,
                                      simdinet_candidate *candidate) {
    const char *colon = chunk->text + candidate->offset - 1;
    unsigned width = 0, more = 1;
    for (int i = 1; i <= 4; i++) {
        more &= (class_of(colon - i) & CLASS_HEX) != 0;
        width += more;
    }
    const bool group = colon[-1 - (int)width] == ':';
    const bool compressed = (colon[-1] == ':') | (group & (colon[-2 - (int)width] == ':'));
    const char *first = colon - width;
    const bool opened = opens_sequence(first - 3);
    const bool letter = (class_of(first) & CLASS_LETTER) != 0;
    const bool parameter = (class_of(first - 3) & CLASS_CSI) != 0;
    const bool sequence = letter & (parameter | opened);
    const bool revision = (colon[-1] == 'v') & (colon[-2] == 'r');
    const bool word = ((class_of(colon - 3) & CLASS_WORD) != 0) & (colon[-3] != '_');
    candidate->flags |= (revision & !word) * SIMDINET_CANDIDATE_VERSION_KEY;
    doubt_address(candidate, (group & may_follow_groups(chunk, candidate)) | (revision & word));
    reject_if(candidate, compressed & !sequence);
}

/* A number of so many digits as a port: above 65535 if it is none (rule 5). */
static inline uint32_t port_of_digits(const char *digits, unsigned width) {
    const bool zero = *digits == '0';
    uint32_t port = (width > 5) | ((width > 1) & zero) ? 65536 : 0;
    for (unsigned i = 0; i < 5; i++)
        port = i < width ? 10 * port + (uint8_t)(digits[i] - '0') : port;
    return port;
}

/* Rule 14, for a candidate after width bytes of CLASS_KEY_GAP, 16 at most: whether the byte before them
 * may end a version key, or "=" stands before a blank. */
static inline bool may_follow_key(const char *at, unsigned width) {
    const bool mark = (at[-2] == '=') & (at[-1] == ' ');
    return ((class_of(at - width - 1) & CLASS_KEY_NEAR) != 0) | (width == 16) | mark;
}

/* Rule 15 c, for a candidate after a byte of CLASS_KEY_GAP: "120.0.0.0". */
static inline bool may_be_browser(const simdinet_candidate *candidate) {
    const uint8_t *a = candidate->address;
    return (a[0] > 100) & ((a[1] | a[2] | a[3]) == 0);
}

/* Rule 13 c and e, by the first octet: a private network. */
static inline bool may_be_private(uint8_t first) {
    return (first == 10) | (first == 127) | (first == 169) | (first == 172) | (first == 192);
}

/* For a candidate after a slash: after "\/\/", or another escaped slash that follows no word. */
static inline unsigned is_after_escaped_slashes(const char *text,
                                                const simdinet_candidate *candidate) {
    const char *at = text + candidate->offset;
    return (at[-2] == '\\') & ((class_of(at - 3) & CLASS_UNRESERVED) == 0);
}

#endif
