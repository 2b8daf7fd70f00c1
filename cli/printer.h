/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * printer.h - how matches and lines are printed: prefixes, colours, JSON.
 */
#ifndef SIMDINET_PRINTER_H
#define SIMDINET_PRINTER_H

#include "address_parts.h"
#include "label_source.h"
#include "scan_range.h"

/* What the options say about the output. */
typedef struct {
    bool file_names;
    bool color;
    bool canonical;
    bool defang; /* the canonical form with "[.]" and "[:]" */
    bool byte_offset;
    bool json;
    bool null;                  /* NUL instead of newline */
    unsigned parts;             /* PART_*, of extract */
    const label_source *labels; /* NULL: none */
    bool label_last;            /* of extract: after the address, without the network */
} print_config;

typedef struct {
    const print_config *config;
    const scan_config *scan;
    bool bare;          /* a match is printed as its text and a newline */
    const char *prefix; /* of each record: the file name in its final form. NULL: none */
    size_t prefix_len;
    const char *label; /* of the input that prefix belongs to */
    char *buffer;
    uint64_t parts_end; /* offset past what is printed as the end of a range or a netmask */
    bool range_begins;  /* parts_end does not consider the matches before the range */
} printer;

void printer_open(printer *p, const print_config *config, const scan_config *scan);
void printer_close(printer *p);

/* Prepares for an input; cheap for the current one. False: out of memory. */
bool printer_begin(printer *p, const char *label);

/* Prints matches of a view, one record each. False: a write failed. */
bool print_matches(printer *p, range_scanner *scanner, const buffer_view *view,
                   const simdinet_match *matches, size_t count);

/* Prints the file name, if configured. */
bool print_prefix(const printer *p, output *out);

/* Prints what precedes a line: the file name, the line number and the byte offset, if configured. */
bool print_line_prefix(const printer *p, range_scanner *scanner, const buffer_view *view,
                       size_t offset);

/* Prints a file name or a number, and the separator after it. */
bool print_field(const printer *p, output *out, bool name, const char *text, size_t len,
                 char separator);

/* Prints the line between two groups of lines. */
bool print_group_separator(const printer *p, output *out);

/* Prints the network of a match, its label, and a tab after each, if configured. NULL: only the tabs. */
bool print_label(const printer *p, output *out, const simdinet_match *match);

/* Prints the same as two members of an object after others. */
bool print_json_label(const printer *p, output *out, const simdinet_match *match);

/* Prints text in the colour of matches. */
bool print_colored(output *out, const char *text, size_t len);

#endif
