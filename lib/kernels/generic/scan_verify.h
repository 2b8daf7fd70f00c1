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
#ifndef SIMDINET_SCAN_VERIFY_H
#define SIMDINET_SCAN_VERIFY_H

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

/* All rules but those of a colon or a slash before the candidate. Returns the classes of the byte
 * before. */
static inline unsigned IMPL(verify_ipv4_position)(const char *text, size_t dot,
                                                  simdinet_candidate *candidate) {
    const char *at = text + dot;
    const unsigned two = is_decimal(at - 2);
    at -= 1 + two + (two & is_decimal(at - 3));
    const size_t length = IMPL(read_ipv4_prefix)(at, candidate->address);
    const unsigned before = class_of(at - 1);
    candidate->offset = (size_t)(at - text);
    candidate->length = (uint8_t)length;
    candidate->family = 4;
    const unsigned found = length != 0, joined = is_joined_before(before, at),
                   more = continues_after(at + length);
    candidate->result = (uint8_t)(found & ~(joined | more));
    candidate->flags = 0;
    return before;
}

/* The first kind of version-like: a slash precedes the candidate. */
static inline void IMPL(verify_after_slash)(const char *text, simdinet_candidate *candidate) {
    const char *slash = text + candidate->offset - 1;
    const uint32_t others =
        ~IMPL(find_set)(slash - 16, &simdinet_scan_constants.unreserved) & 0xffff;
    const unsigned width = (unsigned)__builtin_clz(others << 16 | 0x8000);
    candidate->flags =
        ((class_of(slash - 1) & CLASS_LETTER) != 0) & (slash[-1 - (int)width] != '/');
    if (UNLIKELY(width == 16) && candidate->result == SIMDINET_VERIFY_ADDRESS)
        candidate->result = SIMDINET_VERIFY_UNDECIDED;
}

/* ---- IPv6 --------------------------------------------------------------------------------------- */

/* Parses a candidate of a known length: a mapped address begins with 80 zero bits and 16 ones. */
static inline void IMPL(parse_run)(const char *text, simdinet_candidate *candidate) {
    candidate->result =
        IMPL(parse_ipv6)(text + candidate->offset, candidate->length, candidate->address);
    uint64_t head;
    uint32_t middle;
    static const uint8_t mapped[4] = {0, 0, 255, 255};
    memcpy(&head, candidate->address, sizeof head);
    memcpy(&middle, candidate->address + 8, sizeof middle);
    const bool is_mapped = (head == 0) & (middle == load_u32(mapped));
    candidate->flags |= is_mapped ? SIMDINET_CANDIDATE_MAPPED : 0;
}

/* The last group of the run is the first octet of an embedded IPv4 address (RFC 4291 section 2.2), or
 * the whole is not an address. */
static inline void IMPL(verify_embedded)(const char *text, simdinet_candidate *candidate) {
    const char *begin = text + candidate->offset, *octets = begin + candidate->length;
    while (octets[-1] != ':')
        octets--;
    const char *end = octets + IMPL(read_ipv4_prefix)(octets, candidate->address);
    if (end == octets || continues_after(end))
        return;
    candidate->length = (uint8_t)(end - begin);
    IMPL(parse_run)(text, candidate);
}

/* ---- lists -------------------------------------------------------------------------------------- */

static OUT_OF_LINE void IMPL(verify_runs)(verify_batch batch, uint16_t *list, size_t n) {
    candidate_list embedded_list;
    size_t plain = 0, embedded = 0;
    for (size_t k = 0; k < n; k++) {
        const uint16_t i = list[k];
        const run_plan plan = plan_run(batch.chunk, batch.positions[i], &batch.candidates[i]);
        list[plain] = i;
        plain += plan.parse;
        embedded_list[embedded] = i;
        embedded += plan.embedded;
    }
    const char *text = batch.chunk->text;
    for (size_t k = 0; k < plain; k++)
        IMPL(parse_run)(text, &batch.candidates[list[k]]);
    for (size_t k = 0; k < embedded; k++)
        IMPL(verify_embedded)(text, &batch.candidates[embedded_list[k]]);
}

static OUT_OF_LINE void IMPL(verify_dots)(verify_batch batch, const uint16_t *list, size_t n) {
    candidate_list slash_list, colon_list;
    size_t slashes = 0, colons = 0;
    const char *const text = batch.chunk->text;
    const size_t origin = batch.chunk->begin - 64; /* may wrap, and wraps back */
    const char *ahead = text + batch.chunk->end;
    const size_t lines = lines_ahead(batch.chunk, n);
    for (size_t k = 0; k < n; k++) {
        const uint16_t i = list[k];
        for (size_t line = 0; line < lines; line++, ahead += 64)
            __builtin_prefetch(ahead);
        const unsigned before =
            IMPL(verify_ipv4_position)(text, origin + batch.positions[i], &batch.candidates[i]);
        slash_list[slashes] = i;
        slashes += before / CLASS_SLASH & 1;
        colon_list[colons] = i;
        colons += before / CLASS_COLON & 1;
    }
    for (size_t k = 0; k < slashes; k++)
        IMPL(verify_after_slash)(text, &batch.candidates[slash_list[k]]);
    for (size_t k = 0; k < colons; k++)
        verify_after_colon(text, &batch.candidates[colon_list[k]]);
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
