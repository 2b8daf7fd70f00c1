/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_answer.c - one text, one answer, on any implementation.
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

bool parses(const simdinet_implementation *impl, family f, const char *text, size_t len,
            const uint8_t *expected) {
    uint8_t room[2 * MARGIN + 16];
    memset(room, 0xa5, sizeof room);
    bool accepted = parser_of(impl, f)(text, len, room + MARGIN);
    return right(f, accepted, room, expected);
}

bool parses_z(const simdinet_implementation *impl, family f, const char *text,
              const uint8_t *expected) {
    uint8_t room[2 * MARGIN + 16];
    memset(room, 0xa5, sizeof room);
    bool accepted = parser_z_of(impl, f)(text, room + MARGIN);
    return right(f, accepted, room, expected);
}

void blame(const simdinet_implementation *impl, family f, const char *form, const char *text,
           size_t len, const uint8_t *expected) {
    cr_expect(false, "implementation %s, IPv%d %s: \"%s\" (%zu bytes) must be %s", impl->name,
              f == IPV4 ? 4 : 6, form, show(text, len), len,
              expected ? "accepted, with the right bytes and nothing else written"
                       : "refused, with nothing written");
    end_after_many();
}

void expect_parse(const simdinet_implementation *impl, family f, const char *text, size_t len,
                  const uint8_t *expected) {
    if (!parses(impl, f, text, len, expected))
        blame(impl, f, "with a length", text, len, expected);
    if (memchr(text, '\0', len))
        return;
    char *copy = malloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!parses_z(impl, f, copy, expected))
        blame(impl, f, "with a NUL", text, len, expected);
    free(copy);
}

void expect_parse_on_every_implementation(family f, const char *text, size_t len,
                                          const uint8_t *expected) {
    const simdinet_implementation *impl;
    for (size_t r = 0; (impl = next_implementation(&r));) {
        if (!parses(impl, f, text, len, expected))
            blame(impl, f, "with a length", text, len, expected);
        if (!parses_z(impl, f, text, expected))
            blame(impl, f, "with a NUL", text, len, expected);
    }
}
