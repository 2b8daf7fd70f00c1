/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* scan_rows.c - the addresses in each of many texts. */
#include "scan_rows.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that are scanned together; they stay in a cache of the second level. Longer texts are not copied. */
#define BUFFER_SIZE 65536
#define MAX_COPIED  (BUFFER_SIZE / 8)

typedef struct scan_buffer {
    size_t used;
    size_t first_row; /* the index of the first text, among all of the chunk */
    size_t n_rows;
    size_t starts[BLOCK_SIZE + 1]; /* of the texts, and where the next one starts */
    char bytes[BUFFER_SIZE];
} scan_buffer;

struct scan_buffer *scan_buffer_new(void) {
    scan_buffer *buffer = malloc(sizeof *buffer);
    if (buffer != NULL)
        buffer->used = buffer->n_rows = buffer->first_row = buffer->starts[0] = 0;
    return buffer;
}

/* Passes matches on, without those of versions, and counts those of each row. starts[row] is where a row starts,
 * starts[n_rows] past every match. Advances *row to the row of the last match. */
static bool pass_matches(row_scan *s, const char *text, simdinet_match *matches, size_t n,
                         const size_t *starts, size_t *row) {
    size_t row_starts[MATCH_BATCH];
    int32_t *list_offsets = s->list_offsets + s->buffer->first_row;
    size_t at = *row;
    if (!s->versions)
        n = drop_versions(matches, n);
    if (n > INT32_MAX - s->n_matches) {
        s->too_many = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        while (matches[i].offset >= starts[at + 1])
            list_offsets[++at] = (int32_t)(s->n_matches + i);
        row_starts[i] = starts[at];
    }
    *row = at;
    s->n_matches += n;
    return s->function(s->context, text, matches, row_starts, n);
}

/* Scans n_rows rows of a text. */
static bool scan_rows(row_scan *s, const char *text, size_t len, const size_t *starts,
                      size_t n_rows) {
    simdinet_match matches[MATCH_BATCH];
    size_t at = 0, row = 0, n;
    do {
        at = simdinet_scan(text, at, len, s->flags, matches, sizeof *matches, MATCH_BATCH, &n);
        if (!pass_matches(s, text, matches, n, starts, &row))
            return false;
    } while (n == MATCH_BATCH);
    int32_t *list_offsets = s->list_offsets + s->buffer->first_row;
    while (row < n_rows)
        list_offsets[++row] = (int32_t)s->n_matches;
    s->buffer->first_row += n_rows;
    return true;
}

static bool flush(row_scan *s) {
    scan_buffer *buffer = s->buffer;
    bool done = scan_rows(s, buffer->bytes, buffer->used, buffer->starts, buffer->n_rows);
    buffer->used = buffer->n_rows = 0;
    return done;
}

bool scan_row_block(void *context, size_t start, const block *b) {
    row_scan *s = context;
    scan_buffer *buffer = s->buffer;
    for (size_t i = 0; i < b->n; i++) {
        size_t len = b->lengths[i];
        if (b->texts[i] == NULL)
            len = 0;
        else
            set_bit(s->validity, start + i);
        if (len > MAX_COPIED) {
            const size_t starts[2] = {0, len + 1};
            if (!flush(s) || !scan_rows(s, b->texts[i], len, starts, 1))
                return false;
            continue;
        }
        if (BUFFER_SIZE - buffer->used <= len && !flush(s))
            return false;
        if (len > 0)
            memcpy(buffer->bytes + buffer->used, b->texts[i], len);
        buffer->bytes[buffer->used + len] = '\n';
        buffer->used += len + 1;
        buffer->starts[++buffer->n_rows] = buffer->used;
    }
    return flush(s);
}

int scan_rows_into(const chunk *c, const scan_options *options, match_function function,
                   void *context, column *out) {
    row_scan scan = {.flags = options->flags,
                     .versions = options->versions,
                     .function = function,
                     .context = context,
                     .buffer = scan_buffer_new()};
    int failed = -1;
    if (scan.buffer == NULL || !column_allocate(out, 0, bitmap_size(c->n)) ||
        !column_allocate(out, 1, (c->n + 1) * sizeof(int32_t))) {
        PyErr_NoMemory();
    } else {
        scan.validity = memset(out->buffers[0], 0, bitmap_size(c->n));
        scan.list_offsets = out->buffers[1];
        scan.list_offsets[0] = 0;
        failed = for_each_block(c, scan_row_block, &scan);
        if (failed == 0)
            column_set_valid(out, count_bits(scan.validity, c->n));
        else if (scan.too_many)
            PyErr_SetString(PyExc_ValueError, "a chunk has more than 2147483647 addresses");
    }
    free(scan.buffer);
    return failed;
}
