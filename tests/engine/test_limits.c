/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Calls that are as small, as large or as odd as the headers allow, on every implementation: no values at all,
 * records megabytes apart, a line of a gigabyte, more implementations than there is memory.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/lines.h"
#include "harness/support.h"
#include "simdinet.h"

#define TEXT(literal) (literal), sizeof(literal) - 1

/* ---- implementations that are asked for nothing ------------------------------------------------------------ */

Test(edges, kernels_take_nothing) {
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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

/* ---- pointers that need not be there ------------------------------------------------------------ */

Test(edges, nothing_may_be_nowhere) {
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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

/* ---- columns ------------------------------------------------------------------------------------ */

Test(edges, columns_without_bytes) {
    static const int32_t offsets[3] = {0, 0, 0};
    static const int64_t offsets64[3] = {0, 0, 0};
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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

/* Too far apart for 32-bit offsets of a whole block. */
Test(edges, records_megabytes_apart) {
    enum { STRIDE = 17 << 20, COUNT = 4 };
    char *records = calloc(COUNT, STRIDE);
    cr_assert(records);
    memcpy(records, "192.0.2.1", 9);
    memcpy(records + STRIDE, "192.0.2.256", 11);
    memcpy(records + 2 * (size_t)STRIDE, "2001:db8::1", 11);
    memcpy(records + 3 * (size_t)STRIDE, "255.255.255.255", 15);
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
        uint8_t out[COUNT * 16], valid, families;
        simdinet_use_implementation(impl->name);
        cr_expect_eq(simdinet_parse_ipv4_strided(records, STRIDE, 15, COUNT, NULL, out, &valid), 2);
        cr_expect_eq(valid, 0x9, "implementation %s: %#x", impl->name, valid);
        cr_expect_arr_eq(out, "\300\0\2\1\0\0\0\0\0\0\0\0\377\377\377\377", 16);
        /* A width that cuts the last one short, where no NUL ends it. */
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

Test(edges, explained_columns_with_nulls_or_without_positions) {
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
    static const uint8_t present = 0x17, valid = 0x01; /* the fourth is null */
    uint8_t reasons[5], known[5];
    uint32_t positions[5];
    memcpy(known, reasons_of, sizeof known);
    known[3] = SIMDINET_REASON_NULL;
    simdinet_explain_ipv4_column(bytes, offsets, 5, NULL, &valid, reasons, NULL);
    cr_expect_arr_eq(reasons, reasons_of, sizeof reasons);
    simdinet_explain_ipv4_column64(bytes, offsets64, 5, &present, &valid, reasons, positions);
    cr_expect_arr_eq(reasons, known, sizeof reasons);
    static const uint32_t at[5] = {0, 5, 0, 0, 0};
    cr_expect_arr_eq(positions, at, sizeof positions);
}

/* Room for two implementations and no more: what lies behind the second is not read. */
Test(edges, more_rows_than_memory) {
    static const uint8_t two[] = {192, 0, 2, 1, 255, 255, 255, 255};
    guarded memory = guarded_new();
    const uint8_t *addresses = memcpy(memory.end - sizeof two, two, sizeof two);
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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

/* ---- lines -------------------------------------------------------------------------------------- */

/* More ends in a block than an implementation takes in one turn, and CRs that are there and are not. */
Test(edges, lines_with_nothing_in_them) {
    enum { LINES = 300 };
    char text[2 * LINES + 8];
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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
            /* Fewer than there are, and as many. */
            done = parse_ipv4_lines(text, width * LINES + 8, 0, 17, out, valid);
            cr_expect_eq(done.n, 17);
            cr_expect_eq(done.consumed, width * 17, "implementation %s: %zu", impl->name,
                         done.consumed);
        }
    }
}

/* An implementation that is good at valid lines gives up on a text that has few, and then reads all the same. */
Test(edges, lines_of_which_every_second_is_an_address) {
    enum { PAIRS = 20000 };
    static const char pair[] = "10.0.0.255\n10.0.0.256\n";
    const size_t size = sizeof pair - 1;
    char *text = malloc(PAIRS * size);
    uint8_t *out = malloc(PAIRS * 2 * 4), *valid = malloc(PAIRS / 4);
    cr_assert(text && out && valid);
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(text + i * size, pair, size);
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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

/* Room for what the first valid lines are, to the line. */
Test(edges, lines_that_fill_the_room) {
    enum { LINES = 512 };
    static char text[LINES * 8 + 8];
    for (size_t i = 0; i <= LINES; i++)
        memcpy(text + 8 * i, "1.2.3.4\n", 8);
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
        simdinet_use_implementation(impl->name);
        for (size_t room = 0; room <= LINES; room++) {
            uint8_t out[4 * LINES + 1], valid[LINES / 8];
            out[4 * room] = 0xa5;
            lines_result done = parse_ipv4_lines(text, sizeof text, 0, room, out, valid);
            cr_expect(done.n == room && done.n_valid == room && done.consumed == 8 * room,
                      "implementation %s, room for %zu: %zu, %zu, %zu", impl->name, room, done.n,
                      done.n_valid, done.consumed);
            cr_expect_eq(out[4 * room], 0xa5, "implementation %s, room for %zu", impl->name, room);
        }
    }
}

/* Longer than the kernels count: the engine looks for its end alone. */
Test(edges, line_of_a_gigabyte) {
    const size_t longest = ((size_t)1 << 30) + 4096, room = longest + 4096;
    char *text = mmap(NULL, room, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (text == MAP_FAILED) {
        fprintf(stderr, "skipped: edges/line_of_a_gigabyte: no room for it\n");
        return;
    }
    memcpy(text + longest, "\n1.2.3.4\n", 9);
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
        uint8_t out[2 * 4] = {0}, valid = 0;
        simdinet_use_implementation(impl->name);
        lines_result done = parse_ipv4_lines(text, longest + 9, 0, 2, out, &valid);
        cr_expect(done.n == 2 && done.n_valid == 1 && done.consumed == longest + 9,
                  "implementation %s: %zu, %zu, %zu", impl->name, done.n, done.n_valid,
                  done.consumed);
        cr_expect_eq(valid, 2);
        cr_expect_arr_eq(out, "\0\0\0\0\1\2\3\4", 8);
#if defined(SLOW)
        /* What differs from here on is the engine's, and every implementation the same for it. */
        if (r > 1) {
            fprintf(
                stderr,
                "skipped: edges/line_of_a_gigabyte: implementation %s: where more text follows\n",
                impl->name);
            continue;
        }
#endif
        /* It ends, so more text makes no difference; without its end it waits for that. */
        done = parse_ipv4_lines(text, longest + 1, SIMDINET_LINES_PARTIAL, 2, out, &valid);
        cr_expect(done.n == 1 && done.n_valid == 0 && done.consumed == longest + 1,
                  "implementation %s", impl->name);
        done = parse_ipv4_lines(text, longest, SIMDINET_LINES_PARTIAL, 2, out, &valid);
        cr_expect(done.n == 0 && done.consumed == longest - SIMDINET_LINES_MAX_PENDING,
                  "implementation %s", impl->name);
    }
    munmap(text, room);
}

/* ---- the scan ----------------------------------------------------------------------------------- */

Test(edges, scan_from_behind_the_end) {
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
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
