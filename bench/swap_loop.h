/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * swap_loop.h - the loop over 32-bit numbers that everyone writes, compiled twice: one number a turn,
 * as -O2 meant for decades, and with all that the compiler makes of it at -O3.
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
