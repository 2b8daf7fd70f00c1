/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * label_counter.c - an open hash table of indices. A label is copied when it is new.
 */
#include "label_counter.h"

#include "growth.h"

#include <string.h>

struct label_counter {
    label_count *counts;
    size_t n, capacity;
    uint32_t *slots; /* 1 + an index of counts, or 0; a power of two of them, at most half full */
    size_t n_slots;
};

static const size_t FIRST_SLOTS = 256;

label_counter *label_counter_new(void) {
    label_counter *counter = calloc(1, sizeof *counter);
    if (counter && !(counter->slots = calloc(FIRST_SLOTS, sizeof *counter->slots))) {
        free(counter);
        return NULL;
    }
    if (counter)
        counter->n_slots = FIRST_SLOTS;
    return counter;
}

void label_counter_free(label_counter *counter) {
    if (!counter)
        return;
    for (size_t i = 0; i < counter->n; i++)
        free((char *)counter->counts[i].label);
    free(counter->counts);
    free(counter->slots);
    free(counter);
}

/* FNV-1a. */
static uint64_t hash_label(const char *label, size_t len) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)label[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

/* The slot of a label, or the empty one where it belongs. */
static uint32_t *find_slot(const label_counter *counter, const char *label, size_t len) {
    for (size_t i = (size_t)hash_label(label, len);; i++) {
        uint32_t *slot = &counter->slots[i & (counter->n_slots - 1)];
        if (*slot == 0)
            return slot;
        const label_count *entry = &counter->counts[*slot - 1];
        if (entry->len == len && memcmp(entry->label, label, len) == 0)
            return slot;
    }
}

static bool double_slots(label_counter *counter) {
    uint32_t *larger = calloc(2 * counter->n_slots, sizeof *larger);
    if (!larger)
        return false;
    free(counter->slots);
    counter->slots = larger;
    counter->n_slots *= 2;
    for (size_t i = 0; i < counter->n; i++)
        *find_slot(counter, counter->counts[i].label, counter->counts[i].len) = (uint32_t)i + 1;
    return true;
}

bool label_counter_add(label_counter *counter, const char *label, size_t len, uint64_t count) {
    uint32_t *slot = find_slot(counter, label, len);
    if (*slot != 0) {
        counter->counts[*slot - 1].count += count;
        return true;
    }
    char *copy = malloc(len + 1);
    if (!copy || counter->n >= UINT32_MAX / 2 ||
        !grow((void **)&counter->counts, counter->n, 1, &counter->capacity,
              sizeof *counter->counts)) {
        free(copy);
        return false;
    }
    memcpy(copy, label, len);
    copy[len] = '\0';
    counter->counts[counter->n++] = (label_count){copy, len, count};
    *slot = (uint32_t)counter->n;
    /* cppcheck-suppress memleak ; copy is in counts */
    return counter->n <= counter->n_slots / 2 || double_slots(counter);
}

static int compare_labels(const void *left, const void *right) {
    const label_count *a = left, *b = right;
    int order = memcmp(a->label, b->label, a->len < b->len ? a->len : b->len);
    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static int compare_counts(const void *left, const void *right) {
    const label_count *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return compare_labels(left, right);
}

const label_count *label_counter_sort(label_counter *counter, size_t *n) {
    if (counter->n > 0)
        qsort(counter->counts, counter->n, sizeof *counter->counts, compare_counts);
    *n = counter->n;
    return counter->counts;
}

void label_counter_order(label_counter *counter, size_t n) {
    if (n > 0)
        qsort(counter->counts, n, sizeof *counter->counts, compare_labels);
}
