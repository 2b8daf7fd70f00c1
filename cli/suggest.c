/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "suggest.h"

#include <string.h>

enum { MAX_WORD = 32 };

static size_t min(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment distance: insertions, deletions, substitutions, adjacent transpositions. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t rows[3][MAX_WORD + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = min(min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = min(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_len];
}

void suggest(suggestion *s, const char *candidate) {
    size_t len = strlen(candidate);
    if (s->len > MAX_WORD || len > MAX_WORD)
        return;
    size_t distance = edit_distance(s->word, s->len, candidate, len);
    if (distance > (s->len < 6 ? 1 : s->len / 3) || (s->best && distance >= s->distance))
        return;
    s->best = candidate;
    s->distance = distance;
}
