/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * label_printer.h - prints counts of addresses summed by label.
 */
#ifndef SIMDINET_LABEL_PRINTER_H
#define SIMDINET_LABEL_PRINTER_H

#include "address_counter.h"
#include "label_source.h"
#include "output.h"

/* Prints the max most frequent labels of n counts, as text or JSON. False: a write failed, or out of memory, logged. */
bool print_label_counts(output *out, const label_source *labels, bool json,
                        const address_count *counts, size_t n, uint64_t max);

#endif
