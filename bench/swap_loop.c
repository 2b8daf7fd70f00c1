/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Compiled twice, with SWAP_LOOP as the name of the function. */
#include "swap_loop.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

void SWAP_LOOP(void *dst, const void *src, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, (const char *)src + 4 * i, 4);
        x = htonl(x);
        memcpy((char *)dst + 4 * i, &x, 4);
    }
}
