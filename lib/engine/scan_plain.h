/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_plain.h - the scan of a text as it is written: simdinet_scan without SIMDINET_SCAN_DEFANGED.
 */
#ifndef SIMDINET_SCAN_PLAIN_H
#define SIMDINET_SCAN_PLAIN_H

#include "simdinet.h"

/* The contract is that of simdinet_scan; SIMDINET_SCAN_DEFANGED is ignored. */
size_t simdinet_scan_plain(const char *text, size_t start, size_t len, unsigned flags,
                           simdinet_match *matches, size_t match_size, size_t capacity, size_t *n);

#endif
