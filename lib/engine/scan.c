/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan.c - section "scan": every address in any text, by the rules of docs/scan.md.
 *
 * The kernel finds the candidates and verifies most of them from their neighbouring bytes. This file
 * implements all rules, for the candidates that it leaves undecided. Every rule reads a bounded number
 * of bytes, so the time is linear in the text.
 *
 * IPv4 and IPv6 candidates are verified on their own: rule 4 of IPv4 rejects the IPv4 address embedded
 * in an IPv6 address, so the two never overlap.
 */
#include "kernels/kernel.h"
#include "simdinet.h"

#include <string.h>

#define OUT_OF_LINE __attribute__((noinline))

enum { MAX_PRODUCT = 64 };

/* The most bytes at the end that stay unconsumed: the longest match and its right context. */
enum { MAX_PENDING = 64 };

/* The text under the scan. Its two ends count as line ends. */
typedef struct {
    const char *bytes;
    size_t len;
} view;

static unsigned class_at(view text, size_t i) {
    return i < text.len ? simdinet_scan_classes[(uint8_t)text.bytes[i]] : CLASS_BLANK;
}

/* The class of the byte that stands distance bytes before i. */
static unsigned class_before(view text, size_t i, size_t distance) {
    return i >= distance ? simdinet_scan_classes[(uint8_t)text.bytes[i - distance]] : CLASS_BLANK;
}

static bool byte_before_is(view text, size_t i, size_t distance, char byte) {
    return i >= distance && text.bytes[i - distance] == byte;
}

/* Rules 2 of IPv4 and 3 of IPv6: does nothing before start run into the address? */
static bool is_delimited_before(view text, size_t start) {
    unsigned before = class_before(text, start, 1);
    if (before & CLASS_WORD)
        return false;
    return !(before & CLASS_DOT) || !(class_before(text, start, 2) & CLASS_DIGIT);
}

/* Rule 3 of IPv4, also for an embedded IPv4 address. */
static bool is_delimited_after(view text, size_t end) {
    unsigned after = class_at(text, end);
    if (after & CLASS_WORD)
        return false;
    return !(after & CLASS_DOT) || !(class_at(text, end + 1) & (CLASS_DIGIT | CLASS_LETTER));
}

/* Rule 4 of IPv4: does the colon before start belong to a colon-hex field? */
static bool in_colon_hex_field(view text, size_t start) {
    size_t back = 2; /* the byte before the colon */
    if (class_before(text, start, back) & CLASS_COLON)
        return true;
    for (unsigned group = 0; group < 2; group++) {
        if (group == 1) {
            if (!(class_before(text, start, back) & CLASS_COLON))
                return false;
            back++;
            if (class_before(text, start, back) & CLASS_COLON)
                return true;
        }
        size_t width = 0;
        while (width < 5 && class_before(text, start, back + width) & CLASS_HEX)
            width++;
        if (width < 1 || width > 4 ||
            class_before(text, start, back + width) & (CLASS_WORD | CLASS_DOT))
            return false;
        back += width;
    }
    return true;
}

/* The section "Version-like IPv4" of the rules. Before start stands a colon or a slash. */
static bool is_version_like(view text, size_t start) {
    if (byte_before_is(text, start, 1, ':'))
        return byte_before_is(text, start, 2, 'v') && byte_before_is(text, start, 3, 'r') &&
               !(class_before(text, start, 4) & CLASS_WORD);
    if (!(class_before(text, start, 2) & CLASS_LETTER))
        return false;
    size_t product = 1;
    while (product <= MAX_PRODUCT && class_before(text, start, 2 + product) & CLASS_UNRESERVED)
        product++;
    return product <= MAX_PRODUCT && !byte_before_is(text, start, 2 + product, '/');
}

/* Verifies the candidate whose first octet, or the dot after it, is at start. */
static bool verify_ipv4(view text, const simdinet_implementation *impl, size_t start,
                        unsigned flags, simdinet_match *match) {
    for (unsigned digits = 0; digits < 4 && class_before(text, start, 1) & CLASS_DIGIT; digits++)
        start--;
    if (!is_delimited_before(text, start))
        return false;
    simdinet_match found = {.offset = start, .family = 4};
    char window[16] = {0};
    const char *from = text.bytes + start;
    if (text.len - start < sizeof window) {
        memcpy(window, from, text.len - start);
        from = window;
    }
    found.length = (uint16_t)impl->read_ipv4_prefix(from, found.address);
    if (found.length == 0 || !is_delimited_after(text, start + found.length))
        return false;
    if (class_before(text, start, 1) & (CLASS_COLON | CLASS_SLASH)) {
        if (byte_before_is(text, start, 1, ':') && in_colon_hex_field(text, start))
            return false;
        if (!(flags & SIMDINET_SCAN_VERSIONS) && is_version_like(text, start))
            found.flags = SIMDINET_MATCH_VERSION;
    }
    *match = found;
    return true;
}

static uint8_t mapped_flag(const uint8_t *address) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address, mapped, 12) == 0 ? SIMDINET_MATCH_MAPPED : 0;
}

static bool unspecified_stands_alone(view text, size_t start, size_t end) {
    if (byte_before_is(text, start, 1, '[') && end < text.len && text.bytes[end] == ']')
        return true;
    return class_before(text, start, 1) & CLASS_BLANK && class_at(text, end) & CLASS_BLANK;
}

static bool is_eui64(const char *text, size_t len) {
    if (len != 23)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((text[i] == ':') != (i % 3 == 2))
            return false;
    return true;
}

/* The end of the dots after a run that digits follow, with these digits. */
static size_t dotted_end(view text, size_t start, size_t end) {
    while (end - start <= SIMDINET_MAX_IPV6_TEXT &&
           (class_at(text, end) & CLASS_DIGIT ||
            (class_at(text, end) & CLASS_DOT && class_at(text, end + 1) & CLASS_DIGIT)))
        end++;
    return end;
}

/* Verifies the run of hexadecimal digits and colons [start, end). It is the whole run: the kernel
 * rejects those that are too long to be seen whole. */
static bool verify_ipv6(view text, const simdinet_implementation *impl, size_t start, size_t end,
                        unsigned flags, simdinet_match *match) {
    if (!is_delimited_before(text, start))
        return false;
    bool embedded = class_at(text, end) & CLASS_DOT && class_at(text, end + 1) & CLASS_DIGIT;
    if (embedded)
        end = dotted_end(text, start, end);
    size_t len = end - start;
    if (len > SIMDINET_MAX_IPV6_TEXT ||
        !(embedded ? is_delimited_after(text, end) : !(class_at(text, end) & CLASS_WORD)))
        return false;
    simdinet_match found = {.offset = start, .length = (uint16_t)len, .family = 6};
    if (!impl->parse_ipv6(text.bytes + start, len, found.address))
        return false;
    if (len == 2 && !(flags & SIMDINET_SCAN_BARE_UNSPECIFIED) &&
        !unspecified_stands_alone(text, start, end))
        return false;
    if (!(flags & SIMDINET_SCAN_EUI64) && is_eui64(text.bytes + start, len))
        return false;
    found.flags = mapped_flag(found.address);
    *match = found;
    return true;
}

/*
 * The end of what can be decided without the text that follows: before the last bytes that an address
 * and its right neighbours consist of. A longer run of them is not an address.
 */
static size_t decided_end(view text) {
    size_t end = text.len;
    while (end > 0 && class_before(text, end, 1) & (CLASS_WORD | CLASS_COLON | CLASS_DOT)) {
        if (text.len - end == MAX_PENDING)
            break;
        end--;
    }
    return end;
}

/* A scan under way. */
typedef struct {
    view text;
    const simdinet_implementation *impl;
    unsigned flags;
    uint8_t known_flags;    /* of a candidate: those that a match has */
    uint8_t rejected_flags; /* ... and those that reject it */
    size_t start, end;      /* matches begin here; start moves past each of them */
    simdinet_match *matches;
    size_t match_size; /* from one match to the next, in bytes */
    size_t capacity, count;
} scan;

_Static_assert(SIMDINET_SCAN_FIND_IPV4 == SIMDINET_SCAN_IPV4 &&
                   SIMDINET_SCAN_FIND_IPV6 == SIMDINET_SCAN_IPV6,
               "families pass to the kernel unchanged");
_Static_assert(SIMDINET_CANDIDATE_VERSION == SIMDINET_MATCH_VERSION &&
                   SIMDINET_CANDIDATE_MAPPED == SIMDINET_MATCH_MAPPED,
               "flags come from the kernel unchanged");

/* Applies all rules to an undecided candidate. Out of line, so that the loop over the others keeps its
 * registers. */
static OUT_OF_LINE bool verify_undecided(const scan *s, const simdinet_candidate *candidate,
                                         simdinet_match *match) {
    if (candidate->family == 4)
        return verify_ipv4(s->text, s->impl, candidate->offset, s->flags, match);
    return verify_ipv6(s->text, s->impl, candidate->offset, candidate->offset + candidate->length,
                       s->flags, match);
}

/*
 * Appends the matches among the candidates. Returns false, with the offset of the first match that is
 * left in *full, when the capacity is reached.
 *
 * Matches do not overlap, so candidates in order give matches in order. One that begins before the end
 * of the last match is that match again, found from another position.
 */
static bool append_matches(scan *s, const simdinet_candidate *candidates, size_t count,
                           size_t *full) {
    /* Copies, which can stay in registers while matches are written. */
    char *const matches = (char *)s->matches;
    const size_t capacity = s->capacity, match_size = s->match_size, end = s->end;
    const uint8_t known_flags = s->known_flags, rejected_flags = s->rejected_flags;
    size_t start = s->start, found = s->count, i = 0;
    for (; i < count; i++) {
        const simdinet_candidate *candidate = &candidates[i];
        simdinet_match spare;
        simdinet_match *match =
            found < capacity ? (simdinet_match *)(void *)(matches + found * match_size) : &spare;
        bool is_match = candidate->result != SIMDINET_VERIFY_REJECTED;
        if (candidate->result == SIMDINET_VERIFY_UNDECIDED) {
            is_match = verify_undecided(s, candidate, match);
        } else {
            /* Member by member: a copy of the whole would wait for the stores of the kernel. */
            match->offset = candidate->offset;
            match->length = candidate->length;
            match->family = candidate->family;
            match->flags = candidate->flags & known_flags;
            is_match &= (candidate->flags & rejected_flags) == 0;
            memcpy(match->address, candidate->address, sizeof match->address);
        }
        is_match = is_match & (match->offset >= start) & (match->offset < end);
        if (is_match && found == capacity) {
            *full = match->offset;
            break;
        }
        start = is_match ? match->offset + match->length : start;
        found += is_match;
    }
    s->start = start;
    s->count = found;
    return i == count;
}

/* Scans a chunk. Returns false as append_matches does. */
static bool scan_chunk(scan *s, simdinet_scan_chunk *chunk, size_t *full) {
    simdinet_candidate candidates[SIMDINET_SCAN_BATCH];
    const size_t found = s->impl->find_candidates(chunk);
    for (size_t first = 0; first < found; first += SIMDINET_SCAN_BATCH) {
        const size_t count =
            found - first < SIMDINET_SCAN_BATCH ? found - first : SIMDINET_SCAN_BATCH;
        s->impl->verify_candidates(chunk, first, count, candidates);
        if (!append_matches(s, candidates, count, full))
            return false;
    }
    return true;
}

size_t simdinet_scan(const char *text, size_t start, size_t len, unsigned flags,
                     simdinet_match *matches, size_t match_size, size_t capacity, size_t *n) {
    *n = 0;
    if (match_size < sizeof(simdinet_match))
        return start < len ? start : len;
    if (start > len)
        start = len;
    const unsigned families = flags & (SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6);
    scan s = {
        .text = {text, len},
        .impl = simdinet_implementation_active(),
        .flags = flags,
        .known_flags = flags & SIMDINET_SCAN_VERSIONS
                           ? SIMDINET_MATCH_MAPPED
                           : SIMDINET_MATCH_MAPPED | SIMDINET_MATCH_VERSION,
        .rejected_flags = (uint8_t)((flags & SIMDINET_SCAN_BARE_UNSPECIFIED
                                         ? 0
                                         : SIMDINET_CANDIDATE_BARE_UNSPECIFIED) |
                                    (flags & SIMDINET_SCAN_EUI64 ? 0 : SIMDINET_CANDIDATE_EUI64)),
        .start = start,
        .matches = matches,
        .match_size = match_size,
        .capacity = capacity,
    };
    s.end = flags & SIMDINET_SCAN_PARTIAL ? decided_end(s.text) : len;
    if (s.end < start)
        s.end = start;
    size_t reached = s.end;
    /* A match that begins before the end has its first dot, or its "::" or first colon, within the
     * longest address. */
    const size_t search_end =
        len - s.end < SIMDINET_MAX_IPV6_TEXT ? len : s.end + SIMDINET_MAX_IPV6_TEXT;
    simdinet_scan_chunk chunk;
    chunk.text = text;
    chunk.len = len;
    chunk.families = families ? families : SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    for (chunk.begin = start; chunk.begin < search_end; chunk.begin = chunk.end) {
        chunk.end = search_end - chunk.begin < SIMDINET_SCAN_CHUNK
                        ? search_end
                        : chunk.begin + SIMDINET_SCAN_CHUNK;
        if (!scan_chunk(&s, &chunk, &reached))
            break;
    }
    *n = s.count;
    return reached;
}
