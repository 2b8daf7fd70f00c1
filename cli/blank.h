/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * blank.h - the blanks around a value in a line.
 */
#ifndef SIMDINET_BLANK_H
#define SIMDINET_BLANK_H

#include <stdbool.h>
#include <stddef.h>

/* CR is a blank: lines may end in CR LF. */
static inline bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* Removes the blanks at both ends of a text. */
static inline void trim_blanks(const char **text, size_t *len) {
    while (*len > 0 && is_blank((*text)[*len - 1]))
        --*len;
    while (*len > 0 && is_blank(**text)) {
        ++*text;
        --*len;
    }
}

#endif
