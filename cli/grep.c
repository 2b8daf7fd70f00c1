/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * grep.c - simdinet grep: the lines that hold an address of certain networks.
 */
#include "grep.h"

#include "cli.h"

#include <stdlib.h>

static const char help[] =
    "Usage: simdinet grep [OPTION]... NETWORK [FILE]...\n"
    "   or: simdinet grep [OPTION]... {-e NETWORK | -f LIST}... [FILE]...\n"
    "Print the lines of the FILEs or of standard input that hold an address in a\n"
    "NETWORK: 192.0.2.0/24, 192.0.2.1-192.0.2.9, 192.0.2.1, or the same of IPv6.\n"
    "\n"
    "  -e, --network=NETWORK  look for this network, too\n"
    "  -f, --file=LIST        those in LIST, one a line; # or ; begins a comment\n"
    "  -v, --invert-match     print the lines that hold none\n"
    "  -c, --count            print how many lines there are, not the lines\n"
    "  -o, --only-matching    print the addresses alone, one a line\n"
    "  -q, --quiet            print nothing; the exit status tells, at the first line\n"
    "  -n, --line-number      print the number of the line before it\n"
    "  -H, --with-filename    print the name of the file before a line\n"
    "  -h, --no-filename      do not (the default for one file)\n"
    "      --versions         take version-like numbers for addresses, too\n"
    "      --color[=WHEN]     colours: auto, always (no WHEN) or never\n"
    "      --line-buffered    write every line at once\n"
    "      --stats            print lines, bytes, addresses and the rate to stderr\n"
    "  -j, --threads=N        threads for large files (as many as processors)\n"
    "      --help             print this help\n"
    "\n"
    "A FILE of - is standard input; gzip and zstd data are inflated. Exit status:\n"
    "0 when a line was selected, 1 when none was, 2 when there was trouble.\n";

bool grep_wants(const worker *self, const simdinet_match *match) {
    return (self->job->given->versions || !(match->flags & SIMDINET_MATCH_VERSION)) &&
           networks_contain(self->job->given->networks, match);
}

static bool open_state(worker *self) {
    grep_state *state = calloc(1, sizeof *state);
    self->own = state;
    if (state)
        record_open(&state->style, self->job->given);
    return state != NULL;
}

static void close_state(worker *self) {
    grep_state *state = self->own;
    if (state)
        record_close(&state->style);
    free(state);
}

static bool begin_style(worker *self) {
    grep_state *state = self->own;
    if (record_begin(&state->style, self->job->label))
        return true;
    complain_memory();
    return false;
}

/* sink.take for addresses alone. */
static take_verdict take_addresses(worker *self, const window *view, size_t *keep) {
    enum { AT_ONCE = 64 };
    grep_state *state = self->own;
    simdinet_match wanted[AT_ONCE];
    size_t i = 0;
    if (!begin_style(self))
        return FAILED;
    while (i < view->count) {
        size_t n = 0;
        for (; i < view->count && n < AT_ONCE; i++)
            if (grep_wants(self, &view->matches[i]))
                wanted[n++] = view->matches[i];
        self->selected += n;
        if (!record_addresses(&state->style, self, view, wanted, n))
            return FAILED;
    }
    if (self->job->given->line_number)
        line_at(&self->lines, view, view->judged);
    *keep = view->judged;
    return GO_ON;
}

static take_verdict take_lines(worker *self, const window *view, size_t *keep) {
    return begin_style(self) ? grep_lines_take(self, view, keep) : FAILED;
}

/* -c: how many lines of a file were selected. */
static bool print_count(output *out, const char *label, void *context, uint64_t selected) {
    const options *given = context;
    if (!given->count_lines || given->quiet)
        return true;
    record_style style;
    record_open(&style, given);
    char *to = NULL;
    if (!record_begin(&style, label))
        complain_memory();
    else if (!style.name || output_write(out, style.name, style.name_len))
        to = output_room(out, 32);
    if (to) {
        to = put_number(to, selected);
        *to++ = '\n';
        output_filled(out, to);
    }
    record_close(&style);
    return to != NULL && output_line_done(out);
}

int command_grep(int argc, char **argv) {
    static const match_sink lines = {.whole_lines = true,
                                     .open = open_state,
                                     .close = close_state,
                                     .begin = grep_lines_begin,
                                     .take = take_lines,
                                     .input_done = print_count};
    static const match_sink addresses = {
        .open = open_state, .close = close_state, .take = take_addresses};
    options given;
    int status;
    bool ready = options_read(&given, FOR_GREP, argc, argv, help, &status);
    if (ready && !networks_build(given.networks)) {
        complain_memory();
        ready = false;
    }
    if (!ready) {
        options_free(&given);
        return status;
    }
    bool alone = given.only_matching && !given.invert && !given.count_lines && !given.quiet;
    totals sums = walk_inputs(&given, alone ? &addresses : &lines, &given);
    if (given.stats)
        print_stats(&sums, NULL);
    options_free(&given);
    if (given.quiet && sums.selected)
        return EXIT_FOUND;
    return sums.trouble ? EXIT_TROUBLE : sums.selected ? EXIT_FOUND : EXIT_NONE;
}
