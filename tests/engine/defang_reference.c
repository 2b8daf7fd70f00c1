/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "defang_reference.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Where a separator may stand. */
typedef enum condition { ANYWHERE, BETWEEN_DIGITS, AT_A_GROUP } condition;

typedef struct spelling {
    const char *written, *means;
    condition where;
} spelling;

/* Words are in any case. */
static const spelling spellings[] = {
    {"[.]", ".", ANYWHERE},      {"(.)", ".", ANYWHERE},      {"{.}", ".", ANYWHERE},
    {"[dot]", ".", ANYWHERE},    {"(dot)", ".", ANYWHERE},    {"{dot}", ".", ANYWHERE},
    {"\\.", ".", ANYWHERE},      {"[:]", ":", ANYWHERE},      {"(:)", ":", ANYWHERE},
    {"{:}", ":", ANYWHERE},      {"[colon]", ":", ANYWHERE},  {"(colon)", ":", ANYWHERE},
    {"{colon}", ":", ANYWHERE},  {"[.", ".", BETWEEN_DIGITS}, {"(.", ".", BETWEEN_DIGITS},
    {"{.", ".", BETWEEN_DIGITS}, {".]", ".", BETWEEN_DIGITS}, {".)", ".", BETWEEN_DIGITS},
    {".}", ".", BETWEEN_DIGITS}, {"[::]", "::", AT_A_GROUP},  {"(::)", "::", AT_A_GROUP},
    {"{::}", "::", AT_A_GROUP},
};

/* 0 outside the text. */
static int at(const char *text, size_t len, size_t i) {
    return i < len ? (unsigned char)text[i] : 0;
}

/* One to four hexadecimal digits, and no other word byte before them. */
static bool is_group(const char *text, size_t len, size_t end) {
    size_t start = end;
    while (start > 0 && end - start < 4 && isxdigit(at(text, len, start - 1)))
        start--;
    const int before = at(text, len, start - 1);
    return start < end && !isalnum(before) && before != '_';
}

static bool is_separator(const char *text, size_t len, size_t start, const spelling *as) {
    const size_t length = strlen(as->written), end = start + length;
    if (length > len - start || strncasecmp(text + start, as->written, length) != 0)
        return false;
    const int before = at(text, len, start - 1), after = at(text, len, end);
    if (as->where == BETWEEN_DIGITS)
        return isdigit(before) && isdigit(after);
    if (as->where == AT_A_GROUP)
        return isxdigit(after) || (is_group(text, len, start) && after != ':');
    return true;
}

size_t defang_reference(const char *text, size_t len, char *plain, size_t *offsets) {
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        const spelling *as = spellings, *end = as + sizeof spellings / sizeof *spellings;
        while (as < end && !is_separator(text, len, i, as))
            as++;
        if (as == end) {
            offsets[n] = i;
            plain[n++] = text[i++];
            continue;
        }
        /* Of two bytes, each stands for half of the spelling. */
        const size_t means = strlen(as->means), share = strlen(as->written) / means;
        for (size_t k = 0; k < means; k++) {
            offsets[n] = i + k * share;
            plain[n++] = as->means[k];
        }
        i += strlen(as->written);
    }
    offsets[n] = len;
    return n;
}
