/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * format.h - formats addresses in plain C, in either byte order.
 *
 * Every byte of an address becomes a fragment of at most four characters with its separator. A
 * fragment is stored whole and the pointer advances by its length, so the next fragment overwrites
 * the excess: no branch depends on the address.
 */
#ifndef SIMDINET_SCALAR_FORMAT_H
#define SIMDINET_SCALAR_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/tables/format_tables.h"

/*
 * The first three octets may store four characters each: at least one more octet of two characters
 * follows. Only the last must be exact: its first two characters and, over or after them, its last
 * digit with the NUL cover one, two and three digits.
 */
static inline size_t format_ipv4_scalar(const uint8_t *address, char *out) {
    const simdinet_format_fragment *octet = simdinet_format_fragments + SIMDINET_FORMAT_OCTET;
    const simdinet_format_fragment *a = octet + address[0];
    const simdinet_format_fragment *b = octet + address[1];
    const simdinet_format_fragment *c = octet + address[2];
    const simdinet_format_fragment *d = octet + address[3];
    char *p = out;
    /* mutant survives: the fifth byte is overwritten by the next octet */
    memcpy(p, a->text, 4);
    p += a->length;
    /* mutant survives: the fifth byte is overwritten by the next octet */
    memcpy(p, b->text, 4);
    p += b->length;
    memcpy(p, c->text, 4);
    p += c->length;
    memcpy(p, d->text, 2);
    p += d->length;
    memcpy(p - 2, d->end, 2);
    return (size_t)(p - out) - 1;
}

/*
 * Copies size bytes, 4 to 40, and writes no other byte of out; 16 bytes may be read before text and
 * 40 from it. Wider copies overwrite the excess of narrow ones; a copy that is too wide for this
 * size goes to spare. The bits are tested instead of size >= 8 and size >= 16 because gcc would
 * make branches of these, and no mix of short and long texts can be predicted.
 */
static inline void format_copy_exact(char *out, const char *text, size_t size) {
    char spare[64];
    /* mutant survives: spare has space on both sides */
    char *middle = size & 0x38 ? out : spare + 16;
    /* mutant survives: spare has space on both sides */
    char *wide = size & 0x30 ? out : spare + 16;
    ptrdiff_t last = (ptrdiff_t)size - 16;
    ptrdiff_t second = last < 16 ? last : 16;
    /* mutant survives: the overlapping copies cover the fourth byte */
    memcpy(out, text, 4);
    memcpy(out + size - 4, text + size - 4, 4);
    /* mutant survives: the overlapping copies cover the eighth byte */
    memcpy(middle, text, 8);
    /* mutant survives: its last byte is one of the last four */
    memcpy(middle + last + 8, text + last + 8, 8);
    memcpy(wide, text, 16);
    memcpy(wide + second, text + second, 16);
}

static inline char *format_fragment(char *p, size_t index) {
    const simdinet_format_fragment *fragment = simdinet_format_fragments + index;
    memcpy(p, fragment->text, 4);
    return p + fragment->length;
}

/*
 * Stores the text of an address and after it a byte to be replaced, a colon or a dot. Returns the
 * end of that; up to three bytes more are overwritten.
 */
static inline char *format_groups_scalar(const uint8_t *address, char *p) {
    unsigned zero = 0;
    for (unsigned i = 0; i < 8; i++)
        zero |= (unsigned)((address[2 * i] | address[2 * i + 1]) == 0) << i;
    unsigned ffff = (address[10] & address[11]) == 0xff;
    const uint8_t *codes = simdinet_format_zero_codes[ffff << 8 | zero];
    for (unsigned i = 0; i < 6; i++) {
        size_t high = address[2 * i];
        size_t low = address[2 * i + 1];
        p = format_fragment(p, SIMDINET_FORMAT_HIGH + high);
        p = format_fragment(p, SIMDINET_FORMAT_LOW + low + ((size_t)(high != 0) << 8) - codes[i]);
    }
    /* The last four bytes are octets or two more groups, selected by a mask. */
    /* mutant survives: an embedded IPv4 address sets both codes */
    size_t octets = 0 - (size_t)(codes[6] == SIMDINET_FORMAT_DOTTED);
    for (unsigned i = 6; i < 8; i++) {
        size_t high = address[2 * i];
        size_t low = address[2 * i + 1];
        size_t high_fragment = SIMDINET_FORMAT_HIGH + high;
        size_t low_fragment = SIMDINET_FORMAT_LOW + low + ((size_t)(high != 0) << 8) - codes[i];
        high_fragment ^= (high_fragment ^ (SIMDINET_FORMAT_OCTET + high)) & octets;
        low_fragment ^= (low_fragment ^ (SIMDINET_FORMAT_OCTET + low)) & octets;
        p = format_fragment(p, high_fragment);
        p = format_fragment(p, low_fragment);
    }
    return p;
}

static inline size_t format_ipv6_scalar(const uint8_t *address, char *out) {
    char buffer[64];
    /* mutant survives: buffer has space on both sides */
    char *text = buffer + 16;
    char *p = format_groups_scalar(address, text);
    p[-1] = '\0';
    size_t size = (size_t)(p - text);
    if (size == 3) { /* "::", shorter than what can be copied below */
        memcpy(out, "::", 3);
        return 2;
    }
    format_copy_exact(out, text, size);
    return size - 1;
}

#endif
