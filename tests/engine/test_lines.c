/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lines to addresses, on every implementation, compared with single texts: every kind of line end,
 * any cut of the text, any capacity, and exact buffers next to unmapped pages.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/lines.h"
#include "harness/values.h"
#include "simdinet.h"

/* The line ends of a text. */
typedef enum ending { LF, CRLF, EITHER } ending;

/* Joins the values as lines; open omits the last line end, except after an empty last line. */
static char *join(prng *random, const values *v, ending e, bool open, size_t *len) {
    char *text = malloc((size_t)v->offsets[v->count] + 2 * v->count + 1), *p = text;
    for (size_t i = 0; i < v->count; i++) {
        size_t size = (size_t)(v->offsets[i + 1] - v->offsets[i]);
        memcpy(p, v->bytes + v->offsets[i], size);
        p += size;
        if (open && i + 1 == v->count && size > 0)
            break;
        if (e == CRLF || (e == EITHER && prng_below(random, 2)))
            *p++ = '\r';
        *p++ = '\n';
    }
    *len = (size_t)(p - text);
    return text;
}

static const unsigned shares[] = {0, 1000, 50000, 500000, 1000000};

enum { SHARES = sizeof shares / sizeof *shares };

/* ---- literals -------------------------------------------------------------------------------- */

typedef struct vector {
    const char *text;
    size_t len;
    unsigned flags;
    size_t capacity;
    size_t lines, consumed;
    unsigned valid; /* bits */
} vector;

#define TEXT(literal) (literal), sizeof(literal) - 1

static const vector ipv4_vectors[] = {
    {TEXT(""), 0, 8, 0, 0, 0},
    {TEXT("\n"), 0, 8, 1, 1, 0},
    {TEXT("\r\n"), 0, 8, 1, 2, 0},
    {TEXT("\n\n"), 0, 8, 2, 2, 0},
    {TEXT("1.2.3.4"), 0, 8, 1, 7, 1},
    {TEXT("1.2.3.4\n"), 0, 8, 1, 8, 1},
    {TEXT("1.2.3.4\r\n"), 0, 8, 1, 9, 1},
    {TEXT("1.2.3.4\r"), 0, 8, 1, 8, 0}, /* not a line end */
    {TEXT("1.2.3.4\r\r\n"), 0, 8, 1, 10, 0},
    {TEXT("1.2.3.4\r5.6.7.8\n"), 0, 8, 1, 16, 0},
    {TEXT("1.2.3.4\n5.6.7.8\n"), 0, 8, 2, 16, 3},
    {TEXT("1.2.3.4\n\n5.6.7.8"), 0, 8, 3, 16, 5},
    {TEXT("1.2.3.4\0\n5.6.7.8"), 0, 8, 2, 16, 2},
    {TEXT(" 1.2.3.4\n1.2.3.4 \n1.2.3.4\n"), 0, 8, 3, 26, 4},
    {TEXT("1.2.3.4\n5.6.7.8\n9.9.9.9"), 0, 2, 2, 16, 3},
    {TEXT("1.2.3.4\n5.6.7.8\n9.9.9.9"), 0, 0, 0, 0, 0},
    {TEXT("1.2.3.4\n5.6.7.8"), SIMDINET_LINES_PARTIAL, 8, 1, 8, 1},
    {TEXT("1.2.3.4\r"), SIMDINET_LINES_PARTIAL, 8, 0, 0, 0},
    {TEXT("1.2.3.4\n5.6.7.8\n"), SIMDINET_LINES_PARTIAL, 8, 2, 16, 3},
};

Test(lines, literals) {
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        for (size_t i = 0; i < sizeof ipv4_vectors / sizeof *ipv4_vectors; i++) {
            const vector *v = &ipv4_vectors[i];
            uint8_t out[8 * 4], valid = 0;
            lines_result done =
                parse_ipv4_lines(v->text, v->len, v->flags, v->capacity, out, &valid);
            cr_expect(done.n == v->lines && done.consumed == v->consumed && valid == v->valid,
                      "implementation %s: \"%s\": %zu lines, %zu bytes, bits %#x", impl->name,
                      show(v->text, v->len), done.n, done.consumed, valid);
        }
        uint8_t out[3 * 16], valid = 0, families = 0;
        lines_result done =
            parse_mixed_lines(TEXT("::1\n\n1.2.3.4\n"), 0, 3, out, &valid, &families);
        cr_expect_eq(done.n, 3);
        cr_expect_eq(done.n_valid, 2);
        cr_expect_eq(valid, 5);
        cr_expect_eq(families, 1);
        cr_expect_arr_eq(out + 32, "\0\0\0\0\0\0\0\0\0\0\377\377\1\2\3\4", 16);
    }
}

/* ---- any text -------------------------------------------------------------------------------- */

static void try_whole(const simdinet_implementation *impl, const values *v, const char *text,
                      size_t len, size_t capacity) {
    size_t bits = (capacity + 7) / 8;
    uint8_t *out = malloc(16 * capacity + 1), *valid = malloc(bits + 1),
            *families = malloc(bits + 1);
    memset(valid, 0xa5, bits + 1);
    lines_result done =
        parse_lines(v->kind, text, len, 0, capacity, (parse_output){out, valid, families});
    size_t expected = v->count < capacity ? v->count : capacity;
    cr_expect_eq(done.n, expected, "implementation %s: %zu lines, not %zu", impl->name, done.n,
                 expected);
    if (done.n == v->count)
        cr_expect_eq(done.consumed, len);
    if (done.n == expected)
        cr_expect(values_match(v, 0, done.n, NULL, (parse_output){out, valid, families},
                               done.n_valid, impl->name, "lines"));
    for (size_t i = (done.n + 7) / 8; i <= bits; i++)
        cr_expect_eq(valid[i], 0xa5, "implementation %s writes bits after the last line",
                     impl->name);
    free(out);
    free(valid);
    free(families);
}

Test(lines, any_text) {
    prng random = {21};
    for (kind k = 0; k < KINDS; k++)
        for (size_t s = 0; s < SHARES; s++)
            for (size_t i = 0; i < repetitions(40); i++) {
                size_t count = i % 2 ? prng_below(&random, 70) : prng_below(&random, 4000), len;
                values *v = values_new(&random, k, count, shares[s], true);
                char *text = join(&random, v, (ending)(i % 3), i % 4 == 0, &len);
                FOR_EACH_IMPLEMENTATION (impl) {
                    simdinet_use_implementation(impl->name);
                    try_whole(impl, v, text, len, count);
                    try_whole(impl, v, text, len, count + 1 + prng_below(&random, 300));
                    try_whole(impl, v, text, len, prng_below(&random, (unsigned)count + 1));
                }
                free(text);
                values_free(v);
            }
}

/* ---- streaming ------------------------------------------------------------------------------- */

/* Reads a text through a small buffer, in chunks of any size, with a small capacity for results. */
static void try_stream(const simdinet_implementation *impl, prng *random, const values *v,
                       const char *text, size_t len) {
    size_t size = SIMDINET_LINES_MAX_PENDING + 1 + prng_below(random, 4000), have = 0, read = 0,
           next = 0;
    char *buffer = malloc(size);
    bool good = true;
    while (good && next < v->count) {
        size_t chunk = 1 + prng_below(random, (unsigned)(size - have)); /* at least one fits */
        chunk = chunk < len - read ? chunk : len - read;
        memcpy(buffer + have, text + read, chunk);
        have += chunk;
        read += chunk;
        size_t consumed = 0;
        lines_result done;
        do {
            uint8_t out[200 * 16], valid[25], families[25];
            const parse_output stored = {out, valid, families};
            size_t capacity = 1 + prng_below(random, 200);
            done = parse_lines(v->kind, buffer + consumed, have - consumed,
                               read < len ? SIMDINET_LINES_PARTIAL : 0, capacity, stored);
            good = next + done.n <= v->count &&
                   values_match(v, next, done.n, NULL, stored, done.n_valid, impl->name, "stream");
            next += done.n;
            consumed += done.consumed;
        } while (good && done.n > 0);
        good = good && have - consumed <= SIMDINET_LINES_MAX_PENDING &&
               (read < len || next == v->count);
        memmove(buffer, buffer + consumed, have - consumed);
        have -= consumed;
    }
    cr_expect(good, "implementation %s, %s: wrong at line %zu", impl->name, kind_names[v->kind],
              next);
    free(buffer);
}

Test(lines, streams_through_any_buffer) {
    prng random = {22};
    for (kind k = 0; k < KINDS; k++)
        for (size_t s = 0; s < SHARES; s++)
            for (size_t i = 0; i < repetitions(12); i++) {
                size_t count = 1 + prng_below(&random, 3000), len;
                values *v = values_new(&random, k, count, shares[s], true);
                char *text = join(&random, v, (ending)(i % 3), i % 2 == 0, &len);
                FOR_EACH_IMPLEMENTATION (impl) {
                    simdinet_use_implementation(impl->name);
                    try_stream(impl, &random, v, text, len);
                }
                free(text);
                values_free(v);
            }
}

/* ---- exact buffers --------------------------------------------------------------------------- */

Test(lines, accesses_no_other_memory) {
    prng random = {23};
    guarded m[4];
    for (size_t i = 0; i < 4; i++)
        m[i] = guarded_new();
    for (size_t i = 0; i < repetitions(4000); i++) {
        kind k = (kind)(i % KINDS);
        size_t count = prng_below(&random, 200), len;
        values *v = values_new(&random, k, count, shares[i % SHARES], true);
        char *text = join(&random, v, (ending)(i / 3 % 3), i % 2, &len);
        size_t size = count * size_of(k), bits = (count + 7) / 8;
        FOR_EACH_IMPLEMENTATION (impl) {
            if (len > 8192)
                break;
            simdinet_use_implementation(impl->name);
            for (int at_end = 0; at_end < 2; at_end++) {
                char *copy = at_end ? m[0].end - len : m[0].start;
                uint8_t *out = (uint8_t *)(at_end ? m[1].end - size : m[1].start);
                uint8_t *valid = (uint8_t *)(at_end ? m[2].end - bits : m[2].start);
                uint8_t *families = (uint8_t *)(at_end ? m[3].end - bits : m[3].start);
                memcpy(copy, text, len);
                lines_result done =
                    parse_lines(k, copy, len, 0, count, (parse_output){out, valid, families});
                cr_expect_eq(done.n, count, "implementation %s", impl->name);
                cr_expect(values_match(v, 0, done.n, NULL, (parse_output){out, valid, families},
                                       done.n_valid, impl->name,
                                       at_end ? "before a page" : "after a page"));
            }
        }
        free(text);
        values_free(v);
    }
    for (size_t i = 0; i < 4; i++)
        guarded_free(&m[i]);
}

/* ---- one invalid line among valid ones ------------------------------------------------------- */

/* Each invalid line at many positions of a long valid text, which implementations validate in
 * blocks. */
Test(lines, one_invalid_line) {
    static const char *const wrong[] = {"",
                                        "1.2.3",
                                        "1.2.3.4.5",
                                        "1.2.3.",
                                        ".1.2.3",
                                        "1..2.3",
                                        "256.1.1.1",
                                        "1.300.1.1",
                                        "1.1.260.1",
                                        "1.1.1.999",
                                        "01.1.1.1",
                                        "1.00.1.1",
                                        "1.1.1.01",
                                        "1.1.010.1",
                                        "1000.1.1.1",
                                        "1.1.1.0000",
                                        "1.1.1.1 ",
                                        "1.1.1/1",
                                        "1.1.1:1",
                                        "1.1\xfe.1",

                                        "1.1.1.1\r\r",
                                        "1.1.1,1",
                                        "1.1.1.1.1.1.1.1",
                                        "1.1.1.1\t",
                                        "1.1.1.1;1.1.1.1",
                                        "99999999999999999999999999999999999999999999999999",
                                        "a.b.c.d",
                                        "1.1.1.-1",
                                        "+1.1.1.1",
                                        "1.1.1.0x1",
                                        "1.1.1.2\xb0"};
    enum { COUNT = 600 };
    static char text[COUNT * 64];
    static uint8_t expected[COUNT * 4], out[COUNT * 4], valid[COUNT / 8];
    prng random = {24};
    for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++)
        for (size_t i = 0; i < repetitions(60); i++) {
            size_t at = prng_below(&random, COUNT), len = 0;
            for (size_t j = 0; j < COUNT; j++) {
                char address[TEXT_CAPACITY];
                size_t size = make_address(&random, IPV4, address, expected + 4 * j);
                if (j == at) {
                    size = strlen(wrong[w]);
                    memcpy(address, wrong[w], size);
                    memset(expected + 4 * j, 0, 4);
                }
                memcpy(text + len, address, size);
                len += size;
                text[len++] = '\n';
            }
            FOR_EACH_IMPLEMENTATION (impl) {
                simdinet_use_implementation(impl->name);
                lines_result done = parse_ipv4_lines(text, len, 0, COUNT, out, valid);
                cr_expect(done.n == COUNT && done.n_valid == COUNT - 1 && done.consumed == len &&
                              memcmp(out, expected, sizeof out) == 0 &&
                              !(valid[at / 8] >> (at % 8) & 1),
                          "implementation %s: \"%s\" at line %zu: %zu of %zu lines are valid",
                          impl->name, show(wrong[w], strlen(wrong[w])), at, done.n_valid, done.n);
            }
        }
}

/* ---- one CRLF among many LFs ----------------------------------------------------------------- */

/* Implementations look for CR per block: a single one is found at any position. */
Test(lines, one_crlf) {
    enum { COUNT = 32 };
    char text[8 + COUNT * sizeof "1.2.3.4\r\n"];
    uint8_t out[(8 + COUNT) * 4], valid[8 + COUNT];
    for (size_t empty = 0; empty < 8; empty++)
        for (size_t at = 0; at < COUNT; at++) {
            size_t len = empty;
            memset(text, '\n', empty);
            for (size_t i = 0; i < COUNT; i++)
                len += (size_t)sprintf(text + len, "1.2.3.4%s\n", i == at ? "\r" : "");
            FOR_EACH_IMPLEMENTATION (impl) {
                simdinet_use_implementation(impl->name);
                lines_result done = parse_ipv4_lines(text, len, 0, empty + COUNT, out, valid);
                cr_expect(done.n == empty + COUNT && done.n_valid == COUNT && done.consumed == len,
                          "implementation %s: CR at byte %zu: %zu lines are valid", impl->name,
                          empty + 8 * at + 7, done.n_valid);
            }
        }
}

/* ---- every address --------------------------------------------------------------------------- */

/* Odd, so that the sample has every value of every octet; about 6.7 million addresses. */
#define SPREAD 643

Test(lines, round_trip_of_the_ipv4_space) {
    enum { BATCH = 4096 };
    static char text[BATCH * SIMDINET_IPV4_TEXT_SIZE];
    static uint8_t expected[BATCH * 4], out[BATCH * 4], valid[BATCH / 8];
    const uint64_t step = repetitions(1) > 1 ? 7 : SPREAD;
    for (uint64_t next = 0; next < UINT64_C(1) << 32;) {
        size_t count = 0, len = 0;
        for (; count < BATCH && next < UINT64_C(1) << 32; count++, next += step) {
            uint8_t *address = expected + 4 * count;
            for (unsigned i = 0; i < 4; i++)
                address[i] = (uint8_t)(next >> (24 - 8 * i));
            len += simdinet_format_ipv4(address, text + len);
            text[len++] = '\n';
        }
        FOR_EACH_IMPLEMENTATION (impl) {
            simdinet_use_implementation(impl->name);
            lines_result done = parse_ipv4_lines(text, len, 0, count, out, valid);
            cr_assert(done.n == count && done.n_valid == count && done.consumed == len,
                      "implementation %s: %zu of %zu", impl->name, done.n_valid, count);
            cr_assert(memcmp(out, expected, 4 * count) == 0, "implementation %s", impl->name);
        }
    }
}
