/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_thin.h - drops candidates of a word that has DENSE_WORD of them, by more mask arithmetic than a word with few is
 * worth: a text of "::" in a row or of ".1x1" has a candidate every three or four bytes, and none of them
 * is an address. A candidate is dropped where all rules reject it, and nothing of it is listed.
 */
#ifndef SIMDINET_SCAN_THIN_H
#define SIMDINET_SCAN_THIN_H

#include <stddef.h>
#include <stdint.h>

#include "impl.h"
#include "kernels/kernel.h"
#include "kernels/tables/scan_tables.h"
#include "scan_candidate.h"

REQUIRES uint32_t IMPL(find_set)(const char *text, const scan_set *set);

/* The bits of 64 bytes that are in a set. */
static inline uint64_t IMPL(set_of_64)(const char *text, const scan_set *set) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 16)
        bits |= (uint64_t)IMPL(find_set)(text + i, set) << i;
    return bits;
}

/*
 * The candidates of a word that begins at a bit of the masks, a multiple of 8. Those of its first 49 bytes
 * are looked at, which are all of a lane (x86/scan_lanes.h); eight bytes before them and seven after them are in the
 * same 64 bits.
 */
static OUT_OF_LINE uint64_t IMPL(thin)(const simdinet_scan_chunk *chunk, size_t begin,
                                       uint64_t candidates) {
    enum { BEFORE = 8, BYTES = 49 };
    const uint64_t others = candidates >> BYTES << BYTES, some = (candidates ^ others) << BEFORE;
    const size_t at = chunk->begin + begin -
                      64; /* of the first byte; below 0 it has wrapped, and is past the end */
    if (chunk->keep_rejected || at < BEFORE || at >= chunk->len || chunk->len - at < 64 - BEFORE)
        return candidates;
    const uint64_t digits = bits_from(chunk->digits, begin - BEFORE);
    const uint64_t dots = bits_from(chunk->dots, begin - BEFORE);
    uint64_t keep = some;
    if (chunk->families & SIMDINET_SCAN_FIND_IPV4) {
        /* Dots that a number of one to three digits and a dot follow: the number was not looked at. */
        const uint64_t between = dots & digits << 1 & digits >> 1;
        keep &= ~dots | between >> 2 | between >> 3 | (between >> 4 & digits >> 2);
    }
    if (chunk->families & SIMDINET_SCAN_FIND_IPV6) {
        const uint64_t colons = bits_from(chunk->colons, begin - BEFORE);
        const uint64_t runs = bits_from(chunk->runs, begin - BEFORE);
        const uint64_t pairs = colons & colons >> 1;
        /* Colons that begin a chain have a run of four bytes after them; or the candidate stands for a
         * "::" further on in its run. */
        const uint64_t two = runs & runs >> 1;
        keep &= ~colons | (two >> 1 & two >> 3) | pairs | pairs >> 1 | pairs >> 2 | pairs >> 3;
        /* "::" alone: rule 11 names what stands before and after it. */
        const uint64_t alone = keep & pairs & ~(runs << 1) & ~(runs >> 2);
        if (alone != 0) {
            const char *const text = chunk->text + (at - BEFORE);
            const scan_constants *of = &simdinet_scan_constants;
            const uint64_t opened = IMPL(set_of_64)(text, &of->before_unspecified) << 1;
            const uint64_t closed = IMPL(set_of_64)(text, &of->after_unspecified) >> 2;
            const uint64_t prefix = digits >> 3, port = dots >> 2 & ~(colons >> 3);
            keep &= ~alone | (closed & (opened | prefix)) | port;
        }
    }
    return keep >> BEFORE | others;
}

#endif
