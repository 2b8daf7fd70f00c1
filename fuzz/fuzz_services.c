/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_services.c - a file in the place of /etc/services or /etc/protocols: every lookup in its table
 * against a search through the text, line by line, that shares nothing with it.
 *
 * That the search is the C library's is what tests/socket/test_services.c shows, with this corpus.
 *
 * Input: a byte that chooses the database, two for a number to look up, the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "socket/internal.h"

enum {
    LARGEST = 16 * 1024,     /* of a file, in bytes */
    WORDS = LARGEST / 2 + 1, /* what stands between blanks */
    LINES = LARGEST / 4 + 1, /* that say something */
    LOOKUPS = 48             /* of names: where there are more, some of them, evenly spread */
};

enum { NAME, PROTO }; /* areas */

typedef struct slice {
    const char *text;
    size_t len;
} slice;

typedef struct line {
    slice proto;
    uint32_t number;
    size_t first, end; /* its names, among the words */
} line;

/* The file as the search sees it. */
static struct {
    slice words[WORDS];
    size_t word_count;
    line lines[LINES];
    size_t line_count;
} file;

static bool is_blank(char c) {
    return c != '\0' && strchr(" \t\n\v\f\r", c);
}

static bool same_slice(slice a, slice b) {
    return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

/* ---- the search ------------------------------------------------------------------------------- */

static unsigned digit_of(char c) {
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A') + 10
                                  : 99;
}

/* Newer C libraries read "0b101" where the base is not given, those before did not. */
static bool knows_binary(void) {
    return strtoul("0b1", NULL, 0) == 1;
}

/*
 * As strtoull: a sign, a prefix, digits; what is negative wraps around at 2^64, what is too large
 * stays as large as it gets. Returns how many bytes of the word the number takes, 0 for none.
 */
static size_t read_number(slice word, bool any_base, uint64_t *out) {
    const char *p = word.text, *end = p + word.len;
    bool negative = p < end && *p == '-', huge = false;
    p += p < end && (*p == '-' || *p == '+');
    unsigned base = 10;
    size_t left = (size_t)(end - p);
    if (any_base && left > 0 && *p == '0') {
        base = 8;
        if (left > 2 && (p[1] | 32) == 'x' && digit_of(p[2]) < 16)
            base = 16;
        if (left > 2 && (p[1] | 32) == 'b' && digit_of(p[2]) < 2 && knows_binary())
            base = 2;
        p += base == 8 ? 0 : 2;
    }
    const char *digits = p;
    uint64_t value = 0;
    for (; p < end && digit_of(*p) < base; p++) {
        unsigned digit = digit_of(*p);
        huge |= value > (UINT64_MAX - digit) / base;
        value = value * base + digit;
    }
    if (p == digits)
        return 0;
    *out = huge ? UINT64_MAX : negative ? 0 - value : value;
    return (size_t)(p - word.text);
}

/* Splits [p, end) into words, and returns how many they are. */
static size_t split(const char *p, const char *end) {
    size_t before = file.word_count;
    while (p < end) {
        if (is_blank(*p)) {
            p++;
            continue;
        }
        slice *word = &file.words[file.word_count++];
        word->text = p;
        while (p < end && !is_blank(*p))
            p++;
        word->len = (size_t)(p - word->text);
    }
    return file.word_count - before;
}

/*
 * Services: NAME NUMBER/PROTO ALIAS..., where the number and what follows it may also stand apart: a
 * slash belongs to the number, and blanks are skipped behind a name only. Protocols: NAME NUMBER
 * ALIAS.... Of a line that says anything else nothing is kept.
 */
static void read_line(const char *p, const char *end, bool services) {
    size_t first = file.word_count, count = split(p, end), number_at = first + 1;
    slice *words = file.words;
    line *now = &file.lines[file.line_count];
    uint64_t number = 0;
    file.word_count = first;
    if (count < 2)
        return;
    slice second = words[number_at];
    size_t taken = read_number(second, services, &number);
    if (taken == 0 || number > UINT32_MAX)
        return;
    now->number = (uint32_t)number;
    now->proto = (slice){"", 0};
    slice rest = {second.text + taken, second.len - taken};
    bool ended = second.text + second.len == end;
    if (!services) {
        if (rest.len > 0)
            return;
    } else if (rest.len == 0) {
        /* Only the end of the line may stand in the place of the slash. */
        if (!ended)
            return;
    } else if (*rest.text != '/') {
        return;
    } else {
        while (rest.len > 0 && *rest.text == '/') {
            rest.text++;
            rest.len--;
        }
        now->proto = rest;
    }
    if (services)
        now->number &= 0xffff;
    /* The number's word goes, and the names close ranks. */
    memmove(words + number_at, words + number_at + 1, (count - 2) * sizeof *words);
    file.word_count = first + count - 1;
    now->first = first;
    now->end = file.word_count;
    file.line_count++;
}

static void read_file(const char *text, size_t len, bool services) {
    file.word_count = file.line_count = 0;
    const char *end = text + len;
    for (const char *p = text; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        const char *next = newline ? newline + 1 : end;
        const char *nul = memchr(p, '\0', (size_t)(stop - p));
        stop = nul ? nul : stop;
        const char *comment = memchr(p, '#', (size_t)(stop - p));
        read_line(p, comment ? comment : stop, services);
        p = next;
    }
}

static bool says(const line *at, const slice *proto) {
    return !proto || same_slice(at->proto, *proto);
}

static const line *search_name(slice name, const slice *proto) {
    for (const line *at = file.lines; at < file.lines + file.line_count; at++)
        for (size_t i = at->first; i < at->end && says(at, proto); i++)
            if (same_slice(file.words[i], name))
                return at;
    return NULL;
}

static const line *search_number(int number, const slice *proto) {
    for (const line *at = file.lines; at < file.lines + file.line_count; at++)
        if ((int)at->number == number && says(at, proto))
            return at;
    return NULL;
}

/* ---- the comparison --------------------------------------------------------------------------- */

/* Is it the same line: its name, its number, its protocol, and its aliases in their order? */
static bool same_entry(const simdinet_netdb *table, const simdinet_netdb_entry *got,
                       const line *right) {
    const slice *names = file.words + right->first;
    size_t aliases = right->end - right->first - 1;
    if ((int)right->number != got->number || got->alias_count != aliases ||
        !same_slice(names[0], (slice){got->name, got->name_len}) ||
        !same_slice(right->proto, (slice){got->proto, got->proto_len}))
        return false;
    for (size_t i = 0; i < aliases; i++) {
        const char *alias = simdinet_netdb_alias(table, got, (uint32_t)i);
        if (!same_slice(names[1 + i], (slice){alias, strlen(alias)}))
            return false;
    }
    return got->name[got->name_len] == '\0' && got->proto[got->proto_len] == '\0';
}

static void compare(const simdinet_netdb *table, const simdinet_netdb_entry *got, const line *right,
                    slice name, int number, const char *call) {
    if (got && right ? !same_entry(table, got, right) : got || right)
        fail(name.text, name.len, "services: %s, asked for %d, finds %s %d, where the search %s %d",
             call, number, got ? got->name : "nothing", got ? got->number : 0,
             right ? "finds another line:" : "finds nothing", right ? (int)right->number : 0);
}

/* Texts as callers have them, with a length or with a NUL, and nothing readable behind them. */
static void look_up_name(const simdinet_netdb *table, slice name, const slice *proto) {
    const line *right = search_name(name, proto);
    const char *n = area_copy_at_end(NAME, name.text, name.len);
    const char *p = proto ? area_copy_at_end(PROTO, proto->text, proto->len) : NULL;
    size_t plen = proto ? proto->len : 0;
    compare(table, simdinet_netdb_by_name(table, n, name.len, p, plen), right, name, 0, "by_name");
    char *nz = area_at_end(NAME, name.len + 1), *pz = area_at_end(PROTO, plen + 1);
    memcpy(nz, name.text, name.len);
    memcpy(pz, proto ? proto->text : "", plen);
    nz[name.len] = pz[plen] = '\0';
    compare(table,
            simdinet_netdb_by_name(table, nz, SIMDINET_ZSTR, proto ? pz : NULL, SIMDINET_ZSTR),
            right, name, 0, "by_name with a NUL");
}

static void look_up_number(const simdinet_netdb *table, int number, const slice *proto) {
    const char *p = proto ? area_copy_at_end(PROTO, proto->text, proto->len) : NULL;
    compare(table, simdinet_netdb_by_number(table, number, p, proto ? proto->len : 0),
            search_number(number, proto), (slice){"", 0}, number, "by_number");
}

/* The names of a line and what nearly is one; and its number. */
static void look_up_line(const simdinet_netdb *table, const line *at, size_t step) {
    const line *next = at + 1 < file.lines + file.line_count ? at + 1 : file.lines;
    const slice tcp = {"tcp", 3}, none = {"", 0},
                *protos[] = {NULL, &at->proto, &next->proto, &tcp, &none};
    for (size_t p = 0; p < sizeof protos / sizeof *protos; p++) {
        for (size_t i = at->first; i < at->end; i += step) {
            slice name = file.words[i];
            look_up_name(table, name, protos[p]);
            name.len--;
            look_up_name(table, name, protos[p]);
        }
        look_up_number(table, (int)at->number, protos[p]);
        look_up_number(table, (int)(at->number + 1), protos[p]);
    }
}

/* The room for an answer of the C library is that for any line, and for any entry with its pointers. */
static void check_room(const simdinet_netdb *table, const char *text, size_t len) {
    size_t room = simdinet_netdb_buffer_size(table);
    for (size_t begin = 0; begin < len;) {
        const char *newline = memchr(text + begin, '\n', len - begin);
        size_t end = newline ? (size_t)(newline - text) + 1 : len;
        if (room < end - begin + 2)
            fail(text + begin, end - begin, "services: the room of %zu is too small for a line",
                 room);
        begin = end;
    }
    for (const line *at = file.lines; at < file.lines + file.line_count; at++) {
        size_t wanted = at->proto.len + 1 + (at->end - at->first + 1) * sizeof(char *);
        for (size_t i = at->first; i < at->end; i++)
            wanted += file.words[i].len + 1;
        if (room < wanted)
            fail(text, len, "services: the room of %zu is too small for an entry of %zu", room,
                 wanted);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    simdinet_netdb_kind which = take_byte(&in) & 1 ? SIMDINET_PROTOCOLS : SIMDINET_SERVICES;
    int number = (int)take_number(&in, 2);
    if (in.size > LARGEST)
        return 0;
    char *text = malloc(in.size + 1);
    if (!text)
        return 0;
    if (in.size > 0)
        memcpy(text, in.data, in.size);
    simdinet_netdb *table = simdinet_netdb_parse(text, in.size, which);
    if (!table) {
        free(text);
        return 0;
    }
    read_file((const char *)in.data, in.size, which == SIMDINET_SERVICES);
    check_room(table, (const char *)in.data, in.size);
    size_t names = file.word_count > LOOKUPS ? file.word_count / LOOKUPS + 1 : 1;
    size_t lines = file.line_count > LOOKUPS ? file.line_count / LOOKUPS + 1 : 1;
    for (size_t i = 0; i < file.line_count; i += lines)
        look_up_line(table, &file.lines[i], names);
    look_up_number(table, number, NULL);
    look_up_name(table, (slice){"", 0}, NULL);
    /* A piece of the file, whatever stands there. */
    if (in.size > 0) {
        const char *piece = (const char *)in.data + (size_t)number % in.size;
        size_t left = in.size - (size_t)number % in.size;
        look_up_name(table, (slice){piece, strnlen(piece, left < 8 ? left : 8)}, NULL);
    }
    simdinet_netdb_free(table);
    return 0;
}
