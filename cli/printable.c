/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "printable.h"

#include "utf8.h"

bool print_printable(output *out, const char *text, size_t len) {
    size_t from = 0, n; /* [from, i) is printed as it is */
    for (size_t i = 0; i < len; i += n) {
        const uint8_t *p = (const uint8_t *)text + i;
        n = utf8_length(p, len - i);
        const bool control = n > 0 ? utf8_is_control(p) : *p < 0xa0;
        n = n > 0 ? n : 1;
        if (!control)
            continue;
        if (!output_write(out, text + from, i - from) ||
            !output_write(out, *p == '\t' ? " " : "?", 1))
            return false;
        from = i + n;
    }
    return output_write(out, text + from, len - from);
}
