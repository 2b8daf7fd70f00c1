/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_networks.c - a list of networks as `simdinet grep -f` reads it. Compares the set and the labels with a linear
 * search in networks parsed with inet_pton, and the line of an error message with that of the first invalid line.
 *
 * Input: a byte for the delivery, a byte for the size of reads, the list.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/network_labels.h"
#include "cli/network_list.h"
#include "cli/network_set.h"
#include "compress.h"
#include "fake_os.h"
#include "fuzz.h"

enum {
    LARGEST = 8 * 1024,
    MAX_LINE = 256, /* of the command with small buffers */
    NETWORKS = LARGEST + 2,
    MAX_LABELED = 100, /* with more networks, labels are not compared */
    CLASS_RANGES = 64
};

/* An inclusive range; IPv4 as ::ffff:a.b.c.d, so that mapped networks are those of IPv4. */
typedef struct slice {
    const char *text;
    size_t len;
} slice;

typedef struct network {
    uint8_t first[16], last[16];
    uint32_t classes; /* not 0: these classes, and no range */
    bool ipv6;        /* of labeled.networks */
    slice label;
} network;

static struct {
    network networks[NETWORKS];
    size_t count;
} set;

/* What the command builds from a list. */
typedef struct network_sets {
    network_set *set;
    network_labels *labels;
} network_sets;

static bool add_item(void *context, const network_item *item, const char *label, size_t len) {
    const network_sets *built = context;
    if (!network_set_add(built->set, item) || !network_labels_add(built->labels, item, label, len))
        abort();
    return true;
}

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* ---- the reference parser ----------------------------------------------------------------------- */

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
    *f = IPV4;
    for (size_t i = 0; i < text.len && text.text[i] != '.'; i++)
        if (text.text[i] == ':')
            *f = IPV6;
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

/* The number of 1 bits of a netmask. */
static bool read_netmask(slice text, unsigned *out) {
    uint8_t address[16];
    family f;
    uint32_t bits = 0;
    if (!read_address(text, address, &f) || f != IPV4)
        return false;
    for (size_t i = 12; i < 16; i++)
        bits = bits << 8 | address[i];
    *out = (unsigned)__builtin_popcount(bits);
    return *out == 0 || bits == UINT32_MAX << (32 - *out);
}

static bool read_network(slice text, network *out) {
    slice head;
    family f, other;
    unsigned length;
    *out = (network){.classes = 0};
    text = trim(text);
    out->classes = simdinet_class_by_name(text.text, text.len);
    if (out->classes)
        return true;
    if (cut(&text, '/', &head)) {
        if (!read_address(head, out->first, &f) ||
            !(read_length(text, f == IPV4 ? 32 : 128, &length) ||
              (f == IPV4 && read_netmask(text, &length))))
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

/* ---- the reference reader of lines -------------------------------------------------------------- */

static bool is_separator(char c) {
    return c == ',' || c == ' ' || c == '\t' || c == '\r';
}

static slice rest_from(slice of, size_t at) {
    return (slice){of.text + at, of.len - at};
}

/* Where the word at an offset ends. */
static size_t word_end(slice of, size_t at) {
    while (at < of.len && !is_separator(of.text[at]))
        at++;
    return at;
}

/* Words are one item if only blanks are between them, and "-" or "/" is at the end of one or the start of the other. */
static size_t item_end(slice of, size_t at) {
    for (;;) {
        size_t end = word_end(of, at), next = end;
        while (next < of.len && of.text[next] != ',' && is_separator(of.text[next]))
            next++;
        if (next == of.len || of.text[next] == ',')
            return end;
        bool joined = of.text[next] == '-' || of.text[next] == '/' ||
                      (end > 0 && (of.text[end - 1] == '-' || of.text[end - 1] == '/'));
        if (!joined)
            return end;
        at = next;
    }
}

/* A word after a comma is an item if it is a class, or of the characters of addresses with "." or ":" in it. */
static bool is_item(slice word) {
    bool address = false;
    for (size_t i = 0; i < word.len; i++)
        address |= word.text[i] == '.' || word.text[i] == ':';
    for (size_t i = 0; i < word.len; i++)
        address &= word.text[i] != '\0' && strchr("0123456789abcdefABCDEF.:/-", word.text[i]);
    return address || simdinet_class_by_name(word.text, word.len) != 0;
}

static bool add_items(slice items, slice label) {
    slice head;
    size_t first = set.count;
    bool more;
    do {
        more = cut(&items, ',', &head);
        if (!read_network(more ? head : items, &set.networks[set.count])) {
            set.count = first;
            return false;
        }
        set.networks[set.count++].label = label;
    } while (more);
    return true;
}

/* "10.0.0.0 255.0.0.0" */
static bool add_with_netmask(slice items, slice label) {
    char text[40];
    unsigned length;
    network *out = &set.networks[set.count];
    if (items.len > 15 || label.len > 15 || !libc_parse(IPV4, label.text, label.len, out->first) ||
        !read_netmask(label, &length) || length == 0)
        return false;
    int n = snprintf(text, sizeof text, "%.*s/%.*s", (int)items.len, items.text, (int)label.len,
                     label.text);
    if (memchr(items.text, '\0', items.len) || !read_network((slice){text, (size_t)n}, out))
        return false;
    out->label = (slice){"", 0};
    set.count++;
    return true;
}

static bool read_line(slice of) {
    size_t at = 0, end;
    slice label = {"", 0};
    for (;;) {
        end = item_end(of, at);
        slice rest = trim(rest_from(of, end));
        bool comma = rest.len > 0 && rest.text[0] == ',';
        if (rest.len == 0)
            break;
        if (comma)
            rest = trim(rest_from(rest, 1));
        at = of.len - rest.len;
        if (comma && is_item((slice){rest.text, word_end(rest, 0)}))
            continue;
        label = rest;
        break;
    }
    slice items = {of.text, end};
    return (label.len > 0 && add_with_netmask(items, label)) || add_items(items, label);
}

/* Returns the number of the first invalid line, from 1, and the line; or 0. */
static size_t read_list(slice text, bool skip_invalid, slice *line) {
    slice text_of_line, comment;
    size_t number = 0;
    set.count = 0;
    while (text.len > 0) {
        number++;
        if (!cut(&text, '\n', line)) {
            *line = text;
            text.len = 0;
        }
        if (number == 1 && line->len >= 3 && memcmp(line->text, "\xef\xbb\xbf", 3) == 0)
            *line = rest_from(*line, 3);
        bool ok = line->len < MAX_LINE;
        text_of_line = *line;
        if (cut(&text_of_line, '#', &comment))
            text_of_line = comment;
        if (cut(&text_of_line, ';', &comment))
            text_of_line = comment;
        text_of_line = trim(text_of_line);
        ok = ok && (text_of_line.len == 0 || read_line(text_of_line));
        if (!ok && !skip_invalid)
            return number;
    }
    return 0;
}

/* ---- lookups ------------------------------------------------------------------------------------ */

static bool is_mapped(const uint8_t address[16]) {
    return memcmp(address, mapped, sizeof mapped) == 0;
}

static bool holds(const network *at, const uint8_t address[16]) {
    return memcmp(at->first, address, 16) <= 0 && memcmp(address, at->last, 16) <= 0;
}

static bool is_ipv4(const network *at) {
    return is_mapped(at->first) && is_mapped(at->last);
}

/* An IPv4 address is in networks of IPv4 only, not in ::/0. */
static bool within(const simdinet_match *match, const uint8_t address[16]) {
    for (size_t i = 0; i < set.count; i++) {
        const network *at = &set.networks[i];
        if (at->classes ? (simdinet_classify(match->address, match->family) & at->classes) != 0
                        : holds(at, address) && (match->family == 6 || is_ipv4(at)))
            return true;
    }
    return false;
}

/* The networks with classes replaced by their ranges. */
static struct {
    network networks[MAX_LABELED * CLASS_RANGES];
    size_t count;
} labeled;

static bool add_labeled(void *context, const network_range *range) {
    const network *class = context;
    network *to = &labeled.networks[labeled.count++];
    *to = (network){.label = {simdinet_class_name(class->classes), 0}};
    to->label.len = strlen(to->label.text);
    memcpy(to->first, mapped, 12);
    memcpy(to->last, mapped, 12);
    memcpy(to->first + (range->ipv6 ? 0 : 12), range->first, range->ipv6 ? 16 : 4);
    memcpy(to->last + (range->ipv6 ? 0 : 12), range->last, range->ipv6 ? 16 : 4);
    to->ipv6 = range->ipv6;
    return true;
}

static void list_labeled(void) {
    labeled.count = 0;
    for (size_t i = 0; i < set.count; i++)
        if (set.networks[i].classes)
            network_class_ranges(set.networks[i].classes, add_labeled, &set.networks[i]);
        else {
            labeled.networks[labeled.count] = set.networks[i];
            labeled.networks[labeled.count++].ipv6 = !is_ipv4(&set.networks[i]);
        }
}

/* The number of addresses of a network, less one. */
static void subtract_first(const network *from, uint8_t size[16]) {
    int borrow = 0;
    for (size_t i = 16; i-- > 0;) {
        int byte = from->last[i] - from->first[i] - borrow;
        borrow = byte < 0;
        size[i] = (uint8_t)byte;
    }
}

/* The network of a family with the fewest addresses, of equal ones the last. */
static const network *smallest(const uint8_t address[16], bool ipv6) {
    const network *found = NULL;
    uint8_t size[16], least[16];
    for (size_t i = 0; i < labeled.count; i++) {
        const network *at = &labeled.networks[i];
        if (at->ipv6 != ipv6 || !holds(at, address))
            continue;
        subtract_first(at, size);
        if (!found || memcmp(size, least, 16) <= 0) {
            found = at;
            memcpy(least, size, 16);
        }
    }
    return found;
}

static void check_label(const network_labels *labels, const simdinet_match *match,
                        const uint8_t address[16]) {
    char text[INET6_ADDRSTRLEN];
    const network *right = is_mapped(address) ? smallest(address, false) : NULL;
    if (!right && match->family == 6)
        right = smallest(address, true);
    network_label label;
    bool found = network_labels_find(labels, match->address, match->family == 6, &label);
    if (found == (right != NULL) &&
        (!found || (label.label_len == right->label.len &&
                    memcmp(label.label, right->label.text, label.label_len) == 0 &&
                    memcmp(label.range.first, right->first + (label.range.ipv6 ? 0 : 12),
                           label.range.ipv6 ? 16 : 4) == 0)))
        return;
    inet_ntop(AF_INET6, address, text, sizeof text);
    fail(text, strlen(text), "networks: another label or network of this IPv%d address",
         match->family);
}

static void check_one(const network_sets *built, const simdinet_match *match,
                      const uint8_t address[16]) {
    char text[INET6_ADDRSTRLEN];
    bool right = within(match, address);
    if (set.count <= MAX_LABELED)
        check_label(built->labels, match, address);
    if (network_set_contains(built->set, match) == right)
        return;
    inet_ntop(AF_INET6, address, text, sizeof text);
    fail(text, strlen(text), "networks: the set of %zu %s this IPv%d address", set.count,
         right ? "lacks" : "contains", match->family);
}

static void check_address(const network_sets *built, const uint8_t address[16]) {
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
static void check_around(const network_sets *built, const uint8_t address[16]) {
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

static void check_set(const network_sets *built) {
    static const uint8_t lowest[16];
    uint8_t between[16];
    size_t step = set.count / 48 + 1;
    if (set.count <= MAX_LABELED)
        list_labeled();
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

/* Whether a message ends with " at byte N", N at most the length of the line, and a hint; or the line is too long. */
static bool names_a_byte(const char *message, size_t len, size_t line_len) {
    size_t digits = 0;
    if (len > 0 && message[len - 1] == ')')
        while (len > 1 && memcmp(message + len - 1, " (", 2) != 0)
            len--;
    len -= len > 0 && message[len - 1] == ' ';
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

static void check_reading(bool ok, const captured *errors, const char *name, slice text,
                          bool skip_invalid) {
    char prefix[64];
    slice line = {0};
    size_t wrong = read_list(text, skip_invalid, &line);
    if (ok != (wrong == 0))
        fail(text.text, text.len, "networks: the list is %s, and its line %zu is %s",
             ok ? "accepted" : "rejected", wrong, wrong ? "invalid" : "valid");
    if (ok && errors->size > 0 && !skip_invalid)
        fail(errors->text, errors->len, "networks: a message about a valid list");
    snprintf(prefix, sizeof prefix, "simdinet: %s:%zu: ", name, wrong);
    if (!ok)
        check_message(errors, prefix, line);
}

/* ---- files and arguments ------------------------------------------------------------------------ */

static void build(const network_sets *built) {
    if (!network_set_build(built->set) || !network_labels_build(built->labels))
        abort();
}

/* Whether the command reads the bytes as they are: neither compressed nor UTF-16, which the reference is not able to. */
static bool is_plain_text(slice text) {
    if (text.len >= 3 && memcmp(text.text, "\xef\xbb\xbf", 3) == 0)
        text = rest_from(text, 3);
    for (size_t i = 0; i < text.len; i++)
        if (text.text[i] == '\0' || (i < 4 && !strchr("\t\n\r", text.text[i]) &&
                                     (text.text[i] < ' ' || text.text[i] > '~')))
            return false;
    return !(text.len >= 3 && memcmp(text.text, "BZh", 3) == 0) &&
           !(text.len >= 4 && memcmp(text.text, "LZIP", 4) == 0);
}

static void read_as_file(network_sets *built, slice text, const char *name,
                         const input_delivery *how, bool skip_invalid) {
    captured out, errors;
    fake_begin(text.text, text.len, how);
    bool ok = network_read_file(name, skip_invalid, add_item, built);
    fake_end(&out, &errors);
    if (!is_plain_text(text))
        return;
    check_reading(ok, &errors, strcmp(name, "-") ? name : "(standard input)", text, skip_invalid);
    build(built);
    if (ok)
        check_set(built);
}

static void read_as_argument(network_sets *built, slice text, const input_delivery *how) {
    captured out, errors;
    text.len = strnlen(text.text, text.len);
    char *argument = area_at_end(0, text.len + 1);
    memcpy(argument, text.text, text.len);
    argument[text.len] = '\0';
    fake_begin(NULL, 0, how);
    bool ok = network_read_argument(argument, add_item, built);
    fake_end(&out, &errors);
    set.count = 0;
    bool right = add_items(text, (slice){"", 0});
    if (ok != right)
        fail(text.text, text.len, "networks: the argument is %s", ok ? "accepted" : "rejected");
    if (!right)
        check_message(&errors, "simdinet: invalid network '", text);
    build(built);
    check_set(built);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned choices = take_byte(&in);
    input_delivery how = {.pipe = choices & 1, .step = take_byte(&in) % 64};
    if (in.size > LARGEST || in.size == 0)
        return 0;
    network_sets built = {network_set_new(), network_labels_new()};
    if (!built.set || !built.labels)
        abort();
    slice text = {(const char *)in.data, in.size};
    if (choices & 4)
        read_as_argument(&built, text, &how);
    else
        read_as_file(&built, text, choices & 2 ? "input" : "-", &how, choices & 8);
    network_set_free(built.set);
    network_labels_free(built.labels);
    return 0;
}
