/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * parse_column.h - a block of a column of text, for functions that use addresses at once.
 */
#ifndef SIMDINET_PARSE_COLUMN_H
#define SIMDINET_PARSE_COLUMN_H

#include "block.h"

typedef enum { OFFSETS32, OFFSETS64, STRIDED, POINTERS } column_layout;

typedef struct column_input {
    column_layout layout;
    const char *bytes;
    const int32_t *offsets32;
    const int64_t *offsets64;
    size_t stride, width;
    const char *const *texts;
    const size_t *lengths; /* NULL: NUL-terminated texts */
} column_input;

/*
 * Parses the values [first, first + count) of a column, count <= SIMDINET_BLOCK, as kernels do: stores
 * an address or zeros for each and returns a bit for each. Values whose bit in not_null is 0 may be
 * parsed, too.
 */
uint64_t simdinet_parse_column_block(const simdinet_implementation *impl, address_family family,
                                     const column_input *c, size_t first, size_t count,
                                     uint64_t not_null, uint8_t *out, uint64_t *families);

#endif
