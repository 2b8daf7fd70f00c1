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
#include "scan_run.h"
#include "scan_sides.h"
#include "scan_verify_ipv4.h"

REQUIRES bool IMPL(parse_ipv6)(const char *text, size_t len, uint8_t *out);

/* The same for a run of hexadecimal digits and colons, of which 48 bytes are readable. */
REQUIRES bool IMPL(parse_run)(const char *text, uint64_t colons, size_t len, uint8_t *out);

/* The same for a text that ends in an embedded IPv4 address, which is these octets. */
REQUIRES bool IMPL(parse_embedded_run)(const char *text, uint64_t colons, const uint8_t *octets,
                                       size_t len, uint8_t *out);

/* How many cache lines of the text to prefetch with each of n IPv4 candidates of a chunk: some where
 * prefetch_text does nothing. */
REQUIRES size_t IMPL(lines_ahead)(const simdinet_scan_chunk *chunk, size_t n);

/* Writes the positions of the next candidates, SIMDINET_SCAN_BATCH at most, and returns how many; up
 * to 32 more may be overwritten. */
REQUIRES size_t IMPL(flatten)(simdinet_scan_chunk *chunk, uint16_t *positions);

/* The position of the first bit of a word of candidates. */
REQUIRES size_t IMPL(position_of_word)(size_t word);

/* ---- IPv6 --------------------------------------------------------------------------------------- */

/* Parses a candidate of a known length, and sets its result and flags. */
static inline void IMPL(parse_candidate)(const char *text, uint64_t colons,
                                         simdinet_candidate *candidate) {
    uint32_t flags = candidate->flags;
    const bool parsed =
        IMPL(parse_ipv6)(text + candidate->offset, candidate->length, candidate->address);
    const bool more = may_be_address_and_more(text + candidate->offset, colons, candidate->length);
    flags |= is_mapped(candidate->address) * SIMDINET_CANDIDATE_MAPPED;
    store_head(candidate, simdinet_candidate_head(candidate->length, 6,
                                                  result_of(parsed, !parsed & more), flags));
}

/* The last group of the run is the first octet of an embedded IPv4 address (RFC 4291 section 2.2). */
static inline void IMPL(verify_embedded)(const char *text, uint64_t colons,
                                         simdinet_candidate *candidate) {
    const char *begin = text + candidate->offset;
    const size_t start = 64 - (size_t)__builtin_clzll(colons);
    uint8_t octets[16];
    const char *end = begin + start + IMPL(read_ipv4_prefix)(begin + start, octets);
    const unsigned after = class_of(end), next = class_of(end + 1);
    const bool more = ((after & CLASS_WORD) != 0) |
                      (((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0));
    const unsigned length = (unsigned)(end - begin);
    /* A hardware address, and an IPv4 address after it. */
    const bool pairs = colons == (COLONS_OF_PAIRS & 0x3ffff);
    const bool parsed = (length > start) & !more & !pairs &&
                        IMPL(parse_embedded_run)(begin, colons, octets, length, candidate->address);
    const uint32_t flags = is_mapped(candidate->address) * SIMDINET_CANDIDATE_MAPPED;
    /* What does not parse may be an address and a port, or after a key. */
    const bool undecided =
        !parsed && (may_be_address_and_more(begin, colons, candidate->length) ||
                    IMPL(may_have_port)(begin, begin + candidate->length, colons));
    store_head(candidate, simdinet_candidate_head(length, 6, result_of(parsed, undecided), flags));
}

/* ---- lists -------------------------------------------------------------------------------------- */

/* Runs with a letter, a dot or the like beside them, "::", and those with too many groups. */
static OUT_OF_LINE void IMPL(verify_odd_runs)(const verify_batch *batch, const uint8_t *list,
                                              size_t n) {
    candidate_list plain_list, embedded_list, bare_list;
    size_t plain = 0, embedded = 0, bare = 0;
    const char *text = batch->chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        const scan_run run = read_run(batch->chunk, batch->positions[i]);
        /* The bytes before a long run need not be in the text. */
        const bool sequence = is_after_parameter(&run) && (run.length > SIMDINET_MAX_IPV6_TEXT ||
                                                           IMPL(may_be_in_sequence)(run.start));
        const bool port =
            is_before_name(&run) && IMPL(may_have_port)(run.start, run.end, run.colons);
        const odd_plan plan = plan_odd_run(&run, sequence, port, &batch->candidates[i]);
        plain_list[plain] = i;
        plain += plan.parse;
        embedded_list[embedded] = i;
        embedded += plan.embedded;
        bare_list[bare] = i;
        bare += plan.bare;
    }
    for (size_t k = 0; k < plain; k++) {
        simdinet_candidate *candidate = &batch->candidates[plain_list[k]];
        const uint64_t colons = colons_of(batch->chunk, candidate);
        IMPL(parse_candidate)(text, colons, candidate);
        add_run_flags(text, colons, candidate);
    }
    for (size_t k = 0; k < embedded; k++) {
        simdinet_candidate *candidate = &batch->candidates[embedded_list[k]];
        IMPL(verify_embedded)(text, colons_of(batch->chunk, candidate), candidate);
    }
    for (size_t k = 0; k < bare; k++) {
        simdinet_candidate *candidate = &batch->candidates[bare_list[k]];
        store_head(candidate, simdinet_candidate_head(2, 6, SIMDINET_VERIFY_ADDRESS,
                                                      SIMDINET_CANDIDATE_BARE_UNSPECIFIED));
        memset(candidate->address, 0, sizeof candidate->address);
    }
}

/* Parses plain runs; colons has those of each. */
static ALWAYS_INLINE void IMPL(verify_plain_runs)(const verify_batch *batch, uint8_t *list,
                                                  uint64_t *colons, size_t n) {
    size_t flagged = 0;
    const char *const text = batch->chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        simdinet_candidate *candidate = &batch->candidates[i];
        const char *start = text + candidate->offset;
        const unsigned length = candidate->length;
        const bool parsed = IMPL(parse_run)(start, colons[k], length, candidate->address);
        const bool more = UNLIKELY(!parsed) && may_be_address_and_more(start, colons[k], length);
        const bool eui64 = (colons[k] == COLONS_OF_EUI64) & (length == 23);
        const uint32_t flags = is_mapped(candidate->address) * SIMDINET_CANDIDATE_MAPPED |
                               eui64 * SIMDINET_CANDIDATE_EUI64;
        store_head(candidate, simdinet_candidate_head(length, 6, result_of(parsed, more), flags));
        const bool flag = may_have_flags(start, colons[k], length);
        colons[flagged] = colons[k];
        list[flagged] = i;
        flagged += flag;
    }
    for (size_t k = 0; k < flagged; k++) {
        simdinet_candidate *candidate = &batch->candidates[list[k]];
        add_run_flags(text, colons[k], candidate);
    }
}

/* Runs after a letter or _, and before a plain byte: those after a key (rule 10). Appends the others to
 * odd_list, which has *odd. */
static OUT_OF_LINE void IMPL(verify_keyed_runs)(const verify_batch *batch, uint8_t *list, size_t n,
                                                uint8_t *odd_list, size_t *odd) {
    size_t keyed = 0;
    const char *const text = batch->chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        simdinet_candidate *candidate = &batch->candidates[i];
        const uint64_t colons = colons_of(batch->chunk, candidate);
        const unsigned key =
            IMPL(width_of_key)(text + candidate->offset, colons, candidate->length);
        candidate->offset += key;
        candidate->length = (uint16_t)(candidate->length - key);
        list[keyed] = i;
        keyed += key > 0;
        odd_list[*odd] = i;
        *odd += key == 0;
    }
    for (size_t k = 0; k < keyed; k++) {
        simdinet_candidate *candidate = &batch->candidates[list[k]];
        const uint64_t colons = colons_of(batch->chunk, candidate);
        const unsigned length = candidate->length;
        const char *start = text + candidate->offset;
        const bool parsed = IMPL(parse_run)(start, colons, length, candidate->address);
        const bool more = !parsed && may_be_address_and_more(start, colons, length);
        const bool eui64 = (colons == COLONS_OF_EUI64) & (length == 23);
        const uint32_t flags = SIMDINET_CANDIDATE_KEY | eui64 * SIMDINET_CANDIDATE_EUI64 |
                               is_mapped(candidate->address) * SIMDINET_CANDIDATE_MAPPED;
        store_head(candidate, simdinet_candidate_head(length, 6, result_of(parsed, more), flags));
        add_run_flags(text, colons, candidate);
    }
}

/* Runs that are not plain; those of each are at colons and downwards from there. */
static OUT_OF_LINE void IMPL(verify_other_runs)(const verify_batch *batch, uint8_t *list,
                                                uint64_t *colons, size_t n) {
    candidate_list embedded_list, keyed_list;
    size_t embedded = 0, odd = 0, keyed = 0;
    const char *const text = batch->chunk->text;
    /* Most are hardware addresses of other than eight groups. */
    size_t rest = 0;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        const simdinet_candidate *candidate = &batch->candidates[i];
        const uint64_t mask = *(colons - k);
        *(colons - rest) = mask;
        list[rest] = i;
        rest += !is_hardware_address(text + candidate->offset, mask, candidate->length);
    }
    for (size_t k = 0; k < rest; k++) {
        const uint8_t i = list[k];
        const simdinet_candidate *candidate = &batch->candidates[i];
        const run_plan plan = plan_run(text + candidate->offset, *(colons - k), candidate->length);
        *(colons - embedded) = *(colons - k);
        embedded_list[embedded] = i;
        embedded += plan.embedded;
        keyed_list[keyed] = i;
        keyed += plan.keyed;
        list[odd] = i;
        odd += plan.odd;
    }
    if (keyed > 0)
        IMPL(verify_keyed_runs)(batch, keyed_list, keyed, list, &odd);
    for (size_t k = 0; k < embedded; k++)
        IMPL(verify_embedded)(text, *(colons - k), &batch->candidates[embedded_list[k]]);
    if (odd > 0)
        IMPL(verify_odd_runs)(batch, list, odd);
}

/* dense: most runs may be small, and are worth a path of their own; elsewhere it would only cost. */
static ALWAYS_INLINE void IMPL(sort_runs)(const verify_batch *batch, uint8_t *list, size_t n,
                                          bool dense) {
    candidate_list plain_list, small_list;
    /* Of the plain ones, from its start on, and of the others, from its end on downwards. */
    uint64_t colons_list[SIMDINET_SCAN_BATCH + 2];
    uint64_t *const last = colons_list + SIMDINET_SCAN_BATCH + 1;
    size_t plain = 0, small = 0, others = 0;
    const simdinet_scan_chunk *const chunk = batch->chunk;
    const char *const text = chunk->text, *const block = batch->block;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        simdinet_candidate *candidate = &batch->candidates[i];
        size_t begin;
        const size_t length = run_around(chunk, batch->positions[i], &begin);
        const char *start = block + begin, *end = start + length;
        const uint64_t colons =
            bits_from(chunk->colons, begin) & ((UINT64_C(1) << (length & 63)) - 1);
        const unsigned count = count_ones(colons);
        const bool compressed = (colons & colons >> 1) != 0;
        const unsigned look = look_at_run(start, end);
        const bool is_plain =
            (length - 3 <= SIMDINET_MAX_IPV6_TEXT - 3) & (compressed | (count == 7)) & (look == 0);
        const bool maybe = has_groups(count, compressed) | (length > SIMDINET_MAX_IPV6_TEXT);
        const bool is_small =
            dense & compressed & (count == 2) & (length <= 6) & ((look == 0) | (length == 2));
        const bool word = dense & is_before_word(look, count, length);
        candidate->offset = (size_t)(start - text);
        store_head(candidate, simdinet_candidate_head((unsigned)length, 6, 0, 0));
        plain_list[plain] = i;
        colons_list[plain] = colons;
        plain += is_plain & !is_small;
        small_list[small] = i;
        small += is_small;
        list[others] = i;
        *(last - others) = colons;
        others += maybe & !is_plain & !is_small & !word;
    }
    for (size_t k = 0; k < small; k++) {
        const uint8_t i = small_list[k];
        const uint64_t colons = colons_of(chunk, &batch->candidates[i]);
        const unsigned result = verify_small_run(text, colons, &batch->candidates[i]);
        list[others] = i;
        *(last - others) = colons;
        others += result >> 1;
    }
    IMPL(verify_plain_runs)(batch, plain_list, colons_list, plain);
    if (others > 0)
        IMPL(verify_other_runs)(batch, list, last, others);
}

static OUT_OF_LINE void IMPL(verify_runs)(const verify_batch *batch, uint8_t *list, size_t n) {
    IMPL(sort_runs)(batch, list, n, false);
}

static OUT_OF_LINE void IMPL(verify_dense_runs)(const verify_batch *batch, uint8_t *list,
                                                size_t n) {
    IMPL(sort_runs)(batch, list, n, true);
}

/* Those with a letter, a dot or the like beside them. */
static OUT_OF_LINE void IMPL(verify_odd_list)(const verify_batch *batch, uint8_t *list, size_t n) {
    candidate_list colon_list, dot_list, escape_list, dash_list;
    size_t colons = 0, dots = 0, closing = 0, escapes = 0, dashes = 0;
    const char *const text = batch->chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        const unsigned odd = verify_odd(text, &batch->candidates[i]);
        colon_list[colons] = i;
        colons += odd / ODD_COLON & 1;
        dot_list[dots] = i;
        dots += odd / ODD_DOT & 1;
        escape_list[escapes] = i;
        escapes += odd / ODD_WORD_BEFORE & 1;
        dash_list[dashes] = i;
        dashes += odd / ODD_DASH & 1;
        list[closing] = i;
        closing += odd / ODD_CLOSING & 1;
    }
    for (size_t k = 0; k < dots; k++)
        IMPL(verify_before_dot)(text, &batch->candidates[dot_list[k]]);
    for (size_t k = 0; k < closing; k++)
        IMPL(verify_before_closing)(text, &batch->candidates[list[k]]);
    for (size_t k = 0; k < colons; k++)
        verify_after_colon(batch->chunk, &batch->candidates[colon_list[k]]);
    for (size_t k = 0; k < dashes; k++)
        IMPL(verify_after_dash)(text, &batch->candidates[dash_list[k]]);
    for (size_t k = 0; k < escapes; k++) {
        simdinet_candidate *candidate = &batch->candidates[escape_list[k]];
        reject_if(candidate, !may_be_escaped(text + candidate->offset));
    }
}

/* Those after a slash. */
static OUT_OF_LINE void IMPL(verify_slash_list)(const verify_batch *batch, uint8_t *list,
                                                size_t n) {
    size_t words = 0, others = 0;
    const char *const text = batch->chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        list[words] = i;
        words += !is_after_escaped_slashes(text, &batch->candidates[i]);
    }
    for (size_t k = 0; k < words; k++) {
        const uint8_t i = list[k];
        list[others] = i;
        others += IMPL(verify_product)(text, &batch->candidates[i]);
    }
    for (size_t k = 0; k < others; k++)
        IMPL(verify_after_slash)(text, &batch->candidates[list[k]]);
}

/* Those after what may stand between a version key and its number. */
static OUT_OF_LINE void IMPL(verify_gap_list)(const verify_batch *batch, uint8_t *list, size_t n) {
    size_t keys = 0;
    const char *const text = batch->chunk->text;
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        const simdinet_candidate *candidate = &batch->candidates[i];
        const char *at = text + candidate->offset;
        const unsigned browser = may_be_browser(candidate);
        list[keys] = i;
        keys += may_follow_key(at, IMPL(width_of_key_gap)(at)) | browser;
    }
    for (size_t k = 0; k < keys; k++)
        IMPL(verify_after_key)(text, &batch->candidates[list[k]]);
}

static OUT_OF_LINE void IMPL(verify_dots)(const verify_batch *batch, const uint8_t *list,
                                          size_t n) {
    candidate_list odd_list, gap_list, slash_list;
    uint32_t keys[SIMDINET_SCAN_BATCH];
    size_t odd = 0, gaps = 0, slashes = 0;
    const char *const text = batch->chunk->text, *const block = batch->block;
    const uint16_t *const positions = batch->positions;
    simdinet_candidate *const candidates = batch->candidates;
    const size_t lines = IMPL(lines_ahead)(batch->chunk, n);
    const char *ahead = text + batch->chunk->end;
    for (size_t k = 0; k < n; k++)
        keys[k] = IMPL(key_of_quad)(block + positions[list[k]]);
    for (size_t k = 0; k < n; k++) {
        const uint8_t i = list[k];
        for (size_t line = 0; line < lines; line++, ahead += 64)
            __builtin_prefetch(ahead);
        const unsigned look =
            IMPL(verify_ipv4_position)(text, block + positions[i], keys[k], &candidates[i]);
        odd_list[odd] = i;
        odd += (look & (LOOK_BEFORE | LOOK_AFTER | LOOK_DEVICE)) != 0;
        gap_list[gaps] = i;
        gaps += look / LOOK_KEY_GAP & 1;
        slash_list[slashes] = i;
        slashes += look / LOOK_SLASH & 1;
    }
    if (odd > 0)
        IMPL(verify_odd_list)(batch, odd_list, odd);
    if (slashes > 0)
        IMPL(verify_slash_list)(batch, slash_list, slashes);
    if (gaps > 0)
        IMPL(verify_gap_list)(batch, gap_list, gaps);
}

static size_t IMPL(verify_candidates)(simdinet_scan_chunk *chunk, simdinet_candidate *candidates) {
    candidate_list dot_list, run_list;
    uint16_t positions[SIMDINET_SCAN_BATCH + 32];
    size_t dots = 0, runs = 0;
    const size_t n = IMPL(flatten)(chunk, positions);
    const char *const text = chunk->text;
    const size_t origin = chunk->begin - 64; /* may wrap, and wraps back */
    /* As a number: origin may lie below the text. */
    const char *const block = (const char *)((uintptr_t)text + origin);
    const verify_batch batch = {chunk, block, positions, candidates};
    if (chunk->begin >= 64 + VERIFY_BEFORE && chunk->len - chunk->end >= VERIFY_AFTER) {
        for (size_t i = 0; i < n; i++) {
            const bool dot = batch.block[positions[i]] == '.';
            dot_list[dots] = (uint8_t)i;
            run_list[i - dots] = (uint8_t)i;
            dots += dot;
        }
        runs = n - dots;
    } else {
        for (size_t i = 0; i < n; i++) {
            const size_t at = origin + positions[i];
            const bool dot = text[at] == '.';
            if (at < 64 + VERIFY_BEFORE || chunk->len - at < VERIFY_AFTER)
                leave_undecided(at, dot, &candidates[i]);
            else if (dot)
                dot_list[dots++] = (uint8_t)i;
            else
                run_list[runs++] = (uint8_t)i;
        }
    }
    if (n > 0)
        chunk->verified = origin + IMPL(position_of_word)(chunk->full[chunk->next_full - 1] + 1u);
    if (runs >= DENSE_RUNS && span_of(&batch, run_list, runs) < 8 * runs)
        IMPL(verify_dense_runs)(&batch, run_list, runs);
    else if (runs > 0)
        IMPL(verify_runs)(&batch, run_list, runs);
    if (dots > 0)
        IMPL(verify_dots)(&batch, dot_list, dots);
    return n;
}

#endif
