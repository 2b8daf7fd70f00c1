/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan.c - section "scan": every address in any text, by the rules of docs/scan.md.
 *
 * The kernel finds the places where an address may stand and judges most of them. Here stand the
 * rules as a whole, for the places that it leaves in doubt. Each looks at a bounded number of bytes,
 * so no text makes this quadratic.
 *
 * IPv4 and IPv6 are judged on their own: the colon rule of IPv4 (docs/scan.md, IPv4, rule 4) refuses
 * each tail of an IPv6 address, so the two never overlap.
 */
#include "kernels/kernel.h"
#include "simdinet.h"

#include <string.h>

#define OUT_OF_LINE __attribute__((noinline))

enum { IPV6_LONGEST = 45, PRODUCT_LONGEST = 64 };

/* How many bytes at the end stay unconsumed at most: a longest match and its right neighbours. */
enum { TAIL_LONGEST = 64 };

enum {
    DIGIT = 1,
    HEX = 2,
    COLON = 4,
    DOT = 8,
    WORD = 16,
    LETTER = 32,
    UNRESERVED = 64,
    BLANK = 128,
    SLASH = 256
};

#define OF_DIGIT  (DIGIT | HEX | WORD | UNRESERVED)
#define OF_HEX    (HEX | WORD | LETTER | UNRESERVED)
#define OF_LETTER (WORD | LETTER | UNRESERVED)

/* clang-format off */
static const uint16_t classes[256] = {
    ['0'] = OF_DIGIT, ['1'] = OF_DIGIT, ['2'] = OF_DIGIT, ['3'] = OF_DIGIT, ['4'] = OF_DIGIT,
    ['5'] = OF_DIGIT, ['6'] = OF_DIGIT, ['7'] = OF_DIGIT, ['8'] = OF_DIGIT, ['9'] = OF_DIGIT,
    ['a'] = OF_HEX, ['b'] = OF_HEX, ['c'] = OF_HEX, ['d'] = OF_HEX, ['e'] = OF_HEX, ['f'] = OF_HEX,
    ['A'] = OF_HEX, ['B'] = OF_HEX, ['C'] = OF_HEX, ['D'] = OF_HEX, ['E'] = OF_HEX, ['F'] = OF_HEX,
    ['g'] = OF_LETTER, ['h'] = OF_LETTER, ['i'] = OF_LETTER, ['j'] = OF_LETTER, ['k'] = OF_LETTER,
    ['l'] = OF_LETTER, ['m'] = OF_LETTER, ['n'] = OF_LETTER, ['o'] = OF_LETTER, ['p'] = OF_LETTER,
    ['q'] = OF_LETTER, ['r'] = OF_LETTER, ['s'] = OF_LETTER, ['t'] = OF_LETTER, ['u'] = OF_LETTER,
    ['v'] = OF_LETTER, ['w'] = OF_LETTER, ['x'] = OF_LETTER, ['y'] = OF_LETTER, ['z'] = OF_LETTER,
    ['G'] = OF_LETTER, ['H'] = OF_LETTER, ['I'] = OF_LETTER, ['J'] = OF_LETTER, ['K'] = OF_LETTER,
    ['L'] = OF_LETTER, ['M'] = OF_LETTER, ['N'] = OF_LETTER, ['O'] = OF_LETTER, ['P'] = OF_LETTER,
    ['Q'] = OF_LETTER, ['R'] = OF_LETTER, ['S'] = OF_LETTER, ['T'] = OF_LETTER, ['U'] = OF_LETTER,
    ['V'] = OF_LETTER, ['W'] = OF_LETTER, ['X'] = OF_LETTER, ['Y'] = OF_LETTER, ['Z'] = OF_LETTER,
    ['_'] = WORD | UNRESERVED, ['-'] = UNRESERVED, ['~'] = UNRESERVED, ['.'] = DOT | UNRESERVED,
    [':'] = COLON, ['/'] = SLASH,
    [' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\n'] = BLANK,
    ['"'] = BLANK, ['\''] = BLANK, ['`'] = BLANK,
};
/* clang-format on */

/* The text under the scan. Its two ends count as line ends. */
typedef struct {
    const char *bytes;
    size_t len;
} view;

static unsigned class_at(view text, size_t i) {
    return i < text.len ? classes[(uint8_t)text.bytes[i]] : BLANK;
}

/* The class of the byte that stands distance bytes before i. */
static unsigned class_before(view text, size_t i, size_t distance) {
    return i >= distance ? classes[(uint8_t)text.bytes[i - distance]] : BLANK;
}

static bool byte_before_is(view text, size_t i, size_t distance, char byte) {
    return i >= distance && text.bytes[i - distance] == byte;
}

/* Rules 2 of IPv4 and 3 of IPv6: does nothing before start run into the address? */
static bool begins_clean(view text, size_t start) {
    unsigned before = class_before(text, start, 1);
    if (before & WORD)
        return false;
    return !(before & DOT) || !(class_before(text, start, 2) & DIGIT);
}

/* Rule 3 of IPv4, also for the IPv4 tail of an IPv6 address. */
static bool octets_end_clean(view text, size_t end) {
    unsigned after = class_at(text, end);
    if (after & WORD)
        return false;
    return !(after & DOT) || !(class_at(text, end + 1) & (DIGIT | LETTER));
}

/* Rule 4 of IPv4: does the colon before start belong to a colon-hex field? */
static bool in_colon_hex_field(view text, size_t start) {
    size_t back = 2; /* the byte before the colon */
    if (class_before(text, start, back) & COLON)
        return true;
    for (unsigned group = 0; group < 2; group++) {
        if (group == 1) {
            if (!(class_before(text, start, back) & COLON))
                return false;
            back++;
            if (class_before(text, start, back) & COLON)
                return true;
        }
        size_t width = 0;
        while (width < 5 && class_before(text, start, back + width) & HEX)
            width++;
        if (width < 1 || width > 4 || class_before(text, start, back + width) & (WORD | DOT))
            return false;
        back += width;
    }
    return true;
}

/* The section "Version-like IPv4" of the rules. Before start stands a colon or a slash. */
static bool is_version_like(view text, size_t start) {
    if (byte_before_is(text, start, 1, ':'))
        return byte_before_is(text, start, 2, 'v') && byte_before_is(text, start, 3, 'r') &&
               !(class_before(text, start, 4) & WORD);
    if (!(class_before(text, start, 2) & LETTER))
        return false;
    size_t product = 1;
    while (product <= PRODUCT_LONGEST && class_before(text, start, 2 + product) & UNRESERVED)
        product++;
    return product <= PRODUCT_LONGEST && !byte_before_is(text, start, 2 + product, '/');
}

/* Judges the place whose first octet, or the dot behind it, stands at start. */
static bool judge_ipv4(view text, const simdinet_implementation *kernel, size_t start,
                       unsigned flags, simdinet_match *match) {
    for (unsigned digits = 0; digits < 4 && class_before(text, start, 1) & DIGIT; digits++)
        start--;
    if (!begins_clean(text, start))
        return false;
    simdinet_match found = {.offset = start, .family = 4};
    char window[16] = {0};
    const char *from = text.bytes + start;
    if (text.len - start < sizeof window) {
        memcpy(window, from, text.len - start);
        from = window;
    }
    found.length = (uint16_t)kernel->read_ipv4_prefix(from, found.address);
    if (found.length == 0 || !octets_end_clean(text, start + found.length))
        return false;
    if (class_before(text, start, 1) & (COLON | SLASH)) {
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

static bool gap_stands_alone(view text, size_t start, size_t end) {
    if (byte_before_is(text, start, 1, '[') && end < text.len && text.bytes[end] == ']')
        return true;
    return class_before(text, start, 1) & BLANK && class_at(text, end) & BLANK;
}

static bool is_eui64(const char *text, size_t len) {
    if (len != 23)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((text[i] == ':') != (i % 3 == 2))
            return false;
    return true;
}

/* The end of the dots behind a run that digits follow, with these digits. */
static size_t dotted_end(view text, size_t start, size_t end) {
    while (end - start <= IPV6_LONGEST &&
           (class_at(text, end) & DIGIT ||
            (class_at(text, end) & DOT && class_at(text, end + 1) & DIGIT)))
        end++;
    return end;
}

/* Judges the run of hexadecimal digits and colons [start, end). It is the whole run: the kernel
 * refuses those that are too long to be told from a piece of one. */
static bool judge_ipv6(view text, const simdinet_implementation *kernel, size_t start, size_t end,
                       unsigned flags, simdinet_match *match) {
    if (!begins_clean(text, start))
        return false;
    bool tail = class_at(text, end) & DOT && class_at(text, end + 1) & DIGIT;
    if (tail)
        end = dotted_end(text, start, end);
    size_t len = end - start;
    if (len > IPV6_LONGEST || !(tail ? octets_end_clean(text, end) : !(class_at(text, end) & WORD)))
        return false;
    simdinet_match found = {.offset = start, .length = (uint16_t)len, .family = 6};
    if (!kernel->parse_ipv6(text.bytes + start, len, found.address))
        return false;
    if (len == 2 && !(flags & SIMDINET_SCAN_BARE_UNSPECIFIED) &&
        !gap_stands_alone(text, start, end))
        return false;
    if (!(flags & SIMDINET_SCAN_EUI64) && is_eui64(text.bytes + start, len))
        return false;
    found.flags = mapped_flag(found.address);
    *match = found;
    return true;
}

/*
 * Where the part of the text ends that can be judged without what follows: before the last bytes
 * that an address and its right neighbours are made of. A longer run of them is no address.
 */
static size_t judged_end(view text) {
    size_t end = text.len;
    while (end > 0 && class_before(text, end, 1) & (WORD | COLON | DOT)) {
        if (text.len - end == TAIL_LONGEST)
            break;
        end--;
    }
    return end;
}

/* A scan under way: where it may store, and what it has judged already. */
typedef struct {
    view text;
    const simdinet_implementation *kernel;
    unsigned flags;
    uint8_t known_flags;   /* of a candidate: those that a match has */
    uint8_t refused_flags; /* ... and those that make it none */
    size_t start, end;     /* matches that begin here; start moves behind the last one */
    simdinet_match *matches;
    size_t match_size; /* from one match to the next, in bytes */
    size_t capacity, count;
} scan;

_Static_assert(SIMDINET_SCAN_FIND_IPV4 == SIMDINET_SCAN_IPV4 &&
                   SIMDINET_SCAN_FIND_IPV6 == SIMDINET_SCAN_IPV6,
               "the families pass to the kernel as they are");
_Static_assert(SIMDINET_CANDIDATE_VERSION == SIMDINET_MATCH_VERSION &&
                   SIMDINET_CANDIDATE_MAPPED == SIMDINET_MATCH_MAPPED,
               "the flags come from the kernel as they are");

/* What the kernel left to us. Returns false when it is no address. Out of line, so that the loop over
 * the rest keeps its registers. */
static OUT_OF_LINE bool judge_doubt(const scan *s, const simdinet_candidate *candidate,
                                    simdinet_match *match) {
    if (candidate->family == 4)
        return judge_ipv4(s->text, s->kernel, candidate->offset, s->flags, match);
    return judge_ipv6(s->text, s->kernel, candidate->offset, candidate->offset + candidate->length,
                      s->flags, match);
}

/*
 * Appends what is an address. Returns false, with the place in *full, when there is no room.
 *
 * Places in order give addresses in order, for no two addresses overlap: one that begins before the
 * end of the last is the last one again, seen from the next part.
 */
static bool append_matches(scan *s, const simdinet_candidate *candidates, size_t count,
                           size_t *full) {
    /* Copies, which the compiler may keep in registers while it writes matches. */
    char *const matches = (char *)s->matches;
    const size_t capacity = s->capacity, match_size = s->match_size, end = s->end;
    const uint8_t known_flags = s->known_flags, refused_flags = s->refused_flags;
    size_t start = s->start, found = s->count, i = 0;
    for (; i < count; i++) {
        const simdinet_candidate *candidate = &candidates[i];
        simdinet_match spare;
        simdinet_match *match =
            found < capacity ? (simdinet_match *)(void *)(matches + found * match_size) : &spare;
        bool good = candidate->verdict != SIMDINET_VERIFY_REJECTED;
        if (candidate->verdict == SIMDINET_VERIFY_UNDECIDED) {
            good = judge_doubt(s, candidate, match);
        } else {
            /* Written where it stays, member by member: a copy would wait for the members. */
            match->offset = candidate->offset;
            match->length = candidate->length;
            match->family = candidate->family;
            match->flags = candidate->flags & known_flags;
            good &= (candidate->flags & refused_flags) == 0;
            memcpy(match->address, candidate->address, sizeof match->address);
        }
        good = good & (match->offset >= start) & (match->offset < end);
        if (good && found == capacity) {
            *full = match->offset;
            break;
        }
        start = good ? match->offset + match->length : start;
        found += good;
    }
    s->start = start;
    s->count = found;
    return i == count;
}

/* Scans the part, which begins and ends where it says. Returns false as append_matches does. */
static bool scan_part(scan *s, simdinet_scan_chunk *part, size_t *full) {
    simdinet_candidate candidates[SIMDINET_SCAN_BATCH];
    const size_t places = s->kernel->find_candidates(part);
    for (size_t first = 0; first < places; first += SIMDINET_SCAN_BATCH) {
        const size_t count =
            places - first < SIMDINET_SCAN_BATCH ? places - first : SIMDINET_SCAN_BATCH;
        s->kernel->verify_candidates(part, first, count, candidates);
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
        .kernel = simdinet_implementation_active(),
        .flags = flags,
        .known_flags = flags & SIMDINET_SCAN_VERSIONS
                           ? SIMDINET_MATCH_MAPPED
                           : SIMDINET_MATCH_MAPPED | SIMDINET_MATCH_VERSION,
        .refused_flags = (uint8_t)((flags & SIMDINET_SCAN_BARE_UNSPECIFIED
                                        ? 0
                                        : SIMDINET_CANDIDATE_BARE_UNSPECIFIED) |
                                   (flags & SIMDINET_SCAN_EUI64 ? 0 : SIMDINET_CANDIDATE_EUI64)),
        .start = start,
        .matches = matches,
        .match_size = match_size,
        .capacity = capacity,
    };
    s.end = flags & SIMDINET_SCAN_PARTIAL ? judged_end(s.text) : len;
    if (s.end < start)
        s.end = start;
    size_t reached = s.end;
    /* What begins before the end shows its first dot, or its "::" or first colon, before the longest
     * address does. */
    const size_t search_end = len - s.end < IPV6_LONGEST ? len : s.end + IPV6_LONGEST;
    simdinet_scan_chunk part;
    part.text = text;
    part.len = len;
    part.families = families ? families : SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    for (part.begin = start; part.begin < search_end; part.begin = part.end) {
        part.end = search_end - part.begin < SIMDINET_SCAN_CHUNK ? search_end
                                                                 : part.begin + SIMDINET_SCAN_CHUNK;
        if (!scan_part(&s, &part, &reached))
            break;
    }
    *n = s.count;
    return reached;
}
