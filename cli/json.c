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
    /* Terminals interpret C1 control characters, too: two bytes, of which the second is the character. */
    const uint8_t *const bytes = (const uint8_t *)from;
    const bool c1 = n == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0;
    if (bytes[0] < 0x20 || bytes[0] == 0x7f || c1)
        return to + sprintf(to, "\\u%04x", (unsigned)bytes[c1]);
    return put_bytes(to, from, n);
}
