/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scalar_format.h - addresses to text in plain C, on any machine of either byte order.
 *
 * Every byte of an address becomes a piece of at most four characters with its separator. A piece
 * is stored whole and the pointer advances by its length, so the next piece overwrites what was
 * too much: no branch depends on the address.
 */
#ifndef SIMDINET_SCALAR_FORMAT_H
#define SIMDINET_SCALAR_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "format_tables.h"

/*
 * The first three octets may store four characters each: at least one more octet of two characters
 * follows. Only the last must be exact: its first two characters and, over them or behind them,
 * its last digit with the NUL cover one, two and three digits alike.
 */
static inline size_t format_ipv4_scalar(const uint8_t *address, char *out) {
    const simdinet_format_piece *octet = simdinet_format_pieces + SIMDINET_FORMAT_OCTET;
    const simdinet_format_piece *a = octet + address[0];
    const simdinet_format_piece *b = octet + address[1];
    const simdinet_format_piece *c = octet + address[2];
    const simdinet_format_piece *d = octet + address[3];
    char *p = out;
    memcpy(p, a->text, 4);
    p += a->length;
    memcpy(p, b->text, 4);
    p += b->length;
    memcpy(p, c->text, 4);
    p += c->length;
    memcpy(p, d->text, 2);
    p += d->length;
    memcpy(p - 2, d->end, 2);
    return (size_t)(p - out) - 1;
}

/* Copies size bytes, 3 to 47, and touches no other byte of out; text has room for 48. */
static inline void format_copy_exact(char *out, const char *text, size_t size) {
    if (size >= 16) {
        size_t end = size - 16;
        size_t middle = end < 16 ? end : 16;
        memcpy(out, text, 16);
        memcpy(out + middle, text + middle, 16);
        memcpy(out + end, text + end, 16);
    } else if (size >= 8) {
        memcpy(out, text, 8);
        memcpy(out + size - 8, text + size - 8, 8);
    } else {
        memcpy(out, text, 2);
        memcpy(out + 1, text + 1, 2);
        if (size > 3) {
            memcpy(out, text, 4);
            memcpy(out + size - 4, text + size - 4, 4);
        }
    }
}

static inline char *format_piece(char *p, size_t index) {
    const simdinet_format_piece *piece = simdinet_format_pieces + index;
    memcpy(p, piece->text, 4);
    return p + piece->length;
}

static inline size_t format_ipv6_scalar(const uint8_t *address, char *out) {
    unsigned zero = 0;
    for (unsigned i = 0; i < 8; i++)
        zero |= (unsigned)((address[2 * i] | address[2 * i + 1]) == 0) << i;
    bool mapped = (zero & 0x3f) == 0x1f && (address[10] & address[11]) == 0xff;
    bool dotted = mapped || (zero & 0x7f) == 0x3f;
    const uint8_t *codes = simdinet_format_gap_codes[mapped ? SIMDINET_FORMAT_MAPPED : zero];

    char text[48];
    char *p = text;
    for (unsigned i = 0; i < 8; i++) {
        size_t high = address[2 * i];
        size_t low = address[2 * i + 1];
        size_t high_piece = SIMDINET_FORMAT_HIGH + high;
        size_t low_piece = (high ? SIMDINET_FORMAT_LOW_FULL : SIMDINET_FORMAT_LOW) + low - codes[i];
        if (i >= 6) {
            high_piece = dotted ? SIMDINET_FORMAT_OCTET + high : high_piece;
            low_piece = dotted ? SIMDINET_FORMAT_OCTET + low : low_piece;
        }
        p = format_piece(p, high_piece);
        p = format_piece(p, low_piece);
    }
    p[-1] = '\0';
    size_t size = (size_t)(p - text);
    format_copy_exact(out, text, size);
    return size - 1;
}

#endif
