/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_expected.h - the slow reference, with the arguments and the results of simdinet_scan.
 */
#ifndef SCAN_EXPECTED_H
#define SCAN_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>

#include "simdinet.h"

/*
 * The matches that simdinet_scan must store for text[0, len) with the same flags. PARTIAL and
 * REJECTED are ignored. Stores up to capacity matches and returns how many there are.
 */
size_t scan_expected(const char *text, size_t len, unsigned flags, simdinet_match *matches,
                     size_t capacity);

/*
 * The candidates that the rules reject, as SIMDINET_SCAN_REJECTED lists them: in order of their
 * offset, but those of both families. Rejected candidates are a subset of these.
 */
size_t scan_expected_rejected(const char *text, size_t len, unsigned flags, simdinet_match *matches,
                              size_t capacity);

/* Whether all members are equal, with base added to the offset of b. */
bool same_match(const simdinet_match *a, const simdinet_match *b, size_t base);

#endif
