/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * json.h - what UTF-8 is, and text as the inside of a JSON string.
 */
#ifndef SIMDINET_JSON_H
#define SIMDINET_JSON_H

#include <stddef.h>
#include <stdint.h>

/* How long the character at the beginning of a text is when it is well-formed UTF-8, or 0. */
size_t utf8_length(const uint8_t *text, size_t len);

/* The most bytes that stand for a byte of text. */
enum { JSON_CHARACTER_MOST = 6 };

/* Takes a character off *text, which is not at its end, and puts what stands for it in JSON. Names
 * are bytes and JSON is UTF-8: for a byte that is none stands the replacement character. Returns the
 * end of what was put. */
char *put_json_character(char *to, const char **text);

#endif
