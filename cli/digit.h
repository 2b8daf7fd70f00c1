/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * digit.h - digits of ASCII, in every locale.
 */
#ifndef SIMDINET_DIGIT_H
#define SIMDINET_DIGIT_H

#include <stdbool.h>

static inline bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* The value of a hexadecimal digit in either case; -1: not one. */
static inline int hex_value(char byte) {
    const char lower = (char)(byte | 0x20);
    if (is_digit(byte))
        return byte - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

#endif
