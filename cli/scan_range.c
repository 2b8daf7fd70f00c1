/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scan_range.h"

#include "buffer_size.h"
#include "newlines.h"
#include "progress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Text is read with read(2) into one buffer that is used again and again. Measured on a Zen 3 with 512 KiB of
 * second-level cache, Linux 6.18, ext4, 64 MiB of a web log; milliseconds of processor time to read and to
 * scan it with one thread, the minimum of interleaved rounds:
 *
 *                                        in the page cache        not in it
 *                                        read only   and scan     read and scan
 *   read, 16 KiB at a time                  7.7        35.5
 *   read, 64 KiB                            6.4        33.0
 *   read, 128 KiB                           6.1        33.9           45.2
 *   read, 256 KiB                           6.2        33.7           39.4
 *   read, 512 KiB                           6.6        33.6
 *   read, 4 MiB                             9.7        36.2
 *   read, 128 KiB, huge page                6.4        33.6
 *   mmap                                    6.7        31.0           50.2
 *   mmap, MAP_POPULATE                      7.8        31.8           53.0
 *   mmap, MAP_POPULATE, 1 MiB at a time     8.4        33.2
 *   io_uring, two reads of 128 KiB          -          35.2           46.9
 *   io_uring, four reads of 256 KiB         -          35.8           41.8
 *
 * *Lost*: mmap. What it gains from the page cache, 5 to 8 %, is less than what it loses without, and a file that is
 * truncated while it is scanned, as log rotation does it, ends the process with SIGBUS. *Lost*: io_uring; for
 * files in the page cache it copies as read does, and the kernel reads ahead for both.
 *
 * BUFFER_SIZE: amortizes system calls and fits into a second-level cache.
 * BATCH: a scan that stops at it in the middle of a chunk begins the chunk again. 1024: 1 to 3 % slower.
 * LINE_STEP: bytes per read for a line that continues past its range.
 * LARGE_SIZE: a buffer that grew beyond it shrinks when a quarter of it is in use.
 */
enum {
    BUFFER_SIZE = BUFFER_SIZED(256 * 1024, 512),
    BATCH = BUFFER_SIZED(4096, 4),
    LINE_STEP = BUFFER_SIZED(16 * 1024, 32),
    LARGE_SIZE = BUFFER_SIZED(16 * 1024 * 1024, 1024)
};

/*
 * The buffer grows up to this size for one line. A sink keeps no line longer than MAX_LINE, so that there
 * is always room for a read; and no line that starts in a read is longer, since a buffer of this size is
 * a quarter full before one.
 */
static const size_t max_buffer_size = (size_t)MAX_LINE + BUFFER_SIZE;
_Static_assert(3 * (size_t)BUFFER_SIZE <= MAX_LINE && (size_t)LARGE_SIZE <= MAX_LINE,
               "see max_buffer_size");

bool scanner_open(range_scanner *scanner, scan_job *job, size_t output_size) {
    *scanner = (range_scanner){.job = job, .size = BUFFER_SIZE};
    scanner->buffer = raw_buffer_new(BUFFER_SIZE + VIEW_READ_AHEAD);
    scanner->matches = malloc(BATCH * sizeof *scanner->matches);
    bool line_buffered = job->config->line_buffered || isatty(STDOUT_FILENO);
    bool ok = scanner->buffer && scanner->matches;
    if (output_size > 0)
        ok = output_open(&scanner->out, output_size, line_buffered) && ok;
    return ok && (!job->sink->open || job->sink->open(scanner));
}

void scanner_close(range_scanner *scanner) {
    if (scanner->job->sink->close)
        scanner->job->sink->close(scanner);
    output_close(&scanner->out);
    free(scanner->buffer);
    free(scanner->matches);
}

static bool resize_buffer(range_scanner *scanner, size_t size) {
    char *buffer = realloc(scanner->buffer, size + VIEW_READ_AHEAD);
    if (!buffer)
        return false;
    scanner->buffer = buffer;
    scanner->size = size;
    return true;
}

void scanner_begin(range_scanner *scanner, uint64_t begin, uint64_t end, bool first) {
    scanner->begin = begin;
    scanner->end = end;
    scanner->first = first;
    scanner->lines = (line_counter){.offset = begin};
    scanner->counts = (scan_counts){0};
    scanner->reason = NULL;
    scanner->error = 0;
}

void scanner_shrink(range_scanner *scanner) {
    if (scanner->size > BUFFER_SIZE)
        resize_buffer(scanner, BUFFER_SIZE);
}

/* Doubles the buffer for an incomplete line. */
static bool grow_buffer(range_scanner *scanner) {
    size_t size = 2 * scanner->size < max_buffer_size ? 2 * scanner->size : max_buffer_size;
    return size == scanner->size || resize_buffer(scanner, size);
}

/* Keeps the matches that are reported; returns their number. */
static size_t select_reported(const scan_config *config, simdinet_match *matches, size_t count) {
    size_t kept = 0;
    while (kept < count && is_reported(config, &matches[kept]))
        kept++;
    for (size_t i = kept; i < count; i++) {
        matches[kept] = matches[i];
        kept += is_reported(config, &matches[i]);
    }
    return kept;
}

/* The state of scan_range: buffer[start, have) is read and not yet scanned. */
typedef struct {
    uint64_t base;
    size_t start, have;
    size_t keep; /* as the sink set it */
    bool ended, damaged;
} scan_state;

/* How many of the matches start in the range. */
static size_t count_in_range(const range_scanner *scanner, const scan_state *at, size_t count) {
    while (count > 0 && at->base + scanner->matches[count - 1].offset >= scanner->end)
        count--;
    return count;
}

/* The bytes on either side of an offset that the scan depends on. */
static size_t scan_context(const range_scanner *scanner) {
    return scanner->job->config->flags & SIMDINET_SCAN_DEFANGED ? SIMDINET_SCAN_DEFANGED_CONTEXT
                                                                : SIMDINET_SCAN_CONTEXT;
}

/* Whether no address continues past the byte. Brackets and backslashes continue a defanged one. */
static bool ends_word(char byte, bool defanged) {
    if (defanged && byte != '\0' && strchr("[](){}\\", byte))
        return false;
    const char lower = (char)(byte | 0x20);
    const bool word = (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
    return !word && byte != '.' && byte != ':';
}

/* How much of the text can be scanned so that look_ahead bytes follow each match, or the end of its line. */
static size_t end_before_look_ahead(const range_scanner *scanner, const scan_state *at) {
    size_t look_ahead = scanner->job->config->look_ahead, end = at->have;
    for (; end > at->start && look_ahead > 0; look_ahead--, end--)
        if (scanner->buffer[end - 1] == '\n')
            break;
    return end;
}

/* Where the scan ends: after a read error before the last word, which may be cut off. */
static size_t scan_end(const range_scanner *scanner, const scan_state *at) {
    const bool defanged = scanner->job->config->flags & SIMDINET_SCAN_DEFANGED;
    size_t end = at->have;
    while (at->damaged && end > at->start && !ends_word(scanner->buffer[end - 1], defanged))
        end--;
    return at->ended || at->damaged ? end : end_before_look_ahead(scanner, at);
}

/* Scans what is buffered, in batches, and passes each batch to the sink. */
static sink_result scan_buffer(range_scanner *scanner, scan_state *at) {
    const match_sink *sink = scanner->job->sink;
    const scan_config *config = scanner->job->config;
    unsigned flags =
        config->families | config->flags | (at->ended || at->damaged ? 0 : SIMDINET_SCAN_PARTIAL);
    const size_t end = scan_end(scanner, at);
    for (;;) {
        size_t found;
        at->start = simdinet_scan(scanner->buffer, at->start, end, flags, scanner->matches,
                                  sizeof(simdinet_match), BATCH, &found);
        size_t count = select_reported(config, scanner->matches, found);
        size_t in_range = count_in_range(scanner, at, count);
        bool past_end = !sink->whole_lines && at->base + at->start >= scanner->end;
        scanner->counts.matches += in_range;
        buffer_view view = {.text = scanner->buffer,
                            .len = at->have,
                            .scanned = at->start,
                            .end = end,
                            .flags = flags,
                            .base = at->base,
                            .matches = scanner->matches,
                            .count = past_end ? in_range : count,
                            .last = at->ended && found < BATCH,
                            .damaged = at->damaged};
        at->keep = at->have;
        sink_result result = sink->on_view(scanner, &view, &at->keep);
        if (result == SINK_CONTINUE && past_end)
            result = SINK_DONE;
        if (result != SINK_CONTINUE || found < BATCH)
            return result;
    }
}

size_t find_matches_before(const range_scanner *scanner, const buffer_view *view,
                           simdinet_match *out, size_t capacity) {
    if (scanner->begin <= view->base)
        return 0;
    const size_t begin = (size_t)(scanner->begin - view->base), context = SIMDINET_SCAN_CONTEXT;
    size_t found, n = 0;
    simdinet_scan(view->text, begin < context ? 0 : begin - context, view->end, view->flags, out,
                  sizeof *out, capacity, &found);
    while (n < found && out[n].offset < begin)
        n++;
    return select_reported(scanner->job->config, out, n);
}

/* Drops what neither the scan nor the sink needs. */
static void shift_buffer(range_scanner *scanner, scan_state *at) {
    const size_t context = scan_context(scanner);
    size_t drop = at->start > context ? at->start - context : 0;
    if (drop > at->keep)
        drop = at->keep;
    if (drop > 0)
        memmove(scanner->buffer, scanner->buffer + drop, at->have - drop);
    at->base += drop;
    at->start -= drop;
    at->have -= drop;
    at->keep -= drop;
    size_t enough = 2 * at->have > BUFFER_SIZE ? 2 * at->have : BUFFER_SIZE;
    if (scanner->size > LARGE_SIZE && at->have < scanner->size / 4)
        resize_buffer(scanner, enough);
}

/* Makes the sink give up the line that the buffer cannot grow for. */
static bool drop_line(range_scanner *scanner, scan_state *at) {
    buffer_view view = {.text = scanner->buffer,
                        .len = at->have,
                        .scanned = at->start,
                        .base = at->base,
                        .full = true};
    at->keep = at->have;
    if (scanner->job->sink->on_view(scanner, &view, &at->keep) == SINK_FAILED)
        return false;
    shift_buffer(scanner, at);
    return true;
}

/* Makes room for the next read. */
static bool make_room(range_scanner *scanner, scan_state *at) {
    if (at->have <= scanner->size / 2)
        return true;
    shift_buffer(scanner, at);
    if (at->have <= scanner->size / 2)
        return true;
    /* Only the thread whose turn it is to write may exceed its share of memory. */
    return output_await_turn(&scanner->out) && (grow_buffer(scanner) || drop_line(scanner, at));
}

/* How much to read next: no more than necessary past the range. */
static size_t next_read(const range_scanner *scanner, const scan_state *at) {
    size_t room = scanner->size - at->have;
    uint64_t offset = at->base + at->have;
    /* Past a range, what the scan needs for all matches that start in it. */
    const size_t overlap = 2 * scan_context(scanner);
    if (scanner->end > UINT64_MAX - overlap)
        return room;
    uint64_t end = scanner->end + overlap, step = offset < end ? end - offset : LINE_STEP;
    return step < room ? (size_t)step : room;
}

/* Counts the part of the last got bytes that belongs to the range. */
static void count_read(range_scanner *scanner, const scan_state *at, size_t got) {
    uint64_t offset = at->base + at->have - got;
    const char *text = scanner->buffer + at->have - got;
    if (offset < scanner->begin) {
        size_t before = scanner->begin - offset < got ? (size_t)(scanner->begin - offset) : got;
        offset += before;
        text += before;
        got -= before;
    }
    if (offset + got > scanner->end)
        got = offset < scanner->end ? (size_t)(scanner->end - offset) : 0;
    scanner->counts.bytes += got;
    if (scanner->job->config->stats)
        scanner->counts.newlines += count_newlines(text, got);
}

static ssize_t read_next(range_scanner *scanner, scan_state *at, input *in, bool in_place) {
    char *to = scanner->buffer + at->have;
    ssize_t got = in_place ? input_read_at(in, at->base + at->have, to, next_read(scanner, at))
                           : input_read(in, to, scanner->size - at->have);
    if (got > 0) {
        if (in_place)
            progress_add((size_t)got);
        at->have += (size_t)got;
        count_read(scanner, at, (size_t)got);
    } else if (got < 0) {
        scanner->error = errno;
        scanner->reason = in_place ? NULL : in->decoder.error;
    }
    at->damaged = got < 0;
    at->ended = got == 0;
    return got;
}

bool scan_range(range_scanner *scanner, input *in, bool in_place) {
    scan_job *job = scanner->job;
    scan_state at = {.base = scanner->begin};
    if (in_place) {
        /* The context of the range, and that of a match that begins in it. */
        const uint64_t before = scanner->begin - in->begin;
        const size_t context = 2 * scan_context(scanner);
        at.start = before < context ? (size_t)before : context;
        at.base -= at.start;
        while (scanner->size < 2 * at.start)
            if (!grow_buffer(scanner))
                return false;
    }
    if (job->sink->begin)
        job->sink->begin(scanner);
    for (;;) {
        if (scanner->out.used > 0 && !input_ready(in) && !output_flush(&scanner->out))
            return false;
        ssize_t got = read_next(scanner, &at, in, in_place);
        if (at.have < at.start) {
            if (got > 0)
                continue;
            return got == 0; /* the file was truncated meanwhile */
        }
        sink_result result = scan_buffer(scanner, &at);
        if (result == SINK_FAILED || at.damaged)
            return false;
        if (at.ended && scanner->end == UINT64_MAX && job->config->stats && at.have > 0)
            scanner->counts.newlines += scanner->buffer[at.have - 1] != '\n';
        if (at.ended || result == SINK_DONE)
            return true;
        if (atomic_load_explicit(&job->stop, memory_order_relaxed) || !make_room(scanner, &at))
            return false;
    }
}

void add_counts(scan_counts *a, const scan_counts *b) {
    a->bytes += b->bytes;
    a->newlines += b->newlines;
    a->matches += b->matches;
    a->selected += b->selected;
}

uint64_t line_number_at(line_counter *lines, const buffer_view *view, size_t offset) {
    uint64_t end = view->base + offset;
    if (end > lines->offset) {
        size_t from = (size_t)(lines->offset - view->base);
        lines->newlines += count_newlines(view->text + from, offset - from);
        lines->offset = end;
    }
    return lines->newlines + 1;
}
