/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_repeat.c - the matches of text that repeats a few bytes: see scan_repeat.h.
 *
 * Whether a match begins at a byte depends on SIMDINET_SCAN_CONTEXT bytes before it and on as many from it
 * on. Where all of these equal the bytes a period before them, a match begins if one begins a period before,
 * and it is the same one. With AVX2, 16 KB of "::1 " take 8 ns a byte where each candidate is verified, of
 * "::.a", whose candidates take all rules, 30 ns, and 2 ns where matches are copied.
 */
#include "scan_repeat.h"
#include "scan_text.h"

#include <stdint.h>
#include <string.h>

/*
 * CONTEXT: twice what is promised to callers. NEAR: a match that begins so far before a position has been
 * found if all candidates before the position have been verified. BLOCK: bytes that are compared before
 * matches are copied, so that a list that is full soon costs little. WORTHWHILE: fewer bytes are scanned.
 */
enum {
    CONTEXT = 2 * SIMDINET_SCAN_CONTEXT,
    NEAR = 64,
    MAX_PERIOD = 64,
    BLOCK = 4096,
    WORTHWHILE = 512,
};

static uint64_t eight_at(const char *at) {
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    return eight;
}

/* The least period of text[from, to): each byte equals the one a period before it, also where that one
 * lies before from. 0: it has none up to MAX_PERIOD, or that reaches before the start of the text. */
static size_t find_period(const char *text, size_t from, size_t to) {
    const uint64_t last = eight_at(text + to - 8);
    COUNT_READS(to - from + MAX_PERIOD);
    for (size_t period = 1; period <= MAX_PERIOD && period <= from; period++)
        if (eight_at(text + to - 8 - period) == last &&
            memcmp(text + from, text + from - period, to - from) == 0)
            return period;
    return 0;
}

/* The end of the bytes from a position on that equal those a period before them, at most limit. */
static size_t end_of_repetition(const char *text, size_t at, size_t limit, size_t period) {
    COUNT_READS(limit - at);
    if (memcmp(text + at, text + at - period, limit - at) == 0)
        return limit;
    while (text[at] == text[at - period])
        at++;
    return at;
}

static simdinet_match *match_at(const match_list *list, size_t i) {
    return (simdinet_match *)(void *)(list->matches + i * list->match_size);
}

/* Appends the matches that begin before stop, each a period after the one that is count before it. Returns
 * false, with the offset of the first one that does not fit in *full, when the capacity is reached. */
static bool copy_matches(match_list *list, size_t count, size_t period, size_t stop, size_t *full) {
    if (count == 0)
        return true;
    for (;; list->n++) {
        const simdinet_match *earlier = match_at(list, list->n - count);
        const size_t offset = earlier->offset + period;
        if (offset >= stop)
            return true;
        if (list->n == list->capacity) {
            *full = offset;
            return false;
        }
        simdinet_match *match = match_at(list, list->n);
        *match = *earlier;
        match->offset = offset;
    }
}

bool simdinet_scan_repeat(const char *text, size_t len, size_t start, size_t scanned, size_t end,
                          match_list *list, size_t *next) {
    *next = scanned;
    if (scanned < CONTEXT + NEAR || scanned - start < NEAR + MAX_PERIOD ||
        len - scanned < CONTEXT + WORTHWHILE || end - start < scanned - start + WORTHWHILE)
        return true;
    const size_t known = scanned - NEAR; /* all matches that begin before it are in the list */
    const size_t period = find_period(text, known - CONTEXT, scanned);
    if (period == 0)
        return true;
    size_t reached = scanned + CONTEXT + WORTHWHILE;
    if (end_of_repetition(text, scanned, reached, period) < reached)
        return true;
    size_t count = 0;
    while (list->n > 0 && match_at(list, list->n - 1)->offset >= known)
        list->n--;
    while (count < list->n && match_at(list, list->n - 1 - count)->offset >= known - period)
        count++;
    for (bool more = true; more;) {
        const size_t limit = len - reached < BLOCK ? len : reached + BLOCK;
        reached = end_of_repetition(text, reached, limit, period);
        *next = reached - CONTEXT < end ? reached - CONTEXT : end;
        more = reached == limit && limit < len && *next < end;
        if (!copy_matches(list, count, period, *next, next))
            return false;
    }
    return true;
}
