/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_column.h - formats many addresses in 128-bit or 256-bit registers.
 *
 * A chunk of the text, four octets or two groups, is put together at the start of a register, and
 * all of its 16 bytes are stored: the excess is overwritten by what follows, or falls into the
 * space of the addresses that follow. So nothing is cut exactly, as it must be for a single
 * address.
 *
 * VEC(ipv4_step) and VEC(ipv6_step) are the numbers of addresses of one turn.
 */
#ifndef SIMDINET_FORMAT_COLUMN_H
#define SIMDINET_FORMAT_COLUMN_H

#include "format_ipv4.h"
#include "format_ipv6.h"
#include "format_rest.h"

/*
 * Stores the texts of a step, each without its last bytes, drop of them, 0 or 1; ends are counted
 * from the start of the step, so that only one addition waits for the step before.
 */
static ALWAYS_INLINE char *IMPL(put_ipv4)(const uint8_t *addresses, VEC(t) separators,
                                          unsigned drop, char *p, uint32_t *ends) {
    v128_t text[VEC(ipv4_step)];
    VEC(ipv4_texts)(addresses, separators, drop, text, ends);
    v128_store(p, text[0]);
    for (unsigned j = 1; j < VEC(ipv4_step); j++)
        v128_store(p + ends[j - 1], text[j]);
    return p + ends[VEC(ipv4_step) - 1];
}

static ALWAYS_INLINE char *IMPL(put_pair)(char *p, v128_t pair, unsigned keep) {
    v128_store(p, v128_shuffle(pair, v128_load(simdinet_format_pair_shuffles[keep])));
    return p + simdinet_format_pair_lengths[keep];
}

/*
 * Stores an address with its separator; returns its end. The octets are always stored, and count if
 * groups 6 and 7 left nothing, without a branch. Up to 56 bytes are overwritten.
 */
static ALWAYS_INLINE char *IMPL(put_ipv6)(const ipv6_chunks *chunks, char *p) {
    const simdinet_format_run *run = &simdinet_format_runs[chunks->zero_groups];
    const uint32_t zeros = chunks->zero_digits[0] | chunks->zero_digits[1] << 16;
    const uint32_t keep =
        (load_u32(run->groups) & ~(zeros & 0x5f5f5f5f)) | load_u32(run->separators);
    p = IMPL(put_pair)(p, chunks->pairs[0], keep & 0xff);
    p = IMPL(put_pair)(p, chunks->pairs[1], keep >> 8 & 0xff);
    p = IMPL(put_pair)(p, chunks->pairs[2], keep >> 16 & 0xff);
    p = IMPL(put_pair)(p, chunks->pairs[3], keep >> 24);
    v128_store(p, v128_shuffle(chunks->octets,
                               v128_load(simdinet_format_octet_heads[chunks->widths & 0xff])));
    const size_t dotted = 0 - (size_t)(keep >> 24 == 0);
    return p + ((8 + (size_t)__builtin_popcount(chunks->widths)) & dotted);
}

static size_t IMPL(format_ipv4_lines)(const uint8_t *addresses, size_t n, char separator,
                                      char *text) {
    const VEC(t) separators = VEC(separators)(separator);
    char *p = text;
    size_t i = 0;
    for (; n - i >= VEC(ipv4_step); i += VEC(ipv4_step)) {
        uint32_t ends[VEC(ipv4_step)];
        p = IMPL(put_ipv4)(addresses + 4 * i, separators, 0, p, ends);
    }
    p = format_lines_rest(IMPL(format_ipv4), 4, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static void IMPL(format_ipv4_column)(const uint8_t *addresses, size_t n, char *text,
                                     int32_t *offsets) {
    const VEC(t) separators = VEC(separators)('.');
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > VEC(ipv4_step); i += VEC(ipv4_step)) { /* a store goes one byte past the step */
        uint32_t ends[VEC(ipv4_step)];
        const int32_t at = (int32_t)(p - text);
        p = IMPL(put_ipv4)(addresses + 4 * i, separators, 1, p, ends);
        for (unsigned j = 0; j < VEC(ipv4_step); j++)
            offsets[i + 1 + j] = at + (int32_t)ends[j];
    }
    format_column_rest(IMPL(format_ipv4), 4, addresses, i, n, text, offsets);
}

static size_t IMPL(format_ipv6_lines)(const uint8_t *addresses, size_t n, char separator,
                                      char *text) {
    const VEC(t) separators = VEC(separators)(separator), last = VEC(last_separators)(separator);
    char *p = text;
    size_t i = 0;
    for (; n - i > VEC(ipv6_step); i += VEC(ipv6_step)) {
        ipv6_chunks chunks[VEC(ipv6_step)];
        VEC(split_ipv6)(addresses + 16 * i, separators, last, chunks);
        for (unsigned j = 0; j < VEC(ipv6_step); j++)
            p = IMPL(put_ipv6)(&chunks[j], p);
    }
    p = format_lines_rest(IMPL(format_ipv6), 16, addresses, i, n, separator, p);
    return (size_t)(p - text);
}

static void IMPL(format_ipv6_column)(const uint8_t *addresses, size_t n, char *text,
                                     int32_t *offsets) {
    const VEC(t) separators = VEC(separators)(':'), last = VEC(last_separators)(':');
    char *p = text + offsets[0];
    size_t i = 0;
    for (; n - i > VEC(ipv6_step); i += VEC(ipv6_step)) {
        ipv6_chunks chunks[VEC(ipv6_step)];
        VEC(split_ipv6)(addresses + 16 * i, separators, last, chunks);
        for (unsigned j = 0; j < VEC(ipv6_step); j++) {
            p = IMPL(put_ipv6)(&chunks[j], p) - 1;
            offsets[i + 1 + j] = (int32_t)(p - text);
        }
    }
    format_column_rest(IMPL(format_ipv6), 16, addresses, i, n, text, offsets);
}

#endif
