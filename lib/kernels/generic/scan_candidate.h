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

static inline uint16_t position_of_lowest_bit(uint64_t bits, size_t word) {
    return (uint16_t)(64 * word + (unsigned)__builtin_ctzll(bits));
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

/* At least 57 bits of a mask, from one bit on. */
static inline uint64_t bits_from(const uint64_t *mask, size_t bit) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t bits;
    memcpy(&bits, (const uint8_t *)mask + bit / 8, sizeof bits);
    return bits >> bit % 8;
#else
    return mask[bit / 64] >> bit % 64 | mask[bit / 64 + 1] << 1 << (63 - bit % 64);
#endif
}

/* The 56 bits before one of the second word or a later one, the nearest on top. */
static inline uint64_t bits_before(const uint64_t *mask, size_t bit) {
    return bits_from(mask, bit - 56) << 8;
}

/* The run of hexadecimal digits and colons around a position. A run that is too long for an address
 * comes out as one that is too long, too. */
static inline size_t run_around(const simdinet_scan_chunk *chunk, size_t position, size_t *begin) {
    const uint64_t before = ~bits_before(chunk->runs, position);
    const uint64_t after = ~bits_from(chunk->runs, position) | UINT64_C(1) << 63;
    const size_t width = (size_t)__builtin_clzll(before);
    *begin = position - width;
    return width + (size_t)__builtin_ctzll(after);
}

/* ---- lists -------------------------------------------------------------------------------------- */

/* Indices of candidates among those of a call. */
typedef uint16_t candidate_list[SIMDINET_SCAN_BATCH + 1];

/* The candidates of a call. */
typedef struct verify_batch {
    const simdinet_scan_chunk *chunk;
    const uint16_t *positions;
    simdinet_candidate *candidates;
} verify_batch;

/* A candidate so near to an end of the text that part of its context is outside. */
static inline void leave_undecided(const simdinet_scan_chunk *chunk, size_t position, bool ipv4,
                                   simdinet_candidate *candidate) {
    *candidate = (simdinet_candidate){.result = SIMDINET_VERIFY_UNDECIDED, .family = 4};
    candidate->offset = chunk->begin + position - 64;
    if (!ipv4) {
        size_t begin;
        const size_t length = run_around(chunk, position, &begin);
        candidate->family = 6;
        candidate->offset = chunk->begin + begin - 64;
        candidate->length = (uint8_t)length;
        if (length > SIMDINET_MAX_IPV6_TEXT)
            candidate->result = SIMDINET_VERIFY_REJECTED;
    }
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

/* IPv4 rule 2 and IPv6 rule 3 of docs/scan.md: what precedes start belongs to the same token. */
static inline bool is_joined_before(unsigned before, const char *start) {
    return (before & CLASS_WORD) |
           (((before & CLASS_DOT) != 0) & ((class_of(start - 2) & CLASS_DIGIT) != 0));
}

/* IPv4 rule 3, also of an embedded IPv4 address: what follows end belongs to the same token. */
static inline bool continues_after(const char *end) {
    const unsigned after = class_of(end), next = class_of(end + 1);
    return (after & CLASS_WORD) |
           (((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0));
}

/* The number of hexadecimal digits before end, at most 4: where there are more, what precedes those
 * does not delimit a group. */
static inline unsigned group_width(const char *end) {
    unsigned width = 0, more = 1;
    for (int i = 1; i <= 4; i++) {
        more &= (class_of(end - i) & CLASS_HEX) != 0;
        width += more;
    }
    return width;
}

/* IPv4 rule 4, and the second kind of version-like: a colon precedes the candidate. */
static inline void verify_after_colon(const char *text, simdinet_candidate *candidate) {
    const char *colon = text + candidate->offset - 1;
    const unsigned width = group_width(colon);
    const char *second = colon - width - 1;
    const bool third = (class_of(second - 1) & CLASS_COLON) != 0;
    const unsigned width_before = group_width(second);
    const bool bounded = (class_of(second - width_before - 1) & (CLASS_WORD | CLASS_DOT)) == 0;
    const bool another = (width_before != 0) & bounded;
    const bool field = (class_of(colon - 1) & CLASS_COLON) != 0 ||
                       ((width != 0) & ((class_of(second) & CLASS_COLON) != 0) & (third | another));
    candidate->result &= !field;
    candidate->flags =
        (colon[-1] == 'v') & (colon[-2] == 'r') & !(class_of(colon - 3) & CLASS_WORD);
}

/* ---- IPv6 --------------------------------------------------------------------------------------- */

/* Seven, with two digits before each. */
#define EUI64_COLONS 0x124924u

/* What to do with a run: parse it, alone or with the IPv4 address that follows; or it is rejected. */
typedef struct run_plan {
    bool parse, embedded;
} run_plan;

static inline run_plan plan_run(const simdinet_scan_chunk *chunk, size_t position,
                                simdinet_candidate *candidate) {
    size_t begin;
    const size_t length = run_around(chunk, position, &begin);
    /* begin counts from 64 bytes before the chunk, which may lie before the text. */
    const char *start = chunk->text + (chunk->begin + begin - 64), *end = start + (length & 63);
    const uint64_t inside = (UINT64_C(1) << (length & 63)) - 1;
    const uint64_t colons = bits_from(chunk->colons, begin) & inside;
    const int n = __builtin_popcountll(colons);
    const unsigned before = class_of(start - 1), after = class_of(end);
    const bool compressed = (colons & colons >> 1) != 0;
    const bool embedded = ((after & CLASS_DOT) != 0) & is_decimal(end + 1);
    const bool fits = (length <= SIMDINET_MAX_IPV6_TEXT) & ((after & CLASS_WORD) == 0) &
                      ((n == 7 - embedded) | (compressed & (n <= 8))) &
                      !is_joined_before(before, start);
    const bool alone = ((before & after & CLASS_BLANK) != 0) | ((start[-1] == '[') & (*end == ']'));
    const bool bare = (length == 2) & !embedded & !alone;
    const bool eui64 = (length == 23) & (colons == EUI64_COLONS) & !embedded;
    candidate->offset = (size_t)(start - chunk->text);
    candidate->length = (uint8_t)length;
    candidate->family = 6;
    candidate->result = SIMDINET_VERIFY_REJECTED;
    candidate->flags =
        (uint8_t)(bare * SIMDINET_CANDIDATE_BARE_UNSPECIFIED | eui64 * SIMDINET_CANDIDATE_EUI64);
    return (run_plan){.parse = fits & !embedded, .embedded = fits & embedded};
}

#endif
