/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * utf8.h - UTF-8 validation, one character at a time.
 */
#ifndef SIMDINET_UTF8_H
#define SIMDINET_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length in bytes of the well-formed character at text[0], 1 to 4; 0 if it is not well-formed. len > 0. */
size_t utf8_length(const uint8_t *text, size_t len);

/* Whether the well-formed character at text[0] is a control character, C0, DEL or C1: terminals act on these. */
bool utf8_is_control(const uint8_t *text);

#endif
