/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * random_calls.h - shared by the random comparisons with the C library.
 */
#ifndef SIMDINET_RANDOM_CALLS_H
#define SIMDINET_RANDOM_CALLS_H

#include "prng.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* A number below bound, which may exceed 32 bits. */
static inline size_t random_below(prng *source, size_t bound) {
    return (size_t)(prng_next(source) % bound);
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
