/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "printable.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

/* The bytes before the first control character of text[0, len). *control: the bytes of that, 0 if there is none. */
static size_t printable_length(const char *text, size_t len, size_t *control) {
    size_t n;
    for (size_t i = 0; i < len; i += n) {
        const uint8_t *p = (const uint8_t *)text + i;
        n = utf8_length(p, len - i);
        const bool is_control = n > 0 ? utf8_is_control(p) : *p < 0xa0;
        n = n > 0 ? n : 1;
        if (is_control) {
            *control = n;
            return i;
        }
    }
    *control = 0;
    return len;
}

bool print_printable(output *out, const char *text, size_t len) {
    for (const char *end = text + len; text < end;) {
        size_t control;
        const size_t n = printable_length(text, (size_t)(end - text), &control);
        if (!output_write(out, text, n) ||
            (control && !output_write(out, text[n] == '\t' ? " " : "?", 1)))
            return false;
        text += n + control;
    }
    return true;
}

void put_printable(const char *text) {
    for (const char *end = text + strlen(text); text < end;) {
        size_t control;
        const size_t n = printable_length(text, (size_t)(end - text), &control);
        fwrite(text, 1, n, stdout);
        if (control)
            putchar(text[n] == '\t' ? ' ' : '?');
        text += n + control;
    }
}
