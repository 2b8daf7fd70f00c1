/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_answer.h - checks the result of parsing one text, for all tests of the parsers.
 */
#ifndef PARSE_ANSWER_H
#define PARSE_ANSWER_H

#include "harness/support.h"

/*
 * Whether the implementation gives the expected result and writes the address and no other byte, or
 * nothing where expected is NULL. The text of the second form ends with a NUL.
 */
bool parses(const simdinet_implementation *impl, family f, const char *text, size_t len,
            const uint8_t *expected);
bool parses_z(const simdinet_implementation *impl, family f, const char *text,
              const uint8_t *expected);

/* Reports a wrong result; ends the test after 20 of them. */
void report_mismatch(const simdinet_implementation *impl, family f, const char *form,
                     const char *text, size_t len, const uint8_t *expected);

/* Checks both forms of one text; the second only where the text contains no NUL. */
void expect_parse(const simdinet_implementation *impl, family f, const char *text, size_t len,
                  const uint8_t *expected);

/* Checks both forms on every implementation; the text contains no NUL and one follows it. */
void expect_parse_on_every_implementation(family f, const char *text, size_t len,
                                          const uint8_t *expected);

#endif
