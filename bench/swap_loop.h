/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * swap_loop.h - the plain loop over 32-bit numbers, compiled twice: scalar, as by gcc -O2 before 12, and
 * vectorised at -O3.
 */
#ifndef BENCH_SWAP_LOOP_H
#define BENCH_SWAP_LOOP_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void swap_loop_o2(void *dst, const void *src, size_t n);
void swap_loop_o3(void *dst, const void *src, size_t n);

#ifdef __cplusplus
}
#endif

#endif
