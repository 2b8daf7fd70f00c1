/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lines_parse.c - section "lines: text to bytes": cuts a text into lines, a block at a time, and
 * hands them to the active implementation.
 */
#include <string.h>

#include "block.h"
#include "kernels/kernel.h"
#include "simdinet.h"

/* find_lines counts in 31 bits. */
#define LONGEST_PIECE ((size_t)1 << 30)

/* An address and the CR of its end. */
enum { LONGEST_LINE = SIMDINET_IPV6_TEXT_SIZE };

typedef struct reader {
    const simdinet_implementation *impl;
    address_family family;
    const char *text;
    size_t len;
    size_t capacity;
    uint8_t *out;
    uint8_t *valid;
    uint8_t *families;
    struct {
        size_t lines, valid, consumed;
    } done;
    /* The bits of the last done.lines % 64 lines, which are not stored yet. */
    uint64_t valid_bits;
    uint64_t family_bits;
} reader;

/* Takes the verdicts of the next lines, 64 at most. */
static void add_lines(reader *r, size_t count, uint64_t valid, uint64_t families) {
    size_t before = r->done.lines % 64;
    r->done.lines += count;
    r->done.valid += count_bits(valid);
    r->valid_bits |= valid << before;
    r->family_bits |= families << before;
    if (before + count < 64)
        return;
    size_t word = (r->done.lines / 64 - 1) * 8;
    bitmap_store(r->valid + word, r->valid_bits, 64);
    if (r->family == FAMILY_MIXED)
        bitmap_store(r->families + word, r->family_bits, 64);
    size_t used = 64 - before; /* of the new ones; at least 1 */
    r->valid_bits = used < 64 ? valid >> used : 0;
    r->family_bits = used < 64 ? families >> used : 0;
}

static void finish_bits(const reader *r) {
    size_t rest = r->done.lines % 64, word = r->done.lines / 64 * 8;
    if (rest == 0) /* and there may be no bitmap either */
        return;
    bitmap_store(r->valid + word, r->valid_bits, rest);
    if (r->family == FAMILY_MIXED)
        bitmap_store(r->families + word, r->family_bits, rest);
}

static void read_texts(reader *r, const char *base, const int32_t *begin, const int32_t *end,
                       size_t count) {
    uint8_t *out = r->out + r->done.lines * address_size(r->family);
    uint64_t families = 0;
    uint64_t valid = parse_values(r->impl, r->family, base, begin, end, count, out, &families);
    add_lines(r, count, valid, families);
}

/* Lines that LF ends, up to a block of them; false if there is none in the next piece. */
static bool read_block(reader *r) {
    int32_t begin[SIMDINET_FIND_LINES_SIZE], end[SIMDINET_FIND_LINES_SIZE];
    size_t left = r->len - r->done.consumed, room = r->capacity - r->done.lines, consumed;
    const char *text = r->text + r->done.consumed;
    size_t lines =
        r->impl->find_lines(text, left < LONGEST_PIECE ? left : LONGEST_PIECE,
                            room < SIMDINET_BLOCK ? room : SIMDINET_BLOCK, begin, end, &consumed);
    if (lines == 0)
        return false;
    read_texts(r, text, begin, end, lines);
    r->done.consumed += consumed;
    return true;
}

/* A line whose LF is not in the next piece: the last one, or one that is far too long. */
static bool read_long_line(reader *r, unsigned flags) {
    const char *text = r->text + r->done.consumed;
    size_t left = r->len - r->done.consumed;
    const char *lf = memchr(text, '\n', left);
    size_t len = lf ? (size_t)(lf - text) : left;
    if (!lf && flags & SIMDINET_LINES_PARTIAL) {
        if (left > SIMDINET_LINES_MAX_PENDING)
            r->done.consumed += left - SIMDINET_LINES_MAX_PENDING;
        return false;
    }
    /* One that an LF ends is here for being long, so its CR makes no difference. */
    int32_t begin = 0, end = len < LONGEST_LINE ? (int32_t)len : LONGEST_LINE;
    read_texts(r, text, &begin, &end, 1);
    r->done.consumed += len + (lf != NULL);
    return true;
}

/* As read_block, for IPv4 and up to a batch. */
static bool read_ipv4_batch(reader *r, uint32_t *state) {
    uint64_t valid[SIMDINET_LINES_BATCH / 64];
    size_t left = r->len - r->done.consumed, room = r->capacity - r->done.lines, consumed;
    size_t lines = r->impl->parse_ipv4_lines(
        r->text + r->done.consumed, left < LONGEST_PIECE ? left : LONGEST_PIECE,
        room < SIMDINET_LINES_BATCH ? room : SIMDINET_LINES_BATCH, r->out + 4 * r->done.lines,
        valid, &consumed, state);
    for (size_t i = 0; i < lines; i += 64)
        add_lines(r, lines - i < 64 ? lines - i : 64, valid[i / 64], 0);
    r->done.consumed += consumed;
    return lines > 0;
}

static size_t parse_lines(address_family f, const char *text, size_t len, unsigned flags,
                          size_t capacity, uint8_t *out, uint8_t *valid, uint8_t *families,
                          size_t *n, size_t *n_valid) {
    reader r = {.impl = simdinet_implementation_active(),
                .family = f,
                .text = text,
                .len = len,
                .capacity = capacity,
                .out = out,
                .valid = valid,
                .families = families};
    uint32_t state = 0;
    while (r.done.lines < capacity && r.done.consumed < len) {
        bool any = f == FAMILY_IPV4 ? read_ipv4_batch(&r, &state) : read_block(&r);
        if (!any && !read_long_line(&r, flags))
            break;
    }
    finish_bits(&r);
    *n = r.done.lines;
    if (n_valid)
        *n_valid = r.done.valid;
    return r.done.consumed;
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
