/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simdinet_scan for every implementation: literal cases, labelled lines, and the slow reference on
 * random texts.
 */
#include "harness/support.h"
#include "scan_expected.h"
#include "scan_lines.h"
#include "scan_random.h"
#include "scan_vectors.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 4096, MATCHES = TEXT_SIZE };

/* ---- literal cases ------------------------------------------------------------------------------ */

/* With line ends before and after it, which have the effect of the ends of the text. */
static void check_vector(const char *impl, size_t i, size_t around) {
    enum { MAX_AROUND = 192 };
    const scan_vector *vector = &scan_vectors[i];
    char text[SCAN_VECTOR_TEXT_SIZE + 2 * MAX_AROUND];
    const size_t size = vector->len + 2 * around;
    simdinet_match matches[SCAN_VECTOR_MATCHES];
    char got[SCAN_VECTOR_TEXT_SIZE];
    size_t n;
    cr_assert(vector->len <= SCAN_VECTOR_TEXT_SIZE && around <= MAX_AROUND);
    memset(text, '\n', size);
    memcpy(text + around, vector->text, vector->len);
    size_t end = simdinet_scan(text, 0, size, vector->flags, matches, sizeof(simdinet_match),
                               SCAN_VECTOR_MATCHES, &n);
    for (size_t k = 0; k < n && k < SCAN_VECTOR_MATCHES; k++)
        matches[k].offset -= around;
    bool right = scan_vector_write(vector, matches, n, got);
    cr_expect_eq(end, size, "implementation %s, case %zu: not all is consumed", impl, i);
    cr_expect(right && strcmp(got, vector->expected) == 0,
              "implementation %s, case %zu, \"%s\" with flags 0x%02x, %zu line ends around:\n"
              "  expected %s\n  found    %s",
              impl, i, vector->text, vector->flags, around, vector->expected, got);
}

/* Near the ends of a text the engine verifies, elsewhere the kernel, at 64 positions in a block. */
static void check_vectors(const char *impl) {
    for (size_t i = 0; i < scan_vector_count; i++) {
        check_vector(impl, i, 0);
        for (size_t around = 128; around < 192; around++)
            check_vector(impl, i, around);
    }
}

Test(scan, agrees_with_every_vector) {
    with_each_implementation(check_vectors);
}

/* ---- labelled lines ----------------------------------------------------------------------------- */

static void check_line(const char *impl, const scan_line *line, size_t around) {
    char text[2 * 192 + SCAN_LINE_SIZE], got[SCAN_LINE_SIZE];
    simdinet_match matches[SCAN_LINE_MATCHES];
    size_t n;
    memset(text, '\n', line->len + 2 * around);
    memcpy(text + around, line->text, line->len);
    simdinet_scan(text, 0, line->len + 2 * around, 0, matches, sizeof matches[0], SCAN_LINE_MATCHES,
                  &n);
    scan_line_write(text, matches, n, got);
    cr_expect_str_eq(got, line->expected,
                     "implementation %s, line %zu, rule \"%s\", \"%s\":\n"
                     "  expected %s\n  found    %s",
                     impl, line->number, line->rule, show(line->text, line->len), line->expected,
                     got);
}

static void check_lines(const char *impl) {
    scan_line line;
    size_t n = 0;
    FILE *file = fopen(SCAN_LINES, "r");
    cr_assert(file, "%s cannot be read", SCAN_LINES);
    while (scan_line_read(file, &line)) {
        check_line(impl, &line, 0);
        for (size_t around = 128; around < 192; around++)
            check_line(impl, &line, around);
        n++;
    }
    cr_expect(n >= 300, "%zu lines", n);
    fclose(file);
}

Test(scan, agrees_with_every_labelled_line) {
    with_each_implementation(check_lines);
}

/* ---- random texts ----------------------------------------------------------------------------- */

static simdinet_match expected[MATCHES], found[MATCHES];

static void check_random_texts(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 1;
    for (size_t round = 0; round < repetitions_or(20000, 1000); round++) {
        const size_t len = hostile_text(text, 1 + random_below(round % 16 ? 200 : TEXT_SIZE));
        const origin from = {impl, round, random_flags(), text, len};
        check_text(&from, expected, found, MATCHES);
    }
    free(text);
}

Test(scan, agrees_with_the_reference_on_hostile_texts) {
    with_each_implementation(check_random_texts);
}

/* ---- rejected candidates ------------------------------------------------------------------------ */

/* Moves the rejected candidates to others, and returns how many matches are left. */
static size_t split_rejected(simdinet_match *matches, size_t n, simdinet_match *others,
                             size_t *others_n) {
    size_t left = 0;
    *others_n = 0;
    for (size_t i = 0; i < n; i++) {
        if (matches[i].flags & SIMDINET_MATCH_REJECTED)
            others[(*others_n)++] = matches[i];
        else
            matches[left++] = matches[i];
    }
    return left;
}

/* Each rejected candidate is in one of the reference's, with its rule, and has no address. Both are sorted
 * by offset. */
static void check_rejected(const origin *from, const simdinet_match *rejected, size_t n) {
    static simdinet_match wanted[MATCHES];
    const size_t wanted_n = scan_expected_rejected(
        from->text, from->len, from->flags & ~SIMDINET_SCAN_RECALL, wanted, MATCHES);
    for (size_t i = 0; i < n; i++) {
        const simdinet_match *r = &rejected[i];
        static const uint8_t none[sizeof r->address];
        char got[160];
        size_t k = 0;
        while (k < wanted_n && (wanted[k].family != r->family || wanted[k].rule != r->rule ||
                                wanted[k].offset > r->offset ||
                                wanted[k].offset + wanted[k].length < r->offset + r->length))
            k++;
        describe_match(got, rejected, n, i);
        cr_assert(k < wanted_n && (r->flags & ~SIMDINET_MATCH_DEFANGED) == SIMDINET_MATCH_REJECTED,
                  "implementation %s, round %zu, flags 0x%05x: not rejected by the reference: %s,\n"
                  "  \"%.*s\" in\n  \"%s\"",
                  from->impl, from->round, from->flags, got, (int)r->length, from->text + r->offset,
                  show(from->text + (r->offset < 40 ? 0 : r->offset - 40),
                       from->len - (r->offset < 40 ? 0 : r->offset - 40)));
        cr_assert_arr_eq(r->address, none, sizeof none, "implementation %s, round %zu", from->impl,
                         from->round);
    }
}

/* REJECTED adds candidates, and changes nothing about the matches: all of them go through every rule
 * there, so it also shows that no kernel contradicts the rules. */
static void check_rejected_texts(const char *impl) {
    static simdinet_match rejected[MATCHES];
    char *text = malloc(TEXT_SIZE);
    random_state = 7;
    for (size_t round = 0; round < repetitions_or(20000, 1000); round++) {
        const size_t len = hostile_text(text, 1 + random_below(round % 16 ? 200 : TEXT_SIZE));
        const origin from = {impl, round, random_flags(), text, len};
        size_t plain_n, n, rejected_n;
        simdinet_scan(text, 0, len, from.flags, expected, sizeof expected[0], MATCHES, &plain_n);
        simdinet_scan(text, 0, len, from.flags | SIMDINET_SCAN_REJECTED, found, sizeof found[0],
                      MATCHES, &n);
        n = split_rejected(found, n, rejected, &rejected_n);
        check_matches(&from, 0, expected, plain_n, found, n);
        if (!(from.flags & (SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6 | SIMDINET_SCAN_RECALL)))
            check_rejected(&from, rejected, rejected_n);
    }
    free(text);
}

Test(scan, lists_what_the_rules_reject_beside_the_same_matches) {
    with_each_implementation(check_rejected_texts);
}

/* The run is rejected for the word before it; its last four numbers are an address. */
static void check_quad_of_rejected(const char *impl) {
    const char text[] = "22000F1:2:3:4:5:6:1.2.3.4";
    simdinet_match matches[4];
    size_t n;
    simdinet_scan(text, 0, strlen(text), SIMDINET_SCAN_REJECTED, matches, sizeof matches[0], 4, &n);
    cr_assert_eq(n, 1, "implementation %s: %zu matches", impl, n);
    cr_expect(matches[0].flags == 0 && matches[0].offset == 18 && matches[0].length == 7);
}

Test(scan, keeps_the_address_at_the_end_of_a_rejected_run) {
    with_each_implementation(check_quad_of_rejected);
}

/* With RECALL every match of a scan without it is there, or overlaps a candidate before it. */
static void check_recall(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 8;
    for (size_t round = 0; round < repetitions_or(20000, 1000); round++) {
        const size_t len = hostile_text(text, 1 + random_below(200));
        size_t plain_n, n, k = 0;
        simdinet_scan(text, 0, len, 0, expected, sizeof expected[0], MATCHES, &plain_n);
        simdinet_scan(text, 0, len, SIMDINET_SCAN_RECALL, found, sizeof found[0], MATCHES, &n);
        for (size_t i = 0; i < plain_n; i++) {
            while (k < n && found[k].offset + found[k].length <= expected[i].offset)
                k++;
            cr_assert(k < n && (same_match(&found[k], &expected[i], 0) ||
                                (found[k].flags & SIMDINET_MATCH_DOUBTFUL &&
                                 found[k].offset < expected[i].offset + expected[i].length)),
                      "implementation %s, round %zu: recall loses the match at %zu of \"%s\"", impl,
                      round, expected[i].offset, show(text, len));
        }
    }
    free(text);
}

/* Runs of pairs of digits, which RECALL passes over where they have no address, amid a longer text. */
static void check_pairs(const char *impl) {
    static const char *const before[] = {
        "",  " ", "=", "MAC=", "%", "%3", "\\x",  "\\", "[",     "\033[", ".",    "7.", "g",
        "a", "_", ":", "::",   ";", "1;", "key:", "-",  "12:34", "\\u",   "%253", "*>i"};
    static const char *const after[] = {"",   " ",  "\n",   ".",  ".7",      ".1.2.3", ":",
                                        "::", ":1", "g",    "_",  "f",       "/",      "%",
                                        "-",  ",",  "]:80", ".5", ":1.2.3.4"};
    enum { LEN = 640 };
    char text[LEN], piece[256];
    simdinet_match wanted[LEN], got[LEN];
    random_state = 18;
    for (size_t round = 0; round < repetitions_or(60000, 4000); round++) {
        origin from = {impl, round, 0, text, 0};
        const size_t groups = 4 + random_below(44),
                     odd = random_below(8) ? SIZE_MAX : random_below(groups);
        from.flags = SIMDINET_SCAN_RECALL | (random_below(2) ? SIMDINET_SCAN_EUI64 : 0) |
                     (random_below(4) ? 0 : random_flags() & ~SIMDINET_SCAN_REJECTED);
        size_t len = 0;
        memset(text, 'x', LEN);
        for (size_t i = 0; i < LEN; i += 1 + random_below(40))
            text[i] = ' ';
        len += (size_t)snprintf(piece + len, sizeof piece, "%s",
                                before[random_below(sizeof before / sizeof *before)]);
        for (size_t i = 0; i < groups; i++)
            len += (size_t)snprintf(piece + len, sizeof piece - len, i == odd ? "%s%x" : "%s%02x",
                                    i ? ":" : "", (unsigned)random_below(256));
        len += (size_t)snprintf(piece + len, sizeof piece - len, "%s",
                                after[random_below(sizeof after / sizeof *after)]);
        memcpy(text + (random_below(4) ? 200 : random_below(200)), piece, len);
        from.len = random_below(4) ? LEN : 200 + len + random_below(180);
        check_text(&from, wanted, got, LEN);
    }
}

Test(scan, recall_passes_over_pairs_without_an_address) {
    with_each_implementation(check_pairs);
}

Test(scan, recall_keeps_every_match) {
    with_each_implementation(check_recall);
}

Test(scan, names_every_rule) {
    static const char *const names[] = {"none",         "word-before",      "word-after",
                                        "dotted-run",   "invalid-ipv4",     "colon-hex",
                                        "invalid-ipv6", "hardware-address", "bare-unspecified"};
    for (int rule = -1; rule < 12; rule++)
        cr_expect_str_eq(simdinet_scan_rule_name((simdinet_scan_rule)rule),
                         rule >= 0 && rule < 9 ? names[rule] : "unknown");
}
