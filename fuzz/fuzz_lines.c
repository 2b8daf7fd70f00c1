/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_lines.c - text with one address a line, on every implementation, compared with single lines:
 * any cut of the text and any capacity.
 *
 * Input: bytes for the family, the number of repetitions, the capacity for addresses, the size of
 * the first chunk, the size of the other chunks; the text.
 */
#include <string.h>

#include "fuzz.h"
#include "harness/columns.h"
#include "simdinet.h"

enum { TEXT, OUT, VALID, FAMILIES };

enum { LONGEST_TEXT = 1 << 14 };

/* The lines, with the results of the scalar implementation for each alone. */
typedef struct line {
    bool valid, ipv6;
    uint8_t address[16];
} line;

static struct {
    kind kind;
    size_t size; /* of an address */
    char text[LONGEST_TEXT];
    size_t len;
    line lines[LONGEST_TEXT];
    size_t count;
} all;

static void set_expected(line *l, const char *text, size_t len) {
    static const uint8_t mapped[12] = {[10] = 0xff, 0xff};
    const simdinet_implementation *scalar = &simdinet_implementation_scalar;
    memset(l, 0, sizeof *l);
    if (all.kind == ONLY_IPV4) {
        l->valid = scalar->parse_ipv4(text, len, l->address);
    } else if (all.kind == MIXED && scalar->parse_ipv4(text, len, l->address + 12)) {
        l->valid = true;
        memcpy(l->address, mapped, sizeof mapped);
    } else {
        l->valid = scalar->parse_ipv6(text, len, l->address);
        l->ipv6 = l->valid && all.kind == MIXED;
    }
}

static void parse_expected(void) {
    all.count = 0;
    for (size_t at = 0; at < all.len;) {
        const char *text = all.text + at, *lf = memchr(text, '\n', all.len - at);
        size_t len = lf ? (size_t)(lf - text) : all.len - at;
        at += len + (lf != NULL);
        if (lf && len > 0 && text[len - 1] == '\r')
            len--;
        set_expected(&all.lines[all.count++], text, len);
    }
}

static bool bit_at(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

/* Whether a bitmap has the bits of its lines, zeros in the rest of the last byte, and is unchanged
 * after it. */
static bool right_bits(const uint8_t *bits, size_t first, size_t lines, size_t capacity,
                       bool families) {
    for (size_t i = 0; i < (lines + 7) / 8 * 8; i++) {
        const line *l = &all.lines[first + i];
        if (bit_at(bits, i) != (i < lines && (families ? l->ipv6 : l->valid)))
            return false;
    }
    size_t used = (lines + 7) / 8;
    return all_are(bits + used, AREA_FILL, (capacity + 7) / 8 - used);
}

/* One call with exact buffers; compares with the lines from first on. */
static lines_result check_call(const char *impl, const char *text, size_t len, bool more,
                               size_t capacity, size_t first) {
    uint8_t *out = (uint8_t *)area_at_end(OUT, capacity * all.size);
    uint8_t *valid = (uint8_t *)area_at_end(VALID, (capacity + 7) / 8);
    uint8_t *families = (uint8_t *)area_at_end(FAMILIES, (capacity + 7) / 8);
    unsigned flags = more ? SIMDINET_LINES_PARTIAL : 0;
    memset(out - 64, AREA_FILL, 64);
    memset(valid - 8, AREA_FILL, 8 + (capacity + 7) / 8);
    memset(families - 8, AREA_FILL, 8 + (capacity + 7) / 8);
    lines_result done =
        parse_lines(all.kind, text, len, flags, capacity, (parse_output){out, valid, families});
    size_t good = 0;
    if (done.n > capacity || done.consumed > len || done.n > all.count - first)
        fail(
            text, len,
            "%s lines of implementation %s: %zu lines, %zu bytes consumed of %zu, capacity for %zu",
            kind_names[all.kind], impl, done.n, done.consumed, len, capacity);
    for (size_t i = 0; i < done.n; i++) {
        const line *l = &all.lines[first + i];
        good += l->valid;
        if (memcmp(out + i * all.size, l->address, all.size) != 0)
            fail(text, len, "%s lines of implementation %s: line %zu of %zu has another address",
                 kind_names[all.kind], impl, i, done.n);
    }
    if (done.n_valid != good || !right_bits(valid, first, done.n, capacity, false))
        fail(text, len, "%s lines of implementation %s: different lines are valid",
             kind_names[all.kind], impl);
    if (all.kind == MIXED ? !right_bits(families, first, done.n, capacity, true)
                          : !all_are(families, AREA_FILL, (capacity + 7) / 8))
        fail(text, len, "%s lines of implementation %s: different families", kind_names[all.kind],
             impl);
    if (!all_are(out - 64, AREA_FILL, 64) || !all_are(valid - 8, AREA_FILL, 8) ||
        !all_are(families - 8, AREA_FILL, 8))
        fail(text, len, "%s lines of implementation %s: wrote before an array",
             kind_names[all.kind], impl);
    return done;
}

static void check_whole(const char *impl) {
    const char *texts[] = {area_copy_at_end(TEXT, all.text, all.len), all.text};
    for (size_t i = 0; i < 2; i++) {
        lines_result done = check_call(impl, texts[i], all.len, false, all.count, 0);
        if (done.n != all.count || done.consumed != all.len)
            fail(all.text, all.len,
                 "%s lines of implementation %s: %zu lines of %zu, %zu bytes of %zu",
                 kind_names[all.kind], impl, done.n, all.count, done.consumed, all.len);
    }
}

/* The text as a stream: chunks appended to the pending rest of the previous ones. */
static void check_pieces(const char *impl, size_t first_cut, size_t cut, size_t capacity) {
    size_t consumed = 0, have = 0, seen = 0;
    for (size_t step = first_cut;; step = cut) {
        have = step > all.len - have ? all.len : have + step;
        bool more = have < all.len;
        lines_result done;
        do {
            size_t size = have - consumed;
            char *chunk = area_copy_at_end(TEXT, all.text + consumed, size);
            done = check_call(impl, chunk, size, more, capacity, seen);
            consumed += done.consumed;
            seen += done.n;
        } while (done.n == capacity);
        size_t left = have - consumed;
        if (left > (more ? SIMDINET_LINES_MAX_PENDING : 0) ||
            memchr(all.text + consumed, '\n', left))
            fail(all.text, have, "%s lines of implementation %s: %zu bytes are pending",
                 kind_names[all.kind], impl, left);
        if (!more)
            break;
    }
    if (seen != all.count)
        fail(all.text, all.len,
             "%s lines of implementation %s, cut at %zu and every %zu: %zu of %zu",
             kind_names[all.kind], impl, first_cut, cut, seen, all.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    all.kind = (kind)take_below(&in, KINDS);
    all.size = all.kind == ONLY_IPV4 ? 4 : 16;
    size_t times = 1 + take_below(&in, 8);
    size_t capacity = 1 + take_byte(&in);
    size_t first_cut = take_byte(&in);
    size_t cut = 1 + take_byte(&in) + in.size * times / 64; /* a limited number of chunks */
    if (in.size * times > LONGEST_TEXT)
        return 0;
    all.len = 0;
    for (size_t i = 0; i < times; i++, all.len += in.size)
        memcpy(all.text + all.len, in.data, in.size);
    parse_expected();
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        check_whole(impl->name);
        check_pieces(impl->name, first_cut, cut, capacity);
    }
    return 0;
}
