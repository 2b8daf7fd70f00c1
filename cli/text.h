/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * text.h - appends to a buffer. Each function returns the end of what it wrote; none adds a NUL.
 */
#ifndef SIMDINET_TEXT_H
#define SIMDINET_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Up to 20 decimal digits. */
static inline char *put_number(char *to, uint64_t value) {
    char digits[20];
    size_t n = 0;
    do
        digits[sizeof digits - ++n] = (char)('0' + value % 10);
    while (value /= 10);
    memcpy(to, digits + sizeof digits - n, n);
    return to + n;
}

static inline char *put_bytes(char *to, const char *bytes, size_t len) {
    /* cppcheck-suppress uninitvar ; the callers write len bytes */
    memcpy(to, bytes, len);
    return to + len;
}

/* Puts each dot and each colon in brackets, as CyberChef writes them. */
static inline char *put_defanged_text(char *to, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        /* cppcheck-suppress uninitvar ; the callers write len bytes */
        const bool separator = text[i] == '.' || text[i] == ':';
        if (separator)
            *to++ = '[';
        *to++ = text[i];
        if (separator)
            *to++ = ']';
    }
    return to;
}

/* text is NUL-terminated. */
static inline char *put_text(char *to, const char *text) {
    return put_bytes(to, text, strlen(text));
}

#endif
