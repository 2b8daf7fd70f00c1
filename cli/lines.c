/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lines.c - counting newlines, only as far as somebody asks.
 */
#include "input.h"

uint64_t count_newlines(const char *text, size_t len) {
    enum { LANES = 64, ROUNDS = 255 }; /* bytes that count to 255: compilers make vectors of them */
    uint64_t newlines = 0;
    while (len >= LANES) {
        uint8_t sums[LANES] = {0};
        size_t rounds = len / LANES < ROUNDS ? len / LANES : ROUNDS;
        for (size_t r = 0; r < rounds; r++, text += LANES)
            for (size_t i = 0; i < LANES; i++)
                sums[i] = (uint8_t)(sums[i] + (text[i] == '\n'));
        for (size_t i = 0; i < LANES; i++)
            newlines += sums[i];
        len -= rounds * LANES;
    }
    for (size_t i = 0; i < len; i++)
        newlines += text[i] == '\n';
    return newlines;
}

uint64_t line_at(line_counter *lines, const window *view, size_t offset) {
    uint64_t place = view->base + offset;
    if (place > lines->place) {
        size_t from = (size_t)(lines->place - view->base);
        lines->newlines += count_newlines(view->text + from, offset - from);
        lines->place = place;
    }
    return lines->newlines + 1;
}
