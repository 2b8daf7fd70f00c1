/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * grep.c - simdinet grep: prints the lines with an address in given networks.
 */
#include "exit_status.h"
#include "line_printer.h"
#include "line_selector.h"
#include "log.h"
#include "option_table.h"
#include "search.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const options *given;
    line_config lines;
    line_print_config slow; /* where lines are handled one by one */
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
        for (; i < view->count && n < GROUP; i++) {
            address_filter_prefetch(selector->config->filter, &view->matches[i], view->count - i);
            if (is_selected(scanner, selector->config, &view->matches[i]))
                selected[n++] = view->matches[i];
        }
        scanner->counts.selected += n;
        if (!print_matches(&selector->printer, scanner, view, selected, n))
            return SINK_FAILED;
    }
    if (scanner->job->config->line_number)
        line_number_at(&scanner->lines, view, view->scanned);
    *keep = view->scanned;
    return SINK_CONTINUE;
}

static bool open_lines(range_scanner *scanner) {
    const grep_state *state = scanner->job->state;
    scanner->own = line_printer_new(&state->slow, &state->given->print, scanner->job->config);
    return scanner->own != NULL;
}

static void close_lines(range_scanner *scanner) {
    line_printer_free(scanner->own);
}

static void begin_each_line(range_scanner *scanner) {
    line_printer_begin(scanner, scanner->own);
}

/* on_view where lines are printed one by one. */
static sink_result on_each_line(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    const grep_state *state = scanner->job->state;
    line_printer *p = scanner->own;
    if (!printer_begin(&p->printer, scanner->job->label)) {
        log_out_of_memory();
        return SINK_FAILED;
    }
    sink_result result = line_printer_view(scanner, p, view, keep);
    if (result == SINK_DONE && state->given->quiet)
        atomic_store(&scanner->job->stop, true);
    return result;
}

/* --count: the number of selected lines of a file. */
static bool print_count(output *out, const char *label, const options *given, uint64_t selected) {
    printer p;
    printer_open(&p, &given->print, &given->scan);
    char *to = NULL;
    if (!printer_begin(&p, label))
        log_out_of_memory();
    else if (print_prefix(&p, out))
        to = output_reserve(out, 32);
    if (to) {
        to = put_number(to, selected);
        *to++ = given->print.null ? '\0' : '\n';
        output_commit(out, to);
    }
    printer_close(&p);
    return to != NULL && output_end_line(out);
}

/* --files-with-matches and --files-without-match: the name of a file. */
static bool print_name(output *out, const char *label, const options *given) {
    printer p;
    printer_open(&p, &given->print, &given->scan);
    bool ok = print_field(&p, out, true, label, strlen(label), given->print.null ? '\0' : '\n');
    printer_close(&p);
    return ok && output_end_line(out);
}

static bool end_input(output *out, const char *label, void *context, uint64_t selected) {
    const grep_state *state = context;
    const options *given = state->given;
    if (given->quiet)
        return true;
    if (given->list == LIST_NONE)
        return !given->count_lines || print_count(out, label, given, selected);
    return (selected > 0) != (given->list == LIST_SELECTED) || print_name(out, label, given);
}

/* Options that contradict each other. */
static bool check_options(const options *given) {
    const char *problem = NULL;
    if (given->only_matching && given->invert)
        problem = "a line that '--invert-match' selects has no match for '--only-matching'";
    else if (given->print.json && (given->count_lines || given->list != LIST_NONE))
        problem = "'--json' prints lines, which '--count' and the lists of files do not";
    else if (given->print.json && given->print.null)
        problem = "'--json' cannot be combined with '--null'";
    if (!problem)
        return true;
    log_error("%s", problem);
    log_try_help(given->command->name);
    return false;
}

/* Whether lines are handled one by one, in input order. */
static bool needs_order(const options *given) {
    return given->max_count != UINT64_MAX || given->groups || given->with_address ||
           given->list != LIST_NONE ||
           ((given->print.json || given->print.null) && !given->only_matching);
}

static int run(options *given) {
    static const match_sink lines = {.whole_lines = true,
                                     .open = open_selector,
                                     .close = close_selector,
                                     .begin = begin_lines,
                                     .on_view = on_lines,
                                     .input_done = end_input};
    static const match_sink each_line = {.whole_lines = true,
                                         .open = open_lines,
                                         .close = close_lines,
                                         .begin = begin_each_line,
                                         .on_view = on_each_line,
                                         .input_done = end_input};
    static const match_sink matches = {
        .open = open_selector, .close = close_selector, .on_view = on_matches};
    const match_sink *sink = &lines;
    bool print = !given->quiet && !given->count_lines && given->list == LIST_NONE;
    grep_state state = {.given = given,
                        .lines = {.filter = &given->filter,
                                  .invert = given->invert,
                                  .print = print && !given->only_matching,
                                  .quiet = given->quiet}};
    if (!check_options(given))
        return EXIT_TROUBLE;
    if (given->max_count == 0 && given->list != LIST_UNSELECTED)
        return EXIT_NONE; /* as GNU grep, without a look at the files */
    if (needs_order(given)) {
        state.slow = (line_print_config){.lines = state.lines,
                                         .max_count = given->max_count,
                                         .before = given->before,
                                         .after = given->after,
                                         .groups = given->groups,
                                         .with_address = given->with_address,
                                         .only_matching = given->only_matching};
        state.slow.lines.print = print;
        state.slow.lines.quiet |= given->list != LIST_NONE;
        given->scan.one_thread = true;
        sink = &each_line;
    } else if (given->only_matching && print) {
        sink = &matches;
    }
    const bool one_file = given->n_operands == 1 && !given->scan.walk.recursive;
    search_result result = search_files(&given->scan, given->n_operands, given->operands,
                                        given->count_lines && one_file, given->quiet, sink, &state);
    if (given->scan.stats)
        print_stats(&result, NULL);
    if (given->quiet && result.counts.selected)
        return EXIT_FOUND;
    return result.failed || label_source_failed(&given->labels) ? EXIT_TROUBLE
           : result.counts.selected                             ? EXIT_FOUND
                                                                : EXIT_NONE;
}

const subcommand command_grep = {
    .id = COMMAND_grep,
    .name = "grep",
    .summary = "print the lines with an address in given networks",
    .usage = {"[OPTION]... NETWORKS [FILE]...", "[OPTION]... {-e NETWORKS | -f LIST}... [FILE]..."},
    .about = "Print the lines of the FILEs or standard input with an address in NETWORKS, such "
             "as 192.0.2.0/24,10.0.0.1-10.0.0.9, 2001:db8::/32 or private.",
    .notes =
        "FILE - is standard input; compressed data and packet captures are read. Exit status: 0 "
        "if a line was selected, 1 if none was, 2 after an error.",
    .manual =
        "Prints the lines of the files, or of standard input, with an address in any of the\n"
        "networks. The first operand is NETWORKS unless `-e` or `-f` is given; beside `--only` or "
        "`--not`\n"
        "only if it reads as networks and no file has its name. `simdinet`(1) describes what "
        "counts as an\n"
        "address, how input is read, and the exit status.\n"
        "# NETWORKS\n"
        "Networks are separated by commas.\n"
        ": `192.0.2.0/24`, `2001:db8::/32`\n"
        "All addresses with this prefix; the bits after it are ignored.\n"
        ": `192.0.2.0/255.255.255.0`\n"
        "The same with a netmask.\n"
        ": `192.0.2.1-192.0.2.9`\n"
        "All addresses from the first to the last.\n"
        ": `192.0.2.1`, `2001:db8::1`\n"
        "One address.\n"
        ": `private`, `global`, `loopback`, `link-local`, `unique-local`, `shared`, `multicast`, "
        "`broadcast`, `documentation`, `benchmarking`, `reserved`, `protocol`, `unspecified`, "
        "`this-network`, `mapped`, `6to4`, `teredo`, `nat64`, `discard`\n"
        "The addresses of a class, by IANA's special-purpose registries; see `simdinet_class`(3).\n"
        "\n"
        "An IPv4-mapped address (`::ffff:192.0.2.1`) is also in the networks of its IPv4 address,\n"
        "and a network of mapped addresses is one of IPv4. `-4` and `-6` take it for an IPv4 "
        "address. "
        "With\n"
        "`--mapped` it is an IPv6 address only. `count` and `extract --unique` do the same.\n"
        "\n"
        "A line of a list has networks, separated by commas, and after them a label, which a comma "
        "or\n"
        "blanks precede: `192.0.2.0/24,US` or `192.0.2.0/24 my network`. A second address, after "
        "blanks, is\n"
        "a netmask or the end of a range (`10.0.0.0 255.0.0.0 office`, `192.0.2.0 192.0.2.9 US`; "
        "after\n"
        "a line that ends with 223.255.255.255, `224.0.0.0 255.255.255.255` is a range, too); "
        "after a comma it is\n"
        "another network, except in a CSV file of ranges. That is a list whose first network is "
        "two\n"
        "addresses before a label, the first of which ends in .0 and the second in .255 "
        "(`1.0.0.0,1.0.0.255,AU`; in IPv6 64 bits are 0 and 1): in all of its lines two addresses "
        "are a\n"
        "range. In another list such a line is an error. `#` and `;` start comments, and blank "
        "lines are ignored. A hosts\n"
        "file is a list. A list may be compressed. An invalid line is reported with file, line and "
        "reason,\n"
        "and nothing is searched unless `--skip-invalid` is given; the exit status is then that of "
        "the\n"
        "search.\n"
        "\n"
        "# LABELS\n"
        "`--label` prints the smallest network that holds the first selected address of a line, "
        "and its\n"
        "label; of equal networks, the last. The label of a class is its name.\n"
        "\n"
        "With `--mmdb` labels come from a MaxMind database instead: the value of a field in the "
        "record of\n"
        "the address. A field is a path of names and, in arrays, of numbers from 0, separated by "
        "dots:\n"
        "`country.iso_code`, `names.en`, `subdivisions.0.iso_code`. The default is the first of\n"
        "`autonomous_system_number`, `country.iso_code`, `asn`, `country_code` and `country` that "
        "the\n"
        "records have. Text, numbers, booleans and bytes (in hexadecimal) are printed; an address "
        "without\n"
        "such a value has no label. An IPv4-mapped address is looked up as its IPv4 address.\n"
        "# OPTIONS\n"
        "Options about lines work as in `grep`(1). Those about context, `-m`, `-l`, `-L`, `-0`, "
        "`--json`\n"
        "and `--with-address` use one thread. `-o` and `-v` contradict each other.\n"
        "# JSON\n"
        "The members of an object are `file`, `line` (from 1), `offset` (of the line, from 0), "
        "`text`\n"
        "(without its end; what is not UTF-8 becomes U+FFFD), `context` (true for lines of "
        "context) and\n"
        "`matches`: objects with `start` and `end` (bytes in the line), `address`, `canonical` "
        "and\n"
        "`family`. With `-o`, an object is that of `simdinet-extract`(1).\n"
        "# CAVEATS\n"
        "# EXAMPLES\n"
        "    simdinet grep 10.0.0.0/8 firewall.log\n"
        "    simdinet grep -v -e 10.0.0.0/8 -e fc00::/7 access.log\n"
        "    simdinet grep --only=global --not=192.0.2.0/24 access.log\n"
        "    simdinet grep -o --label -f customers.csv access.log\n"
        "    tail -f mail.log | simdinet grep -f blocklist.txt\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-extract`(1), `grep`(1)\n",
    .operands = OPERANDS_NETWORK,
    .run = run,
};
