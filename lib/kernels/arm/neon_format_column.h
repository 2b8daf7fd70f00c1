/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * neon_column_format.h - many addresses to text with NEON. IPv4 as in sse42_column_format.h: the
 * text begins a register that is stored whole. IPv6 is written address by address.
 */
#ifndef SIMDINET_NEON_COLUMN_FORMAT_H
#define SIMDINET_NEON_COLUMN_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/scalar/format_column.h"
#include "neon_format.h"

/* Stores an address and its separator; 16 bytes are overwritten. Returns the end. */
static inline char *format_put_ipv4_neon(const uint8_t *address, uint8x16_t separator, char *p) {
    uint32_t octets;
    memcpy(&octets, address, 4);
    uint32x4_t lanes = vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(octets))));
    uint8x8_t wide = vmovn_u16(format_octets_wide(lanes));
    uint8_t decisions = vaddv_u8(vand_u8(wide, vget_low_u8(format_bit_weights())));
    /* The last dot becomes the separator: what must change of it is set in the last byte alone. */
    uint8x16_t digits = veorq_u8(format_octets_digits(lanes), separator);
    vst1q_u8((uint8_t *)p, vqtbl1q_u8(digits, vld1q_u8(simdinet_format_octet_heads[decisions])));
    return p + 8 + vaddv_u8(vshr_n_u8(wide, 7));
}

static inline size_t format_ipv4_lines_neon(const uint8_t *addresses, size_t n, char separator,
                                            char *text) {
    const uint8x16_t change = vsetq_lane_u8((uint8_t)(separator ^ '.'), vdupq_n_u8(0), 15);
    char *p = text;
    for (size_t i = 0; i < n; i++)
        p = format_put_ipv4_neon(addresses + 4 * i, change, p);
    return (size_t)(p - text);
}

static inline void format_ipv4_column_neon(const uint8_t *addresses, size_t n, char *text,
                                           int32_t *offsets) {
    char *p = text + offsets[0];
    size_t i = 0;
    for (; i + 1 < n; i++) {
        p = format_put_ipv4_neon(addresses + 4 * i, vdupq_n_u8(0), p) - 1;
        offsets[i + 1] = (int32_t)(p - text);
    }
    format_column_rest(format_ipv4_neon, 4, addresses, i, n, text, offsets);
}

static inline size_t format_ipv6_lines_neon(const uint8_t *addresses, size_t n, char separator,
                                            char *text) {
    char *end = format_lines_rest(format_ipv6_neon, 16, addresses, 0, n, separator, text);
    return (size_t)(end - text);
}

static inline void format_ipv6_column_neon(const uint8_t *addresses, size_t n, char *text,
                                           int32_t *offsets) {
    format_column_rest(format_ipv6_neon, 16, addresses, 0, n, text, offsets);
}

#endif
