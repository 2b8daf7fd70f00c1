/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_networks.c - a list of networks as `simdinet grep -f` reads it: which addresses are in the set
 * against a look at one network after the other, read by other means; and which line is to blame.
 *
 * Input: a byte for the way in which the list arrives, a byte for the size of reads, the list.
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
    LINE_MOST = 256, /* of the command as it is built here */
    NETWORKS = LARGEST / 2 + 1
};

/* Both ends within, IPv4 as ::ffff:a.b.c.d: mapped networks are those of IPv4. */
typedef struct network {
    uint8_t first[16], last[16];
} network;

static struct {
    network networks[NETWORKS];
    size_t count;
} set;

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* ---- the list, read by other means -------------------------------------------------------------- */

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

/* The part before byte goes to *head, the rest behind it stays in *of; false: there is no such byte. */
static bool cut(slice *of, char byte, slice *head) {
    const char *at = of->len > 0 ? memchr(of->text, byte, of->len) : NULL;
    if (!at)
        return false;
    *head = (slice){of->text, (size_t)(at - of->text)};
    of->len -= head->len + 1;
    of->text = at + 1;
    return true;
}

/* inet_pton, and the family that the text is written in. */
static bool read_address(slice text, uint8_t out[16], family *f) {
    text = trim(text);
    *f = text.len > 0 && memchr(text.text, ':', text.len) ? IPV6 : IPV4;
    memcpy(out, mapped, sizeof mapped);
    return libc_parse(*f, text.text, text.len, *f == IPV4 ? out + 12 : out);
}

static bool read_length(slice text, unsigned most, unsigned *out) {
    text = trim(text);
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr("0123456789", text.text[i]) || text.text[i] == '\0')
            return false;
        *out = *out * 10 + (unsigned)(text.text[i] - '0');
        if (*out > most)
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

/* Returns the number of the first line that is wrong, from 1, and the line; or 0. */
static size_t read_list(slice text, slice *line) {
    slice said, comment;
    size_t number = 0;
    set.count = 0;
    while (text.len > 0) {
        number++;
        if (!cut(&text, '\n', line)) {
            *line = text;
            text.len = 0;
        }
        if (line->len >= LINE_MOST)
            return number;
        said = *line;
        if (cut(&said, '#', &comment))
            said = comment;
        if (cut(&said, ';', &comment))
            said = comment;
        said = trim(said);
        if (said.len > 0 && !read_network(said, &set.networks[set.count++]))
            return number;
    }
    return 0;
}

/* ---- questions ---------------------------------------------------------------------------------- */

static bool is_mapped(const uint8_t address[16]) {
    return memcmp(address, mapped, sizeof mapped) == 0;
}

/* An address that was written as IPv4 is in networks of IPv4 only, ::/0 is none of them. */
static bool within(const uint8_t address[16], bool written_as_ipv4) {
    for (size_t i = 0; i < set.count; i++) {
        const network *at = &set.networks[i];
        if (memcmp(at->first, address, 16) <= 0 && memcmp(address, at->last, 16) <= 0 &&
            (!written_as_ipv4 || (is_mapped(at->first) && is_mapped(at->last))))
            return true;
    }
    return false;
}

static void ask_one(const network_set *built, const simdinet_match *match, const uint8_t address[16]) {
    char text[INET6_ADDRSTRLEN];
    bool right = within(address, match->family == 4);
    if (network_set_contains(built, match) == right)
        return;
    inet_ntop(AF_INET6, address, text, sizeof text);
    fail(text, strlen(text), "networks: of %zu, the set %s this one, written as IPv%d", set.count,
         right ? "does not hold" : "holds", match->family);
}

static void ask(const network_set *built, const uint8_t address[16]) {
    simdinet_match match = {.family = 6};
    match.flags = is_mapped(address) ? SIMDINET_MATCH_MAPPED : 0;
    memcpy(match.address, address, 16);
    ask_one(built, &match, address);
    if (!is_mapped(address))
        return;
    match = (simdinet_match){.family = 4};
    memcpy(match.address, address + 12, 4);
    ask_one(built, &match, address);
}

/* An address and those beside it, around the ends of the space. */
static void ask_around(const network_set *built, const uint8_t address[16]) {
    uint8_t next[16], before[16];
    memcpy(next, address, 16);
    memcpy(before, address, 16);
    for (size_t i = 16; i-- > 0 && ++next[i] == 0;)
        ;
    for (size_t i = 16; i-- > 0 && before[i]-- == 0;)
        ;
    ask(built, address);
    ask(built, next);
    ask(built, before);
}

static void ask_set(const network_set *built) {
    static const uint8_t lowest[16];
    uint8_t between[16];
    size_t step = set.count / 48 + 1;
    for (size_t i = 0; i < set.count; i += step) {
        const network *at = &set.networks[i];
        ask_around(built, at->first);
        ask_around(built, at->last);
        memcpy(between, at->last, 16);
        memcpy(between + 14, at->first + 14, 2);
        ask(built, between);
    }
    ask_around(built, lowest);
}

/* ---- complaints --------------------------------------------------------------------------------- */

/* Whether a complaint ends with " at byte N", N no more than the bytes of its line; or with no such
 * words at all, for a line that is too long. */
static bool blames_a_byte(const char *complaint, size_t len, size_t line_len) {
    size_t digits = 0;
    while (digits < len && strchr("0123456789", complaint[len - 1 - digits]))
        digits++;
    const char *number = complaint + len - digits;
    static const char words[] = " at byte ";
    size_t before = sizeof words - 1;
    if (digits == 0 || len < digits + before || memcmp(number - before, words, before) != 0)
        return line_len >= LINE_MOST;
    return strtoul(number, NULL, 10) <= line_len;
}

/* One line of plain characters that begins with the place. */
static void check_complaint(const printed *errors, const char *place, slice line) {
    size_t len = strlen(place);
    bool good = errors->kept > len && memcmp(errors->text, place, len) == 0;
    for (size_t i = 0; good && i + 1 < errors->kept; i++)
        good = errors->text[i] >= ' ' && errors->text[i] <= '~';
    good = good && errors->text[errors->kept - 1] == '\n' &&
           blames_a_byte(errors->text, errors->kept - 1, line.len);
    if (!good)
        fail(errors->text, errors->kept,
             "networks: the complaint does not begin with \"%s\", or names no byte of the %zu that "
             "the line has",
             place, line.len);
}

static void check_reading(bool good, const printed *errors, const char *name, slice text) {
    char place[64];
    slice line = {0};
    size_t wrong = read_list(text, &line);
    if (good != (wrong == 0))
        fail(text.text, text.len, "networks: the list is %s, but its line %zu is %s",
             good ? "taken" : "refused", wrong, wrong ? "wrong" : "not (there is none)");
    if (good && errors->size > 0)
        fail(errors->text, errors->kept, "networks: a complaint about a list that was taken");
    snprintf(place, sizeof place, "simdinet: %s:%zu: ", name, wrong);
    if (!good)
        check_complaint(errors, place, line);
}

/* ---- the two ways in ---------------------------------------------------------------------------- */

static void read_as_file(network_set *built, slice text, const char *name, const arrival *how) {
    printed out, errors;
    fake_begin(text.text, text.len, how);
    bool good = network_set_add_file(built, name);
    fake_end(&out, &errors);
    /* Compressed lists are inflated: what is in them cannot be told here. */
    if (looks_packed(text.text, text.len))
        return;
    check_reading(good, &errors, strcmp(name, "-") ? name : "(standard input)", text);
    if (!network_set_build(built))
        abort();
    if (good)
        ask_set(built);
}

static void read_as_argument(network_set *built, slice text, const arrival *how) {
    printed out, errors;
    text.len = strnlen(text.text, text.len);
    char *argument = area_at_end(0, text.len + 1);
    memcpy(argument, text.text, text.len);
    argument[text.len] = '\0';
    fake_begin(NULL, 0, how);
    bool good = network_set_add_argument(built, argument);
    fake_end(&out, &errors);
    set.count = 0;
    bool right = read_network(text, &set.networks[0]);
    set.count = right;
    if (good != right)
        fail(text.text, text.len, "networks: the argument is %s", good ? "taken" : "refused");
    if (!right)
        check_complaint(&errors, "simdinet: invalid network '", text);
    if (!network_set_build(built))
        abort();
    ask_set(built);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned choices = take_byte(&in);
    arrival how = {.pipe = choices & 1, .step = take_byte(&in) % 64};
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
