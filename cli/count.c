/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * count.c - simdinet count: how often each address or prefix occurs, the most frequent first.
 */
#include "cli.h"
#include "input.h"
#include "tally.h"

#include <string.h>

static const char help[] =
    "Usage: simdinet count [OPTION]... [FILE]...\n"
    "Count the IPv4 and IPv6 addresses in the FILEs or in standard input. Print each\n"
    "with its count, the most frequent first, ties in the order of the addresses.\n"
    "\n"
    "  -4, --ipv4       IPv4 only               -6, --ipv6   IPv6 only\n"
    "  -n, --top=K      print only the K most frequent\n"
    "      --by=L4,L6   count networks with prefixes of these lengths, as in /24,/48;\n"
    "                   a length that is left out stands for whole addresses\n"
    "      --json       print a JSON object a line\n"
    "      --mapped     count ::ffff:a.b.c.d on its own, not as a.b.c.d\n"
    "      --versions   count version-like numbers too, as in Product/1.2.3.4\n"
    "      --stats      print lines, bytes, addresses and the rate to stderr\n"
    "  -j, --threads=N  threads for large files (as many as processors)\n"
    "  -h, --help       print this help\n"
    "\n"
    "A FILE of - is standard input; gzip and zstd data are inflated. Exit status:\n"
    "0 when an address was found, 1 when none was, 2 when there was trouble.\n";

typedef struct {
    tally *addresses;
    uint8_t ipv4_mask[4], ipv6_mask[16];
    bool masked;
    atomic_bool lost; /* memory was short for some address: no count can be trusted */
} count_state;

static void make_mask(uint8_t *mask, unsigned length) {
    for (unsigned bit = 0; bit < length; bit++)
        mask[bit / 8] = (uint8_t)(mask[bit / 8] | 0x80u >> bit % 8);
}

static bool add_ipv4(const count_state *state, tally_hand *hand, const uint8_t *address) {
    uint8_t masked[4];
    if (!state->masked)
        return tally_add_ipv4(hand, address);
    for (unsigned i = 0; i < 4; i++)
        masked[i] = address[i] & state->ipv4_mask[i];
    return tally_add_ipv4(hand, masked);
}

static bool add_ipv6(const count_state *state, tally_hand *hand, const uint8_t *address) {
    uint8_t masked[16];
    if (!state->masked)
        return tally_add_ipv6(hand, address);
    for (unsigned i = 0; i < 16; i++)
        masked[i] = address[i] & state->ipv6_mask[i];
    return tally_add_ipv6(hand, masked);
}

static bool open_hand(worker *self) {
    const count_state *state = self->job->state;
    self->own = tally_hand_new(state->addresses);
    return self->own != NULL;
}

static void close_hand(worker *self) {
    count_state *state = self->job->state;
    if (!tally_hand_free(self->own)) {
        atomic_store(&state->lost, true);
        complain_memory();
        atomic_store(&self->job->failed, true);
    }
}

static take_verdict take(worker *self, const window *view, size_t *keep) {
    count_state *state = self->job->state;
    bool mapped = self->job->given->mapped, good = true;
    for (size_t i = 0; i < view->count && good; i++) {
        const simdinet_match *match = &view->matches[i];
        if (match->family == 4)
            good = add_ipv4(state, self->own, match->address);
        else if (match->flags & SIMDINET_MATCH_MAPPED && !mapped)
            good = add_ipv4(state, self->own, match->address + 12);
        else
            good = add_ipv6(state, self->own, match->address);
    }
    *keep = view->judged;
    if (good)
        return GO_ON;
    atomic_store(&state->lost, true);
    complain_memory();
    return FAILED;
}

static char *put_address(char *to, const options *given, const tally_entry *entry) {
    unsigned length = entry->ipv6 ? given->by_ipv6 : given->by_ipv4;
    to += entry->ipv6 ? simdinet_format_ipv6(entry->address, to)
                      : simdinet_format_ipv4(entry->address, to);
    if (length == (entry->ipv6 ? 128 : 32))
        return to;
    *to++ = '/';
    return put_number(to, length);
}

/* A count at the right of seven columns and an address, as uniq -c has it. */
static char *put_row(char *to, const options *given, const tally_entry *entry) {
    enum { COLUMNS = 7 };
    char digits[24];
    size_t len = (size_t)(put_number(digits, entry->count) - digits);
    for (size_t i = len; i < COLUMNS; i++)
        *to++ = ' ';
    memcpy(to, digits, len);
    to += len;
    *to++ = ' ';
    to = put_address(to, given, entry);
    *to++ = '\n';
    return to;
}

static char *put_json(char *to, const options *given, const tally_entry *entry) {
    bool whole = entry->ipv6 ? given->by_ipv6 == 128 : given->by_ipv4 == 32;
    to = put_text(to, whole ? "{\"address\":\"" : "{\"network\":\"");
    to = put_address(to, given, entry);
    to = put_text(to, entry->ipv6 ? "\",\"family\":6,\"count\":" : "\",\"family\":4,\"count\":");
    to = put_number(to, entry->count);
    return put_text(to, "}\n");
}

static bool print_entries(const options *given, const tally_entry *entries, size_t distinct) {
    output out;
    bool good = output_open(&out, 64 * 1024, false);
    if (!good)
        complain_memory();
    for (size_t i = 0; i < distinct && i < given->top && good; i++) {
        char *to = output_room(&out, 256);
        good = to != NULL;
        if (good)
            output_filled(&out, given->json ? put_json(to, given, &entries[i])
                                            : put_row(to, given, &entries[i]));
    }
    good = good && output_flush(&out);
    output_close(&out);
    return good;
}

int command_count(int argc, char **argv) {
    static const match_sink sink = {
        .prints_last = true, .open = open_hand, .close = close_hand, .take = take};
    options given;
    int status;
    if (!options_read(&given, FOR_COUNT, argc, argv, help, &status))
        return status;
    count_state state = {.addresses = tally_new()};
    state.masked = given.by_ipv4 < 32 || given.by_ipv6 < 128;
    make_mask(state.ipv4_mask, given.by_ipv4);
    make_mask(state.ipv6_mask, given.by_ipv6);
    if (!state.addresses) {
        complain_memory();
        return EXIT_TROUBLE;
    }
    totals sums = walk_inputs(&given, &sink, &state);
    const tally_entry *entries = NULL;
    size_t distinct = 0;
    if (!tally_sort(state.addresses, &entries, &distinct)) {
        complain_memory();
        sums.trouble = true;
    }
    bool lost = atomic_load(&state.lost);
    bool good = !lost && print_entries(&given, entries, distinct) && !sums.trouble;
    uint64_t distinct_addresses = distinct;
    if (given.stats)
        print_stats(&sums, &distinct_addresses);
    tally_free(state.addresses);
    options_free(&given);
    return !good ? EXIT_TROUBLE : distinct ? EXIT_FOUND : EXIT_NONE;
}
