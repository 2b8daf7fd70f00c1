/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "json_output.h"

#include "json.h"
#include "text.h"

bool print_json_text(output *out, const char *text, size_t len) {
    char rest[5];
    for (const char *end = text + len; text < end;) {
        const size_t n = (size_t)(end - text) < 4 ? (size_t)(end - text) : 4;
        const char *from = rest;
        char *to = output_reserve(out, JSON_MAX_ESCAPE);
        if (!to)
            return false;
        memcpy(rest, text, n); /* a character, which must end with NUL */
        rest[n] = '\0';
        output_commit(out, *text == '\0' ? put_text(to, "\\u0000") : put_json_character(to, &from));
        text += *text == '\0' ? 1 : from - rest;
    }
    return true;
}
