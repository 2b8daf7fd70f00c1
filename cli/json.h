/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * json.h - text as the inside of a JSON string.
 */
#ifndef SIMDINET_JSON_H
#define SIMDINET_JSON_H

/* Bytes of output for one byte of text, at most. */
enum { JSON_MAX_ESCAPE = 6 };

/*
 * Consumes one character of the non-empty *text, writes its JSON form and returns the end of it. A byte
 * that is not part of well-formed UTF-8 becomes U+FFFD.
 */
char *put_json_character(char *to, const char **text);

#endif
