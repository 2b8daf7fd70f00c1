/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * input.h - the inputs of a subcommand, through the scanner, to what the subcommand does with them.
 */
#ifndef SIMDINET_INPUT_H
#define SIMDINET_INPUT_H

#include "options.h"
#include "output.h"
#include "source.h"

#include <stdatomic.h>

/*
 * What is seen of an input at one moment: some of its text, and the addresses that were found since
 * the last look. Bytes behind the text, READ_AHEAD of them, can be read but mean nothing.
 */
typedef struct {
    const char *text;
    size_t len;
    size_t judged; /* every address that begins before this offset is known by now */
    uint64_t base; /* the place of text[0] in the input */
    const simdinet_match *matches;
    size_t count;
    bool last;    /* nothing follows: the input ends here */
    bool damaged; /* something followed, and cannot be read */
} window;

enum { READ_AHEAD = 64 };

typedef enum { GO_ON, ENOUGH, FAILED } take_verdict;

/* How many newlines stand before a place in the input; moved on lazily. */
typedef struct {
    uint64_t place;
    uint64_t newlines;
} line_counter;

typedef struct worker worker;

/* What a subcommand does with its input. Each function gets the worker that calls it. */
typedef struct {
    /* Lines belong to the piece of an input in which they begin, and are held until they are
     * complete. Otherwise addresses are what belongs to a piece. */
    bool whole_lines;

    /* Nothing is printed before all inputs are through. */
    bool prints_last;

    /* Makes and frees what the subcommand wants a worker to have of its own; either may be NULL. */
    bool (*open)(worker *self);
    void (*close)(worker *self);

    /* A piece of an input, or all of it, begins; may be NULL. */
    void (*begin)(worker *self);

    /*
     * Takes what is in view. Stores to *keep the offset from which on it wants to see the text
     * again; len as it comes in. ENOUGH: the rest of this piece does not matter.
     */
    take_verdict (*take)(worker *self, const window *view, size_t *keep);

    /* An input is through, selected things were found in it; may be NULL. False: it could not be said,
     * and why was. */
    bool (*input_done)(output *out, const char *name, void *state, uint64_t selected);
} match_sink;

/* What is the same for all workers. */
typedef struct {
    const options *given;
    const match_sink *sink;
    void *state;        /* the subcommand's own */
    bool count_lines;   /* for --stats */
    const char *label;  /* of the input at work */
    atomic_bool stop;   /* nothing more needs to be done at all */
    atomic_bool failed; /* something was complained about that no input is to blame for */
} scan_job;

/* One thread's way from bytes to output. */
struct worker {
    scan_job *job;
    void *own; /* what sink.open made */
    output out;
    char *buffer;
    size_t room;
    simdinet_match *matches;

    /* The piece at work: the things that begin in [begin, end) are ours. */
    uint64_t begin, end;
    bool first; /* nothing of the input stands before it */
    line_counter lines;
    uint64_t selected; /* addresses or lines that were asked for, in this piece */

    uint64_t bytes, newlines; /* for --stats; without them newlines stay 0 */
    uint64_t addresses;
    const char *reason; /* why this piece could not be read to its end, or NULL */
    int error;          /* errno then, or 0 */
};

typedef struct {
    uint64_t bytes, lines, addresses, selected;
    double seconds;
    bool trouble; /* an input could not be read, or nothing can be written */
} totals;

/* Walks through all inputs that were named. Complains about what does not succeed and goes on. */
totals walk_inputs(const options *given, const match_sink *sink, void *state);

/* Prints the figures to stderr as --stats has them, with distinct when it is not NULL. */
void print_stats(const totals *sums, const uint64_t *distinct);

/* ---- between input.c and crew.c --------------------------------------------------------------- */

/* output_size 0: the output's buffer comes from elsewhere. worker_close follows in any case. */
bool worker_open(worker *self, scan_job *job, size_t output_size);
void worker_close(worker *self);

/* Makes the worker ready for a piece, and gives back what a long line took, after one. */
void worker_begin(worker *self, uint64_t begin, uint64_t end, bool first);
void worker_shrink(worker *self);

/* What a worker found in its piece. */
totals worker_found(const worker *self);

/* Adds the figures, and neither seconds nor trouble. */
void totals_add(totals *sums, const totals *more);

/* Walks through the piece [self->begin, self->end) of the source; false: it failed or shall stop. */
bool walk_piece(worker *self, source *from, bool in_place);

/*
 * Walks through a large file with several threads and adds what they find. False: it could not be
 * read to its end for *reason, or, where that stays as it was, the walk failed or shall stop.
 */
bool walk_file_in_pieces(scan_job *job, source *from, totals *sums, const char **reason);

/* Is a file worth several threads? */
bool worth_threads(const scan_job *job, const source *from);

/* ---- lines.c ---------------------------------------------------------------------------------- */

uint64_t count_newlines(const char *text, size_t len);

/* Moves the counter on to an offset in view, and returns the number of the line there, from 1. */
uint64_t line_at(line_counter *lines, const window *view, size_t offset);

#endif
