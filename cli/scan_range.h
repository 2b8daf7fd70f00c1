/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_range.h - scans a range of an input through a buffer, and passes the matches to a subcommand.
 */
#ifndef SIMDINET_SCAN_RANGE_H
#define SIMDINET_SCAN_RANGE_H

#include "input.h"
#include "output.h"
#include "simdinet.h"
#include "walk.h"

#include <stdatomic.h>

/* What the options say about packet captures. Both or none of the two addresses: both. */
typedef struct {
    bool inner; /* the IP headers in tunnels as well */
    bool source_only, destination_only;
    bool given; /* any of these options was given */
} packet_config;

/* What the options say about the scan. */
typedef struct {
    unsigned families;   /* SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6; 0: both */
    unsigned flags;      /* more SIMDINET_SCAN_* */
    unsigned left_out;   /* SIMDINET_MATCH_* that exclude a match */
    bool rejected;       /* report the matches that are left out, and no others */
    bool line_number;    /* the sink calls line_number_at */
    bool line_buffered;  /* flush after each line; one thread */
    bool one_thread;     /* the sink needs the matches in input order */
    bool stats;          /* count newlines */
    unsigned look_ahead; /* bytes of its line that a view has past each match */
    unsigned threads;
    packet_config packets;
    walk_config walk; /* of directories */
} scan_config;

/*
 * The buffered text of an input, and the matches found in it since the last call. VIEW_READ_AHEAD bytes
 * past the text can be read; their values are unspecified.
 */
typedef struct {
    const char *text;
    size_t len;
    size_t scanned; /* all matches that start before this offset were reported */
    size_t end;     /* the scan was of text[0, end), with these SIMDINET_SCAN_* */
    unsigned flags;
    uint64_t base; /* offset of text[0] in the input */
    const simdinet_match *matches;
    size_t count;
    bool last;    /* the input ends at len */
    bool damaged; /* a read past len failed */
    bool full; /* out of memory: *keep must be scanned or more. The matches were reported before */
} buffer_view;

enum { VIEW_READ_AHEAD = 64 };

typedef enum { SINK_CONTINUE, SINK_DONE, SINK_FAILED } sink_result;

typedef struct range_scanner range_scanner;

/* What a subcommand does with an input. Each thread has a scanner of its own. */
typedef struct {
    /* A line belongs to the range in which it starts, and stays buffered until it is complete. Without
     * it, a match belongs to the range in which it starts. */
    bool whole_lines;

    /* on_view uses only the addresses of the matches: of a packet capture it gets no text. */
    bool addresses_only;

    bool text_only; /* packet captures are refused */

    /* Allocates and frees scanner->own. May be NULL. close is called after a failed open as well. */
    bool (*open)(range_scanner *scanner);
    void (*close)(range_scanner *scanner);

    /* A range starts. May be NULL. */
    void (*begin)(range_scanner *scanner);

    /*
     * Handles a view. *keep is the smallest offset that the next view must still hold; it comes in as
     * len. SINK_DONE: skip the rest of the range. SINK_FAILED: logged, end the search.
     */
    sink_result (*on_view)(range_scanner *scanner, const buffer_view *view, size_t *keep);

    /* An input ends: passes on what the scanner holds. May be NULL. False: failed and logged. */
    bool (*flush)(range_scanner *scanner);

    /* An input ends, with this many selected matches or lines. May be NULL. False: failed and logged. */
    bool (*input_done)(output *out, const char *label, void *state, uint64_t selected);
} match_sink;

/* Shared by all threads. */
typedef struct {
    const scan_config *config;
    const match_sink *sink;
    void *state;        /* of the subcommand */
    const char *label;  /* of the current input */
    atomic_bool stop;   /* end the search */
    atomic_bool failed; /* an error that ends no input was logged */
} scan_job;

typedef struct {
    uint64_t bytes, newlines, matches, selected; /* newlines only with scan_config.stats */
} scan_counts;

/* A newline count that advances on demand. */
typedef struct {
    uint64_t offset, newlines; /* newlines in [0, offset) of the input */
} line_counter;

struct range_scanner {
    scan_job *job;
    void *own; /* of the sink */
    output out;
    char *buffer;
    size_t size;
    simdinet_match *matches;

    /* The current range is [begin, end) of the input; first: it is the first range. */
    uint64_t begin, end;
    bool first;
    line_counter lines;
    scan_counts counts; /* of the range. The sink adds to selected */
    const char *reason; /* why the range could not be read to its end, or NULL */
    int error;          /* or errno, or 0 */
};

/* output_size 0: out gets its buffer elsewhere. False: out of memory. scanner_close follows either way. */
bool scanner_open(range_scanner *scanner, scan_job *job, size_t output_size);
void scanner_close(range_scanner *scanner);

/* Resets the scanner for a range. end is UINT64_MAX for the last range of an input. */
void scanner_begin(range_scanner *scanner, uint64_t begin, uint64_t end, bool first);

/* Shrinks a buffer that grew for a long line. */
void scanner_shrink(range_scanner *scanner);

/*
 * Scans the range. in_place: reads at offsets, for threads that share the input. False: a read failed
 * (reason or error is set), the sink failed, or the job was stopped.
 */
bool scan_range(range_scanner *scanner, input *in, bool in_place);

/*
 * Finds the matches that start less than SIMDINET_SCAN_CONTEXT bytes before the range, and are reported in the one
 * before. view: the first of the range with matches. Returns their number, at most capacity.
 */
size_t find_matches_before(const range_scanner *scanner, const buffer_view *view,
                           simdinet_match *out, size_t capacity);

/* Whether a match is reported. */
static inline bool is_reported(const scan_config *config, const simdinet_match *match) {
    return ((match->flags & config->left_out) != 0) == config->rejected;
}

/* Adds b to a. */
void add_counts(scan_counts *a, const scan_counts *b);

/* The number of the line, from 1, that holds an offset of the view. Offsets must not decrease. */
uint64_t line_number_at(line_counter *lines, const buffer_view *view, size_t offset);

#endif
