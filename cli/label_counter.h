/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * label_counter.h - sums of counts by label.
 */
#ifndef SIMDINET_LABEL_COUNTER_H
#define SIMDINET_LABEL_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct label_counter label_counter;

typedef struct {
    const char *label; /* a NUL follows */
    size_t len;
    uint64_t count;
} label_count;

/* NULL: out of memory. */
label_counter *label_counter_new(void);
void label_counter_free(label_counter *counter);

/* Adds to the count of a label, any bytes. False: out of memory. */
bool label_counter_add(label_counter *counter, const char *label, size_t len, uint64_t count);

/* The counts, the highest first, equal ones in the order of bytes; valid until label_counter_free. */
const label_count *label_counter_sort(label_counter *counter, size_t *n);

/* Sorts the first n counts by label, in the order of bytes. */
void label_counter_order(label_counter *counter, size_t n);

#endif
