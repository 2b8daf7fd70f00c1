/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * SIMDINET_SCAN_DEFANGED for every implementation: labelled lines at many offsets, texts without a
 * separator, and dense ones in every cut and with every capacity. test_scan and test_scan_cuts have
 * the flag among their random ones.
 */
#include "harness/support.h"
#include "scan_expected.h"
#include "scan_lines.h"
#include "scan_random.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if !defined(CUT_STEP)
#    define CUT_STEP 1
#endif

enum { TEXT_SIZE = 6000, MATCHES = TEXT_SIZE };

static simdinet_match expected[MATCHES], found[MATCHES];

/* ---- labelled lines ----------------------------------------------------------------------------- */

enum { MAX_AROUND = 4200 };

/* With bytes before and after it, among which no address stands. */
static void check_line(const char *impl, const scan_line *line, const char *around, size_t before,
                       size_t after) {
    static char text[2 * MAX_AROUND + SCAN_LINE_SIZE];
    char got[SCAN_LINE_SIZE];
    simdinet_match matches[SCAN_LINE_MATCHES];
    size_t n, len = 0;
    for (; len < before; len++)
        text[len] = around[(before - len) % strlen(around)];
    memcpy(text + len, line->text, line->len);
    len += line->len;
    for (size_t i = 0; i < after; i++)
        text[len++] = around[i % strlen(around)];
    cr_expect_eq(simdinet_scan(text, 0, len, SIMDINET_SCAN_DEFANGED, matches, sizeof matches[0],
                               SCAN_LINE_MATCHES, &n),
                 len);
    scan_line_write(text, matches, n, got);
    cr_expect_str_eq(got, line->expected,
                     "implementation %s, line %zu, %s, \"%s\" after %zu bytes:\n"
                     "  expected %s\n  found    %s",
                     impl, line->number, line->rule, show(line->text, line->len), before,
                     line->expected, got);
}

static void check_lines(const char *impl) {
    scan_line line;
    size_t n = 0;
    FILE *file = fopen(SCAN_DEFANGED, "r");
    cr_assert(file, "%s cannot be read", SCAN_DEFANGED);
    for (; scan_line_read(file, &line); n++) {
        check_line(impl, &line, "\n", 0, 0);
        check_line(impl, &line, "\n", 200, 200);
        /* Positions past a block of text, and past one that is full of separators. */
        for (size_t before = 1800; before < 2100; before += brief() ? 37 : 1)
            check_line(impl, &line, "\n", before, MAX_AROUND - before);
        for (size_t before = 900; before < 1100; before += brief() ? 37 : 2)
            check_line(impl, &line, "\n\\.", before, 200);
    }
    cr_expect(n >= 60, "%zu lines", n);
    fclose(file);
}

Test(scan_defanged, agrees_with_every_labelled_line) {
    with_each_implementation(check_lines);
}

/* ---- texts without a separator ------------------------------------------------------------------ */

static void check_plain_texts(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 21;
    for (size_t round = 0; round < repetitions_or(2000, 100); round++) {
        const size_t len = hostile_text(text, 1 + random_below(round % 16 ? 300 : TEXT_SIZE));
        for (size_t i = 0; i < len; i++)
            if (strchr("[](){}\\", text[i] ? text[i] : ' '))
                text[i] = ' ';
        const unsigned flags = random_flags() & ~SIMDINET_SCAN_DEFANGED;
        const origin from = {impl, round, flags, text, len};
        size_t n, found_n;
        simdinet_scan(text, 0, len, flags, expected, sizeof expected[0], MATCHES, &n);
        simdinet_scan(text, 0, len, flags | SIMDINET_SCAN_DEFANGED, found, sizeof found[0], MATCHES,
                      &found_n);
        check_matches(&from, 0, expected, n, found, found_n);
    }
    free(text);
}

Test(scan_defanged, changes_nothing_in_a_text_without_separators) {
    with_each_implementation(check_plain_texts);
}

/* ---- dense texts -------------------------------------------------------------------------------- */

/* Addresses with a separator of any spelling between any two numbers, and broken ones. */
static size_t dense_text(char *text, size_t size) {
    static const char *const pieces[] = {
        ".",    "[.]",  "(.)",  "{.}",   "[dot]",   "(Dot)",   "{DOT}", "\\.", "[.",
        ".]",   "(.",   ".)",   "{.",    ".}",      ":",       "[:]",   "(:)", "{:}",
        "::",   "[:]:", "[::]", "(::)",  "[colon]", "{colon}", "[",     "]",   "(",
        "dot]", "[do",  "\\",   "[[.]]", " ",       "\n",      " > ",   "192", "0",
        "2",    "255",  "2001", "db8",   "ffff",    "1",       "58340",
    };
    size_t len = 0;
    while (len + 16 < size) {
        const char *piece = pieces[random_below(sizeof pieces / sizeof *pieces)];
        if (random_below(3) == 0) {
            /* Four numbers and one kind of separator. */
            const char *separator = pieces[random_below(14)];
            char address[64];
            const int n = snprintf(address, sizeof address, "10%s0%s%zu%s1 ", separator, separator,
                                   random_below(300), separator);
            if (len + (size_t)n > size)
                break;
            memcpy(text + len, address, (size_t)n);
            len += (size_t)n;
        } else {
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
    }
    return len;
}

static void check_dense_texts(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 22;
    size_t sum = 0;
    for (size_t round = 0; round < repetitions_or(2000, 100); round++) {
        const size_t len = dense_text(text, 17 + random_below(round % 8 ? 300 : TEXT_SIZE - 17));
        const origin from = {impl, round, random_flags() | SIMDINET_SCAN_DEFANGED, text, len};
        sum += check_text(&from, expected, found, MATCHES);
    }
    cr_expect(sum > 100, "%zu matches", sum);
    free(text);
}

Test(scan_defanged, agrees_with_the_reference_on_dense_texts) {
    with_each_implementation(check_dense_texts);
}

/* One cut at every byte; what precedes the context of the second part is not there. */
static void check_every_cut(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 23;
    const size_t len = dense_text(text, TEXT_SIZE);
    const unsigned flags = SIMDINET_SCAN_DEFANGED;
    const origin from = {impl, 0, flags, text, len};
    const size_t all = scan_expected(text, len, flags, expected, MATCHES);
    for (size_t cut = 0; cut <= len; cut += brief() ? 499 : CUT_STEP) {
        size_t before, after;
        char *part = malloc(cut + 1);
        memcpy(part, text, cut);
        const size_t reached = simdinet_scan(part, 0, cut, flags | SIMDINET_SCAN_PARTIAL, found,
                                             sizeof found[0], MATCHES, &before);
        cr_assert(cut - reached <= SIMDINET_SCAN_DEFANGED_CONTEXT, "%zu of %zu", reached, cut);
        free(part);
        const size_t base =
            reached > SIMDINET_SCAN_DEFANGED_CONTEXT ? reached - SIMDINET_SCAN_DEFANGED_CONTEXT : 0;
        part = malloc(len - base + 1);
        memcpy(part, text + base, len - base);
        cr_assert_eq(simdinet_scan(part, reached - base, len - base, flags, found + before,
                                   sizeof found[0], MATCHES - before, &after),
                     len - base);
        free(part);
        for (size_t i = before; i < before + after; i++)
            found[i].offset += base;
        check_matches(&from, 0, expected, all, found, before + after);
    }
    free(text);
}

Test(scan_defanged, does_not_depend_on_cuts) {
    with_each_implementation(check_every_cut);
}

/* Every capacity; every call ends at the first match that it does not store. */
static void check_capacities_of(const char *impl, const char *text, size_t len, unsigned flags) {
    const size_t n = scan_expected(text, len, flags, expected, MATCHES);
    for (size_t capacity = 0; capacity <= n + 1; capacity += brief() ? 29 : 1) {
        const origin from = {impl, capacity, flags, text, len};
        size_t start = 0, found_n = 0, got;
        do {
            const size_t end = simdinet_scan(text, start, len, flags, found + found_n,
                                             sizeof found[0], capacity, &got);
            found_n += got;
            cr_assert_eq(end, found_n < n ? expected[found_n].offset : len,
                         "capacity %zu, from %zu", capacity, start);
            start = end;
        } while (start < len && capacity);
        if (capacity)
            check_matches(&from, 0, expected, n, found, found_n);
    }
}

/* Doubtful addresses may begin within "[::]", between its colons. */
static void check_capacities(const char *impl) {
    static const char within[] = "1::2[::][:]192.0.2.1 12::30{::}[colon]192.0.2.1 1::2[::]:7";
    char *text = malloc(TEXT_SIZE);
    random_state = 24;
    const size_t len = dense_text(text, TEXT_SIZE);
    check_capacities_of(impl, text, len, SIMDINET_SCAN_DEFANGED);
    check_capacities_of(impl, text, len, SIMDINET_SCAN_DEFANGED | SIMDINET_SCAN_RECALL);
    check_capacities_of(impl, within, strlen(within),
                        SIMDINET_SCAN_DEFANGED | SIMDINET_SCAN_RECALL);
    free(text);
}

Test(scan_defanged, continues_after_every_capacity) {
    with_each_implementation(check_capacities);
}

/* The longest match, and the longest text that a partial scan leaves. */
Test(scan_defanged, keeps_to_the_bounds_of_the_header) {
    const char longest[] = "fe80[colon]0000[colon]0000[colon]0000[colon]0000[colon]0000[colon]"
                           "255[dot]255[dot]255[dot]255";
    simdinet_match match;
    size_t n;
    simdinet_scan(longest, 0, strlen(longest), SIMDINET_SCAN_DEFANGED, &match, sizeof match, 1, &n);
    cr_assert_eq(n, 1);
    cr_expect_eq(match.length, 93);
    cr_expect_eq(match.length, strlen(longest));

    n = 7;
    cr_expect_eq(simdinet_scan(longest, 9, 3, SIMDINET_SCAN_DEFANGED, &match, sizeof match, 1, &n),
                 3);
    cr_expect_eq(n, 0);
    n = 7;
    cr_expect_eq(simdinet_scan(longest, 2, strlen(longest), SIMDINET_SCAN_DEFANGED, &match,
                               sizeof match - 1, 1, &n),
                 2);
    cr_expect_eq(n, 0);

    char text[4096], unit[] = "[colon]";
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = unit[i % 7];
    for (size_t len = 0; len <= sizeof text; len++) {
        const size_t end =
            simdinet_scan(text, 0, len, SIMDINET_SCAN_DEFANGED | SIMDINET_SCAN_PARTIAL, &match,
                          sizeof match, 1, &n);
        cr_assert(len - end <= SIMDINET_SCAN_DEFANGED_CONTEXT, "%zu of %zu", end, len);
    }
}
