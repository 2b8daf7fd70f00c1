/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * extract.c - simdinet extract: prints the addresses in a text.
 */
#include "address_counter.h"
#include "address_parts.h"
#include "exit_status.h"
#include "log.h"
#include "option_table.h"
#include "search.h"

#include <stdlib.h>

typedef struct {
    const options *given;
    address_counter *seen; /* --unique, or NULL */
} extract_state;

static bool open_printer(range_scanner *scanner) {
    const extract_state *state = scanner->job->state;
    printer *p = malloc(sizeof *p);
    scanner->own = p;
    if (p)
        printer_open(p, &state->given->print, scanner->job->config);
    return p != NULL;
}

static void begin_printer(range_scanner *scanner) {
    printer *p = scanner->own;
    p->parts_end = 0;
    p->range_begins = true;
}

static void close_printer(range_scanner *scanner) {
    if (scanner->own)
        printer_close(scanner->own);
    free(scanner->own);
}

/* Whether an IPv4-mapped address is the same as its IPv4 address. */
static bool is_ipv4(const extract_state *state, const simdinet_match *match) {
    return match->family == 4 || (match->flags & SIMDINET_MATCH_MAPPED && !state->given->mapped);
}

static const uint8_t *address_of(const extract_state *state, const simdinet_match *match) {
    return match->address + (match->family == 6 && is_ipv4(state, match) ? 12 : 0);
}

static void prefetch(const extract_state *state, const simdinet_match *match) {
    address_counter_prefetch(state->seen, address_of(state, match), !is_ipv4(state, match));
}

static sink_result print_new(printer *p, range_scanner *scanner, const buffer_view *view) {
    enum { AHEAD = 8 };
    const extract_state *state = scanner->job->state;
    for (size_t i = 0; i < view->count; i++) {
        const simdinet_match *match = &view->matches[i];
        if (i + AHEAD < view->count)
            prefetch(state, match + AHEAD);
        if (!address_filter_accepts(&state->given->filter, match))
            continue;
        int added =
            address_counter_add(state->seen, address_of(state, match), !is_ipv4(state, match));
        if (added < 0) {
            log_out_of_memory();
            return SINK_FAILED;
        }
        scanner->counts.selected += (unsigned)added;
        if (added && !print_matches(p, scanner, view, match, 1))
            return SINK_FAILED;
    }
    return SINK_CONTINUE;
}

static sink_result print_all(printer *p, range_scanner *scanner, const buffer_view *view) {
    scanner->counts.selected += view->count;
    return print_matches(p, scanner, view, view->matches, view->count) ? SINK_CONTINUE
                                                                       : SINK_FAILED;
}

static sink_result print_filtered(printer *p, range_scanner *scanner, const buffer_view *view) {
    enum { GROUP = 64 };
    const extract_state *state = scanner->job->state;
    simdinet_match accepted[GROUP];
    for (size_t i = 0; i < view->count;) {
        size_t n = 0;
        for (; i < view->count && n < GROUP; i++) {
            address_filter_prefetch(&state->given->filter, &view->matches[i], view->count - i);
            if (address_filter_accepts(&state->given->filter, &view->matches[i]))
                accepted[n++] = view->matches[i];
        }
        scanner->counts.selected += n;
        if (!print_matches(p, scanner, view, accepted, n))
            return SINK_FAILED;
    }
    return SINK_CONTINUE;
}

/* The first match of a range may be the netmask of an address that another thread prints. */
static void skip_netmask(const extract_state *state, printer *p, const range_scanner *scanner,
                         const buffer_view *view) {
    simdinet_match before[SIMDINET_SCAN_CONTEXT];
    p->range_begins = false;
    if (view->base + view->matches->offset >= scanner->begin + PARTS_LOOK_AHEAD)
        return;
    const size_t n = find_matches_before(scanner, view, before, sizeof before / sizeof *before);
    for (size_t i = 0; i < n; i++)
        if (address_filter_accepts(&state->given->filter, &before[i]))
            p->parts_end =
                view->base +
                address_parts_find(view->text, view->len, &before[i], p->config->parts).end;
}

static sink_result on_view(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    const extract_state *state = scanner->job->state;
    printer *p = scanner->own;
    if (!printer_begin(p, scanner->job->label)) {
        log_out_of_memory();
        return SINK_FAILED;
    }
    if (p->range_begins && p->config->parts & PART_PREFIX && view->count > 0)
        skip_netmask(state, p, scanner, view);
    sink_result result = state->seen ? print_new(p, scanner, view)
                         : address_filter_is_set(&state->given->filter)
                             ? print_filtered(p, scanner, view)
                             : print_all(p, scanner, view);
    if (p->scan->line_number)
        line_number_at(&scanner->lines, view, view->scanned);
    *keep = view->scanned;
    return result;
}

static int run(options *given) {
    if (given->scan.rejected && (given->unique || given->print.canonical || given->print.defang)) {
        log_error("--rejected cannot be combined with --unique, --canonical or --defang");
        log_try_help(given->command->name);
        return EXIT_TROUBLE;
    }
    if (given->scan.rejected && given->scan.flags & SIMDINET_SCAN_RECALL) {
        log_error(
            "--rejected cannot be combined with --doubtful, which prints the same candidates");
        log_try_help(given->command->name);
        return EXIT_TROUBLE;
    }
    if (given->print.json && given->print.null) {
        log_error("'--json' cannot be combined with '--null'");
        log_try_help(given->command->name);
        return EXIT_TROUBLE;
    }
    if (given->print.parts && given->scan.rejected) {
        log_error("--with cannot be combined with --rejected");
        log_try_help(given->command->name);
        return EXIT_TROUBLE;
    }
    static const match_sink sink = {
        .open = open_printer, .close = close_printer, .begin = begin_printer, .on_view = on_view};
    extract_state state = {.given = given, .seen = given->unique ? address_counter_new() : NULL};
    if (given->unique && !state.seen) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    search_result result =
        search_files(&given->scan, given->n_operands, given->operands, false, false, &sink, &state);
    if (given->scan.stats)
        print_stats(&result, NULL);
    address_counter_free(state.seen);
    return result.failed || label_source_failed(&given->labels) ? EXIT_TROUBLE
           : result.counts.selected                             ? EXIT_FOUND
                                                                : EXIT_NONE;
}

const subcommand command_extract = {
    .id = COMMAND_extract,
    .name = "extract",
    .summary = "print every IPv4 and IPv6 address in a text",
    .usage = {"[OPTION]... [FILE]..."},
    .about = "Print every IPv4 and IPv6 address in the FILEs or standard input, one per "
             "line.",
    .notes =
        "FILE - is standard input; compressed data and packet captures are read. Exit status: 0 "
        "if an address was found, 1 if none was, 2 after an error.",
    .manual =
        "Prints every IPv4 and IPv6 address in the files, or in standard input, one per line, "
        "with\n"
        "the spelling of the input. `simdinet`(1) describes what counts as an address, how input "
        "is\n"
        "read, and the exit status.\n"
        "# OPTIONS\n"
        "# JSON\n"
        "The members of an object, in this order:\n"
        ": `file`\n"
        "The name of the file, with U+FFFD for bytes that are not UTF-8.\n"
        ": `line`\n"
        "The line number, from 1; only with `-n`.\n"
        ": `offset`\n"
        "The byte offset, from 0.\n"
        ": `address`\n"
        "The address with the spelling of the input.\n"
        ": `canonical`\n"
        "Its canonical form.\n"
        ": `defanged`\n"
        "With `--defang`, the same as `192[.]0[.]2[.]1`.\n"
        ": `family`\n"
        "4 or 6.\n"
        ": `port`\n"
        "The port that follows, if it is not separated by a delimiter of its own: of "
        "`192.0.2.1.443 >`\n"
        "and `2001:db8::1:58340`, but not of `192.0.2.1:443`.\n"
        ": `zone`, `prefix`, `last`, `class`\n"
        "With `--with`: the zone, the prefix length, the last address of a range, a list of "
        "classes.\n"
        ": `rule`\n"
        "With `--doubtful`, the rule that would reject it; see REJECTED.\n"
        ": `flags`\n"
        "A list of what is known of the address; see FLAGS.\n"
        ": `network`, `label`\n"
        "With `--with=label`, and with `grep --label`: the network of the address and its label, "
        "or "
        "empty.\n"
        "# FLAGS\n"
        "@flags\n"
        "# REJECTED\n"
        "`--rejected` prints what looks like an address and is not printed otherwise, one per "
        "line: the\n"
        "line number, the text, a tab, and the name of the rule. The file name precedes them if "
        "there\n"
        "are several files. A JSON object has `text` in place of `address` and `canonical`, and "
        "`rule`.\n"
        "A text longer than 64 bytes is cut. The rules:\n"
        ": `word-before`, `word-after`\n"
        "A letter, digit or underscore adjoins it: `host_192.0.2.1`, `192.0.2.1b`.\n"
        ": `dotted-run`\n"
        "More than four numbers: `192.0.2.1.5`.\n"
        ": `invalid-ipv4`, `invalid-ipv6`\n"
        "It is not an address: `192.0.2.256`, `1::2::3`.\n"
        ": `colon-hex`\n"
        "It is the end of an IPv6 address: `::ffff:192.0.2.1`.\n"
        ": `hardware-address`\n"
        "Six or more groups of two digits: `00:00:5e:00:53:01`.\n"
        ": `bare-unspecified`\n"
        "`::` next to other bytes: `--::--`.\n"
        ": `version-slash` and so on\n"
        "It is a version number by this heuristic; see HEURISTICS in `simdinet`(1).\n"
        "# CAVEATS\n"
        "# EXAMPLES\n"
        "    simdinet extract -6 --canonical --unique /var/log/*.log.gz\n"
        "    simdinet extract --with=prefix,range,port routes.log\n"
        "    simdinet extract --only=global --not=192.0.2.0/24 access.log\n"
        "    simdinet extract -b packet.log | head\n"
        "    simdinet extract --defanged --canonical --unique report.txt > blocklist.txt\n"
        "    simdinet extract --rejected app.log | cut -f 2 | sort | uniq -c\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-count`(1), `simdinet-grep`(1)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
