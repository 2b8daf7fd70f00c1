/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Texts made of a repeated unit, which have a candidate in every few bytes, for every implementation: all
 * units of four bytes of an alphabet, five in a full run. What costs a scan most is a
 * candidate that a kernel leaves undecided, for the engine applies all rules to it. Their number does not
 * depend on the speed of the machine, and is bounded here.
 */
#include "harness/support.h"

#include "kernels/kernel.h"
#include "simdinet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A digit, letters that are hexadecimal and not, and most of the other bytes that rules name. */
static const char alphabet[] = ":.1ax [];%\\/~?-=\"_>|t,\x1b\n";

enum {
    SYMBOLS = sizeof alphabet - 1,
    MAX_UNIT = 5,
    BEFORE = 128, /* of the bytes that are counted; as many are after them */
    COUNTED = 512,
    TEXT = BEFORE + COUNTED + BEFORE,
    MATCHES = TEXT,
};

typedef struct dense_text {
    char unit[MAX_UNIT + 1];
    size_t len; /* of the unit */
    char bytes[TEXT];
} dense_text;

/* Every unit that is no rotation of an earlier one: false after the last. */
static bool next_unit(dense_text *text, unsigned *digits, size_t max) {
    for (;;) {
        size_t i = 0;
        while (i < text->len && ++digits[i] == SYMBOLS)
            digits[i++] = 0;
        if (i == text->len) {
            if (text->len == max)
                return false;
            digits[text->len++] = 0;
        }
        bool least = true;
        for (size_t shift = 1; shift < text->len && least; shift++) {
            size_t k = 0;
            while (k < text->len && digits[k] == digits[(k + shift) % text->len])
                k++;
            least = k == text->len || digits[k] < digits[(k + shift) % text->len];
        }
        if (least)
            break;
    }
    for (size_t i = 0; i < text->len; i++)
        text->unit[i] = alphabet[digits[i]];
    text->unit[text->len] = 0;
    for (size_t i = 0; i < TEXT; i++)
        text->bytes[i] = text->unit[i % text->len];
    return true;
}

/* Long ones take a minute. */
static size_t longest_unit(void) {
    const char *full = getenv("SIMDINET_FULL");
    return brief() ? 3 : full ? MAX_UNIT : 4;
}

/* The candidates that a kernel leaves undecided. */
static size_t count_undecided(const simdinet_implementation *impl, const char *bytes) {
    static simdinet_scan_chunk chunk;
    simdinet_candidate candidates[SIMDINET_SCAN_BATCH];
    size_t n, undecided = 0;
    chunk = (simdinet_scan_chunk){
        .text = bytes,
        .begin = BEFORE,
        .end = BEFORE + COUNTED,
        .len = TEXT,
        .families = SIMDINET_SCAN_FIND_IPV4 | SIMDINET_SCAN_FIND_IPV6,
    };
    impl->find_candidates(&chunk);
    while ((n = impl->verify_candidates(&chunk, candidates)) > 0)
        for (size_t i = 0; i < n; i++)
            undecided += candidates[i].result == SIMDINET_VERIFY_UNDECIDED;
    return undecided;
}

/*
 * One in twelve bytes at most: those of a unit of a few bytes are decided by kernels. Escapes are not, since
 * a flag says whether there are any: "\\t::" has one in four bytes.
 */
Test(scan_dense, few_candidates_are_undecided) {
    FOR_EACH_IMPLEMENTATION (impl) {
        dense_text text = {.len = 0};
        unsigned digits[MAX_UNIT];
        while (next_unit(&text, digits, longest_unit())) {
            const size_t undecided = count_undecided(impl, text.bytes);
            const size_t bound = strchr(text.unit, '\\') ? COUNTED / 4 : COUNTED / 12;
            cr_expect(undecided <= bound,
                      "implementation %s, unit \"%s\": %zu undecided in %d bytes", impl->name,
                      text.unit, undecided, COUNTED);
        }
    }
}

/* With SIMDINET_SCAN_REJECTED the engine applies all rules to what a kernel rejects: the addresses are the
 * same. The implementation is the one in use. */
static void check_by_all_rules(const char *impl, const char *bytes, size_t len) {
    static simdinet_match found[MATCHES], verified[MATCHES];
    size_t n, n_verified, same = 0, accepted = 0;
    simdinet_scan(bytes, 0, len, 0, found, sizeof found[0], MATCHES, &n);
    simdinet_scan(bytes, 0, len, SIMDINET_SCAN_REJECTED, verified, sizeof verified[0], MATCHES,
                  &n_verified);
    for (size_t i = 0; i < n_verified; i++) {
        if (verified[i].flags & SIMDINET_MATCH_REJECTED)
            continue;
        same += accepted < n && memcmp(&found[accepted], &verified[i], sizeof found[0]) == 0;
        accepted++;
    }
    cr_expect(same == n && accepted == n,
              "implementation %s: %zu matches, %zu by all rules, %zu the same, in \"%s\"", impl, n,
              accepted, same, show(bytes + BEFORE, len - 2 * (size_t)BEFORE));
}

Test(scan_dense, kernels_reject_what_all_rules_reject) {
    FOR_EACH_IMPLEMENTATION (impl) {
        dense_text text = {.len = 0};
        unsigned digits[MAX_UNIT];
        cr_assert(simdinet_use_implementation(impl->name));
        while (next_unit(&text, digits, longest_unit()))
            check_by_all_rules(impl->name, text.bytes, TEXT);
    }
}

/* A control sequence that ends at a letter of a long run: what follows the letter may be an address. */
Test(scan_dense, sequences_end_in_long_runs) {
    static const char *const openings[] = {"\x1b[", "\\e[", "\\x1b[", "[", ""};
    static const char marks[] = ";?";
    FOR_EACH_IMPLEMENTATION (impl) {
        prng random = {7};
        cr_assert(simdinet_use_implementation(impl->name));
        for (size_t round = 0; round < repetitions(20000); round++) {
            char text[TEXT];
            size_t len = BEFORE;
            memset(text, ' ', sizeof text);
            len += (size_t)sprintf(text + len, "%s", openings[prng_below(&random, 5)]);
            for (size_t n = prng_below(&random, 12); n > 0; n--)
                len += (size_t)sprintf(text + len, "%u%c", (unsigned)prng_below(&random, 50),
                                       marks[prng_below(&random, 2)]);
            const unsigned groups = 5 + prng_below(&random, 18),
                           letter = prng_below(&random, groups);
            for (unsigned i = 0; i < groups; i++)
                len += (size_t)sprintf(text + len, "%s%02x", i > 0 ? ":" : "",
                                       i == letter ? (unsigned)prng_below(&random, 256)
                                                   : (unsigned)prng_below(&random, 10));
            text[len] = ' ';
            check_by_all_rules(impl->name, text, len + BEFORE);
        }
    }
}
