/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * json.h - text as the inside of a JSON string.
 */
#ifndef SIMDINET_JSON_H
#define SIMDINET_JSON_H

/* The most bytes that stand for a byte of text. */
enum { JSON_CHARACTER_MOST = 6 };

/* Takes a character off *text, which is not at its end, and puts what stands for it in JSON. Names
 * are bytes and JSON is UTF-8: for a byte that is none stands the replacement character. Returns the
 * end of what was put. */
char *put_json_character(char *to, const char **text);

#endif
