/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * prng.h - SplitMix64: seeded random numbers, the same on every machine.
 */
#ifndef PRNG_H
#define PRNG_H

#include <stdint.h>

/* Any 64 bits are a good seed. */
typedef struct prng {
    uint64_t state;
} prng;

static inline uint64_t prng_next(prng *random) {
    uint64_t x = random->state += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* 0 to bound - 1 */
static inline unsigned prng_below(prng *random, unsigned bound) {
    return (unsigned)((prng_next(random) >> 32) * bound >> 32);
}

#endif
