/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_labels.c - a sorted array of the addresses where the network changes.
 *
 * Networks are sorted by their first address, the larger before the smaller, and pass over a stack: its
 * top is the network of the current address. An address has the network of the last change at or before
 * it, which a binary search finds.
 */
#include "network_labels.h"

#include "growth.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    network_range range;
    uint32_t index; /* in the order of addition */
    uint32_t label_len;
    size_t label; /* offset in text */
} label_entry;

/* From an address on, up to the next change; entry NONE: no network. */
typedef struct {
    uint8_t first[16];
    uint32_t entry;
} label_change;

enum { IPV4, IPV6, FAMILIES };
#define NONE UINT32_MAX

struct network_labels {
    label_entry *entries;
    size_t count, capacity;
    char *text;
    size_t text_len, text_capacity;
    label_change *changes[FAMILIES];
    size_t n_changes[FAMILIES];
};

network_labels *network_labels_new(void) {
    return calloc(1, sizeof(network_labels));
}

void network_labels_free(network_labels *labels) {
    if (!labels)
        return;
    free(labels->entries);
    free(labels->text);
    free(labels->changes[IPV4]);
    free(labels->changes[IPV6]);
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

/* ---- classes ---------------------------------------------------------------------------------- */

typedef struct {
    network_labels *labels;
    const char *name;
} class_context;

static bool add_class_range(void *context, const network_range *range) {
    const class_context *to = context;
    return add_entry(to->labels, range, to->name, strlen(to->name));
}

/* Adds 1 to an address. False: it was the last one. */
static bool next_address(uint8_t *address, size_t size) {
    while (size-- > 0)
        if (++address[size] != 0)
            return true;
    return false;
}

static int compare_addresses(const void *a, const void *b) {
    return memcmp(a, b, 16);
}

/* The first addresses of the blocks of a family, and those that follow their last, in order. */
static size_t list_boundaries(unsigned family, uint8_t (*out)[16], size_t capacity) {
    simdinet_class_block block;
    size_t n = 0;
    for (size_t i = 0; n + 2 <= capacity && simdinet_describe_class_block(i, &block); i++) {
        if (block.network.family != family)
            continue;
        simdinet_network_first(&block.network, out[n++]);
        simdinet_network_last(&block.network, out[n]);
        n += next_address(out[n], family == 4 ? 4 : 16);
    }
    qsort(out, n, sizeof *out, compare_addresses);
    return n;
}

/*
 * The class is the same from one boundary to the next. An IPv4-mapped address also has the classes of
 * its IPv4 address, which the ranges of IPv4 stand for.
 */
static bool family_class_ranges(unsigned family, uint32_t classes, range_sink *sink,
                                void *context) {
    enum { BOUNDARIES = 256 };
    uint8_t boundaries[BOUNDARIES][16];
    size_t n = list_boundaries(family, boundaries, BOUNDARIES);
    network_range range = {.ipv6 = family == 6};
    bool inside = false;
    for (size_t i = 0; i <= n; i++) {
        uint32_t found = i < n ? simdinet_classify(boundaries[i], family) : 0;
        if (found & SIMDINET_CLASS_MAPPED)
            found = SIMDINET_CLASS_MAPPED;
        bool in = (found & classes) != 0;
        if (in && !inside)
            memcpy(range.first, boundaries[i], 16);
        if (!in && inside) {
            memset(range.last, 0, 16);
            if (i < n)
                memcpy(range.last, boundaries[i], 16);
            size_t byte = family == 4 ? 4 : 16; /* subtract 1; 0 becomes the last address */
            while (byte-- > 0 && range.last[byte]-- == 0)
                ;
            if (!sink(context, &range))
                return false;
        }
        inside = in;
    }
    return true;
}

bool network_class_ranges(uint32_t classes, range_sink *sink, void *context) {
    return family_class_ranges(4, classes, sink, context) &&
           family_class_ranges(6, classes, sink, context);
}

bool network_labels_add(network_labels *labels, const network_item *item, const char *label,
                        size_t len) {
    class_context context = {.labels = labels};
    if (!item->classes)
        return add_entry(labels, &item->range, label, len);
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
    network_labels *labels;
    int family;
    uint32_t *stack;
    size_t depth;
} label_sweep;

static void put_change(label_sweep *sweep, const uint8_t first[16], uint32_t entry) {
    size_t n = sweep->labels->n_changes[sweep->family];
    label_change *changes = sweep->labels->changes[sweep->family];
    if (n > 0 && memcmp(changes[n - 1].first, first, 16) == 0)
        n--; /* a smaller network starts at the same address */
    memcpy(changes[n].first, first, 16);
    changes[n].entry = entry;
    sweep->labels->n_changes[sweep->family] = n + 1;
}

static const network_range *top_range(const label_sweep *sweep) {
    return &sweep->labels->entries[sweep->stack[sweep->depth - 1]].range;
}

/* Ends the networks that end before an address; NULL: all of them. */
static void end_networks(label_sweep *sweep, const uint8_t *before) {
    while (sweep->depth > 0 && (!before || memcmp(top_range(sweep)->last, before, 16) < 0)) {
        uint8_t end[16], next[16];
        memcpy(end, top_range(sweep)->last, 16);
        /* Those below that end at the same address or before it, too. */
        while (sweep->depth > 0 && memcmp(top_range(sweep)->last, end, 16) <= 0)
            sweep->depth--;
        memcpy(next, end, 16);
        if (next_address(next, sweep->family == IPV4 ? 4 : 16))
            put_change(sweep, next, sweep->depth > 0 ? sweep->stack[sweep->depth - 1] : NONE);
    }
}

static void sweep_family(label_sweep *sweep) {
    network_labels *labels = sweep->labels;
    for (uint32_t i = 0; i < labels->count; i++) {
        const label_entry *entry = &labels->entries[i];
        if (entry->range.ipv6 != (sweep->family == IPV6))
            continue;
        end_networks(sweep, entry->range.first);
        put_change(sweep, entry->range.first, i);
        sweep->stack[sweep->depth++] = i;
    }
    end_networks(sweep, NULL);
}

bool network_labels_build(network_labels *labels) {
    size_t n = labels->count;
    label_sweep sweep = {.labels = labels, .stack = malloc((n + 1) * sizeof *sweep.stack)};
    labels->changes[IPV4] = malloc((2 * n + 1) * sizeof(label_change));
    labels->changes[IPV6] = malloc((2 * n + 1) * sizeof(label_change));
    bool ok = sweep.stack && labels->changes[IPV4] && labels->changes[IPV6];
    if (ok && n > 0)
        qsort(labels->entries, n, sizeof *labels->entries, compare_entries);
    for (sweep.family = IPV4; ok && sweep.family < FAMILIES; sweep.family++)
        sweep_family(&sweep);
    free(sweep.stack);
    return ok;
}

/* ---- lookup ----------------------------------------------------------------------------------- */

static bool find_in_family(const network_labels *labels, int family, const uint8_t address[16],
                           network_label *out) {
    const label_change *changes = labels->changes[family];
    size_t from = 0, to = labels->n_changes[family];
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (memcmp(changes[middle].first, address, 16) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == 0 || changes[from - 1].entry == NONE)
        return false;
    const label_entry *entry = &labels->entries[changes[from - 1].entry];
    *out = (network_label){entry->range, labels->text + entry->label, entry->label_len};
    return true;
}

bool network_labels_find(const network_labels *labels, const uint8_t *address, bool ipv6,
                         network_label *out) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t key[16] = {0};
    if (!ipv6 || memcmp(address, mapped, 12) == 0) {
        memcpy(key, address + (ipv6 ? 12 : 0), 4);
        if (find_in_family(labels, IPV4, key, out))
            return true;
    }
    return ipv6 && find_in_family(labels, IPV6, address, out);
}

size_t network_range_format(const network_range *range, char out[NETWORK_RANGE_TEXT_SIZE]) {
    simdinet_range plain = {.family = range->ipv6 ? 6 : 4};
    simdinet_network network;
    memcpy(plain.first, range->first, 16);
    memcpy(plain.last, range->last, 16);
    if (memcmp(range->first, range->last, 16) == 0)
        return range->ipv6 ? simdinet_format_ipv6(range->first, out)
                           : simdinet_format_ipv4(range->first, out);
    return simdinet_range_to_networks(&plain, &network, 1) == 1
               ? simdinet_format_network(&network, out)
               : simdinet_format_range(&plain, out);
}
