/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "line_printer.h"

#include "json_output.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

line_printer *line_printer_new(const line_print_config *config, const print_config *print,
                               const scan_config *scan) {
    line_printer *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->config = config;
    printer_open(&p->printer, print, scan);
    if (config->before == 0)
        return p;
    if (config->before <= SIZE_MAX / sizeof *p->starts)
        p->starts = malloc((size_t)config->before * sizeof *p->starts);
    if (p->starts)
        return p;
    line_printer_free(p);
    return NULL;
}

void line_printer_free(line_printer *p) {
    if (p) {
        printer_close(&p->printer);
        free(p->starts);
    }
    free(p);
}

void line_printer_begin(range_scanner *scanner, line_printer *p) {
    p->line = p->seen = scanner->begin;
    p->hit = p->address = false;
    p->fresh = true;
    p->number = 1;
    p->selected = p->after_left = p->printed = 0;
    p->n_before = p->first = 0;
}

/* ---- one line --------------------------------------------------------------------------------- */

/* A line and its place. text[0, len) ends before the newline, if there is one. */
typedef struct {
    const buffer_view *view;
    const char *text;
    size_t len;
    uint64_t offset, number;
    bool context;
} text_line;

/* Called with some of the selected matches of a line. Offsets are those in the line. */
typedef bool match_callback(void *context, const simdinet_match *matches, size_t count);

/* Scans the line again for its selected matches. False: a callback failed. */
static bool each_selected(range_scanner *scanner, const line_printer *p, const text_line *line,
                          match_callback *call, void *context) {
    enum { GROUP = 16 };
    const scan_config *config = scanner->job->config;
    size_t start = 0, count;
    do {
        simdinet_match matches[GROUP];
        size_t n = 0;
        start = simdinet_scan(line->text, start, line->len, config->families | config->flags,
                              matches, sizeof *matches, GROUP, &count);
        for (size_t i = 0; i < count; i++)
            if (is_selected(scanner, &p->config->lines, &matches[i]))
                matches[n++] = matches[i];
        if (n > 0 && !call(context, matches, n))
            return false;
    } while (count == GROUP);
    return true;
}

typedef struct {
    range_scanner *scanner;
    line_printer *p;
    const text_line *line;
    size_t at;  /* printed up to here */
    bool first; /* no match was printed yet */
} line_output;

static bool print_number(const line_output *o, uint64_t number, char separator) {
    char digits[24];
    size_t len = (size_t)(put_number(digits, number) - digits);
    return print_field(&o->p->printer, &o->scanner->out, false, digits, len, separator);
}

static bool print_line_fields(const line_output *o) {
    const printer *p = &o->p->printer;
    const char *label = o->scanner->job->label;
    const char separator = o->line->context ? '-' : ':';
    return (!p->config->file_names ||
            print_field(p, &o->scanner->out, true, label, strlen(label), separator)) &&
           (!p->scan->line_number || print_number(o, o->line->number, separator)) &&
           (!p->config->byte_offset || print_number(o, o->line->offset, separator));
}

static bool color_matches(void *context, const simdinet_match *matches, size_t count) {
    line_output *o = context;
    output *out = &o->scanner->out;
    for (size_t i = 0; i < count; i++) {
        const simdinet_match *match = &matches[i];
        if (!output_write(out, o->line->text + o->at, match->offset - o->at) ||
            !print_colored(out, o->line->text + match->offset, match->length))
            return false;
        o->at = match->offset + match->length;
    }
    return true;
}

static bool print_text_line(line_output *o) {
    output *out = &o->scanner->out;
    const char end = o->p->printer.config->null ? '\0' : '\n';
    bool colored = o->p->printer.config->color && !o->line->context && !o->p->config->lines.invert;
    if (!print_line_fields(o) ||
        !print_label(&o->p->printer, out, o->line->context ? NULL : &o->p->match) ||
        (colored && !each_selected(o->scanner, o->p, o->line, color_matches, o)))
        return false;
    return output_write(out, o->line->text + o->at, o->line->len - o->at) &&
           output_write(out, &end, 1) && output_end_line(out);
}

/* --only-matching */
static bool print_selected(void *context, const simdinet_match *matches, size_t count) {
    line_output *o = context;
    const buffer_view *view = o->line->view;
    const size_t start = (size_t)(o->line->text - view->text);
    for (size_t i = 0; i < count; i++) {
        simdinet_match match = matches[i];
        match.offset += start;
        if (!print_matches(&o->p->printer, o->scanner, view, &match, 1))
            return false;
    }
    return true;
}

/* ---- JSON ------------------------------------------------------------------------------------- */

static bool write_text(output *out, const char *text) {
    return output_write(out, text, strlen(text));
}

static bool write_number(output *out, const char *name, uint64_t value) {
    char digits[24];
    return write_text(out, name) &&
           output_write(out, digits, (size_t)(put_number(digits, value) - digits));
}

static bool print_json_matches(void *context, const simdinet_match *matches, size_t count) {
    line_output *o = context;
    output *out = &o->scanner->out;
    for (size_t i = 0; i < count; i++) {
        const simdinet_match *match = &matches[i];
        char text[SIMDINET_IPV6_TEXT_SIZE];
        size_t len = match->family == 4 ? simdinet_format_ipv4(match->address, text)
                                        : simdinet_format_ipv6(match->address, text);
        if (!write_number(out, o->first ? "{\"start\":" : ",{\"start\":", match->offset) ||
            !write_number(out, ",\"end\":", match->offset + match->length) ||
            !write_text(out, ",\"address\":\"") ||
            !print_json_text(out, o->line->text + match->offset, match->length) ||
            !write_text(out, "\",\"canonical\":\"") || !output_write(out, text, len) ||
            !write_text(out, match->family == 4 ? "\",\"family\":4" : "\",\"family\":6") ||
            !print_json_label(&o->p->printer, out, match) || !write_text(out, "}"))
            return false;
        o->first = false;
    }
    return true;
}

/* The prefix has the file name. */
static bool print_json_line(line_output *o) {
    output *out = &o->scanner->out;
    const text_line *line = o->line;
    bool matches = !line->context && !o->p->config->lines.invert;
    return output_write(out, "{", 1) && print_prefix(&o->p->printer, out) &&
           write_number(out, "\"line\":", line->number) &&
           write_number(out, ",\"offset\":", line->offset) && write_text(out, ",\"text\":\"") &&
           print_json_text(out, line->text, line->len) &&
           write_text(out,
                      line->context ? "\",\"context\":true,\"matches\":[" : "\",\"matches\":[") &&
           (!matches || each_selected(o->scanner, o->p, line, print_json_matches, o)) &&
           write_text(out, "]}\n") && output_end_line(out);
}

/* ---- selection and context -------------------------------------------------------------------- */

static text_line line_of(const buffer_view *view, uint64_t from, uint64_t to, uint64_t number) {
    text_line line = {.view = view,
                      .text = view->text + (from - view->base),
                      .len = (size_t)(to - from),
                      .offset = from,
                      .number = number};
    if (line.len > 0 && line.text[line.len - 1] == '\n')
        line.len--;
    return line;
}

static bool print_one(range_scanner *scanner, line_printer *p, const text_line *line) {
    line_output o = {.scanner = scanner, .p = p, .line = line, .first = true};
    const print_config *config = p->printer.config;
    if (config->json && !p->config->only_matching)
        return print_json_line(&o);
    const bool gap = p->any_printed && (p->fresh || line->offset > p->printed);
    if (gap && p->config->groups && !config->json &&
        !print_group_separator(&p->printer, &scanner->out))
        return false;
    if (p->config->only_matching)
        return line->context || each_selected(scanner, p, line, print_selected, &o);
    return print_text_line(&o);
}

/* Prints the line [from, to). */
static bool print_range(range_scanner *scanner, line_printer *p, const buffer_view *view,
                        uint64_t from, uint64_t to, uint64_t number, bool context) {
    text_line line = line_of(view, from, to, number);
    line.context = context;
    if (!print_one(scanner, p, &line))
        return false;
    p->any_printed = true;
    p->fresh = false;
    p->printed = to;
    return true;
}

/* The lines of the ring end where the next one starts. */
static bool print_before(range_scanner *scanner, line_printer *p, const buffer_view *view) {
    for (; p->n_before > 0; p->n_before--) {
        const size_t next = (p->first + 1) % (size_t)p->config->before;
        const uint64_t from = p->starts[p->first], to = p->n_before > 1 ? p->starts[next] : p->line;
        if (!print_range(scanner, p, view, from, to, p->number - p->n_before, true))
            return false;
        p->first = next;
    }
    return true;
}

static void remember_line(line_printer *p) {
    const size_t size = (size_t)p->config->before;
    if (size == 0)
        return;
    if (p->n_before == size) {
        p->first = (p->first + 1) % size;
        p->n_before--;
    }
    p->starts[(p->first + p->n_before++) % size] = p->line;
}

/* Ends the current line at to. */
static sink_result end_line(range_scanner *scanner, line_printer *p, const buffer_view *view,
                            uint64_t to) {
    const line_print_config *config = p->config;
    /* After the last selected line, all lines are context. */
    const bool selected = p->hit != config->lines.invert && p->selected < config->max_count &&
                          (!config->with_address || p->address);
    bool ok = true;
    if (selected) {
        p->selected++;
        scanner->counts.selected++;
        if (config->lines.print)
            ok = print_before(scanner, p, view) &&
                 print_range(scanner, p, view, p->line, to, p->number, false);
        p->after_left = config->lines.print ? config->after : 0;
        p->n_before = 0;
    } else if (p->after_left > 0) {
        p->after_left--;
        ok = print_range(scanner, p, view, p->line, to, p->number, true);
    } else {
        remember_line(p);
    }
    p->line = p->seen = to;
    p->number++;
    p->hit = p->address = false;
    if (!ok)
        return SINK_FAILED;
    const bool done = p->selected == config->max_count && p->after_left == 0;
    return done || (config->lines.quiet && p->selected > 0) ? SINK_DONE : SINK_CONTINUE;
}

static sink_result end_lines(range_scanner *scanner, line_printer *p, const buffer_view *view) {
    const uint64_t base = view->base, len = base + view->len,
                   scanned = view->last || view->damaged ? len : base + view->scanned;
    sink_result result = SINK_CONTINUE;
    size_t i = 0;
    while (result == SINK_CONTINUE) {
        const char *newline = p->seen < scanned ? memchr(view->text + (p->seen - base), '\n',
                                                         (size_t)(scanned - p->seen))
                                                : NULL;
        const uint64_t end = newline ? base + (uint64_t)(newline - view->text) + 1 : scanned;
        for (; i < view->count && base + view->matches[i].offset < end; i++) {
            p->address |= is_reported(scanner->job->config, &view->matches[i]);
            if (!p->hit && is_selected(scanner, &p->config->lines, &view->matches[i])) {
                p->hit = true;
                p->match = view->matches[i];
            }
        }
        p->seen = end;
        /* A line that a read error cut off is one with a match, but not one without. */
        const bool last = view->last || (view->damaged && p->hit && !p->config->lines.invert);
        if (!newline && (!last || p->line == end))
            break;
        result = end_line(scanner, p, view, end);
    }
    return result;
}

sink_result line_printer_view(range_scanner *scanner, line_printer *p, const buffer_view *view,
                              size_t *keep) {
    sink_result result = end_lines(scanner, p, view);
    const uint64_t needed = p->n_before > 0 ? p->starts[p->first] : p->line;
    *keep = (size_t)(needed - view->base);
    if (p->printer.scan->line_number && p->config->only_matching)
        line_number_at(&scanner->lines, view, *keep);
    return result;
}
