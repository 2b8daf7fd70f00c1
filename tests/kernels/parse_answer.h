/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_answer.h - whether a parser of one address gave the right answer, for all tests of parsing.
 */
#ifndef PARSE_ANSWER_H
#define PARSE_ANSWER_H

#include "harness/support.h"

/*
 * Whether the implementation gives this answer, and leaves in out the address and no other byte, or nothing at
 * all where expected is NULL. The text of the second form ends with a NUL.
 */
bool parses(const simdinet_implementation *impl, family f, const char *text, size_t len,
            const uint8_t *expected);
bool parses_z(const simdinet_implementation *impl, family f, const char *text,
              const uint8_t *expected);

/* Says what was wrong, and ends the test when it has said so too often. */
void blame(const simdinet_implementation *impl, family f, const char *form, const char *text,
           size_t len, const uint8_t *expected);

/* Both forms of one text; the second only where the text holds no NUL. */
void expect_parse(const simdinet_implementation *impl, family f, const char *text, size_t len,
                  const uint8_t *expected);

/* Both forms on every implementation, of a text that has a NUL behind it and none within. */
void expect_parse_on_every_implementation(family f, const char *text, size_t len,
                                          const uint8_t *expected);

#endif
