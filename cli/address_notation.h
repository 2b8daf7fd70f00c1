/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_notation.h - a line with an address in the notation that an option selects.
 */
#ifndef SIMDINET_ADDRESS_NOTATION_H
#define SIMDINET_ADDRESS_NOTATION_H

#include "address_text.h"
#include "option_table.h"

typedef struct {
    unsigned families; /* SIMDINET_SCAN_IPV4 or SIMDINET_SCAN_IPV6; 0: both */
    notation notation;
    bool upper;
} address_notation;

enum { ADDRESS_LINE_MAX = ADDRESS_TEXT_MAX + 1 };

/* Appends an address of 4 or 16 bytes and a line feed. Returns the end. */
char *put_address_line(char *to, const address_notation *form, const uint8_t *address, size_t size);

#endif
