/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * columns.h - the public functions of columns and lines, with the family as an argument.
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "lines.h"

/* A column holds one family, or both; IPv4 addresses of a mixed one are ::ffff:a.b.c.d. */
typedef enum kind { ONLY_IPV4, ONLY_IPV6, MIXED, KINDS } kind;

static const char *const kind_names[KINDS] = {"IPv4", "IPv6", "mixed"};

/* The size of an address. */
static inline size_t size_of(kind k) {
    return k == ONLY_IPV4 ? 4 : 16;
}

/* The output of a parser. families is used by mixed columns only. */
typedef struct parse_output {
    uint8_t *addresses, *validity, *families;
} parse_output;

#define SELECT(k, name, suffix)                                                                    \
    ((k) == ONLY_IPV4 ? simdinet_##name##_ipv4_##suffix : simdinet_##name##_ipv6_##suffix)

static inline size_t parse_offsets(kind k, const char *bytes, const int32_t *offsets, size_t n,
                                   const uint8_t *validity, parse_output to) {
    if (k == MIXED)
        return simdinet_parse_mixed_column(bytes, offsets, n, validity, to.addresses, to.validity,
                                           to.families);
    return SELECT(k, parse, column)(bytes, offsets, n, validity, to.addresses, to.validity);
}

static inline size_t parse_offsets64(kind k, const char *bytes, const int64_t *offsets, size_t n,
                                     const uint8_t *validity, parse_output to) {
    if (k == MIXED)
        return simdinet_parse_mixed_column64(bytes, offsets, n, validity, to.addresses, to.validity,
                                             to.families);
    return SELECT(k, parse, column64)(bytes, offsets, n, validity, to.addresses, to.validity);
}

static inline size_t parse_strided(kind k, const char *bytes, size_t stride, size_t width, size_t n,
                                   const uint8_t *validity, parse_output to) {
    if (k == MIXED)
        return simdinet_parse_mixed_strided(bytes, stride, width, n, validity, to.addresses,
                                            to.validity, to.families);
    return SELECT(k, parse, strided)(bytes, stride, width, n, validity, to.addresses, to.validity);
}

static inline size_t parse_pointers(kind k, const char *const *texts, const size_t *lengths,
                                    size_t n, const uint8_t *validity, parse_output to) {
    if (k == MIXED)
        return simdinet_parse_mixed_pointers(texts, lengths, n, validity, to.addresses, to.validity,
                                             to.families);
    return SELECT(k, parse, pointers)(texts, lengths, n, validity, to.addresses, to.validity);
}

static inline lines_result parse_lines(kind k, const char *text, size_t len, unsigned flags,
                                       size_t capacity, parse_output to) {
    if (k == MIXED)
        return parse_mixed_lines(text, len, flags, capacity, to.addresses, to.validity,
                                 to.families);
    return (k == ONLY_IPV4 ? parse_ipv4_lines : parse_ipv6_lines)(text, len, flags, capacity,
                                                                  to.addresses, to.validity);
}

static inline void explain_offsets(kind k, const char *bytes, const int32_t *offsets, size_t n,
                                   const uint8_t *validity, const uint8_t *parsed, uint8_t *reasons,
                                   uint32_t *positions) {
    (k == MIXED ? simdinet_explain_mixed_column : SELECT(k, explain, column))(
        bytes, offsets, n, validity, parsed, reasons, positions);
}

static inline void explain_offsets64(kind k, const char *bytes, const int64_t *offsets, size_t n,
                                     const uint8_t *validity, const uint8_t *parsed,
                                     uint8_t *reasons, uint32_t *positions) {
    (k == MIXED ? simdinet_explain_mixed_column64 : SELECT(k, explain, column64))(
        bytes, offsets, n, validity, parsed, reasons, positions);
}

/* Rows for the format functions. A NULL validity: none is null. */
typedef struct address_range {
    const uint8_t *addresses, *families, *validity;
    size_t n;
} address_range;

static inline size_t format_lines(kind k, address_range from, char separator, char *text,
                                  size_t size, size_t *len) {
    if (k == MIXED)
        return simdinet_format_mixed_lines(from.addresses, from.families, from.n, separator, text,
                                           size, len);
    return SELECT(k, format, lines)(from.addresses, from.n, separator, text, size, len);
}

static inline size_t format_column(kind k, address_range from, char *text, size_t size,
                                   int32_t *offsets) {
    if (k == MIXED)
        return simdinet_format_mixed_column(from.addresses, from.families, from.validity, from.n,
                                            text, size, offsets);
    return SELECT(k, format, column)(from.addresses, from.validity, from.n, text, size, offsets);
}

#undef SELECT

#endif
