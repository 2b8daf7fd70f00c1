/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan.c - section "scan": every address in any text, by the rules of docs/scan.md.
 *
 * The kernel finds the candidates and verifies most of them from their neighbouring bytes. Those that
 * it leaves undecided go to scan_verify.c, which implements all rules. Every rule reads a bounded
 * number of bytes, so the time is linear in the text.
 *
 * IPv4 and IPv6 candidates are verified on their own: rule 6 rejects the IPv4 address embedded in an
 * IPv6 address, so the two never overlap.
 */
#include "kernels/kernel.h"
#include "scan_plain.h"
#include "scan_repeat.h"
#include "scan_verify.h"
#include "simdinet.h"

#include <string.h>

#define OUT_OF_LINE __attribute__((noinline))

/* The longest address. What begins before the end of a scan has its first dot, or its "::" or first
 * colon, within this distance. */
enum { MAX_ADDRESS = 45 };

_Static_assert(SIMDINET_SCAN_FIND_IPV4 == SIMDINET_SCAN_IPV4 &&
                   SIMDINET_SCAN_FIND_IPV6 == SIMDINET_SCAN_IPV6,
               "families pass to the kernel unchanged");
_Static_assert(SIMDINET_CANDIDATE_MAPPED == SIMDINET_MATCH_MAPPED &&
                   SIMDINET_CANDIDATE_PORT == SIMDINET_MATCH_PORT &&
                   SIMDINET_CANDIDATE_SHORT == SIMDINET_MATCH_SHORT &&
                   SIMDINET_CANDIDATE_AMBIGUOUS_PORT == SIMDINET_MATCH_AMBIGUOUS_PORT &&
                   SIMDINET_CANDIDATE_BARE_UNSPECIFIED == SIMDINET_MATCH_BARE_UNSPECIFIED &&
                   SIMDINET_CANDIDATE_KEY == SIMDINET_MATCH_KEY &&
                   SIMDINET_CANDIDATE_VERSION_SLASH == SIMDINET_MATCH_VERSION_SLASH &&
                   SIMDINET_CANDIDATE_VERSION_KEY == SIMDINET_MATCH_VERSION_KEY &&
                   SIMDINET_CANDIDATE_VERSION_USER_AGENT == SIMDINET_MATCH_VERSION_USER_AGENT,
               "flags come from the kernel unchanged");
_Static_assert(SIMDINET_SCAN_NO_VERSIONS == SIMDINET_MATCH_VERSION,
               "a flag of a match is cleared by the flag that switches its rule off");

/* A scan under way. */
typedef struct scan {
    scan_text text;
    scan_lookback lookback;
    uint32_t known_flags;    /* of a candidate that the kernel accepts: those that a match keeps */
    uint32_t rejected_flags; /* ... and those that reject it */
    bool verify_rejected;    /* what the kernel rejects goes through all rules, too */
    bool store_rejected;
    bool several;      /* a candidate may have several addresses */
    size_t from;       /* where the scan started */
    size_t wait;       /* dense batches until the next search for a repetition */
    size_t start, end; /* matches begin here; start moves past each of them */
    char *matches;
    size_t match_size; /* from one match to the next, in bytes */
    size_t capacity, n;
} scan;

/* Sets the match of a candidate that the kernel did not accept. Returns whether it is stored. Out of
 * line, so that the loop over the others keeps its registers. */
static OUT_OF_LINE bool verify_slow(scan *s, const simdinet_candidate *candidate,
                                    simdinet_match *match) {
    return simdinet_scan_verify(&s->text, &s->lookback, candidate->family, candidate->offset,
                                s->start, match) ||
           (s->store_rejected && match->length != 0);
}

_Static_assert(sizeof(simdinet_candidate) <= sizeof(simdinet_match) &&
                   offsetof(simdinet_candidate, length) == offsetof(simdinet_match, length) &&
                   offsetof(simdinet_candidate, family) == offsetof(simdinet_match, family) &&
                   offsetof(simdinet_candidate, result) == offsetof(simdinet_match, rule) &&
                   offsetof(simdinet_candidate, flags) == offsetof(simdinet_match, flags),
               "the head of a candidate is copied to a match");

/* Where a scan stores its matches, in registers while it does. */
typedef struct match_sink {
    char *next;        /* the next match */
    size_t start, end; /* those between are stored; start is the end of the last one */
} match_sink;

/* What store_match does with a candidate, as bits of its head. */
typedef struct head_masks {
    uint64_t decision, accepted; /* a candidate whose decision is this one is a match */
    uint64_t kept;               /* of the head of a match */
    uint64_t slow;               /* goes through all rules; 0: so does what is not accepted */
} head_masks;

static head_masks make_head_masks(const scan *s) {
    return (head_masks){
        .decision = simdinet_candidate_head(0, 0, 0xff, s->rejected_flags),
        .accepted = simdinet_candidate_head(0, 0, SIMDINET_VERIFY_ADDRESS, 0),
        .kept = simdinet_candidate_head(0xffff, 0xff, 0, s->known_flags),
        .slow =
            s->verify_rejected ? 0 : simdinet_candidate_head(0, 0, SIMDINET_VERIFY_UNDECIDED, 0),
    };
}

/* Stores the match of a candidate at sink.next, and moves on where it is one: by arithmetic, because
 * no branch could be predicted. */
static inline match_sink store_match(scan *s, const simdinet_candidate *candidate, head_masks masks,
                                     match_sink sink) {
    simdinet_match *match = (simdinet_match *)(void *)sink.next;
    uint64_t head;
    memcpy(&head, &candidate->length, sizeof head);
    size_t offset = candidate->offset, length = candidate->length;
    bool found = (head & masks.decision) == masks.accepted;
    if (masks.slow ? (head & masks.slow) != 0 : !found) {
        found = verify_slow(s, candidate, match);
        offset = match->offset;
        length = match->length;
    } else {
        head &= masks.kept;
        match->offset = offset;
        memcpy(&match->length, &head, sizeof head);
        memcpy(match->address, candidate->address, sizeof match->address);
        match->port = (uint16_t)(candidate->flags >> SIMDINET_CANDIDATE_PORT_SHIFT);
    }
    const size_t moves = 0 - (size_t)(found & (offset >= sink.start) & (offset < sink.end));
    sink.start += (offset + length - sink.start) & moves;
    sink.next += s->match_size & moves;
    return sink;
}

/*
 * Whether a candidate that the kernel did not accept may have another address, past the end of a match. A dotted
 * run may if none of the ordinary rules accepted the match; a run of groups, if it goes on with two colons.
 */
static bool may_have_another(const scan *s, const simdinet_match *match, size_t end) {
    const char *const text = s->text.bytes;
    const size_t len = s->text.len;
    if (match->family == 4)
        return match->flags & SIMDINET_MATCH_DOUBTFUL && end < len && text[end] == '.';
    size_t colons = 0;
    for (; end < len && colons < 2; end++) {
        if (!(simdinet_scan_classes[(unsigned char)text[end]] & (CLASS_HEX | CLASS_COLON)))
            break;
        colons += text[end] == ':';
    }
    return colons == 2;
}

/*
 * Appends the matches among the candidates. Returns false, with the offset of the first match that is
 * left in *full, when the capacity is reached.
 *
 * Matches do not overlap, so candidates in order give matches in order. One that begins before the
 * end of the last match is that match again, found from another position.
 */
static inline bool append(scan *s, const simdinet_candidate *candidates, size_t n, size_t *full,
                          const bool several) {
    const head_masks masks = make_head_masks(s);
    match_sink sink = {.start = s->start, .end = s->end};
    bool stored_all = true;
    for (size_t i = 0; i < n && stored_all;) {
        /* As many as are sure to fit; then one at a time into a spare match. */
        const size_t space = s->capacity - s->n, left = n - i;
        const size_t fitting = left < space ? left : space;
        simdinet_match spare;
        spare.offset = 0; /* store_match writes it if sink.next moves, which analyzers do not see */
        char *const first = fitting ? s->matches + s->n * s->match_size : (char *)&spare;
        sink.next = first;
        for (const size_t stop = i + (fitting ? fitting : 1); i < stop; i++) {
            char *const next = sink.next;
            if (several) /* for verify_slow; without fitting it is equal */
                s->start = sink.start;
            sink = store_match(s, &candidates[i], masks, sink);
            if (several && sink.next != next && candidates[i].result != SIMDINET_VERIFY_ADDRESS &&
                may_have_another(s, (const simdinet_match *)(const void *)next, sink.start))
                break;
        }
        stored_all = fitting || sink.next == first;
        if (fitting) {
            s->n += (size_t)(sink.next - first) / s->match_size;
            s->start = sink.start;
        } else if (!stored_all) {
            *full = spare.offset;
        }
    }
    return stored_all;
}

static bool append_matches(scan *s, const simdinet_candidate *candidates, size_t n, size_t *full) {
    return append(s, candidates, n, full, false);
}

/* The same where a candidate may have several addresses. */
static OUT_OF_LINE bool append_several(scan *s, const simdinet_candidate *candidates, size_t n,
                                       size_t *full) {
    return append(s, candidates, n, full, true);
}

/* Goes on in text that repeats what is before it, to where it does not, and ends the chunk there. Returns false
 * as append_matches does. */
static OUT_OF_LINE bool append_repeated(scan *s, simdinet_scan_chunk *chunk, size_t *full) {
    enum { WAIT = 16 };
    const size_t scanned = chunk->verified;
    match_list list = {s->matches, s->match_size, s->capacity, s->n};
    size_t next;
    const bool stored_all =
        simdinet_scan_repeat(s->text.bytes, s->text.len, s->from, scanned, s->end, &list, &next);
    s->wait = next == scanned ? WAIT : 0;
    if (next == scanned)
        return true;
    s->n = list.n;
    s->start = next;
    if (list.n > 0) {
        const simdinet_match *last =
            (const simdinet_match *)(const void *)(list.matches + (list.n - 1) * list.match_size);
        if (last->offset + last->length > next)
            s->start = last->offset + last->length;
    }
    chunk->end = next;
    if (!stored_all)
        *full = next;
    return stored_all;
}

/* Scans a chunk, or more than it. Returns false as append_matches does. */
static bool scan_chunk(scan *s, simdinet_scan_chunk *chunk, size_t *full) {
    /* Candidates of a batch, and bytes for each: more where each of them goes through all rules. */
    enum { MANY = 64 };
    const size_t sparse = s->verify_rejected ? 64 : 32;
    const simdinet_implementation *impl = s->text.impl;
    simdinet_candidate candidates[SIMDINET_SCAN_BATCH];
    const size_t end = chunk->end;
    size_t n, before = chunk->begin;
    impl->find_candidates(chunk);
    while ((n = impl->verify_candidates(chunk, candidates)) > 0) {
        if (!(s->several ? append_several : append_matches)(s, candidates, n, full))
            return false;
        if (n >= MANY && chunk->verified - before < sparse * n && s->wait-- == 0) {
            if (!append_repeated(s, chunk, full))
                return false;
            if (chunk->end != end)
                break;
        }
        before = chunk->verified;
    }
    return true;
}

/*
 * The end of what can be decided without the text that follows: no rule reads past a line feed, nor
 * more than SIMDINET_SCAN_CONTEXT bytes from where a match begins.
 */
static size_t decided_end(const char *text, size_t len) {
    const size_t least = len < SIMDINET_SCAN_CONTEXT ? 0 : len - SIMDINET_SCAN_CONTEXT;
    size_t end = len;
    while (end > least && text[end - 1] != '\n')
        end--;
    return end;
}

/*
 * The size of the first chunk. What lies past the last match that fits is scanned again by the next
 * call, so a scan with a small capacity starts with a small chunk, and doubles it.
 */
static size_t first_chunk(size_t capacity) {
    enum { LEAST = 64, EACH = 16 };
    if (capacity >= SIMDINET_SCAN_CHUNK / EACH)
        return SIMDINET_SCAN_CHUNK;
    return capacity < LEAST / EACH ? LEAST : capacity * EACH;
}

size_t simdinet_scan_plain(const char *text, size_t start, size_t len, unsigned flags,
                           simdinet_match *matches, size_t match_size, size_t capacity, size_t *n) {
    *n = 0;
    if (start > len)
        start = len;
    if (match_size < sizeof(simdinet_match))
        return start;
    const unsigned families = flags & (SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6);
    scan s = {
        .text = {text, len, simdinet_implementation_active(), flags},
        .known_flags = 0xffff & ~(flags & SIMDINET_SCAN_NO_VERSIONS) & ~SIMDINET_CANDIDATE_EUI64,
        .rejected_flags =
            (flags & SIMDINET_SCAN_EUI64 ? 0 : SIMDINET_CANDIDATE_EUI64) |
            (flags & (SIMDINET_SCAN_NO_KEY | SIMDINET_SCAN_RECALL) ? SIMDINET_CANDIDATE_KEY : 0) |
            (flags & SIMDINET_SCAN_NO_DOT_PORT ? SIMDINET_CANDIDATE_PORT : 0),
        .verify_rejected = (flags & (SIMDINET_SCAN_REJECTED | SIMDINET_SCAN_RECALL |
                                     SIMDINET_SCAN_BARE_UNSPECIFIED)) != 0,
        .store_rejected = (flags & SIMDINET_SCAN_REJECTED) != 0,
        .several = (flags & SIMDINET_SCAN_RECALL) != 0,
        .from = start,
        .start = start,
        .matches = (char *)matches,
        .match_size = match_size,
        .capacity = capacity,
    };
    s.end = flags & SIMDINET_SCAN_PARTIAL ? decided_end(text, len) : len;
    if (s.end < start)
        s.end = start;
    size_t reached = s.end;
    const size_t search_end = len - s.end < MAX_ADDRESS ? len : s.end + MAX_ADDRESS;
    simdinet_scan_chunk chunk;
    chunk.text = text;
    chunk.len = len;
    chunk.keep_rejected = s.verify_rejected;
    chunk.families = families ? families : SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    size_t size = first_chunk(capacity);
    for (chunk.begin = start; chunk.begin < search_end; chunk.begin = chunk.end) {
        chunk.end = search_end - chunk.begin < size ? search_end : chunk.begin + size;
        if (!scan_chunk(&s, &chunk, &reached))
            break;
        size = 2 * size < SIMDINET_SCAN_CHUNK ? 2 * size : SIMDINET_SCAN_CHUNK;
    }
    *n = s.n;
    return reached < s.start ? s.start : reached; /* not within the last match */
}
