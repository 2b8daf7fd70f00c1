/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_repeat.h - text that repeats: its matches repeat with it, and are copied instead of found.
 *
 * Real texts that repeat: rulers and separators ("::::", "----"), columns of one value in dumps and tables ("::,::,",
 * "0.0.0.0 0.0.0.0"), memory and disk images that a program has filled with a pattern; and what is written
 * to slow a scan down. Text of the same density that does not repeat is verified candidate by candidate.
 */
#ifndef SIMDINET_SCAN_REPEAT_H
#define SIMDINET_SCAN_REPEAT_H

#include <stdbool.h>
#include <stddef.h>

#include "simdinet.h"

/* The matches of a scan so far. */
typedef struct match_list {
    char *matches;
    size_t match_size; /* from one match to the next, in bytes */
    size_t capacity, n;
} match_list;

/*
 * Continues a list that has all matches of text[start, scanned), whose candidates have been verified, if the text
 * from there on repeats the bytes before it. Sets *next to where to go on: the list has all matches that begin
 * before it, in text[start, end). It is not before scanned, and equal to it where the text does not repeat.
 * Returns false, with the offset of the first match that does not fit in *next, when the capacity is reached.
 */
bool simdinet_scan_repeat(const char *text, size_t len, size_t start, size_t scanned, size_t end,
                          match_list *list, size_t *next);

#endif
