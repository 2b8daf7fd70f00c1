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

/* The next three do without branches, which could not be predicted. */
_Static_assert(SIMDINET_VERIFY_REJECTED == 0 && SIMDINET_VERIFY_ADDRESS == 1 &&
                   SIMDINET_VERIFY_UNDECIDED == 2,
               "results are computed with");

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

static inline void store_head(simdinet_candidate *candidate, uint64_t head) {
    _Static_assert(offsetof(simdinet_candidate, length) == 8 &&
                       offsetof(simdinet_candidate, address) == 16,
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
 * arrive from memory while this one is verified. Prefetched while this one was classified, they queued
 * up: the AVX-512 implementation was a tenth slower. Where candidates outnumber lines, the hardware
 * keeps up. Rounding up may go on into the chunk after the next.
 */
static inline size_t lines_ahead(const simdinet_scan_chunk *chunk, size_t n) {
    const size_t lines = SIMDINET_SCAN_CHUNK / 64;
    if (n == 0 || n > lines || chunk->len - chunk->end < 2 * SIMDINET_SCAN_CHUNK)
        return 0;
    return (lines + n - 1) / n;
}

/* ---- IPv4 --------------------------------------------------------------------------------------- */

/* What remains to be looked at of a candidate with an odd neighbor. */
#define LOOK_COLON   0x01u /* a colon precedes */
#define LOOK_DOT     0x02u /* a dot and a letter or a digit follow */
#define LOOK_CLOSING 0x04u /* ";" or ")" follows */

/* Decides by a few bytes on each side. */
static inline unsigned verify_odd(const char *text, simdinet_candidate *candidate) {
    const char *at = text + candidate->offset, *end = at + candidate->length;
    const unsigned before = class_of(at - 1), after = class_of(end), next = class_of(end + 1);
    const bool found = candidate->length != 0, word_after = (after & CLASS_WORD) != 0;
    /* A letter or a digit before may end an escape: "\t192.0.2.1", "%20192.0.2.1". */
    const bool escape = ((before & CLASS_WORD) != 0) | (at[-1] == '%');
    const bool in_run = ((before & CLASS_DOT) != 0) & ((class_of(at - 2) & CLASS_DIGIT) != 0);
    const bool escape_in_run = in_run & ((at[-4] == '%') | (at[-6] == 'u'));
    const bool dot = ((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0);
    const bool closing = ((*end == ';') | (*end == ')')) & (at[-1] != '(');
    const bool slow = (at[-1] == '-') | (at[-1] == '~') | (at[-1] == '|') | dot |
                      (((*end == ':') | (*end == '-')) & ((next & CLASS_LETTER) != 0));
    const bool accepted = found & !word_after & !in_run;
    set_result(candidate, accepted, escape | escape_in_run | (accepted & slow));
    return dot * LOOK_DOT | closing * LOOK_CLOSING | (before / CLASS_COLON & 1) * LOOK_COLON;
}

/*
 * Rule 6 and "rv:", for a candidate after a colon: rejected after "::" and after "::" and a group, as in
 * ::ffff:192.0.2.1; undecided after other groups.
 */
static inline void verify_after_colon(const char *text, simdinet_candidate *candidate) {
    const char *colon = text + candidate->offset - 1;
    unsigned width = 0, more = 1;
    for (int i = 1; i <= 4; i++) {
        more &= (class_of(colon - i) & CLASS_HEX) != 0;
        width += more;
    }
    const bool group = colon[-1 - (int)width] == ':';
    const bool compressed = (colon[-1] == ':') | (group & (colon[-2 - (int)width] == ':'));
    const bool revision = (colon[-1] == 'v') & (colon[-2] == 'r');
    const bool word = ((class_of(colon - 3) & CLASS_WORD) != 0) & (colon[-3] != '_');
    candidate->flags |= (revision & !word) * SIMDINET_CANDIDATE_VERSION_KEY;
    doubt_address(candidate, group | (revision & word));
    reject_if(candidate, compressed);
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

/* ---- IPv6 --------------------------------------------------------------------------------------- */

static inline bool is_mapped(const uint8_t *address) {
    static const uint8_t mapped[4] = {0, 0, 255, 255}; /* after 64 zero bits */
    uint64_t head;
    memcpy(&head, address, sizeof head);
    return (head == 0) & (load_u32(address + 8) == load_u32(mapped));
}

/* A run of hexadecimal digits and colons. Bit i of a mask is byte i of the run. */
typedef struct scan_run {
    const char *start, *end;
    size_t begin;  /* of the masks of the chunk */
    size_t length; /* more than SIMDINET_MAX_IPV6_TEXT: it may be longer, and end is not its end */
    uint64_t inside; /* a bit for each byte */
    uint64_t colons;
    unsigned n;      /* colons */
    bool compressed; /* it has "::" */
    bool pairs;      /* groups of exactly two digits, single colons between them */
    bool later;      /* it is so long that an earlier position of it is a candidate, too */
} scan_run;

/* A bit for the colon after each group, in a run of groups of two digits. */
#define COLONS_OF_PAIRS UINT64_C(0x4924924924924924)
#define COLONS_OF_EUI64 UINT64_C(0x124924) /* the same for eight groups */

static ALWAYS_INLINE scan_run read_run(const simdinet_scan_chunk *chunk, size_t position) {
    scan_run r;
    r.length = run_around(chunk, position, &r.begin);
    const size_t bounded = r.length & 63;
    /* begin counts from 64 bytes before the chunk, which may lie before the text. */
    r.start = chunk->text + (chunk->begin + r.begin - 64);
    r.end = r.start + bounded;
    r.inside = (UINT64_C(1) << bounded) - 1;
    const uint64_t colons = bits_from(chunk->colons, r.begin);
    r.colons = colons & r.inside;
    r.n = (unsigned)__builtin_popcountll(r.colons);
    r.compressed = (r.colons & r.colons >> 1) != 0;
    r.pairs = (r.colons == (COLONS_OF_PAIRS & r.inside)) & (COLONS_OF_PAIRS >> bounded & 1) &
              (r.length < 64);
    const uint64_t before = colons << 8; /* those of the 56 bytes before the position */
    r.later = (position - r.begin == 56) &
              (((before & before >> 1) != 0) | (__builtin_popcountll(before) > 4));
    return r;
}

/* Six colons or more, or "::": without them a run that is short enough is not an address. */
static inline bool has_groups(unsigned colons, bool compressed) {
    return compressed | (colons >= 6);
}

/* The bits of LOOK_IPV6 of a run. */
static inline unsigned look_at_run(const char *start, const char *end) {
    const simdinet_scan_neighbor *neighbors = simdinet_scan_neighbors;
    return (neighbors[(uint8_t)start[-1]].before_ipv6 + neighbors[(uint8_t)start[-2]].second_ipv6 +
            neighbors[(uint8_t)*end].after_ipv6) &
           LOOK_IPV6;
}

/* Whether a run is of groups of exactly two digits, with single colons between them. */
static inline bool is_pairs(uint64_t colons, size_t length) {
    const uint64_t inside = (UINT64_C(1) << (length & 63)) - 1;
    return (length < 64) & (colons == (COLONS_OF_PAIRS & inside)) &
           (COLONS_OF_PAIRS >> (length & 63) & 1);
}

/* What to do with a run that is not plain: parse it with an embedded IPv4 address; or look at more of
 * its bytes; or it is rejected. */
typedef struct run_plan {
    bool embedded, odd;
} run_plan;

static inline run_plan plan_run(const char *start, uint64_t colons, size_t length) {
    const char *end = start + length;
    const unsigned look = look_at_run(start, end), n = count_ones(colons);
    const bool compressed = (colons & colons >> 1) != 0;
    const bool dotted = (*end == '.') & ((class_of(end + 1) & CLASS_DIGIT) != 0);
    const bool embedded = (look == LOOK_AFTER) & dotted & (length <= SIMDINET_MAX_IPV6_TEXT) &
                          (length > 2) & ((n == 6) | (compressed & (n <= 8)));
    /* Before a letter, digit or _, fewer than eight colons are not an address by any rule. */
    const bool word = ((look & LOOK_WORD) != 0) & (n < 8) & (length <= SIMDINET_MAX_IPV6_TEXT);
    const bool pairs = (look == 0) & is_pairs(colons, length);
    return (run_plan){.embedded = embedded, .odd = !embedded & !word & !pairs};
}

/* Three hexadecimal digits or more without a colon between them. */
static inline bool has_three_digits(uint64_t colons, size_t length) {
    const uint64_t hex = ((UINT64_C(1) << length) - 1) & ~colons;
    return (hex & hex >> 1 & hex >> 2) != 0;
}

/* Whether a run that is an address may have one of the flags of flags_of_run. */
static inline bool may_have_flags(const char *start, uint64_t colons, size_t length) {
    const simdinet_scan_neighbor *neighbors = simdinet_scan_neighbors;
    const unsigned decimal =
        neighbors[(uint8_t)start[length - 1]].digit & neighbors[(uint8_t)start[length - 2]].digit;
    return (decimal & ((colons & colons >> 1) != 0)) | !has_three_digits(colons, length);
}

/* The flags of a run that is an address: no group of three digits; a last group that may be a port. */
static inline uint32_t flags_of_run(const char *start, uint64_t colons, size_t length) {
    const simdinet_scan_neighbor *neighbors = simdinet_scan_neighbors;
    const char *end = start + length;
    const bool suffix = (*end == '/') | (*end == '%');
    const bool open = start[-1] == '[';
    const bool loopback = (length == 3) & (colons == 3) & (start[2] == '1');
    const bool is_short = !has_three_digits(colons, length) & !suffix & !open & !loopback;
    /* The last group, of two to four decimal digits; "::" is somewhere before the colon before it. */
    const unsigned last = 63 ^ (unsigned)__builtin_clzll(colons | 1);
    const unsigned width = (unsigned)length - 1 - last;
    const unsigned third = neighbors[(uint8_t)end[-3]].digit | (width < 3);
    const unsigned fourth = neighbors[(uint8_t)end[-4]].digit | (width < 4);
    const bool decimal = (width >= 2) & neighbors[(uint8_t)end[-1]].digit &
                         neighbors[(uint8_t)end[-2]].digit & third & fourth &
                         (start[last + 1] != '0');
    const bool ambiguous = decimal & ((colons & colons >> 1) != 0) & (last >= 3) &
                           ((colons << 1 >> last & 1) == 0) & !suffix & !(open & (*end == ']'));
    return is_short * SIMDINET_CANDIDATE_SHORT | ambiguous * SIMDINET_CANDIDATE_AMBIGUOUS_PORT;
}

/* Adds the flags of a run, and leaves undecided what may be a name by rule 11: "AF::". */
static inline void add_run_flags(const char *text, uint64_t colons, simdinet_candidate *candidate) {
    const char *start = text + candidate->offset;
    const size_t length = candidate->length;
    candidate->flags |= flags_of_run(start, colons, length);
    doubt_address(candidate, (length <= 4) & (start[length - 1] == ':'));
}

/* The colons of a run, of which a candidate has the offset and length. */
static inline uint64_t colons_of(const simdinet_scan_chunk *chunk,
                                 const simdinet_candidate *candidate) {
    return bits_from(chunk->colons, candidate->offset + 64 - chunk->begin) &
           ((UINT64_C(1) << candidate->length) - 1);
}

/* Odd runs: what to do with them. */
typedef struct odd_plan {
    bool bare, embedded, parse;
} odd_plan;

static inline odd_plan plan_odd_run(const simdinet_scan_chunk *chunk, size_t position,
                                    simdinet_candidate *candidate) {
    const scan_run r = read_run(chunk, position);
    const char *const start = r.start, *const end = r.end;
    const unsigned before = class_of(start - 1), after = class_of(end), next = class_of(end + 1);
    const unsigned second_before = class_of(start - 2);
    const bool dot = (after & CLASS_DOT) != 0;
    const bool embedded = dot & ((next & CLASS_DIGIT) != 0);
    const bool groups = (r.length <= SIMDINET_MAX_IPV6_TEXT) &
                        ((r.n == 7u - embedded) | (r.compressed & (r.n <= 8)));
    /* A word byte, "%" or the parameters of a control sequence before: an escape, a key, a letter. */
    const bool slow_before =
        ((before & CLASS_WORD) != 0) | (start[-1] == '%') | (start[-1] == ';') |
        (start[-1] == '?') | (((before & CLASS_DOT) != 0) & ((second_before & CLASS_DIGIT) != 0)) |
        ((start[-1] == '[') & (((second_before & CLASS_WORD) != 0) | (start[-2] == '\x1b')));
    const bool slow_after = (*end == '~') | (*end == '\\') |
                            (dot & (((next & CLASS_LETTER) != 0) | (r.length == 2) | (r.n == 7)));
    const bool too_many = (!groups & (r.n >= 8)) | (r.length > SIMDINET_MAX_IPV6_TEXT);
    const bool slow = ((slow_before | slow_after) & (((after & CLASS_WORD) == 0) | (r.n >= 8))) |
                      (too_many & !r.pairs);
    const bool bare = r.length == 2;
    const bool opened = ((before & (CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE)) != 0) |
                        (start[-1] == '=') | (start[-1] == '(') | (start[-1] == '[') |
                        (start[-1] == '<');
    const bool closed = ((after & (CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE)) != 0) |
                        (*end == ',') | (*end == ')') | (*end == ';') | (*end == '>') |
                        (*end == '|');
    const bool alone = (opened & closed) | ((start[-1] == '[') & (*end == ']')) |
                       ((*end == '/') & ((next & CLASS_DIGIT) != 0));
    const bool fits = groups & !slow & ((after & CLASS_WORD) == 0);
    set_result(candidate, false, slow & !r.later);
    candidate->flags = (r.pairs & (r.length == 23)) * SIMDINET_CANDIDATE_EUI64;
    return (odd_plan){
        .bare = fits & bare & alone,
        .embedded = fits & !bare & embedded,
        .parse = fits & !bare & !embedded,
    };
}

#endif
