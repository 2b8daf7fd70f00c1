/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "utf8.h"

size_t utf8_length(const uint8_t *text, size_t len) {
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = text[0] < 0x80   ? 1
               : text[0] < 0xc2 ? 0
               : text[0] < 0xe0 ? 2
               : text[0] < 0xf0 ? 3
                                : 4;
    if (n == 1)
        return 1;
    if (n == 0 || n > len || text[0] > 0xf4)
        return 0;
    uint32_t character = text[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        character = character << 6 | (text[i] & 0x3fu);
    }
    bool surrogate = character >= 0xd800 && character <= 0xdfff;
    return character < least[n] || character > 0x10ffff || surrogate ? 0 : n;
}

bool utf8_is_control(const uint8_t *text) {
    return *text < ' ' || *text == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}
