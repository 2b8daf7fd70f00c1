/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * input.c - bytes through the scanner, in a buffer of fixed size that slides along the input.
 */
#include "input.h"

#include "cli.h"
#include "crew.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * BUFFER_SIZE: large enough that system calls do not count, small enough for the second-level cache.
 * OVERLAP: what a scan must see behind a piece to judge all addresses that begin in it.
 * LINE_STEP: how much more is read at once for a line that does not end with its piece.
 */
enum {
    BUFFER_SIZE = BUFFER_SIZED(256 * 1024, 512),
    OUTPUT_SIZE = BUFFER_SIZED(64 * 1024, OUTPUT_ROOM_MOST),
    BATCH = BUFFER_SIZED(1024, 4),
    OVERLAP = 2 * SIMDINET_SCAN_CONTEXT,
    LINE_STEP = BUFFER_SIZED(16 * 1024, 32)
};

/* A buffer that holds a whole line grows up to this size, 1 GiB and what is read behind it. */
static const size_t buffer_most = ((size_t)1 << 30) + BUFFER_SIZE;

bool worker_open(worker *self, scan_job *job, size_t output_size) {
    *self = (worker){.job = job, .room = BUFFER_SIZE};
    self->buffer = malloc(BUFFER_SIZE + READ_AHEAD);
    self->matches = malloc(BATCH * sizeof *self->matches);
    bool each_line = job->given->line_buffered || isatty(STDOUT_FILENO);
    bool good = self->buffer && self->matches;
    if (output_size > 0)
        good = output_open(&self->out, output_size, each_line) && good;
    return good && (!job->sink->open || job->sink->open(self));
}

void worker_close(worker *self) {
    if (self->job->sink->close)
        self->job->sink->close(self);
    output_close(&self->out);
    free(self->buffer);
    free(self->matches);
}

/* Puts the buffer at another size; what is in it stays. */
static bool resize(worker *self, size_t room) {
    char *buffer = realloc(self->buffer, room + READ_AHEAD);
    if (!buffer)
        return false;
    self->buffer = buffer;
    self->room = room;
    return true;
}

void worker_begin(worker *self, uint64_t begin, uint64_t end, bool first) {
    self->begin = begin;
    self->first = first;
    self->end = end;
    self->lines = (line_counter){.place = begin};
    self->selected = self->bytes = self->newlines = self->addresses = 0;
    self->reason = NULL;
    self->error = 0;
}

void worker_shrink(worker *self) {
    if (self->room > BUFFER_SIZE)
        resize(self, BUFFER_SIZE);
}

/* Makes the buffer twice as large, for a line that has not ended yet. */
static bool grow(worker *self) {
    size_t room = 2 * self->room < buffer_most ? 2 * self->room : buffer_most;
    if (self->room == buffer_most) {
        self->reason = "a line is longer than 1 GiB";
        return false;
    }
    /* Of all threads only the one whose turn it is may hold more than its share. */
    if (self->out.crew && !crew_await_turn(self->out.crew, self->out.ticket))
        return false;
    if (!resize(self, room)) {
        self->reason = "out of memory for a long line";
        return false;
    }
    return true;
}

static size_t without_versions(simdinet_match *matches, size_t count) {
    size_t kept = 0;
    while (kept < count && !(matches[kept].flags & SIMDINET_MATCH_VERSION))
        kept++;
    for (size_t i = kept; i < count; i++)
        if (!(matches[i].flags & SIMDINET_MATCH_VERSION))
            matches[kept++] = matches[i];
    return kept;
}

/* Where a walk stands: buffer[start, have) is still to be judged. */
typedef struct {
    uint64_t base;
    size_t start, have;
    size_t keep; /* the sink wants to see the text from here on again */
    bool ended, damaged;
} walk;

/* How many of the matches belong to this piece, and not to the next one. */
static size_t within_piece(const worker *self, const walk *at, size_t count) {
    while (count > 0 && at->base + self->matches[count - 1].offset >= self->end)
        count--;
    return count;
}

/* Scans as far as it can be judged, and shows the sink what is found. */
static take_verdict judge(worker *self, walk *at) {
    const match_sink *sink = self->job->sink;
    unsigned flags = self->job->given->families | (at->ended ? 0 : SIMDINET_SCAN_PARTIAL);
    for (;;) {
        size_t found = 0;
        if (!at->damaged)
            at->start = simdinet_scan(self->buffer, at->start, at->have, flags, self->matches,
                                      sizeof(simdinet_match), BATCH, &found);
        size_t count = found;
        if (!self->job->given->versions)
            count = without_versions(self->matches, count);
        size_t ours = within_piece(self, at, count);
        bool beyond = !sink->whole_lines && at->base + at->start >= self->end;
        if (beyond)
            count = ours;
        self->addresses += ours;
        window view = {.text = self->buffer,
                       .len = at->have,
                       .judged = at->start,
                       .base = at->base,
                       .matches = self->matches,
                       .count = count,
                       .last = at->ended && found < BATCH,
                       .damaged = at->damaged};
        at->keep = at->have;
        take_verdict verdict = sink->take(self, &view, &at->keep);
        if (verdict != GO_ON || found < BATCH || beyond)
            return verdict == GO_ON && beyond ? ENOUGH : verdict;
    }
}

/* Lets go of what nobody needs to see again, and makes sure that there is room. */
static bool slide(worker *self, walk *at) {
    size_t drop = at->start > SIMDINET_SCAN_CONTEXT ? at->start - SIMDINET_SCAN_CONTEXT : 0;
    if (drop > at->keep)
        drop = at->keep;
    if (at->have <= self->room / 2)
        return true;
    if (drop > 0)
        memmove(self->buffer, self->buffer + drop, at->have - drop);
    at->base += drop;
    at->start -= drop;
    at->have -= drop;
    return at->have <= self->room / 2 || grow(self);
}

/* How much to read next: nothing that lies further behind the piece than it must be seen. */
static size_t next_step(const worker *self, const walk *at) {
    size_t room = self->room - at->have;
    uint64_t place = at->base + at->have;
    if (self->end > UINT64_MAX - OVERLAP)
        return room;
    uint64_t step = place < self->end + OVERLAP ? self->end + OVERLAP - place : LINE_STEP;
    return step < room ? (size_t)step : room;
}

static void count_figures(worker *self, const walk *at, size_t got) {
    uint64_t place = at->base + at->have - got;
    const char *text = self->buffer + at->have - got;
    if (place < self->begin) {
        size_t before = self->begin - place < got ? (size_t)(self->begin - place) : got;
        place += before;
        text += before;
        got -= before;
    }
    if (place + got > self->end)
        got = place < self->end ? (size_t)(self->end - place) : 0;
    self->bytes += got;
    if (self->job->count_lines)
        self->newlines += count_newlines(text, got);
}

bool walk_piece(worker *self, source *from, bool in_place) {
    walk at = {.base = self->begin};
    if (in_place) {
        uint64_t left = self->begin - from->begin;
        at.start = left < SIMDINET_SCAN_CONTEXT ? (size_t)left : SIMDINET_SCAN_CONTEXT;
        at.base -= at.start;
    }
    if (self->job->sink->begin)
        self->job->sink->begin(self);
    for (;;) {
        if (self->out.used > 0 && !source_ready(from) && !output_flush(&self->out))
            return false;
        char *to = self->buffer + at.have;
        ssize_t got = in_place ? source_read_at(from, at.base + at.have, to, next_step(self, &at))
                               : source_read(from, to, self->room - at.have);
        if (got > 0) {
            if (in_place)
                progress_add((size_t)got);
            at.have += (size_t)got;
            count_figures(self, &at, (size_t)got);
        }
        at.damaged = got < 0;
        at.ended = got == 0;
        if (got < 0) {
            self->error = errno;
            self->reason = from->reason;
        }
        if (at.have < at.start) {
            if (got > 0)
                continue;
            return got == 0; /* the file was cut short meanwhile */
        }
        take_verdict verdict = judge(self, &at);
        if (verdict == FAILED || at.damaged)
            return false;
        if (at.ended && self->end == UINT64_MAX && self->job->count_lines && at.have > 0)
            self->newlines += self->buffer[at.have - 1] != '\n';
        if (at.ended || verdict == ENOUGH)
            return true;
        if (atomic_load_explicit(&self->job->stop, memory_order_relaxed) || !slide(self, &at))
            return false;
    }
}

totals worker_found(const worker *self) {
    return (totals){.bytes = self->bytes,
                    .lines = self->newlines,
                    .addresses = self->addresses,
                    .selected = self->selected};
}

void totals_add(totals *sums, const totals *more) {
    sums->bytes += more->bytes;
    sums->lines += more->lines;
    sums->addresses += more->addresses;
    sums->selected += more->selected;
}

static bool walk_in_one(worker *self, source *from, totals *sums, const char **reason) {
    worker_begin(self, from->begin, UINT64_MAX, true);
    bool good = walk_piece(self, from, false);
    if (!good)
        *reason = self->reason ? self->reason : self->error ? strerror(self->error) : NULL;
    worker_shrink(self);
    const totals found = worker_found(self);
    totals_add(sums, &found);
    return good;
}

/* Walks through one input; says in sums what was found, and complains where it must. */
static void walk_input(worker *self, const char *name, totals *sums) {
    scan_job *job = self->job;
    source from;
    const char *reason = NULL;
    uint64_t before = sums->selected;
    job->label = source_label(name);
    if (!source_open(&from, name)) {
        output_flush(&self->out);
        complain("%s: %s", job->label, from.reason);
        sums->trouble = true;
        return;
    }
    errno = 0;
    bool good = worth_threads(job, &from)
                    ? output_flush(&self->out) && walk_file_in_pieces(job, &from, sums, &reason)
                    : walk_in_one(self, &from, sums, &reason);
    progress_clear();
    if (!self->out.failed && job->sink->input_done &&
        !job->sink->input_done(&self->out, job->label, job->state, sums->selected - before))
        sums->trouble = true;
    if (reason) {
        output_flush(&self->out);
        complain("%s: %s", job->label, reason);
        sums->trouble = true;
    } else if (!good && !atomic_exchange(&job->stop, true)) {
        /* Nobody wanted the walk to end: it could not go on, and has said why. */
        sums->trouble = true;
    }
    source_close(&from);
}

totals walk_inputs(const options *given, const match_sink *sink, void *state) {
    scan_job job = {.given = given, .sink = sink, .state = state, .count_lines = given->stats};
    totals sums = {0};
    worker self;
    double begin = seconds_now();
    if (!given->quiet)
        progress_enable(sink->prints_last || (given->count_lines && given->files == 1));
    if (worker_open(&self, &job, OUTPUT_SIZE)) {
        for (int i = 0; i < given->files && !atomic_load(&job.stop); i++)
            walk_input(&self, given->names_of_files[i], &sums);
        sums.trouble |= !output_flush(&self.out);
    } else {
        complain_memory();
        sums.trouble = true;
    }
    worker_close(&self);
    sums.trouble |= atomic_load(&job.failed);
    progress_clear();
    sums.seconds = seconds_now() - begin;
    return sums;
}

void print_stats(const totals *sums, const uint64_t *distinct) {
    double seconds = sums->seconds > 0 ? sums->seconds : 1e-9;
    fprintf(stderr, "%llu lines, %llu bytes, %llu addresses", (unsigned long long)sums->lines,
            (unsigned long long)sums->bytes, (unsigned long long)sums->addresses);
    if (distinct)
        fprintf(stderr, ", %llu distinct", (unsigned long long)*distinct);
    fprintf(stderr, "; %.3f s, %.2f GB/s\n", seconds, (double)sums->bytes / seconds / 1e9);
}
