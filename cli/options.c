/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * options.c - reads a command line by the option table, with getopt_long.
 */
#include "options.h"

#include "line_copier.h"
#include "log.h"
#include "network_list.h"
#include "network_options.h"
#include "parallel_scan.h"
#include "suggest.h"

#include <getopt.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* getopt_long returns FIRST_ID plus the index of the row for a name, and the letter for a letter. */
enum { FIRST_ID = 256 };

/* The rows of one subcommand in the form of getopt_long. */
typedef struct {
    char letters[2 * MAX_OPTIONS + 2];
    struct option names[2 * MAX_OPTIONS + 1];
} getopt_tables;

static int argument_kind(const option_row *row) {
    return !row->argument          ? no_argument
           : *row->argument == '[' ? optional_argument
                                   : required_argument;
}

static void fill_tables(getopt_tables *tables, const subcommand *of) {
    char *letters = tables->letters;
    struct option *names = tables->names;
    *letters++ = ':'; /* distinguishes a missing argument from an unknown option */
    for (size_t i = 0; i < n_options; i++) {
        const option_row *row = &option_table[i];
        int kind = argument_kind(row), id = FIRST_ID + (int)i;
        if (!option_applies(row, of))
            continue;
        *names++ = (struct option){row->name, kind, NULL, id};
        if (row->alias)
            *names++ = (struct option){row->alias, kind, NULL, id};
        if (row->letter)
            *letters++ = row->letter;
        if (row->letter && kind == required_argument)
            *letters++ = ':';
    }
    *letters = '\0';
    *names = (struct option){0};
}

static const option_row *find_row(const subcommand *of, int id) {
    const option_row *row = option_table;
    if (id >= FIRST_ID)
        return row + (id - FIRST_ID);
    while (row->letter != id || !option_applies(row, of))
        row++;
    return row;
}

/* Names what the abbreviation, of len bytes after "--", may stand for. */
static void log_ambiguous(const char *argument, size_t len, const getopt_tables *tables) {
    char candidates[512];
    size_t used = 0;
    for (const struct option *name = tables->names; name->name; name++) {
        if (strncmp(name->name, argument + 2, len) != 0 || used >= sizeof candidates)
            continue;
        used += (size_t)snprintf(candidates + used, sizeof candidates - used, "%s'--%s'",
                                 used > 0 ? ", " : "", name->name);
    }
    log_error("option '%s' is ambiguous: %s", argument, candidates);
}

static void log_unknown(const char *argument, const getopt_tables *tables) {
    suggestion s = {.word = argument + 2, .len = strcspn(argument + 2, "=")};
    unsigned abbreviated = 0;
    for (const struct option *name = tables->names; name->name; name++) {
        abbreviated += strncmp(name->name, s.word, s.len) == 0;
        suggest(&s, name->name);
    }
    if (abbreviated > 1)
        log_ambiguous(argument, s.len, tables);
    else if (s.best)
        log_error("unrecognized option '%s'; did you mean '--%s'?", argument, s.best);
    else
        log_error("unrecognized option '%s'", argument);
}

/* The messages of getopt_long, which would print control characters unchanged. */
static void log_getopt_error(bool missing, const char *argument, const getopt_tables *tables) {
    bool is_letter = optopt != 0 && optopt <= UCHAR_MAX; /* below 0 where char is signed */
    bool is_name = strncmp(argument, "--", 2) == 0;
    if (missing && is_name)
        log_error("option '%s' requires an argument", argument);
    else if (missing)
        log_error("option requires an argument -- '%c'", optopt);
    else if (is_letter && (optopt == ':' || !strchr(tables->letters, optopt)))
        log_error("invalid option -- '%c'", optopt);
    else if (optopt != 0)
        log_error("option '%.*s' doesn't allow an argument", (int)strcspn(argument, "="), argument);
    else
        log_unknown(argument, tables);
}

static options_result apply(options *given, const option_row *row, const char *argument) {
    void *field = (char *)given + row->field;
    switch (row->action) {
    case SET_FLAG:
        *(bool *)field = true;
        break;
    case SET_CHOICE:
        *(int *)field = row->value;
        break;
    case ADD_BITS:
        *(unsigned *)field |= (unsigned)row->value;
        break;
    case SET_TEXT:
        *(const char **)field = argument;
        break;
    case ADD_SOURCE:
        return add_network_source(given, (network_source_type)row->value, argument) ? OPTIONS_RUN
                                                                                    : OPTIONS_ERROR;
    case CALL_PARSER:
        return row->parse(given, row, argument) ? OPTIONS_RUN : OPTIONS_ERROR;
    case PRINT_HELP:
        return OPTIONS_HELP;
    case PRINT_VERSION:
        return OPTIONS_VERSION;
    }
    return OPTIONS_RUN;
}

/* The processors that this process may run on: fewer than exist under taskset or in a container. */
static unsigned count_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n < MAX_THREADS ? (unsigned)n : MAX_THREADS;
}

/*
 * Whether the first operand is networks: always if no option names any. Beside --only and --not alone, if it
 * reads as networks and no file has its name.
 */
static bool needs_network(const options *given) {
    for (size_t i = 0; i < given->n_sources; i++)
        if (given->sources[i].type <= SOURCE_FILE)
            return false;
    return given->n_sources == 0 ||
           (given->n_operands > 0 && network_is_argument(*given->operands) &&
            access(*given->operands, F_OK) != 0);
}

static bool take_network(options *given) {
    if (given->n_operands == 0) {
        log_error("missing network");
        log_try_help(given->command->name);
        return false;
    }
    given->n_operands--;
    return add_network_source(given, SOURCE_NETWORKS, *given->operands++);
}

/* With -f -, standard input has been read to its end and would be searched as an empty file. */
static bool check_stdin_list(const options *given) {
    bool searched = false;
    for (int i = 0; i < given->n_operands; i++)
        searched |= strcmp(given->operands[i], "-") == 0;
    if (!given->stdin_list || !searched)
        return true;
    log_error("standard input cannot be both the list of networks and a file to search");
    log_try_help(given->command->name);
    return false;
}

static bool take_operands(options *given, int n, char **operands) {
    static char *standard_input[] = {"-"}, *current_directory[] = {""};
    operand_type type = given->command->operands;
    given->n_operands = n;
    given->operands = operands;
    if (type == OPERANDS_NONE && n > 0) {
        log_error("extra operand '%s'", *operands);
        log_try_help(given->command->name);
        return false;
    }
    if (type == OPERANDS_NETWORK && needs_network(given) && !take_network(given))
        return false;
    if ((type == OPERANDS_NETWORK || type == OPERANDS_FILES) && given->n_operands == 0) {
        given->n_operands = 1;
        given->operands = given->scan.walk.recursive ? current_directory : standard_input;
    }
    return check_stdin_list(given);
}

static bool resolve_color(when color) {
    if (color != WHEN_AUTO)
        return color == WHEN_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(no_color && *no_color) && term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}

/* What the scan reports. What was left out is printed with its place. */
static void resolve_scan(options *given) {
    scan_config *scan = &given->scan;
    scan->left_out = SIMDINET_MATCH_REJECTED;
    if (given->command->id == COMMAND_anonymize && !given->precise)
        scan->flags |= SIMDINET_SCAN_RECALL | SIMDINET_SCAN_EUI64;
    if (!given->versions && !(scan->flags & SIMDINET_SCAN_RECALL))
        scan->left_out |= SIMDINET_MATCH_VERSION;
    if (scan->rejected) {
        scan->flags |= SIMDINET_SCAN_REJECTED;
        scan->line_number = true;
    }
}

/*
 * -4 and -6 of count, grep and extract --unique, where a mapped address is the IPv4 address in it: the filter
 * selects the family. The other commands print addresses as they are, and the scan selects it.
 */
static void resolve_families(options *given) {
    const command_id id = given->command->id;
    const unsigned families = given->scan.families;
    if (given->mapped ||
        !(id == COMMAND_count || id == COMMAND_grep || (id == COMMAND_extract && given->unique)) ||
        (families != SIMDINET_SCAN_IPV4 && families != SIMDINET_SCAN_IPV6))
        return;
    given->filter.family = families == SIMDINET_SCAN_IPV4 ? 4 : 6;
    given->scan.families = 0;
}

/* -A and -B override -C. */
static void resolve_context(options *given) {
    given->groups =
        given->before != UINT64_MAX || given->after != UINT64_MAX || given->context != UINT64_MAX;
    const uint64_t context = given->context == UINT64_MAX ? 0 : given->context;
    if (given->before == UINT64_MAX)
        given->before = context;
    if (given->after == UINT64_MAX)
        given->after = context;
}

/*
 * Whether an argument is -NUM of grep, as in "-5". -0, -4 and -6 are options, also together.
 */
static bool is_context_number(const char *argument) {
    const size_t digits = strspn(argument + (*argument == '-'), "0123456789");
    return *argument == '-' && digits > 0 && argument[1 + digits] == '\0' &&
           strspn(argument + 1, "046") < digits;
}

/*
 * grep: writes "-CNUM" for -NUM where getopt_long reads the next option. It has no other way: a digit in a
 * cluster of letters would be a letter.
 */
static void rewrite_context_number(int argc, char **argv, char *to, size_t size) {
    int i = optind;
    while (i < argc && !getenv("POSIXLY_CORRECT") && (*argv[i] != '-' || !argv[i][1]))
        i++;
    if (i < argc && is_context_number(argv[i])) {
        if ((size_t)snprintf(to, size, "-C%s", argv[i] + 1) < size)
            argv[i] = to;
    }
}

options_result options_read(options *given, const subcommand *command, int argc, char **argv) {
    getopt_tables tables;
    options_result result = OPTIONS_RUN;
    fill_tables(&tables, command);
    *given = (options){.command = command,
                       .scan.threads = count_processors(),
                       .top = UINT64_MAX,
                       .ipv4_prefix = 32,
                       .ipv6_prefix = 128,
                       .truncate_ipv4 = 24,
                       .truncate_ipv6 = 48,
                       .max_count = UINT64_MAX,
                       .before = UINT64_MAX,
                       .after = UINT64_MAX,
                       .context = UINT64_MAX,
                       .timeout_ms = -1};
    opterr = 0;
    /* Alone, -h is --help in every command; beside others, --no-filename where there is one. */
    if (argc == 2 && strcmp(argv[1], "-h") == 0)
        return OPTIONS_HELP;
    for (char number[64];;) {
        if (command->id == COMMAND_grep)
            rewrite_context_number(argc, argv, number, sizeof number);
        int id = getopt_long(argc, argv, tables.letters, tables.names, NULL);
        if (id == -1)
            break;
        if (id == '?' || id == ':') {
            log_getopt_error(id == ':', argv[optind - 1], &tables);
            log_try_help(command->name);
            return OPTIONS_ERROR;
        }
        result = apply(given, find_row(command, id), optarg);
        if (result != OPTIONS_RUN)
            return result;
    }
    if (!take_operands(given, argc - optind, argv + optind))
        return OPTIONS_ERROR;
    const bool several = given->n_operands > 1 || given->scan.walk.recursive;
    given->print.file_names = given->file_names == WHEN_ALWAYS ||
                              (given->file_names == WHEN_AUTO && several &&
                               (command->operands == OPERANDS_NETWORK || given->scan.rejected));
    given->print.color = resolve_color((when)given->color);
    resolve_scan(given);
    resolve_families(given);
    resolve_context(given);
    packet_config *packets = &given->scan.packets;
    packets->given = packets->source_only || packets->destination_only || packets->inner;
    if (packets->source_only && packets->destination_only)
        packets->source_only = packets->destination_only = false;
    given->scan.look_ahead =
        given->print.parts & ~(unsigned)(PART_CLASS | PART_LABEL) ? PARTS_LOOK_AHEAD : 0;
    if (command->id == COMMAND_anonymize)
        given->scan.look_ahead = LINE_COPIER_LOOK_AHEAD;
    given->scan.one_thread = given->print.parts & PART_RANGE || given->unique || given->mapping;
    given->label |= (given->print.parts & PART_LABEL) != 0;
    given->print.labels = given->label && command->id != COMMAND_count ? &given->labels : NULL;
    given->print.label_last = command->id == COMMAND_extract;
    return network_options_load(given) ? OPTIONS_RUN : OPTIONS_ERROR;
}

void options_free(options *given) {
    network_options_free(given);
    glob_list_free(&given->scan.walk.include);
    glob_list_free(&given->scan.walk.exclude);
    glob_list_free(&given->scan.walk.exclude_dir);
}
