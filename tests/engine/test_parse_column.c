/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Columns to addresses, on every implementation, compared with single texts: every layout of a
 * column, any range of it, any neighbouring values, and exact parse_output next to unmapped pages.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/values.h"
#include "simdinet.h"

/* ---- one call for any layout ----------------------------------------------------------------- */

typedef enum form { COLUMN, COLUMN64, STRIDED, POINTERS, STRINGS } form;

#define FORMS 5

static const char *const form_names[FORMS] = {"column", "column64", "strided", "pointers",
                                              "strings"};

static size_t length_of(const values *v, size_t i) {
    return (size_t)(v->offsets[i + 1] - v->offsets[i]);
}

/* Calls with the values [first, first + count) of v, converted to the layout. */
static size_t call(const values *v, form f, size_t first, size_t count, const uint8_t *validity,
                   parse_output to) {
    size_t good = 0, width = 0;
    if (f == COLUMN)
        return parse_offsets(v->kind, v->bytes, v->offsets + first, count, validity, to);
    int64_t *offsets = calloc(count + 1, sizeof *offsets);
    const char **texts = calloc(count + 1, sizeof *texts);
    size_t *lengths = calloc(count + 1, sizeof *lengths);
    for (size_t i = 0; i <= count; i++)
        offsets[i] = v->offsets[first + i];
    for (size_t i = 0; i < count; i++) {
        texts[i] = v->bytes + v->offsets[first + i];
        lengths[i] = length_of(v, first + i);
        width = lengths[i] > width ? lengths[i] : width;
    }
    if (f == COLUMN64) {
        good = parse_offsets64(v->kind, v->bytes, offsets, count, validity, to);
    } else if (f == POINTERS) {
        good = parse_pointers(v->kind, texts, lengths, count, validity, to);
    } else {
        /* The last record ends its memory; NULs end some of the texts. */
        size_t stride = f == STRINGS ? width + 1 : width + count % 3;
        char *records = calloc(count + 1, stride + 1);
        for (size_t i = 0; i < count; i++) {
            memcpy(records + i * stride, texts[i], lengths[i]);
            texts[i] = records + i * stride;
        }
        good = f == STRINGS ? parse_pointers(v->kind, texts, NULL, count, validity, to)
                            : parse_strided(v->kind, records, stride, width, count, validity, to);
        free(records);
    }
    free(offsets);
    free(texts);
    free(lengths);
    return good;
}

/* Some layouts cannot represent a value with a NUL. */
static void avoid_nuls(values *v) {
    for (size_t i = 0; i < v->count; i++) {
        char *text = v->bytes + v->offsets[i];
        for (size_t j = 0; j < length_of(v, i); j++)
            text[j] = text[j] ? text[j] : ' ';
    }
}

static parse_output output_new(size_t count) {
    return (parse_output){malloc(16 * count + 1), malloc(count / 8 + 1), malloc(count / 8 + 1)};
}

static void output_free(parse_output *b) {
    free(b->addresses);
    free(b->validity);
    free(b->families);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static const unsigned shares[] = {0, 1000, 50000, 500000, 1000000};

enum { SHARES = sizeof shares / sizeof *shares };

Test(column_parse, literals) {
    static const char bytes[] = "1.2.3.4"
                                ""
                                "255.255.255.255"
                                "1.2.3"
                                "::1"
                                "0.0.0.0"
                                "10.0.0.256";
    static const int32_t offsets[] = {0, 7, 7, 22, 27, 30, 37, 47};
    static const int32_t spread[] = {0, 7, 0, 7, 22}; /* the second ends before it begins */
    static const uint8_t ipv4[28] = {1, 2, 3, 4, 0, 0, 0, 0, 255, 255, 255, 255};
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[7 * 16], valid = 0xff, families = 0xff;
        memset(out, 0xa5, sizeof out);
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_parse_ipv4_column(bytes, offsets, 7, NULL, out, &valid), 3);
        cr_expect_eq(valid, 0x25, "implementation %s: %#x", impl->name, valid);
        cr_expect_arr_eq(out, ipv4, sizeof ipv4);
        cr_expect_eq(out[28], 0xa5);
        cr_expect_eq(simdinet_parse_mixed_column(bytes, offsets, 7, NULL, out, &valid, &families),
                     4);
        cr_expect_eq(valid, 0x35);
        cr_expect_eq(families, 0x10);
        cr_expect_arr_eq(out, "\0\0\0\0\0\0\0\0\0\0\377\377\1\2\3\4", 16);
        cr_expect_eq(out[4 * 16 + 15], 1);
        valid = 0x04;
        cr_expect_eq(simdinet_parse_ipv4_column(bytes, offsets, 7, &valid, out, &valid), 1);
        cr_expect_eq(valid, 0x04);
        cr_expect_arr_eq(out, "\0\0\0\0\0\0\0\0\377\377\377\377", 12);
        cr_expect_eq(simdinet_parse_ipv4_column(bytes, spread, 4, NULL, out, &valid), 3);
        cr_expect_eq(valid, 0x0d);
        cr_expect_eq(simdinet_parse_ipv4_column(NULL, NULL, 0, NULL, NULL, NULL), 0);
        cr_expect_eq(simdinet_parse_ipv6_column(NULL, (int32_t[2]){0, 0}, 1, NULL, out, &valid), 0);
        cr_expect_eq(valid, 0);
        cr_expect_eq(
            simdinet_parse_ipv4_pointers((const char *[1]){NULL}, NULL, 1, NULL, out, &valid), 0);
    }
}

/* Kernels may parse a block that seems to hold one family by that one first. */
Test(column_parse, one_value_among_ipv4_addresses) {
    static const char *const others[] = {
        "",
        "::1",
        "1.2.3.4",
        "1.2.3.256",
        "2001:db8::17",
        "192.0.2.10:80",
        "::ffff:198.51.100.200",
        "2001:db8:1111:2222:3333:4444:5555:6666",
        "0000:0000:0000:0000:0000:ffff:255.255.255.255",
        "dsl-198-51-100-200.example.org and further text, longer than an address",
    };
    static const size_t counts[] = {1, 5, 63, 64};
    enum { COUNT = 64 };
    uint8_t octets[4], ipv6[16], out[16 * COUNT], valid[8], families[8];
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (size_t o = 0; o < sizeof others / sizeof *others; o++)
            for (size_t at = 0; at < COUNT; at++) {
                char bytes[16 * COUNT + 128];
                int32_t offsets[COUNT + 1] = {0};
                for (size_t i = 0; i < COUNT; i++)
                    offsets[i + 1] =
                        offsets[i] + (i == at ? sprintf(bytes + offsets[i], "%s", others[o])
                                              : sprintf(bytes + offsets[i], "203.0.113.%zu", i));
                const size_t len = strlen(others[o]);
                const bool is_ipv4 = simdinet_parse_ipv4(others[o], len, octets),
                           is_ipv6 = simdinet_parse_ipv6(others[o], len, ipv6);
                for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
                    const size_t n = counts[c], good = n - (at < n && !is_ipv4 && !is_ipv6);
                    memset(out, 0x5a, sizeof out);
                    cr_expect_eq(
                        simdinet_parse_mixed_column(bytes, offsets, n, NULL, out, valid, families),
                        good, "implementation %s: \"%s\" at %zu", impl->name, others[o], at);
                    for (size_t i = 0; i < n; i++) {
                        uint8_t expected[16] = {[10] = 0xff, 0xff, 203, 0, 113, (uint8_t)i};
                        const bool other = i == at;
                        if (other && is_ipv4)
                            memcpy(expected + 12, octets, 4);
                        else if (other && is_ipv6)
                            memcpy(expected, ipv6, 16);
                        else if (other)
                            memset(expected, 0, 16);
                        cr_expect_arr_eq(out + 16 * i, expected, 16);
                        cr_expect_eq(valid[i / 8] >> i % 8 & 1, !other || is_ipv4 || is_ipv6);
                        cr_expect_eq(families[i / 8] >> i % 8 & 1, other && is_ipv6);
                    }
                }
            }
    }
}

/* The pointer and the length of a null are unspecified. */
Test(column_parse, never_follows_the_pointer_of_a_null) {
    enum { COUNT = 130 };
    guarded memory = guarded_new();
    const char *unmapped = memory.end, *texts[COUNT];
    size_t lengths[COUNT];
    uint8_t validity[COUNT / 8 + 1] = {0}, out[COUNT * 16], valid[COUNT / 8 + 1],
                                 families[COUNT / 8 + 1];
    for (size_t i = 0; i < COUNT; i++) {
        bool is_valid = i % 3 == 0;
        texts[i] = is_valid ? "192.0.2.1" : unmapped + i;
        lengths[i] = is_valid ? 9 : SIZE_MAX - i;
        validity[i / 8] |= (uint8_t)(is_valid << i % 8);
    }
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (int strings = 0; strings < 2; strings++)
            for (kind k = 0; k < KINDS; k++) {
                parse_output b = {out, valid, families};
                size_t size = k == ONLY_IPV4 ? 4 : 16, good = k == ONLY_IPV6 ? 0 : (COUNT + 2) / 3;
                memset(out, 0x5a, sizeof out);
                cr_expect_eq(parse_pointers(k, texts, strings ? NULL : lengths, COUNT, validity, b),
                             good, "implementation %s", impl->name);
                for (size_t i = 0; i < COUNT; i++)
                    cr_expect_eq(out[(i + 1) * size - 1], k != ONLY_IPV6 && i % 3 == 0, "%zu", i);
                if (k != ONLY_IPV6)
                    cr_expect(memcmp(valid, validity, sizeof validity) == 0, "implementation %s",
                              impl->name);
            }
    }
    guarded_free(&memory);
}

static void check_layouts(const simdinet_implementation *impl, values *v, prng *random) {
    parse_output b = output_new(v->count);
    uint8_t *validity = malloc(v->count / 8 + 1);
    for (size_t i = 0; i <= v->count / 8; i++)
        validity[i] = (uint8_t)(prng_next(random) | prng_next(random));
    for (form f = 0; f < FORMS; f++) {
        size_t good = call(v, f, 0, v->count, NULL, b);
        cr_expect(values_match(v, 0, v->count, NULL, b, good, impl->name, form_names[f]));
        good = call(v, f, 0, v->count, validity, b);
        cr_expect(values_match(v, 0, v->count, validity, b, good, impl->name, form_names[f]));
        /* Any range of it; bit 0 of the output is its first value. */
        for (size_t i = 0; i < 20; i++) {
            size_t first = prng_below(random, (unsigned)v->count + 1);
            size_t count = prng_below(random, (unsigned)(v->count - first) + 1);
            good = call(v, f, first, count, NULL, b);
            cr_expect(values_match(v, first, count, NULL, b, good, impl->name, form_names[f]));
        }
    }
    free(validity);
    output_free(&b);
}

Test(column_parse, every_layout_and_range) {
    prng random = {11};
    for (kind k = 0; k < KINDS; k++)
        for (size_t s = 0; s < SHARES; s++)
            for (size_t i = 0; i < repetitions(8); i++) {
                size_t count = i < 4 ? 1 + prng_below(&random, 70) : 1 + prng_below(&random, 5000);
                values *v = values_new(&random, k, count, shares[s], false);
                avoid_nuls(v);
                FOR_EACH_IMPLEMENTATION (impl) {
                    simdinet_use_implementation(impl->name);
                    check_layouts(impl, v, &random);
                }
                values_free(v);
            }
}

/* ---- exact parse_output --------------------------------------------------------------------------- */

static void *buffer_at(const guarded *memory, size_t size, bool at_end, const void *content) {
    char *p = at_end ? memory->end - size : memory->start;
    if (content && size)
        memcpy(p, content, size);
    return p;
}

static void try_guarded(const simdinet_implementation *impl, const values *v, guarded *m,
                        bool at_end) {
    size_t bits = (v->count + 7) / 8, size = v->count * size_of(v->kind);
    values copy = *v;
    size_t bytes = (size_t)v->offsets[v->count];
    copy.bytes = buffer_at(&m[0], bytes, at_end, v->bytes);
    copy.offsets = buffer_at(&m[1], (v->count + 1) * sizeof *v->offsets, at_end, v->offsets);
    const parse_output b = {buffer_at(&m[2], size, at_end, NULL),
                            buffer_at(&m[3], bits, at_end, NULL),
                            buffer_at(&m[4], bits, at_end, NULL)};
    memset(b.addresses, 0xa5, size);
    size_t good = call(&copy, COLUMN, 0, v->count, NULL, b);
    cr_expect(values_match(&copy, 0, v->count, NULL, b, good, impl->name,
                           at_end ? "before a guard page" : "after a guard page"));
}

Test(column_parse, accesses_no_other_memory) {
    prng random = {12};
    guarded memory[5];
    for (size_t i = 0; i < 5; i++)
        memory[i] = guarded_new();
    for (kind k = 0; k < KINDS; k++)
        for (size_t count = 0; count <= 70; count++)
            for (size_t i = 0; i < repetitions(3) * SHARES; i++) {
                values *v = values_new(&random, k, count, shares[i % SHARES], false);
                size_t bytes = (size_t)v->offsets[count];
                FOR_EACH_IMPLEMENTATION (impl) {
                    if (bytes > 8192)
                        break;
                    simdinet_use_implementation(impl->name);
                    try_guarded(impl, v, memory, true);
                    try_guarded(impl, v, memory, false);
                }
                values_free(v);
            }
    for (size_t i = 0; i < 5; i++)
        guarded_free(&memory[i]);
}

/* The bytes after the last address and the last bitmap byte, with unaligned parse_output. */
Test(column_parse, writes_no_other_memory) {
    enum { COUNT = 67, MARGIN = 64 };
    prng random = {13};
    for (size_t i = 0; i < repetitions(300); i++) {
        kind k = (kind)(i % KINDS);
        size_t count = prng_below(&random, COUNT + 1), shift = prng_below(&random, 33);
        size_t size = count * size_of(k), bits = (count + 7) / 8;
        values *v = values_new(&random, k, count, 100000, false);
        char *text = malloc((size_t)v->offsets[count] + 33);
        values shifted = *v;
        shifted.bytes = memcpy(text + shift, v->bytes, (size_t)v->offsets[count]);
        FOR_EACH_IMPLEMENTATION (impl) {
            uint8_t output[3][COUNT * 16 + 2 * MARGIN], canary[COUNT * 16 + 2 * MARGIN];
            memset(output, 0xa5, sizeof output);
            memset(canary, 0xa5, sizeof canary);
            const parse_output b = {output[0] + shift, output[1] + shift, output[2] + shift};
            simdinet_use_implementation(impl->name);
            size_t good = call(&shifted, COLUMN, 0, count, NULL, b);
            cr_expect(values_match(&shifted, 0, count, NULL, b, good, impl->name, "unaligned"));
            cr_expect_arr_eq(output[0], canary, shift);
            cr_expect_arr_eq(b.addresses + size, canary, MARGIN);
            cr_expect_arr_eq(b.validity + bits, canary, MARGIN);
            cr_expect_arr_eq(b.families + (k == MIXED ? bits : 0), canary, MARGIN);
        }
        free(text);
        values_free(v);
    }
}

/* ---- unusual offsets ------------------------------------------------------------------------- */

/* Offsets in any order: values that overlap, are equal, or end before they begin. */
Test(column_parse, accepts_offsets_in_any_order) {
    enum { COUNT = 200 };
    prng random = {14};
    for (size_t i = 0; i < repetitions(200); i++) {
        kind k = (kind)(i % KINDS);
        values *v = values_new(&random, k, COUNT, i % 2 ? 0 : 100000, false);
        int32_t offsets[COUNT + 1];
        int64_t offsets64[COUNT + 1];
        for (size_t j = 0; j <= COUNT; j++) {
            offsets[j] = v->offsets[prng_below(&random, COUNT + 1)];
            if (j && prng_below(&random, 3)) /* the original value */
                offsets[j] = v->offsets[j];
        }
        for (size_t j = 0; j <= COUNT; j++)
            offsets64[j] = offsets[j];
        FOR_EACH_IMPLEMENTATION (impl) {
            uint8_t out[COUNT * 16], valid[COUNT / 8 + 1], families[COUNT / 8 + 1];
            uint8_t out64[COUNT * 16], valid64[COUNT / 8 + 1], families64[COUNT / 8 + 1];
            const parse_output b = {out, valid, families}, b64 = {out64, valid64, families64};
            simdinet_use_implementation(impl->name);
            size_t good = parse_offsets(k, v->bytes, offsets, COUNT, NULL, b), expected = 0;
            for (size_t j = 0; j < COUNT; j++) {
                uint8_t address[16] = {0}, ignored[16];
                bool valid_alone = false;
                if (offsets[j + 1] > offsets[j]) {
                    const char *text = v->bytes + offsets[j];
                    size_t len = (size_t)(offsets[j + 1] - offsets[j]);
                    if (k == MIXED)
                        valid_alone = impl->parse_ipv4(text, len, ignored) ||
                                      impl->parse_ipv6(text, len, ignored);
                    else
                        valid_alone = (k == ONLY_IPV4 ? impl->parse_ipv4
                                                      : impl->parse_ipv6)(text, len, address);
                }
                expected += valid_alone;
                cr_expect_eq(valid[j / 8] >> (j % 8) & 1, valid_alone,
                             "implementation %s, value %zu", impl->name, j);
                if (k != MIXED)
                    cr_expect_arr_eq(out + j * size_of(k), address, size_of(k));
            }
            cr_expect_eq(good, expected);
            cr_expect_eq(parse_offsets64(k, v->bytes, offsets64, COUNT, NULL, b64), good);
            cr_expect_arr_eq(out, out64, COUNT * size_of(k));
            cr_expect_arr_eq(valid, valid64, COUNT / 8);
        }
        values_free(v);
    }
}

/* Offsets above 32 bits, from a base far below the text. */
Test(column_parse, accepts_offsets_beyond_4_gigabytes) {
    static const char text[] = "10.0.0.1"
                               "10.0.0.2";
    const int64_t far = INT64_C(1) << 40;
    const int64_t offsets[] = {far, far + 8, far + 16, far, far + 8};
    const char *base = (const char *)((uintptr_t)text - (uintptr_t)far);
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[16], valid;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_parse_ipv4_column64(base, offsets, 4, NULL, out, &valid), 3);
        cr_expect_eq(valid, 0x0b);
        cr_expect_arr_eq(out, "\12\0\0\1\12\0\0\2\0\0\0\0\12\0\0\1", 16);
    }
}

/* A value that ends before it begins: its pointer cannot be computed. */
Test(column_parse, accepts_backward_offsets_from_anywhere) {
    static const char text[] = "10.0.0.1";
    static const int64_t offsets[] = {0, 8, INT64_MIN / 2, INT64_MIN};
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[12], valid;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_parse_ipv4_column64(text, offsets, 3, NULL, out, &valid), 1);
        cr_expect_eq(valid, 0x01);
        cr_expect_arr_eq(out, "\12\0\0\1\0\0\0\0\0\0\0\0", 12);
    }
}

/*
 * The same where the difference of two offsets wraps to the length of the address at the first of
 * them, after other values of its block and before empty ones.
 */
Test(column_parse, accepts_backward_offsets_whose_difference_wraps) {
    static const char *const addresses[] = {
        "1.1.1.1", "10.0.0.1",    "255.255.255.255",
        "::1",     "2001:db8::1", "2001:db8:1111:2222:3333:4444:5555:6666"};
    char text[4 * 8 + SIMDINET_IPV6_TEXT_SIZE] = "10.0.0.110.0.0.110.0.0.110.0.0.1";
    const char *base = (const char *)((uintptr_t)text + 32 - INT32_MAX);
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        for (size_t a = 0; a < sizeof addresses / sizeof *addresses; a++) {
            int32_t wrapped = INT32_MIN + (int32_t)strlen(addresses[a]) - 1;
            strcpy(text + 32, addresses[a]);
            for (int32_t before = 0; before < 4; before++) {
                int32_t offsets[9];
                for (int32_t i = 0; i < 9; i++)
                    offsets[i] = i <= before ? INT32_MAX - 8 * (before - i) : wrapped;
                for (size_t count = (size_t)before + 1; count <= 8; count++) {
                    uint8_t out[8 * 16], valid[1], families[1];
                    uint8_t expected = (uint8_t)((1 << before) - 1);
                    simdinet_parse_ipv4_column(base, offsets, count, NULL, out, valid);
                    cr_expect_eq(*valid, expected, "implementation %s, %s", impl->name,
                                 addresses[a]);
                    simdinet_parse_ipv6_column(base, offsets, count, NULL, out, valid);
                    cr_expect_eq(*valid, 0, "implementation %s, %s", impl->name, addresses[a]);
                    simdinet_parse_mixed_column(base, offsets, count, NULL, out, valid, families);
                    cr_expect_eq(*valid, expected, "implementation %s, %s", impl->name,
                                 addresses[a]);
                }
            }
        }
    }
}

/* ---- every address --------------------------------------------------------------------------- */

/* Odd, so that the sample has every value of every octet; about 6.7 million addresses. */
#define SPREAD 641

Test(column_parse, round_trip_of_the_ipv4_space) {
    enum { BATCH = 4096 };
    static char bytes[BATCH * SIMDINET_IPV4_TEXT_SIZE];
    static int32_t offsets[BATCH + 1];
    static uint8_t expected[BATCH * 4], out[BATCH * 4], valid[BATCH / 8];
    const uint64_t step = repetitions(1) > 1 ? 7 : SPREAD;
    for (uint64_t next = 0; next < UINT64_C(1) << 32;) {
        size_t count = 0;
        for (; count < BATCH && next < UINT64_C(1) << 32; count++, next += step) {
            uint8_t *address = expected + 4 * count;
            for (unsigned i = 0; i < 4; i++)
                address[i] = (uint8_t)(next >> (24 - 8 * i));
            offsets[count + 1] =
                offsets[count] + (int32_t)simdinet_format_ipv4(address, bytes + offsets[count]);
        }
        FOR_EACH_IMPLEMENTATION (impl) {
            simdinet_use_implementation(impl->name);
            cr_assert_eq(simdinet_parse_ipv4_column(bytes, offsets, count, NULL, out, valid), count,
                         "implementation %s", impl->name);
            cr_assert(memcmp(out, expected, 4 * count) == 0, "implementation %s", impl->name);
        }
    }
}

/* ---- reasons --------------------------------------------------------------------------------- */

Test(column_parse, reasons) {
    prng random = {15};
    enum { COUNT = 500 };
    for (size_t i = 0; i < repetitions(30); i++) {
        kind k = (kind)(i % KINDS);
        values *v = values_new(&random, k, COUNT, 300000, false);
        parse_output b = output_new(COUNT);
        uint8_t validity[COUNT / 8 + 1], reasons[COUNT], reasons64[COUNT];
        uint32_t positions[COUNT], positions64[COUNT];
        int64_t offsets64[COUNT + 1];
        for (size_t j = 0; j < sizeof validity; j++)
            validity[j] = (uint8_t)(prng_next(&random) | prng_next(&random));
        for (size_t j = 0; j <= COUNT; j++)
            offsets64[j] = v->offsets[j];
        call(v, COLUMN, 0, COUNT, validity, b);
        explain_offsets(k, v->bytes, v->offsets, COUNT, validity, b.validity, reasons, positions);
        explain_offsets64(k, v->bytes, offsets64, COUNT, validity, b.validity, reasons64,
                          positions64);
        cr_expect_arr_eq(reasons, reasons64, sizeof reasons);
        cr_expect_arr_eq(positions, positions64, sizeof positions);
        for (size_t j = 0; j < COUNT; j++) {
            const char *text = v->bytes + v->offsets[j];
            size_t at = 0;
            simdinet_reason reason =
                (k == ONLY_IPV4   ? simdinet_explain_ipv4
                 : k == ONLY_IPV6 ? simdinet_explain_ipv6
                                  : simdinet_explain_mixed)(text, length_of(v, j), &at);
            bool null = !(validity[j / 8] >> (j % 8) & 1);
            if (null || v->valid[j])
                at = 0;
            cr_expect_eq(reasons[j], null ? SIMDINET_REASON_NULL : reason);
            cr_expect_eq(positions[j], at, "value %zu", j);
        }
        output_free(&b);
        values_free(v);
    }
    cr_expect_str_eq(simdinet_reason_text(SIMDINET_REASON_NULL), "null");
}
