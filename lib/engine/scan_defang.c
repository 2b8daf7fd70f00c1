/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_defang.c - simdinet_scan, and its flag SIMDINET_SCAN_DEFANGED: section "Defanged addresses" of
 * docs/scan.md.
 *
 * The text is refanged block by block: a buffer gets "192.0.2.1" for "192[.]0[.]2[.]1", and a list of
 * edits has the positions where bytes were left out. The plain scan runs on the buffer, and the
 * offsets of its matches are mapped back. Which bytes are a separator depends on MAX_SEPARATOR bytes
 * from its first one and MAX_GROUP + 1 before it, so a text can be cut anywhere.
 */
#include "scan_plain.h"
#include "scan_text.h"

/*
 * BLOCK_SIZE: bytes of the buffer. A block is scanned with SIMDINET_SCAN_CONTEXT bytes of the one
 * before it, and as many are scanned again with the one after it.
 * MAX_EDITS: a separator is two edits at most; a block ends when no other fits.
 */
enum {
    BLOCK_SIZE = 2048,
    MAX_EDITS = 512,
    MAX_SEPARATOR = 7, /* "[colon]" */
    MAX_GROUP = 4,     /* hexadecimal digits between two colons */
};

_Static_assert(SIMDINET_SCAN_CONTEXT *MAX_SEPARATOR + MAX_SEPARATOR + MAX_GROUP + 1 <=
                   SIMDINET_SCAN_DEFANGED_CONTEXT,
               "the context of the plain scan, defanged by the longest separators");
_Static_assert(MAX_EDITS >= 2 * SIMDINET_SCAN_CONTEXT + 64 && MAX_EDITS <= BLOCK_SIZE,
               "a block that ends for its edits is longer than the contexts of both sides");

/* A block of refanged text. Offsets are those of the text; positions count bytes of the buffer. */
typedef struct refanged {
    const scan_text *source;
    size_t origin; /* offset of buffer[0] */
    size_t next;   /* offset of the first byte that is not in the buffer */
    size_t len;    /* of the buffer */
    size_t n_edits;
    bool ended;                  /* nothing is left that can be refanged now */
    uint16_t edit_at[MAX_EDITS]; /* position; ascending */
    uint8_t left_out[MAX_EDITS]; /* bytes that the one at this position stands for, less 1 */
    char buffer[BLOCK_SIZE];
} refanged;

/* ---- separators --------------------------------------------------------------------------------- */

/* A defanged separator. */
typedef struct defanged_separator {
    size_t length; /* as written; 0: there is none */
    size_t colons; /* 0: it is a dot */
} defanged_separator;

/* Whether a group of an IPv6 address ends before offset i. */
static bool is_group_before(const scan_text *t, size_t i) {
    size_t digits = 0;
    while (digits < MAX_GROUP && class_at(t, i - 1 - digits) & CLASS_HEX)
        digits++;
    return digits > 0 && !(class_at(t, i - 1 - digits) & CLASS_WORD);
}

/* Whether digits stand on both sides of text[start, end). */
static bool is_between_digits(const scan_text *t, size_t start, size_t end) {
    return class_at(t, start - 1) & class_at(t, end) & CLASS_DIGIT;
}

/* "[::]" is an address in brackets unless digits adjoin: "fe80[::]1", "2001:db8[::]/32", "[::]1". */
static bool is_compression(const scan_text *t, size_t open, size_t end) {
    return class_at(t, end) & CLASS_HEX || (is_group_before(t, open) && byte_at(t, end) != ':');
}

/* The separator in brackets that starts at open. */
static defanged_separator parse_brackets(const scan_text *t, size_t open) {
    const int bracket = byte_at(t, open), close = bracket == '(' ? ')' : bracket + 2;
    const size_t inside = open + 1;
    switch (byte_at(t, inside)) {
    case '.':
        if (byte_at(t, inside + 1) == close)
            return (defanged_separator){.length = 3};
        if (is_between_digits(t, open, inside + 1)) /* "192[.0" */
            return (defanged_separator){.length = 2};
        break;
    case ':':
        if (byte_at(t, inside + 1) == close)
            return (defanged_separator){.length = 3, .colons = 1};
        if (byte_at(t, inside + 1) == ':' && byte_at(t, inside + 2) == close &&
            is_compression(t, open, inside + 3))
            return (defanged_separator){.length = 4, .colons = 2};
        break;
    case 'D':
    case 'd':
        if (word_starts_at_any_case(t, inside, "dot") && byte_at(t, inside + 3) == close)
            return (defanged_separator){.length = 5};
        break;
    case 'C':
    case 'c':
        if (word_starts_at_any_case(t, inside, "colon") && byte_at(t, inside + 5) == close)
            return (defanged_separator){.length = 7, .colons = 1};
        break;
    default:
        break;
    }
    return (defanged_separator){0};
}

/* The separator that starts with a bracket or a backslash at start. */
static defanged_separator parse_separator(const scan_text *t, size_t start) {
    switch (byte_at(t, start)) {
    case '[':
    case '(':
    case '{':
        return parse_brackets(t, start);
    case '\\':
        return (defanged_separator){.length = byte_at(t, start + 1) == '.' ? 2 : 0};
    default:
        return (defanged_separator){0};
    }
}

/* Whether the bracket at close belongs to the dot before it: "192.]0". */
static bool closes_dot(const scan_text *t, size_t close) {
    const int bracket = byte_at(t, close);
    return (bracket == ']' || bracket == ')' || bracket == '}') && byte_at(t, close - 1) == '.' &&
           is_between_digits(t, close - 1, close + 1);
}

/* ---- blocks ------------------------------------------------------------------------------------- */

static inline bool is_mark(char byte) {
    const char lower = (char)(byte | 0x20); /* [ \ ] become { | } */
    return (byte & ~1) == '(' || (lower >= '{' && lower <= '}');
}

/* Whether any of eight bytes is_mark: a bracket, a backslash, or "|", which does no harm. */
static bool has_mark(uint64_t bytes) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    const uint64_t lower = bytes | ones * 0x20;
    const uint64_t parentheses = (bytes & ones * 0xfe) ^ ones * '(';
    const uint64_t open = lower ^ ones * '{', others = (lower & ones * 0xfe) ^ ones * '|';
    return (((parentheses - ones) & ~parentheses) | ((open - ones) & ~open) |
            ((others - ones) & ~others)) &
           tops;
}

static inline void append_refanged(refanged *r, char byte, size_t left_out) {
    if (left_out) {
        r->edit_at[r->n_edits] = (uint16_t)r->len;
        r->left_out[r->n_edits++] = (uint8_t)left_out;
    }
    r->buffer[r->len++] = byte;
    r->next += 1 + left_out;
}

/* Appends what starts at r->next, a bracket or a backslash: a separator or that byte. */
static void refang_mark(refanged *r) {
    const scan_text *t = r->source;
    const defanged_separator found = parse_separator(t, r->next);
    if (found.colons == 2) {
        append_refanged(r, ':', 1);
        append_refanged(r, ':', 1);
    } else if (found.length) {
        append_refanged(r, found.colons ? ':' : '.', found.length - 1);
    } else if (r->len > 0 && closes_dot(t, r->next)) {
        r->len--;
        r->next--;
        append_refanged(r, '.', 1);
    } else {
        append_refanged(r, t->bytes[r->next], 0);
    }
}

/* Whether the text that follows may change what starts at offset i. */
static bool is_undecided(const scan_text *t, size_t i) {
    return t->flags & SIMDINET_SCAN_PARTIAL && t->len - i < MAX_SEPARATOR &&
           !memchr(t->bytes + i, '\n', t->len - i);
}

/* Appends to the buffer what starts before offset limit, as far as it fits and is decided. */
static void refang_until(refanged *r, size_t limit) {
    const scan_text *t = r->source;
    while (r->next < limit && r->len + 16 <= BLOCK_SIZE && r->n_edits + 16 <= MAX_EDITS) {
        size_t n = limit - r->next < 8 ? limit - r->next : 8;
        if (n == 8) {
            uint64_t bytes;
            memcpy(&bytes, t->bytes + r->next, 8);
            if (!has_mark(bytes)) {
                memcpy(r->buffer + r->len, &bytes, 8);
                r->len += 8;
                r->next += 8;
                continue;
            }
        }
        for (const size_t end = r->next + n; r->next < end;) {
            if (!is_mark(t->bytes[r->next])) {
                append_refanged(r, t->bytes[r->next], 0);
            } else if (is_undecided(t, r->next)) {
                r->ended = true;
                return;
            } else {
                refang_mark(r);
            }
        }
    }
    r->ended = r->next >= t->len;
}

/* Where a position of the buffer is in the text, by edits that were passed already. */
typedef struct edit_cursor {
    size_t edit, left_out;
} edit_cursor;

/* The offset of a position. Positions are passed in ascending order. */
static size_t offset_of(const refanged *r, edit_cursor *at, size_t position) {
    while (at->edit < r->n_edits && r->edit_at[at->edit] < position)
        at->left_out += r->left_out[at->edit++];
    return r->origin + position + at->left_out;
}

/* The first position that stands for bytes of the text from start on: the buffer ends with the separator that
 * start is in, and of "[::]" that may be the second colon. */
static size_t first_position(const refanged *r, size_t start) {
    size_t position = r->len;
    while (position > 0 && offset_of(r, &(edit_cursor){0}, position - 1) >= start)
        position--;
    return position;
}

/* Drops the buffer up to the context of a position. Returns the new position. */
static size_t drop_before(refanged *r, size_t position) {
    if (position <= SIMDINET_SCAN_CONTEXT)
        return position;
    const size_t dropped = position - SIMDINET_SCAN_CONTEXT;
    edit_cursor at = {0};
    r->origin = offset_of(r, &at, dropped);
    r->len -= dropped;
    memmove(r->buffer, r->buffer + dropped, r->len);
    r->n_edits -= at.edit;
    for (size_t i = 0; i < r->n_edits; i++) {
        r->edit_at[i] = (uint16_t)(r->edit_at[at.edit + i] - dropped);
        r->left_out[i] = r->left_out[at.edit + i];
    }
    return SIMDINET_SCAN_CONTEXT;
}

/* ---- the scan ----------------------------------------------------------------------------------- */

static void map_matches(const refanged *r, char *matches, size_t match_size, size_t n) {
    edit_cursor at = {0};
    for (size_t i = 0; i < n; i++) {
        simdinet_match *match = (simdinet_match *)(void *)(matches + i * match_size);
        const size_t end = match->offset + match->length;
        match->offset = offset_of(r, &at, match->offset);
        edit_cursor last = at; /* a copy: a match may begin before the end of a rejected one */
        match->length = (uint16_t)(offset_of(r, &last, end) - match->offset);
        if (last.edit > at.edit)
            match->flags |= SIMDINET_MATCH_DEFANGED;
    }
}

static size_t scan_defanged(const char *text, size_t start, size_t len, unsigned flags,
                            simdinet_match *matches, size_t match_size, size_t capacity,
                            size_t *n) {
    const scan_text source = {.bytes = text, .len = len, .flags = flags};
    refanged r;
    r.source = &source;
    r.origin = r.next =
        start > SIMDINET_SCAN_DEFANGED_CONTEXT ? start - SIMDINET_SCAN_DEFANGED_CONTEXT : 0;
    r.len = r.n_edits = 0;
    r.ended = false;
    size_t from = 0; /* positions from here on are to be scanned */
    while (r.next < start && !r.ended) {
        refang_until(&r, start);
        from = drop_before(&r, r.next > start ? first_position(&r, start) : r.len);
    }
    refang_until(&r, len);
    for (;;) {
        /* When all are stored, the next one ends the scan. */
        simdinet_match spare;
        const bool full = *n == capacity;
        char *to = full ? (char *)&spare : (char *)matches + *n * match_size;
        const size_t room = full ? 1 : capacity - *n, size = full ? sizeof spare : match_size;
        size_t found;
        from = simdinet_scan_plain(r.buffer, from, r.len,
                                   r.ended ? flags : flags | SIMDINET_SCAN_PARTIAL,
                                   (simdinet_match *)(void *)to, size, room, &found);
        if (found && full)
            /* cppcheck-suppress uninitvar ; to, which simdinet_scan_plain writes to, is spare */
            return offset_of(&r, &(edit_cursor){0}, spare.offset);
        map_matches(&r, to, size, found);
        *n += full ? 0 : found;
        if (found == room)
            continue;
        if (r.ended) {
            const size_t reached = offset_of(&r, &(edit_cursor){0}, from);
            return reached < start ? start : reached;
        }
        from = drop_before(&r, from);
        refang_until(&r, len);
    }
}

size_t simdinet_scan(const char *text, size_t start, size_t len, unsigned flags,
                     simdinet_match *matches, size_t match_size, size_t capacity, size_t *n) {
    if (!(flags & SIMDINET_SCAN_DEFANGED))
        return simdinet_scan_plain(text, start, len, flags, matches, match_size, capacity, n);
    *n = 0;
    if (start > len)
        start = len;
    if (match_size < sizeof(simdinet_match))
        return start;
    return scan_defanged(text, start, len, flags, matches, match_size, capacity, n);
}
