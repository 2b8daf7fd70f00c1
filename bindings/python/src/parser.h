/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* parser.h - the column functions of one family, or of both, with one signature. */
#ifndef SIMDINET_PARSER_H
#define SIMDINET_PARSER_H

#include "input.h"
#include "simdinet.h"

typedef struct address_parser {
    size_t width; /* bytes of an address */
    bool mixed;
    size_t (*text32)(const char *bytes, const int32_t *offsets, size_t n, const uint8_t *validity,
                     uint8_t *out, uint8_t *out_validity, uint8_t *families);
    size_t (*text64)(const char *bytes, const int64_t *offsets, size_t n, const uint8_t *validity,
                     uint8_t *out, uint8_t *out_validity, uint8_t *families);
    size_t (*pointers)(const char *const *texts, const size_t *lengths, size_t n,
                       const uint8_t *validity, uint8_t *out, uint8_t *out_validity,
                       uint8_t *families);
    simdinet_reason (*explain)(const char *text, size_t len, size_t *at);
} address_parser;

/* Parses the values of a chunk, of its dictionary if it has one. Stores the column of addresses and that of
 * families, NULL unless mixed. Returns 0, or -1 with an exception and both NULL. */
int parse_values(const chunk *c, const address_parser *parser, column **addresses,
                 column **families);

extern const address_parser ipv4_parser, ipv6_parser, mixed_parser;

#endif
