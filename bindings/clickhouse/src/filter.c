/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * filter.c - simdinet-clickhouse: the executable functions of ClickHouse, on standard input and output.
 *
 *     simdinet-clickhouse extract                  a String to an Array(String): the addresses in it
 *     simdinet-clickhouse anonymize [L4 [L6]]      a String to a String: each address truncated to so many bits
 *
 * rows.h describes the format. After a chunk its results are written. The end of the input between two chunks ends the
 * program. Memory: the longest text and the results of one call of write; between two chunks, 1 MiB a buffer.
 */
#include "rows.h"
#include "scan_texts.h"
#include "truncate_text.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- extract --------------------------------------------------------------------------------------- */

typedef struct extractor {
    byte_buffer *out;
    byte_buffer items; /* of the row under way */
    uint64_t n_items;
    size_t row; /* the one under way */
    text_scanner scanner;
} extractor;

static bool finish_row(extractor *e) {
    const bool done =
        buffer_put_varint(e->out, e->n_items) && buffer_put(e->out, e->items.bytes, e->items.len);
    e->items.len = 0;
    e->n_items = 0;
    e->row++;
    return done;
}

static bool finish_rows(extractor *e, size_t row) {
    while (e->row < row)
        if (!finish_row(e))
            return false;
    return true;
}

static bool add_item(void *context, size_t row, const char *text, const simdinet_match *match,
                     size_t offset) {
    extractor *e = context;
    (void)offset;
    e->n_items += e->row == row;
    if (e->row != row) {
        if (!finish_rows(e, row))
            return false;
        e->n_items = 1;
    }
    return buffer_put_varint(&e->items, match->length) &&
           buffer_put(&e->items, text + match->offset, match->length);
}

static bool extract_chunk(row_reader *reader, byte_buffer *out, uint64_t n, void *context) {
    extractor *e = context;
    const char *text;
    size_t len;
    e->out = out;
    e->row = 0;
    text_scanner_init(&e->scanner, SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6, add_item, e);
    for (uint64_t i = 0; i < n; i++)
        if (!read_row(reader, &text, &len) ||
            !text_scanner_add(&e->scanner, (size_t)i, text, len) || !buffer_flush_large(out))
            return false;
    const bool done = text_scanner_flush(&e->scanner) && finish_rows(e, (size_t)n);
    buffer_trim(&e->items);
    return done;
}

/* ---- anonymize -------------------------------------------------------------------------------------- */

typedef struct anonymizer {
    truncation truncated;
    byte_buffer text;
} anonymizer;

static bool add_text(void *context, const char *text, size_t len) {
    return buffer_put(context, text, len);
}

static bool anonymize_chunk(row_reader *reader, byte_buffer *out, uint64_t n, void *context) {
    anonymizer *a = context;
    const char *text;
    size_t len;
    for (uint64_t i = 0; i < n; i++) {
        a->text.len = 0;
        if (!read_row(reader, &text, &len) ||
            !truncate_text(&a->truncated, text, len, add_text, &a->text) ||
            !buffer_put_varint(out, a->text.len) || !buffer_put(out, a->text.bytes, a->text.len) ||
            !buffer_flush_large(out))
            return false;
    }
    a->text.len = 0;
    buffer_trim(&a->text);
    return true;
}

/* ---- arguments ---------------------------------------------------------------------------------------- */

static int usage(void) {
    fputs("usage: simdinet-clickhouse extract\n"
          "       simdinet-clickhouse anonymize [L4 [L6]]\n"
          "An executable function of ClickHouse: RowBinaryWithNamesAndTypes with send_chunk_header "
          "on\n"
          "standard input and output. See simdinet_function.xml.\n",
          stderr);
    return 2;
}

/* A prefix length up to max. */
static bool read_length(const char *text, unsigned max, unsigned *length) {
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value > max)
        return false;
    *length = (unsigned)value;
    return true;
}

int main(int argc, char **argv) {
    int status = 2;
    if (argc == 2 && strcmp(argv[1], "extract") == 0) {
        extractor *e = calloc(1, sizeof *e);
        status = e == NULL ? report_out_of_memory()
                           : run_filter("addresses", "Array(String)", extract_chunk, e);
        if (e != NULL)
            free(e->items.bytes);
        free(e);
    } else if (argc >= 2 && argc <= 4 && strcmp(argv[1], "anonymize") == 0) {
        unsigned ipv4 = 24, ipv6 = 48;
        if ((argc > 2 && !read_length(argv[2], 32, &ipv4)) ||
            (argc > 3 && !read_length(argv[3], 128, &ipv6)))
            return usage();
        anonymizer a = {.truncated = truncation_of(ipv4, ipv6)};
        status = run_filter("text", "String", anonymize_chunk, &a);
        free(a.text.bytes);
    } else {
        return usage();
    }
    return status;
}
