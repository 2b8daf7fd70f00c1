/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "line_selector.h"

#include "buffer_size.h"
#include "log.h"
#include "newlines.h"

#include <string.h>

bool is_selected(const range_scanner *scanner, const line_config *config,
                 const simdinet_match *match) {
    return is_reported(scanner->job->config, match) &&
           address_filter_accepts(config->filter, match);
}

static uint64_t view_end(const buffer_view *view) {
    return view->base + view->len;
}

static size_t view_offset(const buffer_view *view, uint64_t offset) {
    return (size_t)(offset - view->base);
}

/* Finds the first newline in [from, to); false: none. */
static bool find_newline(const buffer_view *view, uint64_t from, uint64_t to, uint64_t *offset) {
    const char *at =
        from < to ? memchr(view->text + view_offset(view, from), '\n', (size_t)(to - from)) : NULL;
    if (at)
        *offset = view->base + (uint64_t)(at - view->text);
    return at != NULL;
}

/* Advances seen, and with it line. */
static void advance_seen(line_selector *s, const buffer_view *view, uint64_t offset) {
    if (offset <= s->seen)
        return;
    const char *from = view->text + view_offset(view, s->seen);
    const char *at = memrchr(from, '\n', (size_t)(offset - s->seen));
    if (at)
        s->line = view->base + (uint64_t)(at - view->text) + 1;
    s->seen = offset;
}

/* Prints text, and a newline unless it ends with one. */
static bool print_text(output *out, const char *text, size_t len) {
    return output_write(out, text, len) && (text[len - 1] == '\n' || output_write(out, "\n", 1)) &&
           output_end_line(out);
}

/* Prints a line with its selected matches in colour. Scans it again to find them. */
static bool print_colored_line(range_scanner *scanner, const line_selector *s, const char *text,
                               size_t len) {
    output *out = &scanner->out;
    size_t at = 0, start = 0, count;
    do {
        simdinet_match matches[16];
        start = simdinet_scan(text, start, len, scanner->job->config->flags, matches,
                              sizeof(simdinet_match), 16, &count);
        for (size_t i = 0; i < count; i++) {
            const simdinet_match *match = &matches[i];
            if (!is_selected(scanner, s->config, match))
                continue;
            if (!output_write(out, text + at, match->offset - at) ||
                !print_colored(out, text + match->offset, match->length))
                return false;
            at = match->offset + match->length;
        }
    } while (count == 16);
    if (at < len)
        return print_text(out, text + at, len - at);
    return output_write(out, "\n", 1) && output_end_line(out);
}

/* Prints the line [from, to), which includes its newline if it has one. */
static bool print_line(range_scanner *scanner, const line_selector *s, const buffer_view *view,
                       uint64_t from, uint64_t to) {
    const char *text = view->text + view_offset(view, from);
    if (!print_line_prefix(&s->printer, scanner, view, view_offset(view, from)) ||
        !print_label(&s->printer, &scanner->out, &s->first))
        return false;
    if (s->printer.config->color && !s->config->invert)
        return print_colored_line(scanner, s, text, (size_t)(to - from));
    return print_text(&scanner->out, text, (size_t)(to - from));
}

/* Selects the count lines of [from, to). */
static bool emit_lines(range_scanner *scanner, const line_selector *s, const buffer_view *view,
                       uint64_t from, uint64_t to, uint64_t count) {
    const printer *p = &s->printer;
    if (count == 0)
        return true;
    scanner->counts.selected += count;
    if (s->config->quiet)
        atomic_store(&scanner->job->stop, true);
    if (!s->config->print)
        return true;
    if (!p->prefix && !p->scan->line_number && !p->config->byte_offset && !p->config->color &&
        !p->config->labels && !scanner->out.line_buffered)
        return print_text(&scanner->out, view->text + view_offset(view, from), (size_t)(to - from));
    while (from < to) {
        uint64_t end = to;
        if (find_newline(view, from, to, &end))
            end++;
        if (!print_line(scanner, s, view, from, end))
            return false;
        from = end;
    }
    return true;
}

static uint64_t max_offset(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* The lines that start in [settled, offset) hold no selected match. */
static bool settle(range_scanner *scanner, line_selector *s, const buffer_view *view,
                   uint64_t offset) {
    uint64_t from = s->settled, to = offset, newline;
    if (from >= offset)
        return true;
    s->settled = offset;
    if (!s->config->invert || from >= scanner->end)
        return true;
    /* The start of a line that is not printed is not kept: it holds no newline before the view. */
    from = max_offset(from, view->base);
    /* Lines that start past the range belong to the next one. */
    if (to > scanner->end &&
        find_newline(view, max_offset(scanner->end - 1, view->base), to, &newline))
        to = newline + 1;
    const char *text = view->text + view_offset(view, from);
    size_t len = (size_t)(to - from);
    return emit_lines(scanner, s, view, from, to,
                      count_newlines(text, len) + (text[len - 1] != '\n'));
}

/* Ends the current line, which holds a selected match, if its end is buffered. */
static bool end_hit(range_scanner *scanner, line_selector *s, const buffer_view *view) {
    uint64_t newline;
    bool complete = find_newline(view, s->seen, view_end(view), &newline);
    s->seen = complete ? newline + 1 : view_end(view);
    if (!complete && !view->last && !view->damaged)
        return true;
    uint64_t line = s->line;
    s->settled = s->line = s->seen;
    s->hit = false;
    return s->config->invert || emit_lines(scanner, s, view, line, s->seen, 1);
}

static bool handle_matches(range_scanner *scanner, line_selector *s, const buffer_view *view) {
    for (size_t i = 0; i < view->count; i++) {
        const simdinet_match *match = &view->matches[i];
        uint64_t offset = view->base + match->offset;
        address_filter_prefetch(s->config->filter, match, view->count - i);
        if (s->hit && offset >= s->seen && !end_hit(scanner, s, view))
            return false;
        if (offset < s->seen || s->hit || !is_selected(scanner, s->config, match))
            continue;
        advance_seen(s, view, offset);
        if (s->line >= scanner->end)
            return true;
        if (!settle(scanner, s, view, s->line))
            return false;
        s->hit = true;
        s->first = *match;
    }
    return !s->hit || end_hit(scanner, s, view);
}

/* The first line of a range that starts within a line is the one after the first newline. */
static bool find_first_line(line_selector *s, const buffer_view *view) {
    uint64_t scanned = view->base + view->scanned, newline;
    bool found = find_newline(view, s->seen, scanned, &newline);
    s->seen = found ? newline + 1 : scanned;
    if (found)
        s->settled = s->line = s->seen;
    return found;
}

/* Settles the lines for which all matches are known. */
static bool handle_view(range_scanner *scanner, line_selector *s, const buffer_view *view) {
    if (!handle_matches(scanner, s, view))
        return false;
    if (s->hit)
        return true;
    advance_seen(s, view, view->base + view->scanned);
    return settle(scanner, s, view, view->last ? view_end(view) : s->line);
}

/* Whether the current line is too long to be kept for printing. */
static bool is_too_long(const line_selector *s, const buffer_view *view) {
    uint64_t end = view_end(view);
    if (end <= s->line || end - s->line <= MAX_LINE)
        return false;
    find_newline(view, s->seen, end, &end);
    return end - s->line > MAX_LINE;
}

/* Gives up the current line; the next one starts past the next newline. False: not its turn. */
static bool skip_line(range_scanner *scanner, line_selector *s, const char *reason) {
    if (!output_flush(&scanner->out) || !output_await_turn(&scanner->out))
        return false;
    log_error("%s: line at byte %llu skipped: %s", scanner->job->label, (unsigned long long)s->line,
              reason);
    atomic_store(&scanner->job->failed, true);
    s->line = LINE_UNKNOWN;
    s->hit = false;
    return true;
}

void select_lines_begin(range_scanner *scanner, line_selector *s) {
    s->hit = false;
    s->settled = s->line = scanner->first ? scanner->begin : LINE_UNKNOWN;
    s->seen = scanner->first ? scanner->begin : scanner->begin - 1;
}

sink_result select_lines(range_scanner *scanner, line_selector *s, const buffer_view *view,
                         size_t *keep) {
    bool known = s->line != LINE_UNKNOWN, print = s->config->print;
    if (known && print && (view->full || is_too_long(s, view))) {
        if (!skip_line(scanner, s, view->full ? "out of memory" : "longer than 1 GiB"))
            return SINK_FAILED;
        known = false;
    }
    known = known || find_first_line(s, view);
    if (known && !view->full && !handle_view(scanner, s, view))
        return SINK_FAILED;
    *keep = known && print && !view->full ? view_offset(view, s->line) : view->scanned;
    if (s->printer.scan->line_number)
        line_number_at(&scanner->lines, view, *keep);
    bool past_end = known ? !s->hit && s->line >= scanner->end : s->seen >= scanner->end;
    return past_end || (s->config->quiet && scanner->counts.selected > 0) ? SINK_DONE
                                                                          : SINK_CONTINUE;
}
