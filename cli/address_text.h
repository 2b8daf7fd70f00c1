/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * address_text.h - addresses as numbers and names. Each function appends to a buffer and returns the end of
 * what it wrote; size is 4 or 16 bytes in network order.
 */
#ifndef SIMDINET_ADDRESS_TEXT_H
#define SIMDINET_ADDRESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest text of any function, a name below ip6.arpa. */
enum { ADDRESS_TEXT_MAX = 72 };

/* Whether a word is an address, a network, a range or an address with a port, and so not a file. */
bool is_address_text(const char *word);

/* The decimal number, with leading zeros up to min_digits <= 39. */
char *put_decimal_address(char *to, const uint8_t *address, size_t size, size_t min_digits);

/* Two hexadecimal digits for each byte. */
char *put_hex_address(char *to, const uint8_t *address, size_t size);

/* RFC 5952 for IPv6, four octets for IPv4. */
char *put_canonical_address(char *to, const uint8_t *address, size_t size);

/* All eight groups of four digits, without "::"; four octets for IPv4. */
char *put_expanded_address(char *to, const uint8_t *address, size_t size);

/* The name of the reverse zone, below in-addr.arpa (RFC 1035 3.5) or ip6.arpa (RFC 3596 2.5). */
char *put_arpa_name(char *to, const uint8_t *address, size_t size);

#endif
