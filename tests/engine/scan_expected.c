/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scan_expected.h"

#include <stdlib.h>
#include <string.h>

#include "defang_reference.h"
#include "scan_reference.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Bits of simdinet.h and of the reference. */
typedef struct bit_pair {
    unsigned ours, reference;
} bit_pair;

static const bit_pair options[] = {
    {SIMDINET_SCAN_NO_VERSION_SLASH, SCAN_VERSION_SLASH},
    {SIMDINET_SCAN_NO_VERSION_KEY, SCAN_VERSION_KEY},
    {SIMDINET_SCAN_NO_VERSION_USER_AGENT, SCAN_VERSION_USER_AGENT},
    {SIMDINET_SCAN_NO_VERSION_HEADER, SCAN_VERSION_HEADER},
    {SIMDINET_SCAN_NO_VERSION_PACKAGE, SCAN_VERSION_PACKAGE},
    {SIMDINET_SCAN_NO_ESCAPES, SCAN_OPTION_NO_ESCAPES},
    {SIMDINET_SCAN_NO_DOT_PORT, SCAN_OPTION_NO_DOT_PORT},
    {SIMDINET_SCAN_NO_COLON_PORT, SCAN_OPTION_NO_COLON_PORT},
    {SIMDINET_SCAN_NO_COLON_AFTER, SCAN_OPTION_NO_COLON_AFTER},
    {SIMDINET_SCAN_NO_KEY, SCAN_OPTION_NO_KEY_CUT},
    {SIMDINET_SCAN_NO_BGP, SCAN_OPTION_NO_BGP_LETTER},
    {SIMDINET_SCAN_BARE_UNSPECIFIED, SCAN_OPTION_UNSPECIFIED},
    {SIMDINET_SCAN_EUI64, SCAN_OPTION_EUI64},
    {SIMDINET_SCAN_RECALL, SCAN_OPTION_EAGER},
};

static const bit_pair flags_of_match[] = {
    {SIMDINET_MATCH_VERSION_SLASH, SCAN_VERSION_SLASH},
    {SIMDINET_MATCH_VERSION_KEY, SCAN_VERSION_KEY},
    {SIMDINET_MATCH_VERSION_USER_AGENT, SCAN_VERSION_USER_AGENT},
    {SIMDINET_MATCH_VERSION_HEADER, SCAN_VERSION_HEADER},
    {SIMDINET_MATCH_VERSION_PACKAGE, SCAN_VERSION_PACKAGE},
    {SIMDINET_MATCH_PORT, SCAN_PORT},
    {SIMDINET_MATCH_SERVICE, SCAN_SERVICE},
    {SIMDINET_MATCH_MAPPED, SCAN_MAPPED},
    {SIMDINET_MATCH_SHORT, SCAN_SHORT},
    {SIMDINET_MATCH_AMBIGUOUS_PORT, SCAN_AMBIGUOUS_PORT},
    {SIMDINET_MATCH_BARE_UNSPECIFIED, SCAN_BARE_UNSPECIFIED},
    {SIMDINET_MATCH_KEY, SCAN_KEY_CUT},
    {SIMDINET_MATCH_BGP, SCAN_BGP_LETTER},
    {SIMDINET_MATCH_DOUBTFUL, SCAN_DOUBTFUL},
};

/* The clock time is an invalid IPv6 address to the library, which does not look for it. */
static const simdinet_scan_rule rules[SCAN_REJECTED_RULES] = {
    [SCAN_ACCEPTED] = SIMDINET_RULE_NONE,
    [SCAN_WORD_BEFORE] = SIMDINET_RULE_WORD_BEFORE,
    [SCAN_WORD_AFTER] = SIMDINET_RULE_WORD_AFTER,
    [SCAN_DOTTED_RUN] = SIMDINET_RULE_DOTTED_RUN,
    [SCAN_INVALID_IPV4] = SIMDINET_RULE_INVALID_IPV4,
    [SCAN_COLON_HEX_BEFORE] = SIMDINET_RULE_COLON_HEX,
    [SCAN_INVALID_IPV6] = SIMDINET_RULE_INVALID_IPV6,
    [SCAN_HARDWARE_ADDRESS] = SIMDINET_RULE_HARDWARE_ADDRESS,
    [SCAN_CLOCK_TIME] = SIMDINET_RULE_INVALID_IPV6,
    [SCAN_UNSPECIFIED] = SIMDINET_RULE_BARE_UNSPECIFIED,
};

static unsigned to_reference(unsigned flags) {
    unsigned found = 0;
    for (size_t i = 0; i < COUNT(options); i++)
        found |= flags & options[i].ours ? options[i].reference : 0;
    return found;
}

static unsigned from_reference(unsigned flags) {
    unsigned found = 0;
    for (size_t i = 0; i < COUNT(flags_of_match); i++)
        found |= flags & flags_of_match[i].reference ? flags_of_match[i].ours : 0;
    return found;
}

typedef struct collection {
    simdinet_match *matches;
    size_t capacity, n;
    size_t end; /* of the last match */
    unsigned families;
    bool rejected; /* collect these, and not the others */
} collection;

static void collect(const struct scan_match *found, void *user) {
    collection *all = user;
    const bool rejected = found->rejected != SCAN_ACCEPTED && !(found->flags & SCAN_DOUBTFUL);
    const unsigned family = found->family == 4 ? SIMDINET_SCAN_IPV4 : SIMDINET_SCAN_IPV6;
    /* With RECALL candidates overlap: the first one counts. */
    if (rejected != all->rejected || (!rejected && found->offset < all->end))
        return;
    all->end = found->offset + found->length;
    if (!(all->families & family))
        return;
    if (all->n < all->capacity) {
        simdinet_match *match = &all->matches[all->n];
        memset(match, 0, sizeof *match);
        match->offset = found->offset;
        match->length = (uint16_t)found->length;
        match->family = found->family;
        match->rule = (uint8_t)rules[found->rejected];
        match->flags = rejected ? SIMDINET_MATCH_REJECTED : from_reference(found->flags);
        match->port = found->port;
        memcpy(match->address, found->address, sizeof match->address);
    }
    all->n++;
}

static size_t run_reference(const char *text, size_t len, unsigned flags, bool rejected,
                            simdinet_match *matches, size_t capacity) {
    const unsigned both = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    collection all = {.matches = matches,
                      .capacity = capacity,
                      .families = flags & both ? flags & both : both,
                      .rejected = rejected};
    if (scan_reference(text, len, to_reference(flags), collect, &all) != 0)
        abort();
    return all.n;
}

/* The same with SIMDINET_SCAN_DEFANGED: the whole text is refanged, and the offsets mapped back. */
static size_t run_refanged(const char *text, size_t len, unsigned flags, bool rejected,
                           simdinet_match *matches, size_t capacity) {
    if (!(flags & SIMDINET_SCAN_DEFANGED))
        return run_reference(text, len, flags, rejected, matches, capacity);
    char *plain = malloc(len + 1);
    size_t *offsets = malloc((len + 1) * sizeof *offsets);
    if (!plain || !offsets)
        abort();
    const size_t plain_len = defang_reference(text, len, plain, offsets);
    const size_t n = run_reference(plain, plain_len, flags, rejected, matches, capacity);
    for (size_t i = 0; i < n && i < capacity; i++) {
        simdinet_match *match = &matches[i];
        const size_t first = match->offset, end = first + match->length;
        match->offset = offsets[first];
        match->length = (uint16_t)(offsets[end] - offsets[first]);
        if (match->length != end - first)
            match->flags |= SIMDINET_MATCH_DEFANGED;
    }
    free(offsets);
    free(plain);
    return n;
}

size_t scan_expected(const char *text, size_t len, unsigned flags, simdinet_match *matches,
                     size_t capacity) {
    return run_refanged(text, len, flags, false, matches, capacity);
}

size_t scan_expected_rejected(const char *text, size_t len, unsigned flags, simdinet_match *matches,
                              size_t capacity) {
    return run_refanged(text, len, flags, true, matches, capacity);
}

bool same_match(const simdinet_match *a, const simdinet_match *b, size_t base) {
    return a->offset == b->offset + base && a->length == b->length && a->family == b->family &&
           a->rule == b->rule && a->flags == b->flags && a->port == b->port &&
           memcmp(a->address, b->address, sizeof a->address) == 0;
}
