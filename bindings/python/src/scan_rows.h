/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* scan_rows.h - the addresses in each of many texts.
 *
 * A call of simdinet_scan per text costs several times what the bytes of a line cost. Texts are therefore copied into a
 * buffer, with a line feed after each, and scanned together. No rule of docs/scan.md reads past a line feed, and the
 * ends of a text count as line ends, so the result is that of separate scans. */
#ifndef SIMDINET_SCAN_ROWS_H
#define SIMDINET_SCAN_ROWS_H

#include "gather.h"
#include "matches.h"

/* Stores n matches of a text. The offset of match i in its row is matches[i].offset - row_starts[i]. Returns false to
 * stop. Needs no GIL. */
typedef bool (*match_function)(void *context, const char *text, const simdinet_match *matches,
                               const size_t *row_starts, size_t n);

typedef struct row_scan {
    unsigned flags;
    bool versions; /* keep matches that look like version numbers */
    match_function function;
    void *context;
    int32_t *list_offsets; /* of n + 1 for n texts; all but the first are written */
    uint8_t *validity;     /* a bitmap of zeros; set to 1 for texts that are not null */
    size_t n_matches;
    bool too_many;              /* more matches than offsets count */
    struct scan_buffer *buffer; /* of scan_buffer_new */
} row_scan;

/* NULL if there is no memory; freed with free. */
struct scan_buffer *scan_buffer_new(void);

/* A block_function; context is a row_scan. */
bool scan_row_block(void *context, size_t start, const block *b);

/* A converter of PyArg_ParseTuple: an int of 0 to 2147483647. */
int convert_scan_flags(PyObject *object, void *to);

/* Options of a scan of the rows of a column. */
typedef struct scan_options {
    const column_type *type; /* of the result */
    unsigned flags;
    bool versions;
} scan_options;

/* Fills out, a list column, whose items are made of the matches. Returns 0, or -1 with an exception. */
int scan_rows_into(const chunk *c, const scan_options *options, match_function function,
                   void *context, column *out);

#endif
