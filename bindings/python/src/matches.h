/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* matches.h - matches of a scan that grow into a struct column. */
#ifndef SIMDINET_MATCHES_H
#define SIMDINET_MATCHES_H

#include "column.h"
#include "simdinet.h"

typedef struct match_builder {
    column *col; /* of type_match; its length is what is stored */
    size_t capacity;
    bool versions; /* keep matches that look like version numbers */
} match_builder;

/* Appends the addresses of a text. base is added to the offsets. With SIMDINET_SCAN_PARTIAL *consumed, which
 * may be NULL, is what simdinet_scan returned at the end. Returns false if there is no memory. Needs no GIL. */
bool scan_into(match_builder *builder, const char *text, size_t start, size_t len, uint64_t base,
               unsigned flags, size_t *consumed);

#endif
