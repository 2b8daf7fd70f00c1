/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ipv6_chunks.h - all that the text of an IPv6 address may consist of: four chunks of two groups
 * each, and the octets of an embedded IPv4 address.
 */
#ifndef SIMDINET_IPV6_CHUNKS_H
#define SIMDINET_IPV6_CHUNKS_H

#include "kernels/tables/format_tables.h"
#include "simd.h"

/* The chunks of an address with all digits, and what selects those that are written. */
typedef struct ipv6_chunks {
    v128_t pairs[4];         /* two groups each, as simdinet_format_pair_shuffles takes them */
    v128_t octets;           /* the last four bytes, as simdinet_format_octet_heads takes them */
    unsigned zero_digits[2]; /* a bit for each digit, 8 for each pair */
    unsigned zero_groups;    /* a bit for each group, and bit 8: group 5 is ffff */
    unsigned widths;         /* of the octets: see format_tables.h */
} ipv6_chunks;

/* Bit 8 if group 5 is ffff. By arithmetic, since gcc makes a branch of the comparison. */
static ALWAYS_INLINE unsigned format_group5(const uint8_t *address) {
    uint16_t group5;
    memcpy(&group5, address + 10, 2);
    return (group5 + 1u) >> 8 & 0x100;
}

/* separators are those of the octets; last has in its upper half what follows groups 6 and 7. */
static ALWAYS_INLINE void v128_split_ipv6(const uint8_t *address, v128_t separators, v128_t last,
                                          ipv6_chunks *chunks) {
    const v128_t colons = v128_splat(':');
    const v128_t x = v128_load(address);
    const v128_t high = v128_high_nibbles(x), low = v128_low_nibbles(x);
    const v128_t ab = v128_zip_low32(high, low), cd = v128_zip_high32(high, low);
    const v128_t lanes = v128_last_octets(x);
    v128_format_masks(x, ab, cd, lanes, chunks->zero_digits, &chunks->zero_groups, &chunks->widths);
    chunks->zero_groups |= format_group5(address);
    const v128_t ab_text = v128_hex_text(ab), cd_text = v128_hex_text(cd);
    chunks->pairs[0] = v128_zip_low64(ab_text, colons);
    chunks->pairs[1] = v128_zip_high64(ab_text, colons);
    chunks->pairs[2] = v128_zip_low64(cd_text, colons);
    chunks->pairs[3] = v128_zip_high64(cd_text, last);
    chunks->octets = v128_octet_text(lanes, separators);
}

#endif
