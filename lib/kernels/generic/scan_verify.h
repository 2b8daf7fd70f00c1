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

#include "bytes.h"
#include "kernels/kernel.h"
#include "kernels/tables/scan_tables.h"

/* The implementation's own words. */
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

/* 57 bits of a mask, from one bit on; what is above them may be zero. */
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

/* The run of hexadecimal digits and colons around a place. Pieces of a run that is too long for an
 * address come out too long, too. */
static inline size_t run_around(const simdinet_scan_chunk *part, size_t place, size_t *begin) {
    const uint64_t before = ~bits_before(part->runs, place);
    const uint64_t behind = ~bits_from(part->runs, place) | UINT64_C(1) << 63;
    const size_t width = (size_t)__builtin_clzll(before);
    *begin = place - width;
    return width + (size_t)__builtin_ctzll(behind);
}

/* Rules 2 of IPv4 and 3 of IPv6: does something before the address run into it? */
static inline bool runs_into(unsigned before, const char *at) {
    return (before & NEXT_WORD) |
           (((before & NEXT_DOT) != 0) & ((neighbour(at - 2) & NEXT_DIGIT) != 0));
}

/* Rule 3 of IPv4, also for the IPv4 tail of an IPv6 address: does what follows belong to it? */
static inline bool octets_go_on(const char *end) {
    const unsigned behind = neighbour(end), further = neighbour(end + 1);
    return (behind & NEXT_WORD) |
           (((behind & NEXT_DOT) != 0) & ((further & (NEXT_LETTER | NEXT_DIGIT)) != 0));
}

/* All the rules but those that ask for a colon or a slash before the candidate. Returns what stands
 * there. */
static inline unsigned judge_ipv4_place(const judge_words *words, const char *text, size_t dot,
                                        simdinet_candidate *candidate) {
    const char *at = text + dot;
    const unsigned two = is_decimal(at - 2);
    at -= 1 + two + (two & is_decimal(at - 3));
    const size_t length = words->read_ipv4(at, candidate->address);
    const unsigned before = neighbour(at - 1);
    candidate->offset = (size_t)(at - text);
    candidate->length = (uint8_t)length;
    candidate->family = 4;
    const unsigned found = length != 0, joined = runs_into(before, at),
                   more = octets_go_on(at + length);
    candidate->verdict = (uint8_t)(found & ~(joined | more));
    candidate->flags = 0;
    return before;
}

/* How many hexadecimal digits stand before end, 4 at most: where there are more, what stands before
 * those is no bound of a group. */
static inline unsigned group_width(const char *end) {
    unsigned width = 0, more = 1;
    for (int i = 1; i <= 4; i++) {
        more &= (neighbour(end - i) & NEXT_HEX) != 0;
        width += more;
    }
    return width;
}

/* docs/scan.md, IPv4, rule 4, and the second case of the version-like: a colon stands before. */
static inline void judge_colon(const char *text, simdinet_candidate *candidate) {
    const char *colon = text + candidate->offset - 1;
    const unsigned width = group_width(colon);
    const char *second = colon - width - 1;
    const bool third = (neighbour(second - 1) & NEXT_COLON) != 0;
    const unsigned width_before = group_width(second);
    const bool bounded = (neighbour(second - width_before - 1) & (NEXT_WORD | NEXT_DOT)) == 0;
    const bool another = (width_before != 0) & bounded;
    const bool field = (neighbour(colon - 1) & NEXT_COLON) != 0 ||
                       ((width != 0) & ((neighbour(second) & NEXT_COLON) != 0) & (third | another));
    candidate->verdict &= !field;
    candidate->flags =
        (colon[-1] == 'v') & (colon[-2] == 'r') & !(neighbour(colon - 3) & NEXT_WORD);
}

/* docs/scan.md, "Version-like IPv4", the first case: a slash stands before the candidate. */
static inline void judge_slash(const judge_words *words, const char *text,
                               simdinet_candidate *candidate) {
    const char *slash = text + candidate->offset - 1;
    const uint32_t others = ~words->unreserved(slash - 16) & 0xffff;
    const unsigned width = (unsigned)__builtin_clz(others << 16 | 0x8000);
    candidate->flags =
        ((neighbour(slash - 1) & NEXT_LETTER) != 0) & (slash[-1 - (int)width] != '/');
    if (UNLIKELY(width == 16) && candidate->verdict == SIMDINET_VERIFY_ADDRESS)
        candidate->verdict = SIMDINET_VERIFY_UNDECIDED;
}

/* Seven, and two digits before each. */
#define EUI64_COLONS 0x124924u

/* What to do with a run. */
typedef struct run_weight {
    bool parse, tail; /* of itself, or with the IPv4 tail that follows */
} run_weight;

static inline run_weight weigh_run(const simdinet_scan_chunk *part, size_t place,
                                   simdinet_candidate *candidate) {
    size_t begin;
    const size_t length = run_around(part, place, &begin);
    /* begin counts from 64 bytes before the part, which may lie before the text. */
    const char *at = part->text + (part->begin + begin - 64), *end = at + (length & 63);
    const uint64_t inside = (UINT64_C(1) << (length & 63)) - 1;
    const uint64_t colons = bits_from(part->colons, begin) & inside;
    const int count = __builtin_popcountll(colons);
    const unsigned before = neighbour(at - 1), behind = neighbour(end);
    const bool gap = (colons & colons >> 1) != 0;
    const bool tail = ((behind & NEXT_DOT) != 0) & is_decimal(end + 1);
    const bool fits = (length <= JUDGE_IPV6_LONGEST) & ((behind & NEXT_WORD) == 0) &
                      ((count == 7 - tail) | (gap & (count <= 8))) & !runs_into(before, at);
    const bool alone = ((before & behind & NEXT_BLANK) != 0) | ((at[-1] == '[') & (*end == ']'));
    const bool bare = (length == 2) & !tail & !alone;
    const bool eui64 = (length == 23) & (colons == EUI64_COLONS) & !tail;
    candidate->offset = (size_t)(at - part->text);
    candidate->length = (uint8_t)length;
    candidate->family = 6;
    candidate->verdict = SIMDINET_VERIFY_REJECTED;
    candidate->flags =
        (uint8_t)(bare * SIMDINET_CANDIDATE_BARE_UNSPECIFIED | eui64 * SIMDINET_CANDIDATE_EUI64);
    return (run_weight){.parse = fits & !tail, .tail = fits & tail};
}

/* A verdict, and the flag that goes with it: 80 zero bits and 16 ones make a mapped address. */
static inline void parse_run(const judge_words *words, const char *text,
                             simdinet_candidate *candidate) {
    candidate->verdict =
        words->parse_ipv6(text + candidate->offset, candidate->length, candidate->address);
    uint64_t head;
    uint32_t middle;
    static const uint8_t mapped[4] = {0, 0, 255, 255};
    memcpy(&head, candidate->address, sizeof head);
    memcpy(&middle, candidate->address + 8, sizeof middle);
    const bool is_mapped = (head == 0) & (middle == load_u32(mapped));
    candidate->flags |= is_mapped ? SIMDINET_CANDIDATE_MAPPED : 0;
}

/* The last group of the run is the first octet of an IPv4 address, or the whole is none. */
static inline void judge_tail(const judge_words *words, const char *text,
                              simdinet_candidate *candidate) {
    const char *begin = text + candidate->offset, *octets = begin + candidate->length;
    while (octets[-1] != ':')
        octets--;
    const char *end = octets + words->read_ipv4(octets, candidate->address);
    if (end == octets || octets_go_on(end))
        return;
    candidate->length = (uint8_t)(end - begin);
    parse_run(words, text, candidate);
}

/* A place so near to an end of the text that its neighbourhood is not all there. */
static inline void leave_place(const simdinet_scan_chunk *part, size_t place, bool ipv4,
                               simdinet_candidate *candidate) {
    *candidate = (simdinet_candidate){.verdict = SIMDINET_VERIFY_UNDECIDED, .family = 4};
    candidate->offset = part->begin + place - 64;
    if (!ipv4) {
        size_t begin;
        const size_t length = run_around(part, place, &begin);
        candidate->family = 6;
        candidate->offset = part->begin + begin - 64;
        candidate->length = (uint8_t)length;
        if (length > JUDGE_IPV6_LONGEST)
            candidate->verdict = SIMDINET_VERIFY_REJECTED;
    }
}

/* An entry of a list is the number of a place among those that are judged. */
typedef uint16_t judge_list[SIMDINET_SCAN_BATCH + 1];

/* What is judged, and for whom. */
typedef struct judge_work {
    const simdinet_scan_chunk *part;
    const uint16_t *places;
    simdinet_candidate *candidates;
} judge_work;

static OUT_OF_LINE void judge_runs(const judge_words *words, judge_work work, uint16_t *list,
                                   size_t count) {
    judge_list tail_list;
    size_t plain = 0, tails = 0;
    for (size_t k = 0; k < count; k++) {
        const uint16_t i = list[k];
        const run_weight weight = weigh_run(work.part, work.places[i], &work.candidates[i]);
        list[plain] = i;
        plain += weight.parse;
        tail_list[tails] = i;
        tails += weight.tail;
    }
    const char *text = work.part->text;
    for (size_t k = 0; k < plain; k++)
        parse_run(words, text, &work.candidates[list[k]]);
    for (size_t k = 0; k < tails; k++)
        judge_tail(words, text, &work.candidates[tail_list[k]]);
}

/*
 * How many cache lines of the next part to fetch with each place of this one, so that they come from
 * memory while this one is judged. Asked for while this one is classified, they waited in line: the
 * AVX-512 implementation was a tenth slower. Where places are more than lines, the hardware keeps up. Rounding
 * up may go on into the part after the next.
 */
static inline size_t lines_ahead(const simdinet_scan_chunk *part, size_t count) {
    const size_t lines = SIMDINET_SCAN_CHUNK / 64;
    if (count == 0 || count > lines || part->len - part->end < 2 * SIMDINET_SCAN_CHUNK)
        return 0;
    return (lines + count - 1) / count;
}

static OUT_OF_LINE void judge_dots(const judge_words *words, judge_work work, const uint16_t *list,
                                   size_t count) {
    judge_list slash_list, colon_list;
    size_t slashes = 0, colons = 0;
    const char *const text = work.part->text;
    const size_t origin = work.part->begin - 64; /* may wrap, and wraps back */
    const char *ahead = text + work.part->end;
    const size_t lines = lines_ahead(work.part, count);
    for (size_t k = 0; k < count; k++) {
        const uint16_t i = list[k];
        for (size_t line = 0; line < lines; line++, ahead += 64)
            __builtin_prefetch(ahead);
        const unsigned before =
            judge_ipv4_place(words, text, origin + work.places[i], &work.candidates[i]);
        slash_list[slashes] = i;
        slashes += before / NEXT_SLASH & 1;
        colon_list[colons] = i;
        colons += before / NEXT_COLON & 1;
    }
    for (size_t k = 0; k < slashes; k++)
        judge_slash(words, text, &work.candidates[slash_list[k]]);
    for (size_t k = 0; k < colons; k++)
        judge_colon(text, &work.candidates[colon_list[k]]);
}

/* For an implementation's own function, which is called with words that the compiler knows. */
static inline void verify_candidates_with(const judge_words *words, const simdinet_scan_chunk *part,
                                          size_t first, size_t count,
                                          simdinet_candidate *candidates) {
    judge_list dot_list, run_list;
    size_t dots = 0, runs = 0;
    const uint16_t *places = part->places + first;
    const char *const text = part->text;
    const size_t origin = part->begin - 64; /* may wrap, and wraps back */
    if (part->begin >= 64 + JUDGE_BEFORE && part->len - part->end >= JUDGE_BEHIND) {
        for (size_t i = 0; i < count; i++) {
            const bool dot = text[origin + places[i]] == '.';
            dot_list[dots] = (uint16_t)i;
            run_list[i - dots] = (uint16_t)i;
            dots += dot;
        }
        runs = count - dots;
    } else {
        for (size_t i = 0; i < count; i++) {
            const size_t at = origin + places[i];
            const bool dot = text[at] == '.';
            if (at < 64 + JUDGE_BEFORE || part->len - at < JUDGE_BEHIND)
                leave_place(part, places[i], dot, &candidates[i]);
            else if (dot)
                dot_list[dots++] = (uint16_t)i;
            else
                run_list[runs++] = (uint16_t)i;
        }
    }
    const judge_work work = {part, places, candidates};
    judge_runs(words, work, run_list, runs);
    judge_dots(words, work, dot_list, dots);
}

#endif
