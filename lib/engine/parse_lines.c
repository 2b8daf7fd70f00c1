/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_lines.c - section "lines: text to bytes".
 *
 * IPv4 is parsed in batches of lines by one kernel. For the other families one kernel finds the
 * lines of a block of 64, and another one parses them. A line whose LF is not in the text of a call
 * of a kernel is parsed alone.
 */
#include <string.h>

#include "block.h"
#include "kernels/kernel.h"
#include "simdinet.h"

/* The most text of a call of a kernel, which has 32-bit offsets. */
#define MAX_CHUNK ((size_t)1 << 30)

/* Longer than any address with a CR: a line is cut to it and rejected by its length. */
enum { OVERLONG_LINE = SIMDINET_IPV6_TEXT_SIZE };

typedef struct line_parser {
    const simdinet_implementation *impl;
    address_family family;
    const char *text;
    size_t len;
    size_t capacity;
    uint8_t *out;
    uint8_t *out_validity;
    uint8_t *out_families;
    size_t n, n_valid, consumed;
    /* The bits of the last n % 64 lines, which are not stored yet. */
    uint64_t validity;
    uint64_t families;
} line_parser;

/* Appends the bits of up to 64 lines. */
static void append_line_bits(line_parser *p, size_t count, uint64_t valid, uint64_t families) {
    size_t before = p->n % 64;
    p->n += count;
    p->n_valid += count_bits(valid);
    p->validity |= valid << before;
    p->families |= families << before;
    if (before + count < 64)
        return;
    size_t word = (p->n / 64 - 1) * 8;
    bitmap_store(p->out_validity + word, p->validity, 64);
    if (p->family == FAMILY_MIXED)
        bitmap_store(p->out_families + word, p->families, 64);
    size_t used = 64 - before; /* of the new bits; at least 1 */
    p->validity = used < 64 ? valid >> used : 0;
    p->families = used < 64 ? families >> used : 0;
}

/* Stores the bits of the last lines. */
static void store_last_bits(const line_parser *p) {
    size_t rest = p->n % 64, word = p->n / 64 * 8;
    if (rest == 0) /* the bitmaps may be NULL */
        return;
    bitmap_store(p->out_validity + word, p->validity, rest);
    if (p->family == FAMILY_MIXED)
        bitmap_store(p->out_families + word, p->families, rest);
}

static void parse_found_lines(line_parser *p, const char *base, const int32_t *begin,
                              const int32_t *end, size_t count) {
    uint8_t *out = p->out + p->n * address_size(p->family);
    uint64_t families = 0;
    uint64_t valid = parse_values(p->impl, p->family, base, begin, end, count, out, &families);
    append_line_bits(p, count, valid, families);
}

/* Parses up to a block of lines that end in LF. False: no LF in the next chunk. */
static bool parse_lines_block(line_parser *p) {
    int32_t begin[SIMDINET_FIND_LINES_SIZE], end[SIMDINET_FIND_LINES_SIZE];
    size_t left = p->len - p->consumed, space = p->capacity - p->n, consumed;
    const char *text = p->text + p->consumed;
    size_t lines = p->impl->find_lines(text, left < MAX_CHUNK ? left : MAX_CHUNK,
                                       block_length(space), begin, end, &consumed);
    if (lines == 0)
        return false;
    parse_found_lines(p, text, begin, end, lines);
    p->consumed += consumed;
    return true;
}

/* Parses a line whose LF is not in the next chunk: the last line, or one that is far too long. */
static bool parse_long_line(line_parser *p, unsigned flags) {
    const char *text = p->text + p->consumed;
    size_t left = p->len - p->consumed;
    const char *lf = memchr(text, '\n', left);
    size_t len = lf ? (size_t)(lf - text) : left;
    if (!lf && flags & SIMDINET_LINES_PARTIAL) {
        if (left > SIMDINET_LINES_MAX_PENDING)
            p->consumed += left - SIMDINET_LINES_MAX_PENDING;
        return false;
    }
    /* A line with LF is overlong here, so a CR makes no difference. */
    int32_t begin = 0, end = len < OVERLONG_LINE ? (int32_t)len : OVERLONG_LINE;
    parse_found_lines(p, text, &begin, &end, 1);
    p->consumed += len + (lf != NULL);
    return true;
}

/* Parses up to a batch of IPv4 lines that end in LF. False: no LF in the next chunk. */
static bool parse_ipv4_batch(line_parser *p, uint32_t *state) {
    uint64_t valid[SIMDINET_LINES_BATCH / 64];
    size_t left = p->len - p->consumed, space = p->capacity - p->n, consumed;
    size_t lines =
        p->impl->parse_ipv4_lines(p->text + p->consumed, left < MAX_CHUNK ? left : MAX_CHUNK,
                                  space < SIMDINET_LINES_BATCH ? space : SIMDINET_LINES_BATCH,
                                  p->out + 4 * p->n, valid, &consumed, state);
    for (size_t i = 0; i < lines; i += 64)
        append_line_bits(p, lines - i < 64 ? lines - i : 64, valid[i / 64], 0);
    p->consumed += consumed;
    return lines > 0;
}

static size_t parse_lines(address_family family, const char *text, size_t len, unsigned flags,
                          size_t capacity, uint8_t *out, uint8_t *out_validity,
                          uint8_t *out_families, size_t *n, size_t *n_valid) {
    line_parser p = {.impl = simdinet_implementation_active(),
                     .family = family,
                     .text = text,
                     .len = len,
                     .capacity = capacity,
                     .out = out,
                     .out_validity = out_validity,
                     .out_families = out_families};
    uint32_t state = 0;
    while (p.n < capacity && p.consumed < len) {
        bool any = family == FAMILY_IPV4 ? parse_ipv4_batch(&p, &state) : parse_lines_block(&p);
        if (!any && !parse_long_line(&p, flags))
            break;
    }
    store_last_bits(&p);
    *n = p.n;
    if (n_valid)
        *n_valid = p.n_valid;
    return p.consumed;
}

size_t simdinet_parse_ipv4_lines(const char *text, size_t len, unsigned flags, size_t capacity,
                                 uint8_t *out, uint8_t *out_validity, size_t *n, size_t *n_valid) {
    return parse_lines(FAMILY_IPV4, text, len, flags, capacity, out, out_validity, NULL, n,
                       n_valid);
}

size_t simdinet_parse_ipv6_lines(const char *text, size_t len, unsigned flags, size_t capacity,
                                 uint8_t *out, uint8_t *out_validity, size_t *n, size_t *n_valid) {
    return parse_lines(FAMILY_IPV6, text, len, flags, capacity, out, out_validity, NULL, n,
                       n_valid);
}

size_t simdinet_parse_mixed_lines(const char *text, size_t len, unsigned flags, size_t capacity,
                                  uint8_t *out, uint8_t *out_validity, uint8_t *out_families,
                                  size_t *n, size_t *n_valid) {
    return parse_lines(FAMILY_MIXED, text, len, flags, capacity, out, out_validity, out_families, n,
                       n_valid);
}
