/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_labels.c - a set of disjoint networks, each with an entry of the list for a value.
 *
 * The ranges of the list are sorted by their first address, the larger before the smaller, and pass over a
 * stack: its top is the range of the current address. What lies between two changes of the top becomes
 * networks of the set.
 */
#include "network_labels.h"

#include "growth.h"
#include "simdinet_network_set.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    network_range range;
    uint32_t index; /* in the order of addition */
    uint32_t label_len;
    size_t label; /* offset in text */
} label_entry;

#define NONE UINT32_MAX

struct network_labels {
    label_entry *entries;
    size_t count, capacity;
    char *text;
    size_t text_len, text_capacity;
    bool keep_mapped;
    simdinet_network_set *set; /* of indices of entries */
};

network_labels *network_labels_new(void) {
    return calloc(1, sizeof(network_labels));
}

void network_labels_keep_mapped(network_labels *labels) {
    labels->keep_mapped = true;
}

void network_labels_free(network_labels *labels) {
    if (!labels)
        return;
    free(labels->entries);
    free(labels->text);
    simdinet_free_network_set(labels->set);
    free(labels);
}

static bool add_entry(network_labels *labels, const network_range *range, const char *label,
                      size_t len) {
    if (labels->count >= NONE || len > UINT32_MAX ||
        !grow((void **)&labels->entries, labels->count, 1, &labels->capacity,
              sizeof *labels->entries) ||
        !grow((void **)&labels->text, labels->text_len, len, &labels->text_capacity, 1))
        return false;
    labels->entries[labels->count] = (label_entry){.range = *range,
                                                   .index = (uint32_t)labels->count,
                                                   .label_len = (uint32_t)len,
                                                   .label = labels->text_len};
    labels->count++;
    memcpy(labels->text + labels->text_len, label, len);
    labels->text_len += len;
    return true;
}

typedef struct {
    network_labels *labels;
    const char *name;
} class_context;

static bool add_class_range(void *context, const network_range *range) {
    const class_context *to = context;
    return add_entry(to->labels, range, to->name, strlen(to->name));
}

bool network_labels_add(network_labels *labels, const network_item *item, const char *label,
                        size_t len) {
    class_context context = {.labels = labels};
    const network_range range = labels->keep_mapped ? network_remap(item) : item->range;
    if (!item->classes)
        return add_entry(labels, &range, label, len);
    context.name = simdinet_class_name(item->classes);
    return network_class_ranges(item->classes, add_class_range, &context);
}

/* ---- index ------------------------------------------------------------------------------------ */

static int compare_entries(const void *left, const void *right) {
    const label_entry *a = left, *b = right;
    if (a->range.ipv6 != b->range.ipv6)
        return a->range.ipv6 ? 1 : -1;
    int order = memcmp(a->range.first, b->range.first, 16);
    if (order == 0)
        order = memcmp(b->range.last, a->range.last, 16);
    return order != 0 ? order : a->index < b->index ? -1 : 1;
}

typedef struct {
    const label_entry *entries;
    uint32_t *stack; /* ranges that hold the current address, the top is the smallest */
    size_t depth;
    uint8_t from[16]; /* the networks of addresses before it are made */
    network_array made;
    uint32_t *values; /* of made */
    size_t values_capacity;
} label_sweep;

static const network_range *top_range(const label_sweep *sweep) {
    return &sweep->entries[sweep->stack[sweep->depth - 1]].range;
}

/* Makes the networks of [from, last], which belong to the top. */
static bool make_networks(label_sweep *sweep, const uint8_t last[16]) {
    network_range range = {.ipv6 = top_range(sweep)->ipv6};
    size_t n = sweep->made.count;
    memcpy(range.first, sweep->from, 16);
    memcpy(range.last, last, 16);
    if (!network_array_add(&sweep->made, &range) ||
        !grow((void **)&sweep->values, n, sweep->made.count - n, &sweep->values_capacity,
              sizeof *sweep->values))
        return false;
    while (n < sweep->made.count)
        sweep->values[n++] = sweep->stack[sweep->depth - 1];
    return true;
}

/* Ends the ranges that end before an address; NULL: all of them. */
static bool end_ranges(label_sweep *sweep, const uint8_t *before) {
    while (sweep->depth > 0 && (!before || memcmp(top_range(sweep)->last, before, 16) < 0)) {
        const network_range *top = top_range(sweep);
        /* One below the top that ended first has no addresses left. */
        if (memcmp(sweep->from, top->last, 16) <= 0) {
            if (!make_networks(sweep, top->last))
                return false;
            memcpy(sweep->from, top->last, 16);
            if (!next_address(sweep->from, top->ipv6 ? 16 : 4)) {
                sweep->depth = 0; /* the others end here, too */
                return true;
            }
        }
        sweep->depth--;
    }
    return true;
}

/* Starts a range: the addresses before it are those of the top. */
static bool start_range(label_sweep *sweep, uint32_t entry) {
    const network_range *range = &sweep->entries[entry].range;
    if (sweep->depth > 0 && memcmp(sweep->from, range->first, 16) < 0) {
        uint8_t last[16];
        size_t byte = range->ipv6 ? 16 : 4;
        memcpy(last, range->first, 16);
        while (byte-- > 0 && last[byte]-- == 0)
            ;
        if (!make_networks(sweep, last))
            return false;
    }
    memcpy(sweep->from, range->first, 16);
    sweep->stack[sweep->depth++] = entry;
    return true;
}

static bool sweep_entries(label_sweep *sweep, size_t n) {
    bool ok = true;
    for (uint32_t i = 0; i < n && ok; i++) {
        const network_range *range = &sweep->entries[i].range;
        const bool next_family = i > 0 && sweep->entries[i - 1].range.ipv6 != range->ipv6;
        ok = end_ranges(sweep, next_family ? NULL : range->first) && start_range(sweep, i);
    }
    return ok && end_ranges(sweep, NULL);
}

bool network_labels_build(network_labels *labels) {
    size_t n = labels->count;
    label_sweep sweep = {.stack = malloc((n + 1) * sizeof *sweep.stack)};
    if (n > 0)
        qsort(labels->entries, n, sizeof *labels->entries, compare_entries);
    sweep.entries = labels->entries;
    bool ok = sweep.stack && sweep_entries(&sweep, n) &&
              simdinet_build_network_set(sweep.made.networks, sweep.values, sweep.made.count, 0,
                                         NULL, &labels->set, NULL) == SIMDINET_SET_OK;
    free(sweep.stack);
    free(sweep.made.networks);
    free(sweep.values);
    return ok;
}

/* ---- lookup ----------------------------------------------------------------------------------- */

bool network_labels_find(const network_labels *labels, const uint8_t *address, bool ipv6,
                         network_label *out) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint32_t value = 0;
    bool found = false;
    if (!ipv6 || (!labels->keep_mapped && memcmp(address, mapped, 12) == 0))
        found =
            simdinet_network_set_lookup(labels->set, address + (ipv6 ? 12 : 0), 4, &value, NULL);
    if (!found && ipv6)
        found = simdinet_network_set_lookup(labels->set, address, 6, &value, NULL);
    if (!found)
        return false;
    const label_entry *entry = &labels->entries[value];
    *out = (network_label){entry->range, labels->text + entry->label, entry->label_len};
    return true;
}
