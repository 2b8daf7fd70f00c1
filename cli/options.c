/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * options.c - from the arguments of a subcommand to what it shall do.
 */
#include "options.h"

#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An option without a letter has a number above all letters. */
typedef enum {
    OPTION_IPV4 = 256,
    OPTION_IPV6,
    OPTION_CANONICAL,
    OPTION_LINE_NUMBER,
    OPTION_BYTE_OFFSET,
    OPTION_WITH_NAMES,
    OPTION_WITHOUT_NAMES,
    OPTION_JSON,
    OPTION_NULL,
    OPTION_UNIQUE,
    OPTION_VERSIONS,
    OPTION_COLOR,
    OPTION_LINE_BUFFERED,
    OPTION_STATS,
    OPTION_THREADS,
    OPTION_TOP,
    OPTION_BY,
    OPTION_MAPPED,
    OPTION_NETWORK,
    OPTION_NETWORK_FILE,
    OPTION_INVERT,
    OPTION_COUNT,
    OPTION_ONLY_MATCHING,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_PROGRAM_VERSION,
} option_id;

typedef struct {
    char letter; /* or 0 */
    const char *name;
    int argument; /* as getopt_long has it */
    unsigned commands;
    option_id id;
} option_row;

enum { ALL = FOR_EXTRACT | FOR_COUNT | FOR_GREP, NAMED = FOR_EXTRACT | FOR_GREP };

static const option_row table[] = {
    {'4', "ipv4", no_argument, FOR_EXTRACT | FOR_COUNT, OPTION_IPV4},
    {'6', "ipv6", no_argument, FOR_EXTRACT | FOR_COUNT, OPTION_IPV6},
    {0, "canonical", no_argument, FOR_EXTRACT, OPTION_CANONICAL},
    {'n', "line-number", no_argument, NAMED, OPTION_LINE_NUMBER},
    {'b', "byte-offset", no_argument, FOR_EXTRACT, OPTION_BYTE_OFFSET},
    {'H', "with-filename", no_argument, NAMED, OPTION_WITH_NAMES},
    {'h', "no-filename", no_argument, NAMED, OPTION_WITHOUT_NAMES},
    {0, "json", no_argument, FOR_EXTRACT | FOR_COUNT, OPTION_JSON},
    {'0', "null", no_argument, FOR_EXTRACT, OPTION_NULL},
    {0, "unique", no_argument, FOR_EXTRACT, OPTION_UNIQUE},
    {0, "versions", no_argument, ALL, OPTION_VERSIONS},
    {0, "color", optional_argument, NAMED, OPTION_COLOR},
    {0, "colour", optional_argument, NAMED, OPTION_COLOR},
    {0, "line-buffered", no_argument, NAMED, OPTION_LINE_BUFFERED},
    {0, "stats", no_argument, ALL, OPTION_STATS},
    {'j', "threads", required_argument, ALL, OPTION_THREADS},
    {'n', "top", required_argument, FOR_COUNT, OPTION_TOP},
    {0, "by", required_argument, FOR_COUNT, OPTION_BY},
    {0, "mapped", no_argument, FOR_COUNT, OPTION_MAPPED},
    {'e', "network", required_argument, FOR_GREP, OPTION_NETWORK},
    {'f', "file", required_argument, FOR_GREP, OPTION_NETWORK_FILE},
    {'v', "invert-match", no_argument, FOR_GREP, OPTION_INVERT},
    {'c', "count", no_argument, FOR_GREP, OPTION_COUNT},
    {'o', "only-matching", no_argument, FOR_GREP, OPTION_ONLY_MATCHING},
    {'q', "quiet", no_argument, FOR_GREP, OPTION_QUIET},
    {0, "help", no_argument, NAMED, OPTION_HELP},
    {'h', "help", no_argument, FOR_COUNT, OPTION_HELP},
    /* Without it, this would be short for --versions. */
    {'V', "version", no_argument, ALL, OPTION_PROGRAM_VERSION},
};

enum { ROWS = sizeof table / sizeof table[0] };

/* Reads a whole number from 0 to most that fills the text up to its end. */
static bool read_number(const char *text, const char *end, uint64_t most, uint64_t *out) {
    uint64_t value = 0;
    const char *p = text;
    for (; p < end && *p >= '0' && *p <= '9' && value <= most / 10; p++)
        value = value * 10 + (uint64_t)(*p - '0');
    if (p == text || p != end || value > most)
        return false;
    *out = value;
    return true;
}

/* Reads "/24" or "24", or nothing, which leaves *length as it was. */
static bool read_length(const char *text, const char *end, unsigned most, unsigned *length) {
    uint64_t value = *length;
    if (text < end && *text == '/')
        text++;
    else if (text == end)
        return true;
    if (!read_number(text, end, most, &value))
        return false;
    *length = (unsigned)value;
    return true;
}

static bool read_by(const char *text, options *given) {
    const char *end = text + strlen(text), *comma = strchr(text, ',');
    bool good = *text && read_length(text, comma ? comma : end, 32, &given->by_ipv4) &&
                (!comma || read_length(comma + 1, end, 128, &given->by_ipv6));
    if (!good)
        complain("--by: '%s' is no pair of prefix lengths such as /24,/48", text);
    return good;
}

static bool read_color(const char *when, options *given) {
    if (!when || strcmp(when, "always") == 0)
        given->color = COLOR_ALWAYS;
    else if (strcmp(when, "auto") == 0)
        given->color = COLOR_AUTO;
    else if (strcmp(when, "never") == 0)
        given->color = COLOR_NEVER;
    else {
        complain("--color: '%s' is not auto, always or never", when);
        return false;
    }
    return true;
}

static bool read_threads(const char *text, options *given) {
    uint64_t threads;
    if (!read_count("-j", text, &threads))
        return false;
    given->threads = threads < THREADS_MOST ? (unsigned)threads : THREADS_MOST;
    return true;
}

static bool take_option(options *given, option_id id, const char *argument) {
    switch (id) {
    case OPTION_IPV4:
        given->families |= SIMDINET_SCAN_IPV4;
        return true;
    case OPTION_IPV6:
        given->families |= SIMDINET_SCAN_IPV6;
        return true;
    case OPTION_CANONICAL:
        return given->canonical = true;
    case OPTION_LINE_NUMBER:
        return given->line_number = true;
    case OPTION_BYTE_OFFSET:
        return given->byte_offset = true;
    case OPTION_WITH_NAMES:
        given->names = NAMES_ALWAYS;
        return true;
    case OPTION_WITHOUT_NAMES:
        given->names = NAMES_NEVER;
        return true;
    case OPTION_JSON:
        return given->json = true;
    case OPTION_NULL:
        return given->null = true;
    case OPTION_UNIQUE:
        return given->unique = true;
    case OPTION_VERSIONS:
        return given->versions = true;
    case OPTION_COLOR:
        return read_color(argument, given);
    case OPTION_LINE_BUFFERED:
        return given->line_buffered = true;
    case OPTION_STATS:
        return given->stats = true;
    case OPTION_THREADS:
        return read_threads(argument, given);
    case OPTION_TOP:
        return read_count("-n", argument, &given->top);
    case OPTION_BY:
        return read_by(argument, given);
    case OPTION_MAPPED:
        return given->mapped = true;
    case OPTION_NETWORK:
        return given->networks_given = networks_add_argument(given->networks, argument);
    case OPTION_NETWORK_FILE:
        return given->networks_given = networks_add_file(given->networks, argument);
    case OPTION_INVERT:
        return given->invert = true;
    case OPTION_COUNT:
        return given->count_lines = true;
    case OPTION_ONLY_MATCHING:
        return given->only_matching = true;
    case OPTION_QUIET:
        return given->quiet = true;
    case OPTION_HELP:
    case OPTION_PROGRAM_VERSION:
        break;
    }
    return false;
}

/* The processors that this process may run on: fewer than there are under taskset or in a container. */
static unsigned processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n < THREADS_MOST ? (unsigned)n : THREADS_MOST;
}

/* Writes the part of the table that belongs to a subcommand as getopt_long wants it. */
static void getopt_tables(subcommand command, char *letters, struct option *names) {
    for (size_t i = 0; i < ROWS; i++) {
        const option_row *row = &table[i];
        if (!(row->commands & command))
            continue;
        *names++ = (struct option){row->name, row->argument, NULL, (int)row->id};
        if (row->letter) {
            *letters++ = row->letter;
            if (row->argument == required_argument)
                *letters++ = ':';
        }
    }
    *letters = '\0';
    *names = (struct option){0};
}

static option_id id_of_letter(subcommand command, int letter) {
    for (size_t i = 0; i < ROWS; i++)
        if (table[i].letter == letter && table[i].commands & command)
            return table[i].id;
    return (option_id)letter;
}

/* grep's first operand is a network when no option named any. */
static bool take_operands(options *given, subcommand command, int count, char **operands) {
    static char *only_stdin[] = {"-"};
    if (command == FOR_GREP && !given->networks_given) {
        if (count == 0) {
            complain("grep wants a network: as its first operand, or with -e or -f");
            return false;
        }
        if (!networks_add_argument(given->networks, *operands))
            return false;
        operands++;
        count--;
    }
    given->files = count ? count : 1;
    given->names_of_files = count ? operands : only_stdin;
    return true;
}

bool options_read(options *given, subcommand command, int argc, char **argv, const char *help,
                  int *status) {
    char letters[2 * ROWS + 1];
    struct option names[ROWS + 1];
    getopt_tables(command, letters, names);
    *given = (options){.threads = processors(), .top = UINT64_MAX, .by_ipv4 = 32, .by_ipv6 = 128};
    /* Lines want to be told apart; what extract prints goes on to sort and uniq. */
    given->names = command == FOR_GREP ? NAMES_AUTO : NAMES_NEVER;
    *status = EXIT_TROUBLE;
    if (command == FOR_GREP && !(given->networks = networks_new())) {
        complain_errno("networks");
        return false;
    }
    for (int c; (c = next_option(argc, argv, letters, names)) != -1;) {
        option_id id = c < OPTION_IPV4 ? id_of_letter(command, c) : (option_id)c;
        if (id == OPTION_HELP || id == OPTION_PROGRAM_VERSION) {
            *status = id == OPTION_HELP ? print_help(help) : print_version();
            return false;
        }
        if (c == '?' || !take_option(given, id, optarg)) {
            if (c == '?' || (id != OPTION_NETWORK && id != OPTION_NETWORK_FILE))
                usage_error(argv[0]);
            return false;
        }
    }
    if (take_operands(given, command, argc - optind, argv + optind))
        return true;
    if (command == FOR_GREP && argc == optind)
        usage_error(argv[0]);
    return false;
}

void options_free(options *given) {
    networks_free(given->networks);
}

bool options_names(const options *given) {
    return given->names == NAMES_ALWAYS || (given->names == NAMES_AUTO && given->files > 1);
}

bool options_color(const options *given) {
    if (given->color != COLOR_AUTO)
        return given->color == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(no_color && *no_color) && term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}
