/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* matches.h - matches of a scan that grow into a struct column. */
#ifndef SIMDINET_MATCHES_H
#define SIMDINET_MATCHES_H

#include "simdinet.h"
#include "text_builder.h"

/* Matches of one call of simdinet_scan. The library searches whole chunks of text if there are as many. */
#define MATCH_BATCH 512

typedef struct match_builder {
    column *col; /* of type_match; its length is what is stored */
    size_t capacity;
    text_builder
        addresses; /* of 4 or 16 bytes; a field of col. Its too_long tells why builder_append failed */
} match_builder;

/* Makes the column, with memory for as many matches. false if there is no memory. */
bool builder_open(match_builder *builder, size_t capacity);
/* Gives back memory that is not used. */
void builder_shrink(match_builder *builder);

/* Appends n matches, with row_starts[i] subtracted from their offsets, or with base added if row_starts is NULL.
 * false if there is no memory, or if the addresses exceed 2 GiB. */
bool builder_append(match_builder *builder, const simdinet_match *matches, const size_t *row_starts,
                    uint64_t base, size_t n);

/* Removes matches that look like version numbers. Returns how many are left. */
size_t drop_versions(simdinet_match *matches, size_t n);

/* Appends the addresses of a text; those that look like version numbers only with versions. base is added to the
 * offsets. With SIMDINET_SCAN_PARTIAL *consumed, which may be NULL, is what simdinet_scan returned at the end.
 * false as builder_append. Needs no GIL. */
bool scan_into(match_builder *builder, const char *text, size_t start, size_t len, uint64_t base,
               unsigned flags, bool versions, size_t *consumed);

#endif
