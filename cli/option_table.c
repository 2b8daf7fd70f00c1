/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * option_table.c - all options. From this table come the parsing of the command line, --help, the
 * OPTIONS of the manual pages, and the completions of bash, zsh and fish. The order is that of --help.
 */
#include "option_table.h"

#include "address_cipher.h"
#include "count_printer.h"
#include "growth.h"
#include "log.h"
#include "parallel_scan.h"
#include "scan_names.h"
#include "suggest.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments -------------------------------------------------------------------------------- */

static bool reject(const options *given, const option_row *row, const char *argument,
                   const char *expected) {
    log_error("invalid argument '%s' for '--%s': expected %s", argument, row->name, expected);
    log_try_help(given->command->name);
    return false;
}

/* Parses [text, end) as a decimal number from 0 to max. */
static bool parse_number(const char *text, const char *end, uint64_t max, uint64_t *out) {
    uint64_t value = 0;
    const char *p = text;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return p > text && p == end;
}

static bool parse_count(const options *given, const option_row *row, const char *argument,
                        uint64_t *out) {
    return (parse_number(argument, argument + strlen(argument), UINT64_MAX, out) && *out > 0) ||
           reject(given, row, argument, "a positive integer");
}

/* Parses "/24" or "24"; an empty text leaves *length unchanged. */
static bool parse_prefix_length(const char *text, const char *end, unsigned max, unsigned *length) {
    uint64_t value;
    if (text == end)
        return true;
    if (!parse_number(text + (*text == '/'), end, max, &value))
        return false;
    *length = (unsigned)value;
    return true;
}

/* Parses "24,48"; each length may be left out, and have a slash. */
static bool parse_prefix_lengths(const options *given, const option_row *row, const char *argument,
                                 unsigned *ipv4, unsigned *ipv6) {
    const char *end = argument + strlen(argument), *comma = strchr(argument, ',');
    return (*argument && parse_prefix_length(argument, comma ? comma : end, 32, ipv4) &&
            (!comma || parse_prefix_length(comma + 1, end, 128, ipv6))) ||
           reject(given, row, argument, "prefix lengths such as /24,/48");
}

static bool parse_by(options *given, const option_row *row, const char *argument) {
    return parse_prefix_lengths(given, row, argument, &given->ipv4_prefix, &given->ipv6_prefix);
}

static bool parse_split(options *given, const option_row *row, const char *argument) {
    const char *end = argument + strlen(argument);
    uint64_t length;
    given->split = true;
    given->ipv4_prefix = given->ipv6_prefix = 0; /* one that is left out splits nothing */
    if (!parse_number(argument + (*argument == '/'), end, 128, &length))
        return parse_by(given, row, argument);
    given->ipv4_prefix = length <= 32 ? (unsigned)length : 0;
    given->ipv6_prefix = (unsigned)length;
    return true;
}

static bool parse_truncate(options *given, const option_row *row, const char *argument) {
    given->truncates = true;
    return parse_prefix_lengths(given, row, argument, &given->truncate_ipv4, &given->truncate_ipv6);
}

static bool parse_mode(options *given, const option_row *row, const char *argument) {
    given->has_mode = true;
    if (strcmp(argument, "pfx") == 0)
        given->mode = CIPHER_PFX;
    else if (strcmp(argument, "deterministic") == 0)
        given->mode = CIPHER_DETERMINISTIC;
    else if (strcmp(argument, "cryptopan") == 0)
        given->mode = CIPHER_CRYPTOPAN;
    else
        return reject(given, row, argument, "pfx, deterministic or cryptopan");
    return true;
}

static bool parse_top(options *given, const option_row *row, const char *argument) {
    return parse_count(given, row, argument, &given->top);
}

static bool parse_field(options *given, const option_row *row, const char *argument) {
    return parse_count(given, row, argument, &given->field);
}

static bool parse_delimiter(options *given, const option_row *row, const char *argument) {
    given->delimiter = (char)(strcmp(argument, "\\t") == 0 ? '\t' : *argument);
    return (*argument && (!argument[1] || given->delimiter == '\t')) ||
           reject(given, row, argument, "one character, or \\t for a tab");
}

static bool parse_min(options *given, const option_row *row, const char *argument) {
    return parse_count(given, row, argument, &given->min_count);
}

static bool parse_sort(options *given, const option_row *row, const char *argument) {
    given->sort_by_address = strcmp(argument, "address") == 0 || strcmp(argument, "label") == 0;
    return given->sort_by_address || strcmp(argument, "count") == 0 ||
           reject(given, row, argument, "count, address or label");
}

static bool parse_count_format(options *given, const option_row *row, const char *argument) {
    static const char *const names[] = {"text", "json", "csv",
                                        "tsv"}; /* in the order of count_format */
    for (int i = 0; i < 4; i++) {
        if (strcmp(argument, names[i]) != 0)
            continue;
        given->count_format = i;
        return true;
    }
    return reject(given, row, argument, "text, json, csv or tsv");
}

static bool parse_max_count(options *given, const option_row *row, const char *argument) {
    return parse_number(argument, argument + strlen(argument), UINT64_MAX, &given->max_count) ||
           reject(given, row, argument, "a number of lines");
}

static bool parse_lines(const options *given, const option_row *row, const char *argument,
                        uint64_t *out) {
    const uint64_t max = UINT32_MAX; /* offsets of that many lines fit into memory */
    return parse_number(argument, argument + strlen(argument), max, out) ||
           reject(given, row, argument, "a number of lines");
}

static bool parse_before(options *given, const option_row *row, const char *argument) {
    return parse_lines(given, row, argument, &given->before);
}

static bool parse_after(options *given, const option_row *row, const char *argument) {
    return parse_lines(given, row, argument, &given->after);
}

static bool parse_context(options *given, const option_row *row, const char *argument) {
    return parse_lines(given, row, argument, &given->context);
}

static bool add_glob(glob_list *list, const char *argument) {
    if (glob_list_add(list, argument))
        return true;
    log_out_of_memory();
    return false;
}

static bool parse_include(options *given, const option_row *row, const char *argument) {
    (void)row;
    return add_glob(&given->scan.walk.include, argument);
}

static bool parse_exclude(options *given, const option_row *row, const char *argument) {
    (void)row;
    return add_glob(&given->scan.walk.exclude, argument);
}

static bool parse_exclude_dir(options *given, const option_row *row, const char *argument) {
    (void)row;
    return add_glob(&given->scan.walk.exclude_dir, argument);
}

static bool parse_threads(options *given, const option_row *row, const char *argument) {
    uint64_t threads;
    if (!parse_count(given, row, argument, &threads))
        return false;
    given->scan.threads = threads < MAX_THREADS ? (unsigned)threads : MAX_THREADS;
    if (threads > MAX_THREADS)
        log_error("%s threads are more than the %d that are used", argument, MAX_THREADS);
    return true;
}

static bool parse_timeout(options *given, const option_row *row, const char *argument) {
    uint64_t milliseconds;
    if (!parse_count(given, row, argument, &milliseconds))
        return false;
    given->timeout_ms = milliseconds < INT64_MAX ? (int64_t)milliseconds : INT64_MAX;
    return true;
}

static bool parse_color(options *given, const option_row *row, const char *argument) {
    if (!argument || strcmp(argument, "always") == 0)
        given->color = WHEN_ALWAYS;
    else if (strcmp(argument, "auto") == 0)
        given->color = WHEN_AUTO;
    else if (strcmp(argument, "never") == 0)
        given->color = WHEN_NEVER;
    else
        return reject(given, row, argument, "auto, always or never");
    return true;
}

/* Switches off the heuristic text[0, len). */
static bool parse_heuristic(options *given, const option_row *row, const char *text, size_t len) {
    suggestion s = {.word = text, .len = len};
    for (size_t i = 0; i < n_heuristics; i++) {
        suggest(&s, heuristics[i].name);
        if (strlen(heuristics[i].name) == len && memcmp(heuristics[i].name, text, len) == 0) {
            given->scan.flags |= heuristics[i].switched_off;
            return true;
        }
    }
    if (s.best)
        log_error("unknown heuristic '%.*s' in '--%s'; did you mean '%s'?", (int)len, text,
                  row->name, s.best);
    else
        log_error("unknown heuristic '%.*s' in '--%s'; the heuristics are: %s", (int)len, text,
                  row->name, HEURISTIC_NAMES);
    log_try_help(given->command->name);
    return false;
}

/* Adds the part text[0, len). */
static bool add_part(options *given, const char *text, size_t len) {
    static const struct {
        const char *name;
        unsigned part;
    } parts[] = {{"port", PART_PORT}, {"prefix", PART_PREFIX}, {"range", PART_RANGE},
                 {"zone", PART_ZONE}, {"class", PART_CLASS},   {"label", PART_LABEL}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strlen(parts[i].name) == len && memcmp(parts[i].name, text, len) == 0) {
            given->print.parts |= parts[i].part;
            return true;
        }
    return false;
}

static bool parse_parts(options *given, const option_row *row, const char *argument) {
    for (const char *text = argument;;) {
        const size_t len = strcspn(text, ",");
        if (!add_part(given, text, len))
            return reject(given, row, argument, "port, prefix, range, zone, class and label");
        if (text[len] == '\0')
            return true;
        text += len + 1;
    }
}

static bool parse_heuristics(options *given, const option_row *row, const char *argument) {
    for (;;) {
        const size_t len = strcspn(argument, ",");
        if (!parse_heuristic(given, row, argument, len))
            return false;
        if (argument[len] == '\0')
            return true;
        argument += len + 1;
    }
}

bool add_network_source(options *given, network_source_type type, const char *text) {
    if (!grow((void **)&given->sources, given->n_sources, 1, &given->sources_capacity,
              sizeof *given->sources)) {
        log_out_of_memory();
        return false;
    }
    given->sources[given->n_sources++] = (network_source){type, text};
    return true;
}

static bool parse_network_file(options *given, const option_row *row, const char *argument) {
    (void)row;
    given->stdin_list |= strcmp(argument, "-") == 0;
    return add_network_source(given, SOURCE_FILE, argument);
}

#define CLASS_NAMES                                                                                \
    "private global loopback link-local unique-local shared multicast broadcast documentation "    \
    "benchmarking reserved protocol unspecified this-network mapped 6to4 teredo nat64 discard"

/* ---- the table -------------------------------------------------------------------------------- */

#define IN(name)             (1u << COMMAND_##name)
#define SCANNING             (IN(extract) | IN(count) | IN(grep))
#define COPYING              (SCANNING | IN(anonymize))
#define ALL                  ((1u << N_COMMANDS) - 1)
#define FLAG(member)         SET_FLAG, offsetof(options, member), 0, NULL
#define CHOICE(member, enum) SET_CHOICE, offsetof(options, member), enum, NULL
#define BITS(member, bits)   ADD_BITS, offsetof(options, member), bits, NULL
#define TEXT(member)         SET_TEXT, offsetof(options, member), 0, NULL
#define SOURCE(type)         ADD_SOURCE, 0, type, NULL
#define CALL(function)       CALL_PARSER, 0, 0, function

/* clang-format off */
const option_row option_table[] = {
    {'e', "network", "NETWORKS", IN(grep), SOURCE(SOURCE_NETWORKS), .repeats = true,
     .values = CLASS_NAMES, .help = "search for these networks, separated by commas"},
    {'e', "network", "NETWORKS", IN(extract) | IN(count), SOURCE(SOURCE_NETWORKS), .repeats = true,
     .rare = true, .values = CLASS_NAMES, .help = "search for these networks, separated by commas",
     .details = "See NETWORKS in `simdinet-grep`(1)."},
    {'f', "file", "LIST", IN(grep), CALL(parse_network_file), .repeats = true,
     .values = COMPLETE_FILES, .help = "search for the networks in LIST, one line each",
     .details = "LIST - is standard input, which can then not be searched as well."},
    {'f', "file", "LIST", IN(extract) | IN(count), CALL(parse_network_file), .repeats = true,
     .rare = true, .values = COMPLETE_FILES,
     .help = "search for the networks in LIST, one line each",
     .details = "LIST - is standard input, which can then not be searched as well."},
    {0, "only", "NETWORKS", IN(extract) | IN(count), SOURCE(SOURCE_ONLY), .repeats = true,
     .values = CLASS_NAMES, .help = "only addresses in these, such as private,10.0.0.0/8",
     .details = "As well as in those of `-e` and `-f`, if these are given. See NETWORKS in "
                "`simdinet-grep`(1)."},
    {0, "not", "NETWORKS", IN(extract) | IN(count), SOURCE(SOURCE_EXCLUDED), .repeats = true,
     .values = CLASS_NAMES, .help = "no addresses in these, such as multicast"},
    {0, "only", "NETWORKS", IN(grep), SOURCE(SOURCE_ONLY), .repeats = true, .rare = true,
     .values = CLASS_NAMES, .help = "search only for addresses in these networks as well"},
    {0, "not", "NETWORKS", IN(grep), SOURCE(SOURCE_EXCLUDED), .repeats = true, .rare = true,
     .values = CLASS_NAMES, .help = "search for no addresses in these networks"},
    {0, "intersect", "LIST", IN(networks), SOURCE(SOURCE_INTERSECT), .repeats = true,
     .values = COMPLETE_FILES, .help = "only the addresses that are also in LIST, or in NETWORKS",
     .details = "Given more than once: in each of them."},
    {0, "exclude", "LIST", IN(networks), SOURCE(SOURCE_SUBTRACT), .repeats = true,
     .values = COMPLETE_FILES, .help = "without the addresses in LIST, or in NETWORKS"},
    {0, "ranges", NULL, IN(networks), FLAG(ranges),
     .help = "print ranges: 192.0.2.1-192.0.2.9",
     .details = "The fewest ranges, also for a single address."},
    {0, "split", "LENGTH", IN(networks), CALL(parse_split), .values = "/24,/48 /24,/64 /32,/128",
     .help = "split networks into ones of this prefix length, such as /24",
     .details = "Two lengths, as in /24,/64, are for IPv4 and IPv6; above 32, one is for IPv6. "
                "Networks with a longer prefix stay as they are."},
    {0, "sort", NULL, IN(networks), FLAG(sort),
     .help = "sort the networks, and join none",
     .details = "A range becomes the networks that it consists of. Duplicates stay."},
    {0, "count", NULL, IN(networks), FLAG(count_lines),
     .help = "print only the number of addresses",
     .details = "One number: the sum for IPv4 and IPv6."},
    {0, "skip-invalid", NULL, IN(networks), FLAG(skip_invalid),
     .help = "report invalid lines, and go on"},
    {0, "skip-invalid", NULL, SCANNING, FLAG(skip_invalid), .rare = true,
     .help = "report invalid lines of LIST, and go on"},
    {0, "label", NULL, IN(grep), FLAG(label),
     .help = "print the network and its label before each line",
     .details = "Tabs separate them. See LABELS."},
    {0, "by-label", NULL, IN(count), FLAG(label),
     .help = "count the labels of networks instead of addresses",
     .details = "The networks are those of `-e`, `-f` and `--only`, or of `--mmdb`. A network without a "
                "label counts under its own name, an address without a label or network under `-`."},
    {0, "mmdb", "FILE", SCANNING, TEXT(database), .values = COMPLETE_FILES,
     .rare = true, .help = "take labels from this MaxMind database",
     .details = "See LABELS in `simdinet-grep`(1)."},
    {0, "field", "PATH", SCANNING, TEXT(database_field), .rare = true,
     .values = "autonomous_system_number autonomous_system_organization country.iso_code "
               "country.names.en continent.code city.names.en",
     .help = "the field of --mmdb, such as country.iso_code"},
    {'v', "invert-match", NULL, IN(grep), FLAG(invert), .help = "select the lines without a match",
     .details = "Also those without any address; `--with-address` leaves them out."},
    {'c', "count", NULL, IN(grep), FLAG(count_lines),
     .help = "print only the number of selected lines per file"},
    {'o', "only-matching", NULL, IN(grep), FLAG(only_matching),
     .help = "print only the matching addresses, one per line"},
    {'l', "files-with-matches", NULL, IN(grep), CHOICE(list, LIST_SELECTED),
     .help = "print only the names of files with such a line"},
    {'L', "files-without-match", NULL, IN(grep), CHOICE(list, LIST_UNSELECTED), .rare = true,
     .help = "print only the names of files without a selected line"},
    {'m', "max-count", "N", IN(grep), CALL(parse_max_count), .rare = true,
     .help = "stop after N selected lines of a file"},
    {'s', "no-messages", NULL, SCANNING, FLAG(scan.walk.no_messages), .rare = true,
     .help = "no messages about files that cannot be opened",
     .details = "The exit status is 2 nevertheless."},
    {'A', "after-context", "N", IN(grep), CALL(parse_after), .rare = true,
     .help = "print N lines after each selected line",
     .details = "A line `--` separates groups of lines that are not adjacent."},
    {'B', "before-context", "N", IN(grep), CALL(parse_before), .rare = true,
     .help = "print N lines before each selected line"},
    {'C', "context", "N", IN(grep), CALL(parse_context),
     .help = "print N lines before and after each selected line",
     .details = "-NUM is the same, as in -5, unless all digits of NUM are 0, 4 or 6: -0, -4 and -6 are "
                "options."},
    {0, "with-address", NULL, IN(grep), FLAG(with_address), .rare = true,
     .help = "with -v, leave out lines without any address"},
    {'q', "quiet", NULL, IN(grep), FLAG(quiet),
     .help = "print nothing; stop at the first selected line",
     .details = "The exit status is then 0, also after an error."},
    {'4', "ipv4", NULL, SCANNING | IN(networks) | IN(parse) | IN(resolve),
     BITS(scan.families, SIMDINET_SCAN_IPV4), .rare_in = IN(grep), .help = "IPv4 only"},
    {'6', "ipv6", NULL, SCANNING | IN(networks) | IN(parse) | IN(resolve),
     BITS(scan.families, SIMDINET_SCAN_IPV6), .rare_in = IN(grep), .help = "IPv6 only",
     .details = "Both options together select both families, as neither does."},
    {'4', "ipv4", NULL, IN(format), BITS(scan.families, SIMDINET_SCAN_IPV4),
     .help = "IPv4 addresses; binary, 4 bytes each (the default)"},
    {'6', "ipv6", NULL, IN(format), BITS(scan.families, SIMDINET_SCAN_IPV6),
     .help = "IPv6 addresses, 16 bytes each; with -4, both families"},
    {'n', "top", "K", IN(count), CALL(parse_top), .help = "print only the K most frequent"},
    {0, "min", "N", IN(count), CALL(parse_min), .rare = true,
     .help = "print only counts of N and more"},
    {0, "sort", "ORDER", IN(count), CALL(parse_sort), .values = "count address label",
     .rare = true, .help = "order by count (the default), or by address or label",
     .details = "With `--top`, the K most frequent in that order."},
    {0, "percent", NULL, IN(count), FLAG(percent), .help = "print percentages after the counts"},
    {0, "total", NULL, IN(count), FLAG(total), .rare = true,
     .help = "print the total at the end"},
    {0, "bars", NULL, IN(count), FLAG(bars), .rare = true,
     .help = "print a bar after each line on a terminal"},
    {'H', "by-file", NULL, IN(count), CHOICE(file_names, WHEN_ALWAYS),
     .help = "count each file on its own",
     .details = "Each line starts with the name of its file."},
    {0, "format", "NAME", IN(count), CALL(parse_count_format), .values = "text json csv tsv",
     .help = "one of text (the default), json, csv and tsv", .details = "The last one of --format and --json applies. See FORMATS below."},
    {0, "by", "L4,L6", IN(count), CALL(parse_by), .values = "/24,/48 /24,/64 /16,/32",
     .help = "count networks with these prefix lengths, such as /24,/48",
     .details = "The slashes are optional. A length that is left out, as in --by=/24 or --by=,/48, "
                "counts whole addresses; length 0 counts the whole family."},
    {0, "truncate", "L4,L6", IN(anonymize), CALL(parse_truncate), .values = "24,48 16,32 0,0",
     .help = "keep so many bits of each address (default: 24,48)",
     .details = "The others are set to zero. Of an IPv4-mapped address, L4 is the length in the IPv4 "
                "address."},
    {0, "keyed", NULL, IN(anonymize), FLAG(keyed), .help = "encrypt each address instead"},
    {0, "key-file", "FILE", IN(anonymize), TEXT(key_file), .values = COMPLETE_FILES,
     .help = "the file with the key", .details = "See KEYS below."},
    {0, "mode", "MODE", IN(anonymize), CALL(parse_mode), .values = "pfx deterministic cryptopan",
     .help = "one of pfx (the default), deterministic and cryptopan", .details = "See MODES below."},
    {0, "decrypt", NULL, IN(anonymize), FLAG(decrypt), .help = "restore encrypted addresses"},
    {0, "generate-key", NULL, IN(anonymize), FLAG(generate_key),
     .help = "create the key file, and copy nothing",
     .details = "It must not exist. Only its owner can read it."},
    {0, "only", "NETWORKS", IN(anonymize), SOURCE(SOURCE_ONLY), .repeats = true,
     .values = CLASS_NAMES, .help = "replace only addresses in these",
     .details = "Networks and classes, separated by commas: `private,192.0.2.0/24`. See NETWORKS in "
                "`simdinet-grep`(1)."},
    {0, "keep", "NETWORKS", IN(anonymize), SOURCE(SOURCE_EXCLUDED), .repeats = true,
     .values = CLASS_NAMES, .help = "leave addresses in these, such as private,loopback"},
    {0, "mapping", "FILE", IN(anonymize), TEXT(mapping), .values = COMPLETE_FILES,
     .help = "write a line OLD,NEW for each address to FILE",
     .details = "It must not exist. Only its owner can read it. Uses one thread."},
    {0, "precise", NULL, IN(anonymize), FLAG(precise),
     .help = "replace what extract prints, and nothing doubtful"},
    {'r', "reverse", NULL, IN(resolve), FLAG(reverse), .help = "print the names of each ADDRESS",
     .details = "The canonical name comes first, then the aliases. Not with -4, -6 or --timeout."},
    {0, "timeout", "MS", IN(resolve), CALL(parse_timeout), .help = "give up on a NAME after MS milliseconds",
     .details = "The default is the timeout of the system resolver."},
    {0, "with", "PARTS", IN(extract), CALL(parse_parts), .repeats = true,
     .values = "port prefix range zone class label",
     .help = "also print its port,prefix,range,zone,class,label",
     .details = "As in 192.0.2.1:443, [2001:db8::1]:443, 192.0.2.0/24, 192.0.2.1-192.0.2.9 and "
                "fe80::1%eth0. The last address of a range is not printed again. Classes follow "
                "after a tab, and then the label, which comes from the networks of -e, -f and --only "
                "or from --mmdb."},
    {0, "canonical", NULL, IN(extract), FLAG(print.canonical),
     .help = "print addresses in canonical form (RFC 5952)",
     .details = "Equal addresses are then equal text."},
    {0, "defang", NULL, IN(extract), FLAG(print.defang), .rare = true,
     .help = "print addresses defanged: 192[.]0[.]2[.]1",
     .details = "In canonical form, with brackets around each dot and each colon: "
                "`2001[:]db8[:][:]1`. `--defanged` reads them."},
    {'n', "line-number", NULL, IN(extract) | IN(grep), FLAG(scan.line_number),
     .help = "prefix output with the line number, from 1"},
    {'b', "byte-offset", NULL, IN(grep), FLAG(print.byte_offset), .rare = true,
     .help = "prefix output with the byte offset of the line, with -o of the address"},
    {'b', "byte-offset", NULL, IN(extract), FLAG(print.byte_offset),
     .help = "prefix each address with its byte offset, from 0",
     .details = "Of compressed files, offsets are in the decompressed text."},
    {'H', "with-filename", NULL, IN(extract) | IN(grep), CHOICE(file_names, WHEN_ALWAYS),
     .rare = true,
     .help = "prefix output with the file name"},
    {'h', "no-filename", NULL, IN(extract), CHOICE(file_names, WHEN_NEVER), .rare = true,
     .help = "no file names (the default)"},
    {'h', "no-filename", NULL, IN(count), CHOICE(file_names, WHEN_NEVER), .rare = true,
     .help = "count the files together (the default)"},
    {'h', "no-filename", NULL, IN(grep), CHOICE(file_names, WHEN_NEVER), .rare = true,
     .help = "no file names (the default for one file)"},
    {0, "json", NULL, IN(count), CHOICE(count_format, COUNT_JSON),
     .help = "print one JSON object per line: --format=json", .details = "See JSON below."},
    {0, "json", NULL, IN(extract) | IN(grep) | IN(resolve), FLAG(print.json),
     .rare_in = IN(grep), .help = "print one JSON object per line", .details = "See JSON below."},
    {'w', "word-regexp", NULL, IN(grep), FLAG(words), .rare = true,
     .help = "no effect: an address is always a whole word"},
    {'0', "null", NULL, IN(grep), FLAG(print.null), .rare = true,
     .help = "end each line, address or file name with a NUL byte instead of a newline"},
    {'0', "null", NULL, IN(extract), FLAG(print.null), .rare = true,
     .help = "end each address with a NUL byte instead of a newline"},
    {0, "unique", NULL, IN(extract), FLAG(unique),
     .help = "print each address only the first time it occurs",
     .details = "Different spellings of an address are equal, also an IPv4-mapped address and the IPv4 "
                "address in it. Uses one thread."},
    {0, "mapped", NULL, SCANNING, FLAG(mapped), .rare = true,
     .help = "::ffff:a.b.c.d is an IPv6 address, and not a.b.c.d",
     .details = "Also in networks, and for -4 and -6. A database, --mmdb, is searched as before."},
    {0, "versions", NULL, SCANNING, FLAG(versions),
     .rare_in = IN(grep) | IN(count), .help = "include what looks like a version number",
     .details = "Such as 1.2.3.4 in Product/1.2.3.4."},
    {0, "doubtful", NULL, SCANNING, BITS(scan.flags, SIMDINET_SCAN_RECALL),
     .rare = true, .help = "include everything that may be an address",
     .details = "Whatever reads as an address and is not part of a valid one, such as 192.0.2.1 in "
                "host_192.0.2.1 or in 192.0.2.1.5; and --versions."},
    {0, "defanged", NULL, COPYING, BITS(scan.flags, SIMDINET_SCAN_DEFANGED),
     .rare_in = IN(grep) | IN(count), .help = "include defanged addresses, such as 192[.]0[.]2[.]1",
     .details = "The separators `[.]`, `(.)`, `{.}`, `[dot]`, `(dot)`, `{dot}`, `\\.`, `[:]`, `[colon]` and "
                "more; see docs/scan.md."},
    {0, "no-heuristic", "NAMES", SCANNING, CALL(parse_heuristics), .repeats = true, .rare = true,
     .values = HEURISTIC_NAMES,
     .help = "switch off heuristics, separated by commas",
     .details = "HEURISTICS in `simdinet`(1) lists them."},
    {0, "rejected", NULL, IN(extract), FLAG(scan.rejected), .rare = true,
     .help = "print what was left out, with its line and the rule",
     .details = "See REJECTED below."},
    {0, "color", "[WHEN]", IN(extract) | IN(grep), CALL(parse_color), .alias = "colour",
     .rare = true, .values = "auto always never", .help = "colour the output: auto, always (no WHEN) or never",
     .details = "The default, auto, uses colours if standard output is a terminal."},
    {0, "line-buffered", NULL, IN(extract) | IN(grep) | IN(anonymize), FLAG(scan.line_buffered), .rare = true,
     .help = "flush the output after each line"},
    {0, "hex", NULL, IN(parse), CHOICE(notation, NOTATION_HEX),
     .help = "8 hexadecimal digits per line for IPv4, 32 for IPv6 (the default)"},
    {0, "int", NULL, IN(parse), CHOICE(notation, NOTATION_DECIMAL),
     .help = "one decimal number per line"},
    {0, "binary", NULL, IN(parse), CHOICE(notation, NOTATION_BINARY),
     .help = "bytes in network order: 4 with -4, otherwise 16 with IPv4 as ::ffff:a.b.c.d"},
    {0, "canonical", NULL, IN(parse), CHOICE(notation, NOTATION_CANONICAL),
     .help = "text in canonical form (RFC 5952)"},
    {0, "expand", NULL, IN(parse), CHOICE(notation, NOTATION_EXPANDED),
     .help = "text with all eight groups of four digits"},
    {0, "arpa", NULL, IN(parse), CHOICE(notation, NOTATION_ARPA), .rare = true,
     .help = "names for reverse lookups, below in-addr.arpa and ip6.arpa"},
    {0, "upper", NULL, IN(parse), FLAG(upper), .rare = true,
     .help = "upper-case hexadecimal digits"},
    {'d', "delimiter", "CHAR", IN(parse), CALL(parse_delimiter),
     .help = "fields end at CHAR (default: a tab)"},
    {'f', "field", "N", IN(parse), CALL(parse_field),
     .help = "take field N of each line, from 1"},
    {0, "header", NULL, IN(parse), FLAG(header), .help = "leave out the first line of each file"},
    {0, "strict", NULL, IN(parse), FLAG(strict), .help = "stop at the first invalid line",
     .details = "The lines before it are written."},
    {0, "binary", NULL, IN(format), CHOICE(notation, NOTATION_BINARY),
     .help = "bytes in network order without separators (default if not text)",
     .details = "Compressed data are not recognized here: any bytes are addresses."},
    {0, "hex", NULL, IN(format), CHOICE(notation, NOTATION_HEX),
     .help = "hexadecimal numbers, one per line: c0000201 is 192.0.2.1",
     .details = "Upper or lower case, with or without 0x and leading zeros."},
    {0, "int", NULL, IN(format), CHOICE(notation, NOTATION_DECIMAL),
     .help = "decimal numbers, one per line: 3221225985 is 192.0.2.1"},
    {0, "src", NULL, SCANNING, FLAG(scan.packets.source_only), .rare = true,
     .help = "of packets, only the source addresses"},
    {0, "dst", NULL, SCANNING, FLAG(scan.packets.destination_only), .rare = true,
     .help = "of packets, only the destination addresses"},
    {0, "inner", NULL, SCANNING, FLAG(scan.packets.inner), .rare = true,
     .help = "of packets, also the addresses within IPIP, 6in4 and GRE"},
    {0, "stats", NULL, COPYING, FLAG(scan.stats), .rare = true,
     .help = "print lines, bytes, addresses and the rate to stderr"},
    {'r', "recursive", NULL, SCANNING, FLAG(scan.walk.recursive),
     .help = "search all files below directories",
     .details = "Without a FILE, below the current directory. In the order of their names; symbolic links "
                "are not followed."},
    {0, "include", "GLOB", SCANNING, CALL(parse_include), .repeats = true, .rare = true,
     .help = "search only files with such a name"},
    {0, "exclude", "GLOB", SCANNING, CALL(parse_exclude), .repeats = true, .rare = true,
     .help = "skip files with such a name"},
    {0, "exclude-dir", "GLOB", SCANNING, CALL(parse_exclude_dir), .repeats = true, .rare = true,
     .help = "below directories, skip directories with such a name"},
    {'j', "threads", "N", COPYING, CALL(parse_threads), .rare_in = SCANNING,
     .help = "threads for large files (default: all processors)",
     .details = "At most 32."},
    {'h', "help", NULL, ALL & ~SCANNING, PRINT_HELP, .help = "print this help"},
    {0, "help", NULL, SCANNING, PRINT_HELP, .help = "print this help"},
    /* Listed, so that it is not an abbreviation of --versions. */
    {'V', "version", NULL, ALL, PRINT_VERSION, .help = NULL},
};
/* clang-format on */

const size_t n_options = sizeof option_table / sizeof *option_table;
_Static_assert(sizeof option_table / sizeof *option_table <= MAX_OPTIONS, "raise MAX_OPTIONS");

bool option_applies(const option_row *row, const subcommand *of) {
    return row->commands >> of->id & 1;
}
