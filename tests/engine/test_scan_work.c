/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The work of simdinet_scan for a byte of text is bounded, and does not grow with the text: counted, not timed. The
 * engine is compiled here with SIMDINET_COUNT_READS, which counts the bytes that its rules read; what the
 * kernels classify, verify and parse is counted by an implementation that calls the one under test.
 */
#include "harness/support.h"
#include "scan_random.h"

#include "kernels/kernel.h"
#include "simdinet.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHORT = 1024,
    LONG = 65536,
    HUGE = 4 << 20,
    MATCHES = 1024,
    PER_CANDIDATE = 160, /* bytes that a kernel reads of one: scan_candidate.h */
    PER_PARSE = 48,
};

size_t simdinet_scan_reads;
static simdinet_match matches[MATCHES];

/* ---- counting ----------------------------------------------------------------------------------- */

static const simdinet_implementation *counted;

static void count_find_candidates(simdinet_scan_chunk *chunk) {
    simdinet_scan_reads += chunk->end - chunk->begin + 128;
    counted->find_candidates(chunk);
}

static size_t count_verify_candidates(simdinet_scan_chunk *chunk, simdinet_candidate *candidates) {
    const size_t n = counted->verify_candidates(chunk, candidates);
    simdinet_scan_reads += n * PER_CANDIDATE;
    return n;
}

static bool count_parse_ipv6(const char *text, size_t len, uint8_t *out) {
    simdinet_scan_reads += PER_PARSE;
    return counted->parse_ipv6(text, len, out);
}

static size_t count_read_ipv4_prefix(const char *text, uint8_t *out) {
    simdinet_scan_reads += PER_PARSE;
    return counted->read_ipv4_prefix(text, out);
}

/* Runs body with each supported implementation active, and counted. */
static void with_each_counted(void (*body)(const char *impl)) {
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_implementation counting = *impl;
        counted = impl;
        counting.find_candidates = count_find_candidates;
        counting.verify_candidates = count_verify_candidates;
        counting.parse_ipv6 = count_parse_ipv6;
        counting.read_ipv4_prefix = count_read_ipv4_prefix;
        atomic_store(&simdinet_implementation_current, &counting);
        body(impl->name);
        cr_assert(simdinet_use_implementation(impl->name));
    }
}

/* The bytes that are read for a byte of text, by calls with room for some matches. */
static double work(const char *text, size_t len, unsigned flags, size_t capacity) {
    size_t at = 0, n;
    simdinet_scan_reads = 0;
    do
        at = simdinet_scan(text, at, len, flags, matches, sizeof matches[0], capacity, &n);
    while (at < len);
    return (double)simdinet_scan_reads / (double)len;
}

/* ---- texts -------------------------------------------------------------------------------------- */

static const char alphabet[] = ":.1ax [];%\\/~?-=\"_>|t,\x1b\n";

enum { SYMBOLS = sizeof alphabet - 1 };

static char *make_space(void) {
    char *text = malloc(HUGE);
    cr_assert_not_null(text);
    return text;
}

static void repeat(char *text, size_t size, const char *unit, size_t len) {
    for (size_t i = 0; i < size; i++)
        text[i] = unit[i % len];
}

/* A few units of up to eight bytes, in random order: text that has many candidates and does not repeat. */
static void mix(char *text, size_t size) {
    static const char *const pieces[] = {
        "::",   "::1",  "1::",   "::a", "1.1.1.1", "1:2:3:4:5:6:7:8",
        "\\t",  "%20",  "\x1b[", ";",   "?",       "1",
        "a:",   ":1",   ".1",    "/",   " ",       "v",
        "a/b/", "Opera"};
    enum { PIECES = sizeof pieces / sizeof pieces[0], UNITS = 4 };
    char units[UNITS][32];
    size_t lens[UNITS];
    for (size_t i = 0; i < UNITS; i++) {
        lens[i] = 0;
        for (size_t k = 1 + random_below(3); k > 0; k--) {
            const char *piece = pieces[random_below(random_below(2) ? 4 : PIECES)];
            const size_t len = strlen(piece);
            if (lens[i] + len > sizeof units[i])
                break;
            memcpy(units[i] + lens[i], piece, len);
            lens[i] += len;
        }
    }
    for (size_t at = 0; at < size;) {
        const size_t i = random_below(UNITS), len = lens[i] < size - at ? lens[i] : size - at;
        memcpy(text + at, units[i], len);
        at += len;
    }
}

/* ---- bounds ------------------------------------------------------------------------------------- */

/*
 * BYTES: for a byte of text. MATCH: for each byte with room for one match, for which a chunk is classified
 * and its candidates are verified.
 */
enum { BYTES = 120, BYTES_DOUBTFUL = 250, MATCH = 2500 };

static void check(const char *impl, const char *text, size_t len, unsigned flags, size_t capacity,
                  double bound) {
    const double done = work(text, len, flags, capacity);
    cr_expect(done <= bound,
              "implementation %s, flags %#x, room for %zu: %.0f bytes are read for each of %zu of "
              "\"%s\"",
              impl, flags, capacity, done, len, show(text, 24));
}

static void check_units(const char *impl) {
    char *text = make_space();
    const size_t longest = brief() ? 2 : 3;
    char unit[3];
    for (size_t len = 1, all = SYMBOLS; len <= longest; len++, all *= SYMBOLS)
        for (size_t i = 0; i < all; i++) {
            size_t rest = i;
            for (size_t k = 0; k < len; k++, rest /= SYMBOLS)
                unit[k] = alphabet[rest % SYMBOLS];
            repeat(text, LONG, unit, len);
            const double few = work(text, SHORT, 0, MATCHES);
            check(impl, text, SHORT, 0, MATCHES, BYTES);
            check(impl, text, LONG, 0, MATCHES, 1.1 * few + 2);
            check(impl, text, SHORT, SIMDINET_SCAN_RECALL, MATCHES, BYTES_DOUBTFUL);
            check(impl, text, SHORT, 0, 1, MATCH);
        }
    free(text);
}

Test(scan_work, is_bounded_in_text_that_repeats) {
    with_each_counted(check_units);
}

static void check_mixtures(const char *impl) {
    char *text = make_space();
    random_state = 10;
    for (size_t round = 0; round < repetitions_or(400, 10); round++) {
        const unsigned flags = random_below(2) ? 0 : random_flags() & ~SIMDINET_SCAN_DEFANGED;
        const size_t len = round % 100 == 0 ? HUGE : LONG;
        mix(text, len);
        check(impl, text, len, flags, MATCHES,
              flags & SIMDINET_SCAN_RECALL ? BYTES_DOUBTFUL : BYTES);
        if (round % 10 == 0)
            check(impl, text, LONG, flags, 1, MATCH);
    }
    free(text);
}

Test(scan_work, is_bounded_in_text_that_does_not_repeat) {
    with_each_counted(check_mixtures);
}
