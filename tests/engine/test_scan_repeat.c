/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simdinet_scan of text that repeats, with and without a break, for every implementation: the matches are
 * those of the reference, and of scans whose texts are too short to be recognized as a repetition.
 */
#include "harness/support.h"
#include "scan_random.h"

#include "kernels/kernel.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 6000, MATCHES = TEXT, MAX_UNIT = 70, WINDOW = 1000, CONTEXT = 256 };

static simdinet_match wanted[MATCHES + 1], found[MATCHES + 1];

/* A unit of one to MAX_UNIT bytes, repeated from a position on; other text before it; and a byte that differs in one
 * of two texts. */
static void make_text(char *text) {
    static const char *const dense[] = {"::1 ",     "::",         "\\t::", ";::1",
                                        "1.2.3.4 ", "::1.2.3.4 ", "a::b,"};
    char unit[MAX_UNIT];
    const size_t begin = hostile_text(text, random_below(700));
    size_t len = hostile_text(unit, 1 + random_below(random_below(3) ? 8 : MAX_UNIT));
    if (random_below(2)) {
        const char *some = dense[random_below(sizeof dense / sizeof dense[0])];
        const size_t more = strlen(some);
        if (len + more > MAX_UNIT)
            len = MAX_UNIT - more;
        memcpy(unit + len, some, more);
        len += more;
    }
    for (size_t i = begin; i < TEXT; i++)
        text[i] = unit[(i - begin) % len];
    if (random_below(2))
        text[begin + random_below(TEXT - begin)] = ":.1a \n["[random_below(7)];
}

static void check_with_reference(const char *impl) {
    char *text = malloc(TEXT);
    random_state = 24;
    for (size_t round = 0; round < repetitions_or(1500, 20); round++) {
        make_text(text);
        const origin from = {impl, round, random_flags(), text, TEXT};
        check_text(&from, wanted, found, MATCHES);
    }
    free(text);
}

Test(scan_repeat, finds_what_the_reference_finds) {
    with_each_implementation(check_with_reference);
}

/* The matches by windows that are too short for a repetition, each with the context that the last one ends in. */
static size_t scan_windows(const char *text, unsigned flags, simdinet_match *matches) {
    size_t start = 0, count = 0;
    while (start < TEXT) {
        const size_t base = start < CONTEXT ? 0 : start - CONTEXT;
        const size_t size = TEXT - base < WINDOW ? TEXT - base : WINDOW;
        const unsigned more = base + size < TEXT ? SIMDINET_SCAN_PARTIAL : 0;
        size_t n;
        start = base + simdinet_scan(text + base, start - base, size, flags | more, matches + count,
                                     sizeof matches[0], MATCHES - count, &n);
        for (size_t i = 0; i < n; i++)
            matches[count + i].offset += base;
        count += n;
    }
    return count;
}

static void check_with_windows(const char *impl) {
    char *text = malloc(TEXT);
    random_state = 25;
    for (size_t round = 0; round < repetitions_or(3000, 40); round++) {
        make_text(text);
        const unsigned flags = random_flags() & ~SIMDINET_SCAN_DEFANGED;
        const origin from = {impl, round, flags | (random_below(3) ? 0 : SIMDINET_SCAN_REJECTED),
                             text, TEXT};
        const size_t n = scan_windows(text, from.flags, wanted);
        const size_t capacity = 1 + random_below(random_below(2) ? 40 : MATCHES);
        size_t start = 0, count = 0, got;
        cr_assert_eq(
            simdinet_scan(text, 0, TEXT, from.flags, found, sizeof found[0], MATCHES, &got), TEXT);
        while (start < TEXT) {
            start = simdinet_scan(text, start, TEXT, from.flags, found + count, sizeof found[0],
                                  capacity < MATCHES - count ? capacity : MATCHES - count, &got);
            count += got;
        }
        check_matches(&from, 0, wanted, n, found, count);
    }
    free(text);
}

Test(scan_repeat, finds_what_short_scans_find) {
    with_each_implementation(check_with_windows);
}

/* The rules that look furthest, before and after text of every period: none of it changes what they find. */
static void check_far_rules(const char *impl) {
    static const char *const far[] = {
        "\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;1m", /* rule 1, 40 parameters */
        "%3A%2F%2F",
        "\\u00",
        "(Mozilla; ", /* rule 15 */
        "Mozilla/5.0 a/Word/",
        "firmware: \"                                             ", /* rule 14 */
        "CEF:0|Vendor|Product|",                                     /* rule 16 */
        "/usr/share/a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z0-",
        "a_key_of_64_bytes_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:",
        "1.2.3.4.",
        "1:2:3:4:5:6:",
        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:",
    };
    enum { FAR = sizeof far / sizeof far[0] };
    static const char *const ends[] = {"::1 ", ":: ", "1.2.3.4 ", "1.2.3.4;", "::", "1", ";"};
    char *text = malloc(TEXT);
    random_state = 26;
    for (size_t period = 1; period <= MAX_UNIT; period++)
        for (size_t round = 0; round < repetitions_or(12, 1); round++) {
            const char *before = far[random_below(FAR)], *within = far[random_below(FAR)],
                       *end = ends[random_below(sizeof ends / sizeof ends[0])];
            char unit[200];
            size_t len = 0;
            for (const char *c = random_below(2) ? within : end; *c && len < period; c++)
                unit[len++] = *c;
            for (const char *c = end; len < period; c = c[1] ? c + 1 : end)
                unit[len++] = *c;
            const size_t head = strlen(before), tail = 1 + random_below(300);
            memcpy(text, before, head);
            for (size_t i = head; i < TEXT; i++)
                text[i] = unit[(i - head) % period];
            hostile_text(text + TEXT - tail, tail);
            const unsigned flags = random_below(2) ? 0 : random_flags();
            const origin from = {impl, period, flags, text, TEXT - random_below(300)};
            check_text(&from, wanted, found, MATCHES);
        }
    free(text);
}

Test(scan_repeat, applies_the_rules_that_look_furthest) {
    with_each_implementation(check_far_rules);
}

/* Ranges of a text, as threads scan them: the matches that begin in each are those of the whole. */
static void check_ranges(const char *impl) {
    char *text = malloc(TEXT);
    random_state = 27;
    for (size_t round = 0; round < repetitions_or(400, 10); round++) {
        make_text(text);
        const unsigned rejected = random_below(3) ? 0 : SIMDINET_SCAN_REJECTED;
        const origin from = {impl, round, random_flags() | rejected, text, TEXT};
        size_t n, found_n;
        simdinet_scan(text, 0, TEXT, from.flags, wanted, sizeof wanted[0], MATCHES, &n);
        for (size_t i = 0; i < 10; i++) {
            const size_t start = random_below(TEXT);
            simdinet_scan(text, start, TEXT, from.flags, found, sizeof found[0], MATCHES, &found_n);
            check_matches(&from, start, wanted, n, found, found_n);
        }
    }
    free(text);
}

Test(scan_repeat, finds_in_each_range_what_begins_there) {
    with_each_implementation(check_ranges);
}
