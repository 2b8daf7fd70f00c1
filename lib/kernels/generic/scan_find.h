/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_places.h - a part of a text to the places where addresses may stand.
 *
 * The implementation classifies 64 bytes into masks, a bit a byte; finds places by arithmetic on these, as
 * scan_chains.h does, or in its own way; and writes the positions of their bits.
 */
#ifndef SIMDINET_SCAN_MAX_CANDIDATES_H
#define SIMDINET_SCAN_MAX_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "kernels/kernel.h"

typedef struct scan_classes {
    uint64_t digits;
    uint64_t dots;
    uint64_t colons;
    uint64_t runs; /* hexadecimal digits and colons */
} scan_classes;

/* Without ipv6, colons and runs may be anything. */
typedef scan_classes classify_fn(const char *block, bool ipv6);

/* A block that lies partly outside the text: what is outside reads as NUL. */
static ALWAYS_INLINE scan_classes classify_edge(classify_fn *classify,
                                                const simdinet_scan_chunk *part, size_t index) {
    char block[64] = {0};
    /* The block is text[begin - 64 + 64 index, + 64), and only its start can lie below 0. */
    size_t from = part->begin + 64 * index;
    size_t skip = from < 64 ? 64 - from : 0;
    size_t start = from + skip - 64;
    if (start < part->len) {
        size_t size = 64 - skip;
        memcpy(block + skip, part->text + start,
               size < part->len - start ? size : part->len - start);
    }
    return classify(block, true);
}

static ALWAYS_INLINE void store_classes(simdinet_scan_chunk *part, size_t i, scan_classes classes,
                                        bool ipv6) {
    part->digits[i] = classes.digits;
    part->dots[i] = classes.dots;
    if (ipv6) {
        part->colons[i] = classes.colons;
        part->runs[i] = classes.runs;
    }
}

static ALWAYS_INLINE void classify_part(classify_fn *classify, simdinet_scan_chunk *part,
                                        size_t words, bool ipv6) {
    size_t i = 0;
    for (; part->begin + 64 * i < 64; i++)
        store_classes(part, i, classify_edge(classify, part, i), ipv6);
    const size_t whole = (part->len - part->begin) / 64 + 1;
    const size_t inside = whole < words ? whole : words;
    const char *block = part->text + part->begin + 64 * i - 64;
    for (; i < inside; i++, block += 64) {
        store_classes(part, i, classify(block, ipv6), ipv6);
    }
    for (; i < words; i++)
        store_classes(part, i, classify_edge(classify, part, i), ipv6);
    store_classes(part, words, (scan_classes){0}, ipv6);
}

/* Writes the positions of the bits of places[1, words) and returns how many; up to 32 more may be
 * overwritten. No word has more than 32 bits. */
typedef size_t flatten_fn(const uint64_t *places, size_t words, uint16_t *out);

static inline uint16_t place_of_lowest_bit(uint64_t bits, size_t word) {
    return (uint16_t)(64 * word + (unsigned)__builtin_ctzll(bits));
}

/*
 * First a list of the words that have bits, and then two positions for each of those, for few have
 * more: both without asking, since there is nothing that a processor could foretell. For a machine
 * that counts bits and finds the lowest in an instruction.
 */
static inline size_t flatten_by_twos(const uint64_t *places, size_t words, uint16_t *out) {
    const uint16_t *const begin = out;
    uint16_t full[SIMDINET_SCAN_MASK_WORDS + 1];
    size_t count = 0;
    for (size_t i = 1; i < words; i++) {
        full[count] = (uint16_t)i;
        count += places[i] != 0;
    }
    for (size_t k = 0; k < count; k++) {
        const size_t i = full[k];
        const uint64_t first = places[i], second = first & (first - 1);
        out[0] = place_of_lowest_bit(first, i);
        out[1] = place_of_lowest_bit(second | UINT64_C(1) << 63, i); /* no bit has no position */
        uint16_t *more = out + 2;
        for (uint64_t rest = second & (second - 1); UNLIKELY(rest != 0); rest &= rest - 1)
            *more++ = place_of_lowest_bit(rest, i);
        out += __builtin_popcountll(first);
    }
    return (size_t)(out - begin);
}

/* The implementation's own words. */
typedef struct find_words {
    classify_fn *classify;
    void (*find_chains_of_dots)(const simdinet_scan_chunk *part, size_t words, uint64_t *places);
    void (*find_chains_of_colons)(const simdinet_scan_chunk *part, size_t words, uint64_t *places);
    flatten_fn *flatten;
} find_words;

/* For an implementation's own function, which is called with words that the compiler knows. */
static ALWAYS_INLINE size_t find_candidates_with(const find_words *impl,
                                                 simdinet_scan_chunk *part) {
    const size_t size = part->end - part->begin, blocks = (size + 63) / 64, words = blocks + 2;
    uint64_t places[SIMDINET_SCAN_MASK_WORDS];
    if (part->families == SIMDINET_SCAN_FIND_IPV4)
        classify_part(impl->classify, part, words, false);
    else
        classify_part(impl->classify, part, words, true);
    if (part->families & SIMDINET_SCAN_FIND_IPV4)
        impl->find_chains_of_dots(part, words, places);
    else
        memset(places, 0, sizeof places);
    if (part->families & SIMDINET_SCAN_FIND_IPV6)
        impl->find_chains_of_colons(part, words, places);
    if (size % 64 != 0)
        places[blocks] &= ((uint64_t)1 << size % 64) - 1;
    return impl->flatten(places, blocks + 1, part->places);
}

#endif
