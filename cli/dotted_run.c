/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "dotted_run.h"

#include "text.h"

#include <string.h>
#include <strings.h>

/* A number, and the separator before it. */
typedef struct {
    size_t start, end;
    int octet; /* -1: not an octet */
} run_number;

static bool is_digit_at(const char *text, size_t len, size_t at) {
    return at < len && text[at] >= '0' && text[at] <= '9';
}

/* The length of the separator at text[at], of which docs/scan.md has a table; 0: none. */
static size_t separator_length(const char *text, size_t len, size_t at, bool defanged) {
    static const char *const separators[] = {"[dot]", "(dot)", "{dot}", "[.]", "(.)", "{.}", "\\.",
                                             "[.",    "(.",    "{.",    ".]",  ".)",  ".}"};
    for (size_t i = 0; defanged && i < sizeof separators / sizeof *separators; i++) {
        const size_t length = strlen(separators[i]);
        if (len - at >= length && strncasecmp(text + at, separators[i], length) == 0)
            return length;
    }
    return at < len && text[at] == '.';
}

/* Reads the number at text[at], after a separator unless a number begins there. */
static bool read_number(const dotted_run *run, const char *text, size_t len, size_t at,
                        run_number *number) {
    int value = 0;
    if (!is_digit_at(text, len, at))
        at += separator_length(text, len, at, run->defanged);
    number->start = at;
    for (; is_digit_at(text, len, at); at++)
        value = value > 255 ? value : value * 10 + text[at] - '0';
    number->end = at;
    number->octet = value > 255 || at - number->start > 3 ? -1 : value;
    return at > number->start;
}

/* The octets from a number on, max at most. */
static size_t read_octets(const dotted_run *run, const char *text, size_t len, run_number number,
                          size_t max, uint8_t octets[MAX_OCTETS_AHEAD],
                          size_t ends[MAX_OCTETS_AHEAD]) {
    size_t n = 0;
    while (n < max && number.octet >= 0) {
        octets[n] = (uint8_t)number.octet;
        ends[n++] = number.end;
        if (is_digit_at(text, len, number.end) || !read_number(run, text, len, number.end, &number))
            break;
    }
    return n;
}

static simdinet_match match_of(const dotted_run *run, const uint8_t octets[4]) {
    simdinet_match match = {.family = 4, .flags = run->defanged ? SIMDINET_MATCH_DEFANGED : 0};
    memcpy(match.address, octets, 4);
    return match;
}

/* The first of n octets: as in the window of four that leaves the least of it. */
static bool truncate_octet(const dotted_run *run, address_rewriter *rewriter,
                           const address_filter *filter, const uint8_t *octets, size_t n,
                           dotted_step *step) {
    uint8_t sequence[7]; /* up to three before the number, and three after it */
    const size_t before = run->before, after = n < 4 ? n : 4;
    memcpy(sequence, run->last + 3 - before, before);
    memcpy(sequence + before, octets, after);
    for (size_t first = 0; first <= before && first + 4 <= before + after; first++) {
        const simdinet_match match = match_of(run, sequence + first);
        if (!address_filter_accepts(filter, &match))
            continue;
        if (!rewriter_apply(rewriter, &match, 1, &step->address))
            return false;
        const uint8_t octet = step->address[12 + before - first];
        if (step->len == 0 && octet != octets[0])
            step->len = (size_t)(put_number(step->text, octet) - step->text);
        step->has_match = first == before;
        step->match = match;
    }
    return true;
}

dotted_run dotted_run_begin(const simdinet_match *match) {
    return (dotted_run){.active = true, .defanged = match->flags & SIMDINET_MATCH_DEFANGED};
}

bool dotted_run_next(dotted_run *run, address_rewriter *rewriter, const rewrite_config *config,
                     const address_filter *filter, const char *text, size_t len, size_t at,
                     dotted_step *step) {
    uint8_t octets[MAX_OCTETS_AHEAD];
    size_t ends[MAX_OCTETS_AHEAD], n;
    run_number number;
    *step = (dotted_step){.kept = 0};
    if (run->in_number && is_digit_at(text, len, at)) {
        number = (run_number){.start = at, .end = at, .octet = -1};
        while (is_digit_at(text, len, number.end))
            number.end++;
    } else if (!read_number(run, text, len, at, &number)) {
        run->active = false;
        return true;
    }
    run->in_number = number.octet < 0 && number.end == len;
    n = read_octets(run, text, len, number, config->keyed ? MAX_OCTETS_AHEAD : 4, octets, ends);
    if (n == 0) {
        run->before = 0;
        step->kept = number.end - at;
        return true;
    }
    const bool is_quad = n >= 4 && (n % 4 == 0 || n == MAX_OCTETS_AHEAD);
    step->kept = number.start - at;
    step->replaced = number.end - number.start;
    if (config->keyed && is_quad) {
        step->match = match_of(run, octets);
        step->replaced = ends[3] - number.start;
        if (address_filter_accepts(filter, &step->match)) {
            if (!rewriter_apply(rewriter, &step->match, 1, &step->address))
                return false;
            step->has_match = true;
            step->len =
                (size_t)(put_rewritten(step->text, rewriter, &step->match, step->address, false) -
                         step->text);
        }
    } else if (config->keyed) {
        if (run->before == 3)
            step->text[step->len++] = '0';
    } else if (!truncate_octet(run, rewriter, filter, octets, n, step)) {
        return false;
    }
    if (step->len == 0) { /* as it is */
        step->kept += step->replaced;
        step->replaced = 0;
    }
    const size_t passed = config->keyed && is_quad ? 3 : 1;
    memmove(run->last, run->last + passed, 3 - passed);
    memcpy(run->last + 3 - passed, octets, passed);
    run->before = run->before + passed < 3 ? run->before + passed : 3;
    return true;
}

/* An octet of one to three digits, of text[at, at + 4); else -1. */
static int quick_octet(const char *text, size_t at, size_t *digits) {
    const unsigned first = (unsigned)(text[at] - '0'), second = (unsigned)(text[at + 1] - '0'),
                   third = (unsigned)(text[at + 2] - '0'), fourth = (unsigned)(text[at + 3] - '0');
    const bool two = second <= 9, three = two && third <= 9;
    const unsigned value = three ? first * 100 + second * 10 + third
                           : two ? first * 10 + second
                                 : first;
    *digits = 1u + two + three;
    return first > 9 || value > 255 || (three && fourth <= 9) ? -1 : (int)value;
}

/* Whether the octet that ends at text[at] and n more are consecutive: of text[at, at + 4 * n). */
static bool has_octets_after(const char *text, size_t at, size_t n) {
    size_t digits;
    for (; n > 0; n--, at += 1 + digits)
        if (text[at] != '.' || quick_octet(text, at + 1, &digits) < 0)
            return false;
    return true;
}

char *dotted_run_truncate(dotted_run *run, const uint8_t mask[4], const char *text, size_t len,
                          size_t *at, size_t end, char *to) {
    enum { AHEAD = 1 + 4 * 4 }; /* of a separator and four numbers */
    const size_t stop = end - *at > DOTTED_RUN_TRUNCATED ? *at + DOTTED_RUN_TRUNCATED : end;
    while (!run->defanged && !run->in_number && *at < stop && len - *at >= AHEAD) {
        const size_t separator = text[*at] == '.', number = *at + separator;
        size_t digits;
        const int octet = quick_octet(text, number, &digits);
        if (octet < 0)
            break;
        const bool long_enough =
            run->before == 3 || has_octets_after(text, number + digits, 3 - run->before);
        const unsigned left = (unsigned)octet & mask[run->before];
        if (separator)
            *to++ = '.';
        if (long_enough && left != (unsigned)octet)
            to = put_number(to, left);
        else
            to = put_bytes(to, text + number, digits);
        *at = number + digits;
        memmove(run->last, run->last + 1, 2);
        run->last[2] = (uint8_t)octet;
        run->before += run->before < 3;
    }
    return to;
}
