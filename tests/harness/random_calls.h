/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * random_calls.h - shared by the random comparisons with the C library.
 */
#ifndef SIMDINET_RANDOM_CALLS_H
#define SIMDINET_RANDOM_CALLS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The state of SplitMix64; any 64 bits are a good seed. */
typedef struct {
    uint64_t state;
} random_source;

static inline uint64_t random_bits(random_source *source) {
    uint64_t mixed = source->state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

/* A number below bound. */
static inline size_t random_below(random_source *source, size_t bound) {
    return (size_t)(random_bits(source) % bound);
}

/* The number in the environment, or else in argv[index], or else the default. Exits with 2 for
 * anything but a number. */
static inline uint64_t random_option(int argc, char **argv, int index, const char *variable,
                                     uint64_t fallback) {
    const char *text = getenv(variable);
    char *end;
    if (!text && index < argc)
        text = argv[index];
    if (!text)
        return fallback;
    uint64_t value = strtoull(text, &end, 0);
    if (end == text || *end != '\0') {
        fprintf(stderr, "%s: '%s' is not a number\n", variable, text);
        exit(2);
    }
    return value;
}

#endif
