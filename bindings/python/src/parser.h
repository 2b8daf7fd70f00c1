/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* parser.h - the column functions of one family, or of both, with one signature. */
#ifndef SIMDINET_PARSER_H
#define SIMDINET_PARSER_H

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

extern const address_parser ipv4_parser, ipv6_parser, mixed_parser;

#endif
