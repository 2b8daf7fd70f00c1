/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_judge.h - judges places in a text, branch by branch avoided: whether a place is an address,
 * and of which family, is random to a processor, and a wrong guess costs more than a whole verdict.
 *
 * So nothing here asks "is this one?" in order to skip the rest. Places are sorted into lists, where
 * an entry that does not belong is overwritten by the next one; the entries of a list then all go
 * the same way. What a list does not cater for is left to the engine as doubtful.
 */
#ifndef SIMDINET_SCAN_JUDGE_H
#define SIMDINET_SCAN_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernel.h"
#include "scan_tables.h"
#include "words.h"

/* The row's own words. */
typedef struct judge_words {
    /* Reads the IPv4 address at text, where 16 bytes can be read, and ends it before the first byte
     * that cannot continue its last octet. Its length, or 0, and then anything in out. Behind
     * the four bytes of the address come twelve zeros. */
    size_t (*read_ipv4)(const char *text, uint8_t *out);
    simdinet_parse_fn *parse_ipv6;
    /* A bit for each of 16 bytes that RFC 3986 calls unreserved. */
    uint32_t (*unreserved)(const char *text);
} judge_words;

/* What is read around a place, at most: the product's name before it; 64 bytes from its start. */
enum { JUDGE_BEFORE = 24, JUDGE_BEHIND = 72 };

enum { JUDGE_IPV6_LONGEST = 45 };

static inline unsigned neighbour(const char *byte) {
    return simdinet_scan_neighbours[(uint8_t)*byte];
}

static inline bool is_decimal(const char *byte) {
    return (uint8_t)(*byte - '0') < 10;
}

/* 64 bits of a mask from one bit on. */
static inline uint64_t mask_from(const uint64_t *mask, size_t bit) {
    const size_t word = bit / 64;
    return mask[word] >> bit % 64 | mask[word + 1] << 1 << (63 - bit % 64);
}

/* The run of hexadecimal digits and colons around a place. Pieces of a run that is too long for an
 * address come out as long as that. */
static inline size_t run_around(const simdinet_scan_part *part, size_t place, size_t *begin) {
    const uint64_t before = ~mask_from(part->runs, place - 64) | 1;
    const uint64_t behind = ~mask_from(part->runs, place) | UINT64_C(1) << 63;
    const size_t width = (size_t)__builtin_clzll(before);
    *begin = place - width;
    return width + (size_t)__builtin_ctzll(behind);
}

static inline void judge_ipv4_place(const judge_words *words, const char *text, size_t dot,
                                    simdinet_candidate *candidate) {
    const char *at = text + dot;
    const bool two = is_decimal(at - 2);
    at -= 1 + two + (two & is_decimal(at - 3));
    const size_t length = words->read_ipv4(at, candidate->address);
    const unsigned before = neighbour(at - 1), behind = neighbour(at + length);
    const bool refused = length == 0 || ((before | behind) & NEXT_TO_WORD) != 0;
    const bool doubt = ((before & (NEXT_TO_DOT | NEXT_TO_COLON)) | (behind & NEXT_TO_DOT)) != 0;
    candidate->offset = (size_t)(at - text);
    candidate->length = (uint8_t)length;
    candidate->family = 4;
    candidate->verdict = refused ? SIMDINET_VERDICT_REFUSED
                         : doubt ? SIMDINET_VERDICT_DOUBT
                                 : SIMDINET_VERDICT_ADDRESS;
    candidate->version_like = 0;
}

/* docs/scan.md, "Version-like IPv4", the first case: a slash stands before the candidate. */
static inline void judge_version(const judge_words *words, const char *text,
                                 simdinet_candidate *candidate) {
    const char *slash = text + candidate->offset - 1;
    const uint32_t others = ~words->unreserved(slash - 16) & 0xffff;
    const unsigned width = (unsigned)__builtin_clz(others << 16 | 0x8000);
    const bool version =
        (neighbour(slash - 1) & NEXT_TO_LETTER) != 0 && slash[-1 - (int)width] != '/';
    candidate->version_like = version;
    if (UNLIKELY(width == 16) && candidate->verdict == SIMDINET_VERDICT_ADDRESS)
        candidate->verdict = SIMDINET_VERDICT_DOUBT;
}

/* Returns whether the run is worth parsing. */
static inline bool weigh_run(const simdinet_scan_part *part, size_t place,
                             simdinet_candidate *candidate) {
    size_t begin;
    const size_t length = run_around(part, place, &begin);
    /* begin counts from 64 bytes before the part, which may lie before the text. */
    const char *at = part->text + (part->begin + begin - 64);
    const uint64_t inside = (UINT64_C(1) << (length & 63)) - 1;
    const uint64_t colons = mask_from(part->colons, begin) & inside;
    const int count = __builtin_popcountll(colons);
    const unsigned before = neighbour(at - 1), behind = neighbour(at + (length & 63));
    const bool fits =
        (count == 7) | ((colons & colons >> 1) != 0 && count <= 8) | ((behind & NEXT_TO_DOT) != 0);
    const bool refused =
        (length > JUDGE_IPV6_LONGEST) | !fits | (((before | behind) & NEXT_TO_WORD) != 0);
    /* Too many dots around it; a bare "::"; perhaps a hardware address. */
    const bool doubt =
        (((before | behind) & NEXT_TO_DOT) != 0) | (length == 2) | (length == 23 && count == 7);
    candidate->offset = (size_t)(at - part->text);
    candidate->length = (uint8_t)length;
    candidate->family = 6;
    candidate->verdict = refused ? SIMDINET_VERDICT_REFUSED : SIMDINET_VERDICT_DOUBT;
    candidate->version_like = 0;
    return !refused & !doubt;
}

/* A place so near to an end of the text that its neighbourhood is not all there. */
static inline void leave_place(const simdinet_scan_part *part, size_t place, bool ipv4,
                               simdinet_candidate *candidate) {
    *candidate = (simdinet_candidate){.verdict = SIMDINET_VERDICT_DOUBT, .family = 4};
    candidate->offset = part->begin + place - 64;
    if (!ipv4) {
        size_t begin;
        const size_t length = run_around(part, place, &begin);
        candidate->family = 6;
        candidate->offset = part->begin + begin - 64;
        candidate->length = (uint8_t)length;
        if (length > JUDGE_IPV6_LONGEST)
            candidate->verdict = SIMDINET_VERDICT_REFUSED;
    }
}

/* For a row's own function, which is called with words that the compiler knows. */
static inline void judge_places_with(const judge_words *words, const simdinet_scan_part *part,
                                     size_t first, size_t count, simdinet_candidate *candidates) {
    uint16_t ipv4[SIMDINET_SCAN_BATCH + 1], others[SIMDINET_SCAN_BATCH + 1];
    size_t ipv4_count = 0, other_count = 0;
    const uint16_t *places = part->places + first;
    const bool ends_far = part->begin >= 64 + JUDGE_BEFORE && part->len - part->end >= JUDGE_BEHIND;
    for (size_t i = 0; i < count; i++) {
        const size_t place = places[i];
        const bool dot = part->dots[place / 64] >> place % 64 & 1;
        const size_t at = part->begin + place - 64;
        if (UNLIKELY(!ends_far) && (at < 64 + JUDGE_BEFORE || part->len - at < JUDGE_BEHIND)) {
            leave_place(part, place, dot, &candidates[i]);
            continue;
        }
        ipv4[ipv4_count] = (uint16_t)i;
        ipv4_count += dot;
        others[other_count] = (uint16_t)i;
        other_count += !dot;
    }

    size_t kept = 0;
    for (size_t k = 0; k < other_count; k++) {
        const size_t i = others[k];
        others[kept] = (uint16_t)i;
        kept += weigh_run(part, places[i], &candidates[i]);
    }
    for (size_t k = 0; k < kept; k++) {
        simdinet_candidate *candidate = &candidates[others[k]];
        candidate->verdict = words->parse_ipv6(part->text + candidate->offset, candidate->length,
                                               candidate->address);
    }

    size_t slashes = 0;
    for (size_t k = 0; k < ipv4_count; k++) {
        const size_t i = ipv4[k];
        judge_ipv4_place(words, part->text, part->begin + places[i] - 64, &candidates[i]);
        others[slashes] = (uint16_t)i;
        slashes += part->text[candidates[i].offset - 1] == '/';
    }
    for (size_t k = 0; k < slashes; k++)
        judge_version(words, part->text, &candidates[others[k]]);
}

#endif
