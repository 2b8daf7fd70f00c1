/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_networks.c - a list of networks as `simdinet grep -f` reads it. Compares the set with a linear search in
 * networks parsed with inet_pton, and the line of an error message with that of the first invalid line.
 *
 * Input: a byte for the delivery, a byte for the size of reads, the list.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/network_list.h"
#include "compress.h"
#include "fake_os.h"
#include "fuzz.h"

enum {
    LARGEST = 8 * 1024,
    MAX_LINE = 256, /* of the command with small buffers */
    NETWORKS = LARGEST / 2 + 1
};

/* An inclusive range; IPv4 as ::ffff:a.b.c.d, so that mapped networks are those of IPv4. */
typedef struct network {
    uint8_t first[16], last[16];
} network;

static struct {
    network networks[NETWORKS];
    size_t count;
} set;

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* ---- the reference parser ----------------------------------------------------------------------- */

typedef struct slice {
    const char *text;
    size_t len;
} slice;

static slice trim(slice of) {
    while (of.len > 0 && memchr(" \t\r", *of.text, 3)) {
        of.text++;
        of.len--;
    }
    while (of.len > 0 && memchr(" \t\r", of.text[of.len - 1], 3))
        of.len--;
    return of;
}

/* Splits *of at the first such byte into *head and *of; false: there is none. */
static bool cut(slice *of, char byte, slice *head) {
    const char *at = of->len > 0 ? memchr(of->text, byte, of->len) : NULL;
    if (!at)
        return false;
    *head = (slice){of->text, (size_t)(at - of->text)};
    of->len -= head->len + 1;
    of->text = at + 1;
    return true;
}

/* inet_pton of the family of the text. */
static bool read_address(slice text, uint8_t out[16], family *f) {
    text = trim(text);
    *f = text.len > 0 && memchr(text.text, ':', text.len) ? IPV6 : IPV4;
    memcpy(out, mapped, sizeof mapped);
    return libc_parse(*f, text.text, text.len, *f == IPV4 ? out + 12 : out);
}

static bool read_length(slice text, unsigned max, unsigned *out) {
    text = trim(text);
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr("0123456789", text.text[i]) || text.text[i] == '\0')
            return false;
        *out = *out * 10 + (unsigned)(text.text[i] - '0');
        if (*out > max)
            return false;
    }
    return text.len > 0;
}

static bool read_network(slice text, network *out) {
    slice head;
    family f, other;
    unsigned length;
    if (cut(&text, '/', &head)) {
        if (!read_address(head, out->first, &f) ||
            !read_length(text, f == IPV4 ? 32 : 128, &length))
            return false;
        memcpy(out->last, out->first, 16);
        for (unsigned bit = length + (f == IPV4 ? 96 : 0); bit < 128; bit++) {
            out->first[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
            out->last[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
        }
        return true;
    }
    if (cut(&text, '-', &head))
        return read_address(head, out->first, &f) && read_address(text, out->last, &other) &&
               f == other && memcmp(out->first, out->last, 16) <= 0;
    if (!read_address(text, out->first, &f))
        return false;
    memcpy(out->last, out->first, 16);
    return true;
}

/* Returns the number of the first invalid line, from 1, and the line; or 0. */
static size_t read_list(slice text, slice *line) {
    slice text_of_line, comment;
    size_t number = 0;
    set.count = 0;
    while (text.len > 0) {
        number++;
        if (!cut(&text, '\n', line)) {
            *line = text;
            text.len = 0;
        }
        if (line->len >= MAX_LINE)
            return number;
        text_of_line = *line;
        if (cut(&text_of_line, '#', &comment))
            text_of_line = comment;
        if (cut(&text_of_line, ';', &comment))
            text_of_line = comment;
        text_of_line = trim(text_of_line);
        if (text_of_line.len > 0 && !read_network(text_of_line, &set.networks[set.count++]))
            return number;
    }
    return 0;
}

/* ---- lookups ------------------------------------------------------------------------------------ */

static bool is_mapped(const uint8_t address[16]) {
    return memcmp(address, mapped, sizeof mapped) == 0;
}

/* An IPv4 address is in networks of IPv4 only, not in ::/0. */
static bool within(const uint8_t address[16], bool written_as_ipv4) {
    for (size_t i = 0; i < set.count; i++) {
        const network *at = &set.networks[i];
        if (memcmp(at->first, address, 16) <= 0 && memcmp(address, at->last, 16) <= 0 &&
            (!written_as_ipv4 || (is_mapped(at->first) && is_mapped(at->last))))
            return true;
    }
    return false;
}

static void check_one(const network_set *built, const simdinet_match *match,
                      const uint8_t address[16]) {
    char text[INET6_ADDRSTRLEN];
    bool right = within(address, match->family == 4);
    if (network_set_contains(built, match) == right)
        return;
    inet_ntop(AF_INET6, address, text, sizeof text);
    fail(text, strlen(text), "networks: the set of %zu %s this IPv%d address", set.count,
         right ? "lacks" : "contains", match->family);
}

static void check_address(const network_set *built, const uint8_t address[16]) {
    simdinet_match match = {.family = 6};
    match.flags = is_mapped(address) ? SIMDINET_MATCH_MAPPED : 0;
    memcpy(match.address, address, 16);
    check_one(built, &match, address);
    if (!is_mapped(address))
        return;
    match = (simdinet_match){.family = 4};
    memcpy(match.address, address + 12, 4);
    check_one(built, &match, address);
}

/* An address and its two neighbours, modulo 2^128. */
static void check_around(const network_set *built, const uint8_t address[16]) {
    uint8_t next[16], before[16];
    memcpy(next, address, 16);
    memcpy(before, address, 16);
    for (size_t i = 16; i-- > 0 && ++next[i] == 0;)
        ;
    for (size_t i = 16; i-- > 0 && before[i]-- == 0;)
        ;
    check_address(built, address);
    check_address(built, next);
    check_address(built, before);
}

static void check_set(const network_set *built) {
    static const uint8_t lowest[16];
    uint8_t between[16];
    size_t step = set.count / 48 + 1;
    for (size_t i = 0; i < set.count; i += step) {
        const network *at = &set.networks[i];
        check_around(built, at->first);
        check_around(built, at->last);
        memcpy(between, at->last, 16);
        memcpy(between + 14, at->first + 14, 2);
        check_address(built, between);
    }
    check_around(built, lowest);
}

/* ---- messages ----------------------------------------------------------------------------------- */

/* Whether a message ends with " at byte N", N at most the length of the line; or the line is too long. */
static bool names_a_byte(const char *message, size_t len, size_t line_len) {
    size_t digits = 0;
    while (digits < len && strchr("0123456789", message[len - 1 - digits]))
        digits++;
    const char *number = message + len - digits;
    static const char words[] = " at byte ";
    size_t before = sizeof words - 1;
    if (digits == 0 || len < digits + before || memcmp(number - before, words, before) != 0)
        return line_len >= MAX_LINE;
    return strtoul(number, NULL, 10) <= line_len;
}

/* One line of printable ASCII that starts with the prefix. */
static void check_message(const captured *errors, const char *prefix, slice line) {
    size_t len = strlen(prefix);
    bool ok = errors->len > len && memcmp(errors->text, prefix, len) == 0;
    for (size_t i = 0; ok && i + 1 < errors->len; i++)
        ok = errors->text[i] >= ' ' && errors->text[i] <= '~';
    ok = ok && errors->text[errors->len - 1] == '\n' &&
         names_a_byte(errors->text, errors->len - 1, line.len);
    if (!ok)
        fail(errors->text, errors->len,
             "networks: the message does not start with \"%s\", or names no byte of the %zu of "
             "the line",
             prefix, line.len);
}

static void check_reading(bool ok, const captured *errors, const char *name, slice text) {
    char prefix[64];
    slice line = {0};
    size_t wrong = read_list(text, &line);
    if (ok != (wrong == 0))
        fail(text.text, text.len, "networks: the list is %s, and its line %zu is %s",
             ok ? "accepted" : "rejected", wrong, wrong ? "invalid" : "valid");
    if (ok && errors->size > 0)
        fail(errors->text, errors->len, "networks: a message about a valid list");
    snprintf(prefix, sizeof prefix, "simdinet: %s:%zu: ", name, wrong);
    if (!ok)
        check_message(errors, prefix, line);
}

/* ---- files and arguments ------------------------------------------------------------------------ */

static void read_as_file(network_set *built, slice text, const char *name,
                         const input_delivery *how) {
    captured out, errors;
    fake_begin(text.text, text.len, how);
    bool ok = network_set_add_file(built, name);
    fake_end(&out, &errors);
    /* The reference parser does not decompress. */
    if (looks_compressed(text.text, text.len))
        return;
    check_reading(ok, &errors, strcmp(name, "-") ? name : "(standard input)", text);
    if (!network_set_build(built))
        abort();
    if (ok)
        check_set(built);
}

static void read_as_argument(network_set *built, slice text, const input_delivery *how) {
    captured out, errors;
    text.len = strnlen(text.text, text.len);
    char *argument = area_at_end(0, text.len + 1);
    memcpy(argument, text.text, text.len);
    argument[text.len] = '\0';
    fake_begin(NULL, 0, how);
    bool ok = network_set_add_argument(built, argument);
    fake_end(&out, &errors);
    set.count = 0;
    bool right = read_network(text, &set.networks[0]);
    set.count = right;
    if (ok != right)
        fail(text.text, text.len, "networks: the argument is %s", ok ? "accepted" : "rejected");
    if (!right)
        check_message(&errors, "simdinet: invalid network '", text);
    if (!network_set_build(built))
        abort();
    check_set(built);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned choices = take_byte(&in);
    input_delivery how = {.pipe = choices & 1, .step = take_byte(&in) % 64};
    if (in.size > LARGEST || in.size == 0)
        return 0;
    network_set *built = network_set_new();
    if (!built)
        return 0;
    slice text = {(const char *)in.data, in.size};
    if (choices & 4)
        read_as_argument(built, text, &how);
    else
        read_as_file(built, text, choices & 2 ? "input" : "-", &how);
    network_set_free(built);
    return 0;
}
