/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "json.h"

#include "text.h"
#include "utf8.h"

#include <stdio.h>

char *put_json_character(char *to, const char **text) {
    const char *from = *text;
    size_t n = utf8_length((const uint8_t *)from, strnlen(from, 4));
    *text += n ? n : 1;
    if (n == 0)
        return put_text(to, "\\ufffd");
    if (*from == '"' || *from == '\\') {
        *to++ = '\\';
        *to++ = *from;
        return to;
    }
    if ((uint8_t)*from < 0x20)
        return to + sprintf(to, "\\u%04x", (unsigned)(uint8_t)*from);
    return put_bytes(to, from, n);
}
