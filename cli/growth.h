/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * growth.h - arrays that grow.
 */
#ifndef SIMDINET_GROWTH_H
#define SIMDINET_GROWTH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* gcc 12's -fanalyzer loses the block that *array pointed to. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* Makes room for more elements of a size past the first count. False: out of memory, nothing changed. */
static inline bool grow(void **array, size_t count, size_t more, size_t *capacity, size_t size) {
    size_t needed = count + more;
    if (needed <= *capacity && *array)
        return true;
    size_t larger = *capacity > SIZE_MAX / 2 / size ? SIZE_MAX / size : 2 * *capacity;
    if (larger < needed)
        larger = needed;
    if (larger < 64)
        larger = 64;
    void *grown =
        needed < count || larger > SIZE_MAX / size ? NULL : realloc(*array, larger * size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = larger;
    return true;
}

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#    pragma GCC diagnostic pop
#endif

#endif
