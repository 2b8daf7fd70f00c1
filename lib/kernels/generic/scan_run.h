/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_run.h - decisions about a run of hexadecimal digits and colons, which may be an IPv6 address.
 */
#ifndef SIMDINET_SCAN_RUN_H
#define SIMDINET_SCAN_RUN_H

#include "scan_candidate.h"

static inline bool is_mapped(const uint8_t *address) {
    static const uint8_t mapped[4] = {0, 0, 255, 255}; /* after 64 zero bits */
    uint64_t head;
    memcpy(&head, address, sizeof head);
    return (head == 0) & (load_u32(address + 8) == load_u32(mapped));
}

/* A run of hexadecimal digits and colons. Bit i of a mask is byte i of the run. */
typedef struct scan_run {
    const char *start, *end;
    size_t begin;  /* of the masks of the chunk */
    size_t length; /* more than SIMDINET_MAX_IPV6_TEXT: it may be longer, and end is not its end */
    uint64_t inside; /* a bit for each byte */
    uint64_t colons;
    unsigned n;      /* colons */
    bool compressed; /* it has "::" */
    bool pairs;      /* groups of exactly two digits, single colons between them */
    bool later;      /* it is so long that an earlier position of it is a candidate, too */
} scan_run;

/* A bit for the colon after each group, in a run of groups of two digits. */
#define COLONS_OF_PAIRS UINT64_C(0x4924924924924924)
#define COLONS_OF_EUI64 UINT64_C(0x124924) /* the same for eight groups */

static ALWAYS_INLINE scan_run read_run(const simdinet_scan_chunk *chunk, size_t position) {
    scan_run r;
    r.length = run_around(chunk, position, &r.begin);
    const size_t bounded = r.length & 63;
    /* begin counts from 64 bytes before the chunk, which may lie before the text. */
    r.start = chunk->text + (chunk->begin + r.begin - 64);
    r.end = r.start + bounded;
    r.inside = (UINT64_C(1) << bounded) - 1;
    const uint64_t colons = bits_from(chunk->colons, r.begin);
    r.colons = colons & r.inside;
    r.n = (unsigned)__builtin_popcountll(r.colons);
    r.compressed = (r.colons & r.colons >> 1) != 0;
    r.pairs = (r.colons == (COLONS_OF_PAIRS & r.inside)) & (COLONS_OF_PAIRS >> bounded & 1) &
              (r.length < 64);
    const uint64_t before = colons << 8; /* those of the 56 bytes before the position */
    r.later = (position - r.begin == 56) &
              (((before & before >> 1) != 0) | (__builtin_popcountll(before) > 4));
    return r;
}

/* Six colons or more, or "::": without them a run that is short enough is not an address. */
static inline bool has_groups(unsigned colons, bool compressed) {
    return compressed | (colons >= 6);
}

/* The bits of LOOK_IPV6 of a run. */
static inline unsigned look_at_run(const char *start, const char *end) {
    const simdinet_scan_neighbor *neighbors = simdinet_scan_neighbors;
    return (neighbors[(uint8_t)start[-1]].before_ipv6 + neighbors[(uint8_t)start[-2]].second_ipv6 +
            neighbors[(uint8_t)*end].after_ipv6) &
           LOOK_IPV6;
}

/* Whether a run is of groups of exactly two digits, with single colons between them. */
static inline bool is_pairs(uint64_t colons, size_t length) {
    const uint64_t inside = (UINT64_C(1) << (length & 63)) - 1;
    return (length < 64) & (colons == (COLONS_OF_PAIRS & inside)) &
           (COLONS_OF_PAIRS >> (length & 63) & 1);
}

/* A hardware address between plain bytes. */
static inline bool is_hardware_address(const char *start, uint64_t colons, size_t length) {
    const bool pairs = is_pairs(colons, length);
    const bool plain = look_at_run(start, start + (length & 63)) == 0;
    return pairs & plain;
}

/* Before a letter, digit or _, fewer than eight colons are not an address by any rule. */
static inline bool is_before_word(unsigned look, unsigned colons, size_t length) {
    return ((look & LOOK_WORD) != 0) & (colons < 8) & (length <= SIMDINET_MAX_IPV6_TEXT);
}

/* What to do with a run that is not plain: parse it with an embedded IPv4 address; or look for a key
 * before it; or look at more of its bytes; or it is rejected. */
typedef struct run_plan {
    bool embedded, keyed, odd;
} run_plan;

static inline run_plan plan_run(const char *start, uint64_t colons, size_t length) {
    const char *end = start + length;
    const unsigned look = look_at_run(start, end), n = count_ones(colons);
    const bool compressed = (colons & colons >> 1) != 0;
    const bool dotted = (*end == '.') & ((class_of(end + 1) & CLASS_DIGIT) != 0);
    const bool embedded = (look == LOOK_AFTER) & dotted & (length <= SIMDINET_MAX_IPV6_TEXT) &
                          (length > 2) & ((n == 6) | (compressed & (n <= 8)));
    const bool keyed = (look == LOOK_BEFORE) & (length <= SIMDINET_MAX_IPV6_TEXT) &
                       ((class_of(start - 1) & CLASS_WORD) != 0);
    return (run_plan){
        .embedded = embedded,
        .keyed = keyed,
        .odd = !embedded & !keyed & !is_before_word(look, n, length),
    };
}

/* Three hexadecimal digits or more without a colon between them. */
static inline bool has_three_digits(uint64_t colons, size_t length) {
    const uint64_t hex = ((UINT64_C(1) << length) - 1) & ~colons;
    return (hex & hex >> 1 & hex >> 2) != 0;
}

/* Whether a run that is an address may have one of the flags of flags_of_run. */
static inline bool may_have_flags(const char *start, uint64_t colons, size_t length) {
    const simdinet_scan_neighbor *neighbors = simdinet_scan_neighbors;
    const unsigned decimal =
        neighbors[(uint8_t)start[length - 1]].digit & neighbors[(uint8_t)start[length - 2]].digit;
    return (decimal & ((colons & colons >> 1) != 0)) | !has_three_digits(colons, length);
}

/* The high bit of each of four bytes that is not a decimal digit; the last byte is on top. */
static inline uint32_t nondigits_of_four(const char *bytes) {
    const uint8_t *b = (const uint8_t *)bytes;
    const uint32_t four = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    const uint32_t x = four ^ 0x30303030;
    return (((x & 0x7f7f7f7f) + 0x76767676) | x) & 0x80808080;
}

/* The flags of a run that is an address: no group of three digits; a last group that may be a port. */
static inline uint32_t flags_of_run(const char *start, uint64_t colons, size_t length) {
    const char *end = start + length;
    const bool suffix = (*end == '/') | (*end == '%');
    const bool open = start[-1] == '[';
    const bool loopback = (length == 3) & (colons == 3) & (start[2] == '1');
    const bool is_short = !has_three_digits(colons, length) & !suffix & !open & !loopback;
    /* The last group, of two to four decimal digits; "::" is somewhere before the colon before it. */
    const unsigned last = 63 ^ (unsigned)__builtin_clzll(colons | 1);
    const unsigned width = (unsigned)length - 1 - last;
    const bool decimal = (width >= 2) & (nondigits_of_four(end - 4) >> (32 - 8 * width) % 32 == 0) &
                         (start[last + 1] != '0');
    const bool ambiguous = decimal & ((colons & colons >> 1) != 0) & (last >= 3) &
                           ((colons << 1 >> last & 1) == 0) & !suffix & !(open & (*end == ']'));
    return is_short * SIMDINET_CANDIDATE_SHORT | ambiguous * SIMDINET_CANDIDATE_AMBIGUOUS_PORT;
}

/* Rule 11: one or two letters before "::" are a name, "AF::". */
static inline bool is_name_run(const char *start, uint64_t colons, size_t length) {
    const char *end = start + length;
    const unsigned both = class_of(start) & class_of(start + length - 3);
    return ((both & CLASS_LETTER) != 0) & (length - 3 <= 1) & (colons >> (length - 2) == 3) &
           (*end != '/') & (*end != '%') & (start[-1] != '[');
}

/* Up to four hexadecimal digits as a group of an address, in network order. */
static inline void store_group(const char *digits, size_t n, uint8_t *group) {
    const uint8_t *b = (const uint8_t *)digits;
    const uint32_t four = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    const uint32_t text = (uint32_t)((uint64_t)four << (32 - 8 * n)); /* the last one on top */
    const uint32_t values = (text & 0x0f0f0f0f) + 9 * (text >> 6 & 0x01010101);
    const uint32_t pairs = values << 4 | values >> 8;
    group[0] = (uint8_t)pairs;
    group[1] = (uint8_t)(pairs >> 16);
}

/* Whether "::" alone is reported by rule 11, as far as its neighbors tell. */
static inline unsigned verify_unspecified(const char *start) {
    const char *end = start + 2;
    const unsigned before = class_of(start - 1), after = class_of(end), next = class_of(end + 1);
    const unsigned plain = CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE;
    const bool bracket = start[-1] == '[';
    const bool opened = ((before & plain) != 0) | (start[-1] == '=') | (start[-1] == '(') |
                        (start[-1] == '<') | bracket;
    const bool closed = ((after & plain) != 0) | (*end == ',') | (*end == ')') | (*end == ';') |
                        (*end == '>') | (*end == '|');
    const bool prefix = (*end == '/') & ((next & CLASS_DIGIT) != 0);
    const bool accepted = (opened & (closed | prefix)) | (bracket & (*end == ']'));
    /* More than the neighbors tell: an escaped blank, a control sequence, a prefix, a port. */
    const bool word = ((before & CLASS_WORD) != 0) & (start[-2] == '\\') & closed;
    const bool odd = (word | (prefix & !opened) | (*end == '\\') | opens_sequence(start - 1)) |
                     (((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0));
    return result_of(accepted & !odd, odd);
}

/*
 * Decides a run of "::" with up to four digits more: of one whose neighbors are plain, with all of its
 * flags; of "::" alone, whatever they are. The result is 2 where more is to be looked at.
 */
static inline unsigned verify_small_run(const char *text, uint64_t colons,
                                        simdinet_candidate *candidate) {
    const char *start = text + candidate->offset;
    const size_t length = candidate->length;
    const unsigned before = (unsigned)__builtin_ctzll(colons);
    const size_t after = length - before - 2;
    const char *end = start + length;
    const bool suffix = (*end == '/') | (*end == '%'), open = start[-1] == '[';
    const bool loopback = (length == 3) & (before == 0) & (start[2] == '1');
    const bool is_short = (before < 3) & (after < 3) & !suffix & !open & !loopback;
    const bool bare = length == 2;
    const unsigned result = bare ? verify_unspecified(start) : !is_name_run(start, colons, length);
    memset(candidate->address, 0, sizeof candidate->address);
    store_group(start, before, candidate->address);
    store_group(end - after, after, candidate->address + 14);
    const uint32_t flags =
        bare ? SIMDINET_CANDIDATE_BARE_UNSPECIFIED : is_short * SIMDINET_CANDIDATE_SHORT;
    store_head(candidate, simdinet_candidate_head((unsigned)length, 6, result, flags));
    return result;
}

/* Adds the flags of a run, and rejects names. */
static inline void add_run_flags(const char *text, uint64_t colons, simdinet_candidate *candidate) {
    const char *start = text + candidate->offset;
    const size_t length = candidate->length;
    candidate->flags |= flags_of_run(start, colons, length);
    if (UNLIKELY((length <= 4) & (start[length - 1] == ':')))
        reject_if(candidate, is_name_run(start, colons, length));
}

/* Rule 10: of exactly two colons, the first one is not after a key. */
static inline bool has_no_key(uint64_t colons) {
    return (colons >> __builtin_ctzll(colons | UINT64_C(1) << 63) & 7) == 3;
}

/*
 * Whether a run that does not parse may be an address and more, no word being before it: a key of digits
 * (rule 10), a colon after it (rule 7), or a port (rule 8): after eight groups, or of five digits.
 */
static inline bool may_be_address_and_more(const char *start, uint64_t colons, size_t length) {
    const bool key = ((colons & 0x1f) == 0) & !has_no_key(colons);
    const bool last = (colons >> (length - 1) & 1) != 0,
               double_last = (colons >> (length - 2)) == 3;
    const unsigned n = count_ones(colons);
    const bool full = (n > 8) | ((n == 8) & ((colons & colons >> 1) == 0));
    const bool wide = (length >= 9) && (colons >> (length - 6)) == 1 &&
                      nondigits_of_four(start + length - 4) == 0;
    return key | (last & !double_last) | full | wide;
}

/* The colons of a run, of which a candidate has the offset and length. */
static inline uint64_t colons_of(const simdinet_scan_chunk *chunk,
                                 const simdinet_candidate *candidate) {
    return bits_from(chunk->colons, candidate->offset + 64 - chunk->begin) &
           ((UINT64_C(1) << candidate->length) - 1);
}

/* Whether ";" or "?" precedes: a control sequence may end in the run. */
static inline bool is_after_parameter(const scan_run *r) {
    return (r->start[-1] == ';') | (r->start[-1] == '?');
}

/* Whether a dot and a letter or a digit follow it. */
static inline bool is_before_name(const scan_run *r) {
    const unsigned after = class_of(r->end), next = class_of(r->end + 1);
    return ((after & CLASS_DOT) != 0) & ((next & (CLASS_LETTER | CLASS_DIGIT)) != 0) &
           (r->length <= SIMDINET_MAX_IPV6_TEXT);
}

/* Odd runs: what to do with them. */
typedef struct odd_plan {
    bool bare, embedded, parse;
} odd_plan;

/* in_sequence: the run may be in a control sequence; port: rule 9 may find a port after it. */
static inline odd_plan plan_odd_run(const scan_run *run, bool in_sequence, bool port,
                                    simdinet_candidate *candidate) {
    const scan_run r = *run;
    const char *const start = r.start, *const end = r.end;
    const unsigned before = class_of(start - 1), after = class_of(end), next = class_of(end + 1);
    const bool bare = r.length == 2;
    const bool embedded = ((after & CLASS_DOT) != 0) & ((next & CLASS_DIGIT) != 0);
    const bool groups = (r.length <= SIMDINET_MAX_IPV6_TEXT) &
                        ((r.n == 7u - embedded) | (r.compressed & (r.n <= 8)));
    const bool ends_double = (end[-1] == ':') & (end[-2] == ':');
    /* A word before may be a key (rule 10), but not of "word::1", nor of "worda::1". */
    const bool word_before = (before & CLASS_WORD) != 0;
    const bool no_key = has_no_key(r.colons);
    const bool escaped = may_be_escaped(start);
    const bool percent = (start[-1] == '%') & ((r.colons & 3) == 0);
    const bool in_numbers =
        ((before & CLASS_DOT) != 0) & ((class_of(start - 2) & CLASS_DIGIT) != 0);
    const bool escape_in_numbers =
        in_numbers & ((start[-4] == '%') | (start[-4] == 'x') | (start[-6] == 'u'));
    /* After "[": a control sequence, by the last byte of each spelling of ESC. */
    const bool sequence = in_sequence | opens_sequence(start - 1);
    const bool slow_before = (word_before & (!no_key | escaped)) | percent | sequence |
                             escape_in_numbers | (in_numbers & !no_key);
    /* An escaped blank, which an unspecified address or a single colon may precede. */
    const bool blank = (*end == '\\') & ((end[1] == 't') | (end[1] == 'n') | (end[1] == 'r')) &
                       (bare | ((end[-1] == ':') & !ends_double));
    const bool slow_after = blank | port | (embedded & (r.n == 7));
    const bool too_many = (!groups & (r.n >= 8u - embedded)) | (r.length > SIMDINET_MAX_IPV6_TEXT);
    const bool slow = ((slow_before | slow_after) & (((after & CLASS_WORD) == 0) | (r.n >= 8))) |
                      (too_many & !r.pairs);
    const bool opened = ((before & (CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE)) != 0) |
                        (start[-1] == '=') | (start[-1] == '(') | (start[-1] == '[') |
                        (start[-1] == '<');
    const bool closed = ((after & (CLASS_BLANK | CLASS_LINE_END | CLASS_QUOTE)) != 0) |
                        (*end == ',') | (*end == ')') | (*end == ';') | (*end == '>') |
                        (*end == '|');
    const bool alone = (opened & closed) | ((start[-1] == '[') & (*end == ']')) |
                       ((*end == '/') & ((next & CLASS_DIGIT) != 0));
    const bool separator = (*end == '~') & ends_double;
    const bool fits =
        groups & !slow & !word_before & !in_numbers & !separator & ((after & CLASS_WORD) == 0);
    set_result(candidate, false, slow & !r.later);
    candidate->flags = (r.pairs & (r.length == 23)) * SIMDINET_CANDIDATE_EUI64;
    return (odd_plan){
        .bare = fits & bare & alone,
        .embedded = fits & !bare & embedded,
        .parse = fits & !bare & !embedded,
    };
}

#endif
