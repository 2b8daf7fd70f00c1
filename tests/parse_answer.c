/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_answer.c - one text, one answer, on any row.
 */
#include "parse_answer.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 24 };

/*
 * Whether what the parser said, and what it left in room, is right: the address and no other byte,
 * or nothing at all where expected is NULL.
 */
static bool right(family f, bool accepted, const uint8_t *room, const uint8_t *expected) {
    uint8_t wanted[2 * MARGIN + 16];
    memset(wanted, 0xa5, sizeof wanted);
    if (expected)
        memcpy(wanted + MARGIN, expected, address_size(f));
    return accepted == (expected != NULL) && memcmp(room, wanted, sizeof wanted) == 0;
}

bool parses(const simdinet_kernel *row, family f, const char *text, size_t len,
            const uint8_t *expected) {
    uint8_t room[2 * MARGIN + 16];
    memset(room, 0xa5, sizeof room);
    bool accepted = parser_of(row, f)(text, len, room + MARGIN);
    return right(f, accepted, room, expected);
}

bool parses_z(const simdinet_kernel *row, family f, const char *text, const uint8_t *expected) {
    uint8_t room[2 * MARGIN + 16];
    memset(room, 0xa5, sizeof room);
    bool accepted = parser_z_of(row, f)(text, room + MARGIN);
    return right(f, accepted, room, expected);
}

void blame(const simdinet_kernel *row, family f, const char *form, const char *text, size_t len,
           const uint8_t *expected) {
    cr_expect(false, "row %s, IPv%d %s: \"%s\" (%zu bytes) must be %s", row->name,
              f == IPV4 ? 4 : 6, form, show(text, len), len,
              expected ? "accepted, with the right bytes and nothing else written"
                       : "refused, with nothing written");
    end_after_many();
}

void expect_parse(const simdinet_kernel *row, family f, const char *text, size_t len,
                  const uint8_t *expected) {
    if (!parses(row, f, text, len, expected))
        blame(row, f, "with a length", text, len, expected);
    if (memchr(text, '\0', len))
        return;
    char *copy = malloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!parses_z(row, f, copy, expected))
        blame(row, f, "with a NUL", text, len, expected);
    free(copy);
}

void expect_parse_on_every_row(family f, const char *text, size_t len, const uint8_t *expected) {
    const simdinet_kernel *row;
    for (size_t r = 0; (row = next_row(&r));) {
        if (!parses(row, f, text, len, expected))
            blame(row, f, "with a length", text, len, expected);
        if (!parses_z(row, f, text, expected))
            blame(row, f, "with a NUL", text, len, expected);
    }
}
