/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network_options.h"

#include "log.h"
#include "network_list.h"

#include <stdlib.h>

typedef struct {
    network_set *set;
    network_labels *labels; /* or NULL */
} source_context;

static bool add_item(void *context, const network_item *item, const char *label, size_t label_len) {
    const source_context *to = context;
    if (network_set_add(to->set, item) &&
        (!to->labels || network_labels_add(to->labels, item, label, label_len)))
        return true;
    log_out_of_memory();
    return false;
}

/* The member of the filter that a source is for. */
static const network_set **set_of(options *given, network_source_type type) {
    switch (type) {
    case SOURCE_ONLY:
        return &given->filter.only;
    case SOURCE_EXCLUDED:
        return &given->filter.excluded;
    default:
        return &given->filter.searched;
    }
}

static bool load_source(options *given, const network_source *source) {
    const network_set **member = set_of(given, source->type);
    if (!*member && !(*member = network_set_new())) {
        log_out_of_memory();
        return false;
    }
    if (given->mapped)
        network_set_keep_mapped((network_set *)*member);
    source_context context = {(network_set *)*member,
                              source->type == SOURCE_EXCLUDED ? NULL : given->labels.networks};
    return source->type == SOURCE_FILE
               ? network_read_file(source->text, given->skip_invalid, add_item, &context)
               : network_read_argument(source->text, add_item, &context);
}

static bool build(const network_set *set) {
    return !set || network_set_build((network_set *)set);
}

/* Labels come from the networks that select addresses, or from a database. */
static bool check_labels(const options *given) {
    bool selects = false;
    for (size_t i = 0; i < given->n_sources; i++)
        selects |= given->sources[i].type != SOURCE_EXCLUDED;
    if (given->database && !given->label)
        log_error("--mmdb needs %s", given->command->id == COMMAND_grep    ? "--label"
                                     : given->command->id == COMMAND_count ? "--by-label"
                                                                           : "--with=label");
    else if (given->database_field && !given->database)
        log_error("--field needs --mmdb");
    else if (given->label && !selects && !given->database)
        log_error("labels need networks with labels, -e, -f or --only, or a database, --mmdb");
    else if (given->label && given->invert)
        log_error("--label cannot be combined with --invert-match");
    else if (given->label && (given->ipv4_prefix < 32 || given->ipv6_prefix < 128))
        log_error("--by-label cannot be combined with --by");
    else
        return true;
    log_try_help(given->command->name);
    return false;
}

/* False: logged. */
static bool open_labels(options *given) {
    if (given->database) {
        given->labels.database = label_database_open(given->database, given->database_field);
        return given->labels.database != NULL;
    }
    given->labels.networks = network_labels_new();
    if (!given->labels.networks)
        log_out_of_memory();
    else if (given->mapped)
        network_labels_keep_mapped(given->labels.networks);
    return given->labels.networks != NULL;
}

/*
 * What the filter cannot accept need not be found: a scan for IPv6 alone takes half the time. Statistics count
 * all addresses, and rejected ones are not filtered.
 */
static void restrict_families(options *given) {
    const address_filter *filter = &given->filter;
    const command_id id = given->command->id;
    unsigned families = SIMDINET_SCAN_IPV4 | SIMDINET_SCAN_IPV6;
    if (id != COMMAND_count && id != COMMAND_extract && id != COMMAND_grep)
        return;
    if (given->scan.families || given->scan.stats || given->scan.rejected)
        return;
    if (filter->family == 6)
        families &= SIMDINET_SCAN_IPV6;
    if (filter->searched)
        families &= network_set_families(filter->searched);
    if (filter->only)
        families &= network_set_families(filter->only);
    if (families == SIMDINET_SCAN_IPV4 || families == SIMDINET_SCAN_IPV6)
        given->scan.families = families;
}

bool network_options_load(options *given) {
    if (!check_labels(given))
        return false;
    if (given->label && !open_labels(given))
        return false;
    for (size_t i = 0; i < given->n_sources; i++)
        if (given->sources[i].type <= SOURCE_EXCLUDED && !load_source(given, &given->sources[i]))
            return false;
    if (build(given->filter.searched) && build(given->filter.only) &&
        build(given->filter.excluded) &&
        (!given->labels.networks || network_labels_build(given->labels.networks))) {
        restrict_families(given);
        return true;
    }
    log_out_of_memory();
    return false;
}

void network_options_free(options *given) {
    network_set_free((network_set *)given->filter.searched);
    network_set_free((network_set *)given->filter.only);
    network_set_free((network_set *)given->filter.excluded);
    network_labels_free(given->labels.networks);
    label_database_close(given->labels.database);
    free(given->sources);
}
