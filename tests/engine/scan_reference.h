/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_reference.h - docs/scan.md as slow, obvious code, for tests to compare simdinet_scan with.
 */
#ifndef SCAN_REFERENCE_H
#define SCAN_REFERENCE_H

#include <stddef.h>

#include "simdinet.h"

/*
 * Finds the addresses in text[0, len), a whole text, in order. flags are those of simdinet_scan;
 * SIMDINET_SCAN_PARTIAL means nothing here. Stores the first capacity matches and returns how many
 * there are in all. Work is linear in len, and no byte outside the text is read.
 */
size_t scan_reference(const char *text, size_t len, unsigned flags, simdinet_match *matches,
                      size_t capacity);

#endif
