/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * scan_random.h - random texts for the scan, and the comparison of what it finds in them.
 */
#ifndef SCAN_RANDOM_H
#define SCAN_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "simdinet.h"

/* Runs body with each supported implementation active. */
void with_each_implementation(void (*body)(const char *impl));

/* As repetitions, but so many in brief. */
size_t repetitions_or(size_t usual, size_t briefly);

/* The seed of the functions below. */
extern uint64_t random_state;

size_t random_below(size_t bound);

/* Bytes that the rules name, with addresses and neighbours of every rule among them. Returns size. */
size_t hostile_text(char *text, size_t size);

/* None to three flags of simdinet_scan. */
unsigned random_flags(void);

/* The bytes before the start of a scan that it depends on, and those that it may leave at the end. */
size_t context_of(unsigned flags);

/* Where a text came from, and how it was scanned. */
typedef struct origin {
    const char *impl;
    size_t round;
    unsigned flags;
    const char *text;
    size_t len;
} origin;

/* Writes match i of n for a message. */
void describe_match(char to[160], const simdinet_match *matches, size_t n, size_t i);

/* Fails unless found are those of expected that begin at start or after it. */
void check_matches(const origin *from, size_t start, const simdinet_match *expected,
                   size_t expected_n, const simdinet_match *found, size_t found_n);

/* Scans a text, compares with the reference, and returns the number of matches. */
size_t check_text(const origin *from, simdinet_match *wanted, simdinet_match *got, size_t capacity);

#endif
