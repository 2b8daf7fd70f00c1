/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * simdinet_scan for every implementation: the literal cases, the slow reference on hostile random texts, and
 * the promise that the matches never depend on where a text is cut.
 */
#include "harness/support.h"
#include "scan_reference.h"
#include "scan_vectors.h"

#include "kernels/kernel.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TEXT_SIZE = 4096, MATCHES = TEXT_SIZE };

/* Runs body with each implementation active that runs here. */
static void with_each_implementation(void (*body)(const char *impl)) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        body(impl->name);
    }
    cr_assert(simdinet_use_implementation(NULL));
}

/* As rounds, but with so many in brief. */
static size_t rounds_or(size_t usual, size_t briefly) {
    return brief() ? briefly : repetitions(usual);
}

/* Line ends before and after it; they have the same effect as the ends of the text. */
static void check_vector(const char *impl, size_t i, size_t around) {
    enum { MOST_AROUND = 192 };
    const scan_vector *vector = &scan_vectors[i];
    char text[SCAN_VECTOR_TEXT_SIZE + 2 * MOST_AROUND];
    const size_t size = vector->len + 2 * around;
    simdinet_match matches[SCAN_VECTOR_MATCHES];
    char got[SCAN_VECTOR_TEXT_SIZE];
    size_t count;
    cr_assert(vector->len <= SCAN_VECTOR_TEXT_SIZE && around <= MOST_AROUND);
    memset(text, '\n', size);
    memcpy(text + around, vector->text, vector->len);
    size_t end = simdinet_scan(text, 0, size, vector->flags, matches, sizeof(simdinet_match),
                               SCAN_VECTOR_MATCHES, &count);
    for (size_t k = 0; k < count && k < SCAN_VECTOR_MATCHES; k++)
        matches[k].offset -= around;
    bool right = scan_vector_write(vector, matches, count, got);
    cr_expect_eq(end, size, "implementation %s, case %zu: not all is consumed", impl, i);
    cr_expect(right && strcmp(got, vector->expected) == 0,
              "implementation %s, case %zu, \"%s\" with flags 0x%02x, %zu line ends around:\n"
              "  expected %s\n  found    %s",
              impl, i, vector->text, vector->flags, around, vector->expected, got);
}

/* Candidates near the ends are verified by the engine, others by a kernel, in words of 64 bytes. */
static void check_vectors(const char *impl) {
    for (size_t i = 0; i < scan_vector_count; i++) {
        check_vector(impl, i, 0);
        for (size_t around = 128; around < 192; around++)
            check_vector(impl, i, around);
    }
}

Test(scan, agrees_with_every_vector_on_every_implementation) {
    with_each_implementation(check_vectors);
}

/* ---- random texts ----------------------------------------------------------------------------- */

static prng random_state;

static size_t random_below(size_t bound) {
    return (size_t)(prng_next(&random_state) % bound);
}

/* Text of the bytes that the rules are about, with whole addresses and fragments strewn in. */
static size_t hostile_text(char *text, size_t size) {
    static const char *const pieces[] = {
        "10.0.0.1",
        "255.255.255.255",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "::",
        "::1",
        "fe80::1",
        "2001:db8::ff00:42:8329",
        "::ffff:10.0.0.1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:1.2.3.4",
        "00:11:22:33:44:55",
        "00:11:22:33:44:55:66:77",
        "Chrome/1.2.3.4",
        "rv:1.2.3.4",
        "/a/1.2.3.4",
        "12:34:56",
        "log:12:",
        "key:",
        "std::fs",
        "[::]",
        " :: ",
        "%eth0",
        "]:80",
        "abcd:",
        "::5:",
    };
    static const char bytes[] =
        "0123456789012567.........::::::::abcdefABFgzR_/-[] \t\n\r\"'`%~\0\x80";
    size_t len = 0;
    size_t kind = random_below(3);
    while (len < size) {
        const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
        size_t width = strlen(piece);
        if (kind > 0 && random_below(3) < kind && len + width <= size) {
            memcpy(text + len, piece, width);
            len += width;
        } else {
            text[len++] = bytes[random_below(sizeof bytes - 1)];
        }
    }
    return len;
}

static unsigned random_flags(void) {
    static const unsigned choices[] = {SIMDINET_SCAN_IPV4,     SIMDINET_SCAN_IPV6,
                                       SIMDINET_SCAN_VERSIONS, SIMDINET_SCAN_BARE_UNSPECIFIED,
                                       SIMDINET_SCAN_EUI64,    0};
    return choices[random_below(6)] | choices[random_below(6)];
}

/* Where two lists of matches differ first, or -1. */
static long first_difference(const simdinet_match *a, size_t a_count, const simdinet_match *b,
                             size_t b_count) {
    for (size_t i = 0; i < a_count || i < b_count; i++)
        if (i >= a_count || i >= b_count || a[i].offset != b[i].offset ||
            a[i].length != b[i].length || a[i].family != b[i].family || a[i].flags != b[i].flags ||
            memcmp(a[i].address, b[i].address, 16) != 0)
            return (long)i;
    return -1;
}

/* The same, for the matches of the first list that begin at or after start. */
static long first_difference_from(size_t start, const simdinet_match *a, size_t a_count,
                                  const simdinet_match *b, size_t b_count) {
    size_t skip = 0;
    while (skip < a_count && a[skip].offset < start)
        skip++;
    return first_difference(a + skip, a_count - skip, b, b_count);
}

/* Compares a scan with the reference, and returns the number of matches. wanted and got have
 * space for capacity matches each. */
static size_t check_text(const char *impl, size_t round, const char *text, size_t len,
                         unsigned flags, simdinet_match *wanted, simdinet_match *got,
                         size_t capacity) {
    const size_t expect = scan_reference(text, len, flags, wanted, capacity);
    size_t count;
    simdinet_scan(text, 0, len, flags, got, sizeof(simdinet_match), capacity, &count);
    const long where = first_difference(wanted, expect, got, count);
    cr_assert(where < 0,
              "implementation %s, round %zu, flags 0x%02x: match %ld differs in \"%.*s\"", impl,
              round, flags, where, len <= TEXT_SIZE ? (int)len : 0, text);
    return expect;
}

static simdinet_match expected[MATCHES], found[MATCHES];

static void check_random_texts(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = (prng){1};
    for (size_t round = 0; round < rounds_or(20000, 1000); round++) {
        size_t len = hostile_text(text, 1 + random_below(round % 16 ? 200 : TEXT_SIZE));
        check_text(impl, round, text, len, random_flags(), expected, found, MATCHES);
    }
    free(text);
}

Test(scan, agrees_with_the_reference_on_hostile_texts) {
    with_each_implementation(check_random_texts);
}

/* ---- cuts ------------------------------------------------------------------------------------- */

/* Sanitizers and emulators, where each scan takes ten times as long, try some cuts only. */
#if !defined(CUT_STEP)
#    define CUT_STEP 1
#endif

enum { CUT_TEXTS = CUT_STEP == 1 ? 200 : 40 };

/*
 * Scans text as a stream would arrive: up to cut bytes at a time are added, the part that is
 * consumed is dropped but for the context, and each piece lies in an allocation of its own size.
 * Capacity is small, so that the array fills in the middle of a piece, too.
 */
static size_t scan_in_pieces(const char *text, size_t len, unsigned flags, size_t first_cut,
                             size_t cut, size_t capacity) {
    size_t count = 0, have = 0, start = 0, base = 0;
    for (size_t step = first_cut;; step = cut) {
        have = step > len - have ? len : have + step;
        bool more = have < len;
        size_t size = have - base;
        char *piece = malloc(size ? size : 1);
        memcpy(piece, text + base, size);
        for (;;) {
            size_t got;
            size_t end =
                simdinet_scan(piece, start - base, size, flags | (more ? SIMDINET_SCAN_PARTIAL : 0),
                              found + count, sizeof(simdinet_match), capacity, &got);
            cr_assert(got <= capacity && end >= start - base && end <= size);
            cr_assert(end == size || got == capacity ||
                      (more && size - end <= SIMDINET_SCAN_CONTEXT));
            for (size_t i = 0; i < got; i++)
                found[count + i].offset += base;
            count += got;
            start = base + end;
            if (got < capacity)
                break;
        }
        free(piece);
        if (!more)
            return count;
        base = start > SIMDINET_SCAN_CONTEXT ? start - SIMDINET_SCAN_CONTEXT : 0;
    }
}

static void check_cuts(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = (prng){2};
    for (size_t round = 0; round < rounds_or(CUT_TEXTS, 1); round++) {
        size_t len = hostile_text(text, 300 + random_below(300));
        unsigned flags = random_flags();
        size_t wanted = scan_reference(text, len, flags, expected, MATCHES);
        for (size_t first_cut = 0; first_cut <= len; first_cut++) {
            size_t cut = 1 + random_below(random_below(4) ? 100 : len);
            size_t count = scan_in_pieces(text, len, flags, first_cut, cut, 1 + random_below(8));
            long where = first_difference(expected, wanted, found, count);
            cr_assert(where < 0,
                      "implementation %s, round %zu, flags 0x%02x, cut at %zu and every %zu: match "
                      "%ld differs in \"%.*s\"",
                      impl, round, flags, first_cut, cut, where, (int)len, text);
        }
    }
    free(text);
}

Test(scan, does_not_depend_on_cuts) {
    with_each_implementation(check_cuts);
}

/* One cut, at every byte of a larger text: what is before it, and the rest from where that ended. */
enum { SAMPLE_SIZE = 64 * 1024 };

static void check_every_cut(const char *impl) {
    static simdinet_match wanted[SAMPLE_SIZE / 2], got[SAMPLE_SIZE / 2];
    char *text = malloc(SAMPLE_SIZE);
    random_state = (prng){4};
    size_t len = hostile_text(text, SAMPLE_SIZE);
    size_t all = scan_reference(text, len, 0, wanted, SAMPLE_SIZE / 2);
    for (size_t cut = 0; cut <= len; cut += brief() ? 1999 : CUT_STEP) {
        size_t before, after;
        size_t reached = simdinet_scan(text, 0, cut, SIMDINET_SCAN_PARTIAL, got,
                                       sizeof(simdinet_match), SAMPLE_SIZE / 2, &before);
        simdinet_scan(text, reached, len, 0, got + before, sizeof(simdinet_match),
                      SAMPLE_SIZE / 2 - before, &after);
        long where = first_difference(wanted, all, got, before + after);
        cr_assert(where < 0, "implementation %s, cut at %zu: match %ld differs", impl, cut, where);
    }
    free(text);
}

Test(scan, finds_the_same_for_every_cut_of_a_larger_sample) {
    with_each_implementation(check_every_cut);
}

/* Two threads that share a text: each takes the addresses that begin in its part. */
static void check_begins(const char *impl) {
    char *text = malloc(TEXT_SIZE);
    random_state = (prng){3};
    for (size_t round = 0; round < rounds_or(2000, 100); round++) {
        size_t len = hostile_text(text, 200 + random_below(200));
        size_t wanted = scan_reference(text, len, 0, expected, MATCHES);
        size_t begin = random_below(len), count;
        size_t end =
            simdinet_scan(text, begin, len, 0, found, sizeof(simdinet_match), MATCHES, &count);
        cr_assert_eq(end, len);
        long where = first_difference_from(begin, expected, wanted, found, count);
        cr_assert(where < 0,
                  "implementation %s, round %zu, from %zu: match %ld differs in \"%.*s\"", impl,
                  round, begin, where, (int)len, text);
    }
    free(text);
}

Test(scan, gives_each_part_of_a_text_the_addresses_that_begin_there) {
    with_each_implementation(check_begins);
}

/* ---- memory ----------------------------------------------------------------------------------- */

enum { GUARDED_LONGEST = 300 };

/* Scans text[start, len), which lies where it lies, and compares with the reference's matches. */
static void check_in_place(const char *impl, const char *text, size_t start, size_t len,
                           unsigned flags, size_t wanted) {
    size_t count;
    const size_t end =
        simdinet_scan(text, start, len, flags, found, sizeof(simdinet_match), MATCHES, &count);
    cr_assert(end <= len && end >= start);
    if (flags & SIMDINET_SCAN_PARTIAL) {
        cr_assert(len - end <= SIMDINET_SCAN_CONTEXT && count <= wanted);
        return;
    }
    cr_assert_eq(end, len);
    long where = first_difference_from(start, expected, wanted, found, count);
    cr_assert(where < 0, "implementation %s, flags 0x%02x, from %zu: match %ld differs in \"%.*s\"",
              impl, flags, start, where, (int)len, text);
}

/* Texts that begin or end next to a page that nobody may touch. */
static void check_guarded(const char *impl) {
    guarded memory = guarded_new();
    char *text = malloc(TEXT_SIZE);
    random_state = (prng){4};
    for (size_t len = 0; len <= GUARDED_LONGEST; len += brief() ? 7 : 1) {
        for (size_t round = 0; round < rounds_or(8, 8); round++) {
            hostile_text(text, len);
            const unsigned flags = random_flags();
            const size_t wanted = scan_reference(text, len, flags, expected, MATCHES);
            const size_t starts[] = {
                0, len > 0, len / 2, len - (len > 0), len, random_below(len + 1)};
            char *places[] = {memory.start, memory.end - len, memory.middle - len / 2};
            for (size_t i = 0; i < 3; i++) {
                memcpy(places[i], text, len);
                for (size_t k = 0; k < sizeof starts / sizeof starts[0]; k++) {
                    check_in_place(impl, places[i], starts[k], len, flags, wanted);
                    check_in_place(impl, places[i], starts[k], len, flags | SIMDINET_SCAN_PARTIAL,
                                   wanted);
                }
            }
        }
    }
    free(text);
    guarded_free(&memory);
}

Test(scan, touches_no_page_but_those_of_the_text) {
    with_each_implementation(check_guarded);
}

/* ---- parts ------------------------------------------------------------------------------------ */

/* Texts of several parts, so that their borders cut addresses at every byte. */
static void check_parts(const char *impl) {
    enum { SIZE = 3 * SIMDINET_SCAN_CHUNK };
    char *text = malloc(SIZE);
    simdinet_match *wanted = malloc(2 * SIZE * sizeof *wanted), *got = wanted + SIZE;
    random_state = (prng){5};
    for (size_t round = 0; round < rounds_or(60, 3); round++) {
        const size_t len = hostile_text(text, 2 * SIMDINET_SCAN_CHUNK + random_below(200));
        check_text(impl, round, text, len, random_flags(), wanted, got, SIZE);
    }
    free(wanted);
    free(text);
}

Test(scan, does_not_depend_on_the_borders_of_parts) {
    with_each_implementation(check_parts);
}

/*
 * Whole parts between inaccessible pages: the first address has no context. Also from
 * every start near there, because the bytes before a start affect the matches after it.
 */
static void check_guarded_parts(const char *impl) {
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
    random_state = (prng){6};
    for (size_t round = 0; round < rounds_or(60, 6); round++) {
        const unsigned flags = random_flags();
        hostile_text(text, size);
        memcpy(text, first[round % FIRST], strlen(first[round % FIRST]));
        const size_t expect = check_text(impl, round, text, size, flags, wanted, got, size);
        for (size_t start = 1; start < STARTS && round < FIRST; start++) {
            size_t count;
            simdinet_scan(text, start, size, flags, got, sizeof(simdinet_match), size, &count);
            const long where = first_difference_from(start, wanted, expect, got, count);
            cr_assert(where < 0,
                      "implementation %s, round %zu, flags 0x%02x, from %zu: match %ld differs",
                      impl, round, flags, start, where);
        }
    }
    free(wanted);
    munmap(map, size + 2 * page);
}

Test(scan, touches_no_page_but_those_of_whole_parts) {
    with_each_implementation(check_guarded_parts);
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
Test(scan, reads_the_address_at_the_head_of_a_text) {
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
