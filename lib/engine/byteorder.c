/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * byteorder.c - section "byte order": swaps go to the active implementation. To and from network
 * order is a swap on little-endian machines and a copy on big-endian ones.
 */
#include <string.h>

#include "kernels/kernel.h"
#include "simdinet.h"

void simdinet_swap16(void *dst, const void *src, size_t n) {
    simdinet_implementation_active()->swap16(dst, src, n);
}

void simdinet_swap32(void *dst, const void *src, size_t n) {
    simdinet_implementation_active()->swap32(dst, src, n);
}

void simdinet_swap64(void *dst, const void *src, size_t n) {
    simdinet_implementation_active()->swap64(dst, src, n);
}

/* Compilers that do not define __BYTE_ORDER__ have only little-endian targets. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { HOST_IS_BIG_ENDIAN = 1 };
#else
enum { HOST_IS_BIG_ENDIAN = 0 };
#endif

static void swap_to_network(simdinet_swap_fn *swap, void *dst, const void *src, size_t n,
                            size_t size) {
    if (!HOST_IS_BIG_ENDIAN)
        swap(dst, src, n);
    else if (dst != src && n)
        memmove(dst, src, n * size);
}

void simdinet_htons_array(void *dst, const void *src, size_t n) {
    swap_to_network(simdinet_implementation_active()->swap16, dst, src, n, 2);
}

void simdinet_htonl_array(void *dst, const void *src, size_t n) {
    swap_to_network(simdinet_implementation_active()->swap32, dst, src, n, 4);
}

void simdinet_htonll_array(void *dst, const void *src, size_t n) {
    swap_to_network(simdinet_implementation_active()->swap64, dst, src, n, 8);
}

/* Both directions are the same operation. */
void simdinet_ntohs_array(void *dst, const void *src, size_t n) {
    simdinet_htons_array(dst, src, n);
}

void simdinet_ntohl_array(void *dst, const void *src, size_t n) {
    simdinet_htonl_array(dst, src, n);
}

void simdinet_ntohll_array(void *dst, const void *src, size_t n) {
    simdinet_htonll_array(dst, src, n);
}
