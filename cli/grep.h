/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * grep.h - between grep.c, which knows the options, and grep_lines.c, which finds the lines.
 */
#ifndef SIMDINET_GREP_H
#define SIMDINET_GREP_H

#include "record.h"

/*
 * Where a worker stands among the lines of its piece. Places count from the start of the input.
 * Lines that begin before settled are done with; the line at work begins at line, and no newline
 * stands in [line, seen).
 */
typedef struct {
    record_style style;
    uint64_t settled;
    uint64_t line; /* NO_LINE: the piece began within a line of the piece before */
    uint64_t seen;
    bool hit; /* the line at work holds an address that was asked for */
} grep_state;

#define NO_LINE UINT64_MAX

/* Puts the state at the start of the worker's piece. */
void grep_lines_begin(worker *self);

/* sink.take for whole lines. */
take_verdict grep_lines_take(worker *self, const window *view, size_t *keep);

/* Is the address in one of the networks? */
bool grep_wants(const worker *self, const simdinet_match *match);

#endif
