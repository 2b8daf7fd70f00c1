/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_column.c - section "columns: text to bytes".
 *
 * A column of any layout is cut into blocks of 64 values, each of them base[begin, end) with 32-bit
 * offsets. A kernel parses a block, nulls included; they are cleared afterwards.
 */
#include <string.h>

#include "kernels/kernel.h"
#include "parse_column.h"
#include "simdinet.h"

/* Longer than any address: a value is cut to it and rejected by its length. */
enum { OVERLONG = SIMDINET_IPV6_TEXT_SIZE };

/* ---- one block ------------------------------------------------------------------------------- */

/* Parses one value as a block of its own. */
static uint64_t parse_single(const simdinet_implementation *impl, address_family family,
                             const char *text, size_t len, uint8_t *out, uint64_t *families) {
    int32_t begin = 0, end = len < OVERLONG ? (int32_t)len : OVERLONG;
    return parse_values(impl, family, text, &begin, &end, 1, out, families);
}

/* Parses the values of a block one by one, without those whose bit in not_null is 0: their pointers
 * may be invalid. */
static uint64_t parse_block_singly(const simdinet_implementation *impl, address_family family,
                                   const column_input *c, size_t first, size_t count,
                                   uint64_t not_null, uint8_t *out, uint64_t *families) {
    size_t size = address_size(family);
    uint64_t valid = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text;
        size_t len;
        uint64_t is_ipv6 = 0;
        if (!(not_null >> i & 1)) {
            memset(out + i * size, 0, size);
            continue;
        }
        if (c->layout == OFFSETS64) {
            /* If the end is before the start, the start may be outside of the buffer. */
            const int64_t *at = c->offsets64 + first + i;
            bool reversed = at[1] < at[0];
            text = reversed ? "" : c->bytes + at[0];
            len = reversed ? 0 : (size_t)at[1] - (size_t)at[0];
        } else if (c->layout == STRIDED) {
            text = c->bytes + (first + i) * c->stride;
            len = strnlen(text, c->width);
        } else {
            text = c->texts[first + i];
            len = !text ? 0 : c->lengths ? c->lengths[first + i] : strnlen(text, OVERLONG);
        }
        if (!text)
            text = ""; /* no arithmetic on NULL */
        valid |= parse_single(impl, family, text, len, out + i * size, &is_ipv6) << i;
        *families |= is_ipv6 << i;
    }
    return valid;
}

/* Fewer offsets than a block has, on the stack: two calls of a kernel for a block. */
enum { LOCAL_OFFSETS = SIMDINET_BLOCK / 2 };

/* Parses up to LOCAL_OFFSETS values, not inlined, so that other layouts need not its stack. */
typedef uint64_t parse_half_fn(const simdinet_implementation *impl, address_family family,
                               const column_input *c, size_t first, size_t count, uint64_t not_null,
                               uint8_t *out, uint64_t *families);

/* 64-bit offsets, relative to the first one; singly if one of them does not fit in 31 bits. */
__attribute__((noinline)) static uint64_t parse_half_offsets64(const simdinet_implementation *impl,
                                                               address_family family,
                                                               const column_input *c, size_t first,
                                                               size_t count, uint64_t not_null,
                                                               uint8_t *out, uint64_t *families) {
    const int64_t *offsets = c->offsets64 + first;
    int32_t narrow[LOCAL_OFFSETS + 1];
    uint64_t far = 0;
    for (size_t i = 0; i <= count; i++) {
        uint64_t distance = (uint64_t)offsets[i] - (uint64_t)offsets[0];
        far |= distance;
        narrow[i] = (int32_t)(distance & INT32_MAX);
    }
    if (far > INT32_MAX)
        return parse_block_singly(impl, family, c, first, count, not_null, out, families);
    return parse_values(impl, family, c->bytes + offsets[0], narrow, narrow + 1, count, out,
                        families);
}

__attribute__((noinline)) static uint64_t parse_half_strided(const simdinet_implementation *impl,
                                                             address_family family,
                                                             const column_input *c, size_t first,
                                                             size_t count, uint64_t not_null,
                                                             uint8_t *out, uint64_t *families) {
    int32_t begin[LOCAL_OFFSETS], end[LOCAL_OFFSETS];
    const char *base = c->bytes + first * c->stride;
    if (c->stride > INT32_MAX / (2 * SIMDINET_BLOCK))
        return parse_block_singly(impl, family, c, first, count, not_null, out, families);
    for (size_t i = 0; i < count; i++) {
        begin[i] = (int32_t)(i * c->stride);
        end[i] = begin[i] + (int32_t)strnlen(base + i * c->stride, c->width);
    }
    return parse_values(impl, family, base, begin, end, count, out, families);
}

static uint64_t parse_halves(parse_half_fn *parse, const simdinet_implementation *impl,
                             address_family family, const column_input *c, size_t first,
                             size_t count, uint64_t not_null, uint8_t *out, uint64_t *families) {
    size_t size = address_size(family);
    uint64_t valid = 0, ipv6 = 0;
    for (size_t i = 0; i < count; i += LOCAL_OFFSETS) {
        uint64_t some_ipv6 = 0;
        valid |=
            parse(impl, family, c, first + i, count - i < LOCAL_OFFSETS ? count - i : LOCAL_OFFSETS,
                  not_null >> i, out + i * size, &some_ipv6)
            << i;
        ipv6 |= some_ipv6 << i;
    }
    *families = ipv6;
    return valid;
}

static uint64_t parse_column_block(const simdinet_implementation *impl, address_family family,
                                   const column_input *c, size_t first, size_t count,
                                   uint64_t not_null, uint8_t *out, uint64_t *families) {
    switch (c->layout) {
    case OFFSETS32:
        return parse_values(impl, family, c->bytes, c->offsets32 + first, c->offsets32 + first + 1,
                            count, out, families);
    case OFFSETS64:
        return parse_halves(parse_half_offsets64, impl, family, c, first, count, not_null, out,
                            families);
    case STRIDED:
        return parse_halves(parse_half_strided, impl, family, c, first, count, not_null, out,
                            families);
    default:
        return parse_block_singly(impl, family, c, first, count, not_null, out, families);
    }
}

uint64_t simdinet_parse_column_block(const simdinet_implementation *impl, address_family family,
                                     const column_input *c, size_t first, size_t count,
                                     uint64_t not_null, uint8_t *out, uint64_t *families) {
    return parse_column_block(impl, family, c, first, count, not_null, out, families);
}

/* ---- a column -------------------------------------------------------------------------------- */

/* Clears the addresses of nulls. Rare: most nulls have no text that parses. */
static void clear_nulls(uint64_t bits, size_t size, uint8_t *out) {
    for (size_t i = 0; bits; i++, bits >>= 1)
        if (bits & 1)
            memset(out + i * size, 0, size);
}

static size_t parse_column(address_family family, const column_input *c, size_t n,
                           const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                           uint8_t *out_families) {
    const simdinet_implementation *impl = simdinet_implementation_active();
    size_t size = address_size(family), n_valid = 0;
    for (size_t first = 0; first < n; first += SIMDINET_BLOCK) {
        size_t count = block_length(n - first);
        uint64_t ipv6 = 0;
        uint64_t not_null = validity ? bitmap_load(validity + first / 8, count) : UINT64_MAX;
        uint64_t bits =
            parse_column_block(impl, family, c, first, count, not_null, out + first * size, &ipv6);
        clear_nulls(bits & ~not_null, size, out + first * size);
        bits &= not_null;
        ipv6 &= not_null;
        bitmap_store(out_validity + first / 8, bits, count);
        if (family == FAMILY_MIXED)
            bitmap_store(out_families + first / 8, ipv6, count);
        n_valid += count_bits(bits);
    }
    return n_valid;
}

static size_t parse_offsets32(address_family family, const char *bytes, const int32_t *offsets,
                              size_t n, const uint8_t *validity, uint8_t *out,
                              uint8_t *out_validity, uint8_t *out_families) {
    const column_input c = {.layout = OFFSETS32, .bytes = bytes ? bytes : "", .offsets32 = offsets};
    return parse_column(family, &c, n, validity, out, out_validity, out_families);
}

static size_t parse_offsets64(address_family family, const char *bytes, const int64_t *offsets,
                              size_t n, const uint8_t *validity, uint8_t *out,
                              uint8_t *out_validity, uint8_t *out_families) {
    const column_input c = {.layout = OFFSETS64, .bytes = bytes ? bytes : "", .offsets64 = offsets};
    return parse_column(family, &c, n, validity, out, out_validity, out_families);
}

static size_t parse_strided(address_family family, const char *bytes, size_t stride, size_t width,
                            size_t n, const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                            uint8_t *out_families) {
    const column_input c = {.layout = STRIDED,
                            .bytes = bytes ? bytes : "",
                            .stride = stride,
                            .width = width < OVERLONG ? width : OVERLONG};
    return parse_column(family, &c, n, validity, out, out_validity, out_families);
}

static size_t parse_pointers(address_family family, const char *const *texts, const size_t *lengths,
                             size_t n, const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                             uint8_t *out_families) {
    const column_input c = {.layout = POINTERS, .texts = texts, .lengths = lengths};
    return parse_column(family, &c, n, validity, out, out_validity, out_families);
}

/* ---- public functions ------------------------------------------------------------------------ */

size_t simdinet_parse_ipv4_column(const char *bytes, const int32_t *offsets, size_t n,
                                  const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_offsets32(FAMILY_IPV4, bytes, offsets, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_ipv6_column(const char *bytes, const int32_t *offsets, size_t n,
                                  const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_offsets32(FAMILY_IPV6, bytes, offsets, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_mixed_column(const char *bytes, const int32_t *offsets, size_t n,
                                   const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                                   uint8_t *out_families) {
    return parse_offsets32(FAMILY_MIXED, bytes, offsets, n, validity, out, out_validity,
                           out_families);
}

size_t simdinet_parse_ipv4_column64(const char *bytes, const int64_t *offsets, size_t n,
                                    const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_offsets64(FAMILY_IPV4, bytes, offsets, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_ipv6_column64(const char *bytes, const int64_t *offsets, size_t n,
                                    const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_offsets64(FAMILY_IPV6, bytes, offsets, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_mixed_column64(const char *bytes, const int64_t *offsets, size_t n,
                                     const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                                     uint8_t *out_families) {
    return parse_offsets64(FAMILY_MIXED, bytes, offsets, n, validity, out, out_validity,
                           out_families);
}

size_t simdinet_parse_ipv4_strided(const char *bytes, size_t stride, size_t width, size_t n,
                                   const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_strided(FAMILY_IPV4, bytes, stride, width, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_ipv6_strided(const char *bytes, size_t stride, size_t width, size_t n,
                                   const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_strided(FAMILY_IPV6, bytes, stride, width, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_mixed_strided(const char *bytes, size_t stride, size_t width, size_t n,
                                    const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                                    uint8_t *out_families) {
    return parse_strided(FAMILY_MIXED, bytes, stride, width, n, validity, out, out_validity,
                         out_families);
}

size_t simdinet_parse_ipv4_pointers(const char *const *texts, const size_t *lengths, size_t n,
                                    const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_pointers(FAMILY_IPV4, texts, lengths, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_ipv6_pointers(const char *const *texts, const size_t *lengths, size_t n,
                                    const uint8_t *validity, uint8_t *out, uint8_t *out_validity) {
    return parse_pointers(FAMILY_IPV6, texts, lengths, n, validity, out, out_validity, NULL);
}

size_t simdinet_parse_mixed_pointers(const char *const *texts, const size_t *lengths, size_t n,
                                     const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                                     uint8_t *out_families) {
    return parse_pointers(FAMILY_MIXED, texts, lengths, n, validity, out, out_validity,
                          out_families);
}
