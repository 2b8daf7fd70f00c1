/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Limits of the public functions, on every implementation: no values, records megabytes apart, a
 * line of a gigabyte, more rows than memory.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/lines.h"
#include "harness/support.h"
#include "simdinet.h"

#define TEXT(literal) (literal), sizeof(literal) - 1

/* ---- no values ------------------------------------------------------------------------------- */

Test(limits, kernels_accept_no_values) {
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[64 + 16], canary[64 + 16];
        int32_t offsets[2] = {3, 7}, begin[SIMDINET_FIND_LINES_SIZE], end[SIMDINET_FIND_LINES_SIZE];
        char text[48] = "untouched";
        uint64_t families = 1, valid;
        uint32_t state = 0;
        size_t consumed = 5;
        memset(out, 0xa5, sizeof out);
        memset(canary, 0xa5, sizeof canary);
        cr_expect_eq(impl->parse_ipv4_block("1.2.3.4", offsets, offsets + 1, 0, out), 0);
        cr_expect_eq(impl->parse_ipv6_block("::1", offsets, offsets + 1, 0, out), 0);
        cr_expect_eq(impl->parse_mixed_block("::1", offsets, offsets + 1, 0, out, &families), 0);
        cr_expect_eq(families, 0, "implementation %s", impl->name);
        cr_expect_arr_eq(out, canary, sizeof out);
        cr_expect_eq(impl->format_ipv4_lines(out, 0, '\n', text), 0);
        cr_expect_eq(impl->format_ipv6_lines(out, 0, '\n', text), 0);
        impl->format_ipv4_column(out, 0, text, offsets);
        impl->format_ipv6_column(out, 0, text, offsets);
        cr_expect_str_eq(text, "untouched", "implementation %s", impl->name);
        cr_expect(offsets[0] == 3 && offsets[1] == 7, "implementation %s", impl->name);
        cr_expect_eq(impl->find_lines("", 0, SIMDINET_BLOCK, begin, end, &consumed), 0);
        cr_expect_eq(consumed, 0, "implementation %s", impl->name);
        consumed = 5;
        cr_expect_eq(impl->parse_ipv4_lines("", 0, 0, out, &valid, &consumed, &state), 0);
        cr_expect_eq(consumed, 0, "implementation %s", impl->name);
    }
}

/* ---- null pointers --------------------------------------------------------------------------- */

Test(limits, null_pointers_without_values) {
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        uint8_t out[16], valid = 0, families = 0;
        simdinet_match match;
        size_t count = 7;
        lines_result none = parse_ipv4_lines(NULL, 0, 0, 1, out, &valid);
        cr_expect_eq(none.n + none.n_valid + none.consumed, 0, "implementation %s", impl->name);
        none = parse_mixed_lines(NULL, 0, SIMDINET_LINES_PARTIAL, 1, out, &valid, &families);
        cr_expect_eq(none.n + none.n_valid + none.consumed, 0, "implementation %s", impl->name);
        none = parse_ipv6_lines(TEXT("::1\n"), 0, 0, NULL, NULL);
        cr_expect_eq(none.n + none.n_valid + none.consumed, 0, "implementation %s", impl->name);
        none = parse_mixed_lines(TEXT("::1\n"), 0, 0, NULL, NULL, NULL);
        cr_expect_eq(none.n + none.n_valid + none.consumed, 0, "implementation %s", impl->name);
        size_t n = 7;
        cr_expect_eq(simdinet_parse_ipv4_lines(TEXT("1.2.3.4\n"), 0, 1, out, &valid, &n, NULL), 8);
        cr_expect_eq(n, 1, "implementation %s", impl->name);
        cr_expect_eq(simdinet_scan(NULL, 0, 0, 0, &match, sizeof(simdinet_match), 1, &count), 0);
        cr_expect_eq(count, 0, "implementation %s", impl->name);
        count = 7;
        cr_expect_eq(
            simdinet_scan("a 192.0.2.1", 0, 11, 0, NULL, sizeof(simdinet_match), 0, &count), 2);
        cr_expect_eq(count, 0, "implementation %s", impl->name);
        cr_expect_eq(simdinet_explain_mixed(NULL, 0, NULL), SIMDINET_REASON_EMPTY);
    }
}

/* ---- columns --------------------------------------------------------------------------------- */

Test(limits, columns_without_bytes) {
    static const int32_t offsets[3] = {0, 0, 0};
    static const int64_t offsets64[3] = {0, 0, 0};
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[2 * 16], valid = 0xff, families = 0xff;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_parse_ipv4_column(NULL, offsets, 2, NULL, out, &valid), 0);
        cr_expect_eq(valid, 0);
        valid = 0xff;
        cr_expect_eq(simdinet_parse_ipv6_column64(NULL, offsets64, 2, NULL, out, &valid), 0);
        cr_expect_eq(valid, 0);
        valid = 0xff;
        cr_expect_eq(simdinet_parse_mixed_strided(NULL, 0, 0, 2, NULL, out, &valid, &families), 0);
        cr_expect_eq(valid, 0);
        cr_expect_eq(families, 0, "implementation %s", impl->name);
    }
}

/* The offsets of a block exceed 32 bits. */
Test(limits, records_megabytes_apart) {
    enum { STRIDE = 17 << 20, COUNT = 4 };
    char *records = calloc(COUNT, STRIDE);
    cr_assert(records);
    memcpy(records, "192.0.2.1", 9);
    memcpy(records + STRIDE, "192.0.2.256", 11);
    memcpy(records + 2 * (size_t)STRIDE, "2001:db8::1", 11);
    memcpy(records + 3 * (size_t)STRIDE, "255.255.255.255", 15);
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[COUNT * 16], valid, families;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_parse_ipv4_strided(records, STRIDE, 15, COUNT, NULL, out, &valid), 2);
        cr_expect_eq(valid, 0x9, "implementation %s: %#x", impl->name, valid);
        cr_expect_arr_eq(out, "\300\0\2\1\0\0\0\0\0\0\0\0\377\377\377\377", 16);
        /* A width smaller than the last text, which no NUL ends. */
        cr_expect_eq(simdinet_parse_ipv4_strided(records, STRIDE, 12, COUNT, NULL, out, &valid), 1);
        cr_expect_eq(valid, 0x1, "implementation %s: %#x", impl->name, valid);
        cr_expect_eq(simdinet_parse_mixed_strided(records, STRIDE, SIZE_MAX, COUNT, NULL, out,
                                                  &valid, &families),
                     3);
        cr_expect_eq(valid, 0xd);
        cr_expect_eq(families, 0x4, "implementation %s: %#x", impl->name, families);
        cr_expect_arr_eq(out + 32, "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    }
    free(records);
}

Test(limits, explained_columns_with_nulls_or_without_positions) {
    static const char bytes[] = "1.2.3.4"
                                "1.2.3"
                                ""
                                "1.2.3.256"
                                "01.2.3.4";
    static const int32_t offsets[] = {0, 7, 12, 12, 21, 29};
    static const int64_t offsets64[] = {0, 7, 12, 12, 21, 29};
    static const uint8_t reasons_of[] = {SIMDINET_REASON_NONE, SIMDINET_REASON_OCTET_COUNT_LOW,
                                         SIMDINET_REASON_EMPTY, SIMDINET_REASON_OCTET_RANGE,
                                         SIMDINET_REASON_LEADING_ZERO};
    static const uint8_t validity = 0x17, valid = 0x01; /* the fourth is null */
    uint8_t reasons[5], known[5];
    uint32_t positions[5];
    memcpy(known, reasons_of, sizeof known);
    known[3] = SIMDINET_REASON_NULL;
    simdinet_explain_ipv4_column(bytes, offsets, 5, NULL, &valid, reasons, NULL);
    cr_expect_arr_eq(reasons, reasons_of, sizeof reasons);
    simdinet_explain_ipv4_column64(bytes, offsets64, 5, &validity, &valid, reasons, positions);
    cr_expect_arr_eq(reasons, known, sizeof reasons);
    static const uint32_t at[5] = {0, 5, 0, 0, 0};
    cr_expect_arr_eq(positions, at, sizeof positions);
}

/* Output for two rows: nothing after the second is read. */
Test(limits, more_rows_than_memory) {
    static const uint8_t two[] = {192, 0, 2, 1, 255, 255, 255, 255};
    guarded memory = guarded_new();
    const uint8_t *addresses = memcpy(memory.end - sizeof two, two, sizeof two);
    FOR_EACH_IMPLEMENTATION (impl) {
        char text[2 * SIMDINET_IPV4_TEXT_SIZE];
        size_t len;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_format_ipv4_lines(addresses, SIZE_MAX, '\n', text,
                                                SIMDINET_IPV4_LINES_SIZE(1) + 10, &len),
                     2);
        cr_expect_eq(len, 26);
        cr_expect_arr_eq(text, "192.0.2.1\n255.255.255.255\n", 26);
        int32_t offsets[3];
        cr_expect_eq(
            simdinet_format_ipv4_column(addresses, NULL, SIZE_MAX / 64 + 1, text, 24, offsets), 2);
        cr_expect(offsets[0] == 0 && offsets[1] == 9 && offsets[2] == 24, "implementation %s",
                  impl->name);
        cr_expect_arr_eq(text, "192.0.2.1255.255.255.255", 24);
    }
    guarded_free(&memory);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* More line ends in a vector than an implementation handles per iteration, with and without CR. */
Test(limits, empty_lines) {
    enum { LINES = 300 };
    char text[2 * LINES + 8];
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        for (size_t width = 1; width <= 2; width++) {
            uint8_t out[4 * (LINES + 1)], valid[(LINES + 8) / 8];
            for (size_t i = 0; i < LINES; i++)
                memcpy(text + width * i, width == 1 ? "\n" : "\r\n", width);
            memcpy(text + width * LINES, "1.2.3.4\n", 8);
            lines_result done = parse_ipv4_lines(text, width * LINES + 8, 0, LINES + 1, out, valid);
            cr_expect_eq(done.n, LINES + 1, "implementation %s: %zu", impl->name, done.n);
            cr_expect_eq(done.n_valid, 1, "implementation %s: %zu", impl->name, done.n_valid);
            cr_expect_eq(done.consumed, width * LINES + 8);
            cr_expect_eq(valid[LINES / 8], 1 << LINES % 8);
            cr_expect_arr_eq(out + 4 * LINES, "\1\2\3\4", 4);
            /* A capacity below the number of lines. */
            done = parse_ipv4_lines(text, width * LINES + 8, 0, 17, out, valid);
            cr_expect_eq(done.n, 17);
            cr_expect_eq(done.consumed, width * 17, "implementation %s: %zu", impl->name,
                         done.consumed);
        }
    }
}

/* An implementation with a fast path for valid lines leaves it where many are invalid. */
Test(limits, every_second_line_is_valid) {
    enum { PAIRS = 20000 };
    static const char pair[] = "10.0.0.255\n10.0.0.256\n";
    const size_t size = sizeof pair - 1;
    char *text = malloc(PAIRS * size);
    uint8_t *out = malloc(PAIRS * 2 * 4), *valid = malloc(PAIRS / 4);
    cr_assert(text && out && valid);
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(text + i * size, pair, size);
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        lines_result done = parse_ipv4_lines(text, PAIRS * size, 0, 2 * PAIRS, out, valid);
        cr_expect_eq(done.n, 2 * PAIRS);
        cr_expect_eq(done.n_valid, PAIRS);
        cr_expect_eq(done.consumed, PAIRS * size);
        size_t wrong = 0;
        for (size_t i = 0; i < PAIRS / 4; i++)
            wrong += valid[i] != 0x55;
        for (size_t i = 0; i < PAIRS; i++)
            wrong += memcmp(out + 8 * i, "\12\0\0\377\0\0\0\0", 8) != 0;
        cr_expect_eq(wrong, 0, "implementation %s: %zu", impl->name, wrong);
    }
    free(text);
    free(out);
    free(valid);
}

/* Every capacity up to the number of lines. */
Test(limits, lines_fill_the_capacity) {
    enum { LINES = 512 };
    static char text[LINES * 8 + 8];
    for (size_t i = 0; i <= LINES; i++)
        memcpy(text + 8 * i, "1.2.3.4\n", 8);
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_use_implementation(impl->name);
        for (size_t capacity = 0; capacity <= LINES; capacity++) {
            uint8_t out[4 * LINES + 1], valid[LINES / 8];
            out[4 * capacity] = 0xa5;
            lines_result done = parse_ipv4_lines(text, sizeof text, 0, capacity, out, valid);
            cr_expect(done.n == capacity && done.n_valid == capacity &&
                          done.consumed == 8 * capacity,
                      "implementation %s, capacity %zu: %zu, %zu, %zu", impl->name, capacity,
                      done.n, done.n_valid, done.consumed);
            cr_expect_eq(out[4 * capacity], 0xa5, "implementation %s, capacity %zu", impl->name,
                         capacity);
        }
    }
}

/* Longer than the int32_t offsets of the kernels: the engine finds its end. */
Test(limits, line_of_a_gigabyte) {
    const size_t line_len = ((size_t)1 << 30) + 4096, size = line_len + 4096;
    char *text = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (text == MAP_FAILED) {
        fprintf(stderr, "skipped: limits/line_of_a_gigabyte: not enough address space\n");
        return;
    }
    memcpy(text + line_len, "\n1.2.3.4\n", 9);
    FOR_EACH_IMPLEMENTATION (impl) {
        uint8_t out[2 * 4] = {0}, valid = 0;
        simdinet_use_implementation(impl->name);
        lines_result done = parse_ipv4_lines(text, line_len + 9, 0, 2, out, &valid);
        cr_expect(done.n == 2 && done.n_valid == 1 && done.consumed == line_len + 9,
                  "implementation %s: %zu, %zu, %zu", impl->name, done.n, done.n_valid,
                  done.consumed);
        cr_expect_eq(valid, 2);
        cr_expect_arr_eq(out, "\0\0\0\0\1\2\3\4", 8);
#if defined(SLOW)
        /* The rest tests the engine only, which is the same for every implementation. */
        if (impl != supported_implementations()[0]) {
            fprintf(
                stderr,
                "skipped: limits/line_of_a_gigabyte: implementation %s: where more text follows\n",
                impl->name);
            continue;
        }
#endif
        /* With its end the line is complete although more text can follow; without it the line is
         * pending. */
        done = parse_ipv4_lines(text, line_len + 1, SIMDINET_LINES_PARTIAL, 2, out, &valid);
        cr_expect(done.n == 1 && done.n_valid == 0 && done.consumed == line_len + 1,
                  "implementation %s", impl->name);
        done = parse_ipv4_lines(text, line_len, SIMDINET_LINES_PARTIAL, 2, out, &valid);
        cr_expect(done.n == 0 && done.consumed == line_len - SIMDINET_LINES_MAX_PENDING,
                  "implementation %s", impl->name);
    }
    munmap(text, size);
}

/* ---- the scan -------------------------------------------------------------------------------- */

Test(limits, scan_from_past_the_end) {
    FOR_EACH_IMPLEMENTATION (impl) {
        simdinet_match matches[1];
        size_t count = 5;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_scan("1.2.3.4", 9, 7, 0, matches, sizeof(simdinet_match), 1, &count),
                     7);
        cr_expect_eq(count, 0, "implementation %s", impl->name);
        cr_expect_eq(simdinet_scan("1.2.3.4", SIZE_MAX, 0, SIMDINET_SCAN_PARTIAL, matches,
                                   sizeof(simdinet_match), 1, &count),
                     0);
        cr_expect_eq(count, 0, "implementation %s", impl->name);
    }
}
