/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * grep.c - simdinet grep: prints the lines with an address in given networks.
 */
#include "exit_status.h"
#include "line_selector.h"
#include "log.h"
#include "option_table.h"
#include "search.h"
#include "text.h"

#include <stdlib.h>

typedef struct {
    const options *given;
    line_config lines;
} grep_state;

static bool open_selector(range_scanner *scanner) {
    const grep_state *state = scanner->job->state;
    line_selector *selector = calloc(1, sizeof *selector);
    scanner->own = selector;
    if (!selector)
        return false;
    selector->config = &state->lines;
    printer_open(&selector->printer, &state->given->print, scanner->job->config);
    return true;
}

static void close_selector(range_scanner *scanner) {
    line_selector *selector = scanner->own;
    if (selector)
        printer_close(&selector->printer);
    free(selector);
}

static bool begin_input(range_scanner *scanner) {
    line_selector *selector = scanner->own;
    if (printer_begin(&selector->printer, scanner->job->label))
        return true;
    log_out_of_memory();
    return false;
}

static void begin_lines(range_scanner *scanner) {
    select_lines_begin(scanner, scanner->own);
}

static sink_result on_lines(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    return begin_input(scanner) ? select_lines(scanner, scanner->own, view, keep) : SINK_FAILED;
}

/* on_view of --only-matching. */
static sink_result on_matches(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    enum { GROUP = 64 };
    line_selector *selector = scanner->own;
    simdinet_match selected[GROUP];
    size_t i = 0;
    if (!begin_input(scanner))
        return SINK_FAILED;
    while (i < view->count) {
        size_t n = 0;
        for (; i < view->count && n < GROUP; i++)
            if (is_selected(scanner, selector->config, &view->matches[i]))
                selected[n++] = view->matches[i];
        scanner->counts.selected += n;
        if (!print_matches(&selector->printer, scanner, view, selected, n))
            return SINK_FAILED;
    }
    if (scanner->job->config->line_number)
        line_number_at(&scanner->lines, view, view->scanned);
    *keep = view->scanned;
    return SINK_CONTINUE;
}

/* --count: the number of selected lines of a file. */
static bool print_count(output *out, const char *label, void *context, uint64_t selected) {
    const grep_state *state = context;
    const options *given = state->given;
    if (!given->count_lines || given->quiet)
        return true;
    printer p;
    printer_open(&p, &given->print, &given->scan);
    char *to = NULL;
    if (!printer_begin(&p, label))
        log_out_of_memory();
    else if (print_prefix(&p, out))
        to = output_reserve(out, 32);
    if (to) {
        to = put_number(to, selected);
        *to++ = '\n';
        output_commit(out, to);
    }
    printer_close(&p);
    return to != NULL && output_end_line(out);
}

static int run(options *given) {
    static const match_sink lines = {.whole_lines = true,
                                     .open = open_selector,
                                     .close = close_selector,
                                     .begin = begin_lines,
                                     .on_view = on_lines,
                                     .input_done = print_count};
    static const match_sink matches = {
        .open = open_selector, .close = close_selector, .on_view = on_matches};
    bool print = !given->quiet && !given->count_lines;
    grep_state state = {.given = given,
                        .lines = {.networks = given->networks,
                                  .invert = given->invert,
                                  .print = print && !given->only_matching,
                                  .quiet = given->quiet}};
    if (!network_set_build(given->networks)) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    bool only_matching = given->only_matching && !given->invert && print;
    search_result result = search_files(&given->scan, given->n_operands, given->operands,
                                        given->count_lines && given->n_operands == 1, given->quiet,
                                        only_matching ? &matches : &lines, &state);
    if (given->scan.stats)
        print_stats(&result, NULL);
    if (given->quiet && result.counts.selected)
        return EXIT_FOUND;
    return result.failed ? EXIT_TROUBLE : result.counts.selected ? EXIT_FOUND : EXIT_NONE;
}

const subcommand command_grep = {
    .id = COMMAND_grep,
    .name = "grep",
    .summary = "print the lines with an address in given networks",
    .usage = {"[OPTION]... NETWORK [FILE]...", "[OPTION]... {-e NETWORK | -f LIST}... [FILE]..."},
    .about = "Print the lines of the FILEs or standard input with an address in a NETWORK, "
             "such as 192.0.2.0/24, 192.0.2.1-192.0.2.9 or 192.0.2.1, or the same for IPv6.",
    .notes =
        "FILE - is standard input; compressed data and packet captures are read. Exit status: 0 "
        "if a line was selected, 1 if none was, 2 after an error.",
    .manual =
        "Prints the lines of the files, or of standard input, with an address in any of the\n"
        "networks. The first operand is a network if no option names one. `simdinet`(1) describes\n"
        "what counts as an address, how input is read, and the exit status.\n"
        "# NETWORKS\n"
        ": `192.0.2.0/24`, `2001:db8::/32`\n"
        "All addresses with this prefix; the bits after it are ignored.\n"
        ": `192.0.2.1-192.0.2.9`\n"
        "All addresses from the first to the last.\n"
        ": `192.0.2.1`, `2001:db8::1`\n"
        "One address.\n"
        "\n"
        "An IPv4-mapped address (`::ffff:192.0.2.1`) is also in the networks of its IPv4 address,\n"
        "and a network of mapped addresses is one of IPv4.\n"
        "\n"
        "A list has one network per line; `#` and `;` start comments, and blank lines are "
        "ignored.\n"
        "A list may be compressed. An invalid network is reported with file, line and reason, and\n"
        "nothing is searched. 100,000 networks take about as long as one.\n"
        "# OPTIONS\n"
        "# CAVEATS\n"
        "# EXAMPLES\n"
        "    simdinet grep 10.0.0.0/8 firewall.log\n"
        "    simdinet grep -v -e 10.0.0.0/8 -e fc00::/7 access.log\n"
        "    tail -f mail.log | simdinet grep -f blocklist.txt\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-extract`(1), `grep`(1)\n",
    .operands = OPERANDS_NETWORK,
    .run = run,
};
