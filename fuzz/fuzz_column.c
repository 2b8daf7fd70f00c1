/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_column.c - columns of texts in every layout, on every implementation, compared with single
 * values: with decreasing and distant offsets, nulls, and the reasons of invalid values.
 *
 * Input: bytes for the family, the layout, the nulls (five), the positions; for the stride and the
 * width of records; the number of repetitions; the number of edited offsets, and the edits; the
 * text, with LF between values.
 */
#include <string.h>

#include "fuzz.h"
#include "harness/columns.h"
#include "simdinet.h"

enum { BYTES, OFFSETS, LENGTHS, PRESENT, OUT, VALID, FAMILIES, REASONS, POSITIONS };

enum { LONGEST_TEXT = 1 << 14, MOST_EDITS = 8 };

typedef enum shape { OFFSETS32, OFFSETS64, STRIDED, POINTERS, POINTERS_Z, SHAPES } shape;

static const char *const shape_names[SHAPES] = {"column", "column64", "strided", "pointers",
                                                "pointers to NUL-terminated texts"};

/* The values, with the results of the scalar implementation for each alone. */
typedef struct value {
    const char *text; /* NULL: without a pointer */
    size_t len;
    bool backwards; /* ends before it begins */
    bool validity, valid, ipv6;
    uint8_t address[16];
} value;

static struct {
    kind kind;
    shape shape;
    size_t size; /* of an address */
    size_t count;
    value values[LONGEST_TEXT + 1];
    size_t good;
    /* The arguments. */
    const char *bytes;
    size_t len;
    const int32_t *offsets32;
    const int64_t *offsets64;
    size_t stride, width;
    const char *const *texts;
    const size_t *lengths;
    const uint8_t *validity; /* NULL: none is null */
} all;

/* ---- expected results ------------------------------------------------------------------------ */

static void set_expected(value *v) {
    static const uint8_t mapped[12] = {[10] = 0xff, 0xff};
    const simdinet_implementation *scalar = &simdinet_implementation_scalar;
    memset(v->address, 0, sizeof v->address);
    v->valid = v->ipv6 = false;
    if (!v->validity || !v->text || v->backwards)
        return;
    if (all.kind == ONLY_IPV4) {
        v->valid = scalar->parse_ipv4(v->text, v->len, v->address);
    } else if (all.kind == MIXED && scalar->parse_ipv4(v->text, v->len, v->address + 12)) {
        v->valid = true;
        memcpy(v->address, mapped, sizeof mapped);
    } else {
        v->valid = scalar->parse_ipv6(v->text, v->len, v->address);
        v->ipv6 = v->valid && all.kind == MIXED;
    }
}

/* ---- arguments ------------------------------------------------------------------------------- */

/* Removes the LFs of a text and sets the values between them. Returns the new length. */
static size_t split(char *text, size_t len) {
    size_t used = 0, begin = 0;
    all.count = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && text[i] != '\n') {
            text[used++] = text[i];
        } else {
            all.values[all.count++] = (value){.text = text + begin, .len = used - begin};
            begin = used;
        }
    }
    return used;
}

/* Decreasing offsets; the difference of the first two wraps to a length in 32 bits. */
static void let_offsets_wrap(size_t difference, int64_t *offsets) {
    if (difference < all.count)
        return;
    offsets[0] = INT32_MAX;
    for (size_t i = 1; i <= all.count; i++)
        offsets[i] = (int64_t)INT32_MIN + (int64_t)(difference - i);
}

/*
 * Moves a few offsets, within the text or anywhere. A value outside the text is made an empty one
 * at its end, because its bytes do not exist; a value that ends before it begins can lie anywhere.
 */
static void edit_offsets(input *in, unsigned edits, int64_t *offsets) {
    for (; edits > 0; edits--) {
        unsigned how = take_byte(in);
        size_t at = (size_t)take_number(in, 2) % (all.count + 1);
        size_t bytes = all.shape == OFFSETS32 ? 4 : 8;
        if (how & 1)
            offsets[at] = (int64_t)(take_number(in, 2) % (all.len + 1));
        else if (how & 2)
            let_offsets_wrap(how >> 2, offsets);
        else if (all.shape == OFFSETS32)
            offsets[at] = (int32_t)take_number(in, bytes);
        else
            offsets[at] = (int64_t)take_number(in, bytes);
    }
    for (size_t i = 0; i < all.count; i++) {
        int64_t begin = offsets[i], end = offsets[i + 1], last = (int64_t)all.len;
        if (begin <= end && (begin < 0 || begin > last || end > last)) {
            offsets[i] = begin < 0 || begin > last ? last : begin;
            offsets[i + 1] = last;
            i = (size_t)-1; /* repeat for its neighbours; moves to the end terminate */
        }
    }
}

static void give_offsets(input *in, unsigned edits) {
    static int64_t wide[LONGEST_TEXT + 2];
    static int32_t narrow[LONGEST_TEXT + 2];
    for (size_t i = 0; i < all.count; i++)
        wide[i] = all.values[i].text - all.bytes;
    wide[all.count] = (int64_t)all.len;
    edit_offsets(in, edits, wide);
    for (size_t i = 0; i <= all.count; i++)
        narrow[i] = (int32_t)wide[i];
    for (size_t i = 0; i < all.count; i++) {
        value *v = &all.values[i];
        v->backwards = wide[i + 1] < wide[i];
        v->text = all.bytes + (v->backwards ? 0 : wide[i]);
        v->len = v->backwards ? 0 : (size_t)(wide[i + 1] - wide[i]);
    }
    if (all.shape == OFFSETS32)
        all.offsets32 = (const int32_t *)(const void *)area_copy_at_end(
            OFFSETS, narrow, (all.count + 1) * sizeof *narrow);
    else
        all.offsets64 = (const int64_t *)(const void *)area_copy_at_end(
            OFFSETS, wide, (all.count + 1) * sizeof *wide);
}

static void give_records(size_t stride, size_t width) {
    all.stride = stride;
    all.width = width;
    all.count = all.len < width ? 0
                : stride == 0   ? 1 + width % 100
                                : (all.len - width) / stride + 1;
    for (size_t i = 0; i < all.count; i++) {
        value *v = &all.values[i];
        v->text = all.bytes + i * stride;
        v->len = strnlen(v->text, width);
        v->backwards = false;
    }
}

static void give_pointers(input *in, unsigned edits) {
    static const char *texts[LONGEST_TEXT + 1];
    static size_t lengths[LONGEST_TEXT + 1];
    for (; edits > 0; edits--)
        all.values[take_number(in, 2) % all.count].text = NULL;
    for (size_t i = 0; i < all.count; i++) {
        texts[i] = all.values[i].text;
        lengths[i] = all.values[i].len; /* also without bytes: its length is not used */
    }
    all.texts = (const char *const *)(const void *)area_copy_at_end(OFFSETS, texts,
                                                                    all.count * sizeof *texts);
    all.lengths = NULL;
    if (all.shape == POINTERS)
        all.lengths = (const size_t *)(const void *)area_copy_at_end(LENGTHS, lengths,
                                                                     all.count * sizeof *lengths);
}

/* A NUL after each value; the last one ends its memory. */
static void give_nuls(const char *text) {
    static char ended[2 * LONGEST_TEXT + 2];
    size_t used = 0;
    for (size_t i = 0; i < all.count; i++) {
        value *v = &all.values[i];
        memcpy(ended + used, text + (v->text - all.bytes), v->len);
        used += v->len;
        ended[used++] = '\0';
    }
    const char *at = area_copy_at_end(BYTES, ended, used);
    for (size_t i = 0; i < all.count; i++) {
        size_t size = all.values[i].len + 1;
        all.values[i].text = at;
        all.values[i].len = strlen(at); /* a NUL within it ends it */
        at += size;
    }
}

/* Bit i is bit i % 32 of pattern, inverted in every second repetition. */
static void give_nulls(unsigned how, uint32_t pattern) {
    static uint8_t validity[LONGEST_TEXT / 8 + 1];
    memset(validity, 0, sizeof validity);
    for (size_t i = 0; i < all.count; i++) {
        bool is = how == 0 || ((pattern >> i % 32 ^ i / 32) & 1);
        all.values[i].validity = is;
        validity[i / 8] |= (uint8_t)(is << i % 8);
    }
    all.validity = NULL;
    if (how)
        all.validity = (const uint8_t *)area_copy_at_end(PRESENT, validity, (all.count + 7) / 8);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static size_t parse(const uint8_t *validity, parse_output to) {
    switch (all.shape) {
    case OFFSETS32:
        return parse_offsets(all.kind, all.bytes, all.offsets32, all.count, validity, to);
    case OFFSETS64:
        return parse_offsets64(all.kind, all.bytes, all.offsets64, all.count, validity, to);
    case STRIDED:
        return parse_strided(all.kind, all.bytes, all.stride, all.width, all.count, validity, to);
    default:
        return parse_pointers(all.kind, all.texts, all.lengths, all.count, validity, to);
    }
}

static void explain(const uint8_t *valid, uint8_t *reasons, uint32_t *positions) {
    if (all.shape == OFFSETS32)
        explain_offsets(all.kind, all.bytes, all.offsets32, all.count, all.validity, valid, reasons,
                        positions);
    else
        explain_offsets64(all.kind, all.bytes, all.offsets64, all.count, all.validity, valid,
                          reasons, positions);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static bool bit_at(const uint8_t *bits, size_t i) {
    return bits[i / 8] >> i % 8 & 1;
}

static _Noreturn void fail_at(const char *impl, size_t i, const char *what) {
    const value *v = &all.values[i];
    fail(v->text ? v->text : "", v->text ? v->len : 0,
         "%s %s of implementation %s: value %zu of %zu %s", kind_names[all.kind],
         shape_names[all.shape], impl, i, all.count, what);
}

/* in_place: the validity is written over the bitmap of nulls. */
static void check(const char *impl, bool in_place) {
    size_t bitmap = (all.count + 7) / 8;
    uint8_t *out = (uint8_t *)area_at_end(OUT, all.count * all.size);
    uint8_t *valid = (uint8_t *)area_at_end(VALID, bitmap);
    uint8_t *families = (uint8_t *)area_at_end(FAMILIES, bitmap);
    memset(out - 64, AREA_FILL, 64 + all.count * all.size);
    memset(valid - 8, AREA_FILL, 8 + bitmap);
    memset(families - 8, AREA_FILL, 8 + bitmap);
    if (in_place && all.validity)
        memcpy(valid, all.validity, bitmap);
    size_t good = parse(in_place && all.validity ? valid : all.validity,
                        (parse_output){out, valid, families});
    for (size_t i = 0; i < all.count; i++) {
        const value *v = &all.values[i];
        if (bit_at(valid, i) != v->valid)
            fail_at(impl, i, v->valid ? "is valid, but refused" : "is invalid, but accepted");
        if (memcmp(out + i * all.size, v->address, all.size) != 0)
            fail_at(impl, i, "has another address");
        if (all.kind == MIXED && bit_at(families, i) != v->ipv6)
            fail_at(impl, i, "has the other family");
    }
    for (size_t i = all.count; i < 8 * bitmap; i++)
        if (bit_at(valid, i) || (all.kind == MIXED && bit_at(families, i)))
            fail_at(impl, all.count - 1, "has nonzero bits after it");
    if (good != all.good || !all_are(out - 64, AREA_FILL, 64) ||
        !all_are(valid - 8, AREA_FILL, 8) ||
        !all_are(families - 8, AREA_FILL, 8 + (all.kind == MIXED ? 0 : bitmap)))
        fail(NULL, 0,
             "%s %s of implementation %s: %zu addresses of %zu, or bytes outside were written",
             kind_names[all.kind], shape_names[all.shape], impl, good, all.good);
}

static void check_reasons(void) {
    uint8_t *reasons = (uint8_t *)area_at_end(REASONS, all.count);
    uint32_t *positions = (uint32_t *)(void *)area_at_end(POSITIONS, all.count * sizeof *positions);
    explain((const uint8_t *)area_at_end(VALID, (all.count + 7) / 8), reasons, positions);
    for (size_t i = 0; i < all.count; i++) {
        const value *v = &all.values[i];
        size_t at = 0;
        simdinet_reason expected = SIMDINET_REASON_NONE;
        if (!v->validity)
            expected = SIMDINET_REASON_NULL;
        else if (!v->valid)
            expected = all.kind == ONLY_IPV4   ? simdinet_explain_ipv4(v->text, v->len, &at)
                       : all.kind == ONLY_IPV6 ? simdinet_explain_ipv6(v->text, v->len, &at)
                                               : simdinet_explain_mixed(v->text, v->len, &at);
        if (reasons[i] != expected || positions[i] != at)
            fail_at("any", i, "has another reason than alone");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char text[LONGEST_TEXT];
    input in = {data, size};
    all.kind = (kind)take_below(&in, KINDS);
    all.shape = (shape)take_below(&in, SHAPES);
    all.size = all.kind == ONLY_IPV4 ? 4 : 16;
    unsigned nulls = take_below(&in, 3);
    uint32_t pattern = (uint32_t)take_number(&in, 4);
    bool at_start = take_byte(&in) & 1;
    size_t stride = take_byte(&in), width = take_byte(&in);
    if (stride == 255)
        stride = (size_t)1 << (sizeof stride * 8 - 2); /* one record only: none can follow */
    size_t times = 1 + take_below(&in, 8);
    unsigned edits = take_below(&in, MOST_EDITS);
    /* The edits come first in the input and are applied last. */
    input moves = in;
    size_t moved = edits * 11 < in.size ? edits * 11 : in.size;
    moves.size = moved;
    in.data += moved;
    in.size -= moved;
    if (in.size * times > LONGEST_TEXT)
        return 0;
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * in.size, in.data, in.size);
    all.len = in.size * times;
    if (all.shape != STRIDED)
        all.len = split(text, all.len);
    all.bytes = at_start ? area_copy_at_start(BYTES, text, all.len)
                         : area_copy_at_end(BYTES, text, all.len);
    if (all.shape != STRIDED)
        for (size_t i = 0; i < all.count; i++)
            all.values[i].text = all.bytes + (all.values[i].text - text);
    if (all.shape == STRIDED)
        give_records(stride, width);
    else if (all.shape == POINTERS_Z)
        give_nuls(text);
    if (all.shape == POINTERS || all.shape == POINTERS_Z)
        give_pointers(&moves, edits);
    else if (all.shape != STRIDED)
        give_offsets(&moves, edits);
    give_nulls(nulls, pattern);
    all.good = 0;
    for (size_t i = 0; i < all.count; i++) {
        set_expected(&all.values[i]);
        all.good += all.values[i].valid;
    }
    FOR_EACH_IMPLEMENTATION (impl) {
        use_implementation(impl);
        check(impl->name, nulls == 2);
        if (all.shape == OFFSETS32 || all.shape == OFFSETS64)
            check_reasons();
    }
    return 0;
}
