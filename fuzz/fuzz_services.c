/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_services.c - a file as /etc/services or /etc/protocols: every look-up in its table compared
 * with an independent search through the text, line by line.
 *
 * tests/socket/test_services.c compares the search with the C library, with this corpus.
 *
 * Input: a byte that selects the database, two for a number to look up, the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "socket/internal.h"

enum {
    MAX_FILE = 16 * 1024,     /* of a file, in bytes */
    WORDS = MAX_FILE / 2 + 1, /* separated by blanks */
    LINES = MAX_FILE / 4 + 1, /* with an entry */
    MAX_LOOKUPS = 48          /* of names; with more names, an even sample */
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

/* The parsed file. */
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

/* ---- the search ------------------------------------------------------------------------------ */

static unsigned digit_of(char c) {
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A') + 10
                                  : 99;
}

/* C libraries since glibc 2.38 accept "0b101" with base 0. */
static bool knows_binary(void) {
    return strtoul("0b1", NULL, 0) == 1;
}

/*
 * As strtoull: a sign, a prefix, digits; negative values wrap at 2^64, larger values saturate.
 * Returns the number of bytes that were parsed, 0 for none.
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

/* Splits [p, end) into words; returns their number. */
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
 * Services: NAME NUMBER/PROTO ALIAS..., also with blanks after the slash, which belongs to the
 * number; blanks are skipped after a name only. Protocols: NAME NUMBER ALIAS.... Any other line is
 * ignored.
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
        /* The slash can only be replaced by the end of the line. */
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
    /* Removes the word of the number from the names. */
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

static bool has_protocol(const line *at, const slice *proto) {
    return !proto || same_slice(at->proto, *proto);
}

static const line *search_name(slice name, const slice *proto) {
    for (const line *at = file.lines; at < file.lines + file.line_count; at++)
        for (size_t i = at->first; i < at->end && has_protocol(at, proto); i++)
            if (same_slice(file.words[i], name))
                return at;
    return NULL;
}

static const line *search_number(int number, const slice *proto) {
    for (const line *at = file.lines; at < file.lines + file.line_count; at++)
        if ((int)at->number == number && has_protocol(at, proto))
            return at;
    return NULL;
}

/* ---- the comparison -------------------------------------------------------------------------- */

/* Whether name, number, protocol and aliases, in order, are equal. */
static bool same_entry(const simdinet_netdb *table, const simdinet_netdb_entry *got,
                       const line *expected) {
    const slice *names = file.words + expected->first;
    size_t aliases = expected->end - expected->first - 1;
    if ((int)expected->number != got->number || got->alias_count != aliases ||
        !same_slice(names[0], (slice){got->name, got->name_len}) ||
        !same_slice(expected->proto, (slice){got->proto, got->proto_len}))
        return false;
    for (size_t i = 0; i < aliases; i++) {
        const char *alias = simdinet_netdb_alias(table, got, (uint32_t)i);
        if (!same_slice(names[1 + i], (slice){alias, strlen(alias)}))
            return false;
    }
    return got->name[got->name_len] == '\0' && got->proto[got->proto_len] == '\0';
}

static void compare(const simdinet_netdb *table, const simdinet_netdb_entry *got,
                    const line *expected, slice name, int number, const char *call) {
    if (got && expected ? !same_entry(table, got, expected) : got || expected)
        fail(name.text, name.len, "services: %s, asked for %d, finds %s %d, where the search %s %d",
             call, number, got ? got->name : "nothing", got ? got->number : 0,
             expected ? "finds another line:" : "finds nothing",
             expected ? (int)expected->number : 0);
}

/* Texts with a length or with a NUL, before an unmapped page. */
static void look_up_name(const simdinet_netdb *table, slice name, const slice *proto) {
    const line *expected = search_name(name, proto);
    const char *n = area_copy_at_end(NAME, name.text, name.len);
    const char *p = proto ? area_copy_at_end(PROTO, proto->text, proto->len) : NULL;
    size_t plen = proto ? proto->len : 0;
    compare(table, simdinet_netdb_by_name(table, n, name.len, p, plen), expected, name, 0,
            "by_name");
    char *nz = area_at_end(NAME, name.len + 1), *pz = area_at_end(PROTO, plen + 1);
    memcpy(nz, name.text, name.len);
    memcpy(pz, proto ? proto->text : "", plen);
    nz[name.len] = pz[plen] = '\0';
    compare(table,
            simdinet_netdb_by_name(table, nz, SIMDINET_ZSTR, proto ? pz : NULL, SIMDINET_ZSTR),
            expected, name, 0, "by_name with a NUL");
}

static void look_up_number(const simdinet_netdb *table, int number, const slice *proto) {
    const char *p = proto ? area_copy_at_end(PROTO, proto->text, proto->len) : NULL;
    compare(table, simdinet_netdb_by_number(table, number, p, proto ? proto->len : 0),
            search_number(number, proto), (slice){"", 0}, number, "by_number");
}

/* Looks up the names of a line, texts that differ in one byte, and its number. */
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

/* The capacity for an answer of the C library is that for any line, and for any entry with its
 * pointers. */
static void check_capacity(const simdinet_netdb *table, const char *text, size_t len) {
    size_t capacity = simdinet_netdb_buffer_size(table);
    for (size_t begin = 0; begin < len;) {
        const char *newline = memchr(text + begin, '\n', len - begin);
        size_t end = newline ? (size_t)(newline - text) + 1 : len;
        if (capacity < end - begin + 2)
            fail(text + begin, end - begin, "services: the capacity of %zu is too small for a line",
                 capacity);
        begin = end;
    }
    for (const line *at = file.lines; at < file.lines + file.line_count; at++) {
        size_t needed = at->proto.len + 1 + (at->end - at->first + 1) * sizeof(char *);
        for (size_t i = at->first; i < at->end; i++)
            needed += file.words[i].len + 1;
        if (capacity < needed)
            fail(text, len, "services: the capacity of %zu is too small for an entry of %zu",
                 capacity, needed);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    simdinet_netdb_kind which = take_byte(&in) & 1 ? SIMDINET_PROTOCOLS : SIMDINET_SERVICES;
    int number = (int)take_number(&in, 2);
    if (in.size > MAX_FILE)
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
    check_capacity(table, (const char *)in.data, in.size);
    size_t names = file.word_count > MAX_LOOKUPS ? file.word_count / MAX_LOOKUPS + 1 : 1;
    size_t lines = file.line_count > MAX_LOOKUPS ? file.line_count / MAX_LOOKUPS + 1 : 1;
    for (size_t i = 0; i < file.line_count; i += lines)
        look_up_line(table, &file.lines[i], names);
    look_up_number(table, number, NULL);
    look_up_name(table, (slice){"", 0}, NULL);
    /* Any substring of the file. */
    if (in.size > 0) {
        const char *part = (const char *)in.data + (size_t)number % in.size;
        size_t left = in.size - (size_t)number % in.size;
        look_up_name(table, (slice){part, strnlen(part, left < 8 ? left : 8)}, NULL);
    }
    simdinet_netdb_free(table);
    return 0;
}
