/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simdinet_scan for every implementation: every cut of a text, every capacity, and the memory that it
 * reads.
 */
#include "harness/support.h"
#include "scan_expected.h"
#include "scan_random.h"

#include "kernels/kernel.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TEXT_SIZE = 4096, MATCHES = TEXT_SIZE };

static simdinet_match expected[MATCHES], found[MATCHES];

/* ---- capacity and the size of a match ----------------------------------------------------------- */

/* Every capacity from 0 to one more than the matches, in calls that continue where the last ended. */
static void check_capacities(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 9;
    for (size_t round = 0; round < repetitions_or(40, 2); round++) {
        const size_t len = hostile_text(text, 400);
        const origin from = {impl, round, random_flags() | (round % 2 ? SIMDINET_SCAN_REJECTED : 0),
                             text, len};
        size_t n, none;
        cr_assert_eq(
            simdinet_scan(text, 0, len, from.flags, expected, sizeof expected[0], MATCHES, &n),
            len);
        const size_t first = n ? expected[0].offset : len;
        cr_assert_eq(simdinet_scan(text, 0, len, from.flags, NULL, sizeof expected[0], 0, &none),
                     first);
        cr_assert_eq(none, 0);
        for (size_t capacity = 1; capacity <= n + 1; capacity++) {
            size_t got_n = 0, start = 0, got;
            do {
                start = simdinet_scan(text, start, len, from.flags, found + got_n, sizeof found[0],
                                      capacity, &got);
                cr_assert(got <= capacity && (got == capacity || start == len));
                got_n += got;
            } while (start < len && got_n < MATCHES - n - 1);
            check_matches(&from, 0, expected, n, found, got_n);
        }
    }
    free(text);
}

Test(scan_cuts, continues_after_any_capacity) {
    with_each_implementation(check_capacities);
}

/* A caller that is newer than the library: its other members are untouched. */
static void check_match_size(const char *impl) {
    static const char text[] = "10.0.0.1.443 > 2001:db8::1.80: Version/1.2.3.4 ::1";
    struct newer {
        simdinet_match match;
        unsigned char more[24];
    } newer[8];
    simdinet_match plain[8];
    size_t n, plain_n;
    const size_t len = sizeof text - 1;
    memset(newer, 0xa5, sizeof newer);
    simdinet_scan(text, 0, len, 0, plain, sizeof plain[0], 8, &plain_n);
    cr_assert_eq(simdinet_scan(text, 0, len, 0, &newer[0].match, sizeof newer[0], 8, &n), len);
    cr_assert_eq(n, 4);
    cr_assert_eq(plain_n, 4);
    for (size_t i = 0; i < n; i++) {
        cr_expect(same_match(&newer[i].match, &plain[i], 0), "implementation %s", impl);
        for (size_t k = 0; k < sizeof newer[i].more; k++)
            cr_expect_eq(newer[i].more[k], 0xa5, "implementation %s writes past its members", impl);
    }
    n = 99;
    cr_expect_eq(simdinet_scan(text, 3, len, 0, plain, sizeof plain[0] - 1, 8, &n), 3);
    cr_expect_eq(n, 0, "a struct of before the first version");
}

Test(scan_cuts, writes_structs_of_any_larger_size) {
    with_each_implementation(check_match_size);
}

/* ---- cuts ------------------------------------------------------------------------------------- */

/* Sanitizers and emulators, where each scan takes ten times as long, try some cuts only. */
#if !defined(CUT_STEP)
#    define CUT_STEP 1
#endif

enum { CUT_TEXTS = CUT_STEP == 1 ? 200 : 40 };

/*
 * Scans text as a stream: up to cut bytes are appended at a time, what is consumed is dropped except
 * for the context, and each chunk is an allocation of its own size. The capacity is small, so that
 * the array fills within a chunk, too.
 */
static size_t scan_in_chunks(const char *text, size_t len, unsigned flags, size_t first_cut,
                             size_t cut, size_t capacity) {
    size_t count = 0, have = 0, start = 0, base = 0;
    for (size_t step = first_cut;; step = cut) {
        have = step > len - have ? len : have + step;
        bool more = have < len;
        size_t size = have - base;
        char *chunk = malloc(size ? size : 1);
        memcpy(chunk, text + base, size);
        for (;;) {
            size_t got;
            size_t end =
                simdinet_scan(chunk, start - base, size, flags | (more ? SIMDINET_SCAN_PARTIAL : 0),
                              found + count, sizeof(simdinet_match), capacity, &got);
            cr_assert(got <= capacity && end >= start - base && end <= size);
            cr_assert(end == size || got == capacity || (more && size - end <= context_of(flags)));
            for (size_t i = 0; i < got; i++)
                found[count + i].offset += base;
            count += got;
            start = base + end;
            if (got < capacity)
                break;
        }
        free(chunk);
        if (!more)
            return count;
        base = start > context_of(flags) ? start - context_of(flags) : 0;
    }
}

static void check_cuts(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 2;
    for (size_t round = 0; round < repetitions_or(CUT_TEXTS, 1); round++) {
        const size_t len = hostile_text(text, 300 + random_below(300));
        const origin from = {impl, round, random_flags(), text, len};
        const size_t n = scan_expected(text, len, from.flags, expected, MATCHES);
        for (size_t first_cut = 0; first_cut <= len; first_cut++) {
            const size_t cut = 1 + random_below(random_below(4) ? 100 : len);
            const size_t found_n =
                scan_in_chunks(text, len, from.flags, first_cut, cut, 1 + random_below(8));
            check_matches(&from, 0, expected, n, found, found_n);
        }
    }
    free(text);
}

Test(scan_cuts, does_not_depend_on_cuts) {
    with_each_implementation(check_cuts);
}

/* One cut, at every byte of a larger text. */
enum { SAMPLE_SIZE = 3 * SIMDINET_SCAN_CHUNK };

static void check_every_cut(const char *impl) {
    static simdinet_match wanted[SAMPLE_SIZE / 2], got[SAMPLE_SIZE / 2];
    char *text = malloc(SAMPLE_SIZE);
    random_state = 4;
    const size_t len = hostile_text(text, SAMPLE_SIZE);
    const size_t all = scan_expected(text, len, 0, wanted, SAMPLE_SIZE / 2);
    for (size_t cut = 0; cut <= len; cut += brief() ? 1999 : CUT_STEP) {
        const origin from = {impl, cut, 0, text, len};
        size_t before, after;
        size_t reached = simdinet_scan(text, 0, cut, SIMDINET_SCAN_PARTIAL, got,
                                       sizeof(simdinet_match), SAMPLE_SIZE / 2, &before);
        simdinet_scan(text, reached, len, 0, got + before, sizeof(simdinet_match),
                      SAMPLE_SIZE / 2 - before, &after);
        check_matches(&from, 0, wanted, all, got, before + after);
    }
    free(text);
}

Test(scan_cuts, finds_the_same_for_every_cut_of_a_larger_sample) {
    with_each_implementation(check_every_cut);
}

/* One cut, at every byte of candidates that are longer than what is reported of them. */
static void check_long_rejected(const char *impl) {
    static const char *const parts[][3] = {
        {"1::2::3.", "1", " "},
        {"1::2::3.4.5.", "1", ".6.7 "},
        {"::ffff:1.2.3.4.", "1", ".5 "},
        {"1.2.3.4.", "1", ".5 "},
        {"aa", ":aa", " "},
        {"1:2:3:4::", "a", ":b.1.2.3.4 "},
        {"1:2:3:4::", "a", ".5.6.7 "},
    };
    char *text = malloc(TEXT_SIZE);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (size_t times = 1; times < 200; times += brief() ? 41 : 3) {
            int len = snprintf(text, TEXT_SIZE, "x %s", parts[i][0]);
            for (size_t k = 0; k < times; k++)
                len += snprintf(text + len, TEXT_SIZE - (size_t)len, "%s", parts[i][1]);
            len += snprintf(text + len, TEXT_SIZE - (size_t)len, "%s%0200d", parts[i][2], 0);
            const size_t size = (size_t)len;
            const origin from = {impl, times, SIMDINET_SCAN_REJECTED, text, size};
            size_t n, before, after;
            simdinet_scan(text, 0, size, from.flags, expected, sizeof expected[0], MATCHES, &n);
            for (size_t cut = 0; cut <= size; cut += CUT_STEP) {
                const size_t reached =
                    simdinet_scan(text, 0, cut, from.flags | SIMDINET_SCAN_PARTIAL, found,
                                  sizeof found[0], MATCHES, &before);
                simdinet_scan(text, reached, size, from.flags, found + before, sizeof found[0],
                              MATCHES - before, &after);
                check_matches(&from, 0, expected, n, found, before + after);
            }
        }
    free(text);
}

Test(scan_cuts, rejects_the_same_for_every_cut_of_a_long_candidate) {
    with_each_implementation(check_long_rejected);
}

/* Two threads that share a text: each finds the addresses that begin in its range. */
static void check_begins(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 3;
    for (size_t round = 0; round < repetitions_or(2000, 100); round++) {
        const size_t len = hostile_text(text, 200 + random_below(200));
        const origin from = {impl, round, random_flags(), text, len};
        const size_t n = scan_expected(text, len, from.flags, expected, MATCHES);
        const size_t start = random_below(len);
        size_t found_n;
        cr_assert_eq(
            simdinet_scan(text, start, len, from.flags, found, sizeof found[0], MATCHES, &found_n),
            len);
        check_matches(&from, start, expected, n, found, found_n);
    }
    free(text);
}

Test(scan_cuts, finds_in_each_range_the_addresses_that_begin_there) {
    with_each_implementation(check_begins);
}

/* The same of what is rejected: nothing in a rejected text that begins before the range is listed by itself. */
static void check_rejected_begins(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = 6;
    for (size_t round = 0; round < repetitions_or(400, 20); round++) {
        const size_t len = hostile_text(text, 400);
        const origin from = {impl, round, random_flags() | SIMDINET_SCAN_REJECTED, text, len};
        size_t n, found_n;
        simdinet_scan(text, 0, len, from.flags, expected, sizeof expected[0], MATCHES, &n);
        for (size_t start = 1; start < len; start += 1 + random_below(2 * CUT_STEP)) {
            simdinet_scan(text, start, len, from.flags, found, sizeof found[0], MATCHES, &found_n);
            check_matches(&from, start, expected, n, found, found_n);
        }
    }
    free(text);
}

Test(scan_cuts, rejects_in_each_range_what_begins_there) {
    with_each_implementation(check_rejected_begins);
}

/* ---- memory ----------------------------------------------------------------------------------- */

enum { GUARDED_MAX = 300 };

/* Scans the text where it is, from start on, and compares with the n expected matches. */
static void check_in_place(const origin *from, size_t start, size_t n) {
    size_t found_n;
    const size_t end = simdinet_scan(from->text, start, from->len, from->flags, found,
                                     sizeof found[0], MATCHES, &found_n);
    cr_assert(end <= from->len && end >= start);
    if (from->flags & SIMDINET_SCAN_PARTIAL) {
        cr_assert(from->len - end <= context_of(from->flags) && found_n <= n);
        return;
    }
    cr_assert_eq(end, from->len);
    check_matches(from, start, expected, n, found, found_n);
}

/* Texts that begin or end at an unmapped page. */
static void check_guarded(const char *impl) {
    guarded memory = guarded_new();
    char *text = malloc(TEXT_SIZE);
    random_state = 4;
    for (size_t len = 0; len <= GUARDED_MAX; len += brief() ? 7 : 1) {
        for (size_t round = 0; round < repetitions_or(8, 8); round++) {
            hostile_text(text, len);
            const unsigned flags = random_flags();
            const size_t n = scan_expected(text, len, flags, expected, MATCHES);
            const size_t starts[] = {
                0, len > 0, len / 2, len - (len > 0), len, random_below(len + 1)};
            char *places[] = {memory.start, memory.end - len, memory.middle - len / 2};
            for (size_t i = 0; i < 3; i++) {
                memcpy(places[i], text, len);
                const origin whole = {impl, round, flags, places[i], len};
                const origin partial = {impl, round, flags | SIMDINET_SCAN_PARTIAL, places[i], len};
                for (size_t k = 0; k < sizeof starts / sizeof starts[0]; k++) {
                    check_in_place(&whole, starts[k], n);
                    check_in_place(&partial, starts[k], n);
                }
            }
        }
    }
    free(text);
    guarded_free(&memory);
}

Test(scan_cuts, touches_no_page_but_those_of_the_text) {
    with_each_implementation(check_guarded);
}

/* ---- chunks ------------------------------------------------------------------------------------- */

/* Texts of several chunks, whose borders cut addresses at every byte. */
static void check_chunks(const char *impl) {
    enum { SIZE = 3 * SIMDINET_SCAN_CHUNK };
    char *text = malloc(SIZE);
    simdinet_match *wanted = malloc(2 * SIZE * sizeof *wanted), *got = wanted + SIZE;
    random_state = 5;
    for (size_t round = 0; round < repetitions_or(60, 3); round++) {
        const size_t len = hostile_text(text, 2 * SIMDINET_SCAN_CHUNK + random_below(200));
        const origin from = {impl, round, random_flags(), text, len};
        check_text(&from, wanted, got, SIZE);
    }
    free(wanted);
    free(text);
}

Test(scan_cuts, does_not_depend_on_the_borders_of_chunks) {
    with_each_implementation(check_chunks);
}

/* Whole chunks between unmapped pages, scanned from every start near the first address. */
static void check_guarded_chunks(const char *impl) {
    static const char *const first[] = {"10.0.0.1 ",
                                        "::1 ",
                                        "1:2:3:4:5:6:7:8\n",
                                        "1:22:333:4444:55:6:777:8888:99:a:bb:ccc:dddd:ee:f:1:22:"
                                        "333:4444:55:6:777:8888:99:a:bb::1 ::2 ",
                                        "0000000000000000000000000000000000000000000000000000000000"
                                        "0000000000000000000000000000000::1 ",
                                        "2001:db8::1 2001:db8:1:2:3:4:5:6 ::ffff:192.0.2.1 "
                                        "2001:db8:11:22:33:44:55:66 1::2::3 ::9 a::b "};
    enum { FIRST = sizeof first / sizeof first[0], STARTS = 160 };
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t size = 2 * SIMDINET_SCAN_CHUNK + page;
    char *map = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *const text = map + page;
    cr_assert(map != MAP_FAILED && mprotect(text, size, PROT_READ | PROT_WRITE) == 0);
    simdinet_match *wanted = malloc(2 * size * sizeof *wanted), *got = wanted + size;
    random_state = 6;
    for (size_t round = 0; round < repetitions_or(60, 6); round++) {
        const origin from = {impl, round, random_flags(), text, size};
        hostile_text(text, size);
        memcpy(text, first[round % FIRST], strlen(first[round % FIRST]));
        const size_t n = check_text(&from, wanted, got, size);
        for (size_t start = 1; start < STARTS && round < FIRST; start++) {
            size_t got_n;
            simdinet_scan(text, start, size, from.flags, got, sizeof *got, size, &got_n);
            check_matches(&from, start, wanted, n, got, got_n);
        }
    }
    free(wanted);
    munmap(map, size + 2 * page);
}

Test(scan_cuts, touches_no_page_but_those_of_whole_chunks) {
    with_each_implementation(check_guarded_chunks);
}

/* ---- the head of a text ------------------------------------------------------------------------- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* As libc reads what stands before the fourth byte that is no digit. */
static size_t prefix_by_libc(const char *text, uint8_t *out) {
    size_t len = 0;
    for (unsigned others = 0; len < 16; len++)
        if (!is_digit(text[len]) && ++others == 4)
            break;
    return libc_parse(IPV4, text, len, out) ? len : 0;
}

/* Texts of exactly 16 bytes, the last of a page. */
Test(scan_cuts, reads_the_address_at_the_head_of_a_text) {
    static const uint8_t zeros[12];
    guarded memory = guarded_new();
    char *const text = memory.end - 16;
    prng random = {9};
    for (size_t i = 0; i < repetitions(200000); i++) {
        char address[TEXT_CAPACITY];
        uint8_t bytes[16], wanted[4];
        size_t len = make_address(&random, IPV4, address, bytes);
        if (i % 2)
            len = mutate(&random, address, len);
        for (size_t k = 0; k < 16; k++)
            text[k] = k < len ? address[k] : "0123456789.:ag /"[prng_below(&random, 16)];
        const size_t expect = prefix_by_libc(text, wanted);
        FOR_EACH_IMPLEMENTATION (impl) {
            uint8_t out[17];
            memset(out, 0xa5, sizeof out);
            const size_t got = impl->read_ipv4_prefix(text, out);
            cr_assert_eq(got, expect, "implementation %s, \"%s\": %zu bytes, not %zu", impl->name,
                         show(text, 16), got, expect);
            cr_assert_eq(out[16], 0xa5, "implementation %s writes beyond the address", impl->name);
            cr_assert(!got || (memcmp(out, wanted, 4) == 0 && memcmp(out + 4, zeros, 12) == 0),
                      "implementation %s, \"%s\": another address", impl->name, show(text, 16));
        }
    }
    guarded_free(&memory);
}
