/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * record.h - how an address or a line is printed: what stands before it, its colours, JSON.
 */
#ifndef SIMDINET_RECORD_H
#define SIMDINET_RECORD_H

#include "input.h"

typedef struct {
    const options *given;
    bool names, color;
    bool bare; /* an address as it is written and a newline, nothing else */
    const char
        *name; /* of the input, as it is printed, with what delimits it; NULL: not made yet */
    size_t name_len;
    const char *label; /* the input that name was made of */
    char *buffer;      /* what name points into */
} record_style;

void record_open(record_style *style, const options *given);
void record_close(record_style *style);

/* Makes the style ready for an input. False: no memory. */
bool record_begin(record_style *style, const char *label);

/* Prints addresses of a view, one a line. False: the output failed. */
bool record_addresses(record_style *style, worker *self, const window *view,
                      const simdinet_match *matches, size_t count);

/* Prints what stands before a line: the name and the number, where they are asked for. */
bool record_line_head(record_style *style, worker *self, const window *view, size_t offset);

/* Colours that come on and go off; "" where there are none. */
const char *record_mark(const record_style *style);
const char *record_plain(const record_style *style);

#endif
