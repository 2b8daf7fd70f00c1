/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_answer.c - checks the result of parsing one text.
 */
#include "parse_answer.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 24 };

/*
 * Whether the parser returned the expected result and wrote into buffer the address and no other
 * byte, or nothing where expected is NULL.
 */
static bool is_correct(family f, bool accepted, const uint8_t *buffer, const uint8_t *expected) {
    uint8_t expected_buffer[2 * MARGIN + 16];
    memset(expected_buffer, 0xa5, sizeof expected_buffer);
    if (expected)
        memcpy(expected_buffer + MARGIN, expected, address_size(f));
    return accepted == (expected != NULL) &&
           memcmp(buffer, expected_buffer, sizeof expected_buffer) == 0;
}

bool parses(const simdinet_implementation *impl, family f, const char *text, size_t len,
            const uint8_t *expected) {
    uint8_t buffer[2 * MARGIN + 16];
    memset(buffer, 0xa5, sizeof buffer);
    bool accepted = parser_of(impl, f)(text, len, buffer + MARGIN);
    return is_correct(f, accepted, buffer, expected);
}

bool parses_z(const simdinet_implementation *impl, family f, const char *text,
              const uint8_t *expected) {
    uint8_t buffer[2 * MARGIN + 16];
    memset(buffer, 0xa5, sizeof buffer);
    bool accepted = parser_z_of(impl, f)(text, buffer + MARGIN);
    return is_correct(f, accepted, buffer, expected);
}

void report_mismatch(const simdinet_implementation *impl, family f, const char *form,
                     const char *text, size_t len, const uint8_t *expected) {
    cr_expect(false, "implementation %s, IPv%d %s: \"%s\" (%zu bytes) must be %s", impl->name,
              f == IPV4 ? 4 : 6, form, show(text, len), len,
              expected ? "accepted, with these bytes and nothing else written"
                       : "refused, with nothing written");
    limit_failures();
}

void expect_parse(const simdinet_implementation *impl, family f, const char *text, size_t len,
                  const uint8_t *expected) {
    if (!parses(impl, f, text, len, expected))
        report_mismatch(impl, f, "with a length", text, len, expected);
    if (memchr(text, '\0', len))
        return;
    char *copy = malloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (!parses_z(impl, f, copy, expected))
        report_mismatch(impl, f, "with a NUL", text, len, expected);
    free(copy);
}

void expect_parse_on_every_implementation(family f, const char *text, size_t len,
                                          const uint8_t *expected) {
    FOR_EACH_IMPLEMENTATION (impl) {
        if (!parses(impl, f, text, len, expected))
            report_mismatch(impl, f, "with a length", text, len, expected);
        if (!parses_z(impl, f, text, expected))
            report_mismatch(impl, f, "with a NUL", text, len, expected);
    }
}
