/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The reference must agree with the literal cases before anything is compared with it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "scan_expected.h"
#include "scan_vectors.h"

Test(scan_reference, agrees_with_every_vector) {
    for (size_t i = 0; i < scan_vector_count; i++) {
        const scan_vector *vector = &scan_vectors[i];
        simdinet_match matches[SCAN_VECTOR_MATCHES];
        size_t count =
            scan_expected(vector->text, vector->len, vector->flags, matches, SCAN_VECTOR_MATCHES);
        char found[SCAN_VECTOR_TEXT_SIZE];
        bool right = scan_vector_write(vector, matches, count, found);
        cr_expect(right && strcmp(found, vector->expected) == 0,
                  "case %zu, \"%s\" with flags 0x%02x:\n  expected %s\n  found    %s%s", i,
                  vector->text, vector->flags, vector->expected, found,
                  right ? "" : " (wrong bytes)");
    }
}

/*
 * Every byte as a neighbour. The addresses are such that another digit makes them invalid.
 */
static bool is_word(int byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= 'a' && byte <= 'z');
}

static bool is_one_of(int byte, const char *set) {
    return byte != 0 && strchr(set, byte) != NULL;
}

static size_t count_with_neighbour(const char *address, int before, int after) {
    char text[64];
    size_t length = strlen(address);
    text[0] = (char)before;
    memcpy(text + 1, address, length);
    text[1 + length] = (char)after;
    simdinet_match matches[4];
    return scan_expected(text, length + 2, 0, matches, 4);
}

Test(scan_reference, rejects_word_bytes_beside_ipv4) {
    for (int byte = 0; byte < 256; byte++) {
        size_t expected = is_word(byte) ? 0 : 1;
        cr_expect_eq(count_with_neighbour("100.0.0.100", byte, ' '), expected, "0x%02x left", byte);
        cr_expect_eq(count_with_neighbour("100.0.0.100", ' ', byte), expected, "0x%02x right",
                     byte);
    }
}

/* A digit before it makes a key of five: 12001. */
Test(scan_reference, rejects_word_bytes_and_colons_beside_ipv6) {
    for (int byte = 0; byte < 256; byte++) {
        const bool key = byte >= '0' && byte <= '9';
        const size_t left = (is_word(byte) && !key) || byte == ':' ? 0 : 1;
        const size_t right = is_word(byte) || byte == ':' ? 0 : 1;
        cr_expect_eq(count_with_neighbour("2001:db8::1234", byte, ' '), left, "0x%02x left", byte);
        cr_expect_eq(count_with_neighbour("2001:db8::1234", ' ', byte), byte == ':' ? 1 : right,
                     "0x%02x right", byte);
        cr_expect_eq(count_with_neighbour("2001:db8::1234:", ' ', byte),
                     is_one_of(byte, " \t\r\n/0123456789abcdefABCDEF") ? 1 : 0,
                     "0x%02x after a colon", byte);
    }
}

Test(scan_reference, reports_the_unspecified_address_between_few_bytes) {
    for (int byte = 0; byte < 256; byte++) {
        if (is_one_of(byte, "0123456789abcdefABCDEF"))
            continue; /* a longer address, not a neighbour */
        const size_t left = is_one_of(byte, " \t\"'`\r\n=([<") ? 1 : 0;
        const size_t right = is_one_of(byte, " \t\"'`\r\n,);>|") ? 1 : 0;
        cr_expect_eq(count_with_neighbour("::", byte, ' '), left, "0x%02x left", byte);
        cr_expect_eq(count_with_neighbour("::", ' ', byte), right, "0x%02x right", byte);
    }
}

Test(scan_reference, counts_what_it_has_no_room_for) {
    static const char text[] = "10.0.0.1 10.0.0.2 10.0.0.3";
    simdinet_match matches[2] = {{0}, {.offset = 99}};
    cr_assert_eq(scan_expected(text, sizeof(text) - 1, 0, matches, 1), 3);
    cr_expect_eq(matches[0].address[3], 1);
    cr_expect_eq(matches[1].offset, 99, "no match is stored beyond capacity");
    cr_expect_eq(scan_expected(text, sizeof(text) - 1, 0, NULL, 0), 3);
    cr_expect_eq(scan_expected(NULL, 0, 0, NULL, 0), 0);
}
