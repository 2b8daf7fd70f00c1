/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * count.c - simdinet count: counts how often each address or network occurs.
 */
#include "address_counter.h"
#include "exit_status.h"
#include "log.h"
#include "option_table.h"
#include "search.h"
#include "text.h"

#include <string.h>

typedef struct {
    const options *given;
    address_counter *counter;
    uint8_t ipv4_mask[4], ipv6_mask[16];
    bool masked;
    atomic_bool incomplete; /* out of memory for an address: no count is right */
} count_state;

static void make_mask(uint8_t *mask, unsigned length) {
    for (unsigned bit = 0; bit < length; bit++)
        mask[bit / 8] = (uint8_t)(mask[bit / 8] | 0x80u >> bit % 8);
}

static bool add_ipv4(const count_state *state, local_batch *batch, const uint8_t *address) {
    uint8_t masked[4];
    if (!state->masked)
        return local_batch_add_ipv4(batch, address);
    for (unsigned i = 0; i < 4; i++)
        masked[i] = address[i] & state->ipv4_mask[i];
    return local_batch_add_ipv4(batch, masked);
}

static bool add_ipv6(const count_state *state, local_batch *batch, const uint8_t *address) {
    uint8_t masked[16];
    if (!state->masked)
        return local_batch_add_ipv6(batch, address);
    for (unsigned i = 0; i < 16; i++)
        masked[i] = address[i] & state->ipv6_mask[i];
    return local_batch_add_ipv6(batch, masked);
}

static bool open_batch(range_scanner *scanner) {
    const count_state *state = scanner->job->state;
    scanner->own = local_batch_new(state->counter);
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

static sink_result on_view(range_scanner *scanner, const buffer_view *view, size_t *keep) {
    const count_state *state = scanner->job->state;
    bool mapped = state->given->mapped, ok = true;
    for (size_t i = 0; i < view->count && ok; i++) {
        const simdinet_match *match = &view->matches[i];
        if (match->family == 4)
            ok = add_ipv4(state, scanner->own, match->address);
        else if (match->flags & SIMDINET_MATCH_MAPPED && !mapped)
            ok = add_ipv4(state, scanner->own, match->address + 12);
        else
            ok = add_ipv6(state, scanner->own, match->address);
    }
    *keep = view->scanned;
    if (ok)
        return SINK_CONTINUE;
    fail(scanner);
    return SINK_FAILED;
}

static char *put_network(char *to, const options *given, const address_count *entry) {
    unsigned length = entry->ipv6 ? given->ipv6_prefix : given->ipv4_prefix;
    to += entry->ipv6 ? simdinet_format_ipv6(entry->address, to)
                      : simdinet_format_ipv4(entry->address, to);
    if (length == (entry->ipv6 ? 128 : 32))
        return to;
    *to++ = '/';
    return put_number(to, length);
}

/* The format of uniq -c: the count right-aligned in seven columns. */
static char *put_line(char *to, const options *given, const address_count *entry) {
    enum { COLUMNS = 7 };
    char digits[24];
    size_t len = (size_t)(put_number(digits, entry->count) - digits);
    for (size_t i = len; i < COLUMNS; i++)
        *to++ = ' ';
    to = put_bytes(to, digits, len);
    *to++ = ' ';
    to = put_network(to, given, entry);
    *to++ = '\n';
    return to;
}

static char *put_json(char *to, const options *given, const address_count *entry) {
    bool whole = entry->ipv6 ? given->ipv6_prefix == 128 : given->ipv4_prefix == 32;
    to = put_text(to, whole ? "{\"address\":\"" : "{\"network\":\"");
    to = put_network(to, given, entry);
    to = put_text(to, entry->ipv6 ? "\",\"family\":6,\"count\":" : "\",\"family\":4,\"count\":");
    to = put_number(to, entry->count);
    return put_text(to, "}\n");
}

static bool print_counts(const options *given, const address_count *counts, size_t n) {
    output out;
    bool ok = output_open(&out, 64 * 1024, false);
    if (!ok)
        log_out_of_memory();
    for (size_t i = 0; i < n && i < given->top && ok; i++) {
        char *to = output_reserve(&out, 256);
        ok = to != NULL;
        if (ok)
            output_commit(&out, given->print.json ? put_json(to, given, &counts[i])
                                                  : put_line(to, given, &counts[i]));
    }
    ok = ok && output_flush(&out);
    output_close(&out);
    return ok;
}

static int run(options *given) {
    static const match_sink sink = {
        .addresses_only = true, .open = open_batch, .close = close_batch, .on_view = on_view};
    count_state state = {.given = given, .counter = address_counter_new()};
    if (!state.counter) {
        log_out_of_memory();
        return EXIT_TROUBLE;
    }
    state.masked = given->ipv4_prefix < 32 || given->ipv6_prefix < 128;
    make_mask(state.ipv4_mask, given->ipv4_prefix);
    make_mask(state.ipv6_mask, given->ipv6_prefix);
    search_result result =
        search_files(&given->scan, given->n_operands, given->operands, true, false, &sink, &state);
    const address_count *counts = NULL;
    size_t n = 0;
    if (!address_counter_sort(state.counter, &counts, &n)) {
        log_out_of_memory();
        result.failed = true;
    }
    bool ok = !atomic_load(&state.incomplete) && print_counts(given, counts, n) && !result.failed;
    if (given->scan.stats)
        print_stats(&result, &(uint64_t){n});
    address_counter_free(state.counter);
    return !ok ? EXIT_TROUBLE : n ? EXIT_FOUND : EXIT_NONE;
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
        "(`::ffff:192.0.2.1`) is counted as its IPv4 address.\n"
        "\n"
        "If a large file cannot be read to its end, the counts may include addresses past the "
        "error,\n"
        "which other threads have read; with `-j 1` they do not.\n"
        "\n"
        "`simdinet`(1) describes what counts as an address, how input is read, and the exit "
        "status.\n"
        "# OPTIONS\n"
        "# JSON\n"
        "The members of an object are `address` (or `network`), `family` and `count`.\n"
        "# CAVEATS\n"
        "# EXAMPLES\n"
        "    simdinet count -n 10 access.log\n"
        "    zcat -f access.log* | simdinet count --by=/24,/48 --json\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-extract`(1), `uniq`(1)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
