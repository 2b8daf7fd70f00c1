/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The allocation functions that khash.h calls, from the C library. */
#ifndef KALLOC_H
#define KALLOC_H

#include <stdlib.h>

#define kmalloc(pool, size)         malloc(size)
#define kcalloc(pool, n, size)      calloc(n, size)
#define krealloc(pool, block, size) realloc(block, size)
#define kfree(pool, block)          free(block)

#endif
