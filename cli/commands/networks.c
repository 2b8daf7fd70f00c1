/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * networks.c - simdinet networks: the fewest networks that cover the addresses of lists.
 */
#include "exit_status.h"
#include "growth.h"
#include "log.h"
#include "network_list.h"
#include "network_ranges.h"
#include "option_table.h"
#include "output.h"
#include "text.h"

#include "simdinet_network_set.h"

#include <string.h>

/* ---- reading ---------------------------------------------------------------------------------- */

typedef struct {
    network_array list;
    unsigned families; /* SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6; 0: both */
} network_reader;

static bool add_range(void *context, const network_range *range) {
    network_reader *to = context;
    unsigned family = range->ipv6 ? SIMDINET_SCAN_IPV6 : SIMDINET_SCAN_IPV4;
    return (to->families && !(to->families & family)) || network_array_add(&to->list, range);
}

static bool add_item(void *context, const network_item *item, const char *label, size_t label_len) {
    (void)label;
    (void)label_len;
    if (item->classes ? network_class_ranges(item->classes, add_range, context)
                      : add_range(context, &item->range))
        return true;
    log_out_of_memory();
    return false;
}

/* An argument is networks if it reads as networks, and otherwise the name of a list. */
static bool read_argument(const options *given, const char *argument, network_reader *to) {
    return network_is_argument(argument)
               ? network_read_argument(argument, add_item, to)
               : network_read_file(argument, given->skip_invalid, add_item, to);
}

static void aggregate(network_array *list) {
    list->count = simdinet_aggregate_networks(list->networks, list->count);
}

/* ---- set operations --------------------------------------------------------------------------- */

typedef size_t combine_fn(const simdinet_network *a, size_t n_a, const simdinet_network *b,
                          size_t n_b, simdinet_network *out, size_t capacity);

/* Replaces a by the result of an operation. */
static bool combine(network_array *a, const network_array *b, combine_fn *operation) {
    network_array out = {0};
    size_t n = a->count + b->count + 64;
    do {
        if (!grow((void **)&out.networks, 0, n, &out.capacity, sizeof *out.networks)) {
            free(out.networks);
            log_out_of_memory();
            return false;
        }
        n = operation(a->networks, a->count, b->networks, b->count, out.networks, out.capacity);
    } while (n > out.capacity);
    free(a->networks);
    a->networks = out.networks;
    a->capacity = out.capacity;
    a->count = n;
    return true;
}

/* --intersect and --exclude: each list on its own. */
static bool apply_sources(const options *given, network_source_type type, combine_fn *operation,
                          network_array *list) {
    bool ok = true;
    for (size_t i = 0; i < given->n_sources && ok; i++) {
        network_reader other = {.families = given->scan.families};
        if (given->sources[i].type != type)
            continue;
        ok = read_argument(given, given->sources[i].text, &other);
        if (ok) {
            aggregate(&other.list);
            ok = combine(list, &other.list, operation);
        }
        free(other.list.networks);
    }
    return ok;
}

/* ---- printing --------------------------------------------------------------------------------- */

static bool print_network(output *out, const simdinet_network *network) {
    char *to = output_reserve(out, SIMDINET_NETWORK_TEXT_SIZE + 1);
    if (!to)
        return false;
    to += simdinet_format_network(network, to);
    *to++ = '\n';
    output_commit(out, to);
    return output_end_line(out);
}

/* --split: the parts of a network with a longer prefix, or the network itself. */
static bool print_split(const options *given, output *out, const simdinet_network *network) {
    unsigned length = network->family == 4 ? given->ipv4_prefix : given->ipv6_prefix;
    simdinet_network part;
    if (!given->split || length <= network->prefix_length)
        return print_network(out, network);
    simdinet_make_network(network->address, network->family, length, &part);
    do {
        if (!print_network(out, &part))
            return false;
    } while (simdinet_network_next(&part, &part) && simdinet_network_contains(network, &part));
    return true;
}

static bool print_networks(const options *given, output *out, const network_array *list) {
    for (size_t i = 0; i < list->count; i++)
        if (!print_split(given, out, &list->networks[i]))
            return false;
    return true;
}

static bool print_ranges(output *out, const network_array *list) {
    simdinet_range *ranges = malloc((list->count + 1) * sizeof *ranges);
    bool ok = ranges != NULL;
    if (!ok)
        log_out_of_memory();
    size_t n =
        ok ? simdinet_networks_to_ranges(list->networks, list->count, ranges, list->count) : 0;
    for (size_t i = 0; i < n && ok; i++) {
        char *to = output_reserve(out, SIMDINET_RANGE_TEXT_SIZE + 1);
        ok = to != NULL;
        if (ok) {
            to += simdinet_format_range(&ranges[i], to);
            *to++ = '\n';
            output_commit(out, to);
            ok = output_end_line(out);
        }
    }
    free(ranges);
    return ok;
}

/* A number of up to 160 bits, least significant first: 2^128 + 2^32 addresses exist. */
enum { LIMBS = 5 };

static void add_power_of_two(uint32_t sum[LIMBS], unsigned power) {
    uint64_t carry = UINT64_C(1) << power % 32;
    for (unsigned i = power / 32; carry > 0; i++) {
        carry += sum[i];
        sum[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static bool print_count(output *out, const network_array *list) {
    uint32_t sum[LIMBS] = {0};
    char digits[48], *to = digits + sizeof digits;
    for (size_t i = 0; i < list->count; i++)
        add_power_of_two(sum, (list->networks[i].family == 4 ? 32u : 128u) -
                                  list->networks[i].prefix_length);
    *--to = '\n';
    bool more;
    do {
        uint64_t rest = 0;
        more = false;
        for (unsigned i = LIMBS; i-- > 0;) {
            rest = rest << 32 | sum[i];
            sum[i] = (uint32_t)(rest / 10);
            rest %= 10;
            more |= sum[i] > 0;
        }
        *--to = (char)('0' + rest);
    } while (more);
    return output_write(out, to, (size_t)(digits + sizeof digits - to));
}

static bool print(const options *given, const network_array *list) {
    output out;
    bool ok = output_open(&out, (size_t)64 * 1024, false);
    if (!ok)
        log_out_of_memory();
    ok = ok && (given->count_lines ? print_count(&out, list)
                : given->ranges    ? print_ranges(&out, list)
                                   : print_networks(given, &out, list));
    ok = ok && output_flush(&out);
    output_close(&out);
    return ok;
}

/* ---- the subcommand --------------------------------------------------------------------------- */

static bool check_combination(const options *given) {
    bool combined = given->n_sources > 0 || given->ranges || given->count_lines;
    if (given->sort && combined)
        log_error("--sort cannot be combined with --intersect, --exclude, --ranges or --count");
    else if (given->split && (given->ranges || given->count_lines))
        log_error("--split cannot be combined with --ranges or --count");
    else if (given->ranges && given->count_lines)
        log_error("--ranges cannot be combined with --count");
    else
        return true;
    log_try_help(given->command->name);
    return false;
}

static int run(options *given) {
    network_reader reader = {.families = given->scan.families};
    bool ok = check_combination(given);
    for (int i = 0; i < given->n_operands && ok; i++)
        ok = read_argument(given, given->operands[i], &reader);
    network_array list = reader.list;
    if (ok && given->sort)
        simdinet_sort_networks(list.networks, list.count);
    else if (ok)
        aggregate(&list);
    ok = ok && apply_sources(given, SOURCE_INTERSECT, simdinet_intersect_networks, &list) &&
         apply_sources(given, SOURCE_SUBTRACT, simdinet_subtract_networks, &list) &&
         print(given, &list);
    int status = !ok ? EXIT_TROUBLE : list.count > 0 ? EXIT_FOUND : EXIT_NONE;
    free(list.networks);
    return status;
}

const subcommand command_networks = {
    .id = COMMAND_networks,
    .name = "networks",
    .summary = "aggregate lists of networks (CIDR prefixes) to the fewest",
    .usage = {"[OPTION]... [LIST | NETWORKS]..."},
    .about = "Print the fewest networks that cover the addresses of the LISTs or standard input, "
             "one per line, in address order. An argument that reads as NETWORKS, such as "
             "10.0.0.0/8,private, is not the name of a file.",
    .notes = "LIST - is standard input; compressed data are decompressed. Exit status: 0 if a "
             "network was left, 1 if none was, 2 after an error.",
    .manual =
        "Reads lists of networks as `simdinet-grep`(1) does, and prints the fewest networks that "
        "hold\n"
        "the same addresses: sorted, IPv4 before IPv6, without duplicates, overlaps, and adjacent\n"
        "networks that are one. Labels are left out. A network of IPv4-mapped addresses is one of\n"
        "IPv4. Bits past a prefix length are ignored.\n"
        "\n"
        "An argument that reads as networks is taken as networks; the file `private` is "
        "`./private`.\n"
        "An invalid line is reported with file, line and reason, and nothing is printed unless\n"
        "`--skip-invalid` is given; the exit status is then that of the valid lines.\n"
        "# OPTIONS\n"
        "# EXAMPLES\n"
        "    simdinet networks blocklist-1.txt blocklist-2.txt\n"
        "    simdinet networks 0.0.0.0/0 --exclude private,10.0.0.0/8\n"
        "    simdinet networks --intersect=2000::/3 --ranges routes.txt\n"
        "    simdinet networks --split=/24 192.0.2.0-198.51.100.255\n"
        "    simdinet networks --count blocklist.txt\n"
        "# SEE ALSO\n"
        "`simdinet`(1), `simdinet-grep`(1), `simdinet_network_list`(3)\n",
    .operands = OPERANDS_FILES,
    .run = run,
};
