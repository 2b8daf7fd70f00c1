/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format_ipv6.h - formats one IPv6 address in 128-bit registers.
 *
 * Four chunks of two groups each are closed up by a shuffle from a table. Storing the chunks one
 * after the other writes too far at the end, and building the text elsewhere to copy it costs 1.5
 * ns because the copy waits for the stores. So the last 16 bytes are built in a register too, and
 * are stored to end where the text ends; no other store may go further. The embedded IPv4 address
 * is always computed, and is a fifth chunk, empty or not.
 */
#ifndef SIMDINET_FORMAT_IPV6_H
#define SIMDINET_FORMAT_IPV6_H

#include "ipv6_chunks.h"

static inline size_t IMPL(format_ipv6)(const uint8_t *address, char *out) {
    ipv6_chunks chunks;
    v128_split_ipv6(address, v128_separators('\0'), v128_splat16(':'), &chunks);
    if (chunks.zero_groups == 0xff) {
        memcpy(out, "::", 3);
        return 2;
    }
    const simdinet_format_run *run = &simdinet_format_runs[chunks.zero_groups];
    const unsigned ab = (run->groups[0] & ~(chunks.zero_digits[0] & 0x5f5f)) | run->separators[0];
    const unsigned cd = (run->groups[1] & ~(chunks.zero_digits[1] & 0x5f5f)) | run->separators[1];
    const unsigned a_pair = ab & 0xff, b_pair = ab >> 8;
    const unsigned c_pair = cd & 0xff, d_pair = cd >> 8;
    const v128_t a =
        v128_shuffle(chunks.pairs[0], v128_load(simdinet_format_pair_shuffles[a_pair]));
    const v128_t b =
        v128_shuffle(chunks.pairs[1], v128_load(simdinet_format_pair_shuffles[b_pair]));
    const v128_t c =
        v128_shuffle(chunks.pairs[2], v128_load(simdinet_format_pair_shuffles[c_pair]));
    const v128_t d = v128_shuffle(chunks.pairs[3], v128_load(simdinet_format_ends[d_pair]));

    /* The octets: their widths and eight bits more to be counted, or 0 if there are none. */
    const unsigned dotted = 0 - (unsigned)(d_pair == 0);
    const unsigned widths = (chunks.widths | 0xff00) & dotted;
    const v128_t octets =
        v128_shuffle(chunks.octets, v128_load(simdinet_format_ends[widths & 0x1ff]));

    /* The bytes from the start of each pair to the end of the text. */
    const size_t a_length = simdinet_format_pair_lengths[a_pair];
    const size_t b_length = simdinet_format_pair_lengths[b_pair];
    const size_t c_length = simdinet_format_pair_lengths[c_pair];
    const size_t from_d = simdinet_format_pair_lengths[d_pair] + (size_t)__builtin_popcount(widths);
    const size_t from_c = c_length + from_d;
    const size_t from_b = b_length + c_length + from_d;
    const size_t size = a_length + b_length + c_length + from_d;

    /*
     * The last 16 bytes of the text, or all of it at the end of 16 bytes: every chunk shifted by
     * its distance from the end. d and the octets end there already.
     */
    const uint8_t *window = simdinet_format_windows + SIMDINET_FORMAT_WINDOWS_MIDDLE - 16;
    v128_t end = v128_or(v128_or(d, octets), v128_shuffle(c, v128_load(window + from_c)));
    end = v128_or(end, v128_or(v128_shuffle(b, v128_load(window + from_b)),
                               v128_shuffle(a, v128_load(window + size))));
    const v128_t start = v128_shuffle(end, v128_load(window + 32 - size));

    /*
     * Stores in the order of their width, so that each overwrites the excess of the one before.
     * Those that are too wide for this text go to spare. The bits are tested instead of size >= 16
     * and size >= 8 because gcc would make two branches of these, which no mix of short and long
     * texts can predict (9 ns instead of 6.4).
     */
    char spare[64];
    /* mutant survives: spare has space on both sides */
    char *wide = size & 0x30 ? out : spare + 16;
    /* mutant survives: spare has space on both sides */
    char *middle = size & 0x38 ? out : spare + 16;
    const ptrdiff_t last = (ptrdiff_t)size - 16;
    const ptrdiff_t b_at = (ptrdiff_t)a_length;
    const ptrdiff_t c_at = b_at + (ptrdiff_t)b_length;
    store_u32(out, v128_first_u32(start));
    store_u32(out + size - 4, v128_last_u32(end));
    v128_store_low(middle, start);
    v128_store_high(middle + size - 8, end);
    v128_store(wide, a);
    v128_store(wide + (b_at < last ? b_at : last), b);
    v128_store(wide + (c_at < last ? c_at : last), c);
    v128_store(wide + last, end);
    return size - 1;
}

#endif
