/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * count.c - simdinet count: counts how often each address or network occurs.
 */
#include "count_printer.h"
#include "exit_status.h"
#include "log.h"
#include "option_table.h"
#include "search.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef struct {
    const options *given;
    address_counter *counter;
    uint8_t ipv4_mask[4], ipv6_mask[16];
    count_print_config print;
    uint64_t distinct;      /* with --by-file, added up over the files */
    atomic_bool incomplete; /* out of memory for an address: no count is right */
} count_state;

static void make_mask(uint8_t *mask, unsigned length) {
    for (unsigned bit = 0; bit < length; bit++)
        mask[bit / 8] = (uint8_t)(mask[bit / 8] | 0x80u >> bit % 8);
}

static bool open_batch(range_scanner *scanner) {
    const count_state *state = scanner->job->state;
    scanner->own = local_batch_new(state->counter, scanner->job->config->threads == 1);
    return scanner->own != NULL;
}

static void fail(range_scanner *scanner) {
    count_state *state = scanner->job->state;
    atomic_store(&state->incomplete, true);
    log_out_of_memory();
}

static void close_batch(range_scanner *scanner) {
    if (!local_batch_free(scanner->own)) {
        fail(scanner);
        atomic_store(&scanner->job->failed, true);
    }
}

/* Puts the network of an address into a group. Both families are stored and one is kept: which it is cannot be
 * predicted. */
static void put_network(const count_state *state, address_group *group,
                        const simdinet_match *match) {
    const bool mapped = match->flags & SIMDINET_MATCH_MAPPED && !state->given->mapped;
    const bool ipv4 = match->family == 4 || mapped;
    uint32_t address, mask;
    uint64_t halves[2], masks[2];
    memcpy(&address, match->address + (mapped ? 12 : 0), sizeof address);
    memcpy(&mask, state->ipv4_mask, sizeof mask);
    memcpy(halves, match->address, sizeof halves);
    memcpy(masks, state->ipv6_mask, sizeof masks);
    halves[0] &= masks[0];
    halves[1] &= masks[1];
    group->ipv4[group->ipv4_count] = address & mask;
    memcpy(group->ipv6[group->ipv6_count], halves, sizeof halves);
    group->ipv4_count += ipv4;
    group->ipv6_count += !ipv4;
}

static sink_result on_view(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    const count_state *state = scanner->job->state;
    const bool filtered = address_filter_is_set(&state->given->filter);
    bool ok = true;
    for (size_t i = 0; i < view->count && ok;) {
        address_group group;
        group.ipv4_count = group.ipv6_count = 0;
        const size_t end = view->count - i < GROUP_SIZE ? view->count : i + GROUP_SIZE;
        for (; i < end; i++) {
            const simdinet_match *match = &view->matches[i];
            if (filtered)
                address_filter_prefetch(&state->given->filter, match, view->count - i);
            if (!filtered || address_filter_accepts(&state->given->filter, match))
                put_network(state, &group, match);
        }
        ok = local_batch_add(scanner->own, &group);
    }
    *keep = view->scanned;
    if (ok)
        return SINK_CONTINUE;
    fail(scanner);
    return SINK_FAILED;
}

static bool flush_batch(range_scanner *scanner) {
    if (local_batch_flush(scanner->own))
        return true;
    fail(scanner);
    return false;
}

/* Adds a count to that of the label of its address; "-": no label. */
static bool add_label(label_counter *labels, const label_source *source,
                      const address_count *entry) {
    address_label found;
    label_source_name(source, entry->address, entry->ipv6, &found);
    return found.label_len > 0
               ? label_counter_add(labels, found.label, found.label_len, entry->count)
               : label_counter_add(labels, "-", 1, entry->count);
}

static size_t limit(const options *given, size_t n) {
    return n < given->top ? n : (size_t)given->top;
}

/* --by-label: prints the counts of addresses summed by label. */
static bool print_labels(const count_state *state, output *out, const char *file,
                         const address_count *counts, size_t n, count_rows *rows) {
    const options *given = state->given;
    label_counter *labels = label_counter_new();
    bool ok = labels != NULL;
    for (size_t i = 0; i < n && ok; i++)
        ok = add_label(labels, &given->labels, &counts[i]);
    if (ok) {
        rows->labels = label_counter_sort(labels, &n);
        rows->n = limit(given, n);
        rows->distinct = n;
        if (given->sort_by_address)
            label_counter_order(labels, rows->n);
        ok = print_counts(out, &state->print, file, rows);
    } else {
        log_out_of_memory();
    }
    label_counter_free(labels);
    return ok;
}

/* Prints the counts in the wanted order. False: logged. */
static bool print_sorted(count_state *state, output *out, const char *label) {
    const options *given = state->given;
    const address_count *counts;
    size_t n;
    count_rows rows = {0};
    const bool top = given->top != UINT64_MAX;
    if (!address_counter_sort(state->counter, top || !given->sort_by_address, &counts, &n)) {
        log_out_of_memory();
        return false;
    }
    for (size_t i = 0; i < n; i++)
        rows.sum += counts[i].count;
    state->distinct += n;
    if (given->label)
        return print_labels(state, out, label, counts, n, &rows);
    rows.addresses = counts;
    rows.n = limit(given, n);
    rows.distinct = n;
    if (top && given->sort_by_address)
        address_counter_order(state->counter, rows.n);
    return print_counts(out, &state->print, label, &rows);
}

/* --by-file: prints the counts of an input and clears them. */
static bool print_file(output *out, const char *label, void *context, uint64_t selected) {
    count_state *state = context;
    (void)selected;
    if (atomic_load(&state->incomplete) || !print_sorted(state, out, label))
        return false;
    address_counter_clear(state->counter);
    return true;
}

/* The width of the terminal that is the standard output; 0: it is none. */
static unsigned terminal_columns(void) {
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static count_print_config print_config_of(const options *given) {
    count_print_config config = {.format = (count_format)given->count_format,
                                 .percent = given->percent,
                                 .total = given->total,
                                 .labels = given->label,
                                 .min = given->min_count,
                                 .ipv4_prefix = given->ipv4_prefix,
                                 .ipv6_prefix = given->ipv6_prefix};
    if (given->bars && config.format == COUNT_TEXT)
        config.bar_columns = terminal_columns();
    return config;
}

static bool open_output(count_state *state, output *out) {
    if (!output_open(out, (size_t)64 * 1024, false)) {
        log_out_of_memory();
        return false;
    }
    return print_count_header(out, &state->print, state->given->print.file_names) &&
           output_flush(out);
}

static int run(options *given) {
    static const match_sink sink = {
        .addresses_only = true, .open = open_batch, .close = close_batch, .on_view = on_view};
    static const match_sink by_file = {.addresses_only = true,
                                       .open = open_batch,
                                       .close = close_batch,
                                       .on_view = on_view,
                                       .flush = flush_batch,
                                       .input_done = print_file};
    count_state state = {
        .given = given, .counter = address_counter_new(), .print = print_config_of(given)};
    output out = {0};
    if (!state.counter) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    make_mask(state.ipv4_mask, given->ipv4_prefix);
    make_mask(state.ipv6_mask, given->ipv6_prefix);
    bool ok = open_output(&state, &out);
    search_result result = {0};
    if (ok)
        result =
            search_files(&given->scan, given->n_operands, given->operands, !given->print.file_names,
                         false, given->print.file_names ? &by_file : &sink, &state);
    ok = ok && !atomic_load(&state.incomplete) &&
         (given->print.file_names || print_sorted(&state, &out, NULL)) && output_flush(&out) &&
         !result.failed;
    output_close(&out);
    if (given->scan.stats)
        print_stats(&result, &state.distinct);
    ok = ok && !label_source_failed(&given->labels);
    address_counter_free(state.counter);
    return !ok ? EXIT_TROUBLE : state.distinct ? EXIT_FOUND : EXIT_NONE;
}

const subcommand command_count = {
    .id = COMMAND_count,
    .name = "count",
    .summary = "print each address with its count, the most frequent first",
    .usage = {"[OPTION]... [FILE]..."},
    .about = "Count the IPv4 and IPv6 addresses in the FILEs or standard input. Print each "
             "with its count, the most frequent first, equal counts in address order.",
    .notes =
        "FILE - is standard input; compressed data and packet captures are read. Exit status: 0 "
        "if an address was found, 1 if none was, 2 after an error.",
    .manual =
        "Counts how often each IPv4 and IPv6 address occurs in the files, or in standard input, "
        "and\n"
        "prints each with its count: the most frequent first, equal counts in address order, IPv4\n"
        "before IPv6. The count is right-aligned in seven columns, as in the output of `uniq -c`.\n"
        "\n"
        "Different spellings of an address are counted together, and an IPv4-mapped address\n"
        "(`::ffff:192.0.2.1`) is counted as its IPv4 address, also by `-4` and `-6`.\n"
        "\n"
        "If a large file cannot be read to its end, the counts may include addresses past the "
        "error,\n"
        "which other threads have read; with `-j 1` they do not.\n"
        "\n"
        "`simdinet`(1) describes what counts as an address, how input is read, and the exit "
        "status.\n"
        "# OPTIONS\n"
        "# FORMATS\n"
        "Percentages are of all addresses, printed or not, with one decimal. `--total` ends the "
        "output\n"
        "with the number of all addresses. The columns of CSV and TSV are `file` (with "
        "`--by-file`),\n"
        "`count`, `percent` (with `--percent`) and `address` (or `network`, or `label`), as the "
        "first\n"
        "line says; in TSV, tab, newline and backslash in a name are written as escapes.\n"
        "# JSON\n"
        "The members of an object are `file` (with `--by-file`), `address` (or `network`), "
        "`family`,\n"
        "`count` and `percent`; with `--by-label`, `label` in place of `address` and `family`. The "
        "object of\n"
        "`--total` has `total` and `distinct`.\n"
        "# CAVEATS\n"
        "# EXAMPLES\n"
        "    simdinet count --by-label -f customers.csv access.log\n"
        "    simdinet count --by-label --mmdb GeoLite2-ASN.mmdb access.log\n"
        "    simdinet count --only=global -n 10 access.log\n"
        "    simdinet count -n 10 access.log\n"
        "    zcat -f access.log* | simdinet count --by=/24,/48 --json\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-extract`(1), `uniq`(1)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
