/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * suggest.h - the name that a misspelled word is closest to.
 */
#ifndef SIMDINET_SUGGEST_H
#define SIMDINET_SUGGEST_H

#include <stddef.h>

/* Start with {.word = ..., .len = ...}. */
typedef struct {
    const char *word;
    size_t len;
    const char *best; /* NULL: no candidate is close */
    size_t distance;
} suggestion;

/* Considers a candidate. Close: an edit distance of at most a third of the word's length, at least 1. */
void suggest(suggestion *s, const char *candidate);

#endif
