/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "newlines.h"

uint64_t count_newlines(const char *text, size_t len) {
    /* 8-bit counters, which compilers vectorize, hold the sum of 255 rounds. */
    enum { LANES = 64, ROUNDS = 255 };
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
