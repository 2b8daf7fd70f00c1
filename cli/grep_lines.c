/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * grep_lines.c - from the addresses that were asked for to the lines around them.
 *
 * Nothing looks for lines where no address calls for one: the start of a line is sought backwards
 * from an address, its end forwards, and no byte is looked at twice for either. A line that is not
 * complete yet is kept in view.
 */
#include "grep.h"

#include <string.h>

static size_t in_view(const window *view, uint64_t place) {
    return (size_t)(place - view->base);
}

/* Finds a newline in the places [from, to) of the view; false: there is none. */
static bool next_newline(const window *view, uint64_t from, uint64_t to, uint64_t *place) {
    const char *at =
        from < to ? memchr(view->text + in_view(view, from), '\n', (size_t)(to - from)) : NULL;
    if (at)
        *place = view->base + (uint64_t)(at - view->text);
    return at != NULL;
}

/* Moves seen, and with it line, on to a place in view. */
static void see(grep_state *state, const window *view, uint64_t place) {
    if (place <= state->seen)
        return;
    const char *from = view->text + in_view(view, state->seen);
    const char *at = memrchr(from, '\n', (size_t)(place - state->seen));
    if (at)
        state->line = view->base + (uint64_t)(at - view->text) + 1;
    state->seen = place;
}

/* Prints text and, when no newline ends it, one. */
static bool print_text(output *out, const char *text, size_t len) {
    return output_write(out, text, len) && (text[len - 1] == '\n' || output_write(out, "\n", 1)) &&
           output_line_done(out);
}

/* Prints a line with the addresses that were asked for in colour: they are found once more. */
static bool print_marked(worker *self, const char *text, size_t len) {
    const grep_state *state = self->own;
    output *out = &self->out;
    size_t at = 0, start = 0, count;
    do {
        simdinet_match matches[16];
        start = simdinet_scan(text, start, len, 0, matches, sizeof(simdinet_match), 16, &count);
        for (size_t i = 0; i < count; i++) {
            const simdinet_match *match = &matches[i];
            if (!grep_wants(self, match))
                continue;
            if (!output_write(out, text + at, match->offset - at) ||
                !output_write(out, record_mark(&state->style),
                              strlen(record_mark(&state->style))) ||
                !output_write(out, text + match->offset, match->length) ||
                !output_write(out, record_plain(&state->style),
                              strlen(record_plain(&state->style))))
                return false;
            at = match->offset + match->length;
        }
    } while (count == 16);
    if (at < len)
        return print_text(out, text + at, len - at);
    return output_write(out, "\n", 1) && output_line_done(out);
}

/* Prints the line in the places [from, to) of the view, its newline among them if it has one. */
static bool print_line(worker *self, const window *view, uint64_t from, uint64_t to) {
    grep_state *state = self->own;
    const char *text = view->text + in_view(view, from);
    if (!record_line_head(&state->style, self, view, in_view(view, from)))
        return false;
    if (state->style.color && !self->job->given->invert)
        return print_marked(self, text, (size_t)(to - from));
    return print_text(&self->out, text, (size_t)(to - from));
}

/* The lines in the places [from, to), count of them, are what was asked for. */
static bool select_lines(worker *self, const window *view, uint64_t from, uint64_t to,
                         uint64_t count) {
    const grep_state *state = self->own;
    const options *given = self->job->given;
    const char *text = view->text + in_view(view, from);
    size_t len = (size_t)(to - from);
    if (count == 0)
        return true;
    self->selected += count;
    if (given->quiet)
        atomic_store(&self->job->stop, true);
    /* What -o prints of a line that holds no address that was asked for is nothing. */
    if (given->quiet || given->count_lines || given->only_matching)
        return true;
    if (!state->style.name && !given->line_number && !state->style.color && !self->out.each_line)
        return print_text(&self->out, text, len);
    while (from < to) {
        uint64_t end = to;
        if (next_newline(view, from, to, &end))
            end++;
        if (!print_line(self, view, from, end))
            return false;
        from = end;
    }
    return true;
}

/* The lines that begin in [settled, place) hold nothing that was asked for. */
static bool settle(worker *self, const window *view, uint64_t place) {
    grep_state *state = self->own;
    uint64_t from = state->settled, to = place, newline;
    if (from >= place)
        return true;
    state->settled = place;
    if (!self->job->given->invert || from >= self->end)
        return true;
    /* Lines that begin behind the piece are for the next worker. */
    if (to > self->end && next_newline(view, self->end - 1, to, &newline))
        to = newline + 1;
    const char *text = view->text + in_view(view, from);
    size_t len = (size_t)(to - from);
    return select_lines(self, view, from, to, count_newlines(text, len) + (text[len - 1] != '\n'));
}

/* Ends the line that is hit when its end is in view. */
static bool end_hit(worker *self, const window *view) {
    grep_state *state = self->own;
    uint64_t end = view->base + view->len, newline;
    bool complete = next_newline(view, state->seen, end, &newline);
    state->seen = complete ? newline + 1 : end;
    if (!complete && !view->last && !view->damaged)
        return true;
    uint64_t line = state->line;
    state->settled = state->line = state->seen;
    state->hit = false;
    return self->job->given->invert || select_lines(self, view, line, state->seen, 1);
}

static bool take_matches(worker *self, const window *view) {
    grep_state *state = self->own;
    for (size_t i = 0; i < view->count; i++) {
        const simdinet_match *match = &view->matches[i];
        uint64_t place = view->base + match->offset;
        if (state->hit && place >= state->seen && !end_hit(self, view))
            return false;
        if (place < state->seen || state->hit || !grep_wants(self, match))
            continue;
        see(state, view, place);
        if (state->line >= self->end)
            return true;
        if (!settle(self, view, state->line))
            return false;
        state->hit = true;
    }
    return !state->hit || end_hit(self, view);
}

/* A piece that begins within a line begins, for us, behind the first newline. */
static bool find_first_line(grep_state *state, const window *view) {
    uint64_t judged = view->base + view->judged, newline;
    bool found = next_newline(view, state->seen, judged, &newline);
    state->seen = found ? newline + 1 : judged;
    if (found)
        state->settled = state->line = state->seen;
    return found;
}

/* Settles what can be settled now that all addresses before view->judged are known. */
static bool take_lines(worker *self, const window *view) {
    grep_state *state = self->own;
    if (!take_matches(self, view))
        return false;
    if (state->hit)
        return true;
    see(state, view, view->base + view->judged);
    return settle(self, view, view->last ? view->base + view->len : state->line);
}

void grep_lines_begin(worker *self) {
    grep_state *state = self->own;
    state->hit = false;
    state->settled = state->line = self->first ? self->begin : NO_LINE;
    state->seen = self->first ? self->begin : self->begin - 1;
}

take_verdict grep_lines_take(worker *self, const window *view, size_t *keep) {
    grep_state *state = self->own;
    bool known = state->line != NO_LINE || find_first_line(state, view);
    if (known && !take_lines(self, view))
        return FAILED;
    *keep = known ? in_view(view, state->line) : view->judged;
    if (self->job->given->line_number)
        line_at(&self->lines, view, *keep);
    bool beyond = known ? !state->hit && state->line >= self->end : state->seen >= self->end;
    return beyond || (self->job->given->quiet && self->selected > 0) ? ENOUGH : GO_ON;
}
