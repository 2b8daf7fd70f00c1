/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * extract.c - simdinet extract: the addresses of a text, one a line.
 */
#include "cli.h"
#include "record.h"
#include "tally.h"

#include <stdlib.h>

static const char help[] =
    "Usage: simdinet extract [OPTION]... [FILE]...\n"
    "Print every IPv4 and IPv6 address in the FILEs or in standard input, one a line.\n"
    "\n"
    "  -4, --ipv4           IPv4 only           -6, --ipv6   IPv6 only\n"
    "      --canonical      print addresses in their canonical form (RFC 5952)\n"
    "  -n, --line-number    print the number of the line before an address\n"
    "  -b, --byte-offset    print the place in the file before an address, from 0\n"
    "  -H, --with-filename  print the name of the file before an address\n"
    "  -h, --no-filename    do not (the default)\n"
    "      --json           print a JSON object a line, with all that is known\n"
    "  -0, --null           end each address with a NUL byte, not with a newline\n"
    "      --unique         print an address only where it is first seen\n"
    "      --versions       print version-like numbers too, as in Product/1.2.3.4\n"
    "      --color[=WHEN]   colours: auto, always (no WHEN) or never\n"
    "      --line-buffered  write every line at once\n"
    "      --stats          print lines, bytes, addresses and the rate to stderr\n"
    "  -j, --threads=N      threads for large files (as many as processors)\n"
    "      --help           print this help\n"
    "\n"
    "A FILE of - is standard input; gzip and zstd data are inflated. Exit status:\n"
    "0 when an address was found, 1 when none was, 2 when there was trouble.\n";

static bool open_style(worker *self) {
    record_style *style = malloc(sizeof *style);
    self->own = style;
    if (style)
        record_open(style, self->job->given);
    return style != NULL;
}

static void close_style(worker *self) {
    if (self->own)
        record_close(self->own);
    free(self->own);
}

static bool print_new(record_style *style, worker *self, const window *view) {
    tally *seen = self->job->state;
    for (size_t i = 0; i < view->count; i++) {
        const simdinet_match *match = &view->matches[i];
        int added = tally_add_new(seen, match->address, match->family == 6);
        if (added < 0) {
            complain_memory();
            return false;
        }
        if (added > 0) {
            self->selected++;
            if (!record_addresses(style, self, view, match, 1))
                return false;
        }
    }
    return true;
}

static take_verdict take(worker *self, const window *view, size_t *keep) {
    record_style *style = self->own;
    if (!record_begin(style, self->job->label)) {
        complain_memory();
        return FAILED;
    }
    if (self->job->state) {
        if (!print_new(style, self, view))
            return FAILED;
    } else {
        self->selected += view->count;
        if (!record_addresses(style, self, view, view->matches, view->count))
            return FAILED;
    }
    if (style->given->line_number)
        line_at(&self->lines, view, view->judged);
    *keep = view->judged;
    return GO_ON;
}

int command_extract(int argc, char **argv) {
    static const match_sink sink = {.open = open_style, .close = close_style, .take = take};
    options given;
    int status;
    if (!options_read(&given, FOR_EXTRACT, argc, argv, help, &status))
        return status;
    tally *seen = given.unique ? tally_new() : NULL;
    if (given.unique && !seen) {
        complain_memory();
        return EXIT_TROUBLE;
    }
    totals sums = walk_inputs(&given, &sink, seen);
    if (given.stats)
        print_stats(&sums, NULL);
    tally_free(seen);
    options_free(&given);
    return sums.trouble ? EXIT_TROUBLE : sums.selected ? EXIT_FOUND : EXIT_NONE;
}
