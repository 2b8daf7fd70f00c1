/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * count.c - simdinet count: how often each address occurs, the most frequent first.
 */
#include "cli.h"
#include "tally.h"

#include <getopt.h>
#include <string.h>

static const char help[] =
    "Usage: simdinet count [OPTION]... [FILE]...\n"
    "Count the IPv4 and IPv6 addresses in the FILEs, or in standard input, and print each\n"
    "with its count, the most frequent first, equal counts in the order of the addresses.\n"
    "\n"
    "  -4              IPv4 only\n"
    "  -6              IPv6 only\n"
    "  -n, --top K     print only the K most frequent\n"
    "      --mapped    count ::ffff:a.b.c.d on its own, not as a.b.c.d\n"
    "      --versions  count version-like numbers too, as in Product/1.2.3.4\n"
    "      --stats     print lines, bytes, addresses and the rate to standard error\n"
    "      --help      print this help\n"
    "\n"
    "A FILE of - is standard input. Exit status: 0 when an address was found, 1 when\n"
    "none was, 2 when there was trouble with any file.\n";

typedef struct {
    tally *addresses;
    bool keep_mapped;
    bool no_memory;
} count_state;

static bool count_matches(void *context, const char *text, uint64_t base,
                          const simdinet_match *matches, size_t count) {
    count_state *state = context;
    (void)text;
    (void)base;
    for (size_t i = 0; i < count && !state->no_memory; i++) {
        const simdinet_match *match = &matches[i];
        bool added;
        if (match->family == 4)
            added = tally_add_ipv4(state->addresses, match->address);
        else if (match->flags & SIMDINET_MATCH_MAPPED && !state->keep_mapped)
            added = tally_add_ipv4(state->addresses, match->address + 12);
        else
            added = tally_add_ipv6(state->addresses, match->address);
        state->no_memory = !added;
    }
    return !state->no_memory;
}

static void print_entry(const tally_entry *entry) {
    char text[SIMDINET_IPV6_TEXT_SIZE];
    if (entry->ipv6)
        simdinet_format_ipv6(entry->address, text);
    else
        simdinet_format_ipv4(entry->address, text);
    printf("%7llu %s\n", (unsigned long long)entry->count, text);
}

static int count_files(int files, char **names, unsigned flags, bool keep_mapped, uint64_t top,
                       bool stats) {
    count_state state = {.addresses = tally_new(), .keep_mapped = keep_mapped};
    const tally_entry *entries = NULL;
    size_t distinct = 0;
    scan_stats figures = {0};
    bool good = false;
    state.no_memory = !state.addresses;
    if (!state.no_memory) {
        good = scan_files(files, names, flags, count_matches, &state, &figures);
        state.no_memory = state.no_memory || !tally_sort(state.addresses, &entries, &distinct);
    }
    if (state.no_memory) {
        complain("out of memory");
        good = false;
    } else {
        for (size_t i = 0; i < distinct && i < top; i++)
            print_entry(&entries[i]);
    }
    int status = finish_output(distinct ? EXIT_FOUND : EXIT_NONE);
    uint64_t distinct_addresses = distinct;
    if (stats)
        print_stats(&figures, &distinct_addresses);
    tally_free(state.addresses);
    return good ? status : EXIT_TROUBLE;
}

int command_count(int argc, char **argv) {
    enum { OPTION_MAPPED = 256, OPTION_VERSIONS, OPTION_STATS, OPTION_HELP };
    static const struct option long_options[] = {
        {"top", required_argument, NULL, 'n'},
        {"mapped", no_argument, NULL, OPTION_MAPPED},
        {"versions", no_argument, NULL, OPTION_VERSIONS},
        {"stats", no_argument, NULL, OPTION_STATS},
        {"help", no_argument, NULL, OPTION_HELP},
        {0},
    };
    unsigned flags = 0;
    bool mapped = false, stats = false;
    uint64_t top = UINT64_MAX;
    for (int option; (option = getopt_long(argc, argv, "46n:", long_options, NULL)) != -1;) {
        switch (option) {
        case '4':
            flags |= SIMDINET_SCAN_IPV4;
            break;
        case '6':
            flags |= SIMDINET_SCAN_IPV6;
            break;
        case 'n':
            if (!read_count("-n", optarg, &top))
                return usage_error(argv[0]);
            break;
        case OPTION_MAPPED:
            mapped = true;
            break;
        case OPTION_VERSIONS:
            flags |= SIMDINET_SCAN_VERSIONS;
            break;
        case OPTION_STATS:
            stats = true;
            break;
        case OPTION_HELP:
            fputs(help, stdout);
            return finish_output(EXIT_FOUND);
        default:
            return usage_error(argv[0]);
        }
    }
    return count_files(argc - optind, argv + optind, flags, mapped, top, stats);
}
