/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tables of texts and addresses with the results of glibc 2.36: those of tests/data, and larger
 * ones with the test cases of other projects where there is a folder SIMDINET_SHARED.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/support.h"
#include "simdinet.h"
#include "simdinet_socket.h"

enum { SOURCE, STRING, PTON4, PTON6, ATON, NTOP, ADDRESS_COLUMNS };

static const uint8_t untouched[16] = {0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5,
                                      0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5};

/* The result in a column, 4 or 16 bytes; out is untouched for "-". */
static bool read_result(const char *column, uint8_t out[16], size_t size) {
    memcpy(out, untouched, 16);
    bool accepted = strcmp(column, "-") != 0;
    if (accepted)
        cr_assert(unhex(column, out, size), "invalid result: %s", column);
    return accepted;
}

static void expect_string(const simdinet_implementation *impl, const tsv *line, const char *text,
                          size_t len) {
    for (family f = IPV4; f <= IPV6; f++) {
        uint8_t expected[16], out[16];
        bool accepted =
            read_result(line->columns[f == IPV4 ? PTON4 : PTON6], expected, address_size(f));
        memcpy(out, untouched, 16);
        cr_expect(parser_z_of(impl, f)(text, out) == accepted && memcmp(out, expected, 16) == 0,
                  "implementation %s, line %zu: \"%s\" with a NUL", impl->name, line->number, text);
        memcpy(out, untouched, 16);
        /* libc stops at a NUL; with its length the text is refused. */
        if (strlen(text) != len) {
            accepted = false;
            memcpy(expected, untouched, 16);
        }
        cr_expect(parser_of(impl, f)(text, len, out) == accepted && memcmp(out, expected, 16) == 0,
                  "implementation %s, line %zu: \"%s\" with its length", impl->name, line->number,
                  show(text, len));
    }

    uint8_t expected[16], out[16];
    struct in_addr in;
    bool accepted = read_result(line->columns[ATON], expected, 4);
    memcpy(&in, untouched, 4);
    cr_expect(simdinet_inet_aton(text, &in) == accepted && memcmp(&in, expected, 4) == 0,
              "implementation %s, line %zu: inet_aton \"%s\"", impl->name, line->number, text);

    /* inet_ntop of the first of the three results. */
    const char *ntop = "-";
    char printed[SIMDINET_IPV6_TEXT_SIZE];
    if (simdinet_inet_pton(AF_INET, text, out) == 1)
        ntop = simdinet_inet_ntop(AF_INET, out, printed, sizeof printed);
    else if (simdinet_inet_pton(AF_INET6, text, out) == 1)
        ntop = simdinet_inet_ntop(AF_INET6, out, printed, sizeof printed);
    else if (accepted)
        ntop = simdinet_inet_ntop(AF_INET, &in, printed, sizeof printed);
    cr_expect_str_eq(ntop, line->columns[NTOP], "implementation %s, line %zu", impl->name,
                     line->number);
}

/* lines: the number of lines after the heading. */
static void expect_addresses(const char *path, size_t lines) {
    FOR_EACH_IMPLEMENTATION (impl) {
        tsv table;
        size_t read = 0;
        if (!tsv_open(&table, path))
            return;
        cr_assert(simdinet_use_implementation(impl->name));
        while (tsv_next(&table)) {
            cr_assert_eq(table.count, ADDRESS_COLUMNS, "line %zu", table.number);
            size_t len = unescape(table.columns[STRING]);
            expect_string(impl, &table, table.columns[STRING], len);
            read++;
        }
        cr_expect_eq(read, lines, "%zu lines, not %zu: a different table", read, lines);
    }
    simdinet_use_implementation(NULL);
}

Test(conformance, addresses) {
    expect_addresses(TEST_DATA "/addresses.tsv", 211);
}

Test(conformance, open_addresses) {
    expect_addresses(SIMDINET_SHARED "/conformance/open-addresses.tsv", 7269);
}

static void expect_formats(const char *path, size_t lines) {
    enum { BINARY = 1, TEXT };
    FOR_EACH_IMPLEMENTATION (impl) {
        tsv table;
        size_t read = 0;
        if (!tsv_open(&table, path))
            return;
        while (tsv_next(&table)) {
            cr_assert(table.count > TEXT, "line %zu", table.number);
            family f = strlen(table.columns[BINARY]) == 8 ? IPV4 : IPV6;
            uint8_t address[16], back[16];
            char text[SIMDINET_IPV6_TEXT_SIZE];
            cr_assert(unhex(table.columns[BINARY], address, address_size(f)), "line %zu",
                      table.number);
            size_t len = formatter_of(impl, f)(address, text);
            cr_expect_str_eq(text, table.columns[TEXT], "implementation %s, line %zu", impl->name,
                             table.number);
            cr_expect_eq(len, strlen(text), "implementation %s, line %zu", impl->name,
                         table.number);
            cr_expect(parser_of(impl, f)(text, len, back) &&
                          memcmp(back, address, address_size(f)) == 0,
                      "implementation %s, line %zu: \"%s\" back to bytes", impl->name, table.number,
                      text);
            read++;
        }
        cr_expect_eq(read, lines, "%zu lines, not %zu: a different table", read, lines);
    }
}

Test(conformance, formats) {
    expect_formats(TEST_DATA "/formats.tsv", 305);
}

Test(conformance, open_formats) {
    expect_formats(SIMDINET_SHARED "/conformance/open-formats.tsv", 5133);
}

/* The reader of the tables. */
Test(conformance, reader_resolves_escapes) {
    static const struct {
        const char *escaped, *text;
        size_t len;
    } cases[] = {
        {"", "", 0},
        {"::1", "::1", 3},
        {"a\\tb\\nc\\rd\\\\e", "a\tb\nc\rd\\e", 9},
        {"\\000x\\377\\001", "\0x\377\001", 4},
        {"\\\\000", "\\000", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        strcpy(text, cases[i].escaped);
        cr_expect_eq(unescape(text), cases[i].len, "%s", cases[i].escaped);
        cr_expect(memcmp(text, cases[i].text, cases[i].len + 1) == 0, "%s", cases[i].escaped);
    }
    uint8_t bytes[2];
    cr_expect(unhex("00ff", bytes, 2) && bytes[0] == 0 && bytes[1] == 255);
    cr_expect(!unhex("-", bytes, 2) && !unhex("00fg", bytes, 2) && !unhex("00ff0", bytes, 2));
}
