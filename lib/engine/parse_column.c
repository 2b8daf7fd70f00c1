/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * column_parse.c - section "columns: text to bytes": every shape of a column as blocks of values
 * that the active implementation takes, and what is null afterwards taken out again.
 */
#include <string.h>

#include "block.h"
#include "kernels/kernel.h"
#include "simdinet.h"

typedef enum { OFFSETS32, OFFSETS64, STRIDED, POINTERS } shape;

typedef struct column {
    shape shape;
    const char *bytes;
    const int32_t *offsets32;
    const int64_t *offsets64;
    size_t stride, width;
    const char *const *texts;
    const size_t *lengths; /* NULL: a NUL ends each text */
} column;

/* No address is longer, and what is longer is refused by its length alone. */
enum { TOO_LONG = SIMDINET_IPV6_TEXT_SIZE };

/* ---- one block ---------------------------------------------------------------------------------- */

/* One value that lies anywhere, as a block of its own. */
static uint64_t parse_alone(const simdinet_implementation *impl, family f, const char *text,
                            size_t len, uint8_t *out, uint64_t *families) {
    int32_t begin = 0, end = len < TOO_LONG ? (int32_t)len : TOO_LONG;
    return parse_texts(impl, f, text, &begin, &end, 1, out, families);
}

/* The values whose bit of known is set; what stands for the others may lead nowhere. */
static uint64_t parse_each(const simdinet_implementation *impl, family f, const column *c,
                           size_t first, size_t count, uint64_t known, uint8_t *out,
                           uint64_t *families) {
    size_t size = address_size(f);
    uint64_t valid = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text;
        size_t len;
        uint64_t is_ipv6 = 0;
        if (!(known >> i & 1)) {
            memset(out + i * size, 0, size);
            continue;
        }
        if (c->shape == OFFSETS64) {
            /* A value that would end before it begins may begin where there is no memory. */
            const int64_t *at = c->offsets64 + first + i;
            bool backwards = at[1] < at[0];
            text = backwards ? "" : c->bytes + at[0];
            len = backwards ? 0 : (size_t)at[1] - (size_t)at[0];
        } else if (c->shape == STRIDED) {
            text = c->bytes + (first + i) * c->stride;
            len = strnlen(text, c->width);
        } else {
            text = c->texts[first + i];
            len = !text ? 0 : c->lengths ? c->lengths[first + i] : strnlen(text, TOO_LONG);
        }
        if (!text)
            text = ""; /* nothing to add an offset to, and no bytes */
        valid |= parse_alone(impl, f, text, len, out + i * size, &is_ipv6) << i;
        *families |= is_ipv6 << i;
    }
    return valid;
}

/* Counts 64-bit offsets from the block's first one; false if one is too far from it. */
static bool narrow_offsets(const int64_t *offsets, size_t count, int32_t *narrow) {
    uint64_t far = 0;
    for (size_t i = 0; i <= count; i++) {
        uint64_t distance = (uint64_t)offsets[i] - (uint64_t)offsets[0];
        far |= distance;
        narrow[i] = (int32_t)(distance & INT32_MAX);
    }
    return far <= INT32_MAX;
}

static uint64_t parse_block(const simdinet_implementation *impl, family f, const column *c,
                            size_t first, size_t count, uint64_t known, uint8_t *out,
                            uint64_t *families) {
    int32_t begin[SIMDINET_BLOCK + 1], end[SIMDINET_BLOCK];
    const int32_t *offsets = begin;
    const char *base = c->bytes;
    if (c->shape == OFFSETS32) {
        offsets = c->offsets32 + first;
    } else if (c->shape == OFFSETS64 && narrow_offsets(c->offsets64 + first, count, begin)) {
        base += c->offsets64[first];
    } else if (c->shape == STRIDED && c->stride <= INT32_MAX / (2 * SIMDINET_BLOCK)) {
        base += first * c->stride;
        for (size_t i = 0; i < count; i++) {
            begin[i] = (int32_t)(i * c->stride);
            end[i] = begin[i] + (int32_t)strnlen(base + i * c->stride, c->width);
        }
        return parse_texts(impl, f, base, begin, end, count, out, families);
    } else {
        return parse_each(impl, f, c, first, count, known, out, families);
    }
    return parse_texts(impl, f, base, offsets, offsets + 1, count, out, families);
}

/* ---- a column ----------------------------------------------------------------------------------- */

/* Clears the addresses of values that are null; few nulls have a text that is one. */
static void clear(uint64_t bits, size_t size, uint8_t *out) {
    for (size_t i = 0; bits; i++, bits >>= 1)
        if (bits & 1)
            memset(out + i * size, 0, size);
}

static size_t parse_column(family f, const column *c, size_t count, const uint8_t *present,
                           uint8_t *out, uint8_t *valid, uint8_t *families) {
    const simdinet_implementation *impl = simdinet_implementation_active();
    size_t size = address_size(f), good = 0;
    for (size_t first = 0; first < count; first += SIMDINET_BLOCK) {
        size_t block = count - first < SIMDINET_BLOCK ? count - first : SIMDINET_BLOCK;
        uint64_t ipv6 = 0, known = present ? load_bits(present + first / 8, block) : UINT64_MAX;
        uint64_t bits = parse_block(impl, f, c, first, block, known, out + first * size, &ipv6);
        clear(bits & ~known, size, out + first * size);
        bits &= known;
        ipv6 &= known;
        store_bits(valid + first / 8, bits, block);
        if (f == MIXED)
            store_bits(families + first / 8, ipv6, block);
        good += count_bits(bits);
    }
    return good;
}

static size_t parse_offsets32(family f, const char *bytes, const int32_t *offsets, size_t count,
                              const uint8_t *present, uint8_t *out, uint8_t *valid,
                              uint8_t *families) {
    const column c = {.shape = OFFSETS32, .bytes = bytes ? bytes : "", .offsets32 = offsets};
    return parse_column(f, &c, count, present, out, valid, families);
}

static size_t parse_offsets64(family f, const char *bytes, const int64_t *offsets, size_t count,
                              const uint8_t *present, uint8_t *out, uint8_t *valid,
                              uint8_t *families) {
    const column c = {.shape = OFFSETS64, .bytes = bytes ? bytes : "", .offsets64 = offsets};
    return parse_column(f, &c, count, present, out, valid, families);
}

static size_t parse_strided(family f, const char *bytes, size_t stride, size_t width, size_t count,
                            const uint8_t *present, uint8_t *out, uint8_t *valid,
                            uint8_t *families) {
    const column c = {.shape = STRIDED,
                      .bytes = bytes ? bytes : "",
                      .stride = stride,
                      .width = width < TOO_LONG ? width : TOO_LONG};
    return parse_column(f, &c, count, present, out, valid, families);
}

static size_t parse_pointers(family f, const char *const *texts, const size_t *lengths,
                             size_t count, const uint8_t *present, uint8_t *out, uint8_t *valid,
                             uint8_t *families) {
    const column c = {.shape = POINTERS, .texts = texts, .lengths = lengths};
    return parse_column(f, &c, count, present, out, valid, families);
}

/* ---- the section ---------------------------------------------------------------------------------- */

size_t simdinet_parse_ipv4_column(const char *bytes, const int32_t *offsets, size_t count,
                                  const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_offsets32(IPV4, bytes, offsets, count, present, out, valid, NULL);
}

size_t simdinet_parse_ipv6_column(const char *bytes, const int32_t *offsets, size_t count,
                                  const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_offsets32(IPV6, bytes, offsets, count, present, out, valid, NULL);
}

size_t simdinet_parse_mixed_column(const char *bytes, const int32_t *offsets, size_t count,
                                   const uint8_t *present, uint8_t *out, uint8_t *valid,
                                   uint8_t *families) {
    return parse_offsets32(MIXED, bytes, offsets, count, present, out, valid, families);
}

size_t simdinet_parse_ipv4_column64(const char *bytes, const int64_t *offsets, size_t count,
                                    const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_offsets64(IPV4, bytes, offsets, count, present, out, valid, NULL);
}

size_t simdinet_parse_ipv6_column64(const char *bytes, const int64_t *offsets, size_t count,
                                    const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_offsets64(IPV6, bytes, offsets, count, present, out, valid, NULL);
}

size_t simdinet_parse_mixed_column64(const char *bytes, const int64_t *offsets, size_t count,
                                     const uint8_t *present, uint8_t *out, uint8_t *valid,
                                     uint8_t *families) {
    return parse_offsets64(MIXED, bytes, offsets, count, present, out, valid, families);
}

size_t simdinet_parse_ipv4_strided(const char *bytes, size_t stride, size_t width, size_t count,
                                   const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_strided(IPV4, bytes, stride, width, count, present, out, valid, NULL);
}

size_t simdinet_parse_ipv6_strided(const char *bytes, size_t stride, size_t width, size_t count,
                                   const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_strided(IPV6, bytes, stride, width, count, present, out, valid, NULL);
}

size_t simdinet_parse_mixed_strided(const char *bytes, size_t stride, size_t width, size_t count,
                                    const uint8_t *present, uint8_t *out, uint8_t *valid,
                                    uint8_t *families) {
    return parse_strided(MIXED, bytes, stride, width, count, present, out, valid, families);
}

size_t simdinet_parse_ipv4_pointers(const char *const *texts, const size_t *lengths, size_t count,
                                    const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_pointers(IPV4, texts, lengths, count, present, out, valid, NULL);
}

size_t simdinet_parse_ipv6_pointers(const char *const *texts, const size_t *lengths, size_t count,
                                    const uint8_t *present, uint8_t *out, uint8_t *valid) {
    return parse_pointers(IPV6, texts, lengths, count, present, out, valid, NULL);
}

size_t simdinet_parse_mixed_pointers(const char *const *texts, const size_t *lengths, size_t count,
                                     const uint8_t *present, uint8_t *out, uint8_t *valid,
                                     uint8_t *families) {
    return parse_pointers(MIXED, texts, lengths, count, present, out, valid, families);
}
