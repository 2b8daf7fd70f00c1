/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * count_printer.h - prints counts of addresses or labels as text, JSON, CSV or TSV.
 */
#ifndef SIMDINET_COUNT_PRINTER_H
#define SIMDINET_COUNT_PRINTER_H

#include "address_counter.h"
#include "label_counter.h"
#include "output.h"

typedef enum { COUNT_TEXT, COUNT_JSON, COUNT_CSV, COUNT_TSV } count_format;

typedef struct {
    count_format format;
    bool percent, total, labels;
    uint64_t min;                      /* the smallest count to print */
    unsigned ipv4_prefix, ipv6_prefix; /* 32 and 128: whole addresses */
    unsigned bar_columns;              /* of the terminal; 0: no bars */
} count_print_config;

/* Prints the line with the names of the columns of CSV and TSV. False: a write failed. */
bool print_count_header(output *out, const count_print_config *config, bool file_names);

/* n counts, of addresses or, with config->labels, of labels; the other member is NULL. */
typedef struct {
    const address_count *addresses;
    const label_count *labels;
    size_t n;
    uint64_t sum, distinct; /* of all counts, printed or not */
} count_rows;

/*
 * Prints counts. label: the file that all lines start with, or NULL. False: a write failed, or out of memory,
 * which is logged.
 */
bool print_counts(output *out, const count_print_config *config, const char *label,
                  const count_rows *rows);

#endif
