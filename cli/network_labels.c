/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_labels.c - which entry of a list an address belongs to.
 *
 * The ranges of the list pass over a heap in the order of their first addresses. Its top, the smallest, is the range
 * of the current address; one that has ended leaves it when it comes to the top. A change is an address where
 * another range begins to apply. Between two of them lie few networks in most lists, which become a set of the
 * library. Ranges that are not aligned consist of up to 62 networks of IPv4 or 254 of IPv6: for a list of them a
 * binary search of the changes takes the place of the set, in a tenth of the memory.
 */
#include "network_labels.h"

#include "growth.h"
#include "mapped.h"
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

/* From an address on, up to the next change, an entry applies; or NONE. */
typedef struct {
    uint8_t first[16];
    uint32_t entry;
} label_change;

enum { IPV4, IPV6, FAMILIES };

typedef struct {
    label_change *all;
    size_t n, capacity;
} change_array;

struct network_labels {
    label_entry *entries;
    size_t count, capacity;
    char *text;
    size_t text_len, text_capacity;
    bool keep_mapped;
    simdinet_network_set *set;      /* of indices of entries; NULL: search changes */
    change_array changes[FAMILIES]; /* in order */
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
    free(labels->changes[IPV4].all);
    free(labels->changes[IPV6].all);
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

/* ---- changes ---------------------------------------------------------------------------------- */

static int compare_entries(const void *left, const void *right) {
    const label_entry *a = left, *b = right;
    if (a->range.ipv6 != b->range.ipv6)
        return a->range.ipv6 ? 1 : -1;
    int order = memcmp(a->range.first, b->range.first, 16);
    return order != 0 ? order : a->index < b->index ? -1 : 1;
}

typedef struct {
    const label_entry *entries;
    uint32_t *heap; /* of entries: the smallest range, of equal ones the last, is the first */
    size_t n;
    change_array *changes;
} label_sweep;

/* The number of addresses, less one. */
static void range_size(const network_range *range, uint8_t size[16]) {
    unsigned borrow = 0;
    for (size_t i = 16; i-- > 0;) {
        const unsigned difference = range->last[i] - range->first[i] - borrow;
        size[i] = (uint8_t)difference;
        borrow = difference >> 8 & 1;
    }
}

/* Whether entry a applies in place of entry b. */
static bool is_before(const label_sweep *sweep, uint32_t a, uint32_t b) {
    uint8_t size_a[16], size_b[16];
    range_size(&sweep->entries[a].range, size_a);
    range_size(&sweep->entries[b].range, size_b);
    const int order = memcmp(size_a, size_b, 16);
    return order != 0 ? order < 0 : sweep->entries[a].index > sweep->entries[b].index;
}

static void push(label_sweep *sweep, uint32_t entry) {
    size_t at = sweep->n++;
    for (; at > 0 && is_before(sweep, entry, sweep->heap[(at - 1) / 2]); at = (at - 1) / 2)
        sweep->heap[at] = sweep->heap[(at - 1) / 2];
    sweep->heap[at] = entry;
}

static void pop(label_sweep *sweep) {
    const uint32_t entry = sweep->heap[--sweep->n];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < sweep->n) {
        child +=
            child + 1 < sweep->n && is_before(sweep, sweep->heap[child + 1], sweep->heap[child]);
        if (!is_before(sweep, sweep->heap[child], entry))
            break;
        sweep->heap[at] = sweep->heap[child];
        at = child;
    }
    sweep->heap[at] = entry;
}

/* From an address on, the top of the heap applies. */
static bool add_change(label_sweep *sweep, const uint8_t first[16]) {
    const uint32_t entry = sweep->n > 0 ? sweep->heap[0] : NONE;
    change_array *to = sweep->changes;
    if (to->n > 0 && memcmp(to->all[to->n - 1].first, first, 16) == 0)
        to->n--;
    if (to->n > 0 && to->all[to->n - 1].entry == entry)
        return true;
    if (!grow((void **)&to->all, to->n, 1, &to->capacity, sizeof *to->all))
        return false;
    memcpy(to->all[to->n].first, first, 16);
    to->all[to->n++].entry = entry;
    return true;
}

/* Ends the ranges that end before an address; NULL: all of them. */
static bool end_ranges(label_sweep *sweep, const uint8_t *before) {
    while (sweep->n > 0) {
        const network_range *top = &sweep->entries[sweep->heap[0]].range;
        uint8_t next[16];
        if (before && memcmp(top->last, before, 16) >= 0)
            return true;
        memcpy(next, top->last, 16);
        if (!next_address(next, top->ipv6 ? 16 : 4)) {
            sweep->n = 0; /* the others end here, too */
            return true;
        }
        do
            pop(sweep);
        while (sweep->n > 0 && memcmp(sweep->entries[sweep->heap[0]].range.last, next, 16) < 0);
        if (!add_change(sweep, next))
            return false;
    }
    return true;
}

static bool sweep_entries(network_labels *labels, label_sweep *sweep) {
    bool ok = true;
    for (uint32_t i = 0; i < labels->count && ok; i++) {
        const network_range *range = &labels->entries[i].range;
        change_array *changes = &labels->changes[range->ipv6 ? IPV6 : IPV4];
        if (sweep->changes != changes)
            ok = end_ranges(sweep, NULL);
        sweep->changes = changes;
        ok = ok && end_ranges(sweep, range->first);
        push(sweep, i);
        ok = ok && add_change(sweep, range->first);
    }
    return ok && end_ranges(sweep, NULL);
}

/* ---- set -------------------------------------------------------------------------------------- */

/* No more networks are made than FEW, and NETWORKS_PER_CHANGE. */
enum { FEW = 65536, NETWORKS_PER_CHANGE = 4 };

/* Appends the networks of the addresses from change i to the next. */
static bool add_networks(const network_labels *labels, bool ipv6, size_t i, network_array *to) {
    const change_array *changes = &labels->changes[ipv6];
    network_range range = {.ipv6 = ipv6};
    size_t byte = ipv6 ? 16 : 4;
    memcpy(range.first, changes->all[i].first, 16);
    if (i + 1 < changes->n)
        memcpy(range.last, changes->all[i + 1].first, 16);
    while (byte-- > 0 && range.last[byte]-- == 0) /* 0 becomes the last address */
        ;
    return changes->all[i].entry == NONE || network_array_add(to, &range);
}

/* Builds the set, unless it takes too many networks. False: out of memory. */
static bool build_set(network_labels *labels) {
    const size_t changes = labels->changes[IPV4].n + labels->changes[IPV6].n;
    const size_t max = FEW + NETWORKS_PER_CHANGE * changes;
    network_array made = {0};
    uint32_t *values = NULL;
    size_t capacity = 0, n = 0;
    bool ok = true;
    for (unsigned family = 0; family < FAMILIES; family++)
        for (size_t i = 0; i < labels->changes[family].n && ok && n <= max; i++) {
            ok = add_networks(labels, family == IPV6, i, &made) &&
                 grow((void **)&values, n, made.count - n, &capacity, sizeof *values);
            while (ok && n < made.count)
                values[n++] = labels->changes[family].all[i].entry;
        }
    if (ok && n <= max) {
        ok = simdinet_build_network_set(made.networks, values, n, 0, NULL, &labels->set, NULL) ==
             SIMDINET_SET_OK;
        for (unsigned family = 0; family < FAMILIES && ok; family++) {
            free(labels->changes[family].all);
            labels->changes[family] = (change_array){0};
        }
    }
    free(made.networks);
    free(values);
    return ok;
}

bool network_labels_build(network_labels *labels) {
    size_t n = labels->count;
    label_sweep sweep = {.heap = malloc((n + 1) * sizeof *sweep.heap)};
    if (n > 0)
        qsort(labels->entries, n, sizeof *labels->entries, compare_entries);
    sweep.entries = labels->entries;
    const bool ok = sweep.heap && sweep_entries(labels, &sweep);
    free(sweep.heap);
    return ok && build_set(labels);
}

/* ---- lookup ----------------------------------------------------------------------------------- */

static bool find_change(const change_array *changes, const uint8_t *address, size_t size,
                        uint32_t *value) {
    size_t from = 0, n = changes->n;
    *value = NONE;
    for (size_t half; n > 0; n = half) {
        half = n / 2;
        const label_change *change = &changes->all[from + half];
        if (memcmp(change->first, address, size) <= 0) {
            *value = change->entry;
            from += half + 1;
            half = n - half - 1;
        }
    }
    return *value != NONE;
}

static bool find_in_family(const network_labels *labels, const uint8_t *address, bool ipv6,
                           uint32_t *value) {
    return labels->set
               ? simdinet_network_set_lookup(labels->set, address, ipv6 ? 6 : 4, value, NULL)
               : find_change(&labels->changes[ipv6], address, ipv6 ? 16 : 4, value);
}

bool network_labels_find(const network_labels *labels, const uint8_t *address, bool ipv6,
                         network_label *out) {
    uint32_t value = 0;
    bool found = false;
    if (!ipv6 || (!labels->keep_mapped && is_mapped(address)))
        found = find_in_family(labels, address + (ipv6 ? 12 : 0), false, &value);
    if (!found && ipv6)
        found = find_in_family(labels, address, true, &value);
    if (!found)
        return false;
    const label_entry *entry = &labels->entries[value];
    *out = (network_label){entry->range, labels->text + entry->label, entry->label_len};
    return true;
}
